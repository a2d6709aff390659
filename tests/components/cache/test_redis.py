"""MadeBuy's Redis database."""

from __future__ import annotations

import pytest

from components.cache import RedisCache, RedisCacheArgs
from settings import Cache
from tests.components.deployments import deployment
from tests.components.mocks import Deployed, deploy


def deploy_cache(settings: Cache | None = None, *, production: bool = True) -> Deployed:
    args = RedisCacheArgs(deployment=deployment(production=production), settings=settings or Cache(name="madebuy-prod"))
    answer = {"endpoint": "apt-fox-1.upstash.io", "restToken": "token"}
    return deploy(lambda: RedisCache("cache", args), answers={"cache-database": answer})


def test_every_connection_is_encrypted() -> None:
    assert deploy_cache()["cache-database"].inputs["tls"] is True


def test_the_data_lives_in_sydney() -> None:
    database = deploy_cache()["cache-database"].inputs

    assert (database["region"], database["primaryRegion"]) == ("global", "ap-southeast-2")


def test_no_session_is_evicted() -> None:
    assert deploy_cache()["cache-database"].inputs["eviction"] is False


@pytest.mark.parametrize("production", [True, False])
def test_production_alone_protects_it(production: bool) -> None:
    assert deploy_cache(production=production)["cache-database"].protect is production


def test_an_open_allow_list_is_left_out_rather_than_sent_empty() -> None:
    assert "ipAllowlists" not in deploy_cache()["cache-database"].inputs


def test_the_rest_token_is_a_secret_output_and_the_address_is_not() -> None:
    deployed = deploy_cache()

    assert deployed.outputs["cache"] == {"rest_url": "https://apt-fox-1.upstash.io", "rest_token": "token"}
    assert deployed.secret_outputs["cache"] == {"rest_token"}
