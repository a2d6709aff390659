"""What Cloudflare refuses in load balancing and health checks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sandbox.rules.cloudflare_rulesets import best_plan
from sandbox.rules.cloudflare_zone import HEALTHCHECK
from sandbox.rules.record import Ask, across, alone
from sandbox.vendors.cloudflare.api import MONITOR, POOL, ZONE, error
from sandbox.vendors.cloudflare.traffic import BALANCER
from sandbox.vendors.cloudflare.zone import plan_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.cloud import Reader

LIMITS = "CD: load-balancing/reference/limitations.mdx"
SDK = "pulumi_cloudflare 6.23.1"
BALANCER_PAGE = "TFC: docs/resources/load_balancer.md"
COOKIE_TTL = range(1800, 604801)
SHORTEST_INTERVAL = 15
BALANCERS = POOLS = ENDPOINTS = 20
HEALTHCHECKS = {"free": 0, "pro": 10, "business": 50, "enterprise": 1000}


@alone(BALANCER, source=f"{BALANCER_PAGE}, session_affinity_ttl")
def affinity_ttl_is_in_range(ask: Ask) -> Iterator[tuple[str, str]]:
    """A session affinity cookie lives 1800 to 604800 seconds."""
    by_cookie, ttl = ask["sessionAffinity"] in ("cookie", "ip_cookie"), ask["sessionAffinityTtl"]
    if by_cookie and ttl is not None and ttl not in COOKIE_TTL:
        yield "sessionAffinityTtl", "session_affinity_ttl must be between 1800 and 604800"


@alone(BALANCER, source=f"{BALANCER_PAGE}, ttl")
def proxied_balancer_has_no_ttl(ask: Ask) -> Iterator[tuple[str, str]]:
    """Only an unproxied load balancer has a ttl."""
    if ask["proxied"] and ask["ttl"] is not None:
        yield "ttl", "ttl can only be set when proxied is false"


@alone(HEALTHCHECK, source="TFC: docs/resources/healthcheck.md, name")
def healthcheck_name_is_plain(ask: Ask) -> Iterator[tuple[str, str]]:
    """A health check's name has only letters, digits, `-` and `_`."""
    if not re.fullmatch(r"[A-Za-z0-9_-]+", ask["name"]):
        yield "name", "name may only contain alphanumeric characters, hyphens and underscores"


@alone(POOL, source=f"{SDK}, LoadBalancerPool: name, latitude, longitude")
def pool_is_named_and_placed(ask: Ask) -> Iterator[tuple[str, str]]:
    """A pool's name has only letters, digits, `-` and `_`; its latitude and longitude go together."""
    if not re.fullmatch(r"[A-Za-z0-9_-]+", ask["name"]):
        yield "name", "name may only contain alphanumeric characters, hyphens and underscores"
    if ("latitude" in ask.props) != ("longitude" in ask.props):
        yield "latitude", "latitude and longitude must be set together"


@alone(MONITOR, source=f"{SDK}, LoadBalancerMonitor: port")
def monitor_without_http_has_a_port(ask: Ask) -> Iterator[tuple[str, str]]:
    """A TCP, UDP or SMTP monitor says which port."""
    if ask["type"] in ("tcp", "udp_icmp", "smtp") and ask["port"] in (None, 0):
        yield "port", f"a monitor of type {ask['type']} needs a port"


@across(BALANCER, source="cloudflare/terraform-provider-cloudflare#7306: the API keeps pools and balancers together")
def pools_of_the_balancer_exist(ask: Ask, cloud: Reader) -> Iterator[str]:
    """The pools that a load balancer names exist."""
    pools = [value for _, value in ask.each("defaultPools[]")]
    for pool in sorted({*pools, *(v for _, v in ask.each("fallbackPool"))}):
        if not cloud.exists(POOL, pool):
            path = f"zones/{ask['zoneId']}/load_balancers"
            yield error("POST", path, "400 Bad Request", 1002, f"pool {pool} could not be found: validation failed")


@across(BALANCER, source=f"{BALANCER_PAGE}, name; the refusal is from knowledge")
def balancer_is_named_in_its_zone(ask: Ask, cloud: Reader) -> Iterator[str]:
    """A load balancer's name is a hostname of its zone."""
    zone = cloud.by_id(ZONE, ask["zoneId"])
    if zone and not f".{ask['name']}".endswith(f".{zone.state['name']}"):
        message = f"name must be a hostname in the zone {zone.state['name']}: validation failed"
        yield error("POST", f"zones/{ask['zoneId']}/load_balancers", "400 Bad Request", 1002, message)


@across(BALANCER, source="CD: load-balancing/additional-options/load-balancing-rules/index.mdx")
def balancer_rules_are_counted(ask: Ask, cloud: Reader) -> Iterator[str]:
    """A load balancer has one rule below Enterprise."""
    if ask["rules"] and len(ask["rules"]) > 1 and plan_of(cloud, ask["zoneId"]) != "enterprise":
        path = f"zones/{ask['zoneId']}/load_balancers"
        yield error("POST", path, "403 Forbidden", 1006, "rules: quota of 1 per load balancer exceeded")


@across(BALANCER, source=LIMITS)
def balancers_are_counted(ask: Ask, cloud: Reader) -> Iterator[str]:
    """A zone has at most 20 load balancers below Enterprise."""
    if (
        not ask.id
        and cloud.count(BALANCER, ask["zoneId"]) >= BALANCERS
        and plan_of(cloud, ask["zoneId"]) != "enterprise"
    ):
        yield error(
            "POST", f"zones/{ask['zoneId']}/load_balancers", "403 Forbidden", 1006, "load balancer quota exceeded"
        )


@across(POOL, source=LIMITS)
def pools_and_endpoints_are_counted(ask: Ask, cloud: Reader) -> Iterator[str]:
    """An account has at most 20 pools and 20 endpoints in each below Enterprise."""
    account = ask["accountId"]
    too_many = (not ask.id and cloud.count(POOL, account) >= POOLS) or len(ask["origins"]) > ENDPOINTS
    if too_many and best_plan(cloud, account) != "enterprise":
        message = "pool or origin quota exceeded"
        yield error("POST", f"accounts/{account}/load_balancers/pools", "403 Forbidden", 1006, message)


@across(MONITOR, source=LIMITS)
def monitor_interval_depends_on_plan(ask: Ask, cloud: Reader) -> Iterator[str]:
    """A monitor's interval is at least 15 s below Enterprise."""
    if ask["interval"] < SHORTEST_INTERVAL and best_plan(cloud, ask["accountId"]) != "enterprise":
        path = f"accounts/{ask['accountId']}/load_balancers/monitors"
        yield error("POST", path, "400 Bad Request", 1002, "interval must be at least 15: validation failed")


@across(HEALTHCHECK, source="CD: plans/index.json")
def healthchecks_are_counted_by_plan(ask: Ask, cloud: Reader) -> Iterator[str]:
    """A zone has no health check on Free, 10 on Pro, 50 on Business."""
    limit = HEALTHCHECKS[plan_of(cloud, ask["zoneId"])]
    if not ask.id and cloud.count(HEALTHCHECK, ask["zoneId"]) >= limit:
        path = f"zones/{ask['zoneId']}/healthchecks"
        yield error("POST", path, "403 Forbidden", 1006, f"health check quota of {limit} exceeded")
