"""What Cloudflare refuses in rate limiting rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.rules.cloudflare_rulesets import RULESET, refusal
from sandbox.rules.cloudflare_zone import reaches
from sandbox.rules.expressions import parsed, rules_of
from sandbox.rules.record import Ask, across, alone, members
from sandbox.vendors.cloudflare.zone import plan_of
from sandbox.wire import has_unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.cloud import Reader
    from sandbox.wire import Props

BY_PLAN = "CD: partials/waf/rate-limiting-availability-by-plan.mdx"
PARAMETERS = "CD: waf/rate-limiting-rules/parameters.mdx"
PERIODS = frozenset(
    {10, 15, 20, 30, 40, 45, 60, 90, 120, 180, 240, 300, 480, 600, 900, 1200, 1800, 2400, 3600, 65535, 86400}
)
LONGEST_PERIOD = {"free": 10, "pro": 60, "business": 600, "enterprise": 65535}
LONGEST_TIMEOUT = {"free": 10, "pro": 3600, "business": 86400}
"""Enterprise chooses its own; throttling with a block, a timeout of 0, is Enterprise's too."""
FREE_FIELDS = frozenset(
    {"http.request.uri.path", "cf.bot_management.verified_bot", "cf.client.bot", "raw.http.request.uri.path"}
)
PRO_FIELDS = FREE_FIELDS | {
    "http.host",
    "http.request.uri",
    "http.request.full_uri",
    "http.request.uri.query",
    "http.request.uri.path.extension",
}
BUSINESS_FIELDS = PRO_FIELDS | {"http.request.method", "ip.src", "http.user_agent"}
FIELDS = {"free": FREE_FIELDS, "pro": PRO_FIELDS, "business": BUSINESS_FIELDS}
COLO = "cf.colo.id"
CHARACTERISTICS = {
    "free": {COLO, "ip.src"},
    "pro": {COLO, "ip.src"},
    "business": {COLO, "ip.src", "cf.unique_visitor_id"},
}
CHALLENGES = frozenset({"challenge", "js_challenge", "managed_challenge"})


def _limits(ask: Ask) -> Iterator[tuple[str, Props, Props]]:
    for path, rule in rules_of(ask):
        limit = rule.get("ratelimit")
        if isinstance(limit, dict):
            yield path, rule, limit


@alone(RULESET, source="TFC: docs/resources/ruleset.md, ratelimit")
def rate_limit_is_in_its_phase(ask: Ask) -> Iterator[tuple[str, str]]:
    """Rules of the phase http_ratelimit have `ratelimit`, and no others."""
    for path, rule in rules_of(ask):
        has, needs = rule.get("ratelimit") is not None, ask["phase"] == "http_ratelimit"
        if has and not needs:
            yield f"{path}.ratelimit", f"ratelimit is not valid in phase {ask['phase']}"
        elif needs and not has:
            yield f"{path}.ratelimit", "a rule of phase http_ratelimit needs ratelimit"


@alone(RULESET, source=PARAMETERS)
def rate_limit_counts_by_data_centre(ask: Ask) -> Iterator[tuple[str, str]]:
    """`characteristics` includes cf.colo.id."""
    for path, _, limit in _limits(ask):
        counted_by = limit.get("characteristics")
        if not has_unknown(counted_by) and COLO not in (counted_by or []):
            yield f"{path}.ratelimit.characteristics", "characteristics must include cf.colo.id"


@alone(RULESET, source=f"{BY_PLAN}, its list of supported values")
def rate_limit_period_is_one_of_a_list(ask: Ask) -> Iterator[tuple[str, str]]:
    """A period is one of the lengths that Cloudflare counts in."""
    for path, period in ask.each("rules[].ratelimit.period"):
        if period not in PERIODS:
            listed = " ".join(str(p) for p in sorted(PERIODS))
            yield path, f"Attribute period value must be one of: [{listed}]"


@alone(RULESET, source=PARAMETERS)
def rate_limit_counts_an_address_once(ask: Ask) -> Iterator[tuple[str, str]]:
    """`characteristics` has `ip.src` or `cf.unique_visitor_id`, not both, and header names in lower case."""
    for path, _, limit in _limits(ask):
        counted_by = [c for c in members(limit, "characteristics") if isinstance(c, str)]
        if {"ip.src", "cf.unique_visitor_id"} <= set(counted_by):
            yield f"{path}.ratelimit.characteristics", "ip.src and cf.unique_visitor_id cannot be used together"
        if any(c.startswith("http.request.headers[") and c != c.lower() for c in counted_by):
            yield f"{path}.ratelimit.characteristics", "a header's name must be in lower case"


@alone(RULESET, source=PARAMETERS)
def rate_limit_with_a_list_counts_at_the_edge(ask: Ask) -> Iterator[tuple[str, str]]:
    """A rule whose expression uses a list has `requests_to_origin` false."""
    for path, rule, limit in _limits(ask):
        if parsed(rule).lists and limit.get("requestsToOrigin") is True:
            yield f"{path}.ratelimit.requestsToOrigin", "must be false in a rule that uses a list"


@across(RULESET, source=BY_PLAN)
def rate_limit_fields_by_plan(ask: Ask, cloud: Reader) -> Iterator[str]:
    """An expression uses path and verified bot on Free, more on Pro (host, URI), Business (method, source)."""
    plan = plan_of(cloud, ask["zoneId"])
    allowed = FIELDS.get(plan)
    for _, rule, _ in _limits(ask):
        for field in sorted(parsed(rule).fields - allowed) if allowed else ():
            yield refusal(ask, 20127, f"not entitled: the use of field {field} in rate limiting rules on plan {plan}")


@across(RULESET, source=BY_PLAN)
def rate_limit_characteristics_by_plan(ask: Ask, cloud: Reader) -> Iterator[str]:
    """Free and Pro count by IP, Business also by IP with NAT, Enterprise by anything."""
    plan = plan_of(cloud, ask["zoneId"])
    allowed = CHARACTERISTICS.get(plan)
    for _, _, limit in _limits(ask):
        for field in members(limit, "characteristics"):
            if allowed is not None and field not in allowed:
                yield refusal(ask, 20127, f"not entitled: the characteristic {field} on plan {plan}")


@across(RULESET, source=BY_PLAN)
def rate_limit_period_by_plan(ask: Ask, cloud: Reader) -> Iterator[str]:
    """The longest period is 10 s on Free, 60 s on Pro, 600 s on Business, 65,535 s on Enterprise."""
    plan = plan_of(cloud, ask["zoneId"])
    for _, period in ask.each("rules[].ratelimit.period"):
        if period > LONGEST_PERIOD[plan]:
            message = f"not entitled to use the period {period}, can only use a period up to {LONGEST_PERIOD[plan]}"
            yield refusal(ask, 20155, message)


@across(RULESET, source=f"{BY_PLAN}; {PARAMETERS}")
def rate_limit_timeout_by_plan(ask: Ask, cloud: Reader) -> Iterator[str]:
    """A block lasts 10 s on Free, a supported time up to 1 h on Pro, 1 day on Business; a challenge has no timeout."""
    plan = plan_of(cloud, ask["zoneId"])
    for _, rule, limit in _limits(ask):
        timeout = limit.get("mitigationTimeout")
        if not isinstance(timeout, int) or plan == "enterprise":
            continue
        if rule.get("action") in CHALLENGES:
            if timeout != 0:
                yield refusal(ask, 20156, "mitigation_timeout must be 0 for challenge actions on this plan")
        elif timeout > LONGEST_TIMEOUT[plan] or timeout not in PERIODS:
            message = f"not entitled to use the mitigation timeout {timeout}, up to {LONGEST_TIMEOUT[plan]} on {plan}"
            yield refusal(ask, 20156, message)


@across(RULESET, source=BY_PLAN)
def counting_expression_needs_business(ask: Ask, cloud: Reader) -> Iterator[str]:
    """A counting expression needs Business."""
    plan = plan_of(cloud, ask["zoneId"])
    for _, text in ask.each("rules[].ratelimit.countingExpression"):
        if text and not reaches(plan, "business"):
            yield refusal(ask, 20120, "not entitled to use a counting expression", "403 Forbidden")
