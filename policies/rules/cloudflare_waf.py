"""Cloudflare: which requests are stopped before they reach an origin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from policies.rule import Severity, stack_rule
from policies.tokens import RULESET, ZONE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policies.model import Finding, Resource, Stack

RATE_LIMIT: Final = "http_ratelimit"


@stack_rule(
    id="zone-rate-limit",
    title="A zone limits how often one visitor may ask",
    risk="Without a limit one client can guess passwords, empty the search or run up the bill at the speed of its "
    "line.",
    fix='Declare a Ruleset for the zone with phase "http_ratelimit" and at least one enabled rule with a ratelimit '
    "block.",
    severity=Severity.HIGH,
    audit="2.3 P1.7 IP-based rate limiting",
    cis="13.10",
    equals=("prowler:zone_rate_limiting_enabled",),
    reads={RULESET: ("phase", "zoneId", "rules[].enabled", "rules[].ratelimit"), ZONE: ()},
)
def zone_has_a_rate_limit(stack: Stack) -> Iterator[Finding]:
    """A ruleset whose every rule is disabled limits nothing."""
    for zone in stack.of(ZONE):
        if not any(rule.get("ratelimit") for rule in enabled_rules(stack, zone, RATE_LIMIT)):
            yield zone.wants("has no enabled rate-limit rule")


def enabled_rules(stack: Stack, zone: Resource, phase: str) -> list[dict[str, Any]]:
    """The rules of a zone's phase that are switched on. A rule that doesn't say is on, as the API has it."""
    rulesets = [one for one in stack.companions(zone, RULESET, "zoneId") if one.value("phase") == phase]
    rules = [rule for one in rulesets for _, rule in one.values("rules[]")]
    return [rule for rule in rules if isinstance(rule, dict) and rule.get("enabled") is not False]
