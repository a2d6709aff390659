"""What each app finds in its environment."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pulumi
import pytest
from pulumi.output import Unknown

from components.secrets import AppEnvironments, AppEnvironmentsArgs, ZoneToken, ZoneTokenArgs
from settings import Secrets
from settings.contract import AppName, External, Generated, Provisioned, variables_of
from settings.rotation import MADE_HERE, ZONE_TOKEN, Generation, service_token
from tests.components.deployments import deployment
from tests.components.mocks import Deployed, deploy

PRODUCTION = deployment()
CONFIGS = {f"production_{app}" for app in AppName}
FIRST = Generation(generation=1, started=date(2026, 11, 1))
SECOND = Generation(generation=2, started=date(2027, 1, 30))


def secrets(**changes: Any) -> Secrets:
    return Secrets(**{"doppler_project": "madebuy-prod", "started_on": date(2026, 11, 1)} | changes)


def everything() -> dict[AppName, dict[str, Any]]:
    return {
        app: {v.name: f"value of {v.name}" for v in variables_of(app) if isinstance(v.source, Provisioned)}
        for app in AppName
    }


def deploy_environments(
    settings: Secrets | None = None, provisioned: dict[AppName, dict[str, Any]] | None = None
) -> Deployed:
    args = AppEnvironmentsArgs(
        deployment=PRODUCTION, settings=settings or secrets(), provisioned=provisioned or everything()
    )
    answers = {
        "random:index/randomBytes:RandomBytes": {"base64": "MDEy", "hex": "303132"},
        "environments-admin-token-1": {"key": "the first token"},
        "environments-admin-token-2": {"key": "the second token"},
        "environments-web-token-1": {"key": "token of the shop"},
        "environments-backup-token-1": {"key": "token of the job"},
    }
    return deploy(lambda: AppEnvironments("environments", args), answers=answers)


def written(deployed: Deployed, app: AppName) -> dict[str, Any]:
    own = [each for each in deployed.of_type("Secret") if each.inputs["config"] == f"production_{app}"]
    return {each.inputs["name"]: each.inputs["value"] for each in own}


@pytest.mark.parametrize("app", AppName)
def test_an_app_gets_every_generated_and_provisioned_variable_and_no_external_one(app: AppName) -> None:
    expected = {v.name for v in variables_of(app) if not isinstance(v.source, External)}

    assert written(deploy_environments(), app).keys() == expected


def test_a_public_value_of_the_stack_file_goes_to_the_app_that_it_is_for() -> None:
    deployed = deploy_environments(secrets(public_values={AppName.WEB: {"SENTRY_ORG": "madebuy"}}))

    assert written(deployed, AppName.WEB)["SENTRY_ORG"] == "madebuy"
    assert "SENTRY_ORG" not in written(deployed, AppName.ADMIN)


def test_every_value_goes_to_doppler_as_a_secret() -> None:
    values = deploy_environments().of_type("Secret")

    assert values
    assert all("value" in each.secrets for each in values)


def test_doppler_masks_what_the_contract_calls_secret_and_shows_the_rest() -> None:
    shown = {each.inputs["name"]: each.inputs["visibility"] for each in deploy_environments().of_type("Secret")}

    assert shown["NEXTAUTH_SECRET"] == "masked"
    assert shown["NEXTAUTH_URL"] == "unmasked"


def test_the_root_config_that_branches_inherit_holds_nothing() -> None:
    configs = {each.inputs["config"] for each in deploy_environments().of_type("Secret")}

    assert configs == CONFIGS


def test_an_app_reads_its_own_config_and_writes_none() -> None:
    tokens = deploy_environments().of_type("ServiceToken")

    assert {(each.inputs["config"], each.inputs["access"]) for each in tokens} == {(each, "read") for each in CONFIGS}
    assert len(tokens) == len(CONFIGS)


def test_service_tokens_leave_as_secrets() -> None:
    deployed = deploy_environments()

    assert deployed.secret_outputs["environments"] == {"service_tokens"}


def test_while_a_service_token_changes_over_both_work_and_the_new_one_is_handed_out() -> None:
    name = service_token(AppName.ADMIN)
    deployed = deploy_environments(secrets(rotation={name: (FIRST, SECOND)}))

    assert {"environments-admin-token-1", "environments-admin-token-2"} <= set(deployed)
    assert deployed.outputs["environments"]["service_tokens"]["admin"] == "the second token"


def test_what_an_app_would_start_with_is_known_when_doppler_has_all_of_it_and_not_before() -> None:
    args = AppEnvironmentsArgs(
        deployment=PRODUCTION, settings=secrets(rotation={"cron-secret": (SECOND,)}), provisioned=everything()
    )
    done = deploy_environments(args.settings).outputs["environments"]["generations"]
    planned = deploy(lambda: AppEnvironments("environments", args), preview=True)

    assert done == dict.fromkeys(MADE_HERE, 1) | {"cron-secret": 2}
    assert isinstance(planned.outputs["environments"]["generations"], Unknown)


def test_a_retired_service_token_is_gone() -> None:
    deployed = deploy_environments(secrets(rotation={service_token(AppName.ADMIN): (SECOND,)}))

    assert "environments-admin-token-1" not in deployed


def test_a_new_generation_makes_that_value_anew_and_no_other() -> None:
    before = deploy_environments()
    after = deploy_environments(secrets(rotation={"nextauth-secret": (SECOND,)}))
    generated = [each.name for each in before.of_type("RandomBytes")]

    assert len(generated) == sum(isinstance(v.source, Generated) for app in AppName for v in variables_of(app))
    assert [name for name in generated if before[name].inputs["keepers"] != after[name].inputs["keepers"]] == [
        "environments-admin-nextauth-secret-value"
    ]


def test_rejects_a_required_variable_that_no_component_provides() -> None:
    given = everything()
    del given[AppName.WEB]["MONGODB_URI"]

    with pytest.raises(pulumi.RunError, match="web needs MONGODB_URI"):
        deploy_environments(provisioned=given)


def test_rejects_a_value_that_the_contract_does_not_name() -> None:
    given = everything()
    given[AppName.WEB]["STRIPE_SECRET_KEY"] = "not ours to write"

    with pytest.raises(pulumi.RunError, match="web is given STRIPE_SECRET_KEY"):
        deploy_environments(provisioned=given)


@pytest.mark.parametrize(("value", "says"), [("pass${word}", r'there is "\$\{" in the value'), ("", "value is empty")])
def test_rejects_a_provisioned_value_that_doppler_would_change_without_repeating_it(value: str, says: str) -> None:
    given = everything()
    given[AppName.ADMIN]["MONGODB_URI"] = pulumi.Output.secret(value)

    with pytest.raises(pulumi.RunError, match=f"MONGODB_URI of admin: .*{says}") as caught:
        deploy_environments(provisioned=given)
    assert "word" not in str(caught.value)


def deploy_zone_token(settings: Secrets) -> Deployed:
    args = ZoneTokenArgs(deployment=PRODUCTION, settings=settings, zone_id="the-zone")
    answers = {f"zone-token-token-{number}": {"value": f"value {number}"} for number in (1, 2)}
    return deploy(lambda: ZoneToken("zone-token", args), answers=answers)


def test_the_dashboards_token_writes_dns_records_of_one_zone_and_ends() -> None:
    deployed = deploy_zone_token(secrets())

    (policy,) = deployed["zone-token-token-1"].inputs["policies"]
    assert json.loads(policy["resources"]) == {"com.cloudflare.api.account.zone.the-zone": "*"}
    assert deployed["zone-token-token-1"].inputs["expiresOn"] == "2027-09-11T00:00:00Z"
    assert deployed.secret_outputs["zone-token"] == {"value"}


def test_while_the_dashboards_token_changes_over_both_work_and_each_has_an_end_of_its_own() -> None:
    deployed = deploy_zone_token(secrets(rotation={ZONE_TOKEN: (FIRST, SECOND)}))

    ends = [deployed[f"zone-token-token-{number}"].inputs["expiresOn"] for number in (1, 2)]
    assert ends == ["2027-09-11T00:00:00Z", "2027-12-10T00:00:00Z"]
    assert deployed.outputs["zone-token"]["value"] == "value 2"
