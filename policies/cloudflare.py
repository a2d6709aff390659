"""What several Cloudflare rules need to know: a zone's plan, what plans allow, the rules of a phase."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from policies.checks import number, text
from policies.expressions import always, may_be_for, never
from policies.tokens import LOAD_BALANCER_MONITOR, RULESET, ZONE, ZONE_SUBSCRIPTION
from policies.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from policies.model import Resource, Stack

CUSTOM: Final = "http_request_firewall_custom"
MANAGED: Final = "http_request_firewall_managed"
RATE_LIMIT: Final = "http_ratelimit"
CONFIGURATION: Final = "http_config_settings"
FIREWALL: Final = (CUSTOM, MANAGED, RATE_LIMIT)
BLOCKING: Final = ("block", "challenge", "js_challenge", "managed_challenge")
_WHOLE_SITE: Final = re.compile(r"(https?://)?[^/]*/?\**")
OF_PLAN: Final = {ZONE_SUBSCRIPTION: ("ratePlan.id", "zoneId"), ZONE: ()}
"""What a rule reads that asks for a zone's plan."""

_FREE_FIELDS: Final = frozenset({"http.request.uri.path", "cf.bot_management.verified_bot", "cf.client.bot"})
_PRO_FIELDS: Final = _FREE_FIELDS | {
    "http.host",
    "http.request.uri",
    "http.request.full_uri",
    "http.request.uri.query",
}
_BUSINESS_FIELDS: Final = _PRO_FIELDS | {"http.request.method", "ip.src", "http.user_agent"}


@dataclass(frozen=True, slots=True)
class Plan:
    """What a zone's plan allows. Times in seconds.

    Source: cloudflare-docs src/content/plans/index.json and partials/waf/rate-limiting-availability-by-plan.mdx
    (2026-08).
    """

    name: str
    custom_rules: int
    rate_limit_rules: int
    longest_period: int
    longest_timeout: int
    rate_limit_fields: frozenset[str] | None
    """The fields a rate-limit expression may test; None: every field."""
    characteristics: frozenset[str] | None
    """What a rate limit may count by; None: anything."""
    managed_rulesets: bool
    health_checks: bool
    """Standalone ones; a load balancer's monitors are bought with it, on any plan."""


_BY_ADDRESS: Final = frozenset({"ip.src", "cf.colo.id"})
_BY_VISITOR: Final = _BY_ADDRESS | {"cf.unique_visitor_id"}
PERIODS: Final = (10, 15, 20, 30, 40, 45, 60, 90, 120, 180, 240, 300, 480, 600, 900, 1_200, 1_800, 2_400, 3_600, 65_535)
"""The periods of a rate limit, in seconds, as far as a plan's longest."""
_FREE: Final = Plan("Free", 5, 1, 10, 10, _FREE_FIELDS, _BY_ADDRESS, managed_rulesets=False, health_checks=False)
_PRO: Final = Plan("Pro", 20, 2, 60, 3_600, _PRO_FIELDS, _BY_ADDRESS, managed_rulesets=True, health_checks=True)
_BUSINESS: Final = Plan(
    "Business", 100, 5, 600, 86_400, _BUSINESS_FIELDS, _BY_VISITOR, managed_rulesets=True, health_checks=True
)
_ENTERPRISE: Final = Plan(
    "Enterprise", 1_000, 100, 65_535, 86_400, None, None, managed_rulesets=True, health_checks=True
)
_PLANS: Final[Mapping[str, Plan]] = {
    "free": _FREE,
    "pro": _PRO,
    "pro_plus": _PRO,
    "business": _BUSINESS,
    "enterprise": _ENTERPRISE,
}


def plan_of(stack: Stack, zone: Resource) -> Plan:
    """The plan that the program buys for a zone; Free where it buys none."""
    for subscription in stack.companions(zone, ZONE_SUBSCRIPTION, "zoneId"):
        return plan_named(str(subscription.value("ratePlan.id")))
    return _FREE


def plan_named(rate_plan: str) -> Plan:
    """The plan by the id that Cloudflare sells it under; one that is not known may have everything."""
    return _PLANS.get(rate_plan.removeprefix("partners_"), _ENTERPRISE)


def rulesets(stack: Stack, zone: Resource, *phases: str) -> list[Resource]:
    """The rulesets of a zone in some phases: its entry points, and the custom ones that these execute.

    A custom ruleset that nothing executes does nothing.
    """
    of_phase = [one for one in stack.companions(zone, RULESET, "zoneId") if one.value("phase") in phases]
    entries = [one for one in of_phase if one.value("kind") != "custom"]
    executed = {one.urn for entry in entries for one in stack.linked(entry, "rules", RULESET)}
    return [*entries, *(one for one in of_phase if one.urn in executed)]


def rules_of(ruleset: Resource) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each rule with its path, as far as a preview knows it."""
    return ((path, rule) for path, rule in ruleset.values("rules[]") if isinstance(rule, dict))


def limit_of(rule: Mapping[str, Any]) -> dict[str, Any]:
    """The ratelimit block of a rule; empty where there is none."""
    given = rule.get("ratelimit")
    return given if isinstance(given, dict) else {}


def is_on(rule: Mapping[str, Any]) -> bool:
    """Whether a rule is switched on: one that doesn't say so is."""
    return rule.get("enabled") is not False


def enabled_rules(stack: Stack, zone: Resource, *phases: str) -> list[dict[str, Any]]:
    """The rules of a zone's phases that are switched on."""
    return [rule for one in rulesets(stack, zone, *phases) for _, rule in rules_of(one) if is_on(rule)]


def fields_in(expression: str) -> set[str]:
    """The fields that a rule expression tests: dotted names outside quoted texts."""
    outside = "".join(expression.split('"')[::2])
    words = outside.replace("(", " ").replace(")", " ").replace("{", " ").replace("}", " ").replace(",", " ").split()
    return {word.partition("[")[0] for word in words if word.startswith(("http.", "ip.", "cf.", "ssl"))}


def matches_everything(rule: Mapping[str, Any]) -> bool:
    """Whether a rule's expression is true of every request, however it says so."""
    return always(text(rule.get("expression")))


def covers_every_path(rule: Mapping[str, Any]) -> bool:
    """Whether a rule is for a whole host, or for all of them: its expression tests nothing else."""
    expression = text(rule.get("expression"))
    return always(expression) or ({"http.host"} >= fields_in(expression) > set() and not never(expression))


def is_whole_site(page_rule: Resource) -> bool:
    """Whether a page rule's target names no path."""
    return _WHOLE_SITE.fullmatch(text(page_rule.value("target"))) is not None


def may_match(rule: Mapping[str, Any], word: str) -> bool:
    """Whether a rule's expression names something, such as a path, and can be true of a request for it."""
    return may_be_for(text(rule.get("expression")), word)


def detection_seconds(monitor: Resource) -> float:
    """How long an origin can be dead before the monitor or health check says so, in seconds. Retries follow at once.

    What is not known counts as nothing; `detection_unknown` says of it.
    """
    interval, retries, timeout, times = (
        number(default if monitor.value(path) is None else monitor.value(path))
        for path, default in zip(_probing(monitor), (60, 2, 5, 1), strict=True)
    )
    return interval * max(times, 1) + timeout * (retries + 1)


def detection_unknown(monitor: Resource) -> str | None:
    """The first property that the time of detection needs and a preview does not know."""
    return next((path for path in _probing(monitor) if monitor.value(path) is UNKNOWN), None)


def _probing(monitor: Resource) -> tuple[str, ...]:
    failures = "consecutiveDown" if monitor.type == LOAD_BALANCER_MONITOR else "consecutiveFails"
    return ("interval", "retries", "timeout", failures)
