"""Cloudflare DNS: where names lead, and what others may do in a domain's name."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING, Final

from policies.checks import each, is_address, matches, must, number, text
from policies.rule import NOWHERE, PRODUCTION, Severity, resource_rule, stack_rule, texts
from policies.tokens import DNS_RECORD, LOAD_BALANCER, R2_CUSTOM_DOMAIN, ZONE
from policies.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policies.model import Finding, Resource, Stack
    from policies.values import Value

_WEB: Final = ("A", "AAAA", "CNAME")
_BY_DATA: Final = ("HTTPS", "SRV", "SVCB")
"""Types whose target is a part of `data`; a mere dot is the record's own name."""
_INTERNAL: Final = tuple(
    ipaddress.ip_network(block)
    for block in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "224.0.0.0/3",
        "::/127",
        "fc00::/7",
        "fe80::/10",
        "ff00::/8",
    )
)
"""Named one by one: Python calls more ranges private, the documentation ranges among them, which examples use."""
_TRANSLATED: Final = ipaddress.IPv6Network("64:ff9b::/96")
"""IPv4 addresses as NAT64 writes them (RFC 6052)."""
_WIDEST_SENDERS: Final = {4: 8, 6: 16}
"""Prefixes of networks that hold more strangers than senders."""
_SHORTEST_TTL: Final = 60
_GOOGLE: Final = "aspmx.l.google.com"
_RETIRED_MAIL: Final = (
    "mail.global.bigfish.com",
    "mail.global.frontbridge.com",
    "mail.messaging.microsoft.com",
    "mail.outlook.com",
)
"""Microsoft's former mail hosts; today's are <domain>.mail.protection.outlook.com (Microsoft 365 admin docs)."""
_ISSUERS: Final = (
    "amazon.com",
    "comodoca.com",
    "digicert.com",
    "globalsign.com",
    "letsencrypt.org",
    "pki.goog",
    "sectigo.com",
    "ssl.com",
)
"""The authorities that Cloudflare, AWS and the large hosts issue from, as each names itself for CAA."""
_SEAM: Final = re.compile(r'"\s+"|""')
_AUTOMATIC: Final = 1
_ENOUGH_SERVERS: Final = 2


@resource_rule(
    id="dns-record-proxied",
    title="A name that visitors use goes through Cloudflare",
    risk="An unproxied record shows the origin's address: from then on attacks go there, past WAF and rate limits.",
    fix="Set proxied to true; names for mail and other machines are listed in the config, but for CNAMEs with an "
    "underscore label, which prove something.",
    severity=Severity.HIGH,
    audit="6.2 Network security",
    cis="13.10",
    equals=("prowler:dns_record_proxied", "insights:Unproxied A, AAAA and CNAME Records"),
    reads={DNS_RECORD: ("type", "name", "proxied")},
    shows=("proxied",),
    options={"direct_names": texts((), "Globs of names that may lead straight to their target.")},
)
def web_record_is_proxied(record: Resource, *, direct_names: Sequence[str]) -> Iterator[Finding]:
    """CNAMEs with an underscore label are for machines: _acme-challenge, resend._domainkey."""
    name = text(record.value("name"))
    technical = record.value("type") == "CNAME" and any(label.startswith("_") for label in name.split("."))
    if record.value("type") in _WEB and not technical and not matches(name, direct_names):
        yield from each(record, "proxied", lambda proxied: proxied is True)


@resource_rule(
    id="dns-no-internal-address",
    title="No public name leads to an internal address",
    risk="It tells the world the inner network, and lets a web page reach into a visitor's own.",
    fix="Use the public address of the origin, or a name in a private zone.",
    severity=Severity.HIGH,
    audit="6.2 Network security",
    cis="12.2",
    equals=("prowler:dns_record_no_internal_ip",),
    reads={DNS_RECORD: ("type", "content")},
    shows=("content",),
)
def address_is_public(record: Resource) -> Iterator[Finding]:
    """An address that a preview does not know yet is judged when it is known: the vendor gives public ones."""
    content = record.value("content")
    if record.value("type") in ("A", "AAAA") and content not in (None, UNKNOWN) and _is_internal(text(content)):
        yield record.violates("content", content)


def _is_internal(content: str) -> bool:
    try:
        address = ipaddress.ip_address(content)
    except ValueError:
        return True
    if isinstance(address, ipaddress.IPv6Address):
        translated = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF) if address in _TRANSLATED else None
        inner = address.ipv4_mapped or address.sixtofour or translated
        if inner is not None:
            return _is_internal(str(inner))
    return any(address in network for network in _INTERNAL if network.version == address.version)


@resource_rule(
    id="dns-no-wildcard",
    title="No name answers for every name below it",
    risk="Any forgotten or guessed name reaches the origin, and certificates for it can be asked for.",
    fix="Name each host; a wildcard that is meant, such as makers' shops, is listed in the config.",
    severity=Severity.MEDIUM,
    audit="6.2 Network security",
    cis="12.2",
    equals=("prowler:dns_record_no_wildcard", "mondoo:no-wildcard"),
    reads={DNS_RECORD: ("type", "name")},
    shows=("name",),
    options={"meant": texts((), "The wildcards that are meant, written as in DNS: *.madebuy.com.au.")},
)
def name_is_no_wildcard(record: Resource, *, meant: Sequence[str]) -> Iterator[Finding]:
    """Of the types that lead somewhere."""
    name = text(record.value("name"))
    if record.value("type") in (*_WEB, "MX", "SRV") and name.startswith("*") and name not in meant:
        yield record.violates("name", name)


resource_rule(
    id="dns-record-comment",
    title="A record says whom it is for",
    risk="Nobody dares to remove a name that nobody knows, and it leads somewhere for ever.",
    fix="Set comment (100 characters on the Free plan).",
    severity=Severity.LOW,
    mandatory=PRODUCTION,
    audit="4.3 Resource Tagging Strategy; asked where a pack config says so",
    cis="1.1",
    applies=NOWHERE,
    reads={DNS_RECORD: ("comment",)},
)(must("comment", lambda comment: isinstance(comment, str) and bool(comment.strip())))


@stack_rule(
    id="dns-target-ours",
    title="A name that points to another name points to one that is ours, or to a vendor we use",
    risk="When the service behind the target is given up, whoever takes its name takes ours with it.",
    fix="Declare the host, point to another of this stack, or add the vendor's domain to the config's known targets.",
    severity=Severity.HIGH,
    audit="6.2 Network security",
    cis="12.2",
    equals=("prowler:dns_record_cname_target_valid", "insights:Dangling A, AAAA and CNAME Records"),
    reads={
        DNS_RECORD: ("type", "name", "content", "data.target"),
        LOAD_BALANCER: ("name",),
        R2_CUSTOM_DOMAIN: ("domain",),
        ZONE: ("name",),
    },
    shows=("content", "data.target"),
    options={
        "known_targets": texts((), "Globs of vendors' host names that records may point to; empty allows every one.")
    },
)
def target_is_ours(stack: Stack, *, known_targets: Sequence[str]) -> Iterator[Finding]:
    """Without a network: a target in our own zone must be declared, any other listed where there is a list."""
    zones = [text(zone.value("name")) for zone in stack.of(ZONE)]
    hosts = {
        *(text(one.value("name")) for one in stack.of(DNS_RECORD, LOAD_BALANCER)),
        *(text(one.value("domain")) for one in stack.of(R2_CUSTOM_DOMAIN)),
    }
    for record in stack.of(DNS_RECORD):
        path = "data.target" if record.value("type") in _BY_DATA else "content"
        target = text(record.value(path)).rstrip(".").lower()
        if record.value("type") not in ("CNAME", "MX", "NS", *_BY_DATA) or not target:
            continue
        inside = any(target == zone or target.endswith(f".{zone}") for zone in zones)
        if (inside and not _declared(target, hosts)) or (not inside and not matches(target, known_targets or ("*",))):
            yield record.violates(path, target, "names a host that is neither declared nor known")


def _declared(target: str, hosts: set[str]) -> bool:
    return target in hosts or f"*.{target.partition('.')[2]}" in hosts


@stack_rule(
    id="dns-no-apex-cname",
    title="The zone's own name has addresses of its own, not another name's",
    risk="Name servers that do not flatten it, a secondary's or the next vendor's, hide the zone's mail records.",
    fix="Declare A and AAAA DnsRecords, or a LoadBalancer, at the zone's name.",
    severity=Severity.LOW,
    mandatory=PRODUCTION,
    audit="Beyond the audit: known from Mondoo; Cloudflare's own servers flatten the record, so it is asked only "
    "where a pack config says so",
    cis="12.2",
    equals=("mondoo:no-cname-for-root-domain",),
    applies=NOWHERE,
    reads={DNS_RECORD: ("type", "name", "zoneId"), ZONE: ("name",)},
    shows=("name",),
)
def apex_is_no_cname(stack: Stack) -> Iterator[Finding]:
    """By the zone's name, or by @ for it."""
    for zone in stack.of(ZONE):
        for record in stack.companions(zone, DNS_RECORD, "zoneId"):
            if record.value("type") == "CNAME" and record.value("name") in ("@", zone.value("name")):
                yield record.violates("name", record.value("name"))


@stack_rule(
    id="dns-caa",
    title="A zone says which authorities may issue its certificates (CAA)",
    risk="Any authority in the world may be tricked into a certificate for our names.",
    fix="Declare DnsRecords of type CAA at the zone's name with data.tag issue and issuewild.",
    severity=Severity.MEDIUM,
    audit="6.2 Network security",
    cis="3.10",
    equals=("prowler:zone_record_caa_exists",),
    reads={DNS_RECORD: ("type", "name", "zoneId", "data.tag"), ZONE: ("name",)},
)
def zone_has_caa(stack: Stack) -> Iterator[Finding]:
    """Either tag restricts: issue covers wildcards where issuewild is not set."""
    for zone in stack.of(ZONE):
        records = [one for one in stack.companions(zone, DNS_RECORD, "zoneId") if one.value("type") == "CAA"]
        if not any(one.value("data.tag") in ("issue", "issuewild") for one in records):
            yield zone.wants("has no CAA record")


@resource_rule(
    id="dns-caa-known",
    title="Only authorities that are known may issue certificates",
    risk="One record for a name that anybody can register, and its owner issues certificates for ours.",
    fix="Name in data.value an authority of the config's list, as it names itself for CAA.",
    severity=Severity.MEDIUM,
    audit="6.2 Network security",
    cis="3.10",
    reads={DNS_RECORD: ("type", "data.tag", "data.value")},
    shows=("data.value",),
    options={"issuers": texts(_ISSUERS, "The authorities that may issue, as CAA records name them.")},
)
def issuers_are_known(record: Resource, *, issuers: Sequence[str]) -> Iterator[Finding]:
    """What follows a semicolon bounds the authority further; nothing before it forbids them all."""
    if record.value("type") != "CAA" or record.value("data.tag") not in ("issue", "issuewild"):
        return
    value = record.value("data.value")
    if value is UNKNOWN:
        yield record.cannot_tell("data.value")
    elif text(value).partition(";")[0].strip() not in ("", *issuers):
        yield record.violates("data.value", value)


@stack_rule(
    id="dns-spf",
    title="A production zone says who may send its mail, and that nobody else may (SPF)",
    risk="Anyone can send invoices in the shop's name.",
    fix='Declare one TXT DnsRecord at the zone\'s name: "v=spf1 include:... -all", or "v=spf1 -all" if it sends none.',
    severity=Severity.MEDIUM,
    audit="1.1 Resend (Email)",
    cis="9.5",
    equals=("prowler:zone_record_spf_exists", "insights:SPF Record Errors"),
    applies=PRODUCTION,
    reads={DNS_RECORD: ("type", "name", "zoneId", "content"), ZONE: ("name",)},
)
def zone_has_spf(stack: Stack) -> Iterator[Finding]:
    """Ending in -all: ~all asks receivers to accept it all the same."""
    for zone in stack.of(ZONE):
        policies = [one for one in _texts(stack, zone) if one.startswith("v=spf1")]
        if len(policies) > 1:
            yield zone.wants("has more than one SPF record, which receivers take for none")
        elif not any(one.rstrip().endswith("-all") for one in policies):
            yield zone.wants("has no SPF record that ends in -all")


@resource_rule(
    id="dns-spf-closed",
    title="No SPF record lets everybody send",
    risk="Whoever likes sends mail as a host of ours, and receivers are told that it is genuine.",
    fix="End the record in -all, or in ~all where DMARC judges the mail, and name networks that are the sender's own.",
    severity=Severity.HIGH,
    audit="1.1 Resend (Email)",
    cis="9.5",
    reads={DNS_RECORD: ("type", "content")},
    shows=("content",),
)
def spf_is_closed(record: Resource) -> Iterator[Finding]:
    """At any name: below the zone's own, mail passes its DMARC by relaxed alignment. Half the internet is all of it."""
    words = whole_text(record.value("content")).lower().split()
    if words[:1] == ["v=spf1"] and ({"all", "+all", "?all"} & {*words} or any(map(_is_wide, words))):
        yield record.violates("content", record.value("content"))


def _is_wide(word: str) -> bool:
    kind, _, block = word.lstrip("+").partition(":")
    try:
        network = ipaddress.ip_network(block, strict=False) if kind in ("ip4", "ip6") else None
    except ValueError:
        return False
    return network is not None and network.prefixlen < _WIDEST_SENDERS[network.version]


@stack_rule(
    id="dns-dmarc",
    title="A production zone tells receivers to refuse mail that is not its own (DMARC)",
    risk="Without a policy, receivers deliver what SPF and DKIM have already called forged.",
    fix='Declare one TXT DnsRecord at _dmarc of the zone: "v=DMARC1; p=reject; rua=mailto:...", without pct, t and sp.',
    severity=Severity.MEDIUM,
    audit="1.1 Resend (Email)",
    cis="9.5",
    equals=("prowler:zone_record_dmarc_exists", "insights:DMARC Record Errors"),
    applies=PRODUCTION,
    reads={DNS_RECORD: ("type", "name", "zoneId", "content"), ZONE: ("name",)},
)
def zone_has_dmarc(stack: Stack) -> Iterator[Finding]:
    """Reject or quarantine; none only watches, as do a test (t=y) and a share (pct) of the mail."""
    for zone in stack.of(ZONE):
        policies = [one.replace(" ", "").split(";") for one in _texts(stack, zone, "_dmarc")]
        if len(policies) > 1:
            yield zone.wants("has more than one DMARC record, which receivers take for none")
        elif not any(_refuses(one) for one in policies):
            yield zone.wants("has no DMARC record with p=reject or p=quarantine, for all mail and its subdomains too")


def _refuses(tags: Sequence[str]) -> bool:
    asked = {"p=reject", "p=quarantine"} & {*tags}
    partly = any(tag.startswith("pct=") and tag != "pct=100" for tag in tags)
    return tags[0] == "v=DMARC1" and bool(asked) and not partly and not {"sp=none", "t=y"} & {*tags}


@stack_rule(
    id="dns-dkim",
    title="A production zone publishes the key that its mail is signed with (DKIM)",
    risk="Receivers can't tell the shop's mail from a copy; most of it ends as spam.",
    fix="Declare the TXT or CNAME DnsRecord at <selector>._domainkey that the mail service names.",
    severity=Severity.LOW,
    mandatory=PRODUCTION,
    audit="1.1 Resend (Email)",
    cis="9.5",
    equals=("prowler:zone_record_dkim_exists",),
    applies=PRODUCTION,
    reads={DNS_RECORD: ("type", "name", "zoneId", "content"), ZONE: ("name",)},
)
def zone_has_dkim(stack: Stack) -> Iterator[Finding]:
    """Where the zone, or a name in it, sends mail: an SPF record names someone. A wildcard or empty key is none."""
    for zone in stack.of(ZONE):
        records = stack.companions(zone, DNS_RECORD, "zoneId")
        if any(_names_sender(one) for one in records) and not any(_is_key(one) for one in records):
            yield zone.wants("sends mail and publishes no DKIM key")


def _names_sender(record: Resource) -> bool:
    content = text(record.value("content")).strip('"')
    return content.startswith("v=spf1") and any(term in content for term in ("include:", "ip4:", "ip6:"))


def _is_key(record: Resource) -> bool:
    selector, below, _ = text(record.value("name")).partition("._domainkey")
    content = text(record.value("content")).replace(" ", "")
    key = content.partition("p=")[2].partition(";")[0].strip('"')
    return bool(below) and selector != "*" and (record.value("type") == "CNAME" or bool(key))


@resource_rule(
    id="dns-mail-target-is-name",
    title="Mail and delegation records name a host, not an address",
    risk="Receivers and resolvers ignore such a record: mail bounces, the delegated zone is gone.",
    fix="Point the record to a name that has the address.",
    severity=Severity.MEDIUM,
    audit="Beyond the audit: known from Mondoo",
    cis="12.2",
    equals=("mondoo:no-ip-for-ns-mx-records",),
    reads={DNS_RECORD: ("type", "content")},
    shows=("content",),
)
def mail_target_is_a_name(record: Resource) -> Iterator[Finding]:
    """MX and NS."""
    content = record.value("content")
    if record.value("type") in ("MX", "NS") and isinstance(content, str) and is_address(content):
        yield record.violates("content", content)


@resource_rule(
    id="dns-mail-host-current",
    title="Mail goes to a host that its service still runs",
    risk="Mail to a retired host bounces, or reaches whoever has its name now.",
    fix="Point the MX record to the host that the mail service names today.",
    severity=Severity.MEDIUM,
    audit="Beyond the audit: known from Mondoo",
    cis="9.5",
    equals=("mondoo:no-legacy-ms-365-mx-records", "mondoo:google-workspaces-mx-records"),
    reads={DNS_RECORD: ("type", "content")},
    shows=("content",),
)
def mail_host_is_current(record: Resource) -> Iterator[Finding]:
    """Microsoft's retired hosts, and below l.google.com any but Google's five."""
    host = text(record.value("content")).lower().rstrip(".")
    of_google = (_GOOGLE, *(f"alt{number}.{_GOOGLE}" for number in range(1, 5)))
    stray = host.endswith(".l.google.com") and host not in of_google
    if record.value("type") == "MX" and (host in _RETIRED_MAIL or stray):
        yield record.violates("content", host)


@resource_rule(
    id="dns-ttl",
    title="A record lives in caches for a minute or more",
    risk="Cloudflare refuses less on ordinary plans, and resolvers ask again for every visitor.",
    fix="Set ttl to 1 (automatic) or to 60 and more.",
    severity=Severity.LOW,
    mandatory=PRODUCTION,
    audit="Beyond the audit: known from Mondoo",
    cis="12.2",
    equals=("mondoo:reasonable-ttls",),
    reads={DNS_RECORD: ("ttl",)},
    shows=("ttl",),
)
def ttl_is_long_enough(record: Resource) -> Iterator[Finding]:
    """1 is Cloudflare's word for automatic."""
    yield from each(record, "ttl", lambda ttl: number(ttl) == _AUTOMATIC or number(ttl) >= _SHORTEST_TTL)


@stack_rule(
    id="dns-delegation-redundant",
    title="A delegated name has two name servers or more",
    risk="One server down takes every name below it down.",
    fix="Declare a second NS DnsRecord of the same name.",
    severity=Severity.MEDIUM,
    audit="Beyond the audit: known from Mondoo",
    cis="12.2",
    equals=("mondoo:ns-redundancy",),
    reads={DNS_RECORD: ("type", "name", "zoneId")},
)
def delegation_is_redundant(stack: Stack) -> Iterator[Finding]:
    """The zone's own servers are Cloudflare's business."""
    servers: dict[tuple[str, str], list[Resource]] = {}
    for record in stack.of(DNS_RECORD):
        if record.value("type") == "NS":
            key = (stack.group(record, "zoneId", ZONE), text(record.value("name")))
            servers.setdefault(key, []).append(record)
    for records in servers.values():
        if len(records) < _ENOUGH_SERVERS:
            yield records[0].wants("is the only name server of its name", "name")


def _texts(stack: Stack, zone: Resource, below: str = "") -> list[str]:
    """The TXT records at the zone's own name, or at a label below it."""
    apex = text(zone.value("name"))
    names = {f"{below}.{apex}", below} if below else {apex, "@"}
    records = [one for one in stack.companions(zone, DNS_RECORD, "zoneId") if one.value("type") == "TXT"]
    return [whole_text(one.value("content")) for one in records if text(one.value("name")) in names]


def whole_text(content: Value) -> str:
    """A TXT record as receivers read it: without quotes, its pieces joined."""
    return _SEAM.sub("", text(content)).strip('"')
