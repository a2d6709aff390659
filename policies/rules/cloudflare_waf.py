"""Cloudflare: which requests are stopped before they reach an origin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from policies.checks import number, text
from policies.cloudflare import (
    BLOCKING,
    CUSTOM,
    FIREWALL,
    MANAGED,
    OF_PLAN,
    RATE_LIMIT,
    covers_every_path,
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
from policies.expressions import takes_anyone
from policies.rule import PRODUCTION, Severity, resource_rule, stack_rule
from policies.tokens import RULESET, ZONE
from policies.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policies.model import Finding, Resource, Stack
    from policies.values import Value

_ACTS: Final = {CUSTOM: (*BLOCKING, "execute", "skip"), MANAGED: (*BLOCKING, "execute", "skip"), RATE_LIMIT: BLOCKING}
_OF_ACCOUNT: Final = "root"
"""The kind of an account's own entry points."""
_CLOUDFLARE_MANAGED: Final = "efb7b8c949ac4650a09736fc376e9aee"
_OWASP_CORE: Final = "4814384a9e5d4991b9815dcfc25d2f1f"
_OVERRIDES: Final = "rules[].actionParameters.overrides"
_WEAKENED: Final = {
    f"{_OVERRIDES}.action": "log",
    f"{_OVERRIDES}.categories[].action": "log",
    f"{_OVERRIDES}.rules[].action": "log",
    f"{_OVERRIDES}.sensitivityLevel": "eoff",
    f"{_OVERRIDES}.categories[].sensitivityLevel": "eoff",
}
"""Overrides, and the word that leaves nothing of what they override; eoff is essentially off."""
_LOOSEST_SCORE: Final = 60
"""OWASP's anomaly score for low sensitivity, the loosest that Cloudflare offers."""
_OF_ZONE: Final = {RULESET: ("phase", "zoneId", "kind", "rules[].enabled", "rules[].action"), ZONE: ()}
_EXECUTED: Final = {
    **OF_PLAN,
    ZONE: ("name",),
    RULESET: (*_OF_ZONE[RULESET], "rules[].expression", "rules[].actionParameters.id"),
}


@stack_rule(
    id="plan-allows-custom-rules",
    title="A zone has no more custom rules than its plan",
    risk="Cloudflare refuses the whole ruleset at deployment, after the other half of the stack was made.",
    fix="Merge rules, or buy a plan with more of them: Free 5, Pro 20, Business 100.",
    severity=Severity.MEDIUM,
    audit="2.3 P1.6 Cloudflare Pro",
    cis="4.1",
    reads={**OF_PLAN, RULESET: ("phase", "zoneId", "kind", "rules[]")},
)
def plan_allows_custom_rules(stack: Stack) -> Iterator[Finding]:
    """Switched-off rules count, too."""
    for zone in stack.of(ZONE):
        plan = plan_of(stack, zone)
        for ruleset in rulesets(stack, zone, CUSTOM):
            count = len(list(ruleset.values("rules[]")))
            if count > plan.custom_rules:
                yield ruleset.wants(f"has {count} rules; {plan.name} has {plan.custom_rules}", "rules")


@stack_rule(
    id="zone-managed-rules",
    title="A production zone whose plan has them runs Cloudflare's managed rules",
    risk="Attacks that are known and named reach the apps until each is patched by hand.",
    fix='Add an enabled rule with action "execute" and actionParameters.id of the Cloudflare Managed Ruleset to the '
    "zone's http_request_firewall_managed Ruleset.",
    severity=Severity.HIGH,
    audit="2.3 P1.6 Cloudflare Pro: WAF",
    cis="13.10",
    equals=(
        "prowler:zone_waf_enabled",
        "mondoo:waf-enabled",
        "insights:Managed Rules not deployed",
        "insights:Zones without WAF Managed Rules",
    ),
    applies=PRODUCTION,
    reads=_EXECUTED,
)
def zone_runs_managed_rules(stack: Stack) -> Iterator[Finding]:
    """By an execute rule for every path with the ruleset's id; the legacy waf setting and names say nothing."""
    for zone in stack.of(ZONE):
        if _can_run(stack, zone) and _CLOUDFLARE_MANAGED not in _executed(stack, zone):
            yield zone.wants("does not execute the Cloudflare Managed Ruleset")


@stack_rule(
    id="zone-owasp-rules",
    title="A production zone whose plan has them runs the OWASP core rules",
    risk="Injections that no one has named yet score nothing, so nothing stops them.",
    fix='Add an enabled rule with action "execute" and actionParameters.id of the OWASP Core Ruleset to the zone\'s '
    "http_request_firewall_managed Ruleset.",
    severity=Severity.HIGH,
    audit="2.3 P1.6 Cloudflare Pro: WAF",
    cis="13.10",
    equals=("prowler:zone_waf_owasp_ruleset_enabled",),
    applies=PRODUCTION,
    reads=_EXECUTED,
)
def zone_runs_owasp_rules(stack: Stack) -> Iterator[Finding]:
    """On every path, and by the ruleset's id: one of one's own may be called owasp, too."""
    for zone in stack.of(ZONE):
        if _can_run(stack, zone) and _OWASP_CORE not in _executed(stack, zone):
            yield zone.wants("does not execute the OWASP Core Ruleset")


def _can_run(stack: Stack, zone: Resource) -> bool:
    """Whether the zone's plan has managed rulesets; one without a plan in the program may show it by using them."""
    return plan_of(stack, zone).managed_rulesets or bool(rulesets(stack, zone, MANAGED))


def _executed(stack: Stack, zone: Resource) -> set[str]:
    """The ids of the rulesets that run on every path: by the zone's own rules, or by the account's for all zones."""
    enabled = [rule for rule in enabled_rules(stack, zone, MANAGED) if covers_every_path(rule)]
    for ruleset in stack.of(RULESET):
        if ruleset.value("kind") == _OF_ACCOUNT and ruleset.value("phase") == MANAGED:
            enabled += [rule for _, rule in rules_of(ruleset) if is_on(rule) and _is_for_zone(rule, zone)]
    parameters = [rule.get("actionParameters") for rule in enabled if rule.get("action") == "execute"]
    return {text(one.get("id")) for one in parameters if isinstance(one, dict)}


def _is_for_zone(rule: dict[str, Any], zone: Resource) -> bool:
    """Whether a rule of the account is for every request, or for those of this zone by its name."""
    expression = text(rule.get("expression"))
    named = {"cf.zone.name"} == fields_in(expression) and may_match(rule, f'"{text(zone.value("name"))}"')
    return matches_everything(rule) or named


@resource_rule(
    id="managed-rules-act",
    title="Managed rules keep the actions that Cloudflare gave them, or stricter ones",
    risk="Overridden to log or switched off, the ruleset is deployed on paper and stops nothing.",
    fix="Remove the override's action log, enabled false and sensitivityLevel eoff; single rules and paranoia levels "
    "may be switched off.",
    severity=Severity.HIGH,
    audit="2.3 P1.6 Cloudflare Pro: WAF",
    cis="13.10",
    reads={
        RULESET: (
            "rules[].actionParameters.overrides.action",
            "rules[].actionParameters.overrides.enabled",
            "rules[].actionParameters.overrides.sensitivityLevel",
            "rules[].actionParameters.overrides.categories[].action",
            "rules[].actionParameters.overrides.categories[].category",
            "rules[].actionParameters.overrides.categories[].enabled",
            "rules[].actionParameters.overrides.categories[].sensitivityLevel",
            "rules[].actionParameters.overrides.rules[].action",
            "rules[].actionParameters.overrides.rules[].scoreThreshold",
        )
    },
    shows=tuple(_WEAKENED),
)
def managed_rules_act(ruleset: Resource) -> Iterator[Finding]:
    """Paranoia levels are choices about false positives; a category of attacks is not."""
    for path, weak in _WEAKENED.items():
        for place, value in ruleset.values(path):
            if value == weak:
                yield ruleset.violates(place, value)
    for place, enabled in ruleset.values(f"{_OVERRIDES}.enabled"):
        if enabled is False:
            yield ruleset.violates(place, enabled, "switches the whole ruleset off")
    for place, threshold in ruleset.values(f"{_OVERRIDES}.rules[].scoreThreshold"):
        if number(threshold) > _LOOSEST_SCORE:
            yield ruleset.violates(place, threshold, "lets every attack through")
    for place, category in ruleset.values(f"{_OVERRIDES}.categories[]"):
        if _is_off(category):
            yield ruleset.wants("is switched off", f"{place}.enabled")


def _is_off(category: Value) -> bool:
    switched_off = isinstance(category, dict) and category.get("enabled") is False
    return switched_off and not text(category.get("category")).startswith("paranoia-level")


@resource_rule(
    id="waf-skip-is-narrow",
    title="No rule lets everybody skip the others, nor whoever says the right thing of itself",
    risk="One line above the rules makes all of them decoration; anybody can send a browser's name or a cookie.",
    fix="Give the skip rule an expression that names what it is for, such as one path and its callers' addresses, or "
    "cf.client.bot; a host, a country, a browser, a method or a score alone is anybody's.",
    severity=Severity.CRITICAL,
    audit="2.3 P1.6 Cloudflare Pro: WAF",
    cis="13.10",
    reads={RULESET: ("rules[].action", "rules[].expression", "rules[].enabled")},
)
def skips_are_narrow(ruleset: Resource) -> Iterator[Finding]:
    """An expression that a preview can't know may be everything. A long text in a header may be a shared secret."""
    for path, rule in rules_of(ruleset):
        if rule.get("action") != "skip" or not is_on(rule):
            continue
        if rule.get("expression") is UNKNOWN:
            yield ruleset.cannot_tell(f"{path}.expression")
        elif matches_everything(rule):
            yield ruleset.wants("matches every request", f"{path}.expression")
        elif takes_anyone(text(rule.get("expression"))):
            yield ruleset.wants("names no path, no address and nobody that a stranger can't be", f"{path}.expression")


@resource_rule(
    id="waf-skip-logged",
    title="What passes the firewall by a rule leaves a trace",
    risk="Whoever finds the way past the firewall is in no log, and nobody sees that the rule is too wide.",
    fix="Remove logging from the skip rule, or set logging.enabled to true.",
    severity=Severity.LOW,
    mandatory=PRODUCTION,
    audit="2.3 P1.10 Security monitoring",
    cis="8.2",
    reads={RULESET: ("rules[].action", "rules[].enabled", "rules[].logging.enabled")},
)
def skips_are_logged(ruleset: Resource) -> Iterator[Finding]:
    """A skip is logged unless the rule says otherwise."""
    for path, rule in rules_of(ruleset):
        logging = rule.get("logging")
        silent = isinstance(logging, dict) and logging.get("enabled") is False
        if rule.get("action") == "skip" and is_on(rule) and silent:
            yield ruleset.wants("is false", f"{path}.logging.enabled")


@resource_rule(
    id="waf-block-is-narrow",
    title="No rule stops every request",
    risk="The whole shop answers with an error page.",
    fix="Give the rule an expression that names what it is for, or a rate limit of every request at least one a "
    "second.",
    severity=Severity.HIGH,
    audit="5.2 RTO under 15 minutes",
    cis="13.10",
    reads={
        RULESET: (
            "phase",
            "rules[].action",
            "rules[].expression",
            "rules[].enabled",
            "rules[].ratelimit.period",
            "rules[].ratelimit.requestsPerPeriod",
        )
    },
)
def blocks_are_narrow(ruleset: Resource) -> Iterator[Finding]:
    """A custom rule; a rate limit only where nobody could look at a page and its pictures."""
    for path, rule in rules_of(ruleset) if ruleset.value("phase") in (CUSTOM, RATE_LIMIT) else ():
        blocks = is_on(rule) and rule.get("action") in BLOCKING
        if blocks and matches_everything(rule) and not _leaves_room(rule):
            yield ruleset.wants("matches every request", f"{path}.expression")


def _leaves_room(rule: dict[str, Any]) -> bool:
    return 0 < number(limit_of(rule).get("period")) <= number(limit_of(rule).get("requestsPerPeriod"))


@stack_rule(
    id="zone-blocks-something",
    title="A production zone has a custom rule of its own that stops requests",
    risk="What only this site knows to be wrong, such as paths that do not exist here, is stopped by nobody.",
    fix="Add an enabled rule with action block or a challenge to the zone's http_request_firewall_custom Ruleset.",
    severity=Severity.MEDIUM,
    audit="2.3 P1.6 Cloudflare Pro: WAF custom rules",
    cis="13.10",
    equals=("prowler:zone_firewall_blocking_rules_configured",),
    applies=PRODUCTION,
    reads=_OF_ZONE,
)
def zone_blocks_something(stack: Stack) -> Iterator[Finding]:
    """Switched-off rules do not count, as they do at Prowler."""
    for zone in stack.of(ZONE):
        if not any(rule.get("action") in BLOCKING for rule in enabled_rules(stack, zone, CUSTOM)):
            yield zone.wants("has no enabled custom rule that blocks")


@resource_rule(
    id="waf-rules-switched-on",
    title="A firewall rule in the program is switched on, and acts",
    risk="A reader of the program believes in a protection that is not there.",
    fix="Remove the rule, or enabled false from it; give it an action that its phase has and that stops something.",
    severity=Severity.MEDIUM,
    audit="2.3 P1.6 Cloudflare Pro: WAF custom rules",
    cis="13.10",
    reads={RULESET: ("phase", "kind", "rules[].enabled", "rules[].action")},
    shows=("rules[].enabled", "rules[].action"),
)
def firewall_rules_are_on(ruleset: Resource) -> Iterator[Finding]:
    """Of the three phases that stop requests. The account's entry points run rulesets of its own, too."""
    phase = ruleset.value("phase")
    if phase not in FIREWALL:
        return
    of_account = ruleset.value("kind") == _OF_ACCOUNT
    for path, rule in rules_of(ruleset):
        if not is_on(rule):
            yield ruleset.violates(f"{path}.enabled", found=False)
        elif rule.get("action") not in (*_ACTS[phase], *(("execute",) if of_account else ())):
            yield ruleset.violates(f"{path}.action", rule.get("action"))


@resource_rule(
    id="ruleset-rules-have-refs",
    title="Every rule of a ruleset has a ref of its own",
    risk="Without one, a rule added above gives all below it new ids: every preview shows a change, and logs lose "
    "track.",
    fix="Set rules[].ref to a stable name, unique in the ruleset.",
    severity=Severity.LOW,
    mandatory=PRODUCTION,
    audit="Beyond the audit: reviewable previews",
    cis="4.1",
    reads={RULESET: ("rules[].ref",)},
)
def rules_have_refs(ruleset: Resource) -> Iterator[Finding]:
    """Present and different."""
    refs = [rule.get("ref") for _, rule in rules_of(ruleset)]
    if None in refs or len({*map(str, refs)}) < len(refs):
        yield ruleset.lacks("rules[].ref", "is missing or given twice")


@stack_rule(
    id="one-ruleset-per-phase",
    title="A zone has one ruleset in each phase",
    risk="Cloudflare keeps one entry point: the second ruleset replaces the first one's rules, or fails at deployment.",
    fix="Put all rules of a phase into one Ruleset.",
    severity=Severity.MEDIUM,
    audit="Beyond the audit: what Cloudflare refuses",
    cis="4.1",
    reads={RULESET: ("phase", "kind", "zoneId"), ZONE: ()},
)
def one_ruleset_per_phase(stack: Stack) -> Iterator[Finding]:
    """Of kind zone: custom and managed rulesets are no entry points."""
    seen: set[tuple[str, str]] = set()
    for ruleset in stack.of(RULESET):
        key = (stack.group(ruleset, "zoneId", ZONE), text(ruleset.value("phase")))
        if ruleset.value("kind") == "zone" and key in seen:
            yield ruleset.wants("is a second ruleset of its zone and phase", "phase")
        elif ruleset.value("kind") == "zone":
            seen.add(key)


@resource_rule(
    id="ruleset-known",
    title="What a zone's rules do, and where they run, is known before they are deployed",
    risk="Nobody can tell what passes and what is stopped: neither a reader of the preview nor these policies.",
    fix="Write expressions, actions and limits as plain values; only ids of the same stack may come later.",
    severity=Severity.MEDIUM,
    audit="2.3 P1.6 Cloudflare Pro: WAF custom rules",
    cis="4.1",
    reads={RULESET: ("kind", "phase", "rules[]")},
)
def ruleset_is_known(ruleset: Resource) -> Iterator[Finding]:
    """Anything within a rule but what it is called: each other rule about rulesets judges what is known."""
    for path in ("kind", "phase"):
        if ruleset.value(path) is UNKNOWN:
            yield ruleset.cannot_tell(path)
    for leaf in ruleset.leaves:
        named = leaf.path.endswith((".ref", ".description", ".id"))
        if leaf.value is UNKNOWN and leaf.path.startswith("rules") and not named:
            yield ruleset.cannot_tell(leaf.path)
