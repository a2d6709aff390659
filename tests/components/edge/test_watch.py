from typing import Any

import pulumi
import pytest

from components.edge import AccountAlerts, AccountAlertsArgs, Watch, WatchArgs
from settings import Apps, CloudflarePlan, Monitoring
from tests.components.edge.example import ZONE_ID, apps, deployment, edge
from tests.components.mocks import Deployed, deploy

PEOPLE = Monitoring(emails=("second@madebuy.com.au", "first@madebuy.com.au"))


def watch(which: Apps | None = None, **changes: Any) -> Deployed:
    def program() -> None:
        pools = {"web": pulumi.Output.from_input("pool-web"), "admin": pulumi.Output.from_input("pool-admin")}
        args = WatchArgs(
            deployment=deployment(),
            settings=edge(**changes),
            apps=which or apps(),
            monitoring=PEOPLE,
            zone_id=ZONE_ID,
            pool_ids=pools if changes.get("load_balancer") is not None else {},
        )
        Watch("watch", args)

    return deploy(program)


def told(deployed: Deployed) -> dict[str, dict[str, Any]]:
    return {each.inputs["alertType"]: each.inputs for each in deployed.of_type("NotificationPolicy")}


def test_every_app_is_checked_on_every_origin_as_a_visitor_asks_for_it() -> None:
    checks = {each.inputs["name"]: each.inputs for each in watch().of_type("Healthcheck")}

    assert set(checks) == {"web-sydney-1", "web-sydney-2", "admin-sydney-1", "admin-sydney-2"}
    assert checks["admin-sydney-2"]["address"] == "203.0.113.11"
    assert checks["admin-sydney-2"]["httpConfig"] == {
        "method": "GET",
        "path": "/api/health",
        "port": 443,
        "header": {"Host": ["dashboard.madebuy.com.au"]},
        "expectedCodes": ["200"],
        "followRedirects": False,
        "allowInsecure": False,
    }


def test_people_are_told_of_the_checks() -> None:
    alert = told(watch())["health_check_status_notification"]

    assert alert["filters"]["healthCheckIds"] == [
        f"watch-{app}-sydney-{n}-id" for app in ("web", "admin") for n in (1, 2)
    ]
    assert alert["mechanisms"] == {"emails": [{"id": "first@madebuy.com.au"}, {"id": "second@madebuy.com.au"}]}
    assert alert["enabled"] is True


def test_a_balancers_own_probes_are_enough() -> None:
    deployed = watch(load_balancer={})

    assert not deployed.of_type("Healthcheck")
    assert told(deployed)["load_balancing_health_alert"]["filters"] == {
        "poolIds": ["pool-web", "pool-admin"],
        "newHealths": ["Healthy", "Unhealthy"],
        "eventSources": ["origin", "pool"],
    }


@pytest.mark.parametrize("plan", list(CloudflarePlan))
def test_only_what_the_plan_has_is_asked_for(plan: CloudflarePlan) -> None:
    deployed = watch(plan=plan)

    assert len(deployed.of_type("Healthcheck")) <= plan.limits.health_checks
    assert ("clickhouse_alert_fw_anomaly" in told(deployed)) is (plan in ("business", "enterprise"))


def test_an_origin_whose_certificate_goes_unchecked_is_probed_likewise() -> None:
    exception = {
        "host": "madebuy.com.au",
        "reason": "Railway's edge shows its own",
        "ticket": "INFRA-12",
        "expires": "2027-01-31",
    }
    deployed = watch(tls={"host_exceptions": [exception]})

    check = deployed["watch-web-sydney-1"].inputs
    assert check["httpConfig"]["allowInsecure"]
    assert check["description"].endswith(", any certificate until 2027-01-31, INFRA-12")
    assert not deployed["watch-admin-sydney-1"].inputs["httpConfig"]["allowInsecure"]


def test_what_concerns_the_account_is_told_once() -> None:
    args = AccountAlertsArgs(deployment=deployment(), monitoring=PEOPLE)
    alerts = told(deploy(lambda: AccountAlerts("alerts", args)))

    assert set(alerts) == {"dos_attack_l7", "real_origin_monitoring", "universal_ssl_event_type", "incident_alert"}
    assert set(alerts) & set(told(watch(plan="business"))) == set()
