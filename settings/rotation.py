"""What rotates, how, and which generations of it are live. No clock: a date comes from the stack file or a caller."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from settings.base import Setting, refuse
from settings.contract import ADMIN, BOTH, CONTRACT, KEEPS_RUNNING, AppName, External, Generated
from settings.errors import Problem, nearest, shown
from settings.types import Date

Slot = Literal["a", "b"]


class Kind(StrEnum):
    """How a secret gets from one generation to the next."""

    PAIR = "pair"
    """Two live credentials: the old one works until every app has started with the new one."""
    CUTOVER = "cutover"
    """One value. The new one is an announced interruption."""
    VENDOR = "vendor"
    """A person does it at the vendor, by the runbook, and says so."""


@dataclass(frozen=True)
class Rotating:
    """One secret that rotates.

    `apps` go on with the old one until they are started anew; the old one of a pair is retired after the last of them.
    `variables` are where they read it. `period_days` is its own period; without one, the stack's settings say it.
    """

    name: str
    kind: Kind
    apps: tuple[AppName, ...]
    variables: tuple[str, ...]
    period_days: int | None = None


def _by_vendor() -> Iterator[Rotating]:
    """One for each vendor's account with secret variables in the contract."""
    secret = [v for v in CONTRACT if v.secret and isinstance(v.source, External)]
    for vendor in dict.fromkeys(v.source.vendor for v in secret if isinstance(v.source, External)):
        variables = [v for v in secret if v.source == External(vendor)]
        apps = tuple(app for app in KEEPS_RUNNING if any(app in v.apps for v in variables))
        yield Rotating(vendor.lower().replace(" ", "-"), Kind.VENDOR, apps, tuple(v.name for v in variables))


DATABASE_USERS = "database-users"
MEDIA_KEY = "media-key"
BACKUP_KEY = "backup-key"
RESTORE_KEY = "restore-key"
ZONE_TOKEN = "zone-token"  # noqa: S105 the name of one
S3_VARIABLES = ("R2_ACCESS_KEY_ID", "R2_SECRET_ACCESS_KEY")
RESTORE_VARIABLES = ("R2_RESTORE_ACCESS_KEY_ID", "R2_RESTORE_SECRET_ACCESS_KEY")


def service_token(app: AppName) -> str:
    """The name of the Doppler token that an app's host holds."""
    return f"service-token-{app}"


def generated(variable: str) -> str:
    """The name under which a generated variable rotates."""
    return variable.lower().replace("_", "-")


ROTATING: Mapping[str, Rotating] = {
    each.name: each
    for each in (
        Rotating(DATABASE_USERS, Kind.PAIR, BOTH, ("MONGODB_URI",)),
        Rotating(MEDIA_KEY, Kind.PAIR, ADMIN, S3_VARIABLES),
        Rotating(BACKUP_KEY, Kind.PAIR, (), S3_VARIABLES),
        Rotating(RESTORE_KEY, Kind.PAIR, (), RESTORE_VARIABLES),
        Rotating(ZONE_TOKEN, Kind.PAIR, ADMIN, ("CLOUDFLARE_API_TOKEN",)),
        # A token's host must be given the new one by a person or a deployment, the job's host too.
        *(Rotating(service_token(app), Kind.PAIR, (app,), ()) for app in AppName),
        *(
            Rotating(generated(v.name), Kind.CUTOVER, v.apps, (v.name,), v.source.period_days)
            for v in CONTRACT
            if isinstance(v.source, Generated)
        ),
        Rotating("upstash", Kind.VENDOR, BOTH, ("UPSTASH_REDIS_REST_TOKEN", "UPSTASH_PAGES_REDIS_REST_TOKEN")),
        Rotating("turnstile", Kind.VENDOR, BOTH, ("TURNSTILE_SECRET_KEY",)),
        *_by_vendor(),
    )
}
"""Every secret of the contract, and the Doppler tokens that open it, by name."""

MADE_HERE = tuple(name for name, each in ROTATING.items() if each.kind is not Kind.VENDOR)
"""Those whose next generation the stack makes."""


class Generation(Setting):
    """One generation of one secret, live from its first day until it is taken out of the stack file."""

    generation: int = Field(ge=1, description="Counts up by one with each rotation.")
    started: Date = Field(description="The day on which it was made.", examples=["2026-11-01"])
    redeployed: tuple[AppName, ...] = Field(
        (), description="The apps that have been started with it. `python -m operations rotate --redeployed` adds one."
    )


Generations = tuple[Generation, ...]


@dataclass(frozen=True)
class Live:
    """One generation of a credential that must work now, and the day on which it stops by itself."""

    number: int
    expires_on: date


@dataclass(frozen=True)
class Pair:
    """Two credentials, a and b, of which one is handed out and the other is what was handed out before.

    A new generation gives the idle one a new password and hands it out; the one before keeps working until every app
    has started anew. Then it is retired: its password changes to one that nobody knows.
    """

    generation: int = 1
    previous: Literal["valid", "retired"] = "valid"

    @property
    def current(self) -> Slot:
        """The credential that apps are started with: odd generations are a, even ones are b."""
        return "a" if self.generation % 2 else "b"

    def keeper(self, slot: Slot) -> str:
        """What a credential's password belongs to: it is made anew when this changes, and at no other time."""
        if slot == self.current:
            return str(self.generation)
        before = self.generation - 1
        return f"{before} retired" if self.previous == "retired" else str(before)


def _consistent(rotation: Mapping[str, Generations]) -> Mapping[str, Generations]:
    refuse(tuple(problem for name, live in rotation.items() for problem in _problems(name, live)))
    return rotation


def _problems(name: str, live: Generations) -> Iterator[Problem]:
    if name not in ROTATING:
        yield Problem(
            (name,),
            f"nothing of that name rotates. {nearest(name, ROTATING)}Write one of: {', '.join(sorted(ROTATING))}.",
        )
        return
    rotating = ROTATING[name]
    most = 2 if rotating.kind is Kind.PAIR else 1
    if not 1 <= len(live) <= most:
        yield Problem(
            (name,),
            f"{len(live)} generations are live, and a {rotating.kind} has 1{' or 2' if most > 1 else ''}: "
            "apps would hold one that does not work. Let `python -m operations rotate` write this.",
        )
    for index, (old, new) in enumerate(pairwise(live), 1):
        if new.generation != old.generation + 1 or new.started < old.started:
            yield Problem(
                (name, index),
                f"generation {new.generation} of {new.started} does not follow {old.generation} of {old.started}: "
                "each is one more than the last, and no older. Let `python -m operations rotate` write this.",
            )
    for index, generation in enumerate(live):
        for app in generation.redeployed:
            if app not in rotating.apps:
                yield Problem((name, index, "redeployed"), f"{shown(app)} does not hold {name}. Remove it.")


Rotation = Annotated[Mapping[str, Generations], AfterValidator(_consistent)]
"""The live generations of what has rotated at least once, oldest first, by name."""
