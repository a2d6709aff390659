"""Which requests the firewall's rules act on, and which they must not."""

import pytest

from components.edge.custom_rules import custom_rules
from components.edge.rate_limits import rate_limit_rules
from settings.stripe import WebhookSources
from tests.components.edge.evaluator import Request, matches
from tests.components.edge.example import apps, edge

WEBHOOK = "/api/webhooks/stripe"
STRIPE = "54.187.216.72"
STRANGER = "198.51.100.7"
DASHBOARD = "dashboard.madebuy.com.au"


def acting(request: Request, plan: str = "pro") -> set[str]:
    """The rules that act on a request, by ref, with every optional rule asked for."""
    settings = edge(plan=plan, firewall={"stripe_list_verified_on": "2026-11-20", "dashboard_countries": ["AU", "NZ"]})
    rules = custom_rules(settings, apps(), WebhookSources.load()) + rate_limit_rules(settings, apps())
    return {str(rule.ref) for rule in rules if matches(str(rule.expression), request)}


def test_stripe_is_let_through_and_neither_blocked_nor_counted() -> None:
    assert acting(Request(path=WEBHOOK, method="POST", source=STRIPE)) == {"stripe-webhook-skip"}


@pytest.mark.parametrize("path", [WEBHOOK, f"{WEBHOOK}/", "/API/webhooks/Stripe", "/api/Webhooks/stripe/"])
def test_anyone_else_is_blocked_from_the_webhook_however_they_spell_it(path: str) -> None:
    assert "stripe-webhook-block-others" in acting(Request(path=path, method="POST", source=STRANGER))


@pytest.mark.parametrize("path", ["/api/webhooks", "/api/webhooks/stripe-connect", "/api/webhooks/resend", "/"])
def test_other_paths_are_nobodys_webhook(path: str) -> None:
    assert "stripe-webhook-block-others" not in acting(Request(path=path, source=STRANGER))


def test_stripe_gets_no_special_way_to_other_paths() -> None:
    assert "stripe-webhook-skip" not in acting(Request(path="/api/orders", source=STRIPE))


@pytest.mark.parametrize("path", ["/.env", "/.env.local", "/.ENV", "/.git/config", "/wp-login.php", "/xmlrpc.php"])
def test_paths_that_only_scanners_ask_for_are_blocked(path: str) -> None:
    assert "known-bad-paths" in acting(Request(path=path))


@pytest.mark.parametrize("path", ["/", "/.well-known/acme-challenge/x", "/shop/.env-candles", "/environment"])
def test_paths_of_the_shop_are_not_taken_for_scans(path: str) -> None:
    assert "known-bad-paths" not in acting(Request(path=path))


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "PROPFIND", "get"])
def test_methods_the_apps_do_not_have_are_blocked(method: str) -> None:
    assert "unused-methods" in acting(Request(method=method))


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
def test_methods_the_apps_have_are_not(method: str) -> None:
    assert acting(Request(method=method)) == set()


@pytest.mark.parametrize(
    "host", ["madebuy.com.au", "www.madebuy.com.au", "pottery.madebuy.com.au", "a-makers-own.example"]
)
@pytest.mark.parametrize("path", ["/api/products", "/api/", "/api/health/deep"])
def test_the_public_api_is_counted_on_every_shops_host(host: str, path: str) -> None:
    assert acting(Request(host=host, path=path)) == {"public-api"}


@pytest.mark.parametrize(
    ("host", "path"),
    [
        ("madebuy.com.au", "/"),
        ("madebuy.com.au", "/apiary"),
        (DASHBOARD, "/api/products"),
    ],
)
def test_probes_pages_and_the_dashboard_are_not_counted(host: str, path: str) -> None:
    assert acting(Request(host=host, path=path)) == set()


def test_a_probe_passes_the_bot_check_and_is_not_counted() -> None:
    assert acting(Request(path="/api/health", user_agent="python-requests/2.32")) == {"health-probe-skip"}


@pytest.mark.parametrize("agent", ["Scrapy/2.11 (+https://scrapy.org)", "Mozilla/5.0 (compatible; AhrefsBot/7.0)"])
def test_a_program_that_names_itself_as_a_scraper_is_blocked_on_pages(agent: str) -> None:
    assert acting(Request(path="/marketplace", user_agent=agent)) == {"scrapers"}


@pytest.mark.parametrize(
    "agent", ["Mozilla/5.0 (Windows NT 10.0)", "Mozilla/5.0 (compatible; Googlebot/2.1)", "facebookexternalhit/1.1", ""]
)
def test_browsers_search_engines_and_link_previews_are_not(agent: str) -> None:
    assert acting(Request(path="/marketplace", user_agent=agent)) == set()


def test_a_script_may_call_the_api_and_is_counted_there() -> None:
    assert acting(Request(path="/api/products", user_agent="python-requests/2.32")) == {"public-api"}


def test_a_password_is_counted_on_the_dashboard() -> None:
    assert acting(Request(host=DASHBOARD, path="/api/auth/callback/credentials", method="POST")) == {"sign-in"}


def test_the_rest_of_sign_in_is_not_counted_as_a_password() -> None:
    assert acting(Request(host=DASHBOARD, path="/api/auth/session")) == set()


@pytest.mark.parametrize(
    ("country", "path", "challenged"),
    [("AU", "/", False), ("NZ", "/orders", False), ("RO", "/orders", True), ("RO", "/api/health", False)],
)
def test_the_dashboard_is_challenged_from_countries_without_makers(
    country: str, path: str, *, challenged: bool
) -> None:
    assert ("dashboard-countries" in acting(Request(host=DASHBOARD, path=path, country=country))) is challenged


def test_the_shop_is_open_to_the_whole_world() -> None:
    assert acting(Request(country="RO")) == set()


def test_a_free_zones_limit_counts_every_host() -> None:
    settings = edge(plan="free", rate_limit={"every_host": True, "requests": 100})
    (rule,) = rate_limit_rules(settings, apps())

    assert matches(str(rule.expression), Request(host=DASHBOARD, path="/api/products"))
