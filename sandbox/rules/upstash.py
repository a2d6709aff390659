"""What Upstash refuses."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from sandbox.rules.record import Ask, alone
from sandbox.vendors.upstash import REDIS

if TYPE_CHECKING:
    from collections.abc import Iterator

SOURCE = "UD: redis/features/globaldatabase.mdx; upstash_pulumi 0.5.0, RedisDatabase: region"
ON_GOOGLE = "gcp-global"
"""A global database in Google's cloud, whose regions no page lists."""
GLOBAL = ("global", ON_GOOGLE)
PRIMARY_REGIONS = frozenset(
    [
        "us-east-1",
        "us-east-2",
        "us-west-1",
        "us-west-2",
        "ca-central-1",
        "eu-central-1",
        "eu-west-1",
        "eu-west-2",
        "sa-east-1",
        "ap-south-1",
        "ap-northeast-1",
        "ap-southeast-1",
        "ap-southeast-2",
        "af-south-1",
    ]
)


@alone(REDIS, source=SOURCE)
def global_database_has_a_primary_region(ask: Ask) -> Iterator[tuple[str, str]]:
    """A global database has a primary region that Upstash has."""
    if ask["region"] in GLOBAL and ask["primaryRegion"] is None:
        yield "primaryRegion", f"a database in the region {ask['region']} needs primary_region"
    elif (
        ask["region"] != ON_GOOGLE and ask["primaryRegion"] is not None and ask["primaryRegion"] not in PRIMARY_REGIONS
    ):
        yield "primaryRegion", "no such region"


@alone(REDIS, source=SOURCE)
def read_regions_are_of_a_global_database(ask: Ask) -> Iterator[tuple[str, str]]:
    """Read regions belong to a global database and are not its primary region."""
    regions = [region for _, region in ask.each("readRegions[]")]
    if regions and ask["region"] not in GLOBAL:
        yield "readRegions", "read regions are for global databases"
    if ask["primaryRegion"] in regions:
        yield "readRegions", "the primary region is no read region"
    for path, region in ask.each("readRegions[]"):
        if ask["region"] != ON_GOOGLE and region not in PRIMARY_REGIONS:
            yield path, "no such region"


@alone(REDIS, source="UD: redis/howto/ipallowlist.mdx")
def allowlist_is_ipv4(ask: Ask) -> Iterator[tuple[str, str]]:
    """An allow list has IPv4 addresses and blocks only."""
    for path, block in ask.each("ipAllowlists[]"):
        try:
            ipaddress.IPv4Network(block, strict=False)
        except ValueError:
            yield path, "an allowed address is an IPv4 address or CIDR block"
