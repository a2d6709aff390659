"""What happens to programs among the visitors, and to passwords that are known to be stolen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi_cloudflare as cloudflare

from components.base import Component, ComponentArgs

if TYPE_CHECKING:
    import pulumi

    from settings import Edge

CHALLENGE = "managed_challenge"
LEAKED_PASSWORD_HEADER = "add_waf_credential_check_status_header"  # noqa: S105 - the name of a transform
"""Cloudflare's id of the transform that tells the origin about a leaked password. Source: the API's list of managed
transforms (Cloudflare docs, rules/transform/managed-transforms/reference, read 2026-11)."""


@dataclass(frozen=True, kw_only=True)
class BotsArgs(ComponentArgs):
    """What to do with bots, and the zone in which."""

    settings: Edge
    zone_id: pulumi.Input[str]


class Bots(Component):
    """Super Bot Fight Mode where the plan has it, and the leaked credential check.

    Owns the zone's bot settings, the check, and the header `Exposed-Credential-Check` by which the dashboard learns
    that a password was in a known leak (4: the password, 1: with its user name; Pro and up). Leaves to the app what
    to do then: asking for a new password beats a challenge that a sign-in by script can't show.

    Bot Fight Mode, the smaller one that Free has, stays off: no rule can except Stripe's webhooks from it (Cloudflare
    docs, waf/custom-rules/skip/options). Super Bot Fight Mode can be skipped, and `Firewall` skips it for webhooks and
    probes. JavaScript detections stay off too: they put a script into pages that React has to recognise.
    """

    def __init__(self, name: str, args: BotsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("edge:Bots", name, args.deployment, opts)
        limits, bots = args.settings.plan.limits, args.settings.bots
        sure = limits.super_bot_fight_mode
        cloudflare.BotManagement(
            f"{name}-management",
            zone_id=args.zone_id,
            fight_mode=False,
            enable_js=False,
            ai_bots_protection=bots.ai_crawlers,
            sbfm_definitely_automated=(bots.automated or CHALLENGE) if sure else None,
            sbfm_likely_automated=(bots.likely_automated or CHALLENGE) if limits.likely_automated_bots else None,
            sbfm_verified_bots="allow" if sure else None,
            sbfm_static_resource_protection=False if sure else None,
            optimize_wordpress=False if sure else None,
            opts=self.child(),
        )
        check = cloudflare.LeakedCredentialCheck(
            f"{name}-leaked-credentials", zone_id=args.zone_id, enabled=True, opts=self.child()
        )
        cloudflare.ManagedTransforms(
            f"{name}-leaked-credentials-header",
            zone_id=args.zone_id,
            managed_request_headers=[
                cloudflare.ManagedTransformsManagedRequestHeaderArgs(id=LEAKED_PASSWORD_HEADER, enabled=True)
            ],
            managed_response_headers=[],
            opts=self.child(depends_on=[check]),
        )
        self.register_outputs({})
