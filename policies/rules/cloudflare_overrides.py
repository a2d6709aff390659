"""Cloudflare: that no single rule takes back what the zone's settings and firewall give."""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Any, Final

from policies.checks import text
from policies.cloudflare import CONFIGURATION, is_on, is_whole_site, rules_of
from policies.expressions import takes_anyone
from policies.rule import Severity, resource_rule, stack_rule, whole
from policies.tokens import FILTER, FIREWALL_RULE, IP_ACCESS_RULE, PAGE_RULE, RATE_LIMIT, RULESET
from policies.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from policies.model import Finding, Resource, Stack

_WEAK_LEVELS: Final = ("off", "essentially_off")
_OFF: Final[Mapping[str, tuple[object, ...]]] = {
    "automaticHttpsRewrites": (False, "off"),
    "bic": (False,),
    "browserCheck": ("off",),
    "disableSecurity": (True,),
    "opportunisticEncryption": (False, "off"),
    "securityLevel": _WEAK_LEVELS,
    "waf": ("off",),
}
"""What configuration rules and page rules can switch, under either's name, and the values that switch it off."""
_UNCHECKED: Final = ("off", "flexible", "full")
_BY_ADDRESS: Final = ("ip", "ip6", "ip_range")


@stack_rule(
    id="firewall-types-current",
    title="Firewall rules and rate limits are written in a type that Cloudflare still runs",
    risk="Cloudflare ended these programming interfaces in June 2025: the rule is not made, or one that these policies "
    "can't read lets visitors past all others.",
    fix="Write the rule into a Ruleset: http_request_firewall_custom for a FirewallRule and its Filter, http_ratelimit "
    "for a RateLimit.",
    severity=Severity.HIGH,
    audit="Beyond the audit: Cloudflare's deprecations, firewall rules and filters",
    cis="13.10",
    reads={FIREWALL_RULE: (), FILTER: (), RATE_LIMIT: ()},
)
def firewall_is_current(stack: Stack) -> Iterator[Finding]:
    """Each of them."""
    for one in stack.of(FIREWALL_RULE, FILTER, RATE_LIMIT):
        yield one.wants("is of a type that Cloudflare has retired")


@resource_rule(
    id="overrides-keep-protection",
    title="No configuration rule or page rule switches a protection off for the whole site",
    risk="The zone's settings look right in every review, and none of them holds.",
    fix="Remove the switch from the rule, or give the rule an expression (a page rule: a target) that names the paths "
    "it is for; ssl of a page rule is strict or not set.",
    severity=Severity.HIGH,
    audit="6.2 Network security",
    cis="13.10",
    reads={
        RULESET: (
            "phase",
            "rules[].enabled",
            "rules[].expression",
            "rules[].actionParameters.automaticHttpsRewrites",
            "rules[].actionParameters.bic",
            "rules[].actionParameters.opportunisticEncryption",
            "rules[].actionParameters.securityLevel",
        ),
        PAGE_RULE: (
            "status",
            "target",
            "actions.automaticHttpsRewrites",
            "actions.browserCheck",
            "actions.disableSecurity",
            "actions.opportunisticEncryption",
            "actions.securityLevel",
            "actions.ssl",
            "actions.waf",
        ),
    },
)
def protection_is_kept(resource: Resource) -> Iterator[Finding]:
    """A path may need an exception; an origin's certificate is `tls-exception-ends`'s, where a rule can name a day."""
    if resource.type == PAGE_RULE:
        yield from _of_page_rule(resource)
        return
    for path, rule in rules_of(resource) if resource.value("phase") == CONFIGURATION else ():
        parameters = rule.get("actionParameters")
        if is_on(rule) and isinstance(parameters, dict):
            expression = rule.get("expression")  # one that is not known yet is `ruleset-known`'s
            everywhere = expression is not UNKNOWN and takes_anyone(text(expression))
            yield from _switched_off(resource, f"{path}.actionParameters", parameters, everywhere=everywhere)


def _of_page_rule(page_rule: Resource) -> Iterator[Finding]:
    """One that says nothing of its status is switched on."""
    actions = page_rule.value("actions")
    if page_rule.value("status") == "disabled" or not isinstance(actions, dict):
        return
    if actions.get("ssl") in _UNCHECKED:
        yield page_rule.wants("leaves the origin's certificate unchecked", "actions.ssl")
    yield from _switched_off(page_rule, "actions", actions, everywhere=is_whole_site(page_rule))


def _switched_off(resource: Resource, path: str, switches: Mapping[str, Any], *, everywhere: bool) -> Iterator[Finding]:
    for name, off in _OFF.items() if everywhere else ():
        if any(switches.get(name) is value or switches.get(name) == value for value in off if name in switches):
            yield resource.wants("is off for the whole site", f"{path}.{name}")


@resource_rule(
    id="access-rule-is-narrow",
    title="An IP access rule lets past a few addresses, never a country or a network operator",
    risk="What it allows passes the firewall, the challenges and the browser check: a rented server is in any country.",
    fix="Name single addresses, or a network no wider than /24 (IPv6: /64); or skip one thing by a custom rule.",
    severity=Severity.HIGH,
    audit="2.3 P1.6 Cloudflare Pro: WAF",
    cis="13.10",
    reads={IP_ACCESS_RULE: ("mode", "configuration.target", "configuration.value")},
    shows=("configuration.target", "configuration.value"),
    options={
        "min_prefix": whole(24, 8, 32, "The shortest prefix of an IPv4 network that may be let past."),
        "min_prefix_v6": whole(64, 16, 128, "The shortest prefix of an IPv6 network that may be let past."),
    },
)
def access_rule_is_narrow(rule: Resource, *, min_prefix: int, min_prefix_v6: int) -> Iterator[Finding]:
    """Of the mode that lets past: the others stop somebody."""
    target, value = rule.value("configuration.target"), rule.value("configuration.value")
    if rule.value("mode") != "whitelist":
        return
    if UNKNOWN in (target, value):
        yield rule.cannot_tell("configuration")
    elif target not in _BY_ADDRESS:
        yield rule.violates("configuration.target", target)
    else:
        try:
            network = ipaddress.ip_network(text(value).strip(), strict=False)
        except ValueError:
            network = None
        if network is None or network.prefixlen < (min_prefix if network.version == 4 else min_prefix_v6):
            yield rule.violates("configuration.value", value)
