"""What each vendor's plan allows, as data, so that a combination the vendor would refuse is refused before it is asked.

Cloudflare: the plan index of cloudflare-docs (src/content/plans/index.json), its rate limiting table
(src/content/partials/waf/rate-limiting-availability-by-plan.mdx) and load balancing limits
(src/content/docs/load-balancing/reference/limitations.mdx), read 2026-08. Atlas: atlas-limits and flex-limitations of
https://www.mongodb.com/docs/atlas/reference/, read 2026-08. Upstash: redis/features/globaldatabase.mdx, read 2026-08.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class CloudflarePlan(StrEnum):
    """The plan of a Cloudflare zone, smallest first."""

    FREE = "free"
    PRO = "pro"
    BUSINESS = "business"
    ENTERPRISE = "enterprise"

    @property
    def limits(self) -> CloudflareLimits:
        """What a zone on this plan may have."""
        return CLOUDFLARE[self]


class AtlasTier(StrEnum):
    """The size of an Atlas cluster, smallest first. Flex is shared; M10 and up are dedicated."""

    FLEX = "FLEX"
    M10 = "M10"
    M20 = "M20"
    M30 = "M30"
    M40 = "M40"
    M50 = "M50"

    @property
    def dedicated(self) -> bool:
        """Whether the tier has its own machines: backups by schedule, PITR, customer keys, auditing, autoscaling."""
        return self is not AtlasTier.FLEX

    @property
    def connections(self) -> int:
        """Connections a node takes from applications."""
        return ATLAS_CONNECTIONS[self]

    def is_larger_than(self, other: AtlasTier) -> bool:
        """Whether this tier comes after the other one."""
        order = list(AtlasTier)
        return order.index(self) > order.index(other)


@dataclass(frozen=True)
class CloudflareLimits:
    """One plan's limits. Times in seconds."""

    rate_limit_rules: int
    rate_limit_periods: tuple[int, ...]
    rate_limit_mitigations: tuple[int, ...]
    rate_limit_fields: frozenset[str]
    rate_limit_characteristics: frozenset[str]
    rate_limit_counting_expression: bool
    custom_rules: int
    regular_expressions: bool
    log_action: bool
    managed_rulesets: bool
    configuration_rules: int
    """Of each kind: cache, transform, redirect, origin and configuration rules."""
    health_checks: int
    load_balancer_interval: tuple[int, int]
    minimum_edge_ttl: int
    dns_records: int
    dns_tags: bool
    dns_comment_length: int
    super_bot_fight_mode: bool
    likely_automated_bots: bool
    """Whether Super Bot Fight Mode acts on what is probably a bot. Source: the API's own clean-up bodies by plan."""
    custom_error_pages: bool
    image_optimisation: bool
    """Polish and WebP on the way to the visitor."""
    upload_megabytes: int


_PERIODS = (
    *(10, 15, 20, 30, 40, 45, 60, 90, 120, 180, 240, 300),
    *(480, 600, 900, 1200, 1800, 2400, 3600, 65_535, 86_400),
)
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400
_FREE_FIELDS = frozenset({"http.request.uri.path", "cf.bot_management.verified_bot"})
_PRO_FIELDS = _FREE_FIELDS | {"http.host", "http.request.uri", "http.request.full_uri", "http.request.uri.query"}
_BUSINESS_FIELDS = _PRO_FIELDS | {"http.request.method", "ip.src", "http.user_agent"}
_BY_ADDRESS = frozenset({"cf.colo.id", "ip.src"})
_BY_VISITOR = _BY_ADDRESS | {"cf.unique_visitor_id"}


def _up_to(longest: int) -> tuple[int, ...]:
    return tuple(period for period in _PERIODS if period <= longest)


CLOUDFLARE = {
    CloudflarePlan.FREE: CloudflareLimits(
        rate_limit_rules=1,
        rate_limit_periods=(10,),
        rate_limit_mitigations=(10,),
        rate_limit_fields=_FREE_FIELDS,
        rate_limit_characteristics=_BY_ADDRESS,
        rate_limit_counting_expression=False,
        custom_rules=5,
        regular_expressions=False,
        log_action=False,
        managed_rulesets=False,
        configuration_rules=10,
        health_checks=0,
        load_balancer_interval=(15, 3600),
        minimum_edge_ttl=2 * _HOUR,
        dns_records=200,
        dns_tags=False,
        dns_comment_length=100,
        super_bot_fight_mode=False,
        likely_automated_bots=False,
        custom_error_pages=False,
        image_optimisation=False,
        upload_megabytes=100,
    ),
    CloudflarePlan.PRO: CloudflareLimits(
        rate_limit_rules=2,
        rate_limit_periods=_up_to(_MINUTE),
        rate_limit_mitigations=_up_to(_HOUR),
        rate_limit_fields=_PRO_FIELDS,
        rate_limit_characteristics=_BY_ADDRESS,
        rate_limit_counting_expression=False,
        custom_rules=20,
        regular_expressions=False,
        log_action=False,
        managed_rulesets=True,
        configuration_rules=25,
        health_checks=10,
        load_balancer_interval=(15, 3600),
        minimum_edge_ttl=_HOUR,
        dns_records=3500,
        dns_tags=True,
        dns_comment_length=500,
        super_bot_fight_mode=True,
        likely_automated_bots=False,
        custom_error_pages=True,
        image_optimisation=True,
        upload_megabytes=100,
    ),
    CloudflarePlan.BUSINESS: CloudflareLimits(
        rate_limit_rules=5,
        rate_limit_periods=_up_to(10 * _MINUTE),
        rate_limit_mitigations=_up_to(_DAY),
        rate_limit_fields=_BUSINESS_FIELDS,
        rate_limit_characteristics=_BY_VISITOR,
        rate_limit_counting_expression=True,
        custom_rules=100,
        regular_expressions=True,
        log_action=False,
        managed_rulesets=True,
        configuration_rules=50,
        health_checks=50,
        load_balancer_interval=(15, 3600),
        minimum_edge_ttl=1,
        dns_records=3500,
        dns_tags=True,
        dns_comment_length=500,
        super_bot_fight_mode=True,
        likely_automated_bots=True,
        custom_error_pages=True,
        image_optimisation=True,
        upload_megabytes=200,
    ),
    CloudflarePlan.ENTERPRISE: CloudflareLimits(
        rate_limit_rules=100,
        rate_limit_periods=_up_to(65_535),
        rate_limit_mitigations=_up_to(_DAY),
        rate_limit_fields=_BUSINESS_FIELDS | {"http.request.headers", "cf.bot_management.score"},
        rate_limit_characteristics=_BY_VISITOR,
        rate_limit_counting_expression=True,
        custom_rules=1000,
        regular_expressions=True,
        log_action=True,
        managed_rulesets=True,
        configuration_rules=300,
        health_checks=1000,
        load_balancer_interval=(10, 3600),
        minimum_edge_ttl=1,
        dns_records=3500,
        dns_tags=True,
        dns_comment_length=500,
        super_bot_fight_mode=True,
        likely_automated_bots=True,
        custom_error_pages=True,
        image_optimisation=True,
        upload_megabytes=500,
    ),
}

_RESERVED_BY_ATLAS = 10
ATLAS_CONNECTIONS = {
    AtlasTier.FLEX: 500,
    AtlasTier.M10: 1500 - _RESERVED_BY_ATLAS,
    AtlasTier.M20: 3000 - _RESERVED_BY_ATLAS,
    AtlasTier.M30: 3000 - _RESERVED_BY_ATLAS,
    AtlasTier.M40: 6000 - _RESERVED_BY_ATLAS,
    AtlasTier.M50: 16_000 - _RESERVED_BY_ATLAS,
}
"""Connections per node that applications can use: the tier's limit less the 10 that Atlas keeps on dedicated nodes."""

FLEX_REGIONS = frozenset({"AP_SOUTHEAST_1", "AP_SOUTHEAST_2"})
"""Regions of `AtlasRegion` that have Flex."""

DRIVER_MONITORING_CONNECTIONS = 2
"""Connections a driver opens to each node beside its pool, to watch it.

Source: https://www.mongodb.com/docs/drivers/node/current/connect/connection-options/connection-pools/ (read 2026-11).
"""

UPSTASH_PRIMARY_REGIONS = frozenset(
    {
        *("us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1", "eu-west-1", "eu-west-2"),
        *("eu-central-1", "ap-south-1", "ap-southeast-1", "ap-southeast-2", "ap-northeast-1", "af-south-1"),
    }
)
"""Regions on AWS that can be the primary of an Upstash global database."""

PUBLIC_SUFFIXES = frozenset(
    {
        *("au", "com.au", "net.au", "org.au", "id.au", "asn.au", "edu.au", "gov.au"),
        *("nz", "co.nz", "net.nz", "org.nz", "uk", "co.uk", "org.uk", "sg", "com.sg"),
        *("com", "net", "org", "io", "dev", "app", "co", "shop", "store", "online", "site", "xyz", "info", "biz", "ai"),
    }
)
"""Endings under which names are sold: those MadeBuy may meet, picked by hand from https://publicsuffix.org/list/."""
