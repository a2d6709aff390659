"""The edge on the real engine: a zone that exists already, a rule put between others, each plan, certificates."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.engine.running import PACK, ROOT, Run, World, copied_program

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


@dataclass(frozen=True)
class Adopted:
    """A zone that a dashboard made, taken over by the edge of a staging stack."""

    world: World
    zone: str
    up: Run

    def write(self, **edge: Any) -> None:
        """Change the edge's settings in the stack file, from what is shipped."""
        document = shipped("staging")
        document["config"]["madebuy:edge"].update(edge)
        document["config"]["madebuy:adopt"] = {"zone": self.zone}
        (self.world.project / "Pulumi.staging.yaml").write_text(yaml.safe_dump(document))


@pytest.fixture(scope="module")
def adopted(tmp_path_factory: pytest.TempPathFactory) -> Adopted:
    folder = tmp_path_factory.mktemp("edge")
    project = copied_program(folder / "project", "staging", {})
    (project / "__main__.py").write_text(EDGE_ALONE)
    shutil.copy(project / "Pulumi.staging.yaml", project / "Pulumi.dashboard.yaml")
    world = World(folder / "sandbox", project)
    by_hand = world.pulumi("dashboard", "up", "--yes", "--skip-preview")
    assert by_hand.code == 0, by_hand.text
    taken = Adopted(world, named(world, "dashboard", "by-hand")["id"], by_hand)
    taken.write()
    return replace(taken, up=world.pulumi("staging", "up", "--yes", "--skip-preview"))


def shipped(stack: str) -> dict[str, Any]:
    document: dict[str, Any] = yaml.safe_load((ROOT / f"Pulumi.{stack}.yaml").read_text())
    return document


def named(world: World, stack: str, name: str) -> dict[str, Any]:
    return next(each for each in world.resources(stack) if each["urn"].endswith(f"::{name}"))


def refs(world: World) -> list[str]:
    return [rule["ref"] for rule in named(world, "staging", "edge-firewall-custom")["outputs"]["rules"]]


def test_a_zone_that_exists_is_taken_over_and_protected(adopted: Adopted) -> None:
    zone = named(adopted.world, "staging", "edge-zone-zone")

    assert adopted.up.code == 0, adopted.up.text
    assert (zone["id"], zone["protect"]) == (adopted.zone, True)
    assert adopted.world.pulumi("staging", "preview", "--expect-no-changes").code == 0


def test_a_preview_warns_that_anyone_may_call_stripes_path(adopted: Adopted) -> None:
    assert "warning: Anyone may call /api/webhooks/stripe: " in adopted.up.text


def test_a_rule_put_between_others_changes_its_ruleset_in_place_and_renames_none(adopted: Adopted) -> None:
    world, before = adopted.world, refs(adopted.world)
    adopted.write(firewall={"stripe_list_verified_on": "2026-11-20"})
    planned = {urn.rsplit("::", 1)[-1]: op for urn, op in world.planned("staging").items() if op != "same"}
    up = world.pulumi("staging", "up", "--yes", "--skip-preview")

    assert planned == {"edge-firewall-custom": "update"}
    assert up.code == 0, up.text
    assert [ref for ref in refs(world) if ref != "stripe-webhook-block-others"] == before
    assert refs(world).index("stripe-webhook-block-others") == 2


def test_hosts_change_places_and_origins_get_names_in_one_run_each(adopted: Adopted) -> None:
    adopted.write()
    path = adopted.world.project / "Pulumi.staging.yaml"
    document = yaml.safe_load(path.read_text())
    apps = document["config"]["madebuy:apps"]
    web, admin = apps["web"], apps["admin"]

    def deployed() -> Run:
        path.write_text(yaml.safe_dump(document))
        return adopted.world.pulumi("staging", "up", "--yes", "--skip-preview")

    apps["origins"][0]["address"] = "shop.up.example.com"
    runs = [deployed()]
    web["host"], web["aliases"] = web["aliases"][0], [web["host"]]
    runs.append(deployed())
    web["aliases"], admin["aliases"] = [], web["aliases"]
    runs.append(deployed())

    assert [run.text for run in runs if run.code != 0] == []


def test_a_text_record_goes_and_comes_without_touching_the_others(adopted: Adopted) -> None:
    first, second = ({"name": f"_{vendor}.madebuy-staging.com.au", "content": "proof"} for vendor in ("one", "two"))
    adopted.write(text_records=[first, second])
    assert adopted.world.pulumi("staging", "up", "--yes", "--skip-preview").code == 0

    adopted.write(text_records=[second, first])
    assert adopted.world.pulumi("staging", "preview", "--expect-no-changes").code == 0
    adopted.write(text_records=[second])
    planned = [op for op in adopted.world.planned("staging").values() if op != "same"]
    up = adopted.world.pulumi("staging", "up", "--yes", "--skip-preview")

    assert planned == ["delete"]
    assert up.code == 0, up.text


def test_a_larger_plan_is_one_word_in_the_stack_file(adopted: Adopted) -> None:
    adopted.write(plan="business")
    preview = adopted.world.pulumi("staging", "preview")

    assert preview.code == 0, preview.text


def test_the_free_plan_is_refused_until_it_is_told_what_to_do_without(adopted: Adopted) -> None:
    adopted.write(plan="free")
    refused = adopted.world.pulumi("staging", "preview")
    adopted.write(plan="free", sign_in_limit=None, rate_limit={"every_host": True})
    told = adopted.world.pulumi("staging", "preview")

    assert refused.code != 0
    assert "plan free has one rate limiting rule" in refused.text
    assert told.code == 0, told.text


REVERSED = """
from components.edge import firewall

in_order = firewall.custom_rules
firewall.custom_rules = lambda *args: list(reversed(in_order(*args)))
"""


def test_rules_in_another_order_change_their_ruleset_in_place_and_keep_their_names(adopted: Adopted) -> None:
    adopted.write()
    assert adopted.world.pulumi("staging", "up", "--yes", "--skip-preview").code == 0
    before = refs(adopted.world)
    (adopted.world.project / "__main__.py").write_text(REVERSED + EDGE_ALONE)

    planned = {urn.rsplit("::", 1)[-1]: op for urn, op in adopted.world.planned("staging").items() if op != "same"}
    up = adopted.world.pulumi("staging", "up", "--yes", "--skip-preview")

    assert planned == {"edge-firewall-custom": "update"}
    assert up.code == 0, up.text
    assert len(before) > 2
    assert refs(adopted.world) == before[::-1]


def test_origin_certificates_reach_doppler_and_are_made_once(tmp_path: Path) -> None:
    edge = shipped("prod")["config"]["madebuy:edge"]
    project = copied_program(tmp_path / "project", "prod", {"madebuy:edge": {**edge, "origin_tls": {}}})
    world = World(tmp_path / "sandbox", project)
    up = world.pulumi("prod", "up", "--yes", "--skip-preview", *PACK)

    assert up.code == 0, up.text
    assert named(world, "prod", "environments-origin-private-key")["inputs"]["name"] == "ORIGIN_PRIVATE_KEY"
    for text in (up.text, world.state_file("prod").read_text()):
        assert "PRIVATE KEY-----" not in text
    assert world.pulumi("prod", "preview", "--expect-no-changes").code == 0
