from typing import Any

import pulumi
import pytest

from components.edge import Traffic, TrafficArgs
from components.edge.tls_exceptions import tls_exception_rules
from components.edge.zone import shared_settings
from settings import Apps
from tests.components.edge.evaluator import Request, matches
from tests.components.edge.example import ZONE_ID, apps, deployment, edge
from tests.components.mocks import Deployed, deploy


def traffic(which: Apps, **changes: Any) -> Deployed:
    args = TrafficArgs(deployment=deployment(), settings=edge(**changes), apps=which, zone_id=ZONE_ID)
    return deploy(lambda: Traffic("traffic", args))


def records(deployed: Deployed) -> dict[str, tuple[str, str]]:
    return {
        each.inputs["name"]: (each.inputs["type"], each.inputs["content"]) for each in deployed.of_type("DnsRecord")
    }


def test_one_origin_gets_plain_records_and_no_balancer_to_pay_for() -> None:
    deployed = traffic(apps(origins=1))

    assert records(deployed) == {
        "madebuy.com.au": ("A", "203.0.113.10"),
        "www.madebuy.com.au": ("CNAME", "madebuy.com.au"),
        "*.madebuy.com.au": ("CNAME", "madebuy.com.au"),
        "dashboard.madebuy.com.au": ("A", "203.0.113.10"),
    }
    assert not [each for each in deployed.values() if "LoadBalancer" in each.type]
    assert deployed.outputs["traffic"] == {"pool_ids": {}}


def test_a_balancer_takes_the_place_of_each_apps_own_record() -> None:
    deployed = traffic(apps(), load_balancer={})

    assert {each.inputs["name"] for each in deployed.of_type("LoadBalancer")} == {
        "madebuy.com.au",
        "dashboard.madebuy.com.au",
    }
    assert records(deployed) == {
        "www.madebuy.com.au": ("CNAME", "madebuy.com.au"),
        "*.madebuy.com.au": ("CNAME", "madebuy.com.au"),
    }


@pytest.mark.parametrize("changes", [{}, {"load_balancer": {}}])
def test_no_name_is_claimed_twice(changes: dict[str, Any]) -> None:
    deployed = traffic(apps(), **changes)
    names = [each.inputs["name"] for kind in ("DnsRecord", "LoadBalancer") for each in deployed.of_type(kind)]

    assert len(names) == len(set(names))
    assert "media.madebuy.com.au" not in names


def test_a_record_is_named_after_its_host_alone_and_goes_before_another_takes_its_place() -> None:
    moved = apps().model_copy(update={"web": apps().admin, "admin": apps().web})
    named = [
        {each.name: each.inputs["name"] for each in traffic(each).of_type("DnsRecord")} for each in (apps(), moved)
    ]

    assert named[0] == named[1]
    assert all(each.delete_before_replace for each in traffic(apps()).of_type("DnsRecord"))


def test_every_record_is_proxied() -> None:
    assert all(each.inputs["proxied"] and each.inputs["ttl"] == 1 for each in traffic(apps()).of_type("DnsRecord"))


@pytest.mark.parametrize(("address", "type_"), [("203.0.113.7", "A"), ("g05ns7.up.railway.app", "CNAME")])
def test_the_records_type_follows_the_origins_address(address: str, type_: str) -> None:
    assert records(traffic(apps(origins=1, address=address)))["madebuy.com.au"] == (type_, address)


def test_each_app_is_probed_on_its_own_host_over_tls() -> None:
    deployed = traffic(apps(), load_balancer={"interval_seconds": 30})
    probes = {each.inputs["header"]["Host"][0]: each.inputs for each in deployed.of_type("LoadBalancerMonitor")}

    assert set(probes) == {"madebuy.com.au", "dashboard.madebuy.com.au"}
    for probe in probes.values():
        assert (probe["type"], probe["path"], probe["interval"]) == ("https", "/api/health", 30)
        assert not probe["allowInsecure"]
        assert not probe["followRedirects"]


def test_a_pool_has_every_origin_and_its_apps_probe() -> None:
    pool = traffic(apps(), load_balancer={})["traffic-web-pool"]

    assert [(origin["name"], origin["address"], origin["enabled"]) for origin in pool.inputs["origins"]] == [
        ("sydney-1", "203.0.113.10", True),
        ("sydney-2", "203.0.113.11", True),
    ]
    assert pool.inputs["monitor"] == "traffic-web-monitor-id"
    assert pool.inputs["checkRegions"] == ["OC"]


def test_visitors_reach_the_pool_even_when_every_probe_fails() -> None:
    balancer = traffic(apps(), load_balancer={})["traffic-madebuy.com.au-balancer"].inputs

    assert balancer["defaultPools"] == [balancer["fallbackPool"]] == ["traffic-web-pool-id"]


def test_pools_of_two_zones_in_one_account_have_different_names() -> None:
    names = [
        each.inputs["name"]
        for zone in ("madebuy.com.au", "madebuy-staging.com.au")
        for each in traffic(apps(), zone=zone, load_balancer={}).of_type("LoadBalancerPool")
    ]

    assert len(set(names)) == 4


def test_visitors_stay_on_no_origin_unless_asked_and_never_on_a_dead_one() -> None:
    name = "traffic-madebuy.com.au-balancer"
    asked = traffic(apps(), load_balancer={"session_affinity": "cookie"})[name].inputs

    assert "sessionAffinityAttributes" not in traffic(apps(), load_balancer={})[name].inputs
    assert asked["sessionAffinityAttributes"] == {
        "samesite": "Lax",
        "secure": "Always",
        "zeroDowntimeFailover": "temporary",
    }


def test_the_detection_time_is_exported_for_the_recovery_sum() -> None:
    assert traffic(apps(), load_balancer={}).outputs["traffic"]["detection_seconds"] == 75


WHY = {"reason": "Railway's edge shows its own", "ticket": "INFRA-12", "expires": "2027-01-31"}


def unchecked(*hosts: str) -> dict[str, Any]:
    return {"host_exceptions": [{"host": host, **WHY} for host in hosts]}


def acting(request: Request, *hosts: str) -> set[str]:
    rules = tls_exception_rules(edge(tls=unchecked(*hosts)).tls, apps())
    return {str(rule.ref) for rule in rules if matches(str(rule.expression), request)}


def test_every_host_is_checked_by_default() -> None:
    assert not traffic(apps()).of_type("Ruleset")


def test_an_exception_says_what_it_is_until_when_and_why() -> None:
    (rule,) = traffic(apps(), tls=unchecked("madebuy.com.au"))["traffic-configuration"].inputs["rules"]

    assert rule["actionParameters"] == {"ssl": "full"}
    assert rule["description"] == "Full until 2027-01-31, INFRA-12: Railway's edge shows its own"


def test_an_exception_is_for_one_host() -> None:
    assert acting(Request(host="madebuy.com.au"), "madebuy.com.au") == {"full-madebuy.com.au"}
    assert acting(Request(host="www.madebuy.com.au"), "madebuy.com.au") == set()


def test_an_exception_for_all_hosts_says_the_same_and_leaves_the_zone_strict() -> None:
    tls = {"mode": "full", "exception": WHY}
    (rule,) = traffic(apps(), tls=tls)["traffic-configuration"].inputs["rules"]

    assert rule["actionParameters"] == {"ssl": "full"}
    assert rule["description"] == "Full until 2027-01-31, INFRA-12: Railway's edge shows its own"
    assert matches(rule["expression"], Request(host="anything.madebuy.com.au"))
    assert shared_settings(edge(tls=tls).tls)["ssl"] == "strict"


@pytest.mark.parametrize(
    ("tls", "where"),
    [
        ({}, []),
        (unchecked("madebuy.com.au", "*.madebuy.com.au"), ["madebuy.com.au", "*.madebuy.com.au"]),
        ({"mode": "full", "exception": WHY}, ["every host"]),
    ],
)
def test_every_preview_names_the_exceptions_in_force(
    monkeypatch: pytest.MonkeyPatch, tls: dict[str, Any], where: list[str]
) -> None:
    said: list[str] = []
    monkeypatch.setattr(pulumi.log, "warn", lambda text, _: said.append(text))
    traffic(apps(), tls=tls)

    rest = "is trusted until 2027-01-31 (INFRA-12): Railway's edge shows its own"
    assert said == [f"Whoever answers in the place of the origin behind {one} {rest}" for one in where]


def test_an_exception_for_tenants_leaves_hosts_with_a_record_of_their_own_checked() -> None:
    assert acting(Request(host="pottery.madebuy.com.au"), "*.madebuy.com.au") == {"full-any.madebuy.com.au"}
    assert acting(Request(host="dashboard.madebuy.com.au"), "*.madebuy.com.au") == set()


def test_a_balancer_probes_an_excepted_host_without_checking_it() -> None:
    deployed = traffic(apps(), load_balancer={}, tls=unchecked("madebuy.com.au"))

    monitor = deployed["traffic-web-monitor"].inputs
    assert monitor["allowInsecure"]
    assert monitor["description"].endswith(", any certificate until 2027-01-31, INFRA-12")
    assert not deployed["traffic-admin-monitor"].inputs["allowInsecure"]
