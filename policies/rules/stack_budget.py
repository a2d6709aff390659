"""The whole stack: what it costs a month, at the most it can grow to by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policies.atlas import PROVIDERS, SIZES, is_dedicated, tier
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

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from policies.model import Finding, Resource, Stack

_CEILING: Final = "replicationSpecs[].regionConfigs[].autoScaling.computeMaxInstanceSize"
_ATLAS: Final[Mapping[int, int]] = {10: 60, 20: 150, 30: 388, 40: 760, 50: 1_460, 60: 2_890}
"""US dollars a month for three nodes by tier, default AWS region. M10 and M30: MongoDB's billing documentation
(2026-08); the others are steps of its list, rounded up. Sydney's own prices were not found: a little more."""
_FLEX: Final = 30
_PLANS: Final[Mapping[str, int]] = {"pro": 25, "business": 250}
_BALANCER: Final = 5
_PROD_PACK: Final = 200
_OWN_KEY: Final = 0.15
_AUDIT_LOG: Final = 0.10


@stack_rule(
    id="stack-budget",
    title="A stack costs no more than its budget, however far it scales by itself",
    risk="The bill of a bad night is known a month later.",
    fix="Lower the tier or its ceiling, Redis's budget or the plan; or raise the limit in the pack's config.",
    severity=Severity.MEDIUM,
    audit="4.3 FinOps: alert when costs exceed budget thresholds",
    cis="1.1",
    equals=("arp:maximum tier", "arp:cluster count", "arp:shard count"),
    reads={
        ADVANCED_CLUSTER: (SIZES, _CEILING, PROVIDERS, "encryptionAtRestProvider"),
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
    """Fixed prices and ceilings; storage, traffic and backups depend on use and are not in the sum."""
    priced = [(one, _monthly_usd(stack, one)) for one in stack.of(*_PRICED)]
    if not priced:
        return
    dearest, _ = max(priced, key=lambda pair: pair[1])
    total = sum(price for _, price in priced)
    limit = max_usd if dearest.environment.production else max_usd_elsewhere
    if total > limit:
        yield dearest.wants(f"is the dearest part of a stack that can cost {total:.0f} dollars a month, over {limit}")


_PRICED: Final = (
    ADVANCED_CLUSTER,
    FLEX_CLUSTER,
    SERVERLESS_INSTANCE,
    ZONE_SUBSCRIPTION,
    LOAD_BALANCER,
    REDIS_DATABASE,
)


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
    own_key = _OWN_KEY if cluster.value("encryptionAtRestProvider") not in (None, "NONE") else 0
    audit = _AUDIT_LOG if any(one.value("enabled") is True for one in stack.of(AUDITING)) else 0
    return price * (1 + own_key + audit)
