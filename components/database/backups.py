"""When Atlas takes snapshots and how long it keeps them: settings in, the arguments of a backup schedule out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi_mongodbatlas as mongodbatlas

if TYPE_CHECKING:
    import pulumi

    from settings import Backups

SNAPSHOT_HOUR_UTC = 16
"""02:00 in Sydney (03:00 in summer): the audit's hour (5.3), when the fewest shops are open."""

SATURDAY = 6
"""Atlas counts weekdays from Monday = 1, in UTC; 16:00 UTC on Saturday is the audit's Sunday, 2 AM, in Sydney."""

FIRST_OF_MONTH = 1


def backup_schedule(
    backups: Backups, cluster: mongodbatlas.AdvancedCluster, export_bucket_id: pulumi.Input[str] | None
) -> mongodbatlas.CloudBackupScheduleArgs:
    """The whole schedule of one cluster. An item that is not listed here is removed from Atlas's default schedule.

    `export_bucket_id` is where snapshots are exported to, when the settings ask for it.
    """
    return mongodbatlas.CloudBackupScheduleArgs(
        project_id=cluster.project_id,
        cluster_name=cluster.name,
        reference_hour_of_day=SNAPSHOT_HOUR_UTC,
        reference_minute_of_hour=0,
        restore_window_days=backups.point_in_time_days,
        policy_item_hourly=mongodbatlas.CloudBackupSchedulePolicyItemHourlyArgs(
            frequency_interval=backups.hourly_interval, retention_unit="days", retention_value=backups.hourly_days
        ),
        policy_item_daily=mongodbatlas.CloudBackupSchedulePolicyItemDailyArgs(
            frequency_interval=1, retention_unit="days", retention_value=backups.daily_days
        ),
        policy_item_weeklies=[
            mongodbatlas.CloudBackupSchedulePolicyItemWeeklyArgs(
                frequency_interval=SATURDAY, retention_unit="weeks", retention_value=backups.weekly_weeks
            )
        ],
        policy_item_monthlies=[
            mongodbatlas.CloudBackupSchedulePolicyItemMonthlyArgs(
                frequency_interval=FIRST_OF_MONTH, retention_unit="months", retention_value=backups.monthly_months
            )
        ],
        # Under a compliance policy Atlas refuses to end a schedule; it then stays behind with the project.
        skip_destroy=backups.compliance_policy is not None,
        # Said also when it is off: left out, Atlas goes on exporting.
        auto_export_enabled=export_bucket_id is not None,
        export=mongodbatlas.CloudBackupScheduleExportArgs(
            export_bucket_id=export_bucket_id, frequency_type=backups.export.frequency
        )
        if backups.export and export_bucket_id is not None
        else None,
        # The form that follows the deprecated `frequencies`. Atlas can't switch it off again; nothing here wants to.
        copy_policy_items_enabled=True if backups.copy_region else None,
        copy_settings=[_copies_to(backups.copy_region, backups, cluster)] if backups.copy_region else None,
    )


def _copies_to(
    region: str, backups: Backups, cluster: mongodbatlas.AdvancedCluster
) -> mongodbatlas.CloudBackupScheduleCopySettingArgs:
    """Every snapshot and the oplog again in a second region, kept as long, so that a lost region costs no history."""
    kept = [
        ("hourly", "days", backups.hourly_days),
        ("daily", "days", backups.daily_days),
        ("weekly", "weeks", backups.weekly_weeks),
        ("monthly", "months", backups.monthly_months),
    ]
    return mongodbatlas.CloudBackupScheduleCopySettingArgs(
        cloud_provider="AWS",
        region_name=region,
        zone_id=cluster.replication_specs.apply(lambda specs: specs[0].zone_id),
        # What the cluster has, not what it was asked for: an upgrade from Flex leaves PITR to the next `up`.
        should_copy_oplogs=cluster.pit_enabled,
        copy_policy_items=[
            mongodbatlas.CloudBackupScheduleCopySettingCopyPolicyItemArgs(
                frequency_type=frequency, retention_unit=unit, retention_value=value
            )
            for frequency, unit, value in kept
        ],
    )
