"""The edge on the real engine: a rule put between others, a zone that exists already, each plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.engine.running import World, copied_program

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.engine

EDGE_ALONE = """
import pulumi
import pulumi_cloudflare as cloudflare
from pulumi.runtime import get_config_env

from components.base import Deployment
from components.edge import Edge, EdgeArgs
from settings import load

if pulumi.get_stack() == "dashboard":
    account = cloudflare.ZoneAccountArgs(id="00000000000000000000000000000001")
    cloudflare.Zone("by-hand", account=account, name="madebuy-staging.com.au")
else:
    stack = load(pulumi.get_stack(), get_config_env())
    args = EdgeArgs(
        deployment=Deployment.of(stack), settings=stack.edge, apps=stack.apps, monitoring=stack.monitoring
    )
    Edge("edge", args)
"""


def edge_alone(folder: Path) -> World:
    project = copied_program(folder / "project", "staging", {})
    (project / "__main__.py").write_text(EDGE_ALONE)
    return World(folder / "sandbox", project)


def write(world: World, stack: str, **edge: Any) -> None:
    """Change the edge's settings in a stack file; a stack without one starts from staging's."""
    document = yaml.safe_load((world.project / "Pulumi.staging.yaml").read_text())
    adopt = edge.pop("adopt", None)
    document["config"]["madebuy:edge"].update(edge)
    if adopt:
        document["config"]["madebuy:adopt"] = adopt
    (world.project / f"Pulumi.{stack}.yaml").write_text(yaml.safe_dump(document))


def named(world: World, stack: str, name: str) -> dict[str, Any]:
    return next(each for each in world.resources(stack) if each["urn"].endswith(f"::{name}"))


def refs(world: World) -> list[str]:
    return [rule["ref"] for rule in named(world, "staging", "edge-firewall-custom")["outputs"]["rules"]]


def test_a_rule_put_between_others_changes_its_ruleset_in_place_and_renames_none(tmp_path: Path) -> None:
    world = edge_alone(tmp_path)
    assert world.pulumi("staging", "up", "--yes", "--skip-preview").code == 0
    before = refs(world)

    write(world, "staging", firewall={"stripe_list_verified_on": "2026-11-20"})
    planned = {urn.rsplit("::", 1)[-1]: op for urn, op in world.planned("staging").items() if op != "same"}
    up = world.pulumi("staging", "up", "--yes", "--skip-preview")

    assert planned == {"edge-firewall-custom": "update"}
    assert up.code == 0, up.text
    assert [ref for ref in refs(world) if ref != "stripe-webhook-block-others"] == before
    assert refs(world).index("stripe-webhook-block-others") == 2


def test_a_zone_that_exists_is_taken_over_and_protected(tmp_path: Path) -> None:
    world = edge_alone(tmp_path)
    write(world, "dashboard")
    assert world.pulumi("dashboard", "up", "--yes", "--skip-preview").code == 0
    existing = named(world, "dashboard", "by-hand")["id"]

    write(world, "staging", adopt={"zone": existing})
    planned = {urn.rsplit("::", 1)[-1]: op for urn, op in world.planned("staging").items()}
    up = world.pulumi("staging", "up", "--yes", "--skip-preview")
    zone = named(world, "staging", "edge-zone-zone")

    assert planned["edge-zone-zone"] == "import"
    assert up.code == 0, up.text
    assert (zone["id"], zone["protect"]) == (existing, True)
    assert world.pulumi("staging", "preview", "--expect-no-changes").code == 0


def test_a_larger_plan_is_one_word_in_the_stack_file(tmp_path: Path) -> None:
    world = edge_alone(tmp_path)
    write(world, "staging", plan="business")
    preview = world.pulumi("staging", "preview")

    assert preview.code == 0, preview.text


def test_the_free_plan_is_refused_until_it_is_told_what_to_do_without(tmp_path: Path) -> None:
    world = edge_alone(tmp_path)
    write(world, "staging", plan="free")
    refused = world.pulumi("staging", "preview")
    write(world, "staging", plan="free", sign_in_limit=None, rate_limit={"every_host": True})
    told = world.pulumi("staging", "preview")

    assert refused.code != 0
    assert "plan free has one rate limiting rule" in refused.text
    assert told.code == 0, told.text
