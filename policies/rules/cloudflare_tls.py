"""Cloudflare: what the connection to visitors and to origins must be."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policies.checks import at_least, each, must, one_of, setting, settings, zones_without
from policies.rule import Severity, resource_rule, stack_rule, whole
from policies.tokens import R2_CUSTOM_DOMAIN, ZONE, ZONE_SETTING
from policies.values import camel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policies.checks import Holds
    from policies.model import Finding, Resource, Stack

_SETTING: Final = {ZONE_SETTING: ("settingId", "value", "zoneId"), ZONE: ()}
_MODERN_TLS: Final = one_of("1.2", "1.3")
_ONE_YEAR: Final = 31_536_000

stack_rule(
    id="zone-ssl-strict",
    title="Cloudflare checks the origin's certificate: SSL mode Full (strict)",
    risk="In any other mode whoever can answer for the origin's address reads and changes every request, logins "
    "included.",
    fix='Declare a ZoneSetting for the zone with settingId "ssl" and value "strict"; a host that cannot present a '
    "valid "
    "certificate gets an exception with an end date.",
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
    risk="TLS 1.0 and 1.1 have known attacks; a visitor on a hostile network can be downgraded to them.",
    fix='Declare a ZoneSetting for the zone with settingId "min_tls_version" and value "1.2" or "1.3".',
    severity=Severity.HIGH,
    audit="6.2 Network security",
    cis="3.10",
    equals=(
        "prowler:zone_min_tls_version_secure",
        "mondoo:min-tls-1-2",
        "steampipe:zone_min_tls_1_2",
    ),
    reads=_SETTING,
    shows=("value",),
)(setting("min_tls_version", _MODERN_TLS))

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

stack_rule(
    id="zone-always-https",
    title="A zone answers http with a redirect to https",
    risk="Without it the first request of a visit, with its cookies, crosses the network in the clear.",
    fix='Declare a ZoneSetting for the zone with settingId "always_use_https" and value "on".',
    severity=Severity.MEDIUM,
    audit="6.2 Network security",
    cis="3.10",
    equals=("prowler:zone_https_redirect_enabled", "mondoo:always-use-https"),
    reads=_SETTING,
    shows=("value",),
)(setting("always_use_https", one_of("on")))


@stack_rule(
    id="zone-hsts",
    title="A zone tells browsers to come back by https only (HSTS)",
    risk="Without HSTS a browser still tries http first, where a hostile network answers in the site's place.",
    fix='Declare a ZoneSetting for the zone with settingId "security_header" and strict_transport_security '
    "{enabled: true, max_age: 31536000}.",
    severity=Severity.HIGH,
    audit="6.2 Network security",
    cis="3.10",
    equals=("prowler:zone_hsts_enabled", "mondoo:hsts-enabled", "mondoo:hsts-max-age"),
    reads=_SETTING,
    options={"min_seconds": whole(_ONE_YEAR, 86_400, 10 * _ONE_YEAR, "The shortest max_age, in seconds.")},
)
def zone_keeps_browsers_on_https(stack: Stack, *, min_seconds: int) -> Iterator[Finding]:
    """Enabled, and long enough to matter."""
    found = settings(stack, "security_header")
    for one in found:
        yield from _header(one, "enabled", lambda value: value is True)
        yield from _header(one, "max_age", at_least(min_seconds))
    yield from zones_without(stack, found, "security_header")


def _header(one: Resource, key: str, holds: Holds) -> Iterator[Finding]:
    # `value` is untyped in the SDK: its keys arrive in whichever spelling the program used.
    outer = "strictTransportSecurity" if one.has("value.strictTransportSecurity") else "strict_transport_security"
    inner = camel(key) if one.has(f"value.{outer}.{camel(key)}") else key
    yield from each(one, f"value.{outer}.{inner}", holds)
