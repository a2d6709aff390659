from typing import Any

import pulumi
import pytest
from octorules_wirefilter import parse_expression

from components.edge import Firewall, FirewallArgs
from settings import CloudflarePlan
from tests.components.edge.example import ZONE_ID, apps, deployment, edge
from tests.components.mocks import Deployed, deploy

VERIFIED = {"firewall": {"stripe_list_verified_on": "2026-11-20"}}


def firewall(**changes: Any) -> Deployed:
    args = FirewallArgs(deployment=deployment(), settings=edge(**changes), apps=apps(), zone_id=ZONE_ID)
    return deploy(lambda: Firewall("firewall", args))


def rules(deployed: Deployed, phase: str) -> dict[str, dict[str, Any]]:
    return {
        rule["ref"]: rule
        for each in deployed.of_type("Ruleset")
        if each.inputs["phase"] == phase
        for rule in each.inputs["rules"]
    }


def refs(deployed: Deployed) -> dict[str, list[str]]:
    return {
        each.inputs["phase"]: [rule["ref"] for rule in each.inputs["rules"]] for each in deployed.of_type("Ruleset")
    }


def test_each_phase_has_one_ruleset_with_every_rule_named() -> None:
    assert refs(firewall(**VERIFIED)) == {
        "http_request_firewall_custom": [
            "stripe-webhook-skip",
            "health-probe-skip",
            "stripe-webhook-block-others",
            "known-bad-paths",
            "unused-methods",
            "scrapers",
        ],
        "http_request_firewall_managed": ["cloudflare-managed", "owasp-core"],
        "http_ratelimit": ["sign-in", "public-api"],
    }


def test_a_rule_keeps_its_ref_when_another_is_put_before_it() -> None:
    before = refs(firewall())["http_request_firewall_custom"]
    after = refs(firewall(**VERIFIED))["http_request_firewall_custom"]

    assert [ref for ref in after if ref != "stripe-webhook-block-others"] == before


@pytest.mark.parametrize(("verified_on", "restricted"), [(None, False), ("2026-11-20", True)])
def test_others_are_kept_off_the_webhook_path_only_while_the_list_is_vouched_for(
    verified_on: str | None, *, restricted: bool
) -> None:
    deployed = firewall(firewall={"stripe_list_verified_on": verified_on})

    assert ("stripe-webhook-block-others" in rules(deployed, "http_request_firewall_custom")) is restricted
    assert deployed.outputs["firewall"] == {"webhook_path_restricted": restricted}


@pytest.mark.parametrize(("verified_on", "warnings"), [(None, 1), ("2026-11-20", 0)])
def test_a_path_that_is_open_to_all_is_warned_of_in_one_line(
    monkeypatch: pytest.MonkeyPatch, verified_on: str | None, warnings: int
) -> None:
    said: list[tuple[str, Any]] = []
    monkeypatch.setattr(pulumi.log, "warn", lambda text, resource: said.append((text, resource)))
    firewall(firewall={"stripe_list_verified_on": verified_on})

    assert len(said) == warnings
    for text, resource in said:
        assert text.startswith("Anyone may call /api/webhooks/stripe: ")
        assert "Run `python -m operations stripe-addresses --record`, then write the day into" in text
        assert "madebuy:edge.firewall.stripe_list_verified_on" in text
        assert "\n" not in text
        assert isinstance(resource, Firewall)


def test_the_block_says_when_its_list_was_compared() -> None:
    block = rules(firewall(**VERIFIED), "http_request_firewall_custom")["stripe-webhook-block-others"]

    assert block["description"] == "Only Stripe posts here; list compared on 2026-11-20"


@pytest.mark.parametrize("plan", list(CloudflarePlan))
def test_every_expression_parses_under_cloudflares_grammar(plan: str) -> None:
    for each in firewall(plan=plan, **VERIFIED).of_type("Ruleset"):
        for rule in each.inputs["rules"]:
            if rule["expression"] != "true":  # Cloudflare's documented constant, which the grammar alone lacks
                assert "error" not in parse_expression(rule["expression"]), rule


@pytest.mark.parametrize("plan", list(CloudflarePlan))
def test_the_rate_limit_uses_only_what_the_plan_has(plan: CloudflarePlan) -> None:
    found = rules(firewall(plan=plan), "http_ratelimit")

    assert len(found) <= plan.limits.rate_limit_rules
    for rule in found.values():
        assert set(parse_expression(rule["expression"])["fields"]) <= plan.limits.rate_limit_fields
        assert set(rule["ratelimit"]["characteristics"]) == {"ip.src", "cf.colo.id"}


def test_ten_requests_in_ten_seconds_are_the_default() -> None:
    limit = rules(firewall(), "http_ratelimit")["public-api"]["ratelimit"]

    assert (limit["requestsPerPeriod"], limit["period"], limit["mitigationTimeout"]) == (10, 10, 10)


@pytest.mark.parametrize(("plan", "managed"), [("free", False), ("pro", True), ("business", True)])
def test_managed_rulesets_run_where_the_plan_has_them(plan: str, *, managed: bool) -> None:
    assert ("http_request_firewall_managed" in refs(firewall(plan=plan))) is managed


def test_stripe_passes_every_check_the_plan_has() -> None:
    skip = rules(firewall(), "http_request_firewall_custom")["stripe-webhook-skip"]

    assert skip["actionParameters"]["phases"] == [
        "http_ratelimit",
        "http_request_firewall_managed",
        "http_request_sbfm",
    ]


def test_a_free_zone_has_no_super_bot_fight_mode_to_skip() -> None:
    skip = rules(firewall(plan="free"), "http_request_firewall_custom")["stripe-webhook-skip"]

    assert "http_request_sbfm" not in skip["actionParameters"]["phases"]


@pytest.mark.parametrize("plan", list(CloudflarePlan))
def test_every_rule_that_can_be_asked_for_fits_the_plan(plan: CloudflarePlan) -> None:
    countries = [] if plan == "free" else ["AU", "NZ"]
    deployed = firewall(plan=plan, firewall={**VERIFIED["firewall"], "dashboard_countries": countries})

    assert len(rules(deployed, "http_request_firewall_custom")) <= plan.limits.custom_rules


def test_the_dashboard_is_challenged_from_abroad_only_when_asked() -> None:
    asked = firewall(firewall={"dashboard_countries": ["AU", "NZ"]})

    assert "dashboard-countries" not in rules(firewall(), "http_request_firewall_custom")
    assert rules(asked, "http_request_firewall_custom")["dashboard-countries"]["action"] == "managed_challenge"


def test_without_a_sign_in_limit_there_is_one_rate_limit() -> None:
    assert list(rules(firewall(sign_in_limit=None), "http_ratelimit")) == ["public-api"]


def test_a_password_may_be_tried_five_times_a_minute() -> None:
    limit = rules(firewall(), "http_ratelimit")["sign-in"]["ratelimit"]

    assert (limit["requestsPerPeriod"], limit["period"], limit["mitigationTimeout"]) == (5, 60, 600)


def test_no_blocked_paths_means_no_rule_for_them() -> None:
    assert "known-bad-paths" not in rules(firewall(firewall={"blocked_paths": []}), "http_request_firewall_custom")
