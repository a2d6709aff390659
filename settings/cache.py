"""The Redis at Upstash: sessions, rate-limit counters and cached answers."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from settings.base import Setting, wrong
from settings.database import union_problems
from settings.errors import Problem
from settings.limits import UPSTASH_PRIMARY_REGIONS
from settings.types import AwsRegion, Cidr, Slug

_WRITE_A_REGION = f'Write "ap-southeast-2" for Sydney; it has {", ".join(sorted(UPSTASH_PRIMARY_REGIONS))}.'


class PageCache(Setting):
    """A second database, for cached pages alone: it drops old entries when it is full."""

    name: Slug = Field(
        description="The database's name. A change makes a new, empty one.", examples=["madebuy-production-pages"]
    )
    budget_usd: int = Field(
        20, ge=1, le=1000, description="US dollars a month at which Upstash throttles it; the first one's is apart."
    )


class Cache(Setting):
    """The Upstash database that both apps share, and what may be bought beside it.

    Prices: https://upstash.com/docs/redis/overall/billing (read 2026-08).
    """

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
    plan: Literal["free", "pay-as-you-go"] = Field(
        "pay-as-you-go", description="The plan of the Upstash account. No program can change it, only the console."
    )
    read_regions: tuple[AwsRegion, ...] = Field(
        (),
        description="Regions with a copy to read from. Each bills every write once more, at US$0.20 per 100,000, and "
        "holds sessions outside Sydney. MadeBuy's origins are in one place, so it needs none.",
    )
    prod_pack: bool = Field(
        False,
        description="Upstash's Prod Pack: encryption at rest, copies in several zones and a 99.99 % SLA, for US$200 a "
        "month on top of use. Production and paid plans only.",
    )
    pages: PageCache | None = Field(
        None,
        description="A second database, for cached pages alone, or null. It is billed like the first one, US$0.20 per "
        "100,000 commands and US$0.25 per GB a month, up to a budget of its own.",
    )

    def contradictions(self) -> Iterator[Problem]:
        """Regions that Upstash has, addresses that together are too many, and what only a paid plan has."""
        yield from self._regions()
        yield from union_problems(list(self.allowed_cidrs), "allowed_cidrs")
        if self.plan == "free":
            yield from self._needs_a_paid_plan()
        if self.pages and self.pages.name == self.name:
            yield Problem(
                ("pages", "name"),
                "this is the first database, which must not drop sessions. Write another name, such as "
                f'"{self.name}-pages".',
            )

    def _regions(self) -> Iterator[Problem]:
        if self.region not in UPSTASH_PRIMARY_REGIONS:
            yield wrong("region", f'Upstash has no primary region "{self.region}". {_WRITE_A_REGION}')
        for index, region in enumerate(self.read_regions):
            if region == self.region or region in self.read_regions[:index]:
                yield Problem(
                    ("read_regions", index),
                    f'"{region}" already has a copy, and a second one can\'t be had. Remove it.',
                )
            elif region not in UPSTASH_PRIMARY_REGIONS:
                yield Problem(("read_regions", index), f'Upstash has no region "{region}". {_WRITE_A_REGION}')

    def _needs_a_paid_plan(self) -> Iterator[Problem]:
        if self.allowed_cidrs:
            yield wrong(
                "allowed_cidrs",
                "the free plan has no allow list: Upstash would refuse it. Remove it, or write plan: pay-as-you-go "
                "(US$0.20 per 100,000 commands) once the console says so too.",
            )
        if self.prod_pack:
            yield wrong(
                "prod_pack",
                "the free plan can't have it, and it costs US$200 a month. Remove it, or write plan: pay-as-you-go "
                "once the console says so too.",
            )
