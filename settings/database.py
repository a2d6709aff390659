"""The Atlas cluster: how large, how safe, who may reach it."""

from collections.abc import Iterator
from ipaddress import IPv4Network, collapse_addresses
from itertools import combinations, pairwise
from typing import Literal

from pydantic import Field

from settings.base import Setting, wrong
from settings.errors import Problem
from settings.limits import FLEX_REGIONS, AtlasTier
from settings.types import AtlasRegion, Cidr, Days, Slug

_WEEK, _MONTH = 7, 31
_WIDEST_PREFIX = 24


class AccessEntry(Setting):
    """One block of addresses that may connect to the database."""

    cidr: Cidr = Field(
        description="An IPv4 block, /24 at the widest; best one /32 for each address that the origins leave from.",
        examples=["203.0.113.10/32"],
    )
    comment: str = Field(
        min_length=1, max_length=80, description="Whose addresses these are.", examples=["origin sydney-1, egress"]
    )


class Backups(Setting):
    """How far back MadeBuy's data can be restored, and how much of it may be lost.

    Source: audit 5.3, phase 2. Limits: backup policy items of
    https://www.mongodb.com/docs/atlas/backup/cloud-backup/scheduling/ (read 2026-08).
    """

    hourly_interval: Literal[1, 2, 4, 6, 8, 12] = Field(6, description="Hours between two hourly snapshots.")
    hourly_days: Days = Field(7, description="Days an hourly snapshot is kept.")
    # Not `Days`: its own lower bound would replace this one without a word.
    daily_days: int = Field(7, ge=7, le=3650, description="Days a daily snapshot is kept; the audit asks for 7.")
    weekly_weeks: int = Field(4, ge=1, le=520, description="Weeks a weekly snapshot is kept.")
    monthly_months: int = Field(12, ge=1, le=120, description="Months a monthly snapshot is kept.")
    point_in_time_days: Days | None = Field(
        7, description="How many days back any second can be restored. null: snapshots only."
    )
    copy_region: AtlasRegion | None = Field(
        AtlasRegion.MELBOURNE, description="A second region for snapshots and oplog. null: no copy."
    )

    def contradictions(self) -> Iterator[Problem]:
        """Atlas restores to a second only from snapshots it still has, and keeps rarer snapshots at least as long."""
        if self.point_in_time_days and self.hourly_days < self.point_in_time_days:
            yield wrong(
                "hourly_days",
                f"{self.hourly_days} is shorter than point_in_time_days ({self.point_in_time_days}): Atlas restores to "
                "a second only inside the hourly snapshots it still has. "
                f"Write hourly_days: {self.point_in_time_days}.",
            )
        kept = {
            "hourly_days": self.hourly_days,
            "daily_days": self.daily_days,
            "weekly_weeks": self.weekly_weeks * _WEEK,
            "monthly_months": self.monthly_months * _MONTH,
        }
        for (often, shorter), (rarely, longer) in pairwise(kept.items()):
            if longer < shorter:
                yield wrong(
                    rarely,
                    f"this keeps rarer snapshots for {longer} days and {often} more frequent ones for {shorter}: Atlas "
                    f"refuses a schedule in which the rarer ones go first. Raise {rarely} or lower {often}.",
                )


class Maintenance(Setting):
    """When Atlas may restart nodes. On Flex Atlas chooses the time itself."""

    day: int = Field(3, ge=1, le=7, description="Day of the week in UTC: 1 is Sunday, 7 is Saturday.")
    hour: int = Field(
        16, ge=0, le=23, description="Hour of the day in UTC: 16 is 02:00 or 03:00 of the next day in Sydney."
    )


class ConnectionPool(Setting):
    """The connections that each process of an app keeps to the database (audit 3.3)."""

    max_size: int = Field(50, ge=1, le=500, description="Connections that one process opens at most (maxPoolSize).")
    min_size: int = Field(10, ge=0, le=500, description="Connections that one process keeps open (minPoolSize).")
    max_idle_ms: int = Field(
        30_000,
        ge=1000,
        le=3_600_000,
        description="Milliseconds after which an idle connection is closed (maxIdleTimeMS).",
    )

    def contradictions(self) -> Iterator[Problem]:
        """The driver refuses a pool whose least is more than its most."""
        if self.min_size > self.max_size:
            yield wrong(
                "min_size",
                f"{self.min_size} is more than max_size ({self.max_size}): the driver refuses to start. "
                f"Write at most {self.max_size}.",
            )


class Database(Setting):
    """One Atlas project with one cluster, and who may reach it."""

    project: Slug = Field(
        description="The Atlas project's name, unique in the organization.", examples=["madebuy-production"]
    )
    cluster: Slug = Field(
        "madebuy", max_length=23, description="The cluster's name. A change makes a new, empty cluster."
    )
    name: Slug = Field("madebuy", description="The name of the database that both apps share.")
    tier: AtlasTier = Field(
        AtlasTier.M10, description="The cluster's size, and the least that autoscaling goes back to."
    )
    max_tier: AtlasTier | None = Field(
        None, description="The largest size that Atlas may scale to by itself. null: no scaling."
    )
    region: AtlasRegion = Field(AtlasRegion.SYDNEY, description="Where the data lives.")
    node_count: Literal[3, 5, 7] = Field(3, description="Nodes that can become primary. M10 and up.")
    mongodb_version: Literal["7.0", "8.0"] = Field(
        "8.0", description="The MongoDB major version, in quotes. M10 and up."
    )
    access: tuple[AccessEntry, ...] = Field(
        min_length=1, description="The addresses that may connect; nobody else can."
    )
    backups: Backups | None = Field(
        default_factory=Backups, description="The backup schedule of M10 and up. null on Flex: Atlas has its own."
    )
    customer_key: bool = Field(
        False,
        description="Whether data is encrypted with a key in MadeBuy's AWS account. M10 and up, 15 % on the bill.",
    )
    auditing: bool = Field(
        False, description="Whether logins, privilege and schema changes are recorded. M10 and up, 10 % on the bill."
    )
    termination_protection: bool = Field(True, description="Whether Atlas refuses to delete the cluster.")
    maintenance: Maintenance = Field(
        default_factory=Maintenance, description="When Atlas may restart nodes. M10 and up."
    )
    pool: ConnectionPool = Field(default_factory=ConnectionPool, description="The connections each app process keeps.")

    @property
    def dedicated(self) -> bool:
        """Whether the cluster has machines of its own (M10 and up)."""
        return self.tier.dedicated

    def contradictions(self) -> Iterator[Problem]:
        """What Atlas refuses, and who could get in."""
        yield from self._tier_problems()
        yield from self._scaling_problems()
        yield from self._backup_problems()
        yield from _access_problems([entry.cidr for entry in self.access])

    def _tier_problems(self) -> Iterator[Problem]:
        if self.dedicated:
            return
        asked = {"backups": self.backups, "customer_key": self.customer_key, "auditing": self.auditing}
        off = {"backups": "null", "customer_key": "false", "auditing": "false"}
        for field, value in asked.items():
            if value:
                yield wrong(
                    field,
                    f"Atlas has this on M10 and up, not on {self.tier}. Write tier: M10, or {field}: {off[field]}.",
                )
        if self.region not in FLEX_REGIONS:
            yield wrong("region", f"Atlas has no Flex in {self.region}. Write AP_SOUTHEAST_2 (Sydney), or tier: M10.")

    def _scaling_problems(self) -> Iterator[Problem]:
        if self.max_tier is None:
            return
        if not self.dedicated:
            yield wrong("max_tier", f"{self.tier} does not scale by tier. Write max_tier: null, or tier: M10.")
        elif not self.max_tier.is_larger_than(self.tier):
            yield wrong(
                "max_tier",
                f"{self.max_tier} is not larger than tier ({self.tier}), so there is nothing to scale to. "
                "Write a larger tier, or max_tier: null for none.",
            )

    def _backup_problems(self) -> Iterator[Problem]:
        if self.dedicated and self.backups is None:
            yield wrong(
                "backups",
                f"a cluster of {self.tier} has no backup unless a schedule says so. Write backups: {{}} for the "
                "audit's schedule (5.3).",
            )
        if self.backups and self.backups.copy_region == self.region:
            yield wrong(
                "backups",
                f"copy_region is {self.region}, where the cluster is: if that region is lost, so is the copy. "
                "Write another region, or copy_region: null.",
            )


def _access_problems(cidrs: list[str]) -> Iterator[Problem]:
    networks = [IPv4Network(cidr) for cidr in cidrs]
    for (first, one), (second, other) in combinations(enumerate(networks), 2):
        if one.overlaps(other):
            inner, outer = (second, one) if other.subnet_of(one) else (first, other)
            yield Problem(
                ("access", inner, "cidr"),
                f'"{networks[inner]}" is already let in by "{outer}": Atlas merges the two in silence, and removing '
                "one would not close the door. Keep one.",
            )
    yield from union_problems(cidrs, "access")


def union_problems(cidrs: list[str], field: str) -> Iterator[Problem]:
    """Blocks that are narrow one by one and wide together: two halves of the world are the world."""
    networks = sorted({IPv4Network(cidr) for cidr in cidrs})
    for union in collapse_addresses(networks):
        if union.prefixlen < _WIDEST_PREFIX:
            parts = [str(network) for network in networks if network.subnet_of(union)]
            yield wrong(
                field,
                f"{len(parts)} entries from {parts[0]} to {parts[-1]} together let in {union} "
                f"({union.num_addresses:,} addresses), and /{_WIDEST_PREFIX} is the widest allowed (audit 6.1). "
                'Write one "/32" for each address that the origins leave from.',
            )
