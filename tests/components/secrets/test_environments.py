"""What each app finds in its environment."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from components.secrets import AppEnvironments, AppEnvironmentsArgs, ZoneToken, ZoneTokenArgs
from settings import Secrets
from settings.contract import AppName, External, Generated, Provisioned, variables_of
from tests.components.deployments import deployment
from tests.components.mocks import Deployed, deploy

PRODUCTION = deployment()
SETTINGS = Secrets(doppler_project="madebuy-prod", started_on=date(2026, 11, 1))


def everything() -> dict[AppName, dict[str, Any]]:
    return {
        app: {v.name: f"value of {v.name}" for v in variables_of(app) if isinstance(v.source, Provisioned)}
        for app in AppName
    }


def deploy_environments(
    settings: Secrets = SETTINGS, provisioned: dict[AppName, dict[str, Any]] | None = None
) -> Deployed:
    args = AppEnvironmentsArgs(deployment=PRODUCTION, settings=settings, provisioned=provisioned or everything())
    answers = {
        "random:index/randomBytes:RandomBytes": {"base64": "MDEy", "hex": "303132"},
        "doppler:index/serviceToken:ServiceToken": {"key": "token of the config"},
    }
    return deploy(lambda: AppEnvironments("environments", args), answers=answers)


def written(deployed: Deployed, app: AppName) -> set[str]:
    return {each.inputs["name"] for each in deployed.of_type("Secret") if each.inputs["config"].endswith(f"_{app}")}


@pytest.mark.parametrize("app", AppName)
def test_an_app_gets_every_generated_and_provisioned_variable_and_no_external_one(app: AppName) -> None:
    expected = {v.name for v in variables_of(app) if not isinstance(v.source, External)}

    assert written(deploy_environments(), app) == expected


def test_every_value_goes_to_doppler_as_a_secret() -> None:
    secrets = deploy_environments().of_type("Secret")

    assert secrets
    assert all("value" in each.secrets for each in secrets)


def test_doppler_masks_what_the_contract_calls_secret_and_shows_the_rest() -> None:
    shown = {each.inputs["name"]: each.inputs["visibility"] for each in deploy_environments().of_type("Secret")}

    assert shown["NEXTAUTH_SECRET"] == "masked"
    assert shown["NEXTAUTH_URL"] == "unmasked"


def test_the_root_config_that_branches_inherit_holds_nothing() -> None:
    configs = {each.inputs["config"] for each in deploy_environments().of_type("Secret")}

    assert configs == {"production_admin", "production_web"}


def test_an_app_reads_its_own_config_and_writes_none() -> None:
    tokens = deploy_environments().of_type("ServiceToken")

    assert {(each.inputs["config"], each.inputs["access"]) for each in tokens} == {
        ("production_admin", "read"),
        ("production_web", "read"),
    }


def test_service_tokens_leave_as_secrets() -> None:
    deployed = deploy_environments()

    assert deployed.secret_outputs["environments"] == {"service_tokens"}


def test_a_new_generation_makes_every_generated_value_anew() -> None:
    before = deploy_environments()
    after = deploy_environments(Secrets(doppler_project="madebuy-prod", started_on=date(2027, 2, 1)))
    generated = [each.name for each in before.of_type("RandomBytes")]

    assert len(generated) == sum(isinstance(v.source, Generated) for app in AppName for v in variables_of(app))
    assert all(before[name].inputs["keepers"] != after[name].inputs["keepers"] for name in generated)


def test_rejects_a_required_variable_that_no_component_provides() -> None:
    given = everything()
    del given[AppName.WEB]["MONGODB_URI"]

    with pytest.raises(ValueError, match="web needs MONGODB_URI"):
        deploy_environments(provisioned=given)


def test_rejects_a_value_that_the_contract_does_not_name() -> None:
    given = everything()
    given[AppName.WEB]["STRIPE_SECRET_KEY"] = "not ours to write"

    with pytest.raises(ValueError, match="web is given STRIPE_SECRET_KEY"):
        deploy_environments(provisioned=given)


def test_the_dashboards_token_writes_dns_records_of_one_zone() -> None:
    args = ZoneTokenArgs(
        deployment=PRODUCTION,
        settings=SETTINGS,
        zone_id="the-zone",
    )

    deployed = deploy(lambda: ZoneToken("zone-token", args), answers={"zone-token-token": {"value": "v"}})

    (policy,) = deployed["zone-token-token"].inputs["policies"]
    assert json.loads(policy["resources"]) == {"com.cloudflare.api.account.zone.the-zone": "*"}
    assert deployed["zone-token-token"].inputs["expiresOn"] == "2027-03-15T00:00:00Z"
    assert deployed.secret_outputs["zone-token"] == {"value"}
