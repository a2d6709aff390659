"""What the shipped stack files leave out of the buckets and Redis, deployed on the real engine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.engine.apps import Vendors
from tests.engine.running import PACK, ROOT, Run, World, copied_program

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.engine

QUEUE = "0f" * 16
REDIS = "upstash:index/redisDatabase:RedisDatabase"
EVENTS = "cloudflare:index/r2BucketEventNotification:R2BucketEventNotification"
LIFECYCLE = "cloudflare:index/r2BucketLifecycle:R2BucketLifecycle"


def _everything() -> dict[str, Any]:
    config = yaml.safe_load((ROOT / "Pulumi.staging.yaml").read_text())["config"]
    storage, cache = config["madebuy:storage"], config["madebuy:cache"]
    storage["media"] |= {"event_queue": QUEUE, "infrequent_access_after_days": 180}
    cache |= {
        "pages": {"name": "madebuy-staging-pages", "budget_usd": 5},
        "read_regions": ["ap-southeast-1"],
        "allowed_cidrs": ["203.0.113.30/32", "203.0.113.31/32"],
    }
    return {"madebuy:storage": storage, "madebuy:cache": cache}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("options")
    return World(folder / "home", copied_program(folder / "project", "staging", _everything()))


@pytest.fixture(scope="module")
def up(world: World) -> Run:
    return world.pulumi("staging", "up", "--yes", "--skip-preview", *PACK)


@pytest.fixture(scope="module")
def objects(world: World, up: Run) -> Callable[[str], list[dict[str, Any]]]:
    assert up.code == 0, up.text
    return Vendors(world.home).all


def test_every_option_passes_every_policy(up: Run) -> None:
    assert up.code == 0, up.text
    assert "[mandatory]" not in up.text


def test_every_option_is_there_and_stays(world: World, objects: Callable[[str], list[dict[str, Any]]]) -> None:
    again = world.pulumi("staging", "preview", "--expect-no-changes")

    assert again.code == 0, again.text
    assert [each["queueId"] for each in objects(EVENTS)] == [QUEUE]
    assert len(objects(REDIS)) == 2


def test_media_is_never_deleted_and_a_backup_not_within_90_days(
    objects: Callable[[str], list[dict[str, Any]]],
) -> None:
    deleted = {
        lifecycle["bucketName"]: rule["deleteObjectsTransition"]["condition"]["maxAge"] // 86_400
        for lifecycle in objects(LIFECYCLE)
        for rule in lifecycle["rules"]
        if rule.get("deleteObjectsTransition")
    }

    assert deleted == {"madebuy-staging-backups": 90}


def test_both_apps_find_the_second_redis(world: World, objects: Callable[[str], list[dict[str, Any]]]) -> None:
    (pages,) = (each for each in objects(REDIS) if each["databaseName"] == "madebuy-staging-pages")

    for app in ("admin", "web"):
        config = Vendors(world.home).config(f"staging_{app}")
        assert config["UPSTASH_PAGES_REDIS_REST_TOKEN"] == pages["restToken"]
        assert config["UPSTASH_PAGES_REDIS_REST_URL"] == f"https://{pages['endpoint']}"


def test_redis_lets_in_the_origins_alone(objects: Callable[[str], list[dict[str, Any]]]) -> None:
    assert [sorted(each["ipAllowlists"]) for each in objects(REDIS)] == [["203.0.113.30/32", "203.0.113.31/32"]] * 2
