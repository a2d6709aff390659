"""What Cloudflare refuses in rulesets of every phase."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.foreseen import CannotTellError
from sandbox.rules.cloudflare_zone import reaches
from sandbox.rules.expressions import parse, parsed, rules_of
from sandbox.rules.record import Ask, across, alone, members, part
from sandbox.vendors.cloudflare.api import LIST, ZONE, error, token_of
from sandbox.vendors.cloudflare.zone import plan_of
from sandbox.wire import UNKNOWN, has_unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.cloud import Reader

RULESET = token_of("Ruleset")
ENTITLEMENTS = "CD: plans/index.json"
WAF = "CD: waf/managed-rules/index.mdx"

CUSTOM_RULES = {"free": 5, "pro": 20, "business": 100, "enterprise": 1000}
RATE_LIMITS = {"free": 1, "pro": 2, "business": 5, "enterprise": 100}
OTHER_RULES = {"free": 10, "pro": 25, "business": 50, "enterprise": 300}
COUNTED = {
    "http_request_firewall_custom": CUSTOM_RULES,
    "http_ratelimit": RATE_LIMITS,
    **dict.fromkeys(
        (
            "http_config_settings",
            "http_request_cache_settings",
            "http_request_dynamic_redirect",
            "http_request_late_transform",
            "http_request_origin",
            "http_request_transform",
            "http_response_headers_transform",
        ),
        OTHER_RULES,
    ),
}
MANAGED_RULESETS = {
    "efb7b8c949ac4650a09736fc376e9aee": "pro",
    "4814384a9e5d4991b9815dcfc25d2f1f": "pro",
    "c2e184081120413c86c3ab7e14069605": "pro",
    "77454fe2d30c4220b5701f6fdfb893ba": "free",
    "e22d83c647c64a3eae91b71b499d988e": "enterprise",
}
FIELD_PLANS = {
    "cf.bot_management.": "enterprise",
    "cf.waf.credential_check.username_and_password_leaked": "pro",
    "cf.waf.content_scan.": "enterprise",
    "cf.waf.score": "business",
}
PHASE_ACTIONS = {
    "ddos_l4": {"execute"},
    "ddos_l7": {"execute"},
    "http_log_custom_fields": {"log_custom_field"},
    "http_request_cache_settings": {"set_cache_settings"},
    "http_response_cache_settings": {"set_cache_control", "set_cache_settings", "set_cache_tags"},
    "http_config_settings": {"set_config"},
    "http_request_dynamic_redirect": {"redirect"},
    "http_request_origin": {"route"},
    "http_request_transform": {"rewrite"},
    "http_request_late_transform": {"rewrite"},
    "http_response_headers_transform": {"rewrite"},
    "http_response_compression": {"compress_response"},
    "http_custom_errors": {"serve_error"},
    "http_request_firewall_managed": {"execute", "skip", "log"},
    "http_ratelimit": {"block", "challenge", "js_challenge", "log", "managed_challenge"},
    "http_request_firewall_custom": {
        "block",
        "challenge",
        "execute",
        "js_challenge",
        "log",
        "managed_challenge",
        "skip",
    },
}
BULK_REDIRECTS = "http_request_redirect"
SKIPPED_PHASES = frozenset({"http_ratelimit", "http_request_firewall_managed", "http_request_sbfm"})
BLOCK_BODY = {"http_request_firewall_custom": 2048, "http_ratelimit": 30720}
EDGE_TTL = {"free": 7200, "pro": 3600, "business": 1, "enterprise": 0}


def refusal(ask: Ask, code: int, message: str, status: str = "400 Bad Request") -> str:
    """The rulesets API's answer to this ruleset."""
    method, path = ("PUT", f"/{ask.id}") if ask.id else ("POST", "")
    return error(method, f"zones/{ask['zoneId']}/rulesets{path}", status, code, message)


@alone(RULESET, source="cloudflare/wirefilter, as built into octorules-wirefilter 0.7.0")
def expression_parses(ask: Ask) -> Iterator[tuple[str, str]]:
    """A rule's expression parses, with fields and functions that exist."""
    for path, text in ask.each("rules[].expression"):
        fault = parse(text).error
        if fault:
            yield path, f"could not parse the filter expression: {fault}"
    for path, text in ask.each("rules[].ratelimit.countingExpression"):
        fault = parse(text).error if text else None
        if fault:
            yield path, f"could not parse the counting expression: {fault}"


@alone(RULESET, source="TFC: docs/resources/ruleset.md, kind; CD: waf/custom-rules/index.mdx, custom rulesets")
def ruleset_has_one_home(ask: Ask) -> Iterator[tuple[str, str]]:
    """A ruleset is in a zone or an account, and its kind fits; a custom one may be in either."""
    zone, account = "zoneId" in ask.props, "accountId" in ask.props
    if zone == account:
        yield "zoneId", "exactly one of zone_id and account_id must be given"
    elif ask["kind"] == "zone" and not zone:
        yield "kind", "a ruleset of kind zone needs zone_id"
    elif ask["kind"] in ("root", "managed") and not account:
        yield "kind", f"a ruleset of kind {ask['kind']} needs account_id"


@alone(RULESET, source="TFC: docs/resources/ruleset.md, actions by phase; CD: ruleset-engine/reference/phases-list")
def action_fits_the_phase(ask: Ask) -> Iterator[tuple[str, str]]:
    """A rule's action is one that its phase has."""
    allowed = PHASE_ACTIONS.get(ask["phase"])
    for path, action in ask.each("rules[].action"):
        if allowed is not None and action not in allowed:
            listed = " ".join(f'"{a}"' for a in sorted(allowed))
            yield path, f"action is not allowed in phase {ask['phase']}: use one of [{listed}]"


@alone(RULESET, source="cloudflare/terraform-provider-cloudflare#2749")
def logging_only_with_skip(ask: Ask) -> Iterator[tuple[str, str]]:
    """Only a skip rule has `logging`."""
    for path, rule in rules_of(ask):
        if rule.get("logging") and rule.get("action") != "skip":
            yield f"{path}.logging", "logging is only valid for rules with the action skip"


@alone(RULESET, source="CD: waf/custom-rules/skip/options.mdx")
def skip_says_what(ask: Ask) -> Iterator[tuple[str, str]]:
    """A skip rule says what it skips."""
    for path, rule in rules_of(ask):
        what = part(rule, "actionParameters")
        if rule.get("action") == "skip" and not any(
            what.get(n) for n in ("ruleset", "rulesets", "rules", "phases", "products")
        ):
            yield f"{path}.actionParameters", "skip needs one of ruleset, rulesets, rules, phases, products"


@alone(RULESET, source="CD: waf/custom-rules/skip/options")
def skipped_phase_can_be_skipped(ask: Ask) -> Iterator[tuple[str, str]]:
    """A skip rule skips rate limits, managed rules or Super Bot Fight Mode, each once."""
    for path, rule in rules_of(ask):
        phases = members(part(rule, "actionParameters"), "phases") if rule.get("action") == "skip" else []
        if len({*phases}) < len(phases) or not SKIPPED_PHASES.issuperset(phases):
            listed = " ".join(sorted(SKIPPED_PHASES))
            yield f"{path}.actionParameters.phases", f"each phase is one of {listed}, once"


@alone(RULESET, source="TFC: docs/resources/ruleset.md, action_parameters: id, headers")
def action_has_what_it_needs(ask: Ask) -> Iterator[tuple[str, str]]:
    """An execute rule names a ruleset; a header is set or added to a value or an expression, and just removed."""
    for path, rule in rules_of(ask):
        what = part(rule, "actionParameters")
        known = rule.get("actionParameters") is not UNKNOWN
        if known and rule.get("action") == "execute" and what.get("id") is None:
            yield f"{path}.actionParameters.id", "execute needs the id of a ruleset"
        for name, header in part(what, "headers").items():
            given = [n for n in ("value", "expression") if part(header).get(n) is not None]
            if not has_unknown(header) and len(given) != (part(header).get("operation") != "remove"):
                text = "a header is removed without a value, and set or added with one of value and expression"
                yield f"{path}.actionParameters.headers.{name}", text


@alone(RULESET, source="CD: terraform/troubleshooting/rule-id-changes.mdx")
def refs_are_unique(ask: Ask) -> Iterator[tuple[str, str]]:
    """No two rules of a ruleset have the same ref."""
    seen: set[str] = set()
    for path, ref in ask.each("rules[].ref"):
        if ref in seen:
            yield path, "rule ref must be unique within the ruleset"
        seen.add(ref)


@alone(RULESET, source="CD: waf/custom-rules/create-dashboard.mdx, waf/rate-limiting-rules/create-zone-dashboard.mdx")
def block_body_is_short(ask: Ask) -> Iterator[tuple[str, str]]:
    """A block response's body is at most 2 KB in custom rules, 30 KB in rate limits."""
    limit = BLOCK_BODY.get(ask["phase"])
    for path, content in ask.each("rules[].actionParameters.response.content"):
        if limit and len(content.encode()) > limit:
            yield path, f"response content is longer than {limit} bytes"


@alone(RULESET, source=f"{WAF}: each may be deployed once per zone")
def managed_ruleset_runs_once(ask: Ask) -> Iterator[tuple[str, str]]:
    """A managed ruleset is executed once."""
    seen: set[str] = set()
    for path, id_ in ask.each("rules[].actionParameters.id"):
        if id_ in seen:
            yield path, "a managed ruleset can be executed only once in a zone"
        seen.add(id_)


@across(RULESET, source="CD: terraform/additional-configurations/waf-managed-rulesets.mdx")
def one_entry_point_per_phase(ask: Ask, cloud: Reader) -> Iterator[str]:
    """A zone has one entry point ruleset per phase."""
    if ask["kind"] != "zone":
        return
    for other in cloud.all(RULESET, ask["zoneId"]):
        if (
            other.state["kind"] == "zone"
            and other.state["phase"] == ask["phase"]
            and (not ask.id or other.id != ask.id)
        ):
            reason = f"exceeded maximum number of zone rulesets for phase {ask['phase']}"
            yield refusal(ask, 20217, f"'zone' is not a valid value for kind because {reason}")


@across(RULESET, source=ENTITLEMENTS)
def rules_are_counted_by_plan(ask: Ask, cloud: Reader) -> Iterator[str]:
    """A phase has as many rules as the zone's plan allows."""
    limits, rules = COUNTED.get(ask["phase"]), ask["rules"]
    limit = limits[plan_of(cloud, ask["zoneId"])] if limits else None
    if limit is not None and rules and len(rules) > limit:
        message = f"exceeded maximum number of rules in the phase {ask['phase']}: {len(rules)} out of {limit}"
        yield refusal(ask, 20217, message)


@across(RULESET, source=ENTITLEMENTS)
def regex_needs_business(ask: Ask, cloud: Reader) -> Iterator[str]:
    """The operator `matches` needs Business."""
    if not reaches(plan_of(cloud, ask["zoneId"]), "business"):
        for _, rule in rules_of(ask):
            if parsed(rule).operators & {"matches", "~"}:
                yield refusal(ask, 20127, "not entitled: use of the matches operator requires a Business plan")


@across(RULESET, source=ENTITLEMENTS)
def log_action_needs_enterprise(ask: Ask, cloud: Reader) -> Iterator[str]:
    """The action `log` needs Enterprise."""
    if plan_of(cloud, ask["zoneId"]) != "enterprise" and any(r.get("action") == "log" for _, r in rules_of(ask)):
        yield refusal(ask, 20120, "not entitled to use the log action", "403 Forbidden")


@across(RULESET, source="CD: waf/detections/leaked-credentials/index.mdx; CD: fields/index.yaml")
def fields_need_their_plan(ask: Ask, cloud: Reader) -> Iterator[str]:
    """A field above the zone's plan cannot be used in an expression."""
    plan = plan_of(cloud, ask["zoneId"])
    for _, rule in rules_of(ask):
        for field in sorted(parsed(rule).fields):
            lowest = next((p for prefix, p in FIELD_PLANS.items() if field.startswith(prefix)), "free")
            if not reaches(plan, lowest):
                yield refusal(ask, 20127, f"not entitled: use of field {field} requires the {lowest} plan")


@across(RULESET, source=f"{ENTITLEMENTS}; {WAF}")
def managed_rulesets_need_their_plan(ask: Ask, cloud: Reader) -> Iterator[str]:
    """Cloudflare's Managed and OWASP rulesets need Pro, Sensitive Data Enterprise."""
    plan = plan_of(cloud, ask["zoneId"])
    for _, rule in rules_of(ask):
        id_ = part(rule, "actionParameters").get("id")
        if rule.get("action") == "execute" and isinstance(id_, str):
            if id_ not in MANAGED_RULESETS and not cloud.exists(RULESET, id_):
                yield refusal(ask, 20015, f"could not find ruleset {id_}")
            elif not reaches(plan, MANAGED_RULESETS.get(id_, "free")):
                yield refusal(ask, 20120, f"not entitled to execute ruleset {id_}", "403 Forbidden")


@across(RULESET, source="CD: waf/tools/lists/use-in-expressions.mdx; the refusal is from knowledge")
def list_of_the_expression_exists(ask: Ask, cloud: Reader) -> Iterator[str]:
    """A list that an expression names exists in the zone's account."""
    zone = cloud.by_id(ZONE, ask["zoneId"])
    account = part(zone.state, "account").get("id") if zone else None
    for _, rule in rules_of(ask):
        for name in sorted(parsed(rule).lists):
            if account and cloud.named(LIST, account, name) is None:
                yield refusal(ask, 20127, f"undefined list ${name}: rules expressions may only use lists that exist")


@across(RULESET, source=ENTITLEMENTS)
def origin_overrides_need_enterprise(ask: Ask, cloud: Reader) -> Iterator[str]:
    """Overriding host header, SNI or DNS of the origin needs Enterprise; the port does not."""
    if plan_of(cloud, ask["zoneId"]) == "enterprise":
        return
    for _, rule in rules_of(ask):
        what = part(rule, "actionParameters")
        origin = part(what, "origin")
        if rule.get("action") == "route" and (what.get("hostHeader") or what.get("sni") or origin.get("host")):
            yield refusal(ask, 20120, "not entitled to use host header, SNI or DNS overrides", "403 Forbidden")


@across(RULESET, source=ENTITLEMENTS)
def custom_errors_need_pro(ask: Ask, cloud: Reader) -> Iterator[str]:
    """Custom error rules need Pro."""
    if ask["phase"] == "http_custom_errors" and not reaches(plan_of(cloud, ask["zoneId"]), "pro"):
        yield refusal(ask, 20120, "not entitled to the phase http_custom_errors", "403 Forbidden")


@across(RULESET, source=f"CD: cache/how-to/edge-browser-cache-ttl/index.mdx; {ENTITLEMENTS}")
def edge_ttl_depends_on_plan(ask: Ask, cloud: Reader) -> Iterator[str]:
    """The shortest edge cache TTL is 2 h on Free, 1 h on Pro, 1 s on Business."""
    lowest = EDGE_TTL[plan_of(cloud, ask["zoneId"])]
    for _, ttl in ask.each("rules[].actionParameters.edgeTtl.default"):
        if ttl < lowest:
            yield refusal(ask, 20128, f"edge_ttl must be at least {lowest} seconds on this plan")


@across(RULESET, source="CD: waf/account/index.mdx; CD: waf/custom-rules/index.mdx; CD: rules/url-forwarding/index.mdx")
def account_rulesets_need_enterprise(ask: Ask, cloud: Reader) -> Iterator[str]:
    """An account's rulesets need an Enterprise zone in the account; its bulk redirects do not."""
    of_account = ask.props.get("accountId") is not None and ask["phase"] != BULK_REDIRECTS
    if of_account and best_plan(cloud, ask["accountId"]) != "enterprise":
        message = "not entitled: account-level rulesets require Enterprise"
        yield error("POST", f"accounts/{ask['accountId']}/rulesets", "403 Forbidden", 20120, message)


def best_plan(cloud: Reader, account_id: str) -> str:
    """The highest plan of an account's zones.

    Raises:
        CannotTellError: a zone is only planned, and with it the plan that it will be on.
    """
    zones = [zone for zone in cloud.all(ZONE, "") if zone.state["account"].get("id") == account_id]
    if not all(zone.id for zone in zones):
        raise CannotTellError
    plans = [plan_of(cloud, zone.id) for zone in zones]
    return max(plans, key=("free", "pro", "business", "enterprise").index, default="free")
