"""The whole stack: what it costs a month, at the most it can grow to by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policies.atlas import NODES, PROVIDERS, SIZES, is_dedicated, tier
from policies.checks import number, text
from policies.rule import Severity, stack_rule, whole
from policies.tokens import (
    ADVANCED_CLUSTER,
    AUDITING,
    FLEX_CLUSTER,
    LOAD_BALANCER,
    REDIS_DATABASE,
    SERVERLESS_INSTANCE,
    ZONE_SUBSCRIPTION,
)
from policies.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from policies.model import Finding, Resource, Stack

_REGION: Final = "replicationSpecs[].regionConfigs[]"
_CEILING: Final = f"{_REGION}.autoScaling.computeMaxInstanceSize"
_COUNTS: Final = (NODES, f"{_REGION}.readOnlySpecs.nodeCount", f"{_REGION}.analyticsSpecs.nodeCount")

# US dollars a month. An estimate: Sydney's own prices were not found, and use is not known before there is any.
_ATLAS: Final[Mapping[int, int]] = {10: 60, 20: 150, 30: 388, 40: 760, 50: 1_460, 60: 2_890}
"""Three nodes by tier in AWS's default region. M10: mongodb.com/docs/atlas/billing, "from $60"; M30: the same,
invoice-breakdown, $0.54 an hour (2026-08). The others are about twice the step below."""
_NODES: Final = 3
_FLEX: Final = 30
"""The cap: mongodb.com/docs/atlas/billing/atlas-flex-costs (2026-08)."""
_SNAPSHOTS: Final = 2
_POINT_IN_TIME: Final = 8
"""For 10 GB, the smallest disk: $0.19 a GB, and $1.55 above the first 5 GB: mongodb.com/docs/atlas/billing,
cluster-configuration-costs (2026-08)."""
_OWN_KEY: Final = 0.15
_AUDIT_LOG: Final = 0.10
"""Shares of the cluster's price: mongodb.com/docs/atlas/billing/additional-services (2026-08)."""
_PLANS: Final[Mapping[str, int]] = {"pro": 25, "business": 250}
"""A zone by the month. Pro: a copy of cloudflare.com/plans of 2026-05-04; Business: the same says 200 by the year, and
250 by the month is from memory. Enterprise has no price of its own."""
_BALANCER: Final = 5
"""At the least ("from $5"): public write-ups of 2026; Cloudflare's own documentation names no price."""
_PROD_PACK: Final = 200
"""upstash.com/docs/redis/overall/billing (2026-08)."""


@stack_rule(
    id="stack-budget",
    title="A stack costs no more than its budget by this pack's estimate, however far it scales by itself",
    risk="The bill of a bad night is known a month later.",
    fix="Lower the tier or its ceiling, Redis's budget or the plan; or raise the limit in the pack's config.",
    severity=Severity.MEDIUM,
    audit="4.3 FinOps: alert when costs exceed budget thresholds",
    cis="1.1",
    equals=("arp:maximum tier", "arp:cluster count", "arp:shard count"),
    reads={
        ADVANCED_CLUSTER: (
            SIZES,
            _CEILING,
            *_COUNTS,
            PROVIDERS,
            "encryptionAtRestProvider",
            "backupEnabled",
            "pitEnabled",
        ),
        FLEX_CLUSTER: (),
        SERVERLESS_INSTANCE: (),
        AUDITING: ("enabled",),
        ZONE_SUBSCRIPTION: ("ratePlan.id",),
        LOAD_BALANCER: (),
        REDIS_DATABASE: ("budget", "prodPack"),
    },
    options={
        "max_usd": whole(300, 1, 1_000_000, "US dollars a month for a production stack."),
        "max_usd_elsewhere": whole(100, 1, 1_000_000, "US dollars a month for any other stack."),
    },
)
def stack_is_within_budget(stack: Stack, *, max_usd: int, max_usd_elsewhere: int) -> Iterator[Finding]:
    """Fixed prices and ceilings, backups of the smallest disk; more storage, and traffic, depend on use."""
    for one in stack.of(*_PRICED):
        for path in _COSTS.get(one.type, ()):
            yield from (one.cannot_tell(place) for place, value in one.values(path) if value is UNKNOWN)
    priced = [(one, _monthly_usd(stack, one)) for one in stack.of(*_PRICED)]
    if not priced:
        return
    dearest, _ = max(priced, key=lambda pair: pair[1])
    total = sum(price for _, price in priced)
    limit = max_usd if dearest.environment.production else max_usd_elsewhere
    if total > limit:
        yield dearest.wants(
            f"is the dearest part of a stack that can cost about {total:.0f} dollars a month, over {limit}"
        )


_PRICED: Final = (
    ADVANCED_CLUSTER,
    FLEX_CLUSTER,
    SERVERLESS_INSTANCE,
    ZONE_SUBSCRIPTION,
    LOAD_BALANCER,
    REDIS_DATABASE,
)


_COSTS: Final[Mapping[str, tuple[str, ...]]] = {
    ADVANCED_CLUSTER: (SIZES, _CEILING, *_COUNTS),
    ZONE_SUBSCRIPTION: ("ratePlan.id",),
    REDIS_DATABASE: ("budget", "prodPack"),
}
"""What has to be known before a price is."""


def _monthly_usd(stack: Stack, resource: Resource) -> float:
    if resource.type == ADVANCED_CLUSTER:
        return _cluster(stack, resource)
    if resource.type == ZONE_SUBSCRIPTION:
        return _PLANS.get(text(resource.value("ratePlan.id")), 0)
    if resource.type == REDIS_DATABASE:
        pack = _PROD_PACK if resource.value("prodPack") is True else 0
        return number(resource.value("budget")) + pack
    return _BALANCER if resource.type == LOAD_BALANCER else _FLEX


def _cluster(stack: Stack, cluster: Resource) -> float:
    if not is_dedicated(cluster):
        return _FLEX
    sizes = [tier(size) for path in (SIZES, _CEILING) for _, size in cluster.values(path)]
    largest = max(sizes, default=0)
    price = next((usd for size, usd in _ATLAS.items() if size >= largest), max(_ATLAS.values()))
    nodes = sum(number(count) for path in _COUNTS for _, count in cluster.values(path)) or _NODES
    own_key = _OWN_KEY if cluster.value("encryptionAtRestProvider") not in (None, "NONE") else 0
    audit = _AUDIT_LOG if any(one.value("enabled") is True for one in stack.of(AUDITING)) else 0
    snapshots = _SNAPSHOTS if cluster.value("backupEnabled") is True else 0
    seconds = _POINT_IN_TIME if cluster.value("pitEnabled") is True else 0
    return price * nodes / _NODES * (1 + own_key + audit) + snapshots + seconds
