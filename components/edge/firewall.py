"""What is stopped at the edge: known attacks, floods, and everybody but Stripe on Stripe's path."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
import pulumi_cloudflare as cloudflare

from components.base import Component, ComponentArgs
from components.edge.custom_rules import custom_rules
from components.edge.managed_rules import managed_rules
from components.edge.rate_limits import rate_limit_rules
from components.edge.rulesets import entry_point
from settings.stripe import WebhookSources

if TYPE_CHECKING:
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
        cloudflare.UrlNormalizationSettings(
            f"{name}-url-normalization", zone_id=args.zone_id, scope="both", type="cloudflare", opts=self.child()
        )
        entry_point(
            f"{name}-custom",
            zone_id=args.zone_id,
            phase="http_request_firewall_custom",
            rules=custom_rules(args.settings, args.apps, WebhookSources.load()),
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
        self.webhook_path_restricted = args.settings.firewall.stripe_list_verified_on is not None
        if not self.webhook_path_restricted:
            pulumi.log.warn(_open_to_all(args.settings.firewall.stripe_webhook_path), self)
        self.register_outputs({"webhook_path_restricted": self.webhook_path_restricted})


def _open_to_all(path: str) -> str:
    """What a person has to do before the program can keep strangers off Stripe's path."""
    return (
        f"Anyone may call {path}: nobody has compared the list of Stripe's addresses with Stripe's own, and a block by "
        "a wrong one drops payments. Run `python -m operations stripe-addresses --record`, then write the day into "
        "madebuy:edge.firewall.stripe_list_verified_on."
    )
