"""The alerts: which there are, that they are on, and whom they reach."""

from __future__ import annotations

from typing import Any

import pytest

from components.database import Alerts, AlertsArgs
from settings import Database, Monitoring
from tests.components.database.deployments import PROJECT_ID, database, deployment, flex
from tests.components.mocks import deploy

PEOPLE = ("oncall@madebuy.com.au", "owner@madebuy.com.au")
MINIMUM = {
    "NO_PRIMARY",
    "HOST_DOWN",
    "TOO_MANY_ELECTIONS",
    "REPLICATION_OPLOG_WINDOW_RUNNING_OUT",
    "CPS_SNAPSHOT_FAILED",
    "CPS_SNAPSHOT_FALLBACK_FAILED",
    "CPS_SNAPSHOT_BEHIND",
    "CPS_RESTORE_SUCCESSFUL",
    "MAINTENANCE_IN_ADVANCED",
    "MAINTENANCE_STARTED",
    "MAINTENANCE_NO_LONGER_NEEDED",
    "OPLOG_SLAVE_LAG_MASTER_TIME",
    "RESTARTS_IN_LAST_HOUR",
    "NORMALIZED_SYSTEM_CPU_USER",
    "NORMALIZED_SYSTEM_CPU_STEAL",
    "SWAP_USAGE_USED",
    "EXTRA_INFO_PAGE_FAULTS",
    "GLOBAL_LOCK_CURRENT_QUEUE_READERS",
    "GLOBAL_LOCK_CURRENT_QUEUE_WRITERS",
    "DISK_PARTITION_READ_IOPS_DATA",
    "DISK_PARTITION_WRITE_IOPS_DATA",
    "DISK_PARTITION_READ_LATENCY_DATA",
    "DISK_PARTITION_WRITE_LATENCY_DATA",
    "DISK_PARTITION_SPACE_USED_DATA",
}


def alerts(of: Database | None = None, budget: int = 180) -> dict[str, dict[str, Any]]:
    args = AlertsArgs(
        deployment=deployment(),
        settings=Monitoring(emails=PEOPLE),
        database=of or database(),
        project_id=PROJECT_ID,
        monthly_budget_usd=budget,
    )
    registered = deploy(lambda: Alerts("alerts", args)).of_type("AlertConfiguration")
    return {each.name.removeprefix("alerts-"): each.inputs for each in registered}


def test_mongodbs_minimum_is_watched() -> None:
    watched = {each["eventType"] for each in alerts().values()}
    measured = {
        each["metricThresholdConfig"]["metricName"] for each in alerts().values() if "metricThresholdConfig" in each
    }

    assert watched | measured >= MINIMUM


def test_every_alert_is_on() -> None:
    assert all(each["enabled"] is True for each in alerts().values())


def test_every_alert_reaches_every_person() -> None:
    for each in alerts().values():
        assert [(n["typeName"], n["emailAddress"]) for n in each["notifications"]] == [("EMAIL", p) for p in PEOPLE]


def test_no_alert_asks_for_a_field_that_atlas_fills_in_itself_or_that_holds_a_secret() -> None:
    asked = {field for each in alerts().values() for notification in each["notifications"] for field in notification}

    assert asked == {"typeName", "emailAddress", "delayMin", "intervalMin"}
    assert not {field for each in alerts().values() for field in each} - {
        *("projectId", "eventType", "enabled", "notifications", "metricThresholdConfig", "thresholdConfig"),
    }


@pytest.mark.parametrize(("name", "minutes"), [("no-primary", 5), ("host-down", 15), ("disk-90", 0)])
def test_a_condition_lasts_as_long_as_mongodb_says_before_anybody_is_woken(name: str, minutes: int) -> None:
    assert {n["delayMin"] for n in alerts()[name]["notifications"]} == {minutes}


def test_a_metric_and_an_event_have_their_thresholds_where_atlas_looks_for_them() -> None:
    assert alerts()["replication-lag"]["metricThresholdConfig"] == {
        "metricName": "OPLOG_SLAVE_LAG_MASTER_TIME",
        "operator": "GREATER_THAN",
        "threshold": 240,
        "units": "SECONDS",
        "mode": "AVERAGE",
    }
    assert alerts()["oplog-window-day"]["thresholdConfig"] == {
        "operator": "LESS_THAN",
        "threshold": 24,
        "units": "HOURS",
    }
    assert not {"thresholdConfig", "metricThresholdConfig"} & set(alerts()["no-primary"])


def test_the_bill_is_watched_against_the_budget() -> None:
    assert alerts(budget=180)["invoice"]["thresholdConfig"]["threshold"] == 180
    assert alerts(budget=180)["daily-bill"]["thresholdConfig"]["threshold"] == 12


@pytest.mark.parametrize("with_key", [True, False])
def test_the_key_is_watched_where_there_is_one(with_key: bool) -> None:
    assert ("key-invalid" in alerts(database(customer_key=with_key))) is with_key


def test_flex_is_watched_by_its_own_metrics_alone() -> None:
    events = {each["eventType"] for each in alerts(flex()).values()}

    assert "OUTSIDE_FLEX_METRIC_THRESHOLD" in events
    assert not {"OUTSIDE_METRIC_THRESHOLD", "NO_PRIMARY", "CPS_SNAPSHOT_FAILED"} & events


def test_a_change_of_the_access_list_is_news_on_every_tier() -> None:
    assert "access-list-entry-added" in alerts()
    assert "access-list-entry-added" in alerts(flex())
