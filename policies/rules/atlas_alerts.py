"""Atlas alerts: that someone is told before customers are."""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING, Final

from policies.atlas import PROVIDERS, dedicated_clusters
from policies.checks import at_least, between, is_true, must, number, one_of, text
from policies.rule import PRODUCTION, Severity, resource_rule, stack_rule, texts, whole
from policies.tokens import ADVANCED_CLUSTER, ALERT_CONFIGURATION, ATLAS_PROJECT
from policies.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from policies.model import Finding, Resource, Stack

_INSIDE_ATLAS: Final = ("GROUP", "ORG", "USER", "TEAM")
_THRESHOLDS: Final = tuple(
    f"{config}.{name}" for config in ("metricThresholdConfig", "thresholdConfig") for name in ("operator", "threshold")
)
_SHARES: Final = ("PERCENT", "CPU", "SPACE_USED", "UTILIZATION")
"""What Atlas's metrics that are a share of something, in percent, have in their names."""
_IN_HOURS: Final[Mapping[str, float]] = {"SECONDS": 1 / 3_600, "MINUTES": 1 / 60, "HOURS": 1, "DAYS": 24}
_COUNTED: Final[Mapping[str, float]] = {"RAW": 1}
_RUNS_OUT: Final = ("AVAILABLE", "EXPIR", "FREE", "TOO_FEW", "WINDOW")
"""What the names of those events and metrics have in them of which little is bad, not much."""
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
    kinds = list(alert.values("notifications[].typeName"))
    if all(kind in (*_INSIDE_ATLAS, UNKNOWN) for _, kind in kinds):
        unknown = next((path for path, kind in kinds if kind is UNKNOWN), None)
        if unknown:
            yield alert.cannot_tell(unknown)
        else:
            yield alert.lacks("notifications", "names nobody outside of Atlas")


@stack_rule(
    id="atlas-alerts-cover",
    title="A production cluster's project has alerts for what ends in an outage or in lost data",
    risk="A cluster without a primary, or without backups, is first noticed by customers.",
    fix="Declare an enabled AlertConfiguration for each eventType, and metric, in the config's list.",
    severity=Severity.MEDIUM,
    audit="6.1 Monitoring: alert notifications",
    cis="8.11",
    applies=PRODUCTION,
    reads={
        ALERT_CONFIGURATION: ("eventType", "metricThresholdConfig.metricName", "projectId", "enabled"),
        ADVANCED_CLUSTER: ("projectId", PROVIDERS),
        ATLAS_PROJECT: (),
    },
    options={
        "event_types": texts(_EVENTS, "Atlas's event types that must each have an alert; `TYPE METRIC` for one metric.")
    },
)
def alerts_cover(stack: Stack, *, event_types: Sequence[str]) -> Iterator[Finding]:
    """Per project of a dedicated cluster."""
    for cluster in dedicated_clusters(stack):
        project = stack.group(cluster, "projectId", ATLAS_PROJECT)
        alerts = [
            one for one in stack.of(ALERT_CONFIGURATION) if stack.group(one, "projectId", ATLAS_PROJECT) == project
        ]
        there = {name for one in alerts for name in _names(one)}
        missing = sorted({*event_types} - there)
        if missing:
            yield cluster.wants(f"is in a project without alerts for {', '.join(missing)}")


def _names(alert: Resource) -> tuple[str, str]:
    event = text(alert.value("eventType"))
    return event, f"{event} {text(alert.value('metricThresholdConfig.metricName'))}"


@resource_rule(
    id="atlas-alert-can-fire",
    title="An alert has a threshold that trouble passes, and fires on that side of it",
    risk="An alert above 900 percent, or below the 80 percent it was to warn of, is there, and silent.",
    fix="Set operator to GREATER_THAN (LESS_THAN for what runs out), threshold above 0, and below 100 for a share.",
    severity=Severity.MEDIUM,
    audit="6.1 Monitoring: test all monitoring alerts",
    cis="8.11",
    reads={ALERT_CONFIGURATION: ("eventType", "metricThresholdConfig.metricName", *_THRESHOLDS)},
    shows=_THRESHOLDS,
)
def alert_can_fire(alert: Resource) -> Iterator[Finding]:
    """Of metrics, those that are a share: of the others only people know how much is too much."""
    metric = text(alert.value("metricThresholdConfig.metricName"))
    if any(word in metric for word in _SHARES):
        yield from must("metricThresholdConfig.operator", one_of(_bad_side(metric)))(alert)
        yield from must("metricThresholdConfig.threshold", lambda value: 0 < number(value) < _WHOLE)(alert)
    if alert.has("thresholdConfig"):
        yield from must("thresholdConfig.operator", one_of(_bad_side(text(alert.value("eventType")))))(alert)
        yield from must("thresholdConfig.threshold", at_least(0))(alert)


def _bad_side(measured: str) -> str:
    return "LESS_THAN" if any(word in measured for word in _RUNS_OUT) else "GREATER_THAN"


@resource_rule(
    id="atlas-alert-in-time",
    title="An alert about an event fires while there is time to act",
    risk="A snapshot that is five days late, or a bill of three budgets, is news when nothing can be done.",
    fix="Set thresholdConfig, in units that the event has, to a day for late snapshots, an hour of oplog, five "
    "elections, the month's budget, or a tenth of it for one day; or nearer.",
    severity=Severity.MEDIUM,
    audit="6.1 Monitoring: alert notifications; 4.3 FinOps: alert when costs exceed budget thresholds",
    cis="8.11",
    reads={ALERT_CONFIGURATION: ("eventType", "thresholdConfig.threshold", "thresholdConfig.units")},
    shows=("thresholdConfig.threshold", "thresholdConfig.units"),
    options={"max_usd": whole(300, 1, 1_000_000, "The budget, in US dollars a month.")},
)
def alert_is_in_time(alert: Resource, *, max_usd: int) -> Iterator[Finding]:
    """A tenth of a month's budget in one day is three days' worth."""
    bounds: Mapping[str, tuple[float, float, Mapping[str, float]]] = {
        "CPS_SNAPSHOT_BEHIND": (0, 24, _IN_HOURS),
        "REPLICATION_OPLOG_WINDOW_RUNNING_OUT": (1, inf, _IN_HOURS),
        "TOO_MANY_ELECTIONS": (0, 5, _COUNTED),
        "PENDING_INVOICE_OVER_THRESHOLD": (0, max_usd, _COUNTED),
        "DAILY_BILL_OVER_THRESHOLD": (0, max_usd / 10, _COUNTED),
    }
    event = text(alert.value("eventType"))
    if event in bounds:
        least, most, units = bounds[event]
        given = alert.value("thresholdConfig.units")
        yield from must("thresholdConfig.units", one_of(*units), required=units is _IN_HOURS)(alert)
        unit = units.get(text(given), 0 if given else 1)
        if unit:
            yield from must("thresholdConfig.threshold", between(least / unit, most / unit))(alert)
