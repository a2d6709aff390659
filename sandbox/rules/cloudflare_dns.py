"""What Cloudflare refuses in DNS records."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

from sandbox.rules.record import Ask, across, alone
from sandbox.vendors.cloudflare.api import error, token_of
from sandbox.vendors.cloudflare.zone import PROXIABLE, plan_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.cloud import Reader, Thing

RECORD = token_of("DnsRecord")
AUTOMATIC = 1
SECONDS = range(30, 86401)
STRUCTURED = frozenset(
    {"CAA", "CERT", "DNSKEY", "DS", "HTTPS", "LOC", "NAPTR", "SMIMEA", "SRV", "SSHFP", "SVCB", "TLSA", "URI"}
)
ADDRESSES = {"A": ipaddress.IPv4Address, "AAAA": ipaddress.IPv6Address}
RECORDS_PER_ZONE = {"free": 200, "pro": 3500, "business": 3500, "enterprise": 3500}
COMMENT_LENGTH = {"free": 100, "pro": 500, "business": 500, "enterprise": 500}
TAGS_PER_RECORD = {"free": 0, "pro": 20, "business": 20, "enterprise": 20}
DNS = "CD: dns/manage-dns-records"


def _refusal(ask: Ask, code: int, message: str) -> str:
    return error("POST", f"zones/{ask['zoneId']}/dns_records", "400 Bad Request", code, message)


@alone(RECORD, source=f"{DNS}/reference/ttl.mdx")
def proxied_record_has_automatic_ttl(ask: Ask) -> Iterator[tuple[str, str]]:
    """A proxied record has ttl 1."""
    if ask["proxied"] and ask["ttl"] != AUTOMATIC:
        yield "ttl", "ttl must be set to 1 when `proxied` is true"


@alone(RECORD, source=f"{DNS}/reference/ttl.mdx")
def record_ttl_is_automatic_or_in_range(ask: Ask) -> Iterator[tuple[str, str]]:
    """A ttl is 1 (automatic) or 30 to 86400 seconds."""
    if ask["ttl"] != AUTOMATIC and ask["ttl"] not in SECONDS:
        yield "ttl", "Attribute ttl value must be 1 (automatic) or between 30 and 86400"


@alone(RECORD, source="CD: dns/proxy-status, proxied record types")
def only_addresses_and_aliases_are_proxied(ask: Ask) -> Iterator[tuple[str, str]]:
    """Only A, AAAA and CNAME records can be proxied."""
    if ask["proxied"] and ask["type"] not in PROXIABLE:
        yield "proxied", f"This record type cannot be proxied: {ask['type']}"


@alone(RECORD, source="TFC: docs/resources/dns_record.md, content and data")
def record_has_the_content_of_its_type(ask: Ask) -> Iterator[tuple[str, str]]:
    """A structured record is made from `data`, any other from `content`, and an address is one of its family."""
    if ask["type"] in STRUCTURED:
        if ask["data"] is None:
            yield "data", f"A record of type {ask['type']} needs `data`"
    elif ask["content"] is None:
        yield "content", f"A record of type {ask['type']} needs `content`"
    elif ask["type"] in ADDRESSES:
        try:
            ADDRESSES[ask["type"]](ask["content"])
        except ValueError:
            yield "content", f"Content for {ask['type']} record must be a valid address of its family"


@alone(RECORD, source="TFC: docs/resources/dns_record.md, priority is required for MX, SRV and URI")
def mail_exchange_has_a_priority(ask: Ask) -> Iterator[tuple[str, str]]:
    """An MX record has a priority."""
    if ask["type"] == "MX" and ask["priority"] is None:
        yield "priority", "priority is a required field for MX records"


@across(RECORD, source=f"{DNS}/troubleshooting/records-with-same-name.mdx")
def alias_stands_alone(ask: Ask, cloud: Reader) -> Iterator[str]:
    """A CNAME cannot stand beside an A, AAAA, NS or CNAME record of the same name."""
    for other in _namesakes(ask, cloud):
        kinds = {ask["type"], other.state["type"]}
        if "CNAME" in kinds and kinds & {"A", "AAAA", "NS"}:
            yield _refusal(ask, 81053, "An A, AAAA, or CNAME record with that host already exists.")
        elif kinds == {"CNAME"}:
            yield _refusal(ask, 81054, "A CNAME record with that host already exists.")


@across(RECORD, source="the API's error 81058: jeessy2/ddns-go#1378")
def identical_record_is_refused(ask: Ask, cloud: Reader) -> Iterator[str]:
    """A second record of the same name, type and content is refused."""
    mine = ("type", "content") if ask["content"] is not None else ("type", "data")
    for other in _namesakes(ask, cloud):
        if ask["type"] != "CNAME" and all(other.state.get(name) == ask.known(name) for name in mine):
            yield _refusal(ask, 81058, "An identical record already exists.")


def _namesakes(ask: Ask, cloud: Reader) -> list[Thing]:
    return [t for t in cloud.namesakes(RECORD, ask["zoneId"], ask["name"]) if not ask.id or t.id != ask.id]


@across(RECORD, source=f"{DNS}/reference/ttl.mdx")
def short_ttl_needs_enterprise(ask: Ask, cloud: Reader) -> Iterator[str]:
    """A ttl below 60 seconds needs Enterprise."""
    if AUTOMATIC < ask["ttl"] < 60 and plan_of(cloud, ask["zoneId"]) != "enterprise":
        yield _refusal(ask, 9021, "Invalid TTL. Must be between 60 and 86,400 seconds, or 1 for Automatic.")


@across(RECORD, source=f"{DNS}/reference/record-attributes.mdx; CD: plans/index.json")
def comment_length_depends_on_plan(ask: Ask, cloud: Reader) -> Iterator[str]:
    """A comment has at most 100 characters on Free, 500 on paid plans."""
    limit = COMMENT_LENGTH[plan_of(cloud, ask["zoneId"])]
    if ask["comment"] and len(ask["comment"]) > limit:
        yield _refusal(ask, 9202, f"DNS record comment exceeds the maximum of {limit} characters for your plan.")


@across(RECORD, source=f"{DNS}/reference/record-attributes.mdx; CD: plans/index.json")
def record_tags_need_a_paid_plan(ask: Ask, cloud: Reader) -> Iterator[str]:
    """Records have no tags on Free, at most 20 on paid plans."""
    limit = TAGS_PER_RECORD[plan_of(cloud, ask["zoneId"])]
    if ask["tags"] and len(ask["tags"]) > limit:
        yield _refusal(ask, 9300, f"DNS record has {len(ask['tags'])} tags, exceeding the quota of {limit}.")


@across(RECORD, source="CD: plans/index.json")
def zone_has_room_for_the_record(ask: Ask, cloud: Reader) -> Iterator[str]:
    """A zone has at most 200 records on Free, 3,500 on paid plans."""
    limit = RECORDS_PER_ZONE[plan_of(cloud, ask["zoneId"])]
    if not ask.id and cloud.count(RECORD, ask["zoneId"]) >= limit:
        yield _refusal(ask, 81045, f"Record quota exceeded: the zone has its {limit} records.")
