"""The policy that nobody can take back: settings in, the arguments of a backup compliance policy out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi_mongodbatlas as mongodbatlas

from components.database.backups import FIRST_OF_MONTH, SATURDAY

if TYPE_CHECKING:
    import pulumi

    from settings import Backups, CompliancePolicy


def compliance_policy(
    policy: CompliancePolicy, backups: Backups, project_id: pulumi.Input[str], *, encrypted: bool
) -> mongodbatlas.BackupCompliancePolicyArgs:
    """What the schedule says today, as the least that it may ever say again."""
    return mongodbatlas.BackupCompliancePolicyArgs(
        project_id=project_id,
        authorized_email=policy.authorized_email,
        authorized_user_first_name=policy.authorized_first_name,
        authorized_user_last_name=policy.authorized_last_name,
        copy_protection_enabled=backups.copy_region is not None,
        encryption_at_rest_enabled=encrypted,
        pit_enabled=backups.point_in_time_days is not None,
        restore_window_days=backups.point_in_time_days,
        policy_item_hourly=mongodbatlas.BackupCompliancePolicyPolicyItemHourlyArgs(
            frequency_interval=backups.hourly_interval, retention_unit="days", retention_value=backups.hourly_days
        ),
        policy_item_daily=mongodbatlas.BackupCompliancePolicyPolicyItemDailyArgs(
            frequency_interval=1, retention_unit="days", retention_value=backups.daily_days
        ),
        policy_item_weeklies=[
            mongodbatlas.BackupCompliancePolicyPolicyItemWeeklyArgs(
                frequency_interval=SATURDAY, retention_unit="weeks", retention_value=backups.weekly_weeks
            )
        ],
        policy_item_monthlies=[
            mongodbatlas.BackupCompliancePolicyPolicyItemMonthlyArgs(
                frequency_interval=FIRST_OF_MONTH, retention_unit="months", retention_value=backups.monthly_months
            )
        ],
    )
