"""The backup schedule: what is kept, for how long, and where."""

from __future__ import annotations

from typing import Any

import pytest

from settings import Backups
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
