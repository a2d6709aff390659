"""What the buckets' and Redis's settings refuse."""

import json

import pytest

from settings.schema import schemas
from tests.settings.stack_files import loaded, rejects

PAGES = {"name": "madebuy-production-pages"}


def test_rejects_media_that_moves_sooner_than_a_month() -> None:
    place = "madebuy:storage.media.infrequent_access_after_days"
    rejects({place: 29}, at=place, says="Write 30 or more")


def test_rejects_a_queue_by_its_name() -> None:
    place = "madebuy:storage.media.event_queue"
    rejects({place: "media-events"}, at=place, says="this is not a Cloudflare id")


@pytest.mark.parametrize("origin", ["https://madebuy.com.au.evil.example", "https://shop.madebuy.com.au"])
def test_rejects_an_upload_origin_that_only_looks_like_ours(origin: str) -> None:
    place = "madebuy:storage.media.upload_origins[0]"
    rejects({place: origin}, at=place, says="could upload in a maker's name")


def test_rejects_an_allow_list_on_the_free_plan_and_says_what_a_paid_one_costs() -> None:
    changes = {"madebuy:cache.plan": "free", "madebuy:cache.allowed_cidrs": ["203.0.113.10/32"]}
    rejects(changes, at="madebuy:cache.allowed_cidrs", says="US$0.20 per 100,000 commands")


def test_rejects_the_prod_pack_on_the_free_plan_with_its_price() -> None:
    changes = {"madebuy:cache.plan": "free", "madebuy:cache.prod_pack": True}
    rejects(changes, at="madebuy:cache.prod_pack", says="US$200 a month")


def test_rejects_the_prod_pack_outside_production_with_its_price() -> None:
    place = "madebuy:cache.prod_pack"
    rejects({place: True}, at=place, says="US$200 a month", stack="staging")


@pytest.mark.parametrize(
    ("regions", "index", "says"),
    [
        (["ap-southeast-2"], 0, '"ap-southeast-2" already has a copy'),
        (["ap-southeast-1", "ap-southeast-1"], 1, '"ap-southeast-1" already has a copy'),
        (["ap-southeast-4"], 0, 'Upstash has no region "ap-southeast-4"'),
    ],
)
def test_rejects_a_read_region_that_cannot_be(regions: list[str], index: int, says: str) -> None:
    rejects({"madebuy:cache.read_regions": regions}, at=f"madebuy:cache.read_regions[{index}]", says=says)


def test_rejects_cached_pages_in_the_database_of_the_sessions() -> None:
    changes = {"madebuy:cache.pages": {"name": "madebuy-production"}}
    rejects(changes, at="madebuy:cache.pages.name", says='such as "madebuy-production-pages"')


def test_production_may_buy_all_of_it() -> None:
    changes = {
        "madebuy:cache.prod_pack": True,
        "madebuy:cache.pages": PAGES,
        "madebuy:cache.read_regions": ["ap-southeast-1"],
    }

    assert loaded(changes=changes).cache.prod_pack


@pytest.mark.parametrize(
    ("field", "price"), [("prod_pack", "US$200"), ("read_regions", "US$0.20"), ("pages", "US$0.20")]
)
def test_the_schema_shows_what_each_extra_costs(field: str, price: str) -> None:
    text = next(text for path, text in schemas().items() if path.name == "stack.schema.json")

    assert price in json.loads(text)["$defs"]["Cache"]["properties"][field]["description"]
