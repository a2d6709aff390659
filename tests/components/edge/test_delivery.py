from typing import Any

import pytest
from octorules_wirefilter import parse_expression

from components.edge.cache_rules import cache_rules, response_rules
from components.edge.delivery import Delivery, DeliveryArgs
from settings import CloudflarePlan
from tests.components.edge.evaluator import Request, matches
from tests.components.edge.example import ZONE_ID, deployment, edge
from tests.components.mocks import Deployed, deploy

SESSION = "__Secure-next-auth.session-token=abc; theme=dark"


def delivery(**changes: Any) -> Deployed:
    args = DeliveryArgs(deployment=deployment(), settings=edge(**changes), zone_id=ZONE_ID)
    return deploy(lambda: Delivery("delivery", args))


def deciding(request: Request) -> str | None:
    """The cache rule that has the last word on whether a response may be kept."""
    caching = edge().caching
    return next(
        (str(rule.ref) for rule in reversed(cache_rules(caching)) if matches(str(rule.expression), request)), None
    )


def timed(request: Request) -> bool:
    (rule,) = response_rules(edge().caching)
    return matches(str(rule.expression), request)


def ruleset(deployed: Deployed, phase: str) -> list[dict[str, Any]]:
    return next(each.inputs["rules"] for each in deployed.of_type("Ruleset") if each.inputs["phase"] == phase)


@pytest.mark.parametrize("cookie", ["", SESSION])
def test_a_file_that_never_changes_is_kept_for_signed_in_visitors_too(cookie: str) -> None:
    assert deciding(Request(path="/_next/static/chunks/main-1a2b.js", cookie=cookie)) == "static-files"


@pytest.mark.parametrize("path", ["/api/marketplace", "/api/marketplace/featured", "/marketplace/pottery"])
def test_listings_may_be_kept(path: str) -> None:
    assert deciding(Request(path=path)) == "shared-responses"


@pytest.mark.parametrize("path", ["/", "/api/orders", "/api/health", "/next/static/x.js", "/shop/marketplace"])
def test_nothing_else_is_touched(path: str) -> None:
    assert deciding(Request(path=path)) is None


@pytest.mark.parametrize("path", ["/api/marketplace/featured", "/api/orders/export.csv"])
@pytest.mark.parametrize(
    "private",
    [
        {"cookie": SESSION},
        {"cookie": "next-auth.session-token.0=abc"},
        {"headers": {"authorization": "Bearer x"}},
        {"headers": {"rsc": "1"}},
        {"headers": {"next-router-prefetch": "1"}},
    ],
)
def test_sessions_credentials_and_reacts_own_format_are_never_kept(path: str, private: dict[str, Any]) -> None:
    request = Request(path=path, **private)

    assert deciding(request) == "private-requests"
    assert not timed(request)


def test_a_listing_without_a_time_of_its_own_gets_five_minutes() -> None:
    assert timed(Request(path="/api/marketplace/featured", cookie="theme=dark"))


@pytest.mark.parametrize(
    "answer",
    [
        {"response_headers": {"cache-control": "private, no-store"}},
        {"response_headers": {"cache-control": "max-age=10"}},
        {"response_headers": {"set-cookie": "next-auth.session-token=abc"}},
        {"status": 404},
        {"status": 500},
    ],
)
def test_a_response_that_says_its_time_sets_a_cookie_or_failed_keeps_its_own(answer: dict[str, Any]) -> None:
    assert not timed(Request(path="/api/marketplace/featured", **answer))


def test_the_time_is_five_minutes_and_one_more_while_a_fresh_one_is_fetched() -> None:
    (rule,) = ruleset(delivery(), "http_response_cache_settings")

    assert rule["actionParameters"] == {
        "public": {"operation": "set"},
        "maxAge": {"operation": "set", "value": 300},
        "staleWhileRevalidate": {"operation": "set", "value": 60},
    }


def test_a_year_is_for_files_that_were_found() -> None:
    ttl = ruleset(delivery(), "http_request_cache_settings")[-1]["actionParameters"]["edgeTtl"]

    assert (ttl["mode"], ttl["default"]) == ("override_origin", 365 * 86_400)
    assert ttl["statusCodeTtls"] == [{"statusCodeRange": {"from": 400}, "value": -1}]


@pytest.mark.parametrize("plan", list(CloudflarePlan))
def test_no_edge_time_is_below_the_plans_minimum(plan: CloudflarePlan) -> None:
    for rule in ruleset(delivery(plan=plan), "http_request_cache_settings"):
        ttl = rule["actionParameters"].get("edgeTtl", {})
        assert ttl.get("default", plan.limits.minimum_edge_ttl) >= plan.limits.minimum_edge_ttl


def test_nothing_shared_means_no_rule_about_it() -> None:
    deployed = delivery(caching={"shared_paths": []})

    assert {each.inputs["phase"] for each in deployed.of_type("Ruleset")} == {
        "http_request_cache_settings",
        "http_response_headers_transform",
    }


def test_every_expression_parses_under_cloudflares_grammar() -> None:
    for each in delivery().of_type("Ruleset"):
        for rule in each.inputs["rules"]:
            assert rule["expression"] == "true" or "error" not in parse_expression(rule["expression"]), rule


def test_every_response_has_the_audits_headers() -> None:
    (rule,) = ruleset(delivery(), "http_response_headers_transform")
    headers = rule["actionParameters"]["headers"]

    assert rule["expression"] == "true"
    assert headers["X-Frame-Options"] == {"operation": "set", "value": "SAMEORIGIN"}
    assert headers["X-Powered-By"] == {"operation": "remove"}
    assert "Content-Security-Policy" not in headers


@pytest.mark.parametrize(("plan", "images"), [("free", False), ("pro", True), ("business", True)])
def test_images_are_made_smaller_where_the_plan_can(plan: str, *, images: bool) -> None:
    settings = {each.inputs["settingId"] for each in delivery(plan=plan).of_type("ZoneSetting")}

    assert ({"polish", "webp"} <= settings) is images


def test_a_browser_keeps_a_response_for_as_long_as_its_origin_says() -> None:
    assert delivery()["delivery-browser-cache-ttl"].inputs["value"] == 0
