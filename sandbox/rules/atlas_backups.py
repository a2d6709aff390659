"""What Atlas refuses in backup schedules, compliance policies and snapshot exports."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.rules.atlas_clusters import cluster_state
from sandbox.rules.record import Ask, across, alone, members, part
from sandbox.vendors.atlas.api import CLUSTER, error, is_shared, token_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.cloud import Reader
    from sandbox.wire import Props

SCHEDULE, COMPLIANCE, EXPORT_BUCKET = (
    token_of(n) for n in ("CloudBackupSchedule", "BackupCompliancePolicy", "CloudBackupSnapshotExportBucket")
)
SOURCE = "TFA: docs/resources/cloud_backup_schedule.md"
BCP = "MD: backup/cloud-backup/backup-compliance-policy.txt"
ITEMS = ("policyItemHourly", "policyItemDaily", "policyItemWeeklies", "policyItemMonthlies", "policyItemYearlies")
DAYS = {"days": 1, "weeks": 7, "months": 31, "years": 366}
SHORTEST = {"policyItemWeeklies": 7, "policyItemMonthlies": 31, "policyItemYearlies": 365}
INTERVALS = {
    "policyItemHourly": frozenset({1, 2, 4, 6, 8, 12}),
    "policyItemDaily": frozenset({1}),
    "policyItemWeeklies": frozenset(range(1, 8)),
    "policyItemMonthlies": frozenset({*range(1, 29), 40}),
    "policyItemYearlies": frozenset(range(1, 13)),
}
FREQUENCY_ITEMS = dict(zip(("HOURLY", "DAILY", "WEEKLY", "MONTHLY", "YEARLY"), ITEMS, strict=True))


def _items(state: Props, name: str) -> list[Props]:
    found = state.get(name)
    return [i for i in (found if isinstance(found, list) else [found]) if isinstance(i, dict)]


def days_of(item: Props) -> int:
    """How long a policy item keeps its snapshots, in days."""
    unit, value = item.get("retentionUnit"), item.get("retentionValue")
    return DAYS.get(str(unit), 0) * value if isinstance(value, int) else 0


@alone(SCHEDULE, COMPLIANCE, source=SOURCE)
def snapshot_interval_is_one_of_its_kind(ask: Ask) -> Iterator[tuple[str, str]]:
    """Snapshots are taken every 1, 2, 4, 6, 8 or 12 hours, daily, on a weekday, a day of the month or a month."""
    for name in ITEMS:
        for item in _items(ask.props, name):
            interval = item.get("frequencyInterval")
            if isinstance(interval, int) and interval not in INTERVALS[name]:
                listed = " ".join(str(i) for i in sorted(INTERVALS[name]))
                yield f"{name}.frequencyInterval", f"Attribute frequencyInterval value must be one of: [{listed}]"


@alone(SCHEDULE, COMPLIANCE, source=SOURCE)
def snapshots_are_kept_long_enough(ask: Ask) -> Iterator[tuple[str, str]]:
    """Weekly snapshots are kept 7 days or more, monthly 31, yearly a year."""
    for name, shortest in SHORTEST.items():
        for item in _items(ask.props, name):
            if 0 < days_of(item) < shortest:
                yield f"{name}.retentionValue", f"retention must be at least {shortest} days"


@alone(SCHEDULE, COMPLIANCE, source=SOURCE)
def rarer_snapshots_are_kept_longer(ask: Ask) -> Iterator[tuple[str, str]]:
    """Less frequent snapshots are kept at least as long as more frequent ones."""
    longest, previous = 0, ""
    for name in ITEMS:
        kept = [days_of(item) for item in _items(ask.props, name) if days_of(item)]
        if kept and min(kept) < longest:
            yield name, f"retention must not be shorter than that of {previous}"
        if kept:
            longest, previous = max(longest, *kept), name


@alone(SCHEDULE, COMPLIANCE, source=f"{SOURCE}; {BCP}")
def window_is_within_hourly_snapshots(ask: Ask) -> Iterator[tuple[str, str]]:
    """The point in time window is not longer than hourly snapshots are kept."""
    hourly, window = _items(ask.props, "policyItemHourly"), ask.props.get("restoreWindowDays")
    if isinstance(window, int) and hourly and 0 < days_of(hourly[0]) < window:
        yield "restoreWindowDays", "the restore window must not be longer than the hourly retention"


@alone(SCHEDULE, source=SOURCE)
def copied_frequency_has_an_item(ask: Ask) -> Iterator[tuple[str, str]]:
    """A copied frequency is one that the schedule takes snapshots at."""
    for path, frequency in ask.each("copySettings[].frequencies[]"):
        item = FREQUENCY_ITEMS.get(frequency)
        if item is None and frequency != "ON_DEMAND":
            yield path, "no such snapshot frequency"
        elif item is not None and ask.props.get(item) is None:
            yield path, f"the schedule has no {item} to copy"


@alone(SCHEDULE, source=f"{SOURCE}; Admin API: DiskBackupCopySetting20240805")
def copy_says_what_and_from_where(ask: Ask) -> Iterator[tuple[str, str]]:
    """A copy has a zone, and `copyPolicyItems` where the schedule turns them on, else `frequencies`."""
    by_item = ask["copyPolicyItemsEnabled"] is True
    for path, copy in ask.each("copySettings[]"):
        if "zoneId" not in copy:
            yield f"{path}.zoneId", "a copy setting needs zone_id"
        if not by_item and copy.get("copyPolicyItems") is not None:
            yield f"{path}.copyPolicyItems", "allowed only when copy_policy_items_enabled is true"
        elif by_item and not any(copy.get(name) for name in ("copyPolicyItems", "lastNumberOfSnapshots")):
            yield f"{path}.copyPolicyItems", "needed when copy_policy_items_enabled is true"


@alone(SCHEDULE, source="pulumi_mongodbatlas 4.18.0, CloudBackupSchedule: delete_copy_snapshots, update_copy_snapshots")
def copies_are_changed_by_item(ask: Ask) -> Iterator[tuple[str, str]]:
    """Snapshots that were copied are deleted or kept longer only where `copyPolicyItemsEnabled` is on."""
    for name in ("deleteCopySnapshots", "updateCopySnapshots"):
        if ask[name] is True and ask["copyPolicyItemsEnabled"] is not True:
            yield name, "requires copy_policy_items_enabled to be true"


@alone(SCHEDULE, source=SOURCE)
def export_is_not_daily(ask: Ask) -> Iterator[tuple[str, str]]:
    """Exports are weekly, monthly or yearly; daily ones are made by Support only."""
    kind = part(ask.props, "export").get("frequencyType")
    if kind is not None and kind not in ("weekly", "monthly", "yearly"):
        yield "export.frequencyType", "must be one of: [weekly monthly yearly]; daily exports need MongoDB Support"
    if ask["autoExportEnabled"] is True and ask["export"] is None:
        yield "export", "auto_export_enabled needs export"


def _schedule_error(ask: Ask, code: str, message: str, status: str = "400 Bad Request") -> str:
    path = f"groups/{ask['projectId']}/clusters/{ask['clusterName']}/backup/schedule"
    return error("PATCH", path, status, code, message)


@across(SCHEDULE, token_of("CloudBackupSnapshot"), source=f"{SOURCE}; M10 and up")
def backup_is_of_a_dedicated_cluster(ask: Ask, cloud: Reader) -> Iterator[str]:
    """The cluster of a schedule or snapshot exists, is M10 or larger, and has backup on."""
    cluster = cluster_state(cloud, ask["projectId"], ask["clusterName"])
    if cluster is None:
        message = f"No cluster named {ask['clusterName']} exists in group {ask['projectId']}."
        yield _schedule_error(ask, "CLUSTER_NOT_FOUND", message, "404 Not Found")
    elif is_shared(cluster):
        yield _schedule_error(ask, "CLUSTER_NOT_SUPPORTED", "M0 and Flex clusters have no backup schedule.")
    elif cluster.get("backupEnabled") is False:
        yield _schedule_error(ask, "BACKUPS_NOT_ENABLED", "Cloud backup is not enabled for the cluster.")


@across(SCHEDULE, source=f"{SOURCE}, copy_settings")
def copies_go_to_another_region(ask: Ask, cloud: Reader) -> Iterator[str]:
    """Snapshot copies name a zone of the cluster and a region other than its own; oplogs need PIT."""
    cluster = cluster_state(cloud, ask["projectId"], ask["clusterName"])
    specs = members(cluster, "replicationSpecs")
    regions = {part(region).get("regionName") for spec in specs for region in members(spec, "regionConfigs")}
    for _, copy in ask.each("copySettings[]") if cluster else ():
        if isinstance(copy.get("zoneId"), str) and copy["zoneId"] not in {part(spec).get("zoneId") for spec in specs}:
            yield _schedule_error(ask, "INVALID_ZONE_ID", "The zone is not one of the cluster's.")
        if copy.get("regionName") in regions:
            yield _schedule_error(ask, "COPY_REGION_IS_CLUSTER_REGION", "Copies go to a region the cluster is not in.")
        if copy.get("shouldCopyOplogs") is True and part(cluster).get("pitEnabled") is False:
            yield _schedule_error(ask, "PIT_NOT_ENABLED", "Oplogs can be copied only with continuous cloud backup.")


@across(SCHEDULE, source=SOURCE)
def export_bucket_exists(ask: Ask, cloud: Reader) -> Iterator[str]:
    """A schedule exports to a bucket that the project has set up."""
    for _, id_ in ask.each("export.exportBucketId"):
        if id_ and not cloud.exists(EXPORT_BUCKET, id_):
            yield _schedule_error(ask, "EXPORT_BUCKET_NOT_FOUND", f"No export bucket with ID {id_}.", "404 Not Found")


@across(SCHEDULE, source="pulumi_mongodbatlas 4.18.0, CloudBackupSchedule: copy_policy_items_enabled is one-way")
def copy_policy_items_stay_on(ask: Ask, _: Reader) -> Iterator[str]:
    """`copyPolicyItemsEnabled` cannot be switched off again."""
    if (
        ask.old is not None
        and ask.old.get("copyPolicyItemsEnabled") is True
        and ask["copyPolicyItemsEnabled"] is not True
    ):
        yield _schedule_error(ask, "CANNOT_DISABLE_COPY_POLICY_ITEMS", "Copy policy items cannot be disabled.")


@across(SCHEDULE, source=BCP)
def schedule_meets_the_compliance_policy(ask: Ask, cloud: Reader) -> Iterator[str]:
    """A schedule keeps what the project's compliance policy asks for."""
    policy = next(iter(cloud.all(COMPLIANCE, ask["projectId"])), None)
    if policy is not None and _weaker(ask.props, policy.state):
        code = "BACKUP_POLICIES_NOT_MEETING_BACKUP_COMPLIANCE_POLICY_REQUIREMENTS"
        yield _schedule_error(ask, code, "The backup policy does not meet the backup compliance policy.")


def _weaker(state: Props, policy: Props) -> bool:
    """Whether one policy lacks an item of another, or keeps it for a shorter time, or has a shorter window."""
    for name in ITEMS:
        needed = [days_of(item) for item in _items(policy, name)]
        kept = [days_of(item) for item in _items(state, name)]
        if needed and max(kept, default=0) < max(needed):
            return True
    window, needed_window = state.get("restoreWindowDays"), policy.get("restoreWindowDays")
    return isinstance(window, int) and isinstance(needed_window, int) and window < needed_window


@across(COMPLIANCE, source=BCP)
def compliance_policy_is_never_lowered(ask: Ask, _: Reader) -> Iterator[str]:
    """A compliance policy's retention, window and promises can be raised, not lowered."""
    if ask.old is None:
        return
    dropped = [
        n
        for n in ("copyProtectionEnabled", "encryptionAtRestEnabled", "pitEnabled")
        if ask.old.get(n) and ask.props.get(n) is False
    ]
    if dropped or _weaker(ask.props, ask.old):
        path = f"groups/{ask['projectId']}/backupCompliancePolicy"
        message = "A backup compliance policy cannot be made less strict without MongoDB Support."
        yield error("PUT", path, "400 Bad Request", "CANNOT_DECREASE_BACKUP_COMPLIANCE_POLICY", message)


@across(COMPLIANCE, source="TFA: docs/resources/backup_compliance_policy.md: only for M10 and up")
def compliance_policy_is_for_dedicated_clusters(ask: Ask, cloud: Reader) -> Iterator[str]:
    """A compliance policy is for projects whose clusters are M10 or larger."""
    if any(is_shared(cluster.state) for cluster in cloud.all(CLUSTER, ask["projectId"])):
        path = f"groups/{ask['projectId']}/backupCompliancePolicy"
        message = "A backup compliance policy is only supported for M10+ clusters."
        yield error("PUT", path, "400 Bad Request", "BACKUP_COMPLIANCE_POLICY_NOT_SUPPORTED", message)
