"""Load balancing and health checks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.vendors.cloudflare.api import MONITOR, POOL, STAMPS, error, in_account, in_zone, taken, zone_name
from sandbox.vendors.forms import constant

if TYPE_CHECKING:
    from sandbox.cloud import Cloud, Thing

BALANCER = "cloudflare:index/loadBalancer:LoadBalancer"
CHANGES = frozenset({"modifiedOn"})


def _pool_in_use(cloud: Cloud, pool: Thing) -> str | None:
    users = [b for b in cloud.everything(BALANCER) if pool.id in (*b.state["defaultPools"], b.state["fallbackPool"])]
    if users:
        path = f"accounts/{pool.scope}/load_balancers/pools/{pool.id}"
        return error("DELETE", path, "412 Precondition Failed", 1005, "pool is referenced by load balancers")
    return None


def _monitor_in_use(cloud: Cloud, monitor: Thing) -> str | None:
    if any(pool.state.get("monitor") == monitor.id for pool in cloud.all(POOL, monitor.scope)):
        path = f"accounts/{monitor.scope}/load_balancers/monitors/{monitor.id}"
        return error("DELETE", path, "412 Precondition Failed", 1005, "monitor is referenced by pools")
    return None


KINDS = (
    in_zone(
        "LoadBalancer",
        name=("name",),
        taken=taken("zones/{zoneId}/load_balancers", 1004, "load balancer with name {name} already exists: not unique"),
        outputs={
            **STAMPS,
            "zoneName": zone_name,
            "description": constant(""),
            "networks": constant(["cloudflare"]),
            "ttl": lambda m: None if m["proxied"] else 30,
        },
        fresh=CHANGES,
    ),
    in_account(
        "LoadBalancerPool",
        name=("name",),
        taken=taken("accounts/{accountId}/load_balancers/pools", 1004, "pool name {name} not unique"),
        parents={"monitor": MONITOR},
        outputs={**STAMPS, "networks": constant(["cloudflare"])},
        fresh=CHANGES,
        in_use=_pool_in_use,
    ),
    in_account(
        "LoadBalancerMonitor",
        outputs={**STAMPS, "method": constant("GET"), "path": constant("/")},
        fresh=CHANGES,
        in_use=_monitor_in_use,
    ),
    in_zone(
        "Healthcheck",
        name=("name",),
        taken=taken("zones/{zoneId}/healthchecks", 1004, "health check name {name} not unique"),
        outputs={
            **STAMPS,
            "failureReason": constant(""),
            "status": constant("unknown"),
            "httpConfig": constant({}),
            "tcpConfig": constant({}),
        },
        fresh=CHANGES,
    ),
)
