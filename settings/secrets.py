"""Where secrets are kept, and how old they may get. The secrets themselves are never settings."""

from collections.abc import Iterator
from datetime import date, timedelta

from pydantic import Field

from settings.base import Setting, wrong
from settings.errors import Problem
from settings.types import Date, Days, Slug

_GRACE_DAYS = 30


class Secrets(Setting):
    """One Doppler project and the age of what is generated into it."""

    doppler_project: Slug = Field(description="The Doppler project's name.", examples=["madebuy-production"])
    started_on: Date = Field(
        description="The day on which the current generation of generated secrets began. A later day makes new ones.",
        examples=["2026-11-01"],
    )
    period_days: Days = Field(90, description="Days after which a generated secret is due for rotation.")
    overlap_days: Days = Field(14, description="Days in which the old and the new one of a pair both work.")

    @property
    def credentials_expire_on(self) -> date:
        """The day on which credentials of this generation stop working: period, overlap and 30 days of grace."""
        return self.started_on + timedelta(days=self.period_days + self.overlap_days + _GRACE_DAYS)

    def contradictions(self) -> Iterator[Problem]:
        """A third generation would start while the first is still in use."""
        if self.overlap_days >= self.period_days:
            yield wrong(
                "overlap_days",
                f"{self.overlap_days} is not shorter than period_days ({self.period_days}): a third secret would be "
                f"due while two are in use. Write less than {self.period_days}.",
            )
