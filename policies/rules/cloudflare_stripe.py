"""Cloudflare: who may call Stripe's webhook, and what Stripe's calls may pass."""

from __future__ import annotations

import datetime as dt
import ipaddress
import re
from typing import TYPE_CHECKING, Any, Final

from policies.checks import day_named, text
from policies.cloudflare import CUSTOM, enabled_rules, is_on, rules_of
from policies.expressions import takes_anyone
from policies.rule import NOWHERE, Option, Severity, resource_rule, stack_rule, texts, whole
from policies.tokens import RULESET, ZONE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policies.model import Finding, Resource, Stack

_PATH: Final = "/stripe"
_ADDRESSES: Final = re.compile(r"ip\.src in \{([^}]*)\}")
PUBLISHED: Final = (
    "3.18.12.63",
    "3.69.109.8",
    "3.120.168.93",
    "3.130.192.231",
    "13.235.14.237",
    "13.235.122.149",
    "18.211.135.69",
    "35.154.171.200",
    "35.157.207.129",
    "52.15.183.38",
    "54.88.130.119",
    "54.88.130.237",
    "54.187.174.169",
    "54.187.205.235",
    "54.187.216.72",
)
"""stripe.com/files/ips/ips_webhooks.txt, from public copies of 2026-05-15 to 2026-10-04 that agree."""


@resource_rule(
    id="stripe-skip-names-addresses",
    title="Only Stripe's own addresses may pass the firewall on Stripe's path",
    risk="A skip rule for the path alone lets anyone past WAF and rate limits there: the path is public knowledge.",
    fix="Add `and ip.src in {...}` with Stripe's published addresses to the skip rule's expression.",
    severity=Severity.HIGH,
    audit="2.3 P1.9 Stripe webhook IP whitelisting",
    cis="13.10",
    reads={RULESET: ("rules[].action", "rules[].expression", "rules[].enabled")},
)
def stripe_skips_name_addresses(ruleset: Resource) -> Iterator[Finding]:
    """Rules that skip something and name a path with stripe in it."""
    for path, rule in _stripe_rules(ruleset):
        if rule.get("action") == "skip" and not _is_for_callers(text(rule.get("expression"))):
            yield ruleset.wants("names no addresses, or lets others in, too", f"{path}.expression")


def _is_for_callers(expression: str) -> bool:
    """Whether addresses are named, and a stranger who asks for the path comes from none of them."""
    return bool(_ADDRESSES.search(expression)) and not takes_anyone(
        expression, lambda test: any(_PATH in one.lower() for one in test.texts) or None
    )


@resource_rule(
    id="stripe-addresses-current",
    title="The addresses that pass for Stripe are the ones that Stripe publishes, and someone looked lately",
    risk="A missing address drops payments in silence; a surplus one lets a stranger confirm orders.",
    fix="Take the list from Stripe's ips_webhooks.txt, and say when it was compared: a day in the description of the "
    "rule that blocks everybody else, or in the pack's config. Until then take that rule out.",
    severity=Severity.HIGH,
    audit="2.3 P1.9 Stripe webhook IP whitelisting",
    cis="13.10",
    reads={RULESET: ("rules[].expression", "rules[].enabled", "rules[].action", "rules[].description")},
    options={
        "addresses": texts(PUBLISHED, "Stripe's published webhook addresses."),
        "compared_on": Option(
            {
                "type": "string",
                "default": "2026-10-04",
                "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
                "description": "The day on which `addresses` was compared with Stripe's file, "
                "for a rule whose description names none.",
            }
        ),
        "max_age_days": whole(30, 1, 1_096, "Days after which the comparison is due again, where others are blocked."),
    },
)
def stripe_addresses_are_current(
    ruleset: Resource, *, addresses: Sequence[str], compared_on: str, max_age_days: int
) -> Iterator[Finding]:
    """As sets: order and spelling (/32) do not matter. An old list costs payments only where others are blocked."""
    published = {network for address in addresses for network in _networks(address)}
    for path, rule in _stripe_rules(ruleset):
        named = {network for found in _ADDRESSES.findall(text(rule["expression"])) for network in _networks(found)}
        if named and named != published:
            difference = f"{len(published - named)} are missing and {len(named - published)} are not Stripe's"
            yield ruleset.wants(f"names other addresses than Stripe publishes: {difference}", f"{path}.expression")
        elif named and rule.get("action") == "block":
            day = day_named(rule.get("description")) or dt.date.fromisoformat(compared_on)
            if ruleset.environment.today > day + dt.timedelta(days=max_age_days):
                yield ruleset.wants(f"blocks by addresses last compared on {day}", f"{path}.expression")


@stack_rule(
    id="stripe-webhook-restricted",
    title="Everybody but Stripe is blocked from Stripe's webhook path",
    risk="Anyone may try forged events against the app's signature check, as often as they like.",
    fix="Once a person has compared the address list with Stripe's, add an enabled custom rule with action block and "
    "an expression that names the webhook path and `not ip.src in {...}`.",
    severity=Severity.MEDIUM,
    audit="2.3 P1.9 Stripe webhook IP whitelisting; asked once the list is verified, as a stale one drops payments",
    cis="13.10",
    applies=NOWHERE,
    reads={RULESET: ("phase", "zoneId", "kind", "rules[].action", "rules[].expression", "rules[].enabled"), ZONE: ()},
)
def webhook_is_restricted(stack: Stack) -> Iterator[Finding]:
    """One such rule per zone."""
    for zone in stack.of(ZONE):
        rules = [rule for rule in enabled_rules(stack, zone, CUSTOM) if rule.get("action") == "block"]
        if not any(_is_stripe(rule) and re.search(r"not\W*ip\.src in", text(rule["expression"])) for rule in rules):
            yield zone.wants("lets anyone call Stripe's webhook path")


def _stripe_rules(ruleset: Resource) -> Iterator[tuple[str, dict[str, Any]]]:
    return ((path, rule) for path, rule in rules_of(ruleset) if is_on(rule) and _is_stripe(rule))


def _is_stripe(rule: dict[str, Any]) -> bool:
    return _PATH in text(rule.get("expression")).lower()


def _networks(found: str) -> Iterator[ipaddress.IPv4Network | ipaddress.IPv6Network]:
    for word in found.split():
        try:
            yield ipaddress.ip_network(word)
        except ValueError:
            continue
