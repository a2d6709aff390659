"""Cloudflare: the zone's plan and its other settings, where a wrong value weakens the site."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policies.checks import between, each, is_false, is_true, matches, must, none_of, one_of, setting, text
from policies.rule import NOWHERE, PRODUCTION, Severity, resource_rule, stack_rule, texts
from policies.tokens import (
    BOT_MANAGEMENT,
    LEAKED_CREDENTIAL_CHECK,
    TURNSTILE_WIDGET,
    URL_NORMALIZATION,
    ZONE,
    ZONE_SETTING,
    ZONE_SUBSCRIPTION,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policies.model import Finding, Resource, Stack

_SETTING: Final = {ZONE_SETTING: ("settingId", "value", "zoneId"), ZONE: ()}
_PAID: Final = ("pro", "pro_plus", "business", "enterprise", "partners_pro", "partners_business", "partners_enterprise")


@stack_rule(
    id="zone-paid-plan",
    title="A production zone has the Pro plan or a better one",
    risk="The Free plan has no managed WAF rulesets, one rate-limit rule and no health checks.",
    fix='Declare a ZoneSubscription for the zone with ratePlan.id "pro", "business" or "enterprise".',
    severity=Severity.HIGH,
    mandatory=NOWHERE,
    audit="2.3 P1.6 Cloudflare Pro; a price that a pack config may ask",
    cis="13.10",
    applies=PRODUCTION,
    reads={ZONE_SUBSCRIPTION: ("ratePlan.id", "zoneId"), ZONE: ()},
    shows=("ratePlan.id",),
)
def production_zone_is_paid(stack: Stack) -> Iterator[Finding]:
    """A zone starts as Free: without a subscription that is what it stays."""
    for subscription in stack.of(ZONE_SUBSCRIPTION):
        yield from each(subscription, "ratePlan.id", one_of(*_PAID))
    for zone in stack.of(ZONE):
        if not stack.companions(zone, ZONE_SUBSCRIPTION, "zoneId"):
            yield zone.wants("has no ZoneSubscription")


resource_rule(
    id="zone-not-paused",
    title="A zone is not paused",
    risk="A paused zone answers DNS only: WAF, rate limits, TLS and the hiding of origins are all off.",
    fix="Remove paused, or set it to false.",
    severity=Severity.CRITICAL,
    audit="Beyond the audit: one switch that turns every other off",
    cis="13.10",
    reads={ZONE: ("paused",)},
    shows=("paused",),
)(must("paused", is_false, required=False))

stack_rule(
    id="zone-browser-check",
    title="A zone checks that a browser looks like one",
    risk="The crudest scanners and spam bots reach the apps.",
    fix='Set the ZoneSetting with settingId "browser_check" to "on", its default.',
    severity=Severity.LOW,
    mandatory=PRODUCTION,
    audit="2.3 P1.6 Cloudflare Pro",
    cis="13.10",
    equals=("prowler:zone_browser_integrity_check_enabled", "mondoo:browser-check"),
    reads=_SETTING,
    shows=("value",),
)(setting("browser_check", one_of("on"), required=False))

stack_rule(
    id="zone-security-level",
    title="A zone's security level is neither off nor stuck in an emergency",
    risk="Off lets known attackers in; under_attack shows every customer a challenge and breaks webhooks.",
    fix='Set the ZoneSetting with settingId "security_level" to "low", "medium" or "high".',
    severity=Severity.MEDIUM,
    audit="2.3 P1.6 Cloudflare Pro",
    cis="13.10",
    equals=("prowler:zone_security_under_attack_disabled", "mondoo:security-level-not-off"),
    reads=_SETTING,
    shows=("value",),
)(setting("security_level", one_of("low", "medium", "high"), required=False))

stack_rule(
    id="zone-development-mode-off",
    title="A zone is not in development mode",
    risk="The cache is bypassed, so that the origins take every visitor's every request.",
    fix='Remove the ZoneSetting with settingId "development_mode", or set it to "off".',
    severity=Severity.LOW,
    mandatory=PRODUCTION,
    audit="3.4 CDN caching",
    cis="4.1",
    equals=("prowler:zone_development_mode_disabled",),
    reads=_SETTING,
    shows=("value",),
)(setting("development_mode", one_of("off"), required=False))

stack_rule(
    id="zone-always-online-off",
    title="A zone does not show the Internet Archive's copy of its pages",
    risk="A shop that is down shows old prices, and the archive keeps pages that were never meant for it.",
    fix='Set the ZoneSetting with settingId "always_online" to "off".',
    severity=Severity.LOW,
    mandatory=PRODUCTION,
    audit="Beyond the audit: known from Prowler",
    cis="3.3",
    equals=("prowler:zone_always_online_disabled",),
    reads=_SETTING,
    shows=("value",),
)(setting("always_online", one_of("off"), required=False))

stack_rule(
    id="zone-email-obfuscation",
    title="A zone hides e-mail addresses from harvesters",
    risk="Makers' addresses end up on spam lists.",
    fix='Set the ZoneSetting with settingId "email_obfuscation" to "on", its default.',
    severity=Severity.LOW,
    mandatory=PRODUCTION,
    audit="Beyond the audit: it rewrites the HTML that React compares; asked only where a pack config says so",
    cis="3.3",
    equals=("prowler:zone_email_obfuscation_enabled", "mondoo:email-obfuscation"),
    applies=NOWHERE,
    reads=_SETTING,
    shows=("value",),
)(setting("email_obfuscation", one_of("on"), required=False))

stack_rule(
    id="zone-hotlink-protection",
    title="A zone's pictures are shown by its own pages only",
    risk="Other sites show makers' pictures at MadeBuy's cost.",
    fix='Declare a ZoneSetting for the zone with settingId "hotlink_protection" and value "on".',
    severity=Severity.LOW,
    mandatory=PRODUCTION,
    audit="Beyond the audit: mail and search show makers' pictures, too; asked only where a pack config says so",
    cis="3.3",
    equals=("prowler:zone_hotlink_protection_enabled", "mondoo:hotlink-protection"),
    applies=NOWHERE,
    reads=_SETTING,
    shows=("value",),
)(setting("hotlink_protection", one_of("on")))

stack_rule(
    id="zone-ip-geolocation",
    title="A zone does not hide a visitor's country from the apps",
    risk="Fraud checks and logs lose the one thing about an address that outlives it.",
    fix='Remove the ZoneSetting with settingId "ip_geolocation", or set it to "on".',
    severity=Severity.LOW,
    mandatory=PRODUCTION,
    audit="Beyond the audit: known from Prowler",
    cis="8.5",
    equals=("prowler:zone_ip_geolocation_enabled",),
    reads=_SETTING,
    shows=("value",),
)(setting("ip_geolocation", one_of("on"), required=False))

stack_rule(
    id="zone-challenge-passage",
    title="A solved challenge lasts between 15 and 45 minutes",
    risk="Shorter annoys customers at the till; longer lets a bot work on one answer for hours.",
    fix='Set the ZoneSetting with settingId "challenge_ttl" to a number of seconds between 900 and 2700.',
    severity=Severity.LOW,
    mandatory=PRODUCTION,
    audit="Beyond the audit: known from Prowler",
    cis="13.10",
    equals=("prowler:zone_challenge_passage_configured",),
    reads=_SETTING,
    shows=("value",),
)(setting("challenge_ttl", between(900, 2_700), required=False))


@resource_rule(
    id="zone-bots-fought",
    title="Where bot management is declared, it acts on bots",
    risk="Stolen card numbers and passwords are tried by programs, at the shop's cost.",
    fix="Set fightMode to true (Free), or sbfmDefinitelyAutomated to block or managed_challenge (Pro and up).",
    severity=Severity.MEDIUM,
    audit="2.3 P2.12 CAPTCHA for high-risk actions",
    cis="13.10",
    equals=("prowler:zone_bot_fight_mode_enabled",),
    reads={BOT_MANAGEMENT: ("fightMode", "sbfmDefinitelyAutomated")},
)
def bots_are_fought(bots: Resource) -> Iterator[Finding]:
    """Either mode: a zone on Pro has the second, and no rule can make an exception from the first."""
    acts = none_of("allow")
    if bots.value("fightMode") is not True and not acts(bots.value("sbfmDefinitelyAutomated")):
        yield bots.lacks("fightMode", "is not true, and sbfmDefinitelyAutomated blocks nothing")


@stack_rule(
    id="zone-bots-exist",
    title="A production zone says what is done with bots",
    risk="Cloudflare's default lets every bot pass, and a dashboard's setting shows in no review.",
    fix="Declare a BotManagement for the zone.",
    severity=Severity.MEDIUM,
    audit="2.3 P2.12 CAPTCHA for high-risk actions",
    cis="13.10",
    applies=PRODUCTION,
    reads={BOT_MANAGEMENT: ("zoneId",), ZONE: ()},
)
def zone_has_bot_management(stack: Stack) -> Iterator[Finding]:
    """That it acts is `zone-bots-fought`."""
    yield from _zones_without(stack, BOT_MANAGEMENT, "has no BotManagement")


@resource_rule(
    id="zone-bots-detected-by-javascript",
    title="Bots are looked for in the browser, too",
    risk="A program that sends a browser's headers is not told from one.",
    fix="Set enableJs to true, once the apps' Content-Security-Policy allows Cloudflare's script.",
    severity=Severity.LOW,
    mandatory=PRODUCTION,
    audit="Beyond the audit: known from Cloudflare; it puts a script into every page, which the apps must allow first, "
    "so it is asked only where a pack config says so",
    cis="13.10",
    equals=("insights:Turn on JavaScript Detection",),
    applies=NOWHERE,
    reads={BOT_MANAGEMENT: ("enableJs", "fightMode")},
    shows=("enableJs",),
)
def bots_are_detected_by_javascript(bots: Resource) -> Iterator[Finding]:
    """Bot Fight Mode does it by itself, and can't be told not to."""
    if bots.value("fightMode") is not True:
        yield from must("enableJs", is_true)(bots)


resource_rule(
    id="zone-verified-bots-pass",
    title="Bots that Cloudflare knows by name are let in",
    risk="Blocked are search engines, uptime monitors and the payment provider's webhooks.",
    fix="Set sbfmVerifiedBots to allow, and stop single ones by a custom rule.",
    severity=Severity.MEDIUM,
    audit="5.3 Phase 1 Uptime monitoring",
    cis="13.10",
    reads={BOT_MANAGEMENT: ("sbfmVerifiedBots",)},
    shows=("sbfmVerifiedBots",),
)(must("sbfmVerifiedBots", one_of("allow"), required=False))


def _zones_without(stack: Stack, kind: str, what: str) -> Iterator[Finding]:
    """Zones that no resource of a type belongs to."""
    for zone in stack.of(ZONE):
        if not stack.companions(zone, kind, "zoneId"):
            yield zone.wants(what)


@stack_rule(
    id="zone-leaked-credentials-exist",
    title="A production zone checks sign-ins for leaked passwords",
    risk="Passwords from other sites' leaks are tried here, and nothing marks them: the check is off by default.",
    fix="Declare a LeakedCredentialCheck for the zone, with enabled true.",
    severity=Severity.LOW,
    mandatory=NOWHERE,
    audit="2.3 P1.6 Cloudflare Pro; a site without accounts has no use for it",
    cis="13.10",
    applies=PRODUCTION,
    reads={LEAKED_CREDENTIAL_CHECK: ("zoneId",), ZONE: ()},
)
def zone_has_leaked_credential_check(stack: Stack) -> Iterator[Finding]:
    """That it is switched on is `zone-leaked-credentials`."""
    yield from _zones_without(stack, LEAKED_CREDENTIAL_CHECK, "has no LeakedCredentialCheck")


resource_rule(
    id="zone-leaked-credentials",
    title="Where a zone checks for leaked passwords, the check is on",
    risk="Passwords from other sites' leaks are tried here, and nothing marks them.",
    fix="Set enabled to true.",
    severity=Severity.MEDIUM,
    audit="2.3 P1.6 Cloudflare Pro",
    cis="13.10",
    reads={LEAKED_CREDENTIAL_CHECK: ("enabled",)},
    shows=("enabled",),
)(must("enabled", is_true))


@resource_rule(
    id="zone-urls-normalized",
    title="Paths are brought to one spelling before rules look at them",
    risk="/%61pi/ and //api/ pass a rule about /api/ and mean the same to the app.",
    fix='Set scope to "incoming" or "both", and type to "cloudflare": by RFC 3986 alone, // stays.',
    severity=Severity.MEDIUM,
    audit="2.3 P1.6 Cloudflare Pro: WAF custom rules",
    cis="13.10",
    reads={URL_NORMALIZATION: ("scope", "type")},
    shows=("scope", "type"),
)
def urls_are_normalized(normalization: Resource) -> Iterator[Finding]:
    """A zone without the resource has both by default."""
    yield from each(normalization, "scope", one_of("incoming", "both"))
    yield from each(normalization, "type", one_of("cloudflare"))


@resource_rule(
    id="turnstile-own-domains",
    title="A Turnstile widget works on our own hosts",
    risk="Others solve our challenges on their pages, and use the answers here.",
    fix="List the hosts in domains, without a wildcard and without anyone else's.",
    severity=Severity.MEDIUM,
    audit="8 Week 1: Cloudflare Turnstile",
    cis="13.10",
    reads={TURNSTILE_WIDGET: ("domains[]",)},
    shows=("domains[]",),
    options={"own_domains": texts((), "Globs of the hosts that are ours; empty means that any named host may be.")},
)
def widget_is_for_own_hosts(widget: Resource, *, own_domains: Sequence[str]) -> Iterator[Finding]:
    """A domain covers the hosts below it."""
    yield from each(
        widget, "domains[]", lambda host: "*" not in text(host) and matches(text(host), own_domains or ("*",))
    )


@stack_rule(
    id="turnstile-exists",
    title="A production zone's stack has a Turnstile widget",
    risk="Sign-in and registration have nothing that tells a person from a program.",
    fix="Declare a TurnstileWidget for the zone's hosts, and check its answers in the apps.",
    severity=Severity.LOW,
    mandatory=NOWHERE,
    audit="8 Week 1: Cloudflare Turnstile; a site without forms has no use for it",
    cis="13.10",
    equals=("insights:No Turnstile enabled",),
    applies=PRODUCTION,
    reads={TURNSTILE_WIDGET: (), ZONE: ()},
)
def turnstile_exists(stack: Stack) -> Iterator[Finding]:
    """A widget belongs to an account and names hosts; which hosts is `turnstile-own-domains`."""
    for zone in stack.of(ZONE):
        if not any(True for _ in stack.of(TURNSTILE_WIDGET)):
            yield zone.wants("is in a stack without a TurnstileWidget")
