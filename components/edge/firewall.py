"""What is stopped at the edge: known attacks, floods, and everybody but Stripe on Stripe's path."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi_cloudflare as cloudflare

from components.base import Component, ComponentArgs
from components.edge.custom_rules import custom_rules
from components.edge.managed_rules import managed_rules
from components.edge.rate_limits import rate_limit_rules
from components.edge.rulesets import entry_point
from components.edge.stripe import WebhookSources

if TYPE_CHECKING:
    import pulumi

    from settings import Apps, Edge


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
            rules=custom_rules(args.settings, args.apps, stripe),
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
