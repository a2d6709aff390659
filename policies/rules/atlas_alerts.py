"""Atlas alerts: that someone is told before customers are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policies.atlas import PROVIDERS, dedicated_clusters
from policies.checks import is_true, must, number, text
from policies.rule import PRODUCTION, Severity, resource_rule, stack_rule, texts
from policies.tokens import ADVANCED_CLUSTER, ALERT_CONFIGURATION, ATLAS_PROJECT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policies.model import Finding, Resource, Stack

_INSIDE_ATLAS: Final = ("GROUP", "ORG", "USER", "TEAM")
_WHOLE: Final = 100
_EVENTS: Final = (
    "CPS_SNAPSHOT_BEHIND",
    "HOST_DOWN",
    "NO_PRIMARY",
    "OUTSIDE_METRIC_THRESHOLD",
    "REPLICATION_OPLOG_WINDOW_RUNNING_OUT",
)
"""MongoDB's minimum list (atlas-architecture, monitoring-alerts), as far as one event name says it."""

resource_rule(
    id="atlas-alert-enabled",
    title="An alert in the program is switched on",
    risk="Left out, enabled means false: the alert is there, and silent.",
    fix="Set enabled to true.",
    severity=Severity.MEDIUM,
    audit="6.1 Monitoring: alert notifications",
    cis="8.11",
    reads={ALERT_CONFIGURATION: ("enabled",)},
    shows=("enabled",),
)(must("enabled", is_true))


@resource_rule(
    id="atlas-alert-reaches-someone",
    title="An alert goes where somebody looks: mail, Slack, PagerDuty, a webhook",
    risk="A note to the project's members inside Atlas is read when someone happens to log in.",
    fix="Add a notification with typeName EMAIL, SLACK, PAGER_DUTY or WEBHOOK.",
    severity=Severity.MEDIUM,
    audit="6.1 Monitoring: alert notifications",
    cis="8.11",
    reads={ALERT_CONFIGURATION: ("notifications[].typeName",)},
)
def alert_reaches_someone(alert: Resource) -> Iterator[Finding]:
    """One way out of Atlas is enough."""
    if all(kind in _INSIDE_ATLAS for _, kind in alert.values("notifications[].typeName")):
        yield alert.lacks("notifications", "names nobody outside of Atlas")


@stack_rule(
    id="atlas-alerts-cover",
    title="A production cluster's project has alerts for what ends in an outage or in lost data",
    risk="A cluster without a primary, or without backups, is first noticed by customers.",
    fix="Declare an enabled AlertConfiguration for each eventType in the config's list.",
    severity=Severity.MEDIUM,
    audit="6.1 Monitoring: alert notifications",
    cis="8.11",
    applies=PRODUCTION,
    reads={
        ALERT_CONFIGURATION: ("eventType", "projectId", "enabled"),
        ADVANCED_CLUSTER: ("projectId", PROVIDERS),
        ATLAS_PROJECT: (),
    },
    options={"event_types": texts(_EVENTS, "Atlas's event types that must each have an alert.")},
)
def alerts_cover(stack: Stack, *, event_types: Sequence[str]) -> Iterator[Finding]:
    """Per project of a dedicated cluster."""
    for cluster in dedicated_clusters(stack):
        project = stack.group(cluster, "projectId", ATLAS_PROJECT)
        alerts = [
            one for one in stack.of(ALERT_CONFIGURATION) if stack.group(one, "projectId", ATLAS_PROJECT) == project
        ]
        missing = sorted({*event_types} - {text(one.value("eventType")) for one in alerts})
        if missing:
            yield cluster.wants(f"is in a project without alerts for {', '.join(missing)}")


@resource_rule(
    id="atlas-alert-can-fire",
    title="An alert about a share of something fires below 100 percent",
    risk="A threshold of 900 percent is an alert that is there, and silent.",
    fix="Set metricThresholdConfig.threshold between 1 and 99.",
    severity=Severity.MEDIUM,
    audit="6.1 Monitoring: test all monitoring alerts",
    cis="8.11",
    reads={ALERT_CONFIGURATION: ("metricThresholdConfig.metricName", "metricThresholdConfig.threshold")},
    shows=("metricThresholdConfig.threshold",),
)
def alert_can_fire(alert: Resource) -> Iterator[Finding]:
    """By the metric's name: Atlas's shares are called PERCENT, CPU, SPACE_USED or UTILIZATION."""
    metric = text(alert.value("metricThresholdConfig.metricName"))
    if any(word in metric for word in ("PERCENT", "CPU", "SPACE_USED", "UTILIZATION")):
        path = "metricThresholdConfig.threshold"
        yield from must(path, lambda value: 0 < number(value) < _WHOLE)(alert)
