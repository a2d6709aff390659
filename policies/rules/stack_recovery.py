"""The whole stack: how much data a failure costs, and how long it takes, as numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policies.atlas import NODES, PROVIDERS, dedicated_clusters
from policies.checks import number
from policies.cloudflare import detection_seconds
from policies.rule import PRODUCTION, Severity, stack_rule, whole
from policies.tokens import (
    ADVANCED_CLUSTER,
    BACKUP_SCHEDULE,
    LOAD_BALANCER,
    LOAD_BALANCER_MONITOR,
    LOAD_BALANCER_POOL,
    ZONE,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policies.model import Finding, Resource, Stack

_DAY: Final = 24 * 60
_REBUILD: Final = 240
"""Minutes to rebuild by hand, at worst (audit 5.2)."""
_ELECTION: Final = 1
_RESTORE: Final = 15
"""Minutes for an optimized point-in-time restore, at worst (atlas-architecture, backups)."""
_MAJORITY: Final = 3


@stack_rule(
    id="recovery-point",
    title="A failure of the production database costs less than an hour of data (RPO)",
    risk="Orders that customers paid for are gone.",
    fix="Set pitEnabled on the cluster, or take snapshots more often than the target.",
    severity=Severity.HIGH,
    audit="5.2 RPO under 1 hour",
    cis="11.2",
    applies=PRODUCTION,
    reads={
        ADVANCED_CLUSTER: ("pitEnabled", "backupEnabled", "name", PROVIDERS),
        BACKUP_SCHEDULE: ("clusterName", "policyItemHourly.frequencyInterval"),
    },
    options={"max_minutes": whole(60, 1, 10_080, "The most data that may be lost, in minutes.")},
)
def data_loss_is_bounded(stack: Stack, *, max_minutes: int) -> Iterator[Finding]:
    """Per cluster: a minute with point-in-time restore, else the time between two snapshots."""
    for cluster in dedicated_clusters(stack):
        minutes = _recovery_point(stack, cluster)
        if minutes is None:
            yield cluster.wants("can't be restored at all: the RPO is everything")
        elif minutes > max_minutes:
            yield cluster.wants(f"has an RPO of {minutes:.0f} minutes, more than {max_minutes}")


def _recovery_point(stack: Stack, cluster: Resource) -> float | None:
    if cluster.value("backupEnabled") is not True:
        return None
    if cluster.value("pitEnabled") is True:
        return 1
    schedules = stack.companions(cluster, BACKUP_SCHEDULE, "clusterName", "name")
    hours = [number(one.value("policyItemHourly.frequencyInterval")) for one in schedules]
    return min((hour * 60 for hour in hours if hour), default=_DAY)


@stack_rule(
    id="recovery-time",
    title="Where high availability is promised, a failure is over in less than 15 minutes (RTO)",
    risk="Every further minute is sales that go elsewhere.",
    fix="Balance between two origins with a short monitor interval; give the cluster three nodes and pitEnabled.",
    severity=Severity.HIGH,
    audit="5.2 RTO under 15 minutes",
    cis="11.1",
    reads={
        ZONE: (),
        LOAD_BALANCER: ("zoneId",),
        LOAD_BALANCER_POOL: (),
        LOAD_BALANCER_MONITOR: ("interval", "retries", "timeout", "consecutiveDown"),
        ADVANCED_CLUSTER: ("pitEnabled", NODES, PROVIDERS),
    },
    options={"max_minutes": whole(15, 1, 1_440, "The longest recovery, in minutes.")},
)
def recovery_is_quick(stack: Stack, *, max_minutes: int) -> Iterator[Finding]:
    """An origin's death for zones, a node's death and a restore for clusters: the audit's two failures."""
    for zone in stack.of(ZONE):
        minutes = _origin_recovery(stack, zone)
        if zone.environment.high_availability and minutes > max_minutes:
            yield zone.wants(f"has an RTO of {minutes:.0f} minutes when an origin dies, more than {max_minutes}")
    for cluster in dedicated_clusters(stack):
        minutes = _cluster_recovery(cluster)
        if cluster.environment.high_availability and minutes > max_minutes:
            yield cluster.wants(f"has an RTO of {minutes:.0f} minutes when a node or its data is lost")


def _origin_recovery(stack: Stack, zone: Resource) -> float:
    balancers = stack.companions(zone, LOAD_BALANCER, "zoneId")
    monitors = [one for one in stack.of(LOAD_BALANCER_MONITOR) if balancers]
    return max((detection_seconds(one) / 60 for one in monitors), default=_REBUILD)


def _cluster_recovery(cluster: Resource) -> float:
    nodes = sum(number(count) for _, count in cluster.values(NODES))
    failover = _ELECTION if nodes >= _MAJORITY else _REBUILD
    restore = _RESTORE if cluster.value("pitEnabled") is True else _REBUILD
    return max(failover, restore)
