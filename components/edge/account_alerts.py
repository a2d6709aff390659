"""Messages about the whole Cloudflare account, which exist once, whatever the number of zones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi_cloudflare as cloudflare

from components.base import Component, ComponentArgs
from components.edge.watch import by_email

if TYPE_CHECKING:
    import pulumi

    from settings import Monitoring

ALERTS = {
    "dos_attack_l7": "an attack on a zone was met",
    "real_origin_monitoring": "an origin can't be reached (521)",
    "universal_ssl_event_type": "a certificate was renewed or could not be",
}
"""Those without a filter by zone that every plan has. Source: Cloudflare docs, content/notifications/index.yaml (read
2026-08)."""

GRAVE_INCIDENTS = ("INCIDENT_IMPACT_CRITICAL", "INCIDENT_IMPACT_MAJOR")


@dataclass(frozen=True, kw_only=True)
class AccountAlertsArgs(ComponentArgs):
    """Who is told."""

    monitoring: Monitoring


class AccountAlerts(Component):
    """What Cloudflare says about the account: attacks, unreachable origins, certificates, its own incidents.

    Owns those notifications, for the organization project. Leaves what a filter ties to one zone to `Watch`.
    """

    def __init__(self, name: str, args: AccountAlertsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("edge:AccountAlerts", name, args.deployment, opts)
        grave = cloudflare.NotificationPolicyFiltersArgs(incident_impacts=list(GRAVE_INCIDENTS))
        filters = {**dict.fromkeys(ALERTS), "incident_alert": grave}
        for alert, description in {**ALERTS, "incident_alert": "Cloudflare itself has a grave incident"}.items():
            cloudflare.NotificationPolicy(
                f"{name}-{alert.replace('_', '-')}",
                account_id=args.deployment.accounts.cloudflare_account_id,
                name=f"MadeBuy: {description}",
                alert_type=alert,
                enabled=True,
                mechanisms=by_email(args.monitoring),
                filters=filters[alert],
                opts=self.child(),
            )
        self.register_outputs({})
