"""Upstash: Redis, and the messages of QStash."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Final

from policies.checks import between, is_false, is_true, matches, must, one_of, text
from policies.rule import NOWHERE, PRODUCTION, Severity, resource_rule, texts, whole
from policies.tokens import QSTASH_ENDPOINT, QSTASH_SCHEDULE, QSTASH_TOPIC, REDIS_DATABASE
from policies.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policies.model import Finding, Resource
    from policies.values import Value

resource_rule(
    id="redis-tls",
    title="Redis is reached over TLS",
    risk="Sessions and rate-limit counters, and the password itself, cross the internet in the clear.",
    fix="Set tls to true; the provider's default is false.",
    severity=Severity.HIGH,
    audit="2.3 P0.4 Rate limiting with Upstash Redis",
    cis="3.10",
    reads={REDIS_DATABASE: ("tls",)},
    shows=("tls",),
)(must("tls", is_true))


@resource_rule(
    id="redis-keeps-entries",
    title="A full Redis drops entries only where it is a mere cache",
    risk="Dropped sessions log customers out, and dropped counters let an attacker start anew.",
    fix="Remove eviction, or set it to false; a database of cached pages alone says so in its name, or is listed in "
    "the config.",
    severity=Severity.LOW,
    mandatory=PRODUCTION,
    audit="3.4 Redis caching",
    cis="4.1",
    reads={REDIS_DATABASE: ("eviction", "databaseName")},
    shows=("eviction",),
    options={"caches": texts(("*cache*",), "The names of databases that are mere caches; globs allowed.")},
)
def entries_are_kept(database: Resource, *, caches: Sequence[str]) -> Iterator[Finding]:
    """Upstash's own default is false."""
    if not matches(text(database.value("databaseName")), caches):
        yield from must("eviction", is_false, required=False)(database)


@resource_rule(
    id="redis-budget",
    title="A Redis has a budget that was chosen",
    risk="At Upstash's own budget the database is throttled on the busiest day; without one an attack writes the bill.",
    fix="Set budget to the dollars a month at which throttling is right.",
    severity=Severity.MEDIUM,
    audit="4.3 Cost anomaly detection",
    cis="1.1",
    reads={REDIS_DATABASE: ("budget",)},
    shows=("budget",),
    options={
        "min_usd": whole(5, 1, 10_000, "The smallest budget, in US dollars a month: 5 buys 2.5 million commands."),
        "max_usd": whole(200, 1, 10_000, "The largest budget, in US dollars a month."),
    },
)
def budget_is_chosen(database: Resource, *, min_usd: int, max_usd: int) -> Iterator[Finding]:
    """Set, neither sky-high nor spent in a day."""
    yield from must("budget", between(min_usd, max_usd))(database)


@resource_rule(
    id="redis-access-list-narrow",
    title="An entry of Redis's IP list lets in a small, known network",
    risk="A list with 0.0.0.0/0 in it is none.",
    fix="Name single addresses, or networks no wider than /24.",
    severity=Severity.HIGH,
    audit="8 Week 1: Network Access",
    cis="13.4",
    reads={REDIS_DATABASE: ("ipAllowlists[]",)},
    shows=("ipAllowlists[]",),
    options={"min_prefix": whole(24, 8, 32, "The shortest prefix of an entry.")},
)
def entries_are_narrow(database: Resource, *, min_prefix: int) -> Iterator[Finding]:
    """Upstash takes IPv4 only."""
    yield from must("ipAllowlists[]", lambda entry: _is_narrow(entry, min_prefix), required=False)(database)


def _is_narrow(entry: Value, min_prefix: int) -> bool:
    try:
        network = ipaddress.IPv4Network(entry, strict=False) if isinstance(entry, str) else None
    except ValueError:
        return False
    return network is not None and network.prefixlen >= min_prefix


@resource_rule(
    id="redis-access-list-exists",
    title="A production Redis answers known addresses only",
    risk="Unset, every address in the world may try passwords.",
    fix="List the apps' addresses in ipAllowlists (paid plans).",
    severity=Severity.MEDIUM,
    audit="8 Week 1: Network Access; paid plans only, asked where a pack config says so",
    cis="13.4",
    applies=NOWHERE,
    reads={REDIS_DATABASE: ("ipAllowlists[]",)},
)
def list_exists(database: Resource) -> Iterator[Finding]:
    """How wide it may be is another rule's."""
    if not any(True for _ in database.values("ipAllowlists[]")):
        yield database.lacks("ipAllowlists")


@resource_rule(
    id="redis-survives-a-zone",
    title="A production Redis survives the loss of one machine",
    risk="Every session and counter is gone, and every customer logged out.",
    fix="Set prodPack to true, or list a region in readRegions.",
    severity=Severity.LOW,
    mandatory=PRODUCTION,
    audit="5.3 Phase 3 High availability; 200 dollars a month, asked where a pack config says so",
    cis="11.1",
    applies=NOWHERE,
    reads={REDIS_DATABASE: ("prodPack", "readRegions[]")},
)
def database_survives(database: Resource) -> Iterator[Finding]:
    """Either way."""
    regions = [region for _, region in database.values("readRegions[]")]
    if database.value("prodPack") is not True and not regions:
        yield database.lacks("prodPack", "is not true, and there is no read region")


@resource_rule(
    id="redis-region-allowed",
    title="Redis's data stays in the regions that were chosen",
    risk="Sessions end up under another country's law, and far from the apps.",
    fix="Set primaryRegion to a region of the config's list.",
    severity=Severity.MEDIUM,
    audit="1.1 Railway (Sydney); data residency",
    cis="3.3",
    applies=PRODUCTION,
    reads={REDIS_DATABASE: ("primaryRegion", "readRegions[]")},
    shows=("primaryRegion", "readRegions[]"),
    options={"regions": texts((), "The allowed regions in AWS's spelling; empty allows every one.")},
)
def region_is_allowed(database: Resource, *, regions: Sequence[str]) -> Iterator[Finding]:
    """The primary and every copy."""
    if regions:
        holds = one_of(*regions)
        yield from must("primaryRegion", lambda value: value is not UNKNOWN and holds(value))(database)
        yield from must("readRegions[]", holds, required=False)(database)


_RECEIVERS: Final = {
    QSTASH_ENDPOINT: ("url",),
    QSTASH_SCHEDULE: ("destination", "callback"),
    QSTASH_TOPIC: ("endpoints[]",),
}


@resource_rule(
    id="qstash-over-tls",
    title="QStash hands its messages over by https",
    risk="A message, its body and the headers that prove where it is from cross the internet in the clear.",
    fix="Write https:// before the receiver's host.",
    severity=Severity.HIGH,
    audit="6.2 Network security",
    cis="3.10",
    reads=_RECEIVERS,
)
def messages_are_encrypted(sender: Resource) -> Iterator[Finding]:
    """A schedule's destination may be a topic's name, too."""
    for path in _RECEIVERS[sender.type]:
        for place, url in sender.values(path):
            if text(url).strip().lower().startswith("http://"):
                yield sender.wants("is not https", place)
