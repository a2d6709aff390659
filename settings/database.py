"""The Atlas cluster: how large, how safe, who may reach it."""

from collections.abc import Iterator
from ipaddress import IPv4Network, collapse_addresses
from itertools import combinations
from typing import Literal

from pydantic import Field

from settings.backups import Backups, LockedBucket
from settings.base import Setting, wrong
from settings.errors import Problem
from settings.limits import FLEX_REGIONS, AtlasTier
from settings.types import AtlasRegion, Cidr, Days, SecurityGroupId, Slug, SubnetId, VpcId

_WIDEST_PREFIX = 24
_DEDICATED_ONLY = {
    "backups": "null",
    "customer_key": "false",
    "auditing": "false",
    "read_only_nodes": "0",
    "analytics_nodes": "0",
    "log_export": "null",
    "private_endpoint": "null",
}
"""What Flex lacks, and how a stack file says that it does without (flex-limitations, read 2026-08)."""


class AccessEntry(Setting):
    """One block of addresses that may connect to the database."""

    cidr: Cidr = Field(
        description="An IPv4 block, /24 at the widest; best one /32 for each address that the origins leave from.",
        examples=["203.0.113.10/32"],
    )
    comment: str = Field(
        min_length=1,
        max_length=80,
        description="Whose addresses these are. A change of it takes the entry out for a moment.",
        examples=["origin sydney-1, egress"],
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


class LogExport(LockedBucket):
    """Where the database's logs go, audit log included: whoever breaks in deletes them first."""

    keep_days: Days = Field(365, description="Days after which a log is deleted.")


class PrivateEndpoint(Setting):
    """A way to the database that never leaves AWS's network, for origins in a VPC. The access list stays as it is."""

    vpc_id: VpcId = Field(description="The VPC that the origins are in, in the database's own region.")
    subnet_ids: tuple[SubnetId, ...] = Field(min_length=1, description="The subnets that get an address each.")
    security_group_ids: tuple[SecurityGroupId, ...] = Field(
        min_length=1, description="Groups that let the origins in on ports 1024 to 65535: Atlas takes one per node."
    )


class Database(Setting):
    """One Atlas project with one cluster, and who may reach it."""

    project: Slug = Field(
        description="The Atlas project's name, unique in the organization.", examples=["madebuy-production"]
    )
    cluster: Slug = Field(
        "madebuy", max_length=23, description="The cluster's name. A change makes a new, empty cluster."
    )
    name: Slug = Field(
        "madebuy",
        description="The name of the database that both apps share. A change leads them to a new, empty one; the data "
        "stays in the old one.",
    )
    tier: AtlasTier = Field(
        AtlasTier.M10, description="The cluster's size, and the least that autoscaling goes back to."
    )
    max_tier: AtlasTier | None = Field(
        None, description="The largest size that Atlas may scale to by itself. null: no scaling."
    )
    region: AtlasRegion = Field(AtlasRegion.SYDNEY, description="Where the data lives.")
    node_count: Literal[3, 5, 7] = Field(3, description="Nodes that can become primary. M10 and up.")
    read_only_nodes: int = Field(
        0, ge=0, le=10, description="Nodes that answer reads and never become primary. M10 and up."
    )
    analytics_nodes: int = Field(
        0,
        ge=0,
        le=10,
        description="Nodes for long reads across tenants, asked by readPreferenceTags=nodeType:ANALYTICS. M10 and up.",
    )
    mongodb_version: Literal["7.0", "8.0"] = Field(
        "8.0", description="The MongoDB major version, in quotes. There is no way back from a newer one. M10 and up."
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
    log_export: LogExport | None = Field(
        None, description="Where logs go. null: Atlas keeps them for 30 days. M10 and up."
    )
    private_endpoint: PrivateEndpoint | None = Field(
        None, description="A private way in, for origins in AWS. null: through the access list. M10 and up."
    )
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
        for field, off in _DEDICATED_ONLY.items():
            if getattr(self, field):
                says = f"Atlas has this on M10 and up, not on {self.tier}. Write tier: M10, or {field}: {off}."
                yield wrong(field, says)
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
        export = self.backups.export if self.backups else None
        if export and self.log_export and export.bucket == self.log_export.bucket:
            yield wrong(
                "log_export",
                f'bucket is "{export.bucket}", where the exported snapshots go: logs would be locked with them, and '
                "snapshots deleted with the logs. Write another bucket.",
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
