"""What MadeBuy had before: every role taken over as it is, and nothing deleted by a name that is given twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.engine.running import World, copied_program
from tests.engine.test_replacement import vendors

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.engine

ACCOUNT = "0" * 31 + "1"
BY_HAND = f"""
import pulumi_aws as aws
import pulumi_cloudflare as cloudflare
import pulumi_mongodbatlas as mongodbatlas
import pulumiverse_doppler as doppler
import upstash_pulumi as upstash

cloudflare.Zone("zone", account=cloudflare.ZoneAccountArgs(id="{ACCOUNT}"), name="madebuy.com.au")
cloudflare.R2Bucket("media-bucket", account_id="{ACCOUNT}", name="madebuy-media")
cloudflare.R2Bucket("backup-bucket", account_id="{ACCOUNT}", name="madebuy-backups", location="apac")
project = mongodbatlas.Project("atlas-project", org_id="{"0" * 23 + "1"}", name="madebuy-production")
node = {{"instance_size": "M10", "node_count": 3}}
region = {{"provider_name": "AWS", "region_name": "AP_SOUTHEAST_2", "priority": 7, "electable_specs": node}}
mongodbatlas.AdvancedCluster(
    "cluster", project_id=project.id, name="madebuy", cluster_type="REPLICASET",
    replication_specs=[{{"region_configs": [region]}}],
)
upstash.RedisDatabase(
    "redis", database_name="madebuy-production", region="global", primary_region="ap-southeast-2", tls=True,
    eviction=True,
)
doppler.Project("doppler-project", name="madebuy-production", description="by hand")
aws.kms.Key("kms-key", description="by hand")
"""
"""Each role's object, in its role's name, as somebody may have made it: not as the program would."""
ROLES = {
    "zone": "edge-zone-zone", "media-bucket": "media-bucket", "backup-bucket": "backups-bucket",
    "atlas-project": "atlas-project", "cluster": "database-cluster", "redis": "cache-database",
    "doppler-project": "environments-project", "kms-key": "safeguards-key-key",
}  # fmt: skip


def adoptions(id_of: dict[str, str], project: str) -> dict[str, str]:
    """What a stack file would say of objects with these ids, by role."""
    composed = {
        "media-bucket": f"{ACCOUNT}/madebuy-media/default",
        "backup-bucket": f"{ACCOUNT}/madebuy-backups/default",
        "cluster": f"{project}-madebuy",
    }
    return {role: composed.get(role, id_of[name]) for role, name in ROLES.items()}


def known(world: World, stack: str) -> dict[str, dict[str, Any]]:
    return {each["urn"].rsplit("::", 1)[-1]: each for each in world.resources(stack)}


def write(world: World, adopt: dict[str, str]) -> None:
    path = world.project / "Pulumi.prod.yaml"
    document = yaml.safe_load(path.read_text())
    document["config"]["madebuy:adopt"] = adopt
    path.write_text(yaml.safe_dump(document))


@pytest.fixture(scope="module")
def by_hand(tmp_path_factory: pytest.TempPathFactory) -> tuple[World, dict[str, str]]:
    """A world in which every role has its object, and what a stack file says of them."""
    folder = tmp_path_factory.mktemp("adoption")
    hand = copied_program(folder / "hand", "prod", {})
    (hand / "__main__.py").write_text(BY_HAND)
    (hand / "Pulumi.prod.yaml").rename(hand / "Pulumi.hand.yaml")
    made = World(folder / "home", hand)
    up = made.pulumi("hand", "up", "--yes", "--skip-preview")
    assert up.code == 0, up.text
    ids = {name: each.get("id", "") for name, each in known(made, "hand").items()}
    adopt = adoptions({name: ids[role] for role, name in ROLES.items()}, ids["atlas-project"])
    return World(folder / "home", copied_program(folder / "project", "prod", {"madebuy:adopt": adopt})), adopt


def test_every_role_is_taken_over_as_it_is_and_stays(by_hand: tuple[World, dict[str, str]]) -> None:
    world, _ = by_hand
    before = {(type_, key) for type_, key, _ in vendors(world)}

    up = world.pulumi("prod", "up", "--yes", "--skip-preview")

    assert up.code == 0, up.text
    assert f"{len(ROLES)} imported" in up.text
    assert before <= {(type_, key) for type_, key, _ in vendors(world)}
    kept = {name for name, each in known(world, "prod").items() if each.get("protect") and each.get("retainOnDelete")}
    assert set(ROLES.values()) <= kept
    assert world.pulumi("prod", "preview", "--expect-no-changes").code == 0

    write(world, {})
    forgotten = world.pulumi("prod", "preview", "--expect-no-changes")
    assert forgotten.code == 0, forgotten.text


def test_an_id_that_nothing_has_is_refused_before_anything_is_done(by_hand: tuple[World, dict[str, str]]) -> None:
    world, adopt = by_hand
    write(world, adopt | {"zone": "f" * 32})
    there = vendors(world)

    refused = world.pulumi("prod", "preview")

    assert refused.code != 0
    assert "edge-zone-zone" in refused.text
    assert vendors(world) == there


def test_naming_what_the_stack_has_made_itself_deletes_nothing(production: World, tmp_path: Path) -> None:
    ids = {name: each.get("id", "") for name, each in known(production, "prod").items()}
    adopt = adoptions(ids, ids["atlas-project"])
    world = World(production.home, copied_program(tmp_path / "project", "prod", {"madebuy:adopt": adopt}))
    there = vendors(world)

    up = world.pulumi("prod", "up", "--yes", "--skip-preview")

    assert up.code == 0, up.text
    assert "import replacement" in up.text or "importing replacement" in up.text
    assert vendors(world) == there
    assert world.pulumi("prod", "preview", "--expect-no-changes").code == 0
