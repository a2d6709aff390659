"""Our own firewall rules: who passes without a check, and who is stopped by name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pulumi_cloudflare as cloudflare

from components.edge import expressions as ex

if TYPE_CHECKING:
    from settings import Apps, CloudflarePlan, Edge
    from settings.stripe import WebhookSources

METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
"""What Next.js routes answer to. TRACE, CONNECT and WebDAV's have no use here but to probe."""

SCRAPERS_FILE = Path(__file__).with_name("scrapers.json")


def custom_rules(edge: Edge, apps: Apps, stripe: WebhookSources) -> list[cloudflare.RulesetRuleArgs]:
    """The rules in the order in which they run, as many as the settings ask for."""
    return [
        *_passes(edge, apps, stripe),
        *_webhook_for_stripe_alone(edge, stripe),
        *_known_bad(edge),
        *_dashboard_from_abroad(edge, apps),
    ]


def _passes(edge: Edge, apps: Apps, stripe: WebhookSources) -> list[cloudflare.RulesetRuleArgs]:
    webhook = ex.all_of(ex.equals(ex.PATH, edge.firewall.stripe_webhook_path), ex.from_addresses(stripe.addresses))
    rules = [_pass("stripe-webhook-skip", "Stripe's webhooks pass every later check", webhook, later_phases(edge.plan))]
    if edge.plan.limits.super_bot_fight_mode:
        paths = {app.health_path for app in apps.apps().values()}
        probes = ex.one_of(ex.PATH, paths)
        rules.append(_pass("health-probe-skip", "A probe is a program and may be", probes, ["http_request_sbfm"]))
    return rules


def later_phases(plan: CloudflarePlan) -> list[str]:
    """The phases after the custom rules that may stop a request on this plan, and can be skipped."""
    bots = ["http_request_sbfm"] if plan.limits.super_bot_fight_mode else []
    return ["http_ratelimit", "http_request_firewall_managed", *bots]


def _webhook_for_stripe_alone(edge: Edge, stripe: WebhookSources) -> list[cloudflare.RulesetRuleArgs]:
    """Only while somebody vouches for the list; and wider than the pass: no spelling of the path is a way around it.

    The day is in the description, for a clock to judge: this program has none.
    """
    compared_on = edge.firewall.stripe_list_verified_on
    if compared_on is None:
        return []
    path = edge.firewall.stripe_webhook_path.lower()
    stranger = ex.all_of(
        ex.one_of(ex.lower(ex.PATH), [path, f"{path}/"]), ex.negation(ex.from_addresses(stripe.addresses))
    )
    return [_block("stripe-webhook-block-others", f"Only Stripe posts here; list compared on {compared_on}", stranger)]


def _known_bad(edge: Edge) -> list[cloudflare.RulesetRuleArgs]:
    rules = []
    if edge.firewall.blocked_paths:
        prefixes = [path.lower() for path in edge.firewall.blocked_paths]
        asked = ex.starts_with(ex.lower(ex.PATH), *prefixes)
        rules.append(_block("known-bad-paths", "Paths only scanners ask for", asked))
    rules.append(_block("unused-methods", "Methods the apps don't have", ex.negation(ex.one_of(ex.METHOD, METHODS))))
    if edge.firewall.scrapers:
        # The API counts its callers; a webhook or a probe may well come from a script.
        pages = ex.negation(ex.starts_with(ex.PATH, *edge.rate_limit.paths))
        named = ex.contains_any(ex.lower(ex.USER_AGENT), scrapers())
        rules.append(_block("scrapers", "Programs that name themselves as scrapers", ex.all_of(pages, named)))
    return rules


def scrapers() -> list[str]:
    """What scrapers call themselves, in lower case; the list says who maintains it and since when."""
    return list(json.loads(SCRAPERS_FILE.read_text())["user_agents"])


def _dashboard_from_abroad(edge: Edge, apps: Apps) -> list[cloudflare.RulesetRuleArgs]:
    countries = edge.firewall.dashboard_countries
    if not countries:
        return []
    live = {apps.admin.health_path, edge.firewall.stripe_webhook_path}
    abroad = ex.all_of(
        ex.one_of(ex.HOST, apps.admin.hosts),
        ex.negation(ex.one_of(ex.COUNTRY, countries)),
        ex.negation(ex.one_of(ex.PATH, live)),
    )
    return [_rule("dashboard-countries", "The dashboard, from where no maker signs in", abroad, "managed_challenge")]


def _pass(ref: str, description: str, expression: str, phases: list[str]) -> cloudflare.RulesetRuleArgs:
    return cloudflare.RulesetRuleArgs(
        ref=ref,
        description=description,
        expression=expression,
        action="skip",
        action_parameters=cloudflare.RulesetRuleActionParametersArgs(
            phases=phases, products=["bic", "securityLevel", "uaBlock"]
        ),
        logging=cloudflare.RulesetRuleLoggingArgs(enabled=True),
        enabled=True,
    )


def _block(ref: str, description: str, expression: str) -> cloudflare.RulesetRuleArgs:
    return _rule(ref, description, expression, "block")


def _rule(ref: str, description: str, expression: str, action: str) -> cloudflare.RulesetRuleArgs:
    return cloudflare.RulesetRuleArgs(
        ref=ref, description=description, expression=expression, action=action, enabled=True
    )
