"""Cloudflare load balancing: that one origin may fail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policies.rule import PRODUCTION, Severity, resource_rule, stack_rule
from policies.tokens import LOAD_BALANCER, LOAD_BALANCER_POOL, ZONE
from policies.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policies.model import Finding, Resource, Stack

ENOUGH_ORIGINS = 2


@resource_rule(
    id="pool-two-origins",
    title="A pool has two different origins that are switched on",
    risk="With one origin the balancer has nowhere to send visitors when it fails: the outage lasts as long as the "
    "repair.",
    fix="List two origins with different addresses and enabled not false.",
    severity=Severity.HIGH,
    audit="5.3 Phase 3 High availability",
    cis="11.1",
    applies=PRODUCTION,
    reads={LOAD_BALANCER_POOL: ("origins[].address", "origins[].enabled")},
)
def pool_has_two_origins(pool: Resource) -> Iterator[Finding]:
    """One address twice is one origin; a disabled one is none."""
    origins = [origin for _, origin in pool.values("origins[]")]
    listed = [one.get("address") for one in origins if isinstance(one, dict) and one.get("enabled") is not False]
    addresses = {address.lower().rstrip(".") for address in listed if isinstance(address, str)}
    if len(addresses) < ENOUGH_ORIGINS:
        unknown = UNKNOWN in (*origins, *listed)
        yield (
            pool.cannot_tell("origins") if unknown else pool.lacks("origins", f"names {len(addresses)} enabled origins")
        )


@stack_rule(
    id="promised-availability-has-balancer",
    title="Where high availability is promised, a load balancer stands before the zone's origins",
    risk="A DNS record sends every visitor to one origin and keeps doing so while it is down.",
    fix="Declare an enabled LoadBalancer in the zone, or take the stack out of pack.highAvailability.",
    severity=Severity.HIGH,
    audit="5.3 Phase 3 High availability",
    cis="11.1",
    reads={LOAD_BALANCER: ("zoneId", "enabled"), ZONE: ()},
)
def promised_availability_has_a_balancer(stack: Stack) -> Iterator[Finding]:
    """The promise is the pack's config; a stack without a zone has nothing to balance."""
    for zone in stack.of(ZONE):
        balancers = stack.companions(zone, LOAD_BALANCER, "zoneId")
        if zone.environment.high_availability and all(one.value("enabled") is False for one in balancers):
            yield zone.wants("has no enabled LoadBalancer")
