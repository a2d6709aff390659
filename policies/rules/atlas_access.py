"""Atlas: from where the database can be reached."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, TypeAlias

from policies.rule import Severity, resource_rule, stack_rule, whole
from policies.tokens import ATLAS_PROJECT, IP_ACCESS_LIST
from policies.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policies.model import Finding, Resource, Stack
    from policies.values import Value

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network


@resource_rule(
    id="atlas-access-list-narrow",
    title="An entry of the IP access list lets in a small, known network",
    risk="The wider the entry, the more of the internet may try passwords on the database; 0.0.0.0/0 is all of it.",
    fix="Name single addresses, or a network no wider than /24 (IPv6: /64).",
    severity=Severity.CRITICAL,
    audit="8 Week 1: MongoDB Atlas Network Access",
    cis="13.4",
    equals=(
        "prowler:projects_network_access_list_exposed_to_internet",
        "mondoo:project-ip-access-list-no-anywhere",
        "mondoo:project-ip-access-list-no-broad-cidr",
    ),
    reads={IP_ACCESS_LIST: ("cidrBlock", "ipAddress")},
    shows=("cidrBlock", "ipAddress"),
    options={
        "min_prefix": whole(24, 8, 32, "The shortest prefix of an IPv4 entry."),
        "min_prefix_v6": whole(64, 32, 128, "The shortest prefix of an IPv6 entry."),
    },
)
def entry_is_narrow(entry: Resource, *, min_prefix: int, min_prefix_v6: int) -> Iterator[Finding]:
    """An entry that is no address at all is refused too: nobody can tell what it opens."""
    for path in ("cidrBlock", "ipAddress"):
        value = entry.value(path)
        if value is None:
            continue
        network = _network(value)
        if value is UNKNOWN:
            yield entry.cannot_tell(path)
        elif (
            network is None
            or network.network_address.is_unspecified
            or network.prefixlen < (min_prefix if network.version == 4 else min_prefix_v6)
        ):
            yield entry.violates(path, value)


@stack_rule(
    id="atlas-access-list-small",
    title="The entries of a project's IP access list are few addresses, taken together",
    risk="Two halves of the internet are the internet: entries that look narrow one by one can add up to a wide door.",
    fix="Remove entries until the project's list holds no more addresses than the rule allows.",
    severity=Severity.CRITICAL,
    audit="8 Week 1: MongoDB Atlas Network Access",
    cis="13.4",
    reads={IP_ACCESS_LIST: ("cidrBlock", "ipAddress", "projectId"), ATLAS_PROJECT: ()},
    options={"max_addresses": whole(1_024, 1, 65_536, "The most IPv4 addresses that a project's list may hold.")},
)
def list_is_small(stack: Stack, *, max_addresses: int) -> Iterator[Finding]:
    """The union per project, overlaps counted once. One entry alone is `atlas-access-list-narrow`'s."""
    projects: dict[str, list[Resource]] = {}
    for entry in stack.of(IP_ACCESS_LIST):
        projects.setdefault(stack.group(entry, "projectId", ATLAS_PROJECT), []).append(entry)
    for entries in projects.values():
        networks = [network for entry in entries for network in _networks(entry)]
        total = sum(network.num_addresses for network in ipaddress.collapse_addresses(networks))
        if len(networks) > 1 and total > max_addresses:
            yield entries[0].wants(f"is one of {len(entries)} entries that together let in {total} addresses")


def _networks(entry: Resource) -> Iterator[ipaddress.IPv4Network]:
    for path in ("cidrBlock", "ipAddress"):
        network = _network(entry.value(path))
        if isinstance(network, ipaddress.IPv4Network):
            yield network


def _network(value: Value) -> Network | None:
    try:
        return ipaddress.ip_network(value, strict=False) if isinstance(value, str) else None
    except ValueError:
        return None
