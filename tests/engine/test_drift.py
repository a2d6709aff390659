"""Somebody changes production in a vendor's console: Pulumi finds it, says it, and puts it right."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from sandbox.cloud import Cloud

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.engine.running import Run, World

pytestmark = pytest.mark.engine


@dataclass(frozen=True)
class Change:
    """One property of one object, changed behind Pulumi's back."""

    system: str
    class_name: str
    key: str  # how the object's key ends
    path: str
    wrong: str
    right: str
    resource: str


CHANGES = (
    Change("Cloudflare", "ZoneSetting", "/ssl", "value", '"flexible"', '"strict"', "edge-zone-ssl"),
    Change("R2", "R2ManagedDomain", "/madebuy-backups", "enabled", "true", "false", "backups-managed-domain"),
    Change("Atlas", "AdvancedCluster", "-madebuy", "terminationProtectionEnabled", "false", "true", "database-cluster"),
    Change("Upstash", "RedisDatabase", "", "eviction", "true", "false", "cache-database"),
    Change("Doppler", "Secret", "web.MONGODB_DB", "value", '"elsewhere"', '"madebuy"', "environments-web-mongodb-db"),
    Change("AWS", "Key", "", "enableKeyRotation", "false", "true", "safeguards-key-key"),
)  # fmt: skip
REMOVED = "atlas-access-203-0-113-10-32"


@dataclass(frozen=True)
class Drift:
    """What Pulumi said of the changes before and after it put them right."""

    world: World
    refresh: Run
    planned: dict[str, str]
    up: Run
    again: Run


def keys(world: World, class_name: str, ending: str) -> Iterator[str]:
    for line in world.sandbox("objects", class_name).text.splitlines():
        key = line.split()[-1]
        if key.endswith(ending):
            yield key


def shown(world: World, change: Change) -> str:
    """The property as the vendor has it, from its own database: `sandbox show` hides what Doppler keeps."""
    cloud = Cloud(world.home / "cloud.db")
    try:
        (thing,) = (
            each
            for each in cloud.everything()
            if each.type.endswith(f":{change.class_name}") and each.key.endswith(change.key)
        )
        return json.dumps(thing.state[change.path])
    finally:
        cloud.close()


@pytest.fixture(scope="module")
def drift(production: World) -> Drift:
    for change in CHANGES:
        (key,) = keys(production, change.class_name, change.key)
        done = production.sandbox("set", change.class_name, key, f"{change.path}={change.wrong}")
        assert done.code == 0, done.text
        assert shown(production, change) == change.wrong
    (entry,) = keys(production, "ProjectIpAccessList", "-203.0.113.10/32")
    assert production.sandbox("remove", "ProjectIpAccessList", entry).code == 0
    refresh = production.pulumi("prod", "refresh", "--preview-only", "--expect-no-changes")
    preview = production.pulumi("prod", "preview", "--refresh", "--json")
    steps = json.loads(preview.text[preview.text.index("{") :])["steps"]
    planned = {s["urn"].rsplit("::", 1)[-1]: s["op"] for s in steps if s["op"] not in ("same", "refresh")}
    up = production.pulumi("prod", "up", "--yes", "--skip-preview", "--refresh")
    again = production.pulumi("prod", "preview", "--refresh", "--expect-no-changes")
    return Drift(production, refresh, planned, up, again)


def test_refresh_says_that_something_has_changed(drift: Drift) -> None:
    assert drift.refresh.code != 0
    assert "no changes were expected" in drift.refresh.text


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.system)
def test_a_changed_property_is_found(drift: Drift, change: Change) -> None:
    assert drift.planned[change.resource] == "update"


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.system)
def test_a_changed_property_is_put_right(drift: Drift, change: Change) -> None:
    assert drift.up.code == 0, drift.up.text
    assert shown(drift.world, change) == change.right


def test_a_removed_access_list_entry_is_found_and_comes_back(drift: Drift) -> None:
    assert drift.planned[REMOVED] == "create"
    assert list(keys(drift.world, "ProjectIpAccessList", "-203.0.113.10/32"))


def test_nothing_else_is_touched(drift: Drift) -> None:
    assert set(drift.planned) == {REMOVED, *(change.resource for change in CHANGES)}


def test_afterwards_nothing_differs(drift: Drift) -> None:
    assert drift.again.code == 0, drift.again.text
