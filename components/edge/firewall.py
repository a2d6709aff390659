"""What is stopped at the edge: known attacks, floods, and everybody but Stripe on Stripe's path."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi_cloudflare as cloudflare

from components.base import Component, ComponentArgs
from components.edge import expressions as ex
from components.edge.rulesets import entry_point
from components.edge.stripe import WebhookSources

if TYPE_CHECKING:
    import pulumi

    from settings import Apps, CloudflarePlan, Edge

CLOUDFLARE_MANAGED = "efb7b8c949ac4650a09736fc376e9aee"
OWASP_CORE = "4814384a9e5d4991b9815dcfc25d2f1f"
OWASP_SCORE_RULE = "6179ae15870a4bb7b2d480d4843b323c"
"""Ids of the rulesets that every paid zone may execute, and of the rule that acts on OWASP's anomaly score. The same
in every account. Source: Cloudflare docs, waf/managed-rules (read 2026-08)."""

OWASP_SCORE_THRESHOLD = 40
OWASP_PARANOIA_OFF = ("paranoia-level-2", "paranoia-level-3", "paranoia-level-4")
"""Cloudflare's own defaults, stated so that a change by hand shows as drift: a higher paranoia level takes a maker's
product description for an attack."""

METHODS = ("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
"""What Next.js routes answer to. TRACE, CONNECT and WebDAV's have no use here but to probe."""


@dataclass(frozen=True, kw_only=True)
class FirewallArgs(ComponentArgs):
    """The rules' settings, and the apps whose hosts and paths they name."""

    settings: Edge
    apps: Apps
    zone_id: pulumi.Input[str]


class Firewall(Component):
    """The three rulesets that stop requests: our own rules, Cloudflare's managed ones, and the rate limit.

    Owns these phases of the zone whole, and the normalisation of paths that their rules rely on. Leaves limits by
    user and session to the apps, which can see one; a rule at the edge below Enterprise counts addresses only.

    Stripe's requests pass managed rules, bot checks and rate limits untouched. Everybody else is kept off that path
    only while a person vouches for the list of addresses (`stripe_list_verified_on`): a list that is out of date
    drops payments.
    """

    def __init__(self, name: str, args: FirewallArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("edge:Firewall", name, args.deployment, opts)
        plan = args.settings.plan
        stripe = WebhookSources.load()
        cloudflare.UrlNormalizationSettings(
            f"{name}-url-normalization", zone_id=args.zone_id, scope="both", type="cloudflare", opts=self.child()
        )
        entry_point(
            f"{name}-custom",
            zone_id=args.zone_id,
            phase="http_request_firewall_custom",
            rules=custom_rules(args.settings, stripe),
            limit=plan.limits.custom_rules,
            opts=self.child(),
        )
        if plan.limits.managed_rulesets:
            entry_point(
                f"{name}-managed",
                zone_id=args.zone_id,
                phase="http_request_firewall_managed",
                rules=managed_rules(),
                limit=plan.limits.custom_rules,
                opts=self.child(),
            )
        entry_point(
            f"{name}-rate-limit",
            zone_id=args.zone_id,
            phase="http_ratelimit",
            rules=rate_limit_rules(args.settings, args.apps),
            limit=plan.limits.rate_limit_rules,
            opts=self.child(),
        )
        self.webhook_path_restricted = stripe.is_verified(args.settings.firewall.stripe_list_verified_on)
        self.register_outputs({"webhook_path_restricted": self.webhook_path_restricted})


def custom_rules(edge: Edge, stripe: WebhookSources) -> list[cloudflare.RulesetRuleArgs]:
    """Our own rules, in the order in which they run."""
    webhook = edge.firewall.stripe_webhook_path
    from_stripe = ex.from_addresses(stripe.addresses)
    rules = [_let_stripe_through(edge.plan, webhook, from_stripe)]
    if stripe.is_verified(edge.firewall.stripe_list_verified_on):
        # Wider than the rule above: another spelling of the path must not be a way around it.
        spellings = ex.one_of(ex.lower(ex.PATH), [webhook.lower(), f"{webhook.lower()}/"])
        rules.append(
            _block(
                "stripe-webhook-block-others",
                "Only Stripe posts to its webhook",
                ex.all_of(spellings, ex.negation(from_stripe)),
            )
        )
    if edge.firewall.blocked_paths:
        prefixes = [path.lower() for path in edge.firewall.blocked_paths]
        rules.append(
            _block("known-bad-paths", "Paths only scanners ask for", ex.starts_with(ex.lower(ex.PATH), *prefixes))
        )
    rules.append(_block("unused-methods", "Methods the apps don't have", ex.negation(ex.one_of(ex.METHOD, METHODS))))
    return rules


def managed_rules() -> list[cloudflare.RulesetRuleArgs]:
    """Cloudflare's rulesets. A zone may execute each once."""
    return [
        cloudflare.RulesetRuleArgs(
            ref="cloudflare-managed",
            description="Cloudflare Managed Ruleset",
            expression=ex.EVERYTHING,
            action="execute",
            action_parameters=cloudflare.RulesetRuleActionParametersArgs(id=CLOUDFLARE_MANAGED),
            enabled=True,
        ),
        cloudflare.RulesetRuleArgs(
            ref="owasp-core",
            description="OWASP Core Ruleset, paranoia level 1",
            expression=ex.EVERYTHING,
            action="execute",
            action_parameters=cloudflare.RulesetRuleActionParametersArgs(
                id=OWASP_CORE,
                overrides=cloudflare.RulesetRuleActionParametersOverridesArgs(
                    categories=[
                        cloudflare.RulesetRuleActionParametersOverridesCategoryArgs(category=level, enabled=False)
                        for level in OWASP_PARANOIA_OFF
                    ],
                    rules=[
                        cloudflare.RulesetRuleActionParametersOverridesRuleArgs(
                            id=OWASP_SCORE_RULE, action="block", score_threshold=OWASP_SCORE_THRESHOLD
                        )
                    ],
                ),
            ),
            enabled=True,
        ),
    ]


def rate_limit_rules(edge: Edge, apps: Apps) -> list[cloudflare.RulesetRuleArgs]:
    """The public API's limit (audit 2.3: 10 requests in 10 s for an anonymous visitor), by address and data centre.

    The dashboard's API is left to the app's own limit by user where the plan can tell hosts apart. A host that is not
    the dashboard's is a shop's: the apex, a tenant below the wildcard or on a domain of their own.
    """
    limit = edge.rate_limit
    terms = [
        ex.starts_with(ex.PATH, *limit.paths),
        ex.negation(ex.one_of(ex.PATH, [edge.firewall.stripe_webhook_path, *_health_paths(apps)])),
    ]
    if ex.HOST in edge.plan.limits.rate_limit_fields:
        terms.append(ex.negation(ex.one_of(ex.HOST, [apps.admin.host, *apps.admin.aliases])))
    return [
        cloudflare.RulesetRuleArgs(
            ref="public-api",
            description=f"{limit.requests} requests in {limit.period_seconds} s to the public API",
            expression=ex.all_of(*terms),
            action="block",
            ratelimit=cloudflare.RulesetRuleRatelimitArgs(
                characteristics=["cf.colo.id", "ip.src"],
                requests_per_period=limit.requests,
                period=limit.period_seconds,
                mitigation_timeout=limit.mitigation_seconds,
                requests_to_origin=False,
            ),
            enabled=True,
        )
    ]


def _let_stripe_through(plan: CloudflarePlan, webhook: str, from_stripe: str) -> cloudflare.RulesetRuleArgs:
    phases = ["http_ratelimit", "http_request_firewall_managed"]
    if plan.limits.super_bot_fight_mode:
        phases.append("http_request_sbfm")
    return cloudflare.RulesetRuleArgs(
        ref="stripe-webhook-skip",
        description="Stripe's webhooks pass every later check",
        expression=ex.all_of(ex.equals(ex.PATH, webhook), from_stripe),
        action="skip",
        action_parameters=cloudflare.RulesetRuleActionParametersArgs(
            phases=phases, products=["bic", "securityLevel", "uaBlock"]
        ),
        logging=cloudflare.RulesetRuleLoggingArgs(enabled=True),
        enabled=True,
    )


def _block(ref: str, description: str, expression: str) -> cloudflare.RulesetRuleArgs:
    return cloudflare.RulesetRuleArgs(
        ref=ref, description=description, expression=expression, action="block", enabled=True
    )


def _health_paths(apps: Apps) -> set[str]:
    return {app.health_path for app in apps.apps().values()}
