"""`python -m operations rotate`: moves each secret that is due by one generation, in the stack file.

Nothing else happens here: the change is reviewed, and `pulumi up` makes it so.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from operations import moves
from operations.arguments import add_today
from operations.stack_file import with_generations
from operations.stacks import CommandError, read_stack, stack_file
from settings import SettingsError
from settings.contract import AppName
from settings.rotation import ROTATING, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from operations.moves import Move
    from settings import Secrets

_HOW = "`pulumi stack output --json > outputs.json`, then --outputs outputs.json"
NOTHING_TO_DO, PEOPLE_MUST_ACT, REFUSED = 0, 1, 2


def main(arguments: Sequence[str]) -> int:
    """Exit code 0: done, or nothing to do; 1: somebody must do something first; 2: refused, nothing was changed."""
    options = _parser().parse_args(arguments)
    try:
        path = stack_file(options.project, options.stack)
        found = rotate(path, options)
    except (CommandError, SettingsError) as error:
        print(error, file=sys.stderr)
        return REFUSED
    text = _report(options.stack, found)
    print(text)
    if options.summary and any(move.live for move in found):
        options.summary.write_text(f"{text}\n", encoding="utf-8")
    return PEOPLE_MUST_ACT if any(move.outcome.needs_a_person for move in found) else NOTHING_TO_DO


def rotate(path: Path, options: argparse.Namespace) -> list[Move]:
    """Make the moves that the options ask for, and write them into the stack file.

    Raises:
        CommandError: The day can't be, or the file can't be changed.
        SettingsError: The stack file can't be used as it is.
    """
    secrets = read_stack(path).secrets
    youngest = moves.latest_day(secrets)
    if options.today < youngest:
        raise CommandError(
            f"Today is {options.today}, and a generation in {path.name} started on {youngest}: one of them is wrong. "
            "Set the clock right, or give the day with --today."
        )
    found = list(_asked_for(secrets, options))
    changes = {move.name: move.live for move in found if move.live}
    if changes:
        _write(path, with_generations(path.read_text(encoding="utf-8"), changes))
    return found


def _asked_for(secrets: Secrets, options: argparse.Namespace) -> Iterable[Move]:
    if options.redeployed:
        delivered = _delivered(options.outputs)
        for app in dict.fromkeys(options.redeployed):
            recorded = list(moves.redeployed(secrets, app, delivered))
            yield from recorded
            secrets = _after(secrets, recorded)
    elif options.done:
        yield from moves.done(secrets, dict.fromkeys(options.done), options.today)
    elif options.now:
        yield from moves.now(secrets, dict.fromkeys(options.now), options.today)
    else:
        yield from moves.due(secrets, options.today)


def _delivered(outputs: Path | None) -> dict[str, int]:
    """Which generation of each secret the last successful `up` left in Doppler."""
    if outputs is None:
        raise CommandError(f"--redeployed needs --outputs, to know what the last `up` delivered: {_HOW}.")
    try:
        generations = json.loads(outputs.read_text(encoding="utf-8"))["generations"]
        return {str(name): int(number) for name, number in generations.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise CommandError(f"{outputs} does not hold a stack's outputs with its generations: {_HOW}.") from None


def _after(secrets: Secrets, made: Iterable[Move]) -> Secrets:
    rotation = {**secrets.rotation, **{move.name: move.live for move in made if move.live}}
    return secrets.model_copy(update={"rotation": rotation})


def _write(path: Path, text: str) -> None:
    """Write a stack file only if it can be read back, and then all of it or nothing."""
    new = path.with_suffix(".new.yaml")
    new.write_text(text, encoding="utf-8")
    try:
        read_stack(new)
        os.replace(new, path)  # noqa: PTH105 - Path.replace says less of what it does: one rename, no half a file
    finally:
        new.unlink(missing_ok=True)


def _report(stack: str, found: Sequence[Move]) -> str:
    if not found:
        return f"{stack}: nothing to do."
    lines = [f"- **{move.name}** {move.outcome}: {move.says}." for move in found]
    return "\n".join([f"{stack}: {len(found)} of {len(ROTATING)} secrets.", "", *lines]).replace("STACK", stack)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m operations rotate", description=main.__doc__)
    parser.add_argument("--stack", required=True, help="the stack, such as prod")
    parser.add_argument("--project", type=Path, default=Path(), help="the folder of the stack file (default here)")
    add_today(parser)
    parser.add_argument("--summary", type=Path, help="write what changed to this file too, as Markdown")
    parser.add_argument("--outputs", type=Path, help="the stack's outputs as JSON, for --redeployed")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--now", action="append", choices=sorted(ROTATING), help="move this one, due or not: it leaked")
    what.add_argument(
        "--redeployed",
        action="append",
        type=AppName,
        choices=list(AppName),
        help="record that this app was started after the last `up`",
    )
    what.add_argument(
        "--done",
        action="append",
        choices=sorted(name for name, each in ROTATING.items() if each.kind is Kind.VENDOR),
        help="record that a person has rotated this one at its vendor",
    )
    return parser
