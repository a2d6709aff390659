"""The edge as a whole, for every profile on every plan."""

from collections import Counter
from typing import Any

import pytest
from octorules_wirefilter import parse_expression

from components.base import Deployment
from components.edge import Edge, EdgeArgs
from settings import CloudflarePlan, ProfileName, Stack
from tests.components.mocks import Deployed, deploy
from tests.settings.stack_files import FREE, Changes, loaded

EVERYTHING: Changes = {
    "madebuy:edge.firewall": {"stripe_list_verified_on": "2026-11-20"},
    "madebuy:edge.tenant_domains": {"hosts": ["shop.example.com"]},
    "madebuy:edge.text_records": [{"name": "_verify.madebuy-staging.com.au", "content": "1"}],
    "madebuy:edge.mail": {"receives": False, "dmarc": {"policy": "reject"}},
    "madebuy:edge.tls": {
        "host_exceptions": [
            {
                "host": "*.madebuy-staging.com.au",
                "reason": "Railway's edge shows its own",
                "ticket": "INFRA-12",
                "expires": "2027-01-31",
            }
        ]
    },
}
FIELDS = {
    "http.cookie", "http.host", "http.request.headers.names", "http.request.method", "http.request.uri.path",
    "http.response.code", "http.response.headers.names", "http.user_agent", "ip.src", "ip.src.country",
}  # fmt: skip
FUNCTIONS = {"any", "ends_with", "lower", "starts_with"}
"""What every plan has outside the rate limits (Cloudflare docs, rules-language fields and functions, read 2026-11). A
new rule with a bot score or a regular expression has to be looked up by plan first."""
COMBINATIONS = [(profile, plan) for profile in ProfileName for plan in CloudflarePlan]


def stack(profile: ProfileName, plan: CloudflarePlan, changes: Changes | None = None) -> Stack:
    second = {"name": "sydney-2", "address": "203.0.113.99"}
    origins: Changes = {"madebuy:apps.origins[1]": second} if profile is ProfileName.HIGH_AVAILABILITY else {}
    within: Changes = FREE if plan is CloudflarePlan.FREE else {"madebuy:edge.plan": plan.value}
    return loaded("staging", {"madebuy:profile": profile.value, **origins, **within, **(changes or {})})


def edge(settings: Stack) -> Deployed:
    args = EdgeArgs(
        deployment=Deployment.of(settings),
        settings=settings.edge,
        apps=settings.apps,
        monitoring=settings.monitoring,
    )
    return deploy(lambda: Edge("edge", args))


def rules(deployed: Deployed) -> list[tuple[str, dict[str, Any]]]:
    return [(each.inputs["phase"], rule) for each in deployed.of_type("Ruleset") for rule in each.inputs["rules"]]


@pytest.fixture(scope="module", params=COMBINATIONS, ids="-".join)
def built(request: pytest.FixtureRequest) -> tuple[CloudflarePlan, Deployed]:
    profile, plan = request.param
    return plan, edge(stack(profile, plan, EVERYTHING))


def test_every_phase_has_one_owner(built: tuple[CloudflarePlan, Deployed]) -> None:
    phases = Counter(each.inputs["phase"] for each in built[1].of_type("Ruleset"))

    assert set(phases.values()) == {1}


def test_no_rule_is_more_than_the_plan_holds(built: tuple[CloudflarePlan, Deployed]) -> None:
    plan, deployed = built
    limits = {
        "http_request_firewall_custom": plan.limits.custom_rules,
        "http_ratelimit": plan.limits.rate_limit_rules,
        "http_request_firewall_managed": 2 if plan.limits.managed_rulesets else 0,
    }
    for phase, count in Counter(phase for phase, _ in rules(deployed)).items():
        assert count <= limits.get(phase, plan.limits.configuration_rules), phase


def test_every_expression_is_cloudflares_and_within_the_plan(built: tuple[CloudflarePlan, Deployed]) -> None:
    plan, deployed = built
    for phase, rule in rules(deployed):
        if rule["expression"] == "true":
            continue
        parsed = parse_expression(rule["expression"])
        assert "error" not in parsed, rule
        assert plan.limits.regular_expressions or "matches" not in parsed["operators"]
        assert set(parsed["fields"]) <= FIELDS, rule
        assert set(parsed["functions"]) <= FUNCTIONS, rule
        assert phase != "http_ratelimit" or set(parsed["fields"]) <= plan.limits.rate_limit_fields


def test_no_name_leads_to_two_places(built: tuple[CloudflarePlan, Deployed]) -> None:
    _, deployed = built
    leading = [
        each.inputs["name"]
        for kind in ("DnsRecord", "LoadBalancer")
        for each in deployed.of_type(kind)
        if each.inputs.get("type", "LB") in ("A", "AAAA", "CNAME", "LB")
    ]

    assert len(leading) == len(set(leading))


def test_every_setting_has_one_owner(built: tuple[CloudflarePlan, Deployed]) -> None:
    settings = Counter(each.inputs["settingId"] for each in built[1].of_type("ZoneSetting"))

    assert set(settings.values()) == {1}


def test_records_stay_within_the_plan(built: tuple[CloudflarePlan, Deployed]) -> None:
    plan, deployed = built

    assert len(deployed.of_type("DnsRecord")) <= plan.limits.dns_records


def test_nothing_hangs_loose(built: tuple[CloudflarePlan, Deployed]) -> None:
    assert [each.name for each in built[1].values() if not each.parent] == ["edge"]


@pytest.mark.parametrize("part", ["Turnstile", "CustomDomains", "OriginCertificates"])
def test_a_part_that_is_not_asked_for_is_not_built(part: str) -> None:
    settings = stack(ProfileName.MINIMAL, CloudflarePlan.PRO, {"madebuy:edge.turnstile": False})

    assert not edge(settings).of_type(part)


def test_origin_certificates_come_with_the_balancer_that_can_probe_behind_them() -> None:
    settings = stack(ProfileName.HIGH_AVAILABILITY, CloudflarePlan.PRO, {"madebuy:edge.origin_tls": {}})

    assert edge(settings).of_type("OriginCaCertificate")
