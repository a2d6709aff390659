"""The backup schedule: what is kept, for how long, and where."""

from __future__ import annotations

from typing import Any

import pytest

from settings import Backups, CompliancePolicy, SnapshotExport
from tests.components.database.deployments import database, deploy_cluster


def schedule(backups: Backups | None = None) -> dict[str, Any]:
    return deploy_cluster(database(backups=backups or Backups()))["database-backups"].inputs


@pytest.mark.parametrize(
    ("item", "kept"),
    [
        ("policyItemHourly", {"frequencyInterval": 6, "retentionUnit": "days", "retentionValue": 7}),
        ("policyItemDaily", {"frequencyInterval": 1, "retentionUnit": "days", "retentionValue": 7}),
        ("policyItemWeeklies", [{"frequencyInterval": 6, "retentionUnit": "weeks", "retentionValue": 4}]),
        ("policyItemMonthlies", [{"frequencyInterval": 1, "retentionUnit": "months", "retentionValue": 12}]),
    ],
)
def test_snapshots_are_kept_as_long_as_the_settings_say(item: str, kept: object) -> None:
    assert schedule()[item] == kept


def test_any_second_of_the_last_week_can_be_restored() -> None:
    deployed = deploy_cluster()

    assert deployed["database-cluster"].inputs["pitEnabled"] is True
    assert deployed["database-backups"].inputs["restoreWindowDays"] == 7


def test_snapshots_are_taken_at_two_in_the_morning_in_sydney() -> None:
    assert (schedule()["referenceHourOfDay"], schedule()["referenceMinuteOfHour"]) == (16, 0)


def test_everything_is_copied_to_melbourne_with_the_oplog() -> None:
    (copy,) = schedule(Backups(copy_region="AP_SOUTHEAST_4"))["copySettings"]

    assert (copy["cloudProvider"], copy["regionName"], copy["zoneId"]) == ("AWS", "AP_SOUTHEAST_4", "zone-1")
    assert copy["shouldCopyOplogs"] is True
    assert {item["frequencyType"]: item["retentionValue"] for item in copy["copyPolicyItems"]} == {
        "hourly": 7,
        "daily": 7,
        "weekly": 4,
        "monthly": 12,
    }


def test_without_a_copy_region_the_one_way_switch_is_not_touched() -> None:
    assert {"copySettings", "copyPolicyItemsEnabled"}.isdisjoint(schedule(Backups(copy_region=None)))


EXPORT = SnapshotExport(bucket="madebuy-production-snapshots", frequency="monthly")


def test_snapshots_are_exported_where_the_settings_say() -> None:
    settings = database(backups=Backups(export=EXPORT))
    inputs = deploy_cluster(settings, export_bucket_id="bucket")["database-backups"].inputs

    assert inputs["autoExportEnabled"] is True
    assert inputs["export"] == {"exportBucketId": "bucket", "frequencyType": "monthly"}


def test_without_a_bucket_the_export_is_said_to_be_off() -> None:
    assert schedule()["autoExportEnabled"] is False
    assert "export" not in schedule()


POLICY = CompliancePolicy(
    irreversible=True,
    authorized_email="owner@madebuy.com.au",
    authorized_first_name="Ada",
    authorized_last_name="Lovelace",
)


def test_nothing_irreversible_is_made_unasked() -> None:
    assert deploy_cluster().of_type("BackupCompliancePolicy") == []
    assert schedule()["skipDestroy"] is False


def test_a_compliance_policy_holds_the_schedule_to_what_it_says_today() -> None:
    deployed = deploy_cluster(database(backups=Backups(compliance_policy=POLICY)), encryption="AWS")
    policy, plan = deployed["database-compliance"], deployed["database-backups"]

    assert policy.protect is True
    assert "database-backups" in policy.depends_on
    assert plan.inputs["skipDestroy"] is True
    for item in ("policyItemHourly", "policyItemDaily", "policyItemWeeklies", "policyItemMonthlies"):
        assert policy.inputs[item] == plan.inputs[item]
    for switch in ("pitEnabled", "copyProtectionEnabled", "encryptionAtRestEnabled"):
        assert policy.inputs[switch] is True
    assert policy.inputs["restoreWindowDays"] == 7
    assert policy.inputs["authorizedEmail"] == "owner@madebuy.com.au"
