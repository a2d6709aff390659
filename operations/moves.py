"""Which move each secret makes on a day: pure functions of the stack's settings and the date.

A secret makes one move at a time, and each is a change of the stack file that is reviewed and deployed before the next:
a pair's new generation starts, then its old one is retired; a cutover's value is replaced. So a run that comes late
moves by one generation all the same, and one that comes twice moves nothing the second time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from settings.rotation import ROTATING, Generation, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from datetime import date

    from settings import Secrets
    from settings.contract import AppName
    from settings.rotation import Generations, Rotating


class Outcome(StrEnum):
    """What becomes of a secret whose day has come."""

    STARTED = "started"
    RETIRED = "retired"
    REPLACED = "replaced"
    RECORDED = "recorded"
    WAITING = "waiting"
    BY_HAND = "by hand"

    @property
    def needs_a_person(self) -> bool:
        """Whether nothing goes on until somebody has done something."""
        return self in (Outcome.WAITING, Outcome.BY_HAND)


@dataclass(frozen=True)
class Move:
    """One secret's step: what happens, in a sentence, and the generations that are live after it (None: no change)."""

    name: str
    outcome: Outcome
    says: str
    live: Generations | None = None


def due(secrets: Secrets, today: date) -> Iterator[Move]:
    """What the calendar asks for on this day."""
    for rotating in ROTATING.values():
        if today >= _next_day(secrets, rotating):
            yield _move(secrets, rotating, today)


def now(secrets: Secrets, names: Iterable[str], today: date) -> Iterator[Move]:
    """The next move of these secrets, whatever the calendar says: they have leaked.

    Raises:
        KeyError: A name that nothing has.
    """
    for name in names:
        move = _move(secrets, ROTATING[name], today)
        again = (
            f". Once that is recorded, `python -m operations rotate --stack STACK --now {name}` retires the leaked one"
        )
        yield replace(move, says=move.says + again) if move.outcome is Outcome.STARTED else move


def redeployed(secrets: Secrets, app: AppName, delivered: Mapping[str, int]) -> Iterator[Move]:
    """The record that an app has been started with the newest generation of everything that it holds.

    Only of what has been `delivered`, by the last `up` that succeeded: before that the app can't have started with it.
    """
    for rotating in ROTATING.values():
        *older, newest = secrets.generations(rotating.name)
        if not older or app not in rotating.apps or app in newest.redeployed:
            continue
        if delivered.get(rotating.name) != newest.generation:
            says = f"no `up` has delivered generation {newest.generation} yet: run it, then start {app} anew"
            yield Move(rotating.name, Outcome.WAITING, says)
        else:
            recorded = newest.model_copy(update={"redeployed": (*newest.redeployed, app)})
            says = f"{app} has started with generation {newest.generation}"
            yield Move(rotating.name, Outcome.RECORDED, says, (*older, recorded))


def done(secrets: Secrets, names: Iterable[str], today: date) -> Iterator[Move]:
    """The record that a person has rotated these at their vendor.

    Raises:
        KeyError: A name that nothing has.
    """
    for name in names:
        newest = secrets.generations(name)[-1]
        if newest.started < today:
            says = f"generation {newest.generation + 1} was made at the vendor on {today}"
            yield Move(name, Outcome.RECORDED, says, (_after(newest, today),))


def latest_day(secrets: Secrets) -> date:
    """The youngest day that the stack file knows: no clock that is right can be before it."""
    return max(secrets.generations(name)[-1].started for name in ROTATING)


def _next_day(secrets: Secrets, rotating: Rotating) -> date:
    live = secrets.generations(rotating.name)
    if len(live) > 1:
        return live[-1].started + timedelta(days=secrets.overlap_days)
    return secrets.due_on(rotating.name)


def _move(secrets: Secrets, rotating: Rotating, today: date) -> Move:
    live = secrets.generations(rotating.name)
    if rotating.kind is Kind.VENDOR:
        variables = ", ".join(rotating.variables)
        says = (
            f"{variables}: {_age(secrets, rotating, today)}. Follow docs/RUNBOOK.md, Rotating a secret by hand; then "
            f"`python -m operations rotate --stack STACK --done {rotating.name}`"
        )
        return Move(rotating.name, Outcome.BY_HAND, says)
    if len(live) > 1:
        return _retire(rotating, live)
    (newest,) = live
    after = _after(newest, today)
    if rotating.kind is Kind.CUTOVER:
        says = (
            f"generation {after.generation} takes the place of {newest.generation}, {_age(secrets, rotating, today)}. "
            f"{', '.join(rotating.variables)} changes at the next `up` and takes effect when "
            f"{_apps(rotating.apps)} starts anew, with an interruption: announce it"
        )
        return Move(rotating.name, Outcome.REPLACED, says, (after,))
    says = (
        f"generation {after.generation} starts, {_age(secrets, rotating, today)}. "
        f"{newest.generation} works on, at least until {today + timedelta(days=secrets.overlap_days)}"
    )
    if rotating.apps:
        says += f". After `up`, start {_apps(rotating.apps)} anew and record it"
    return Move(rotating.name, Outcome.STARTED, says, (newest, after))


def _retire(rotating: Rotating, live: Generations) -> Move:
    old, new = live
    missing = [app for app in rotating.apps if app not in new.redeployed]
    if missing:
        says = (
            f"generation {old.generation} can't be retired: that {_apps(missing)} started with {new.generation} is not "
            "recorded. docs/RUNBOOK.md, Rotating secrets, says how"
        )
        return Move(rotating.name, Outcome.WAITING, says)
    says = f"generation {old.generation} is retired; {new.generation} works alone"
    return Move(rotating.name, Outcome.RETIRED, says, (new.model_copy(update={"redeployed": ()}),))


def _age(secrets: Secrets, rotating: Rotating, today: date) -> str:
    late = (today - secrets.due_on(rotating.name)).days
    if late < 0:
        return f"{-late} days early"
    return f"{late} days late" if late else "due today"


def _apps(apps: Iterable[AppName]) -> str:
    return " and ".join(apps)


def _after(newest: Generation, today: date) -> Generation:
    return Generation(generation=newest.generation + 1, started=today)
