"""Where secrets are kept, which generation of each is live, and how old it may get. No setting is a secret itself."""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from pydantic import Field

from settings.base import Setting, wrong
from settings.contract import AppName, External, name_problem, value_problem, variables_of
from settings.errors import Problem, nearest
from settings.rotation import ROTATING, Generation, Generations, Kind, Live, Pair, Rotation
from settings.types import Date, Days, Slug

_GRACE_DAYS = 30
_PERIODS_MISSED = 2
_DAYS_BETWEEN_BACKUPS = 7


class Secrets(Setting):
    """One Doppler project, and the age of what is in it."""

    doppler_project: Slug = Field(description="The Doppler project's name.", examples=["madebuy-production"])
    started_on: Date = Field(
        description="The day on which the first generation of every secret began; later ones are in rotation.",
        examples=["2026-11-01"],
    )
    period_days: Days = Field(90, description="Days after which a secret of the stack is due for rotation.")
    overlap_days: Days = Field(14, description="Days in which the old and the new one of a pair both work.")
    by_hand_period_days: Days = Field(
        365, description="Days after which a secret that a person rotates at its vendor is due."
    )
    rotation: Rotation = Field(
        default_factory=dict,
        description="The live generations of what has rotated, by name; `python -m operations rotate` writes them. One "
        "that is taken out starts again at its first, with a new value at once: apps that run lose the old one.",
    )
    public_values: Mapping[AppName, Mapping[str, str]] = Field(
        default_factory=dict,
        description="External variables that are no secret, such as STRIPE_PRICE_MAKER_MONTHLY, by app and name. "
        "What is left out is entered in Doppler.",
    )

    def generations(self, name: str) -> Generations:
        """The live generations of a secret, oldest first: one, or two of a pair that is being changed."""
        return self.rotation.get(name) or (Generation(generation=1, started=self.started_on),)

    def live(self, name: str) -> tuple[Live, ...]:
        """The same for the component that makes a pair: what must work, and until when."""
        return tuple(Live(each.generation, self.expires_on(each)) for each in self.generations(name))

    def pair(self, name: str) -> Pair:
        """The same for a vendor that knows two credentials by a fixed name each."""
        live = self.generations(name)
        return Pair(generation=live[-1].generation, previous="valid" if len(live) > 1 else "retired")

    def expires_on(self, generation: Generation) -> date:
        """The day on which a credential of that generation stops by itself: the last net, under a rotation that fails.

        Two rotations may be missed, and the third still finds it at work: three periods, an overlap and 30 days.
        """
        periods = timedelta(days=self.period_days) * (1 + _PERIODS_MISSED)
        return generation.started + periods + timedelta(days=self.overlap_days + _GRACE_DAYS)

    def due_on(self, name: str) -> date:
        """The first day on which the next generation may start."""
        rotating = ROTATING[name]
        usual = self.by_hand_period_days if rotating.kind is Kind.VENDOR else self.period_days
        return self.generations(name)[-1].started + timedelta(days=rotating.period_days or usual)

    def contradictions(self) -> Iterator[Problem]:
        """Ages that don't fit each other, and values that no app could be given."""
        if self.overlap_days >= self.period_days:
            yield wrong(
                "overlap_days",
                f"{self.overlap_days} is not shorter than period_days ({self.period_days}): a third secret would be "
                f"due while two are in use. Write less than {self.period_days}.",
            )
        if self.overlap_days <= _DAYS_BETWEEN_BACKUPS:
            yield wrong(
                "overlap_days",
                f"{self.overlap_days} is not longer than the {_DAYS_BETWEEN_BACKUPS} days between two backups: the job "
                f"could run with a credential that is gone. Write {_DAYS_BETWEEN_BACKUPS + 1} or more.",
            )
        for app, values in self.public_values.items():
            for name, value in values.items():
                problem = _public_problem(app, name) or value_problem(value)
                if problem:
                    yield Problem(("public_values", app.value, name), problem)


def _public_problem(app: AppName, name: str) -> str | None:
    """Why a stack file can't set this variable of this app."""
    malformed = name_problem(name)
    if malformed:
        return malformed
    variables = {variable.name: variable for variable in variables_of(app)}
    if name not in variables:
        return f"{app} reads no such variable. {nearest(name, variables)}settings/contract.py names them all."
    if not isinstance(variables[name].source, External):
        return "the stack writes this itself, and two would overwrite each other in turn. Remove it."
    if variables[name].secret:
        return "this is a secret, and a stack file is in git for good. Enter it in Doppler; revoke what stood here."
    return None
