"""How fast and with which headers responses reach a visitor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pulumi_cloudflare as cloudflare

from components.base import Component, ComponentArgs
from components.edge import expressions as ex
from components.edge.cache_rules import cache_rules, response_rules
from components.edge.rulesets import entry_point

if TYPE_CHECKING:
    import pulumi

    from settings import CloudflarePlan, Edge

SECURITY_HEADERS = {
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "SAMEORIGIN",
}
"""The audit's headers (2.1), on every response. HSTS is the zone's own setting. The Content-Security-Policy stays the
apps': only they know what their pages load. X-XSS-Protection is left out: browsers dropped the filter it controls."""

REMOVED_HEADERS = ("X-Powered-By",)
"""What tells an attacker the version to look up."""


@dataclass(frozen=True, kw_only=True)
class DeliveryArgs(ComponentArgs):
    """What may be kept, and the zone in which."""

    settings: Edge
    zone_id: pulumi.Input[str]


class Delivery(Component):
    """Caching, response headers, compression and images of the zone.

    Owns the phases for cache rules, cache response rules and response headers, tiered caching and the zone's settings
    about speed. Leaves to the apps what they answer with: a shared response is fresh for as long as its own
    Cache-Control says, and images are resized by Next.js. The media host's objects take R2's headers and are kept
    like any file.
    """

    def __init__(self, name: str, args: DeliveryArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("edge:Delivery", name, args.deployment, opts)
        phases = {
            "http_request_cache_settings": cache_rules(args.settings.caching),
            "http_response_cache_settings": response_rules(args.settings.caching),
            "http_response_headers_transform": header_rules(),
        }
        for phase, rules in phases.items():
            if rules:
                entry_point(
                    f"{name}-{phase.removeprefix('http_').replace('_', '-')}",
                    zone_id=args.zone_id,
                    phase=phase,
                    rules=rules,
                    limit=args.settings.plan.limits.configuration_rules,
                    opts=self.child(),
                )
        cloudflare.TieredCache(f"{name}-tiered-cache", zone_id=args.zone_id, value="on", opts=self.child())
        for setting, value in speed_settings(args.settings.plan).items():
            cloudflare.ZoneSetting(
                f"{name}-{setting.replace('_', '-')}",
                zone_id=args.zone_id,
                setting_id=setting,
                value=value,
                opts=self.child(),
            )
        self.register_outputs({})


def header_rules() -> list[cloudflare.RulesetRuleArgs]:
    """One rule that sets and removes headers of every response."""
    headers = {
        name: cloudflare.RulesetRuleActionParametersHeadersArgs(operation="set", value=value)
        for name, value in SECURITY_HEADERS.items()
    }
    headers |= {name: cloudflare.RulesetRuleActionParametersHeadersArgs(operation="remove") for name in REMOVED_HEADERS}
    return [
        cloudflare.RulesetRuleArgs(
            ref="security-headers",
            description="The audit's security headers",
            expression=ex.EVERYTHING,
            action="rewrite",
            action_parameters=cloudflare.RulesetRuleActionParametersArgs(headers=headers),
            enabled=True,
        )
    ]


def speed_settings(plan: CloudflarePlan) -> dict[str, Any]:
    """Zone settings by Cloudflare's id.

    What rewrites pages is off: React compares the page with what it made itself, and takes a change for a fault.
    """
    images = {"polish": "lossless", "webp": "on"} if plan.limits.image_optimisation else {}
    return {
        "browser_cache_ttl": 0,  # the origin's own time; Cloudflare's default would raise 5 minutes to 4 hours
        "brotli": "on",
        "early_hints": "on",
        "email_obfuscation": "off",
        "http3": "on",
        "rocket_loader": "off",
        **images,
    }
