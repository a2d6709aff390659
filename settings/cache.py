"""The Redis at Upstash: sessions, rate-limit counters and cached answers."""

from collections.abc import Iterator

from pydantic import Field

from settings.base import Setting, wrong
from settings.database import union_problems
from settings.errors import Problem
from settings.limits import UPSTASH_PRIMARY_REGIONS
from settings.types import AwsRegion, Cidr, Slug


class Cache(Setting):
    """One Upstash database."""

    name: Slug = Field(
        description="The database's name. A change makes a new, empty one.", examples=["madebuy-production"]
    )
    region: AwsRegion = Field(
        "ap-southeast-2", description="The primary region, in AWS's spelling. A change makes a new, empty database."
    )
    budget_usd: int = Field(
        20, ge=1, le=1000, description="US dollars a month at which Upstash throttles the database."
    )
    eviction: bool = Field(
        False, description="Whether a full database drops old entries: sessions and counters would be among them."
    )
    allowed_cidrs: tuple[Cidr, ...] = Field(
        (), description="The addresses that may connect. Empty: anyone with the password. Paid plans only."
    )

    def contradictions(self) -> Iterator[Problem]:
        """Regions that Upstash has, and addresses that together are too many."""
        if self.region not in UPSTASH_PRIMARY_REGIONS:
            yield wrong(
                "region",
                f'Upstash has no primary region "{self.region}". Write "ap-southeast-2" for Sydney; '
                f"it has {', '.join(sorted(UPSTASH_PRIMARY_REGIONS))}.",
            )
        yield from union_problems(list(self.allowed_cidrs), "allowed_cidrs")
