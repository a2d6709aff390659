"""Cloudflare: how often one visitor may ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from policies.checks import number, text
from policies.cloudflare import (
    BLOCKING,
    OF_PLAN,
    PERIODS,
    RATE_LIMIT,
    enabled_rules,
    fields_in,
    is_on,
    limit_of,
    matches_everything,
    may_match,
    plan_of,
    rules_of,
    rulesets,
)
from policies.rule import NOWHERE, PRODUCTION, Severity, resource_rule, stack_rule, texts, whole
from policies.tokens import RULESET, ZONE
from policies.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policies.cloudflare import Plan
    from policies.model import Finding, Resource, Stack

_COUNTED: Final = {
    ZONE: (),
    RULESET: (
        "phase",
        "zoneId",
        "kind",
        "rules[].enabled",
        "rules[].action",
        "rules[].expression",
        "rules[].ratelimit.period",
        "rules[].ratelimit.requestsPerPeriod",
        "rules[].ratelimit.characteristics[]",
    ),
}


@stack_rule(
    id="zone-rate-limit",
    title="A zone limits how often one visitor may ask",
    risk="Without a limit one client guesses passwords, empties the search or runs up the bill at the speed of its "
    "line.",
    fix='Declare a Ruleset for the zone with phase "http_ratelimit" and an enabled rule with a ratelimit block.',
    severity=Severity.HIGH,
    audit="2.3 P1.7 IP-based rate limiting",
    cis="13.10",
    equals=("prowler:zone_rate_limiting_enabled",),
    reads={RULESET: ("phase", "zoneId", "kind", "rules[].enabled", "rules[].ratelimit"), ZONE: ()},
)
def zone_has_a_rate_limit(stack: Stack) -> Iterator[Finding]:
    """A ruleset whose every rule is switched off limits nothing."""
    for zone in stack.of(ZONE):
        if not any(rule.get("ratelimit") for rule in enabled_rules(stack, zone, RATE_LIMIT)):
            yield zone.wants("has no enabled rate-limit rule")


@stack_rule(
    id="zone-rate-limit-anonymous",
    title="One of a zone's rate limits is the audit's: 10 requests in 10 seconds by address, then block",
    risk="A limit of thousands, or one that only logs, is there on paper.",
    fix="In an enabled http_ratelimit rule set ratelimit.period 10, requestsPerPeriod 10 or less, characteristics "
    "with ip.src and cf.colo.id, an action that blocks, and an expression that covers the API's path.",
    severity=Severity.HIGH,
    audit="2.3 P1.7 IP-based rate limiting (10 req/10s for anonymous users); asked where a pack config says so",
    cis="13.10",
    applies=NOWHERE,
    reads=_COUNTED,
    options={
        "max_requests": whole(10, 1, 10_000, "The most requests of one address in a period."),
        "period_seconds": whole(10, 10, 86_400, "The period in seconds."),
    },
)
def zone_limits_anonymous_visitors(stack: Stack, *, max_requests: int, period_seconds: int) -> Iterator[Finding]:
    """Judged per zone, where there is a limit at all: one good rule is enough beside others."""
    for zone in stack.of(ZONE):
        limits = [rule for rule in enabled_rules(stack, zone, RATE_LIMIT) if rule.get("ratelimit")]
        if limits and not any(_limits_visitors(rule, max_requests, period_seconds) for rule in limits):
            where = rulesets(stack, zone, RATE_LIMIT)[0]
            yield where.wants(f"has no rule for {max_requests} requests in {period_seconds} seconds", "rules")


def _limits_visitors(rule: dict[str, Any], max_requests: int, period_seconds: int) -> bool:
    limit = limit_of(rule)
    tight = limit.get("period") == period_seconds and 0 < number(limit.get("requestsPerPeriod")) <= max_requests
    covers_api = matches_everything(rule) or may_match(rule, "/api")
    return _counts_addresses(rule) and tight and covers_api and rule.get("action") in BLOCKING


def _counts_addresses(rule: dict[str, Any]) -> bool:
    characteristics = limit_of(rule).get("characteristics")
    return isinstance(characteristics, list) and {"ip.src", "cf.colo.id"} <= {*map(str, characteristics)}


@stack_rule(
    id="plan-allows-rate-limit",
    title="A rate-limit rule is one that the zone's plan can have",
    risk="Cloudflare refuses the whole ruleset at deployment, after the other half of the stack was made.",
    fix="Keep to the plan's limits: on Pro two rules, a period of 60 s, a timeout of 1 h, and host, path and query in "
    "the expression; or buy the plan that the rule needs.",
    severity=Severity.MEDIUM,
    audit="2.3 P1.6 Cloudflare Pro",
    cis="4.1",
    reads={
        **OF_PLAN,
        RULESET: (
            "phase",
            "zoneId",
            "kind",
            "rules[].enabled",
            "rules[].expression",
            "rules[].ratelimit.period",
            "rules[].ratelimit.mitigationTimeout",
            "rules[].ratelimit.characteristics[]",
        ),
    },
)
def plan_allows_rate_limits(stack: Stack) -> Iterator[Finding]:
    """Number, times, fields and what is counted by; switched-off rules count towards the number, too."""
    for zone in stack.of(ZONE):
        plan = plan_of(stack, zone)
        for ruleset in rulesets(stack, zone, RATE_LIMIT):
            rules = list(rules_of(ruleset))
            if len(rules) > plan.rate_limit_rules:
                yield ruleset.wants(f"has {len(rules)} rules; {plan.name} has {plan.rate_limit_rules}", "rules")
            for path, rule in rules:
                yield from _beyond_plan(ruleset, path, rule, plan)


def _beyond_plan(ruleset: Resource, path: str, rule: dict[str, Any], plan: Plan) -> Iterator[Finding]:
    limit = limit_of(rule)
    periods = [period for period in PERIODS if period <= plan.longest_period]
    if limit and limit.get("period") not in (UNKNOWN, *periods):
        yield ruleset.wants(f"is none of the periods that {plan.name} has", f"{path}.ratelimit.period")
    if number(limit.get("mitigationTimeout")) > plan.longest_timeout:
        yield ruleset.wants(f"is longer than {plan.name} allows", f"{path}.ratelimit.mitigationTimeout")
    listed = limit.get("characteristics")
    counted = {text(one) for one in listed} - {""} if isinstance(listed, list) else set()
    if plan.characteristics is not None and counted - plan.characteristics:
        yield ruleset.wants(f"counts by what {plan.name} can't count by", f"{path}.ratelimit.characteristics")
    yield from _foreign_fields(ruleset, path, rule, plan.rate_limit_fields, plan.name)


def _foreign_fields(
    ruleset: Resource, path: str, rule: dict[str, Any], allowed: frozenset[str] | None, plan: str
) -> Iterator[Finding]:
    if allowed is None:
        return
    fields = sorted(fields_in(text(rule.get("expression"))) - allowed)
    if fields:
        yield ruleset.wants(f"tests {', '.join(fields)}, which {plan} has not in rate limits", f"{path}.expression")


@stack_rule(
    id="rate-limit-on-passwords",
    title="Every path that takes a password has a rate limit of its own",
    risk="At the pace that browsing needs, one address tries tens of thousands of passwords a day.",
    fix="Add an enabled http_ratelimit rule that blocks and whose expression names the path, for a few requests a "
    "minute.",
    severity=Severity.HIGH,
    audit="2.3 P1.7 IP-based rate limiting",
    cis="13.10",
    applies=PRODUCTION,
    reads=_COUNTED,
    options={
        "paths": texts((), "The paths that take a password, as their rules' expressions write them."),
        "max_per_minute": whole(10, 1, 10_000, "The most requests of one address in a minute."),
    },
)
def passwords_are_limited(stack: Stack, *, paths: Sequence[str], max_per_minute: int) -> Iterator[Finding]:
    """Where there is a limit at all. Which paths take a password only the config can say."""
    for zone in stack.of(ZONE):
        limits = enabled_rules(stack, zone, RATE_LIMIT)
        blocks = [one for one in limits if one.get("action") in BLOCKING and _counts_addresses(one)]
        tight = [one for one in blocks if 0 < _per_minute(one) <= max_per_minute]
        free = [path for path in paths if not any(may_match(one, f'"{path}"') for one in tight)]
        if limits and free:
            yield zone.wants(f"has no rate limit of {max_per_minute} requests a minute for {', '.join(free)}")


def _per_minute(rule: dict[str, Any]) -> float:
    period = number(limit_of(rule).get("period"))
    return number(limit_of(rule).get("requestsPerPeriod")) * 60 / period if period else 0


@resource_rule(
    id="rate-limits-limit",
    title="Every rate-limit rule has a limit that a visitor can reach",
    risk="A limit of thousands, or one that counts nothing, is there on paper.",
    fix="Set ratelimit.characteristics and requestsPerPeriod, not above the config's number.",
    severity=Severity.MEDIUM,
    audit="2.3 P1.7 IP-based rate limiting",
    cis="13.10",
    reads={
        RULESET: (
            "phase",
            "rules[].enabled",
            "rules[].ratelimit.requestsPerPeriod",
            "rules[].ratelimit.characteristics[]",
        )
    },
    options={"max_requests": whole(1_000, 1, 100_000, "The most requests in a period that any rule may allow.")},
)
def limits_can_be_reached(ruleset: Resource, *, max_requests: int) -> Iterator[Finding]:
    """Of every rule that is on, whatever it counts."""
    for path, rule in rules_of(ruleset) if ruleset.value("phase") == RATE_LIMIT else ():
        limit = limit_of(rule)
        reachable = 0 < number(limit.get("requestsPerPeriod")) <= max_requests
        if is_on(rule) and not (reachable and limit.get("characteristics")):
            yield ruleset.wants(f"has no limit of {max_requests} requests or less", f"{path}.ratelimit")
