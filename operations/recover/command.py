"""`python -m operations recover`: after a lost answer or a killed run, so that `up` gives a clean run's result.

Objects that the vendors made and the stack never heard of are imported; those whose value was shown only once are
deleted, because nobody has it; a second object that `up` has made beside the first one is deleted again. The stack's
own objects are not touched, and nothing that holds data is ever deleted.
"""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from operations.recover.engine import Engine, Import
from operations.recover.kinds import KINDS, Way
from operations.recover.orphans import LEFT_TO_PEOPLE, Step, orphans
from operations.recover.vendors import VendorRefusedError, Vendors
from operations.stacks import CommandError

if TYPE_CHECKING:
    from collections.abc import Sequence, Set

    from operations.recover.engine import Plan, State
    from operations.recover.kinds import Kind
    from operations.recover.orphans import Orphan, Resource

DONE, PEOPLE_MUST_ACT, REFUSED, INTERRUPTED = 0, 1, 2, 130
LOOK = "See whether the failed run made it: then import it (docs/RUNBOOK.md says how), else go on with `up`."
UNLIKE = (
    "`up` would replace it, and so delete what is in it: it was made with other settings. To keep it, undo the "
    "setting; where it is not this stack's, `pulumi state delete '{urn}' --stack {stack}`, and give this stack's "
    "another name."
)
GONE = "its vendor no longer has it, and `up` would make an empty one (docs/RUNBOOK.md, What holds data is gone)."


def main(arguments: Sequence[str]) -> int:
    """Exit code 0: `up` can go on; 1: somebody must do something first; 2: refused, or the vendors don't answer."""
    options = _parser().parse_args(arguments)
    engine = Engine(options.pulumi, options.project.resolve(), options.stack, options.config_file)
    try:
        return Recovery(engine, Vendors(os.environ)).run(only_say=not options.yes)
    except CommandError as error:
        print(error, file=sys.stderr)
        return REFUSED
    except KeyboardInterrupt:
        print("Interrupted. What was done is done; run it again for the rest.", file=sys.stderr)
        return INTERRUPTED


@dataclass
class Recovery:
    """One run of the command: what it found, took in, and was refused."""

    engine: Engine
    vendors: Vendors
    taken_in: set[str] = field(default_factory=set)
    kept: dict[tuple[str, str], str] = field(default_factory=dict)  # what a vendor does not delete, and its answer
    found_any: bool = False

    def run(self, *, only_say: bool) -> int:
        """Rounds of looking and doing, until there is nothing to do: what hangs on a lost object is found after it."""
        state = self.engine.state()
        elsewhere, had = self.engine.elsewhere(state), {each.urn for each in state.resources}
        before: set[tuple[Step | str, ...]] = set()
        while True:
            plan = self.engine.plan()
            met = list(
                orphans(state.resources, plan.creates, self._listed, replacing=plan.replaces, elsewhere=elsewhere)
            )
            left = [each for each in met if each.step in LEFT_TO_PEOPLE or _key(each) in self.kept]
            found = [each for each in met if each not in left]
            for each in found:
                self._say(each)
            pending = state.pending_creates | state.pending_others
            self.found_any |= bool(found or pending)
            if only_say and (found or pending):
                for urn in sorted(pending):
                    print(f"{urn.rsplit('::', 1)[-1]}: a run was cut off while it worked on this")
                print("Nothing was done. --yes does it; what hangs on these is found after them.")
                return PEOPLE_MUST_ACT
            if not found and not pending:
                return self._verdict(plan, left, had)
            to_do = {(*_key(each), each.step) for each in found} | {(urn,) for urn in pending}
            if to_do <= before:
                raise CommandError("The same is found again after it was done. See above what repeats.")
            before |= to_do
            self._apply(state, plan, found)
            state = self.engine.state()

    def _listed(self, kind: Kind, path: str) -> list[dict[str, object]]:
        return self.vendors.listed(kind.vendor, path, kind.items)

    def _say(self, orphan: Orphan) -> None:
        refused = self.kept.get(_key(orphan))
        why = f". {refused} Something uses it: if that is the stack's, `up`, then this again" if refused else ""
        print(f"{orphan.kind.label} {orphan.id} ({orphan.resource.name}): {orphan.step}{why}", flush=True)

    def _apply(self, state: State, plan: Plan, found: Sequence[Orphan]) -> None:
        for orphan in found:
            if orphan.step is not Step.IMPORT:
                self._delete(orphan)
        imports = [Import(each.resource, each.import_id) for each in found if each.step is Step.IMPORT]
        if imports:
            self.engine.take_in(imports, state, plan)
        if state.pending_creates or state.pending_others:
            self.engine.settle()
        self.taken_in |= {each.resource.urn for each in imports}
        self.vendors.forget()

    def _delete(self, orphan: Orphan) -> None:
        """A vendor that does not let go of one, such as a monitor that somebody's pool uses, stops nothing else."""
        try:
            self.vendors.delete(orphan.kind.vendor, orphan.delete_path, orphan.delete_body)
        except VendorRefusedError as refused:
            self.kept[_key(orphan)] = str(refused)

    def _verdict(self, plan: Plan, left: Sequence[Orphan], had: Set[str]) -> int:
        """What is left for people: what stops the preview, what can't be looked for, what is not deleted for them."""
        unsought = [each for each in plan.creates if _is_unsought(each.type)]
        unlike = [each for each in plan.replaces if each.urn in self.taken_in or _holds_data(each)]
        gone = [each for each in plan.creates if each.urn in had and _holds_data(each)]
        for each in left:
            self._say(each)
        for resource in unlike:
            print(f"{resource.type} {resource.name}: {UNLIKE.format(urn=resource.urn, stack=self.engine.stack)}")
        for resource in gone:
            print(f"{KINDS[resource.type].label} {resource.name}: {GONE}")
        for resource in unsought:
            print(f"{resource.type} {resource.name}: not looked for, no list says whose it is. {LOOK}")
        if plan.errors:
            why = "" if left or unlike or gone else ", and not because of anything lost"
            print(f"The preview stops{why}:", *plan.errors, sep="\n  ", file=sys.stderr)
        if plan.errors or unsought or left or unlike or gone:
            return PEOPLE_MUST_ACT
        print("Recovered. `up` does the rest." if self.found_any else "Nothing is lost.")
        return DONE


def _key(orphan: Orphan) -> tuple[str, str]:
    return orphan.kind.type, orphan.id


def _holds_data(resource: Resource) -> bool:
    return resource.type in KINDS and KINDS[resource.type].holds_data


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
