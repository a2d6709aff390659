"""What the settings ask of AWS is made, and nothing else."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from components.recovery import Safeguards, SafeguardsArgs
from settings import Backups, LogExport, Recovery, SnapshotExport
from tests.components.database.deployments import database
from tests.components.deployments import deployment
from tests.components.mocks import Deployed, deploy
from tests.components.recovery.test_atlas_key import ANSWERS

SETUP = {"mongodbatlas:index/cloudProviderAccessSetup:CloudProviderAccessSetup": ANSWERS["key-access-setup"]}
EXPORT = {"backups": Backups(export=SnapshotExport(bucket="madebuy-snapshots"))}
LOGS = {"log_export": LogExport(bucket="madebuy-logs")}
NOTHING = {"customer_key": False, "backups": Backups(), "log_export": None}


def deploy_safeguards(**wishes: Any) -> Deployed:
    args = SafeguardsArgs(
        deployment=deployment(), settings=Recovery(), database=database(**(NOTHING | wishes)), project_id="project"
    )

    def program() -> None:
        safeguards = Safeguards("aws", args)
        pulumi.CustomResource("test:index:Cluster", "cluster", {"projectId": safeguards.project_id})

    return deploy(program, answers=SETUP)


@pytest.mark.parametrize(
    ("wishes", "made"),
    [
        ({"customer_key": True}, {"AtlasKey"}),
        (EXPORT, {"SnapshotExport"}),
        (LOGS, {"LogExport"}),
        ({"customer_key": True, **EXPORT, **LOGS}, {"AtlasKey", "SnapshotExport", "LogExport"}),
        ({}, set()),
    ],
)
def test_only_what_is_asked_for_is_made(wishes: dict[str, Any], made: set[str]) -> None:
    deployed = deploy_safeguards(**wishes)

    assert {kind for kind in ("AtlasKey", "SnapshotExport", "LogExport") if deployed.of_type(kind)} == made


def test_each_purpose_has_a_role_of_its_own() -> None:
    roles = deploy_safeguards(customer_key=True, **EXPORT, **LOGS).of_type("aws:iam/role:Role")

    assert {role.inputs["name"] for role in roles} == {
        "madebuy-production-atlas-key",
        "madebuy-production-atlas-export",
        "madebuy-production-atlas-logs",
    }


@pytest.mark.parametrize("with_key", [True, False])
def test_a_cluster_waits_for_the_key_where_there_is_one(with_key: bool) -> None:
    cluster = deploy_safeguards(customer_key=with_key)["cluster"]

    assert cluster.inputs["projectId"] == "project"
    assert ("aws-key-encryption" in cluster.depends_on) is with_key
