"""Who is told when an origin is down or the zone is under attack."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi_cloudflare as cloudflare

from components.base import Component, ComponentArgs
from components.edge.tls_exceptions import probed
from settings import CloudflarePlan

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pulumi

    from settings import App, Apps, Edge, Monitoring, Origin

PLANS_WITH_FIREWALL_ALERTS = (CloudflarePlan.BUSINESS, CloudflarePlan.ENTERPRISE)
"""Source: Cloudflare docs, notifications (content/notifications/index.yaml, read 2026-08)."""

SECONDS_BETWEEN_CHECKS = 60
SECONDS_FOR_AN_ANSWER = 5
FURTHER_TRIES = 2
CHECK_REGION = "OC"
"""Oceania, where MadeBuy's origins and visitors are. Cloudflare checks from three data centres in it."""


@dataclass(frozen=True, kw_only=True)
class WatchArgs(ComponentArgs):
    """What is probed, who is told, and the balancers' pools where there are some."""

    settings: Edge
    apps: Apps
    monitoring: Monitoring
    zone_id: pulumi.Input[str]
    pool_ids: Mapping[str, pulumi.Output[str]]


class Watch(Component):
    """Health checks of every app on every origin, and messages about them.

    Owns the zone's health checks and the notifications about this zone's objects. Where there is a load balancer its
    own monitors probe the origins, so health checks would only ask twice. Free has no health checks, so there nobody
    is told. Leaves what concerns the whole account (incidents, attacks, certificates) to `AccountAlerts`: two stacks
    would tell it twice.
    """

    def __init__(self, name: str, args: WatchArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("edge:Watch", name, args.deployment, opts)
        self._args = args
        if args.settings.load_balancer:
            self._tell_of_pools(name)
        elif args.settings.plan.limits.health_checks:
            self._tell_of_checks(name, self._check_every_origin(name))
        if args.settings.plan in PLANS_WITH_FIREWALL_ALERTS:
            self._tell(
                name,
                "firewall-events",
                "clickhouse_alert_fw_anomaly",
                "far more requests stopped than usual",
                cloudflare.NotificationPolicyFiltersArgs(zones=[args.zone_id]),
            )
        self.register_outputs({})

    def _check_every_origin(self, name: str) -> list[cloudflare.Healthcheck]:
        return [
            self._check(f"{name}-{app_name}-{origin.name}", app_name, app, origin)
            for app_name, app in self._args.apps.apps().items()
            for origin in self._args.apps.origins
        ]

    def _check(self, name: str, app_name: str, app: App, origin: Origin) -> cloudflare.Healthcheck:
        exception = self._args.settings.tls.exception_for(app.host)
        return cloudflare.Healthcheck(
            name,
            zone_id=self._args.zone_id,
            name=f"{app_name}-{origin.name}",
            description=probed(f"{app.host}{app.health_path} on {origin.name}", exception),
            address=origin.address,
            type="HTTPS",
            check_regions=[CHECK_REGION],
            interval=SECONDS_BETWEEN_CHECKS,
            timeout=SECONDS_FOR_AN_ANSWER,
            retries=FURTHER_TRIES,
            consecutive_fails=1,
            consecutive_successes=1,
            suspended=False,
            http_config=cloudflare.HealthcheckHttpConfigArgs(
                method="GET",
                path=app.health_path,
                port=443,
                header={"Host": [app.host]},
                expected_codes=["200"],
                follow_redirects=False,
                allow_insecure=exception is not None,
            ),
            opts=self.child(),
        )

    def _tell_of_checks(self, name: str, checks: list[cloudflare.Healthcheck]) -> None:
        self._tell(
            name,
            "origins",
            "health_check_status_notification",
            "an origin went down or came back",
            cloudflare.NotificationPolicyFiltersArgs(
                health_check_ids=[check.id for check in checks], statuses=["Healthy", "Unhealthy"]
            ),
        )

    def _tell_of_pools(self, name: str) -> None:
        self._tell(
            name,
            "origins",
            "load_balancing_health_alert",
            "an origin or a whole pool went down or came back",
            cloudflare.NotificationPolicyFiltersArgs(
                pool_ids=list(self._args.pool_ids.values()),
                new_healths=["Healthy", "Unhealthy"],
                event_sources=["origin", "pool"],
            ),
        )

    def _tell(
        self, name: str, what: str, alert: str, description: str, filters: cloudflare.NotificationPolicyFiltersArgs
    ) -> None:
        cloudflare.NotificationPolicy(
            f"{name}-{what}",
            account_id=self._args.deployment.accounts.cloudflare_account_id,
            name=f"{self._args.settings.zone}: {description}",
            alert_type=alert,
            enabled=True,
            mechanisms=by_email(self._args.monitoring),
            filters=filters,
            opts=self.child(),
        )


def by_email(monitoring: Monitoring) -> cloudflare.NotificationPolicyMechanismsArgs:
    """The channel to everyone in the settings."""
    return cloudflare.NotificationPolicyMechanismsArgs(
        emails=[cloudflare.NotificationPolicyMechanismsEmailArgs(id=email) for email in sorted(monitoring.emails)]
    )
