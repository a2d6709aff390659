"""What Cloudflare refuses in tokens, lists, notifications and Turnstile."""

from __future__ import annotations

import ipaddress
import json
import re
from typing import TYPE_CHECKING

from sandbox import vendors
from sandbox.rules.cloudflare_rulesets import best_plan
from sandbox.rules.cloudflare_zone import reaches
from sandbox.rules.record import Ask, across, alone, part
from sandbox.vendors.cloudflare.api import LIST, error, token_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.cloud import Reader

ITEM, POLICY, WEBHOOK, WIDGET = (
    token_of(n) for n in ("ListItem", "NotificationPolicy", "NotificationPolicyWebhooks", "TurnstileWidget")
)
TOKENS = (token_of("AccountToken"), token_of("ApiToken"))
ALERTS = "CD: notifications/index.yaml"
ALERT_PLANS = {
    "advanced_http_alert_error": "enterprise",
    "billing_usage_alert": "pro",
    "clickhouse_alert_fw_anomaly": "business",
    "clickhouse_alert_fw_ent_anomaly": "enterprise",
    "health_check_status_notification": "pro",
    "http_alert_edge_error": "enterprise",
    "http_alert_origin_error": "enterprise",
    "traffic_anomalies_alert": "enterprise",
}
LISTS = {"free": 1, "pro": 10, "business": 10, "enterprise": 1000}
WIDGETS, HOSTNAMES = 20, 10
IDS = tuple(kind.token for kind in vendors.VENDORS["cloudflare"].kinds)


@alone(*IDS, source="CD: fundamentals/account/find-account-and-zone-ids")
def cloudflare_id_has_its_form(ask: Ask) -> Iterator[tuple[str, str]]:
    """An account or zone id is 32 hexadecimal digits."""
    for path in ("accountId", "zoneId", "account.id"):
        for place, value in ask.each(path):
            if not re.fullmatch(r"[0-9a-f]{32}", str(value)):
                yield place, "Could not route: an id is 32 hexadecimal digits"


@alone(*TOKENS, source="TFC: CHANGELOG.md, v5.13")
def token_resources_are_json(ask: Ask) -> Iterator[tuple[str, str]]:
    """A token's `resources` is a JSON object as text."""
    for path, text in ask.each("policies[].resources"):
        try:
            fits = isinstance(json.loads(text), dict)
        except ValueError:
            fits = False
        if not fits:
            yield path, "Invalid JSON String Value: an object of resource -> scope, as JSON text"


@alone(*TOKENS, source="TFC: docs/resources/account_token.md, permission_groups; CD: r2/api/tokens.mdx")
def permission_group_is_an_id(ask: Ask) -> Iterator[tuple[str, str]]:
    """A permission group is named by its id of 32 hexadecimal digits."""
    for path, id_ in ask.each("policies[].permissionGroups[].id"):
        if not re.fullmatch(r"[0-9a-f]{32}", id_):
            yield path, "Invalid permission group: give its id, not its name"


@alone(*TOKENS, source="TFC: docs/resources/account_token.md, condition, expires_on, not_before")
def token_limits_parse(ask: Ask) -> Iterator[tuple[str, str]]:
    """A token is limited to addresses or networks, and between times as in 2026-12-04T16:25:00Z."""
    for path in ("condition.requestIp.ins[]", "condition.requestIp.notIns[]"):
        for place, network in ask.each(path):
            try:
                ipaddress.ip_network(network, strict=False)
            except ValueError:
                yield place, "is an address or a network in CIDR notation"
    for name in ("expiresOn", "notBefore"):
        for place, time in ask.each(name):
            if not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", time):
                yield place, "Invalid RFC3339 String Value: a time as in 2026-12-04T16:25:00Z"


@alone(LIST, source="CD: waf/tools/lists/lists-api/json-object.mdx")
def list_name_is_plain(ask: Ask) -> Iterator[tuple[str, str]]:
    """A list's name, used as `$name` in expressions, has only lower case letters, digits and underscores."""
    if not re.fullmatch(r"[a-z0-9_]{1,50}", ask["name"]):
        yield "name", "list name must match ^[a-zA-Z0-9_]+$ in lower case and have at most 50 characters"


@alone(LIST, source="CD: waf/tools/lists/lists-api/json-object.mdx")
def list_items_are_of_its_kind(ask: Ask) -> Iterator[tuple[str, str]]:
    """A list's items are of the list's kind."""
    for path, item in ask.each("items[]"):
        if item.get(ask["kind"]) is None:
            yield path, f"items of this list need `{ask['kind']}`"


@alone(POLICY, source="developers.cloudflare.com/notifications (from knowledge)")
def notification_goes_somewhere(ask: Ask) -> Iterator[tuple[str, str]]:
    """A notification policy has at least one mechanism."""
    if not any(part(ask.known("mechanisms")).get(n) for n in ("emails", "webhooks", "pagerduties")):
        yield "mechanisms", "at least one of emails, webhooks, pagerduties is needed"


@alone(WIDGET, source="CD: turnstile/plans.mdx; CD: plans/index.json")
def turnstile_hostnames_are_counted(ask: Ask) -> Iterator[tuple[str, str]]:
    """A Turnstile widget has at most 10 hostnames, without scheme or path."""
    if len(ask["domains"]) > HOSTNAMES:
        yield "domains", f"a widget has at most {HOSTNAMES} hostnames"
    for path, host in ask.each("domains[]"):
        if not re.fullmatch(r"[A-Za-z0-9.-]+", host):
            yield path, "a domain is a hostname without scheme, port, path or wildcard"


@across(ITEM, source="CD: waf/tools/lists/lists-api/json-object.mdx")
def item_is_of_the_lists_kind(ask: Ask, cloud: Reader) -> Iterator[str]:
    """A list item is of its list's kind."""
    items = cloud.by_id(LIST, ask["listId"])
    if items and ask.props.get(items.state["kind"]) is None:
        path = f"accounts/{ask['accountId']}/rules/lists/{items.id}/items"
        yield error("POST", path, "400 Bad Request", 10026, f"items of this list need {items.state['kind']}")


@across(LIST, source="CD: plans/index.json")
def lists_are_counted_by_plan(ask: Ask, cloud: Reader) -> Iterator[str]:
    """An account has 1 list on Free, 10 on paid plans; lists of ASNs and hostnames need Enterprise."""
    plan, path = best_plan(cloud, ask["accountId"]), f"accounts/{ask['accountId']}/rules/lists"
    if not ask.id and cloud.count(LIST, ask["accountId"]) >= LISTS[plan]:
        yield error("POST", path, "403 Forbidden", 10019, f"maximum number of lists reached: {LISTS[plan]}")
    if ask["kind"] in ("asn", "hostname") and plan != "enterprise":
        yield error("POST", path, "403 Forbidden", 10020, f"not entitled to lists of kind {ask['kind']}")


@across(POLICY, source=ALERTS)
def notification_type_needs_its_plan(ask: Ask, cloud: Reader) -> Iterator[str]:
    """A notification type above the account's best plan is refused."""
    lowest = ALERT_PLANS.get(ask["alertType"], "free")
    if not reaches(best_plan(cloud, ask["accountId"]), lowest):
        path = f"accounts/{ask['accountId']}/alerting/v3/policies"
        yield error("POST", path, "403 Forbidden", 17004, f"alert type {ask['alertType']} needs a {lowest} zone")


@across(WEBHOOK, source="CD: notifications/get-started/configure-webhooks.mdx")
def webhooks_need_a_paid_zone(ask: Ask, cloud: Reader) -> Iterator[str]:
    """A notification webhook needs a zone on a paid plan in the account."""
    if best_plan(cloud, ask["accountId"]) == "free":
        path = f"accounts/{ask['accountId']}/alerting/v3/destinations/webhooks"
        yield error("POST", path, "403 Forbidden", 17002, "webhook destinations need a paid plan")


@across(WIDGET, source="CD: turnstile/plans.mdx; CD: plans/index.json")
def turnstile_extras_need_enterprise(ask: Ask, cloud: Reader) -> Iterator[str]:
    """Ephemeral ids, bot fight mode and an unbranded widget need Enterprise; an account has 20 widgets."""
    account = ask["accountId"]
    path = f"accounts/{account}/challenges/widgets"
    extras = [n for n in ("botFightMode", "ephemeralId", "offlabel") if ask.props.get(n) is True]
    if extras and best_plan(cloud, account) != "enterprise":
        yield error("POST", path, "403 Forbidden", 10404, f"not entitled to {', '.join(extras)}")
    if not ask.id and cloud.count(WIDGET, account) >= WIDGETS and best_plan(cloud, account) != "enterprise":
        yield error("POST", path, "403 Forbidden", 10405, f"maximum number of widgets reached: {WIDGETS}")
