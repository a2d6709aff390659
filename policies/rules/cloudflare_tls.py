"""Cloudflare: what the connection to visitors and to origins must be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policies.checks import at_least, each, is_true, must, never_ends, one_of, setting, settings, zones_without
from policies.cloudflare import CONFIGURATION, is_on, rules_of
from policies.rule import NOWHERE, PRODUCTION, Severity, resource_rule, stack_rule, whole
from policies.tokens import (
    CUSTOM_HOSTNAME,
    HOSTNAME_TLS,
    R2_CUSTOM_DOMAIN,
    RULESET,
    UNIVERSAL_SSL,
    ZONE,
    ZONE_DNSSEC,
    ZONE_SETTING,
)
from policies.values import UNKNOWN, camel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policies.checks import Holds
    from policies.model import Finding, Resource, Stack
    from policies.values import Value

_BROKEN: Final = ("RC4", "DES", "MD5", "NULL", "EXPORT")
_SETTING: Final = {ZONE_SETTING: ("settingId", "value", "zoneId"), ZONE: ()}
_MODERN_TLS: Final = one_of("1.2", "1.3")
_MONTH: Final = 30 * 86_400
_YEAR: Final = 365 * 86_400

stack_rule(
    id="zone-ssl-strict",
    title="Cloudflare checks the origin's certificate: SSL mode Full (strict)",
    risk="In any other mode whoever answers in the origin's place reads and changes every request, logins included.",
    fix='Declare a ZoneSetting for the zone with settingId "ssl" and value "strict"; a host that cannot present a '
    "valid certificate gets a configuration rule whose description names the last day.",
    severity=Severity.HIGH,
    audit="6.2 Network security",
    cis="3.10",
    equals=(
        "prowler:zone_ssl_strict",
        "mondoo:ssl-strict",
        "mondoo:ssl-not-off",
        "insights:Domains missing TLS Encryption",
    ),
    reads=_SETTING,
    shows=("value",),
)(setting("ssl", one_of("strict")))

stack_rule(
    id="zone-minimum-tls",
    title="A zone speaks TLS 1.2 or newer",
    risk="TLS 1.0 and 1.1 have known attacks, and a hostile network can push a visitor down to them.",
    fix='Declare a ZoneSetting for the zone with settingId "min_tls_version" and value "1.2" or "1.3".',
    severity=Severity.HIGH,
    audit="6.2 Network security",
    cis="3.10",
    equals=(
        "prowler:zone_min_tls_version_secure",
        "mondoo:min-tls-1-2",
        "steampipe:zone_min_tls_1_2",
        "insights:Domains supporting older TLS version",
    ),
    reads=_SETTING,
    shows=("value",),
)(setting("min_tls_version", _MODERN_TLS))


@resource_rule(
    id="tls-exception-ends",
    title="A configuration rule leaves origins' certificates unchecked only until a day that it names",
    risk="An exception that nobody ends is how the site works from then on; with off or flexible, in the clear.",
    fix='Write the last day into the description, such as "Full until 2027-01-31", and remove the rule before it.',
    severity=Severity.HIGH,
    audit="6.2 Network security",
    cis="3.10",
    reads={RULESET: ("phase", "rules[].enabled", "rules[].description", "rules[].actionParameters.ssl")},
    shows=("rules[].actionParameters.ssl",),
    options={"max_days": whole(366, 1, 1_096, "The most days that an exception may still last.")},
)
def tls_exception_ends(ruleset: Resource, *, max_days: int) -> Iterator[Finding]:
    """SSL-only origin pull checks certificates as strict does."""
    for path, rule in rules_of(ruleset) if ruleset.value("phase") == CONFIGURATION else ():
        parameters = rule.get("actionParameters")
        mode = parameters.get("ssl") if isinstance(parameters, dict) else None
        if mode is UNKNOWN:
            yield ruleset.cannot_tell(f"{path}.actionParameters.ssl")
        elif is_on(rule) and mode not in (None, "strict", "origin_pull"):
            if mode != "full":
                yield ruleset.violates(f"{path}.actionParameters.ssl", mode)
            elif what := never_ends(rule.get("description"), ruleset.environment.today, max_days):
                yield ruleset.wants(what, f"{path}.description")


resource_rule(
    id="r2-domain-minimum-tls",
    title="A bucket's own domain speaks TLS 1.2 or newer",
    risk="The vendor's default is TLS 1.0, and the zone's own minimum does not reach a bucket's domain.",
    fix='Set minTls to "1.2" or "1.3".',
    severity=Severity.HIGH,
    audit="6.2 Network security",
    cis="3.10",
    reads={R2_CUSTOM_DOMAIN: ("minTls",)},
    shows=("minTls",),
)(must("minTls", _MODERN_TLS))


@resource_rule(
    id="host-minimum-tls",
    title="A host with TLS settings of its own speaks TLS 1.2 or newer",
    risk="What a host says for itself goes before the zone's minimum, and a customer's host starts at TLS 1.0.",
    fix='Set the HostnameTlsSetting min_tls_version, or ssl.settings.minTlsVersion of a CustomHostname, to "1.2" or '
    '"1.3".',
    severity=Severity.HIGH,
    audit="6.2 Network security",
    cis="3.10",
    reads={HOSTNAME_TLS: ("settingId", "value"), CUSTOM_HOSTNAME: ("ssl.settings.minTlsVersion",)},
    shows=("value", "ssl.settings.minTlsVersion"),
)
def host_speaks_modern_tls(host: Resource) -> Iterator[Finding]:
    """A host may have other settings that are none of this rule's."""
    if host.type == CUSTOM_HOSTNAME:
        yield from each(host, "ssl.settings.minTlsVersion", _MODERN_TLS)
    elif host.value("settingId") == "min_tls_version":
        yield from each(host, "value", _MODERN_TLS)


@resource_rule(
    id="ciphers-are-sound",
    title="No cipher that is offered has been broken",
    risk="A visitor who is pushed down to RC4 or triple DES is read by who pushed.",
    fix="Remove the ciphers with RC4, DES, MD5 or NULL in their names from the list; or the whole setting.",
    severity=Severity.HIGH,
    audit="6.2 Network security",
    cis="3.10",
    reads={
        ZONE_SETTING: ("settingId", "value[]"),
        HOSTNAME_TLS: ("settingId", "value[]"),
        CUSTOM_HOSTNAME: ("ssl.settings.ciphers[]",),
    },
    shows=("value[]", "ssl.settings.ciphers[]"),
)
def ciphers_are_sound(resource: Resource) -> Iterator[Finding]:
    """Of the zone, and of a host for itself."""
    if resource.type == CUSTOM_HOSTNAME:
        yield from each(resource, "ssl.settings.ciphers[]", _is_sound, required=False)
    elif resource.value("settingId") == "ciphers":
        yield from each(resource, "value[]", _is_sound, required=False)


def _is_sound(cipher: Value) -> bool:
    return isinstance(cipher, str) and not any(word in cipher.upper() for word in _BROKEN)


stack_rule(
    id="zone-tls-1-3",
    title="A zone offers TLS 1.3",
    risk="Visitors wait one round trip longer, and their handshakes show more than they need to.",
    fix='Declare a ZoneSetting for the zone with settingId "tls_1_3" and value "on".',
    severity=Severity.MEDIUM,
    audit="6.2 Network security",
    cis="3.10",
    equals=("prowler:zone_tls_1_3_enabled", "mondoo:tls-1-3-enabled"),
    reads=_SETTING,
    shows=("value",),
)(setting("tls_1_3", one_of("on", "zrt")))

stack_rule(
    id="zone-no-early-data",
    title="A zone takes no early data (0-RTT)",
    risk="Early data can be sent again by whoever recorded it: an order or a webhook would arrive twice.",
    fix='Set the ZoneSetting with settingId "0rtt" to "off".',
    severity=Severity.MEDIUM,
    audit="Beyond the audit: replay of POST requests",
    cis="3.10",
    reads=_SETTING,
    shows=("value",),
)(setting("0rtt", one_of("off"), required=False))

stack_rule(
    id="zone-always-https",
    title="A zone answers http with a redirect to https",
    risk="Without it the first request of a visit, with its cookies, crosses the network in the clear.",
    fix='Declare a ZoneSetting for the zone with settingId "always_use_https" and value "on".',
    severity=Severity.MEDIUM,
    audit="6.2 Network security",
    cis="3.10",
    equals=(
        "prowler:zone_https_redirect_enabled",
        "mondoo:always-use-https",
        "insights:Domains without 'Always Use HTTPS'",
    ),
    reads=_SETTING,
    shows=("value",),
)(setting("always_use_https", one_of("on")))

stack_rule(
    id="zone-https-rewrites",
    title="A zone rewrites http links in its pages to https",
    risk="One picture loaded over http shows a warning, and lets a network change what the page shows.",
    fix='Declare a ZoneSetting for the zone with settingId "automatic_https_rewrites" and value "on".',
    severity=Severity.LOW,
    mandatory=PRODUCTION,
    audit="6.2 Network security",
    cis="3.10",
    equals=("prowler:zone_automatic_https_rewrites_enabled", "mondoo:automatic-https-rewrites"),
    reads=_SETTING,
    shows=("value",),
)(setting("automatic_https_rewrites", one_of("on")))

stack_rule(
    id="zone-opportunistic-encryption",
    title="A zone offers encryption to visitors who still come by http",
    risk="A browser that could have used TLS does not learn of it.",
    fix='Declare a ZoneSetting for the zone with settingId "opportunistic_encryption" and value "on".',
    severity=Severity.LOW,
    mandatory=PRODUCTION,
    audit="6.2 Network security",
    cis="3.10",
    equals=("mondoo:opportunistic-encryption",),
    reads=_SETTING,
    shows=("value",),
)(setting("opportunistic_encryption", one_of("on")))

resource_rule(
    id="zone-universal-ssl",
    title="A zone's certificate is not switched off",
    risk="Without Universal SSL no host of the zone has a certificate, and every visit fails or falls back to http.",
    fix="Set enabled to true.",
    severity=Severity.HIGH,
    audit="6.2 Network security",
    cis="3.10",
    equals=("prowler:zone_universal_ssl_enabled",),
    reads={UNIVERSAL_SSL: ("enabled",)},
    shows=("enabled",),
)(must("enabled", is_true))


@stack_rule(
    id="zone-dnssec",
    title="A zone signs its records (DNSSEC)",
    risk="A forged answer sends visitors, and certificate authorities, to another server.",
    fix='Declare a ZoneDnssec for the zone with status "active", and enter its DS record at the registrar.',
    severity=Severity.HIGH,
    audit="6.2 Network security",
    cis="12.2",
    equals=(
        "prowler:zone_dnssec_enabled",
        "mondoo:dnssec-active",
        "mondoo:dnssec-enabled",
        "steampipe:zone_dnssec_enabled",
    ),
    reads={ZONE_DNSSEC: ("status", "zoneId"), ZONE: ()},
    shows=("status",),
)
def zone_is_signed(stack: Stack) -> Iterator[Finding]:
    """Active where it is declared, and declared for every zone."""
    for dnssec in stack.of(ZONE_DNSSEC):
        yield from each(dnssec, "status", one_of("active"))
    for zone in stack.of(ZONE):
        if not stack.companions(zone, ZONE_DNSSEC, "zoneId"):
            yield zone.wants("has no ZoneDnssec")


@stack_rule(
    id="zone-hsts",
    title="A zone tells browsers to come back by https only (HSTS): a year in production, a month elsewhere",
    risk="Without HSTS a browser still tries http first, where a hostile network answers in the site's place.",
    fix='Declare a ZoneSetting for the zone with settingId "security_header" and strict_transport_security '
    "{enabled: true, max_age: 31536000}.",
    severity=Severity.HIGH,
    audit="6.2 Network security",
    cis="3.10",
    equals=(
        "prowler:zone_hsts_enabled",
        "mondoo:hsts-enabled",
        "mondoo:hsts-max-age-one-year",
        "insights:Domains without HSTS",
    ),
    reads=_SETTING,
    options={
        "min_seconds": whole(_YEAR, 86_400, 10 * _YEAR, "The shortest max_age in production, in seconds."),
        "min_seconds_elsewhere": whole(_MONTH, 0, 10 * _YEAR, "The shortest max_age elsewhere, in seconds."),
    },
)
def zone_keeps_browsers_on_https(stack: Stack, *, min_seconds: int, min_seconds_elsewhere: int) -> Iterator[Finding]:
    """Enabled, and long enough to matter."""
    found = settings(stack, "security_header")
    for one in found:
        yield from _header(one, "enabled", is_true)
        least = min_seconds if one.environment.production else min_seconds_elsewhere
        yield from _header(one, "max_age", at_least(least))
    yield from zones_without(stack, "security_header")


@stack_rule(
    id="zone-hsts-subdomains",
    title="HSTS covers every name below the zone",
    risk="A name left out can be reached by http, and set cookies that the https names then read.",
    fix="Set include_subdomains to true in the security_header setting.",
    severity=Severity.MEDIUM,
    audit="6.2 Network security",
    cis="3.10",
    equals=("prowler:zone_hsts_enabled", "mondoo:hsts-include-subdomains"),
    reads=_SETTING,
)
def hsts_covers_subdomains(stack: Stack) -> Iterator[Finding]:
    """Where HSTS is declared at all; that it is, is another rule's."""
    for one in settings(stack, "security_header"):
        yield from _header(one, "include_subdomains", is_true)


@stack_rule(
    id="zone-hsts-preload",
    title="A zone asks for its place in the browsers' built-in https list",
    risk="The very first visit of a new visitor is not yet covered by HSTS.",
    fix="Set preload to true in the security_header setting, once every host has served https for months: leaving "
    "the list takes as long.",
    severity=Severity.LOW,
    mandatory=PRODUCTION,
    audit="Beyond the audit, and hard to take back: asked only where a pack config says so",
    cis="3.10",
    equals=("mondoo:hsts-preload",),
    applies=NOWHERE,
    reads=_SETTING,
)
def hsts_is_preloaded(stack: Stack) -> Iterator[Finding]:
    """Where HSTS is declared at all."""
    for one in settings(stack, "security_header"):
        yield from _header(one, "preload", is_true)


def _header(one: Resource, key: str, holds: Holds) -> Iterator[Finding]:
    # `value` is untyped in the SDK: its keys arrive in whichever spelling the program used.
    outer = "strictTransportSecurity" if one.has("value.strictTransportSecurity") else "strict_transport_security"
    inner = camel(key) if one.has(f"value.{outer}.{camel(key)}") else key
    yield from each(one, f"value.{outer}.{inner}", holds)
