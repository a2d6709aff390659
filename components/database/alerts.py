"""Who is told when the database is in trouble."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi_mongodbatlas as mongodbatlas

from components.base import Component, ComponentArgs
from components.database.alert_list import Alert, Threshold, alerts

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pulumi

    from settings import Database, Monitoring

REMIND_EVERY_MINUTES = 60


@dataclass(frozen=True, kw_only=True)
class AlertsArgs(ComponentArgs):
    """The Atlas project, the cluster in it, who is told, and the US dollars a month that are expected."""

    settings: Monitoring
    database: Database
    project_id: pulumi.Input[str]
    monthly_budget_usd: int


class Alerts(Component):
    """Every alert that MongoDB calls the minimum, and those on access, keys and the bill, to every address there is.

    Owns the project's alert configurations; the project is made without Atlas's own (`Project`). Atlas sends an alert
    again every hour until somebody acknowledges it. Leaves the yearly key rotation alone: Atlas reminds of it every 90
    days, because it can't see that AWS rotates by itself.
    """

    def __init__(self, name: str, args: AlertsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("database:Alerts", name, args.deployment, opts)
        watched = alerts(
            dedicated=args.database.dedicated,
            customer_key=args.database.customer_key,
            monthly_budget_usd=args.monthly_budget_usd,
        )
        for alert in watched:
            mongodbatlas.AlertConfiguration(
                f"{name}-{alert.name}", configuration(alert, args.project_id, args.settings.emails), self.child()
            )
        self.register_outputs({})


def configuration(
    alert: Alert, project_id: pulumi.Input[str], emails: Sequence[str]
) -> mongodbatlas.AlertConfigurationArgs:
    """An alert in Atlas's form. Atlas takes one that is not said to be enabled for disabled."""
    return mongodbatlas.AlertConfigurationArgs(
        project_id=project_id,
        event_type=alert.event,
        enabled=True,
        notifications=[
            mongodbatlas.AlertConfigurationNotificationArgs(
                type_name="EMAIL",
                email_address=email,
                delay_min=alert.after_minutes,
                interval_min=REMIND_EVERY_MINUTES,
            )
            for email in emails
        ],
        metric_threshold_config=_of_metric(alert.threshold),
        threshold_config=_of_event(alert.threshold),
    )


def _of_metric(threshold: Threshold | None) -> mongodbatlas.AlertConfigurationMetricThresholdConfigArgs | None:
    if threshold is None or threshold.metric is None:
        return None
    return mongodbatlas.AlertConfigurationMetricThresholdConfigArgs(
        metric_name=threshold.metric,
        operator=threshold.operator,
        threshold=threshold.value,
        units=threshold.units,
        mode="AVERAGE",
    )


def _of_event(threshold: Threshold | None) -> mongodbatlas.AlertConfigurationThresholdConfigArgs | None:
    if threshold is None or threshold.metric is not None:
        return None
    return mongodbatlas.AlertConfigurationThresholdConfigArgs(
        operator=threshold.operator, threshold=threshold.value, units=threshold.units
    )
