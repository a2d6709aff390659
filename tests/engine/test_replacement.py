"""What holds data is never replaced: not by a slip in production's stack file, not by another profile."""

from __future__ import annotations

import re
import sqlite3
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.engine.running import PACK, ROOT, World, copied_program

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.engine

STATEFUL = {
    "atlas-project", "backups-bucket", "cache-database", "database-cluster", "edge-zone-zone", "environments-project",
    "media-bucket", "safeguards-key-key",
}  # fmt: skip
HARMLESS = {"create", "import", "read", "refresh", "same", "update"}
SLIPS = {
    "media-bucket": lambda text: text.replace("bucket: madebuy-media", "bucket: madebuy-pictures"),
    "cache-database": lambda text: text.replace(
        "name: madebuy-production", "name: madebuy-production\n    region: us-east-1"
    ),
    "edge-zone-zone": lambda text: text.replace("madebuy.com.au", "madebuy.net.au"),
    "environments-project": lambda text: text.replace("doppler_project: madebuy-production", "doppler_project: shop"),
}


def vendors(world: World) -> list[tuple[str, ...]]:
    with sqlite3.connect(world.home / "cloud.db") as database:
        return database.execute("SELECT type, key, state FROM objects ORDER BY type, key").fetchall()


@pytest.mark.parametrize("resource", SLIPS)
def test_a_slip_that_would_replace_what_holds_data_is_refused_and_nothing_is_done(
    production: World, tmp_path: Path, resource: str
) -> None:
    text = (ROOT / "Pulumi.prod.yaml").read_text()
    slip = SLIPS[resource](text)
    assert slip != text
    project = copied_program(tmp_path / "project", "prod", yaml.safe_load(slip)["config"])
    slipped = World(production.home, project)
    state, there = ids(production, "prod"), vendors(production)

    for command in (("preview",), ("up", "--yes")):
        refused = slipped.pulumi("prod", *command, *PACK)

        assert refused.code != 0, refused.text
        assert resource in refused.text
    assert vendors(production) == there
    assert ids(production, "prod") == state


def test_another_wish_for_a_place_moves_no_bucket(production: World, tmp_path: Path) -> None:
    storage = yaml.safe_load((ROOT / "Pulumi.prod.yaml").read_text())["config"]["madebuy:storage"]
    wish = {"madebuy:storage": {**storage, "location": "apac"}}
    world = World(production.home, copied_program(tmp_path / "project", "prod", wish))

    assert changed_by(world, "prod") == {}


def test_without_protection_the_pack_refuses_production(tmp_path: Path) -> None:
    project = copied_program(tmp_path / "project", "prod", {})
    base = project / "components" / "base.py"
    base.write_text(base.read_text().replace("protects_state=stack.is_production", "protects_state=False"))

    refused = World(tmp_path / "home", project).pulumi("prod", "preview", *PACK)

    assert refused.code != 0
    for resource in ("media-bucket", "cache-database", "edge-zone-zone", "database-cluster"):
        assert re.search(rf"\[mandatory\].*stateful-protected.*{resource}", refused.text), refused.text


def changed_by(world: World, stack: str) -> dict[str, str]:
    """What the next `up` would do to anything, by name."""
    return {urn.rsplit("::", 1)[-1]: op for urn, op in world.planned(stack).items() if op != "same"}


@pytest.mark.parametrize(
    ("stack", "profiles"),
    [
        ("staging", ("minimal", "hardened", "high-availability")),
        ("prod", ("high-availability", "hardened", "high-availability")),
    ],
)
def test_another_profile_keeps_what_holds_data(tmp_path: Path, stack: str, profiles: tuple[str, ...]) -> None:
    world = World(tmp_path / "home", copied_program(tmp_path / "project", stack, {"madebuy:profile": profiles[0]}))
    up(world, stack)
    kept = ids(world, stack)

    for profile in profiles[1:]:
        turn(world, stack, profile)
        planned = changed_by(world, stack)
        up(world, stack)
        if profiles[0] == "minimal" and profile == "hardened":
            up(world, stack)  # leaving Flex takes two: docs/RUNBOOK.md

        assert {name: op for name, op in planned.items() if name in STATEFUL and op not in HARMLESS} == {}
        assert kept.items() <= ids(world, stack).items()
        assert world.pulumi(stack, "preview", "--expect-no-changes").code == 0


def turn(world: World, stack: str, profile: str) -> None:
    path = world.project / f"Pulumi.{stack}.yaml"
    document = yaml.safe_load(path.read_text())
    document["config"]["madebuy:profile"] = profile
    path.write_text(yaml.safe_dump(document))


def up(world: World, stack: str) -> None:
    run = world.pulumi(stack, "up", "--yes", "--skip-preview")
    assert run.code == 0, run.text


def ids(world: World, stack: str) -> dict[str, str]:
    """The vendors' ids of what holds data."""
    found = {resource["urn"].rsplit("::", 1)[-1]: resource.get("id", "") for resource in world.resources(stack)}
    return {name: found[name] for name in STATEFUL if name in found}
