"""The buckets that Atlas writes to: closed, kept, and open to Atlas for writing alone."""

from __future__ import annotations

import json
from typing import Any

import pytest

from components.recovery import LogExport, LogExportArgs, SnapshotExport, SnapshotExportArgs
from settings import LogExport as LogSettings
from settings import Recovery
from settings import SnapshotExport as ExportSettings
from tests.components.deployments import deployment
from tests.components.mocks import Deployed, deploy
from tests.components.recovery.test_atlas_key import ANSWERS

BUCKETS = pytest.mark.parametrize("name", ["export", "logs"])
ARN = "arn:aws:s3:::madebuy"
SETUP = ANSWERS["key-access-setup"]
ANSWERS_OF = {
    f"{name}-storage-{role}": answer
    for name in ("export", "logs")
    for role, answer in {"access-setup": SETUP, "bucket": {"arn": ARN}, "access-role": {"arn": "arn:role"}}.items()
}


def deploy_export(*, production: bool = True) -> Deployed:
    settings = ExportSettings(bucket="madebuy-snapshots")
    args = SnapshotExportArgs(
        deployment=deployment(production=production), settings=settings, recovery=Recovery(), project_id="project"
    )
    answers = ANSWERS_OF | {"export-target": {"exportBucketId": "target"}}
    return deploy(lambda: SnapshotExport("export", args), answers=answers)


def deploy_logs(*, audited: bool = True, production: bool = True) -> Deployed:
    args = LogExportArgs(
        deployment=deployment(production=production),
        settings=LogSettings(bucket="madebuy-logs"),
        recovery=Recovery(),
        project_id="project",
        audited=audited,
    )
    return deploy(lambda: LogExport("logs", args), answers=ANSWERS_OF)


def deployed(name: str, *, production: bool = True) -> Deployed:
    return deploy_export(production=production) if name == "export" else deploy_logs(production=production)


def statements(document: str) -> list[dict[str, Any]]:
    return list(json.loads(document)["Statement"])


@BUCKETS
def test_no_door_of_a_bucket_is_public(name: str) -> None:
    door = deployed(name)[f"{name}-storage-public-access"].inputs

    assert {
        door[each] for each in ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    } == {True}


@BUCKETS
def test_nobody_comes_without_tls(name: str) -> None:
    (refusal,) = statements(deployed(name)[f"{name}-storage-policy"].inputs["policy"])

    assert (refusal["Effect"], refusal["Principal"]) == ("Deny", "*")
    assert refusal["Resource"] == [ARN, f"{ARN}/*"]
    assert refusal["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


@BUCKETS
def test_atlas_adds_objects_and_neither_reads_nor_deletes_them(name: str) -> None:
    allowed = statements(deployed(name)[f"{name}-storage-access-permission"].inputs["policy"])

    assert {(each["Action"], each["Resource"]) for each in allowed} == {
        ("s3:GetBucketLocation", ARN),
        ("s3:PutObject", f"{ARN}/*"),
    }


@BUCKETS
def test_a_bucket_is_encrypted_with_a_kms_key_and_versioned(name: str) -> None:
    of = deployed(name)
    (rule,) = of[f"{name}-storage-encryption"].inputs["rules"]

    assert rule["applyServerSideEncryptionByDefault"] == {"sseAlgorithm": "aws:kms"}
    assert of[f"{name}-storage-versioning"].inputs["versioningConfiguration"] == {"status": "Enabled"}


@BUCKETS
@pytest.mark.parametrize("production", [True, False])
def test_production_alone_protects_a_bucket(name: str, production: bool) -> None:
    assert deployed(name, production=production)[f"{name}-storage-bucket"].protect is production


@pytest.mark.parametrize(("name", "days"), [("export", 90), ("logs", 365)])
def test_objects_go_when_their_time_is_over(name: str, days: int) -> None:
    (rule,) = deployed(name)[f"{name}-storage-lifecycle"].inputs["rules"]

    assert rule["status"] == "Enabled"
    assert rule["expiration"] == {"days": days}


@BUCKETS
def test_neither_a_snapshot_nor_a_log_can_be_deleted_before_its_time(name: str) -> None:
    of = deployed(name)

    assert of[f"{name}-storage-bucket"].inputs["objectLockEnabled"] is True
    assert of[f"{name}-storage-lock"].inputs["rule"] == {"defaultRetention": {"mode": "GOVERNANCE", "days": 28}}
    assert f"{name}-storage-versioning" in of[f"{name}-storage-lock"].depends_on


def test_atlas_is_told_of_the_bucket_by_the_role_that_may_write_to_it() -> None:
    target = deploy_export()["export-target"].inputs

    assert (target["bucketName"], target["cloudProvider"], target["iamRoleId"]) == (
        "madebuy-snapshots",
        "AWS",
        "64b5f0c2a1d2e3f4a5b6c7d8",
    )
    assert deploy_export().outputs["export"]["export_bucket_id"] == "target"


@pytest.mark.parametrize(("audited", "types"), [(True, ["MONGOD", "MONGOD_AUDIT"]), (False, ["MONGOD"])])
def test_the_audit_log_goes_too_where_there_is_one(audited: bool, types: list[str]) -> None:
    integration = deploy_logs(audited=audited)["logs-integration"].inputs

    assert (integration["type"], integration["logTypes"]) == ("S3_LOG_EXPORT", types)


@pytest.mark.parametrize(("name", "first_use"), [("export", "export-target"), ("logs", "logs-integration")])
def test_the_first_use_of_a_new_role_is_retried(name: str, first_use: str) -> None:
    assert deployed(name)[first_use].error_hooks == (f"{name}-storage-access-wait-for-iam",)
