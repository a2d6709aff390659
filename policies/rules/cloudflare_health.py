"""Cloudflare health checks: that somebody notices when a host is down."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Final

from policies.checks import is_false, matches, must, one_of, text
from policies.cloudflare import OF_PLAN, plan_of
from policies.rule import PRODUCTION, Severity, resource_rule, stack_rule, texts
from policies.tokens import DNS_RECORD, HEALTHCHECK, LOAD_BALANCER, R2_CUSTOM_DOMAIN, ZONE
from policies.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policies.model import Finding, Resource, Stack

_WITHOUT_ORIGIN: Final = tuple(ipaddress.ip_network(block) for block in ("192.0.2.0/24", "100::/64"))
"""Addresses for names that Cloudflare answers itself, by a redirect or a Worker: its documentation's own."""

resource_rule(
    id="healthcheck-running",
    title="A health check in the program is running",
    risk="A suspended check stays green in everybody's mind.",
    fix="Remove suspended, or set it to false.",
    severity=Severity.MEDIUM,
    audit="5.3 Phase 1 Uptime monitoring",
    cis="8.11",
    reads={HEALTHCHECK: ("suspended",)},
    shows=("suspended",),
)(must("suspended", is_false, required=False))

resource_rule(
    id="healthcheck-over-tls",
    title="A health check asks over https",
    risk="An expired certificate goes unnoticed.",
    fix='Set type to "HTTPS".',
    severity=Severity.LOW,
    mandatory=PRODUCTION,
    audit="5.3 Phase 1 Uptime monitoring",
    cis="3.10",
    reads={HEALTHCHECK: ("type",)},
    shows=("type",),
)(must("type", one_of("HTTPS")))


@stack_rule(
    id="public-host-watched",
    title="Every public host of a production zone is watched by a health check or a load balancer's monitor",
    risk="Customers find the outage before we do.",
    fix="Declare a Healthcheck whose address is the host or its origin, and whose httpConfig.header names the host "
    "where it has one; or a LoadBalancer of the host; or list the host in the config.",
    severity=Severity.HIGH,
    audit="5.3 Phase 1 Uptime monitoring",
    cis="8.11",
    applies=PRODUCTION,
    reads={
        HEALTHCHECK: ("zoneId", "address", "httpConfig.header"),
        LOAD_BALANCER: ("zoneId", "name"),
        R2_CUSTOM_DOMAIN: ("domain",),
        DNS_RECORD: ("zoneId", "name", "type", "content", "proxied"),
        **OF_PLAN,
        ZONE: ("name",),
    },
    options={"unwatched": texts((), "Globs of hosts that need no watching, such as a vendor's status page.")},
)
def public_host_is_watched(stack: Stack, *, unwatched: Sequence[str]) -> Iterator[Finding]:
    """Hosts that visitors reach through Cloudflare. Whether a pool has its monitor, and a check runs, others ask.

    A CNAME to a host of the zone is watched with it. A health check of an origin is one of the host that it asks for.
    What a record leads to may be known only at deployment. The Free plan has no health checks.
    """
    for zone in (one for one in stack.of(ZONE) if plan_of(stack, one).health_checks):
        checks = stack.companions(zone, HEALTHCHECK, "zoneId")
        balancers = stack.companions(zone, LOAD_BALANCER, "zoneId")
        if not checks and not balancers:
            yield zone.wants("is watched by nothing")
            continue
        records = [one for one in stack.companions(zone, DNS_RECORD, "zoneId") if _is_public(one)]
        served = {_host(one, "name") for one in balancers} | _of_buckets(stack)
        known = {_name(one, zone) for one in records} | served
        for record in records:
            name, target = _name(record, zone), _host(record, "content")
            meant = name in served or matches(name, unwatched) or _is_without_origin(target)
            later = record.value("content") in (None, UNKNOWN)
            if (
                not meant
                and not later
                and not _leads_on(target, known)
                and not any(_asks(one, name, target) for one in checks)
            ):
                yield record.wants("is a public host that no health check or load balancer watches", "name")


def _is_public(record: Resource) -> bool:
    return record.value("proxied") is True and record.value("type") in ("A", "AAAA", "CNAME")


def _host(resource: Resource, path: str) -> str:
    return text(resource.value(path)).lower().rstrip(".")


def _name(record: Resource, zone: Resource) -> str:
    """A record's whole name: Cloudflare takes the part before the zone's, too, and @ for the zone's own."""
    name, root = _host(record, "name"), _host(zone, "name")
    if name == root or name.endswith(f".{root}"):
        return name
    return root if name == "@" else f"{name}.{root}"


def _of_buckets(stack: Stack) -> set[str]:
    """Hosts that R2 serves: Cloudflare's own storage, with no origin of ours."""
    return {_host(one, "domain") for one in stack.of(R2_CUSTOM_DOMAIN)}


def _leads_on(target: str, known: set[str]) -> bool:
    """Whether a record leads to another host of the zone, which is judged itself."""
    return target in known or f"*.{target.partition('.')[2]}" in known


def _is_without_origin(target: str) -> bool:
    try:
        address = ipaddress.ip_address(target)
    except ValueError:
        return False
    return any(address in network for network in _WITHOUT_ORIGIN if network.version == address.version)


def _asks(check: Resource, name: str, target: str) -> bool:
    """Whether a check asks for the host: at its own name, or at its origin and in its name if it says one."""
    if UNKNOWN in (check.value("address"), check.value("httpConfig.header")):
        return True
    headers = check.value("httpConfig.header")
    hosts = [value for key, value in headers.items() if key.lower() == "host"] if isinstance(headers, dict) else []
    asked = [str(one).lower() for value in hosts for one in (value if isinstance(value, list) else [value])]
    return any(matches(host, [name]) for host in asked) if asked else _host(check, "address") in (name, target)
