"""`python -m operations recover`: after a lost answer or a killed run, so that `up` gives a clean run's result.

Objects that the vendors made and the stack never heard of are imported; those whose value was shown only once are
deleted, because nobody has it; a second object that `up` has made beside the first one is deleted again. The stack's
own objects are not touched, and nothing that holds data is ever deleted.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from operations.recover.engine import Engine, Import
from operations.recover.kinds import KINDS, Way
from operations.recover.orphans import Step, orphans
from operations.recover.vendors import Vendors
from operations.stacks import CommandError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from operations.recover.engine import Plan, State
    from operations.recover.kinds import Kind
    from operations.recover.orphans import Orphan

DONE, PEOPLE_MUST_ACT, REFUSED = 0, 1, 2
LOOK = "See whether the failed run made it: then import it (docs/RUNBOOK.md says how), else go on with `up`."
MOST_ROUNDS = 30
"""What hangs on a lost object is found in the round after it: far more than the longest chain of resources."""


def main(arguments: Sequence[str]) -> int:
    """Exit code 0: `up` can go on; 1: somebody must do something first; 2: refused, or the vendors don't answer."""
    options = _parser().parse_args(arguments)
    engine = Engine(options.pulumi, options.project.resolve(), options.stack, options.config_file)
    try:
        return _recover(engine, Vendors(os.environ), only_say=not options.yes)
    except CommandError as error:
        print(error, file=sys.stderr)
        return REFUSED


def _recover(engine: Engine, vendors: Vendors, *, only_say: bool) -> int:
    found_any = False
    for _ in range(MOST_ROUNDS):
        state, plan = engine.state(), engine.plan()
        met = list(orphans(state.resources, plan.creates, lambda kind, path: _listed(vendors, kind, path)))
        found = [each for each in met if each.step is not Step.LEAVE_TWIN]
        for each in found:
            _say(each)
        found_any |= bool(found)
        pending = bool(state.pending_creates or state.pending_others)
        if only_say and (found or pending):
            print("Nothing was done. --yes does it; what hangs on these is found after them.")
            return PEOPLE_MUST_ACT
        if not found and not pending:
            return _verdict(plan, [each for each in met if each not in found], found_any=found_any)
        _apply(engine, vendors, state, found)
    raise CommandError(f"After {MOST_ROUNDS} rounds there was still more to recover. Look at what repeats above.")


def _say(orphan: Orphan) -> None:
    print(f"{orphan.kind.label} {orphan.id} ({orphan.resource.name}): {orphan.step}", flush=True)


def _listed(vendors: Vendors, kind: Kind, path: str) -> list[dict[str, object]]:
    return vendors.listed(kind.vendor, path, kind.items)


def _apply(engine: Engine, vendors: Vendors, state: State, found: Sequence[Orphan]) -> None:
    for orphan in found:
        if orphan.step is not Step.IMPORT:
            vendors.delete(orphan.kind.vendor, orphan.delete_path, orphan.delete_body)
    imports = [Import(each.resource, each.import_id) for each in found if each.step is Step.IMPORT]
    if state.pending_creates or state.pending_others:
        engine.settle([each for each in imports if each.resource.urn in state.pending_creates])
    lost = [each for each in imports if each.resource.urn not in state.pending_creates]
    if lost:
        engine.take_in(lost)
    vendors.forget()


def _verdict(plan: Plan, left: Sequence[Orphan], *, found_any: bool) -> int:
    """What is left for people: what stops the preview, what can't be looked for, what is not deleted for them."""
    unsought = [each for each in plan.creates if _is_unsought(each.type)]
    for each in left:
        _say(each)
    for resource in unsought:
        print(f"{resource.type} {resource.name}: not looked for, no list says whose it is. {LOOK}")
    if plan.errors:
        print("The preview stops, and not because of anything lost:", *plan.errors, sep="\n  ", file=sys.stderr)
    if plan.errors or unsought or left:
        return PEOPLE_MUST_ACT
    print("Recovered. `up` does the rest." if found_any else "Nothing is lost.")
    return DONE


def _is_unsought(type_: str) -> bool:
    kind = KINDS.get(type_)
    return (kind is None or kind.way is Way.BY_HAND) and not type_.startswith("pulumi:")


def _absolute(text: str) -> Path:
    return Path(text).absolute()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m operations recover",
        description=main.__doc__,
        epilog=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--stack", required=True, help="the stack, such as prod")
    parser.add_argument("--project", type=Path, default=Path(), help="the Pulumi project's folder (default here)")
    parser.add_argument(
        "--config-file", type=_absolute, help="the stack file, where the CLI would not find it by itself"
    )
    parser.add_argument("--pulumi", default="pulumi", help="the Pulumi CLI (default the one on PATH)")
    parser.add_argument("--yes", action="store_true", help="do it; without, only say what would be done first")
    return parser
