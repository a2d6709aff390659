"""What a stack file may ask of the database beyond its defaults, and which pairs of wishes Atlas or S3 refuses."""

from typing import Any

import pytest

from settings import Backups
from tests.settings.stack_files import loaded, refusal, rejects

EXPORT = {"bucket": "madebuy-production-snapshots"}
LOGS = {"bucket": "madebuy-production-atlas-logs"}
ENDPOINT = {
    "vpc_id": "vpc-0a1b2c3d4e5f60718",
    "subnet_ids": ["subnet-0a1b2c3d4e5f60718"],
    "security_group_ids": ["sg-0a1b2c3d4e5f60718"],
}
POLICY = {
    "irreversible": True,
    "authorized_email": "owner@madebuy.com.au",
    "authorized_first_name": "Ada",
    "authorized_last_name": "Lovelace",
}


@pytest.mark.parametrize(
    ("field", "asked", "off"),
    [
        ("read_only_nodes", 1, "0"),
        ("analytics_nodes", 1, "0"),
        ("log_export", LOGS, "null"),
        ("private_endpoint", ENDPOINT, "null"),
    ],
)
def test_rejects_on_flex_what_only_a_dedicated_cluster_has(field: str, asked: Any, off: str) -> None:
    rejects(
        {f"madebuy:database.{field}": asked},
        stack="staging",
        at=f"madebuy:database.{field}",
        says=f"Write tier: M10, or {field}: {off}",
    )


LOCKED_TOO_LONG = {"lock_days": 60, "keep_days": 30}


@pytest.mark.parametrize(
    ("place", "wish", "at"),
    [
        ("madebuy:database.backups", {"export": EXPORT | LOCKED_TOO_LONG}, ".export.keep_days"),
        ("madebuy:database.log_export", LOGS | LOCKED_TOO_LONG, ".keep_days"),
    ],
)
def test_rejects_what_is_deleted_while_it_is_locked(place: str, wish: dict[str, Any], at: str) -> None:
    rejects({place: wish}, at=f"{place}{at}", says="Write 60 or more")


def test_rejects_logs_in_the_bucket_of_the_snapshots() -> None:
    changes = {"madebuy:database.backups": {"export": EXPORT}, "madebuy:database.log_export": EXPORT}
    rejects(changes, at="madebuy:database.log_export", says="Write another bucket")


@pytest.mark.parametrize("bucket", ["madebuy.snapshots", "Madebuy", "ab", "-madebuy", "a" * 64])
def test_rejects_what_is_no_s3_bucket_name(bucket: str) -> None:
    rejects(
        {"madebuy:database.log_export": {"bucket": bucket}},
        at="madebuy:database.log_export.bucket",
        says="this is not an S3 bucket name",
    )


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("vpc_id", "subnet-0a1b2c3d4e5f60718", "a VPC's id"),
        ("subnet_ids", ["vpc-0a1b2c3d4e5f60718"], "a subnet's id"),
        ("security_group_ids", ["sg-xyz"], "a security group's id"),
    ],
)
def test_rejects_what_is_no_id_of_a_network_in_aws(field: str, value: Any, says: str) -> None:
    error = refusal("prod", {"madebuy:database.private_endpoint": ENDPOINT | {field: value}})

    assert f"madebuy:database.private_endpoint.{field}" in str(error)
    assert says in str(error)


@pytest.mark.parametrize("field", ["subnet_ids", "security_group_ids"])
def test_rejects_a_private_endpoint_that_nothing_can_reach(field: str) -> None:
    rejects(
        {"madebuy:database.private_endpoint": ENDPOINT | {field: []}},
        at=f"madebuy:database.private_endpoint.{field}",
        says="at least 1 is needed",
    )


@pytest.mark.parametrize("wish", [{}, {"irreversible": False}])
def test_rejects_a_compliance_policy_that_nobody_has_called_irreversible(wish: dict[str, bool]) -> None:
    policy = {key: value for key, value in POLICY.items() if key != "irreversible"} | wish
    error = refusal("prod", {"madebuy:database.backups": {"compliance_policy": policy}})

    assert "madebuy:database.backups.compliance_policy.irreversible" in str(error)


def test_rejects_a_compliance_policy_outside_production() -> None:
    dedicated = {"tier": "M10", "backups": {"compliance_policy": POLICY}}
    rejects(
        {f"madebuy:database.{field}": value for field, value in dedicated.items()},
        stack="staging",
        at="madebuy:database.backups.compliance_policy",
        says="can't be undone, and staging must be able to end",
    )


def test_production_may_have_a_compliance_policy_and_an_export() -> None:
    wish = {"madebuy:database.backups": {"compliance_policy": POLICY, "export": EXPORT}}
    backups = loaded("prod", wish).database.backups

    assert backups is not None
    assert backups.compliance_policy is not None
    assert backups.export is not None
    assert backups.point_in_time_days == 7  # what the profile says stays


def test_a_snapshot_of_every_frequency_is_kept_by_default_as_long_as_the_audit_asks() -> None:
    kept = Backups()

    assert (kept.daily_days, kept.point_in_time_days, kept.weekly_weeks, kept.monthly_months) == (7, 7, 4, 12)


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("tier", "M0", 'Write one of: "FLEX", "M10"'),
        ("tier", "M2", 'Write one of: "FLEX", "M10"'),
        ("max_tier", "M5", 'Write one of: "FLEX", "M10"'),
        ("node_count", 0, "Write one of: 3, 5, 7"),
        ("mongodb_version", "CONTINUOUS", 'Write one of: "7.0", "8.0"'),
        ("shard_count", 2, "there is no such setting"),
        ("disk_size_gb", 40, "there is no such setting"),
    ],
)
def test_rejects_what_mongodbs_own_modules_reject_or_no_replica_set_has(field: str, value: Any, says: str) -> None:
    error = refusal("prod", {f"madebuy:database.{field}": value})

    assert f"madebuy:database.{field}: " in str(error)
    assert says in str(error)
