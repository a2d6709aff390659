"""The way from a host name to an origin: records and, in the high-availability profile, load balancers."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
import pulumi_cloudflare as cloudflare

from components.base import Component, ComponentArgs
from components.edge.rulesets import entry_point
from components.edge.tls_exceptions import probed, tls_exception_rules, warnings

if TYPE_CHECKING:
    from settings import App, Apps, Edge, LoadBalancer, Origin

AUTOMATIC_TTL = 1
"""What Cloudflare requires of a proxied record: it answers with its own addresses and chooses the time itself."""

STAY = cloudflare.LoadBalancerSessionAffinityAttributesArgs(
    samesite="Lax", secure="Always", zero_downtime_failover="temporary"
)
"""How a visitor stays on one origin: by a cookie for https and this site alone, and not when that origin is down."""


@dataclass(frozen=True, kw_only=True)
class TrafficArgs(ComponentArgs):
    """Which hosts there are, which origins serve them, and the zone they are in."""

    settings: Edge
    apps: Apps
    zone_id: pulumi.Input[str]


class Traffic(Component):
    """Every host name that visitors use, on the way to the origins of its app.

    Each app has one head, its own host: a load balancer where the settings ask for one, else a record of the first
    origin. Its aliases and the tenants' wildcard are proxied CNAMEs to that head, so whatever moves the head moves
    them too, and they are balanced as well: Cloudflare follows a CNAME inside the zone to a load balancer ("CNAME
    routing" in its load-balancing docs), and the Host header stays the visitor's. A record for one name beats the
    wildcard.

    Owns those records, monitors, pools and balancers, and the phase of configuration rules, in which one host's
    origin, or every host's, can be excepted from Full (strict) until a day. Leaves the media host to
    `storage.MediaStorage`, whose custom domain makes its own record, and what the domain says of itself to `Records`.

    A probe asks each origin for the app's own host over TLS, as a visitor's request does (`probe_zone`), so an origin
    with a wrong certificate or without the app is out before anyone is sent there. A balancer whose pool is all down
    keeps sending to that pool (it is its own fallback): a wrong probe must not take the shop offline by itself.
    """

    def __init__(self, name: str, args: TrafficArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("edge:Traffic", name, args.deployment, opts)
        self._name, self._args = name, args
        self.pool_ids: dict[str, pulumi.Output[str]] = {}
        balancer = args.settings.load_balancer
        for app_name, app in args.apps.apps().items():
            if balancer:
                self._balance(f"{name}-{app_name}", app_name, app, balancer)
            else:
                self._point(app.host, args.apps.origins[0])
            for host in (*app.aliases, *([app.tenants] if app.tenants else [])):
                self._record(host, "CNAME", app.host)
        if exceptions := tls_exception_rules(args.settings.tls, args.apps):
            entry_point(
                f"{name}-configuration",
                zone_id=args.zone_id,
                phase="http_config_settings",
                rules=exceptions,
                limit=args.settings.plan.limits.configuration_rules,
                opts=self.child(),
            )
        for warning in warnings(args.settings.tls):
            pulumi.log.warn(warning, self)
        self.detection_seconds = balancer.detection_seconds if balancer else None
        self.register_outputs({"pool_ids": self.pool_ids, "detection_seconds": self.detection_seconds})

    def _point(self, host: str, origin: Origin) -> None:
        self._record(host, _record_type(origin.address), origin.address)

    def _record(self, host: str, type_: str, content: str) -> None:
        cloudflare.DnsRecord(
            self._named_after(host),
            zone_id=self._args.zone_id,
            name=host,
            type=type_,
            content=content,
            proxied=True,
            ttl=AUTOMATIC_TTL,
            opts=self.child(delete_before_replace=True),  # a name has an address or a CNAME, never both
        )

    def _named_after(self, host: str) -> str:
        """A logical name for what has the host's name at Cloudflare: the host may move to the other app."""
        return f"{self._name}-{host.replace('*', '_')}"  # a character that no host has, and no shell expands

    def _balance(self, name: str, app_name: str, app: App, settings: LoadBalancer) -> None:
        exception = self._args.settings.tls.exception_for(app.host)
        monitor = cloudflare.LoadBalancerMonitor(
            f"{name}-monitor",
            account_id=self._args.deployment.accounts.cloudflare_account_id,
            description=probed(f"{app.host}{app.health_path}", exception),
            type="https",
            method="GET",
            port=443,
            path=app.health_path,
            expected_codes="200",
            header={"Host": [app.host]},
            probe_zone=self._args.settings.zone,
            interval=settings.interval_seconds,
            timeout=settings.timeout_seconds,
            retries=settings.retries,
            follow_redirects=False,
            allow_insecure=exception is not None,
            opts=self.child(),
        )
        pool = cloudflare.LoadBalancerPool(
            f"{name}-pool",
            account_id=self._args.deployment.accounts.cloudflare_account_id,
            name=_pool_name(self._args.settings.zone, app_name),
            description=f"Origins of {app.host}",
            enabled=True,
            origins=[_endpoint(origin) for origin in self._args.apps.origins],
            minimum_origins=1,
            monitor=monitor.id,
            check_regions=[settings.region],
            origin_steering=cloudflare.LoadBalancerPoolOriginSteeringArgs(policy="random"),
            opts=self.child(),
        )
        self.pool_ids[app_name] = pool.id
        cloudflare.LoadBalancer(
            f"{self._named_after(app.host)}-balancer",
            zone_id=self._args.zone_id,
            name=app.host,
            description=f"{app.host} and what is a CNAME to it",
            enabled=True,
            proxied=True,
            default_pools=[pool.id],
            fallback_pool=pool.id,
            steering_policy="off",  # one pool: nothing to steer between; the pool spreads over its origins
            session_affinity=settings.session_affinity,
            session_affinity_attributes=STAY if settings.session_affinity == "cookie" else None,
            opts=self.child(),
        )


def _endpoint(origin: Origin) -> cloudflare.LoadBalancerPoolOriginArgs:
    return cloudflare.LoadBalancerPoolOriginArgs(name=origin.name, address=origin.address, enabled=True, weight=1)


def _record_type(address: str) -> str:
    try:
        version = ipaddress.ip_address(address).version
    except ValueError:
        return "CNAME"
    return {4: "A", 6: "AAAA"}[version]


def _pool_name(zone: str, app_name: str) -> str:
    """Pools belong to the account, not to a zone: their names must differ between stacks."""
    return f"{zone.replace('.', '-')}-{app_name}"
