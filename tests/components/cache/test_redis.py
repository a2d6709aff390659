"""MadeBuy's Redis database."""

from __future__ import annotations

import pytest

from components.cache import RedisCache, RedisCacheArgs
from settings import Cache, PageCache
from tests.components.deployments import deployment
from tests.components.mocks import Deployed, deploy

ANSWER = {"endpoint": "apt-fox-1.upstash.io", "port": 6379, "password": "pass", "restToken": "token"}
PAGES = PageCache(name="madebuy-prod-pages", budget_usd=5)


def deploy_cache(settings: Cache | None = None, *, production: bool = True) -> Deployed:
    args = RedisCacheArgs(deployment=deployment(production=production), settings=settings or Cache(name="madebuy-prod"))
    return deploy(lambda: RedisCache("cache", args), answers={"cache-database": ANSWER, "cache-pages": ANSWER})


def test_every_connection_is_encrypted() -> None:
    assert deploy_cache()["cache-database"].inputs["tls"] is True


def test_the_data_lives_in_sydney() -> None:
    database = deploy_cache()["cache-database"].inputs

    assert (database["region"], database["primaryRegion"]) == ("global", "ap-southeast-2")


def test_no_session_is_evicted() -> None:
    assert deploy_cache()["cache-database"].inputs["eviction"] is False


@pytest.mark.parametrize("production", [True, False])
def test_production_alone_protects_it_and_that_of_the_pages(production: bool) -> None:
    deployed = deploy_cache(Cache(name="madebuy-prod", pages=PAGES), production=production)

    assert [deployed[name].protect for name in ("cache-database", "cache-pages")] == [production, production]


def test_an_open_allow_list_is_left_out_rather_than_sent_empty() -> None:
    assert "ipAllowlists" not in deploy_cache()["cache-database"].inputs


def test_every_secret_address_is_a_secret_output_and_the_others_are_not() -> None:
    deployed = deploy_cache()

    assert deployed.outputs["cache"] == {
        "rest_url": "https://apt-fox-1.upstash.io",
        "rest_token": "token",
        "url": "rediss://default:pass@apt-fox-1.upstash.io:6379",
    }
    assert deployed.secret_outputs["cache"] == {"rest_token", "url"}


def test_the_budget_and_the_allowed_addresses_are_the_settings() -> None:
    settings = Cache(name="madebuy-prod", budget_usd=35, allowed_cidrs=("203.0.113.10/32",))

    database = deploy_cache(settings)["cache-database"].inputs

    assert (database["budget"], database["ipAllowlists"]) == (35, ["203.0.113.10/32"])


def test_nothing_that_costs_more_is_bought_unasked() -> None:
    deployed = deploy_cache()

    assert len(deployed.of_type("RedisDatabase")) == 1
    assert deployed["cache-database"].inputs["prodPack"] is False
    assert "readRegions" not in deployed["cache-database"].inputs


def test_the_prod_pack_and_read_regions_are_bought_when_asked() -> None:
    settings = Cache(name="madebuy-prod", prod_pack=True, read_regions=("ap-southeast-1",))

    database = deploy_cache(settings)["cache-database"].inputs

    assert (database["prodPack"], database["readRegions"]) == (True, ["ap-southeast-1"])


def test_a_second_database_holds_pages_alone_and_may_drop_them() -> None:
    deployed = deploy_cache(Cache(name="madebuy-prod", pages=PAGES, allowed_cidrs=("203.0.113.10/32",)))
    pages = deployed["cache-pages"].inputs

    assert (pages["databaseName"], pages["budget"], pages["eviction"], pages["tls"]) == (PAGES.name, 5, True, True)
    assert pages["ipAllowlists"] == ["203.0.113.10/32"]
    assert deployed["cache-database"].inputs["eviction"] is False
    assert {"pages_rest_token", "rest_token", "url"} == deployed.secret_outputs["cache"]
