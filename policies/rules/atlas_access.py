"""Atlas: from where the database can be reached."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING, Final, TypeAlias

from policies.checks import must
from policies.rule import NOWHERE, PRODUCTION, Severity, resource_rule, stack_rule, texts, whole
from policies.tokens import (
    ADVANCED_CLUSTER,
    ATLAS_ACCOUNT_ENTRY,
    ATLAS_API_KEY_ENTRY,
    ATLAS_PROJECT,
    ATLAS_PROJECT_ACCOUNT_ENTRY,
    IP_ACCESS_LIST,
    PRIVATE_LINK_ENDPOINT,
)
from policies.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policies.model import Finding, Resource, Stack
    from policies.values import Value

_PERSONAL: Final = ("home", "laptop", "developer", "dev", "personal", "temporary", "temp", "test", "debug", "office")

_MAPPED: Final = ipaddress.IPv6Network("::ffff:0:0/96")
"""IPv4 in IPv6's clothes."""

Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network


@resource_rule(
    id="atlas-access-list-narrow",
    title="An entry of an IP access list, of the database or of an API credential, lets in a small, known network",
    risk="The wider the entry, the more of the internet may try passwords on the database, or use a leaked key; "
    "0.0.0.0/0 is all of it.",
    fix="Name single addresses, or a network no wider than /24 (IPv6: /64).",
    severity=Severity.CRITICAL,
    audit="8 Week 1: MongoDB Atlas Network Access",
    cis="13.4",
    equals=(
        "prowler:projects_network_access_list_exposed_to_internet",
        "mondoo:project-ip-access-list-no-anywhere",
        "mondoo:project-ip-access-list-no-broad-cidr",
        "arp:IP access list with any /0 entry",
    ),
    reads={
        IP_ACCESS_LIST: ("cidrBlock", "ipAddress", "awsSecurityGroup"),
        **dict.fromkeys(
            (ATLAS_API_KEY_ENTRY, ATLAS_ACCOUNT_ENTRY, ATLAS_PROJECT_ACCOUNT_ENTRY), ("cidrBlock", "ipAddress")
        ),
    },
    shows=("cidrBlock", "ipAddress"),
    options={
        "min_prefix": whole(24, 8, 32, "The shortest prefix of an IPv4 entry."),
        "min_prefix_v6": whole(64, 32, 128, "The shortest prefix of an IPv6 entry."),
    },
)
def entry_is_narrow(entry: Resource, *, min_prefix: int, min_prefix_v6: int) -> Iterator[Finding]:
    """An entry that is no address at all is refused too: nobody can tell what it opens."""
    others = ("awsSecurityGroup",) if entry.type == IP_ACCESS_LIST else ()
    if not any(entry.has(path) for path in ("cidrBlock", "ipAddress", *others)):
        yield entry.lacks("cidrBlock")
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


resource_rule(
    id="atlas-access-list-comment",
    title="An entry of the IP access list says whose it is",
    risk="Nobody dares to remove an address that nobody knows.",
    fix="Set comment to what connects from the address.",
    severity=Severity.LOW,
    mandatory=PRODUCTION,
    audit="8 Week 1: MongoDB Atlas Network Access",
    cis="1.1",
    reads={IP_ACCESS_LIST: ("comment",)},
)(must("comment", lambda comment: isinstance(comment, str) and bool(comment.strip())))


@resource_rule(
    id="atlas-no-personal-access",
    title="No person's own address reaches the production database",
    risk="A laptop in a cafe becomes a way into customers' data, and the entry stays when the person has left.",
    fix="Remove the entry; look at production through a tool that runs beside the apps.",
    severity=Severity.HIGH,
    audit="8 Week 1: MongoDB Atlas Network Access",
    cis="13.4",
    applies=PRODUCTION,
    reads={IP_ACCESS_LIST: ("comment",)},
    shows=("comment",),
    options={"words": texts(_PERSONAL, "Words in a comment that mean a person's address, in lower case.")},
)
def address_is_no_persons(entry: Resource, *, words: Sequence[str]) -> Iterator[Finding]:
    """By the comment, as whole words: an address doesn't say whose it is."""
    comment = entry.value("comment")
    if comment is UNKNOWN:
        yield entry.cannot_tell("comment")
    spoken = set(re.findall(r"[a-z]+", comment.lower())) if isinstance(comment, str) else set()
    if spoken & {*words}:
        yield entry.violates("comment", comment)


@stack_rule(
    id="atlas-access-list-exists",
    title="The project of a production cluster has an IP access list",
    risk="Without an entry here the list is kept by hand in the console, where 0.0.0.0/0 is one click.",
    fix="Declare a ProjectIpAccessList for each address that the apps connect from, or a PrivateLinkEndpoint.",
    severity=Severity.HIGH,
    audit="8 Week 1: MongoDB Atlas Network Access",
    cis="13.4",
    equals=("prowler:projects_network_access_list_exposed_to_internet",),
    applies=PRODUCTION,
    reads={
        IP_ACCESS_LIST: ("projectId",),
        PRIVATE_LINK_ENDPOINT: ("projectId",),
        ADVANCED_CLUSTER: ("projectId",),
        ATLAS_PROJECT: (),
    },
)
def list_exists(stack: Stack) -> Iterator[Finding]:
    """Per cluster, through its project."""
    doors = [*stack.of(IP_ACCESS_LIST), *stack.of(PRIVATE_LINK_ENDPOINT)]
    open_to = {stack.group(door, "projectId", ATLAS_PROJECT) for door in doors}
    for cluster in stack.of(ADVANCED_CLUSTER):
        if stack.group(cluster, "projectId", ATLAS_PROJECT) not in open_to:
            yield cluster.wants("is in a project without an IP access list")


@stack_rule(
    id="atlas-private-endpoint",
    title="A production cluster is reached over a private endpoint",
    risk="The database's port answers on the internet, behind an address list and a password.",
    fix="Declare a PrivateLinkEndpoint in the cluster's project.",
    severity=Severity.LOW,
    mandatory=PRODUCTION,
    audit="Beyond the audit: apps on Railway have no network of ours; asked only where a pack config says so",
    cis="12.2",
    equals=("mondoo:project-private-endpoints-configured",),
    applies=NOWHERE,
    reads={PRIVATE_LINK_ENDPOINT: ("projectId",), ADVANCED_CLUSTER: ("projectId",), ATLAS_PROJECT: ()},
)
def cluster_is_private(stack: Stack) -> Iterator[Finding]:
    """Per cluster, through its project."""
    endpoints = {stack.group(one, "projectId", ATLAS_PROJECT) for one in stack.of(PRIVATE_LINK_ENDPOINT)}
    for cluster in stack.of(ADVANCED_CLUSTER):
        if stack.group(cluster, "projectId", ATLAS_PROJECT) not in endpoints:
            yield cluster.wants("is in a project without a private endpoint")


def _networks(entry: Resource) -> Iterator[ipaddress.IPv4Network]:
    for path in ("cidrBlock", "ipAddress"):
        network = _network(entry.value(path))
        if isinstance(network, ipaddress.IPv4Network):
            yield network


def _network(value: Value) -> Network | None:
    try:
        network = ipaddress.ip_network(value, strict=False) if isinstance(value, str) else None
    except ValueError:
        return None
    if isinstance(network, ipaddress.IPv6Network) and network.subnet_of(_MAPPED):
        return ipaddress.IPv4Network((int(network.network_address) & 0xFFFFFFFF, network.prefixlen - _MAPPED.prefixlen))
    return network
