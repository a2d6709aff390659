"""Both shipped stacks from nothing to nothing, on the real engine."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from tests.engine.running import PACK, ROOT, Run, World

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.engine
STACKS = ("staging", "prod")


@dataclass(frozen=True)
class Deployment:
    """A world after `preview` and `up` of one stack with the policy pack on."""

    world: World
    stack: str
    planned: dict[str, str]
    preview: Run
    up: Run


@pytest.fixture(scope="module", params=STACKS)
def deployed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    stack = request.param
    world = World(tmp_path_factory.mktemp(f"sandbox-{stack}"))
    planned = world.planned(stack)
    preview = world.pulumi(stack, "preview", *PACK)
    return Deployment(world, stack, planned, preview, world.pulumi(stack, "up", "--yes", *PACK))


def test_the_shipped_stack_passes_every_policy_without_a_finding(deployed: Deployment) -> None:
    for run in (deployed.preview, deployed.up):
        assert run.code == 0, run.text
        assert "madebuy-policies" in run.text
        assert "[mandatory]" not in run.text
        assert "[advisory]" not in run.text


def test_a_preview_lists_every_resource_that_up_creates(deployed: Deployment) -> None:
    created = {resource["urn"] for resource in deployed.world.resources(deployed.stack)}

    assert len(created) > 90
    assert {urn for urn, operation in deployed.planned.items() if operation == "create"} == created


def test_a_second_preview_says_unchanged(deployed: Deployment) -> None:
    again = deployed.world.pulumi(deployed.stack, "preview", "--expect-no-changes", *PACK)

    assert again.code == 0, again.text
    assert f"{len(deployed.planned)} unchanged" in again.text


def test_a_refresh_finds_the_vendors_as_the_state_says(deployed: Deployment) -> None:
    refreshed = deployed.world.pulumi(deployed.stack, "refresh", "--yes", "--expect-no-changes")

    assert refreshed.code == 0, refreshed.text


def test_the_run_leaves_no_trace_in_the_repository(deployed: Deployment) -> None:
    assert (deployed.world.home / "config" / "madebuy" / f"Pulumi.{deployed.stack}.yaml").exists()
    changed = subprocess.run(
        ["git", "status", "--porcelain", "--", "Pulumi.*.yaml", "Pulumi.yaml", ".sandbox"],
        cwd=ROOT, check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip

    assert changed == ""
    assert "encryptionsalt" not in (ROOT / f"Pulumi.{deployed.stack}.yaml").read_text()


def test_what_holds_data_is_protected_in_production_and_nowhere_else(deployed: Deployment) -> None:
    protected = {r["urn"].rsplit("::", 1)[-1] for r in deployed.world.resources(deployed.stack) if r.get("protect")}
    stateful = {
        "edge-zone-zone", "atlas-project", "safeguards-key-key", "database-cluster", "cache-database", "media-bucket",
        "backups-bucket", "environments-project", "environments-environment", "environments-admin", "environments-web",
        "environments-backup",
    }  # fmt: skip

    assert protected == (stateful if deployed.stack == "prod" else set())


def test_every_app_variable_in_doppler_is_encrypted_in_the_state(deployed: Deployment) -> None:
    values = [
        resource["inputs"]["value"]
        for resource in deployed.world.resources(deployed.stack)
        if resource["type"] == "doppler:index/secret:Secret"
    ]

    assert len(values) > 15
    assert all(set(value) == {"4dabf18193072939515e22adb298388d", "ciphertext"} for value in values)


def test_destroying_staging_leaves_an_empty_stack(tmp_path: Path) -> None:
    world = World(tmp_path)
    assert world.pulumi("staging", "up", "--yes", "--skip-preview").code == 0

    destroyed = world.pulumi("staging", "destroy", "--yes")

    assert destroyed.code == 0, destroyed.text
    assert world.resources("staging") == []


def test_destroying_production_is_refused_until_the_runbooks_way_is_taken(tmp_path: Path) -> None:
    world = World(tmp_path)
    assert world.pulumi("prod", "up", "--yes", "--skip-preview").code == 0
    before = len(world.resources("prod"))

    refused = world.pulumi("prod", "destroy", "--yes")

    assert refused.code != 0
    assert "cannot be deleted" in refused.text
    assert len(world.resources("prod")) == before  # nothing half done

    cluster = world.sandbox("objects", "AdvancedCluster").text.split()[-1]
    assert "TERMINATION_PROTECTION_ENABLED" in world.sandbox("remove", "AdvancedCluster", cluster).text
    assert world.sandbox("set", "AdvancedCluster", cluster, "terminationProtectionEnabled=false").code == 0
    assert world.sandbox("remove", "AdvancedCluster", cluster).code == 0
    assert world.pulumi("prod", "state", "unprotect", "--all", "--yes").code == 0
    assert world.pulumi("prod", "refresh", "--yes").code == 0
    destroyed = world.pulumi("prod", "destroy", "--yes")
    assert destroyed.code == 0, destroyed.text
    assert world.resources("prod") == []
    kept = world.sandbox("objects").text
    assert [kind for kind in ("Zone", "R2Bucket", "RedisDatabase", "Project", "Key") if kind not in kept] == []
