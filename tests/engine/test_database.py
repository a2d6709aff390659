"""What happens to the database in its life, on the real engine: scaled, upgraded, tampered with, rotated.

The program is the database's part of the shipped one, on the shipped stack files: a whole stack for each of these would
say no more, and take ten times as long.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from sandbox.cloud import Cloud, Thing
from tests.engine.running import PACK, ROOT, Run, World

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.engine

PROGRAM = f"""
import sys

sys.path.insert(0, {str(ROOT)!r})
import pulumi
from pulumi.runtime import get_config_env, get_config_secret_keys_env

from components.base import Deployment
from components.database import Alerts, AlertsArgs, Cluster, ClusterArgs, Project, ProjectArgs
from components.recovery import Safeguards, SafeguardsArgs
from settings import load
from settings.rotation import DATABASE_USERS

stack = load(pulumi.get_stack(), get_config_env(), secret_keys=get_config_secret_keys_env())
of, database = Deployment.of(stack), stack.database
project = Project("atlas", ProjectArgs(deployment=of, settings=database))
safeguards = Safeguards(
    "safeguards",
    SafeguardsArgs(deployment=of, settings=stack.recovery, database=database, project_id=project.project_id),
)
cluster = Cluster(
    "database",
    ClusterArgs(
        deployment=of, settings=database, users=stack.secrets.pair(DATABASE_USERS), project_id=safeguards.project_id,
        encryption=safeguards.encryption, export_bucket_id=safeguards.export_bucket_id,
    ),
)
Alerts(
    "alerts",
    AlertsArgs(
        deployment=of, settings=stack.monitoring, database=database, project_id=project.project_id,
        monthly_budget_usd=stack.profile.promises.monthly_budget_usd,
    ),
)
pulumi.export("users", cluster.users)
pulumi.export("connection_strings", cluster.connection_strings)
"""


@dataclass(frozen=True)
class Database:
    """One stack's database in a sandbox of its own."""

    world: World
    stack: str

    def says(self, key: str, word: str | None = None, **changes: Any) -> None:
        """Change one key of the stack file: the whole of it, or some of its fields."""
        path = self.world.project / f"Pulumi.{self.stack}.yaml"
        document = yaml.safe_load(path.read_text())
        document["config"][key] = word or document["config"].get(key, {}) | changes
        path.write_text(yaml.safe_dump(document))

    def pulumi(self, *arguments: str) -> Run:
        return self.world.pulumi(self.stack, *arguments)

    def up(self, *arguments: str) -> Run:
        run = self.pulumi("up", "--yes", "--skip-preview", *arguments)
        assert run.code == 0, run.text
        return run

    def unchanged(self) -> bool:
        run = self.pulumi("preview", "--refresh", "--expect-no-changes")
        return run.code == 0

    def outputs(self) -> dict[str, Any]:
        run = self.pulumi("stack", "output", "--json", "--show-secrets")
        return dict(json.loads(run.text[run.text.index("{") :]))

    def cloud(self) -> Cloud:
        """The vendors' own database, to look behind Pulumi's back or to act there."""
        return Cloud(self.world.home / "cloud.db")

    def things(self, class_name: str) -> list[Thing]:
        cloud = self.cloud()
        try:
            return [each for each in cloud.everything() if each.type.endswith(f":{class_name}")]
        finally:
            cloud.close()


def database(folder: Path, stack: str) -> Database:
    project = folder / "program"
    project.mkdir()
    (project / ".venv").symlink_to(ROOT / ".venv")
    (project / "__main__.py").write_text(PROGRAM)
    for name in ("Pulumi.yaml", f"Pulumi.{stack}.yaml"):
        (project / name).write_text((ROOT / name).read_text())
    return Database(World(folder / "home", project), stack)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Run]:
    """Production's database, made once, and what the CLI said to it."""
    folder = tmp_path_factory.mktemp("production")
    return folder, database(folder, "prod").up()


@pytest.fixture
def production(template: tuple[Path, Run], tmp_path: Path) -> Database:
    """The same, for one test to change."""
    shutil.copytree(template[0], tmp_path / "copy", symlinks=True)
    return Database(World(tmp_path / "copy" / "home", tmp_path / "copy" / "program"), "prod")


@pytest.mark.parametrize(
    ("stack", "profile"),
    [("staging", "hardened"), ("staging", "high-availability"), ("prod", "minimal"), ("prod", "hardened")],
)
def test_a_profile_that_is_not_the_shipped_one_deploys_and_then_is_unchanged(
    tmp_path: Path, stack: str, profile: str
) -> None:
    made = database(tmp_path, stack)
    made.says("madebuy:profile", profile)

    made.up()

    assert made.unchanged()


def test_a_role_that_aws_does_not_know_yet_is_waited_for(template: tuple[Path, Run], production: Database) -> None:
    (encryption,) = production.things("EncryptionAtRest")

    assert "retrying create due to on-error hook" in template[1].text
    assert encryption.state["awsKmsConfig"]["enabled"] is True


def test_flex_becomes_m10_in_two_runs_keeps_its_address_and_then_takes_a_larger_profile(tmp_path: Path) -> None:
    made = database(tmp_path, "staging")
    made.up()
    before = made.outputs()["connection_strings"]
    made.says("madebuy:database", tier="M10", backups={})

    made.up()  # the upgrade alone
    made.up()  # what Flex could not have
    assert made.unchanged()
    made.says("madebuy:profile", "hardened")
    made.up()

    assert made.unchanged()
    assert made.outputs()["connection_strings"] == before
    (cluster,) = made.things("AdvancedCluster")
    assert (cluster.state["pitEnabled"], cluster.state["encryptionAtRestProvider"]) == (True, "AWS")
    assert cluster.state["advancedConfiguration"]["minimumEnabledTlsProtocol"] == "TLS1_2"


def test_a_deleted_access_list_entry_comes_back(production: Database) -> None:
    entries = production.things("ProjectIpAccessList")
    cloud = production.cloud()
    cloud.remove(entries[0])
    cloud.close()

    assert not production.unchanged()
    assert production.pulumi("up", "--yes", "--skip-preview", "--refresh").code == 0

    assert {each.key for each in production.things("ProjectIpAccessList")} == {each.key for each in entries}


def test_a_cluster_that_atlas_scaled_to_m20_is_no_drift(production: Database) -> None:
    (cluster,) = production.things("AdvancedCluster")
    size = "replicationSpecs[0].regionConfigs[0].electableSpecs.instanceSize"
    assert production.world.sandbox("set", "AdvancedCluster", cluster.key, f"{size}=M20").code == 0

    assert production.unchanged()
    assert production.pulumi("up", "--yes", "--refresh", "--expect-no-changes").code == 0


def test_a_cluster_that_a_person_made_smaller_is_drift(production: Database) -> None:
    (cluster,) = production.things("AdvancedCluster")
    nodes = "replicationSpecs[0].regionConfigs[0].electableSpecs.nodeCount"
    assert production.world.sandbox("set", "AdvancedCluster", cluster.key, f"{nodes}=5").code == 0

    assert not production.unchanged()


FIRST, SECOND = {"generation": 1, "started": "2026-11-01"}, {"generation": 2, "started": "2027-02-01"}


def test_a_rotation_hands_out_the_other_user_while_the_first_still_works(production: Database) -> None:
    before, first = passwords(production), production.outputs()
    production.says("madebuy:secrets", rotation={"database-users": [FIRST, SECOND]})

    production.up()

    second = production.outputs()
    assert first["users"] == {client: f"{client}-a" for client in ("web", "admin", "backup")}
    assert second["users"] == {client: f"{client}-b" for client in ("web", "admin", "backup")}
    assert first["connection_strings"] != second["connection_strings"]
    assert changed(before, passwords(production)) == {"web-b", "admin-b", "backup-b"}
    assert production.unchanged()


def test_a_retired_user_gets_a_password_that_nobody_knows_and_the_other_keeps_its_own(production: Database) -> None:
    production.says("madebuy:secrets", rotation={"database-users": [FIRST, SECOND]})
    production.up()
    before = passwords(production)
    production.says("madebuy:secrets", rotation={"database-users": [SECOND]})

    production.up()

    after, handed_out = passwords(production), json.dumps(production.outputs())
    assert changed(before, after) == {"web-a", "admin-a", "backup-a"}
    assert not any(after[user] in handed_out for user in ("web-a", "admin-a", "backup-a"))


POLICY = {
    "irreversible": True,
    "authorized_email": "owner@madebuy.com.au",
    "authorized_first_name": "Ada",
    "authorized_last_name": "Lovelace",
}
EVERYTHING: dict[str, Any] = {
    "backups": {"export": {"bucket": "madebuy-production-snapshots"}, "compliance_policy": POLICY},
    "log_export": {"bucket": "madebuy-production-atlas-logs"},
    "private_endpoint": {
        "vpc_id": "vpc-0a1b2c3d4e5f60718",
        "subnet_ids": ["subnet-0a1b2c3d4e5f60718"],
        "security_group_ids": ["sg-0a1b2c3d4e5f60718"],
    },
    "read_only_nodes": 1,
    "analytics_nodes": 1,
}
"""What production's stack file leaves out."""


@pytest.fixture(scope="module")
def everything(tmp_path_factory: pytest.TempPathFactory) -> Database:
    """Production's database with every option from its first day, and the key beside the copies; the pack allows it."""
    folder = tmp_path_factory.mktemp("everything")
    made = database(folder, "prod")
    made.says("madebuy:database", **EVERYTHING)
    made.says("madebuy:recovery", region="ap-southeast-4")
    made.says("aws:region", "ap-southeast-4")
    dearer = folder / "pack.json"
    dearer.write_text('{"stack-budget": {"maxUsd": 400}}')
    made.up(*PACK, "--policy-pack-config", str(dearer))
    return made


def test_everything_switched_on_from_the_start_is_unchanged(everything: Database) -> None:
    assert everything.unchanged()


def test_everything_switched_on_later_deploys_and_then_is_unchanged(production: Database) -> None:
    production.says("madebuy:database", **EVERYTHING)

    production.up()

    assert production.unchanged()


def test_snapshots_are_exported_to_the_bucket_that_was_made_for_them(everything: Database) -> None:
    (schedule,), (target,) = (
        everything.things("CloudBackupSchedule"),
        everything.things("CloudBackupSnapshotExportBucket"),
    )

    assert target.state["bucketName"] == "madebuy-production-snapshots"
    assert schedule.state["export"]["exportBucketId"] == target.state["exportBucketId"]


def test_logs_and_the_audit_log_go_to_their_bucket_with_a_role_of_their_own(everything: Database) -> None:
    (logs,), (target,) = everything.things("LogIntegration"), everything.things("CloudBackupSnapshotExportBucket")

    assert (logs.state["bucketName"], logs.state["logTypes"]) == (
        "madebuy-production-atlas-logs",
        ["MONGOD", "MONGOD_AUDIT"],
    )
    assert logs.state["iamRoleId"] in {each.id for each in everything.things("CloudProviderAccessSetup")}
    assert logs.state["iamRoleId"] != target.state["iamRoleId"]


def test_the_private_way_joins_the_vpcs_endpoint_to_atlas_service(everything: Database) -> None:
    (link,), (joined,) = everything.things("PrivateLinkEndpoint"), everything.things("PrivateLinkEndpointService")
    (endpoint,) = everything.things("VpcEndpoint")

    assert endpoint.state["serviceName"] == link.state["endpointServiceName"]
    assert (joined.state["privateLinkId"], joined.state["endpointServiceId"]) == (link.id, endpoint.id)


def test_the_key_can_be_where_the_copies_are(everything: Database) -> None:
    (encryption,), (schedule,) = everything.things("EncryptionAtRest"), everything.things("CloudBackupSchedule")

    assert encryption.state["awsKmsConfig"]["region"] == schedule.state["copySettings"][0]["regionName"]


def passwords(made: Database) -> dict[str, str]:
    """Each database user's password at Atlas, by user name."""
    return {each.state["username"]: each.state["password"] for each in made.things("DatabaseUser")}


def changed(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {user for user in after if after[user] != before[user]}
