"""Atlas: how far back the data can be restored, and how much of it may be lost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from policies.atlas import PROVIDERS, dedicated_clusters, on_dedicated
from policies.checks import at_least, each, is_false, is_true, must, number
from policies.rule import NOWHERE, PRODUCTION, Severity, resource_rule, stack_rule, whole
from policies.tokens import ADVANCED_CLUSTER, ATLAS_PROJECT, BACKUP_COMPLIANCE_POLICY, BACKUP_SCHEDULE
from policies.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policies.model import Finding, Resource, Stack
    from policies.values import Value

_REGIONS: Final = "replicationSpecs[].regionConfigs[].regionName"
_WEEK: Final = 7
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
        yield from _retention(schedule, "policyItemDaily", min_days)
    for cluster in dedicated_clusters(stack):
        if not stack.companions(cluster, BACKUP_SCHEDULE, "clusterName", "name"):
            yield cluster.wants("has no CloudBackupSchedule, so Atlas's default applies and anyone may change it")


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


@resource_rule(
    id="atlas-backup-weekly-retention",
    title="A production schedule keeps weekly snapshots for four weeks",
    risk="A theft or an error that shows after two weeks finds no copy from before it.",
    fix="Add an item to policyItemWeeklies with retentionUnit weeks and retentionValue 4 or more.",
    severity=Severity.MEDIUM,
    audit="5.3 Phase 2: keep 4 weeks",
    cis="11.2",
    applies=PRODUCTION,
    reads={BACKUP_SCHEDULE: ("policyItemWeeklies[].retentionValue", "policyItemWeeklies[].retentionUnit")},
    options={"min_days": whole(28, 7, 3_650, "The days a weekly snapshot is kept, at least.")},
)
def weekly_snapshots_are_kept(schedule: Resource, *, min_days: int) -> Iterator[Finding]:
    """Every weekly item, and one at least."""
    yield from _retention(schedule, "policyItemWeeklies[]", min_days)


@resource_rule(
    id="atlas-backup-hourly",
    title="A production schedule takes snapshots during the day, kept as long as the point-in-time window",
    risk="Atlas restores to a second only from a snapshot it still has: without recent ones a restore takes hours.",
    fix="Set policyItemHourly with a retention not shorter than restoreWindowDays.",
    severity=Severity.MEDIUM,
    audit="5.2 RTO under 15 minutes, RPO under 1 hour",
    cis="11.2",
    applies=PRODUCTION,
    reads={
        BACKUP_SCHEDULE: (
            "policyItemHourly.retentionValue",
            "policyItemHourly.retentionUnit",
            "restoreWindowDays",
        )
    },
)
def snapshots_are_taken_by_day(schedule: Resource) -> Iterator[Finding]:
    """Compared with the schedule's own window."""
    window = schedule.value("restoreWindowDays")
    yield from _retention(schedule, "policyItemHourly", window if isinstance(window, int) else 1)


@stack_rule(
    id="atlas-backup-second-region",
    title="Where high availability is promised, snapshots and oplog are copied to a second region",
    risk="With the region that holds both cluster and backups, everything is gone.",
    fix="Add copySettings with a regionName that no cluster region has, shouldCopyOplogs true, and daily copies: "
    "copyPolicyItems with copyPolicyItemsEnabled true, or frequencies without it.",
    severity=Severity.HIGH,
    audit="5.3 Phase 3: multi-region backups",
    cis="11.4",
    reads={
        BACKUP_SCHEDULE: (
            "clusterName",
            "copyPolicyItemsEnabled",
            "copySettings[].regionName",
            "copySettings[].shouldCopyOplogs",
            "copySettings[].copyPolicyItems[].frequencyType",
            "copySettings[].copyPolicyItems[].retentionValue",
            "copySettings[].copyPolicyItems[].retentionUnit",
            "copySettings[].frequencies[]",
        ),
        ADVANCED_CLUSTER: ("name", _REGIONS, "pitEnabled", PROVIDERS),
    },
)
def backups_are_in_a_second_region(stack: Stack) -> Iterator[Finding]:
    """For each schedule of a cluster in the stack."""
    for cluster in dedicated_clusters(stack):
        if not cluster.environment.high_availability:
            continue
        regions = [region for _, region in cluster.values(_REGIONS)]
        for schedule in stack.companions(cluster, BACKUP_SCHEDULE, "clusterName", "name"):
            copies = [one for _, one in schedule.values("copySettings[]") if isinstance(one, dict)]
            elsewhere = [one for one in copies if one.get("regionName") not in (None, UNKNOWN, *regions)]
            if not elsewhere and any(one.get("regionName") is UNKNOWN for one in copies):
                yield schedule.cannot_tell("copySettings")
            elif not elsewhere:
                yield schedule.lacks("copySettings", "copies to no second region")
            elif not any(_copies_daily(one, schedule.value("copyPolicyItemsEnabled")) for one in elsewhere):
                yield schedule.lacks(
                    "copySettings", "copies no daily snapshots, or keeps the copies for less than a week"
                )
            elif cluster.value("pitEnabled") is True and not any(
                one.get("shouldCopyOplogs") is True for one in elsewhere
            ):
                yield schedule.lacks(
                    "copySettings", "is not known to copy an oplog, and no second can be restored there"
                )


def _copies_daily(copy: dict[str, Any], by_item: Value) -> bool:
    """The schedule's switch says which of the two lists Atlas reads."""
    listed = copy.get("copyPolicyItems" if by_item is True else "frequencies")
    found = listed if isinstance(listed, list) else []
    return any(_keeps_daily(one) if isinstance(one, dict) else str(one).lower() == "daily" for one in found)


def _keeps_daily(item: dict[str, Any]) -> bool:
    days = number(item.get("retentionValue")) * _DAYS.get(str(item.get("retentionUnit")), 0)
    return str(item.get("frequencyType")).lower() == "daily" and days >= _WEEK


resource_rule(
    id="atlas-keeps-copies",
    title="A copy in the second region outlives the setting that made it",
    risk="Whoever takes a copy setting out, by a slip or with a stolen session, deletes every copy it made.",
    fix="Remove deleteCopySnapshots, or set it to false; delete old copies by hand.",
    severity=Severity.HIGH,
    audit="5.3 Phase 3: multi-region backups",
    cis="11.3",
    applies=PRODUCTION,
    reads={BACKUP_SCHEDULE: ("deleteCopySnapshots",)},
    shows=("deleteCopySnapshots",),
)(must("deleteCopySnapshots", is_false, required=False))


@stack_rule(
    id="atlas-backup-compliance",
    title="A production project has a backup compliance policy that nobody can lower",
    risk="An administrator's stolen session deletes snapshots and schedule in one minute.",
    fix="Declare a BackupCompliancePolicy for the project, after reading that only MongoDB's support can undo it.",
    severity=Severity.LOW,
    mandatory=PRODUCTION,
    audit="Beyond the audit, and irreversible: asked only where a pack config says so",
    cis="11.3",
    applies=NOWHERE,
    reads={BACKUP_COMPLIANCE_POLICY: ("projectId",), ATLAS_PROJECT: ()},
)
def backups_are_compliant(stack: Stack) -> Iterator[Finding]:
    """Per project."""
    for project in stack.of(ATLAS_PROJECT):
        if not stack.companions(project, BACKUP_COMPLIANCE_POLICY, "projectId"):
            yield project.wants("has no BackupCompliancePolicy")


def _retention(schedule: Resource, item: str, min_days: int) -> Iterator[Finding]:
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
