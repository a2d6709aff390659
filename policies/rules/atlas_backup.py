"""Atlas: how far back the data can be restored, and how much of it may be lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policies.atlas import PROVIDERS, dedicated_clusters, on_dedicated
from policies.checks import at_least, each, is_true
from policies.rule import PRODUCTION, Severity, resource_rule, stack_rule, whole
from policies.tokens import ADVANCED_CLUSTER, BACKUP_SCHEDULE
from policies.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policies.model import Finding, Resource, Stack

_DAYS: Final = {"days": 1, "weeks": 7, "months": 31, "years": 366}

resource_rule(
    id="atlas-cluster-backup",
    title="A production cluster is backed up",
    risk="Without snapshots a mistake in a migration is final.",
    fix="Set backupEnabled to true.",
    severity=Severity.HIGH,
    audit="6.1 Backups: automated Atlas backups",
    cis="11.2",
    equals=("prowler:clusters_backup_enabled", "mondoo:project-cluster-backup-enabled"),
    applies=PRODUCTION,
    reads={ADVANCED_CLUSTER: ("backupEnabled", PROVIDERS)},
    shows=("backupEnabled",),
)(on_dedicated("backupEnabled", is_true))

resource_rule(
    id="atlas-cluster-point-in-time",
    title="A production cluster can be restored to any second (PITR)",
    risk="From daily snapshots alone up to a day of orders is lost; the audit allows one hour.",
    fix="Set pitEnabled to true, beside backupEnabled.",
    severity=Severity.HIGH,
    audit="5.2 RPO under 1 hour",
    cis="11.2",
    equals=("mondoo:project-cluster-pit-enabled",),
    applies=PRODUCTION,
    reads={ADVANCED_CLUSTER: ("pitEnabled", PROVIDERS)},
    shows=("pitEnabled",),
)(on_dedicated("pitEnabled", is_true))


@stack_rule(
    id="atlas-backup-daily-retention",
    title="A production cluster has a backup schedule that keeps daily snapshots long enough",
    risk="A mistake found after a week can't be undone with snapshots that lasted three days.",
    fix="Declare a CloudBackupSchedule for the cluster with policyItemDaily, retentionUnit days and retentionValue 7 "
    "or more.",
    severity=Severity.HIGH,
    audit="5.3 Phase 2: backups, 7 days",
    cis="11.2",
    applies=PRODUCTION,
    reads={
        BACKUP_SCHEDULE: ("clusterName", "policyItemDaily.retentionValue", "policyItemDaily.retentionUnit"),
        ADVANCED_CLUSTER: ("name", PROVIDERS),
    },
    options={"min_days": whole(7, 1, 366, "The days a daily snapshot is kept, at least.")},
)
def daily_snapshots_are_kept(stack: Stack, *, min_days: int) -> Iterator[Finding]:
    """Every schedule, and one for every cluster."""
    for schedule in stack.of(BACKUP_SCHEDULE):
        yield from retention(schedule, "policyItemDaily", min_days)
    for cluster in dedicated_clusters(stack):
        if not stack.companions(cluster, BACKUP_SCHEDULE, "clusterName", "name"):
            yield cluster.wants("has no CloudBackupSchedule, so Atlas's default applies and anyone may change it")


def retention(schedule: Resource, item: str, min_days: int) -> Iterator[Finding]:
    """How long a policy item keeps its snapshots, whatever unit it counts in."""
    values = list(schedule.values(f"{item}.retentionValue"))
    units = [unit for _, unit in schedule.values(f"{item}.retentionUnit")]
    if not values:
        yield schedule.lacks(f"{item}.retentionValue")
    for (path, value), unit in zip(values, units, strict=False):
        if UNKNOWN in (value, unit):
            yield schedule.cannot_tell(path)
        elif not isinstance(value, int) or value * _DAYS.get(str(unit), 0) < min_days:
            yield schedule.violates(path, value, f"keeps snapshots for less than {min_days} days")


@resource_rule(
    id="atlas-restore-window",
    title="The point-in-time window reaches far enough back",
    risk="A corruption noticed after the window can only be undone to the nearest snapshot.",
    fix="Set restoreWindowDays to 7 or more.",
    severity=Severity.MEDIUM,
    audit="5.2 RPO under 1 hour",
    cis="11.2",
    applies=PRODUCTION,
    reads={BACKUP_SCHEDULE: ("restoreWindowDays",)},
    shows=("restoreWindowDays",),
    options={"min_days": whole(7, 1, 366, "The days back to which any second can be restored, at least.")},
)
def window_is_wide(schedule: Resource, *, min_days: int) -> Iterator[Finding]:
    """Whether the schedule says so; the cluster's own switch is another rule's."""
    yield from each(schedule, "restoreWindowDays", at_least(min_days))
