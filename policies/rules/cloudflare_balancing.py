"""Cloudflare load balancing and health checks: that one origin may fail, and that someone notices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from policies.checks import between, each, is_false, is_true, must, never_ends, none_of, one_of, text
from policies.cloudflare import detection_seconds, detection_unknown
from policies.rule import NOWHERE, PRODUCTION, Severity, resource_rule, stack_rule, whole
from policies.tokens import HEALTHCHECK, LOAD_BALANCER, LOAD_BALANCER_MONITOR, LOAD_BALANCER_POOL, ZONE
from policies.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from policies.checks import Holds
    from policies.model import Finding, Resource, Stack
    from policies.values import Value

ENOUGH_ORIGINS = 2


@stack_rule(
    id="pool-two-origins",
    title="A pool has two different origins that are switched on, or another pool beside it",
    risk="With one origin the balancer has nowhere to send visitors when it fails.",
    fix="List two origins with different addresses, enabled not false and a weight; or a second pool in defaultPools.",
    severity=Severity.HIGH,
    audit="5.3 Phase 3 High availability",
    cis="11.1",
    applies=PRODUCTION,
    reads={
        LOAD_BALANCER_POOL: ("origins[].address", "origins[].enabled", "origins[].weight"),
        LOAD_BALANCER: ("defaultPools[]", "fallbackPool"),
    },
)
def pool_has_two_origins(stack: Stack) -> Iterator[Finding]:
    """One address twice is one origin; a disabled one is none. A mere fallback, such as a notice, needs but one."""
    for pool in stack.of(LOAD_BALANCER_POOL):
        origins = [origin for _, origin in pool.values("origins[]")]
        listed = [one for one in origins if isinstance(one, dict) and _takes_visitors(one)]
        addresses = {text(one.get("address")).lower().rstrip(".") for one in listed} - {""}
        asked = [one.get(key) for one in listed for key in ("address", "enabled", "weight")]
        if UNKNOWN in (*origins, *asked):
            yield pool.cannot_tell("origins")
        elif len(addresses) < ENOUGH_ORIGINS and not _has_company(stack, pool):
            yield pool.lacks("origins", f"names {len(addresses)} enabled origins")


def _takes_visitors(origin: dict[str, Any]) -> bool:
    return origin.get("enabled") is not False and origin.get("weight") != 0


def _has_company(stack: Stack, pool: Resource) -> bool:
    """Whether each balancer that sends visitors to the pool has another one to send them to."""
    pools = [stack.linked(one, "defaultPools", LOAD_BALANCER_POOL) for one in stack.of(LOAD_BALANCER)]
    return all(len(one) >= ENOUGH_ORIGINS for one in pools if pool in one)


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


@resource_rule(
    id="pool-monitored",
    title="A pool is watched by a monitor",
    risk="Without one the balancer believes every origin healthy, and shares visitors with a dead one.",
    fix="Set monitor (or monitorGroup) to a LoadBalancerMonitor's id.",
    severity=Severity.HIGH,
    audit="5.3 Phase 3 High availability",
    cis="11.1",
    reads={LOAD_BALANCER_POOL: ("monitor", "monitorGroup")},
)
def pool_is_monitored(pool: Resource) -> Iterator[Finding]:
    """The id may be unknown yet; that there is one is enough."""
    if not pool.has("monitor") and not pool.has("monitorGroup"):
        yield pool.lacks("monitor")


resource_rule(
    id="pool-enabled",
    title="A pool is switched on",
    risk="A balancer passes it by: what looks like a second chance is none.",
    fix="Remove enabled, or set it to true.",
    severity=Severity.MEDIUM,
    audit="5.3 Phase 3 High availability",
    cis="11.1",
    reads={LOAD_BALANCER_POOL: ("enabled",)},
    shows=("enabled",),
)(must("enabled", is_true, required=False))


@resource_rule(
    id="pool-minimum-origins",
    title="A pool is down when it has no healthy origin, and not before it must be",
    risk="With minimumOrigins 0 a pool of dead origins stays in use; with as many as it has, one dead origin ends it.",
    fix="Set minimumOrigins to 1, its default, or at most to one less than there are origins.",
    severity=Severity.MEDIUM,
    audit="5.3 Phase 3 High availability",
    cis="11.1",
    reads={LOAD_BALANCER_POOL: ("minimumOrigins", "origins[]")},
    shows=("minimumOrigins",),
)
def minimum_can_be_met(pool: Resource) -> Iterator[Finding]:
    """Between one and one less than there are: an origin may fail."""
    count = sum(1 for _ in pool.values("origins[]"))
    yield from must("minimumOrigins", between(1, max(count - 1, 1)), required=False)(pool)


@stack_rule(
    id="balancer-fallback-differs",
    title="A load balancer's fallback is a pool of its own",
    risk="When every origin of the only pool is down, visitors get an error page instead of a notice.",
    fix="Set fallbackPool to a pool that is not in defaultPools, such as a static page's.",
    severity=Severity.LOW,
    mandatory=PRODUCTION,
    audit="5.3 Phase 3 High availability; needs a second host for a notice, asked where a pack config says so",
    cis="11.1",
    applies=NOWHERE,
    reads={LOAD_BALANCER: ("defaultPools[]", "fallbackPool")},
)
def fallback_differs(stack: Stack) -> Iterator[Finding]:
    """By the links, since a preview does not know ids; by the ids, where somebody wrote them."""
    for balancer in stack.of(LOAD_BALANCER):
        of_stack = {one.urn for one in stack.linked(balancer, "defaultPools", LOAD_BALANCER_POOL)}
        linked = any(one.urn in of_stack for one in stack.linked(balancer, "fallbackPool", LOAD_BALANCER_POOL))
        written = {pool for _, pool in balancer.values("defaultPools[]") if isinstance(pool, str)}
        if linked or text(balancer.value("fallbackPool")) in written:
            yield balancer.wants("is the pool that failed", "fallbackPool")


@stack_rule(
    id="pool-used",
    title="A pool belongs to a balancer",
    risk="Origins that were meant to share the visitors of a host get none of them.",
    fix="Name the pool in a LoadBalancer's defaultPools, or remove it.",
    severity=Severity.MEDIUM,
    audit="5.3 Phase 3 High availability",
    cis="11.1",
    reads={LOAD_BALANCER_POOL: (), LOAD_BALANCER: ("defaultPools[]", "fallbackPool")},
)
def pool_is_used(stack: Stack) -> Iterator[Finding]:
    """By any link of a balancer."""
    used = {urn for one in stack.of(LOAD_BALANCER) for urns in one.links.values() for urn in urns}
    for pool in stack.of(LOAD_BALANCER_POOL):
        if pool.urn not in used:
            yield pool.wants("is in no LoadBalancer")


resource_rule(
    id="balancer-enabled",
    title="A load balancer is switched on",
    risk="Its host answers from whatever record has the name, or not at all.",
    fix="Remove enabled, or set it to true.",
    severity=Severity.MEDIUM,
    audit="5.3 Phase 3 High availability",
    cis="11.1",
    reads={LOAD_BALANCER: ("enabled",)},
    shows=("enabled",),
)(must("enabled", is_true, required=False))

resource_rule(
    id="balancer-has-pool",
    title="A load balancer has a pool to send visitors to",
    risk="Everyone gets the fallback, healthy or not.",
    fix="List a pool in defaultPools.",
    severity=Severity.MEDIUM,
    audit="5.3 Phase 3 High availability",
    cis="11.1",
    reads={LOAD_BALANCER: ("defaultPools[]",)},
)(must("defaultPools[]", lambda pool: isinstance(pool, str), unknown=True))

resource_rule(
    id="balancer-proxied",
    title="A load balancer hides its origins",
    risk="Unproxied it answers with the origins' own addresses, past WAF and rate limits, and fails over as slowly "
    "as DNS.",
    fix="Set proxied to true.",
    severity=Severity.HIGH,
    audit="6.2 Network security",
    cis="13.10",
    reads={LOAD_BALANCER: ("proxied",)},
    shows=("proxied",),
)(must("proxied", is_true))


def _by_kind(path: str, holds: Holds, *, required: bool = True) -> Callable[[Resource], Iterator[Finding]]:
    """`must`, for a monitor's property or the same one of a health check, which keeps it in httpConfig."""
    of_monitor = must(path, holds, required=required)
    of_healthcheck = must(f"httpConfig.{path}", holds, required=required)
    return lambda one: of_monitor(one) if one.type == LOAD_BALANCER_MONITOR else of_healthcheck(one)


resource_rule(
    id="monitor-over-tls",
    title="A monitor asks an origin the way visitors do, over https",
    risk="An origin with an expired certificate looks healthy to http or tcp while every visitor gets an error.",
    fix='Set type to "https".',
    severity=Severity.MEDIUM,
    audit="5.3 Phase 3 High availability",
    cis="3.10",
    reads={LOAD_BALANCER_MONITOR: ("type",)},
    shows=("type",),
)(must("type", one_of("https")))


@resource_rule(
    id="monitor-checks-certificate",
    title="A monitor accepts only a valid certificate, or any until a day that it names",
    risk="An origin whose certificate Full (strict) refuses is called healthy.",
    fix="Remove allowInsecure (httpConfig.allowInsecure of a Healthcheck), or set it to false. Where the origin's "
    "certificate is excepted, too, write the last day into description.",
    severity=Severity.MEDIUM,
    audit="5.3 Phase 3 High availability",
    cis="3.10",
    reads={
        LOAD_BALANCER_MONITOR: ("allowInsecure", "description"),
        HEALTHCHECK: ("httpConfig.allowInsecure", "description"),
    },
    shows=("allowInsecure", "httpConfig.allowInsecure"),
    options={"max_days": whole(366, 1, 1_096, "The most days that an exception may still last.")},
)
def monitor_checks_certificate(monitor: Resource, *, max_days: int) -> Iterator[Finding]:
    """As `tls-exception-ends` reads a rule's description."""
    if never_ends(monitor.value("description"), monitor.environment.today, max_days):
        yield from _by_kind("allowInsecure", is_false, required=False)(monitor)


resource_rule(
    id="monitor-stays-on-path",
    title="A monitor judges the answer it asked for, not where it is sent",
    risk="An app that sends everybody to an error page or a sign-in is called healthy.",
    fix="Remove followRedirects, or set it to false; the same for httpConfig.followRedirects of a Healthcheck.",
    severity=Severity.MEDIUM,
    audit="5.3 Phase 1 Health check endpoints",
    cis="11.1",
    reads={LOAD_BALANCER_MONITOR: ("followRedirects",), HEALTHCHECK: ("httpConfig.followRedirects",)},
    shows=("followRedirects", "httpConfig.followRedirects"),
)(_by_kind("followRedirects", is_false, required=False))


@resource_rule(
    id="monitor-expects-success",
    title="A monitor says which answers are healthy",
    risk="An app that answers every request with an error page keeps getting visitors.",
    fix='Set expectedCodes, such as "200" or "2xx"; an error page (4xx, 5xx) is none of them.',
    severity=Severity.MEDIUM,
    audit="5.3 Phase 1 Health check endpoints",
    cis="11.1",
    reads={LOAD_BALANCER_MONITOR: ("expectedCodes",), HEALTHCHECK: ("httpConfig.expectedCodes[]",)},
    shows=("expectedCodes", "httpConfig.expectedCodes[]"),
)
def monitor_expects_success(monitor: Resource) -> Iterator[Finding]:
    """A health check expects 200 where it says nothing."""
    if monitor.type == LOAD_BALANCER_MONITOR:
        yield from each(monitor, "expectedCodes", _are_successes)
    else:
        yield from each(monitor, "httpConfig.expectedCodes[]", _are_successes, required=False)


def _are_successes(codes: Value) -> bool:
    """Each code of a list, and both ends of a range."""
    ends = [end.strip() for part in text(codes).split(",") for end in part.split("-")]
    return all(end.startswith(("2", "3")) for end in ends) and ends[0].startswith("2")


resource_rule(
    id="monitor-asks-health",
    title="A monitor asks a path that knows whether the app works",
    risk="The front page comes from a cache, and is there while the database is not.",
    fix="Set path (httpConfig.path of a Healthcheck) to the app's health check, such as /api/health.",
    severity=Severity.MEDIUM,
    audit="5.3 Phase 1 Health check endpoints",
    cis="11.1",
    reads={LOAD_BALANCER_MONITOR: ("path",), HEALTHCHECK: ("httpConfig.path",)},
    shows=("path", "httpConfig.path"),
)(_by_kind("path", none_of("", "/")))


@resource_rule(
    id="monitor-detects-in-time",
    title="A dead origin is noticed well inside the recovery time",
    risk="Minutes spent noticing are taken from the 15 that the audit gives for the whole recovery.",
    fix="Lower interval, retries or timeout: interval + timeout * (retries + 1) is the time until a failure is known, "
    "with interval times consecutiveDown (consecutiveFails of a Healthcheck).",
    severity=Severity.MEDIUM,
    audit="5.2 RTO under 15 minutes",
    cis="11.1",
    applies=PRODUCTION,
    reads={
        LOAD_BALANCER_MONITOR: ("interval", "retries", "timeout", "consecutiveDown"),
        HEALTHCHECK: ("interval", "retries", "timeout", "consecutiveFails"),
    },
    options={"max_seconds": whole(300, 15, 3_600, "The longest time until a failure is known, in seconds.")},
)
def failure_is_noticed(monitor: Resource, *, max_seconds: int) -> Iterator[Finding]:
    """With Cloudflare's defaults where the program says nothing: 60 s, 2 retries, 5 s, the first failure."""
    seconds, unknown = detection_seconds(monitor), detection_unknown(monitor)
    if unknown:
        yield monitor.cannot_tell(unknown)
    elif seconds > max_seconds:
        yield monitor.lacks(
            "interval", f"gives {seconds:.0f} seconds until a failure is known, more than {max_seconds}"
        )
