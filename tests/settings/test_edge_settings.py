"""What the edge's settings refuse, by the plan and together with the apps."""

from typing import Any

import pytest

from tests.settings.stack_files import FREE, Changes, loaded, refusal, rejects

DKIM = f"MIGf{'A' * 212}"
UNCHECKED = {"reason": "Railway's edge shows its own", "ticket": "INFRA-12", "expires": "2027-01-31"}


@pytest.mark.parametrize(
    ("changes", "at", "says"),
    [
        ({"madebuy:edge.sign_in_limit": {}}, "madebuy:edge.sign_in_limit", "has one rate limiting rule"),
        ({"madebuy:edge.rate_limit": {}}, "madebuy:edge.rate_limit.every_host", "can't tell hosts apart"),
        (
            {"madebuy:edge.firewall": {"dashboard_countries": ["AU"]}},
            "madebuy:edge.firewall.dashboard_countries",
            "has 5 rules of our own",
        ),
        ({"madebuy:edge.bots": {"automated": "block"}}, "madebuy:edge.bots.automated", "Stripe's webhooks too"),
        ({"madebuy:edge.bots": {"likely_automated": "block"}}, "madebuy:edge.bots.likely_automated", "plan: business"),
    ],
)
def test_rejects_what_a_free_zone_cannot_hold(changes: Changes, at: str, says: str) -> None:
    rejects({**FREE, **changes}, at=at, says=says, stack="staging")


def test_rejects_an_action_on_probable_bots_below_business() -> None:
    rejects(
        {"madebuy:edge.bots": {"likely_automated": "block"}},
        at="madebuy:edge.bots.likely_automated",
        says="plan pro knows sure cases only",
    )


@pytest.mark.parametrize("field", ["period_seconds", "mitigation_seconds"])
def test_rejects_a_sign_in_limit_in_times_the_plan_does_not_have(field: str) -> None:
    rejects(
        {"madebuy:edge.sign_in_limit": {field: 61}}, at=f"madebuy:edge.sign_in_limit.{field}", says="does not take 61"
    )


@pytest.mark.parametrize("plan", ["pro", "business", "enterprise"])
def test_a_paid_zone_needs_to_be_told_nothing(plan: str) -> None:
    assert loaded("prod", {"madebuy:edge.plan": plan}).edge.sign_in_limit is not None


def test_rejects_an_exception_for_a_host_that_nobody_asks_for() -> None:
    rejects(
        {"madebuy:edge.tls": {"host_exceptions": [{"host": "shop.madebuy.com.au", **UNCHECKED}]}},
        at="madebuy:edge.tls.host_exceptions[0].host",
        says='"shop.madebuy.com.au" is no host of madebuy:apps',
    )


def test_rejects_exceptions_by_host_where_no_host_is_checked() -> None:
    tls = {"mode": "full", "exception": UNCHECKED, "host_exceptions": [{"host": "madebuy.com.au", **UNCHECKED}]}

    rejects({"madebuy:edge.tls": tls}, at="madebuy:edge.tls.host_exceptions", says="no host is checked")


@pytest.mark.parametrize("host", ["madebuy.com.au", "dashboard.madebuy.com.au", "*.madebuy.com.au"])
def test_an_exception_leaves_the_other_hosts_checked(host: str) -> None:
    tls = loaded("prod", {"madebuy:edge.tls": {"host_exceptions": [{"host": host, **UNCHECKED}]}}).edge.tls

    assert tls.exception_for(host) is not None
    assert tls.exception_for("www.madebuy.com.au") is None


@pytest.mark.parametrize(
    ("caching", "at", "says"),
    [
        ({"shared_paths": ["/api/health"]}, "shared_paths[0]", "/api/health"),
        ({"static_paths": ["/api/webhooks"]}, "static_paths[0]", "/api/webhooks/stripe"),
    ],
)
def test_rejects_keeping_an_answer_that_must_be_fresh(caching: dict[str, Any], at: str, says: str) -> None:
    rejects({"madebuy:edge.caching": caching}, at=f"madebuy:edge.caching.{at}", says=says)


def test_a_path_that_covers_several_fresh_ones_is_told_about_each() -> None:
    error = refusal("prod", {"madebuy:edge.caching": {"shared_paths": ["/api/"]}})

    for path in ("/api/health", "/api/webhooks/stripe", "/api/auth/callback/credentials"):
        assert path in str(error)


def test_rejects_a_path_kept_for_a_year_and_for_five_minutes() -> None:
    rejects(
        {"madebuy:edge.caching": {"static_paths": ["/market"]}},
        at="madebuy:edge.caching.shared_paths",
        says="cover each other",
    )


@pytest.mark.parametrize(
    ("hosts", "index", "says"),
    [
        (["pottery.madebuy.com.au"], 0, "is in the zone itself"),
        (["shop.example.com", "shop.example.com"], 1, "is listed twice"),
    ],
)
def test_rejects_a_makers_domain_that_is_not_one_makers(hosts: list[str], index: int, says: str) -> None:
    rejects(
        {"madebuy:edge.tenant_domains": {"hosts": hosts}},
        at=f"madebuy:edge.tenant_domains.hosts[{index}]",
        says=says,
    )


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("_railway-verify.example.com", "is not in the zone"),
        ("www.madebuy.com.au", "has no other record"),
        ("media.madebuy.com.au", "has no other record"),
    ],
)
def test_rejects_a_record_that_collides_or_is_not_ours(name: str, says: str) -> None:
    rejects(
        {"madebuy:edge.text_records": [{"name": name, "content": "x"}]},
        at="madebuy:edge.text_records[0].name",
        says=says,
    )


def test_rejects_a_record_written_twice() -> None:
    record = {"name": "madebuy.com.au", "content": "x"}

    rejects({"madebuy:edge.text_records": [record, record]}, at="madebuy:edge.text_records[1]", says="listed twice")


def test_a_name_may_have_several_proofs() -> None:
    records = [{"name": "madebuy.com.au", "content": content} for content in ("x", "y")]

    assert len(loaded("prod", {"madebuy:edge.text_records": records}).edge.text_records) == 2


def test_rejects_a_return_path_that_is_a_host() -> None:
    mail = {"resend": {"dkim_public_key": DKIM, "return_path": "www"}, "dmarc": {"policy": "reject"}}

    rejects({"madebuy:edge.mail": mail}, at="madebuy:edge.mail.resend.return_path", says="is a host already")


def test_rejects_patience_with_forgeries_of_a_domain_that_sends_nothing() -> None:
    mail = {"receives": False, "dmarc": {"policy": "quarantine"}}

    rejects({"madebuy:edge.mail": mail}, at="madebuy:edge.mail.dmarc.policy", says="Write policy: reject")


def test_rejects_a_dmarc_that_only_asks_for_reports_to_nobody() -> None:
    mail = {"other_senders": ["_spf.google.com"], "dmarc": {"policy": "none"}}

    rejects({"madebuy:edge.mail": mail}, at="madebuy:edge.mail.dmarc.report_to", says="nobody would get them")


@pytest.mark.parametrize("key", ["MIIEvQIBADANBgkqhkiG9w0BAQEFAASC", "p=MIGf", "x"])
def test_rejects_what_is_not_a_public_key(key: str) -> None:
    mail = {"resend": {"dkim_public_key": key}, "dmarc": {"policy": "reject"}}

    rejects({"madebuy:edge.mail": mail}, at="madebuy:edge.mail.resend.dkim_public_key", says="DKIM public key")


def test_a_public_key_is_not_taken_for_a_secret() -> None:
    key = f"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQ{'Ab1' * 60}IDAQAB"
    mail = {"resend": {"dkim_public_key": key}, "dmarc": {"policy": "reject"}}

    assert loaded("prod", {"madebuy:edge.mail": mail}).edge.mail is not None


def test_a_stripe_key_in_a_public_record_is_still_a_secret() -> None:
    record = {"name": "madebuy.com.au", "content": "sk_live_" + "a1B2c3D4e5"}

    rejects(
        {"madebuy:edge.text_records": [record]}, at="madebuy:edge.text_records[0].content", says="a Stripe key is here"
    )


def test_rejects_our_certificate_for_a_platforms_edge() -> None:
    rejects(
        {"madebuy:edge.origin_tls": {}, "madebuy:apps.origins[0].address": "g05ns7.up.railway.app"},
        at="madebuy:edge.origin_tls",
        says='"sydney-1"',
    )


def test_rejects_health_checks_that_the_origin_would_turn_away() -> None:
    rejects(
        {"madebuy:profile": "hardened", "madebuy:edge.origin_tls": {}},
        at="madebuy:edge.origin_tls.authenticated_pulls",
        says="carry no certificate",
    )


def test_rejects_more_origins_than_the_plan_can_check() -> None:
    origins = [{"name": f"sydney-{n}", "address": f"203.0.113.{n}"} for n in range(1, 7)]

    rejects(
        {
            "madebuy:profile": "hardened",
            "madebuy:apps.origins": origins,
            "madebuy:database.pool": {"max_size": 10, "min_size": 1},
        },
        at="madebuy:apps.origins",
        says="need 12 health checks, and plan pro has 10",
    )
