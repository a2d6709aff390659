"""Whatever way an expression is written, the pack knows of whom it is true."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.expressions import always, may_be_for, never, parse, takes_anyone, truth

EVERYBODY = (
    "true",
    "((true))",
    "1 eq 1",
    "not false",
    "!false",
    "true or false",
    "ssl or not ssl",
    "ip.src eq 203.0.113.9 or true",
    "ip.src in {0.0.0.0/0 ::/0}",
    "ip.src in {0.0.0.0/1 128.0.0.0/1}",
    'http.host ne ""',
    'lower(http.host) != ""',
    'not (http.host eq "")',
    'http.host matches ".*"',
    'http.host contains "."',
    'http.request.uri.path contains "/"',
    'starts_with(http.request.uri.path, "/")',
    'starts_with(raw.http.request.uri.path, "/")',
    'http.request.uri.path strict wildcard "/*"',
    'http.request.uri.path matches "^/"',
    'http.request.uri wildcard "*"',
    'http.request.full_uri wildcard r"http*"',
    "len(http.request.uri.path) > 0",
)
"""True of every request, each in its own way."""

ANYBODY = (
    'http.host eq "shop.example"',
    'http.user_agent contains "UptimeRobot/2.0 (a long name)"',
    'not http.user_agent contains "x"',
    'http.referer contains "shop.example"',
    'ip.src.country eq "AU"',
    'http.request.method in {"GET" "HEAD"}',
    'http.cookie contains "session"',
    'any(http.request.headers["x-team"][*] eq "1")',
    'http.request.uri.query contains "debug"',
    "not ip.src in {203.0.113.7}",
    'http.request.uri.path ne "/checkout"',
    "ip.src in {64.0.0.0/4}",
    'http.request.uri.path eq "/hook" or http.host eq "shop.example"',
    " or ".join(f'http.user_agent contains "robot {number}"' for number in range(20)),
    "cf.threat_score lt 50",
    "cf.bot_management.score gt 29",
    "cf.waf.score > 20",
    "http.request.timestamp.sec gt 0",
    "cf.edge.server_port in {80 443}",
    'cf.tls_version eq "TLSv1.3"',
    'cf.zone.name eq "madebuy.com.au"',
    "ip.src.asnum eq 16509",
    "ip.src.is_in_european_union",
    "ip.src in $cf.vpn",
    "not cf.client.bot",
    "cf.client.bot eq false",
    'http.request.body.raw contains "order"',
    'raw.http.request.uri.query contains "debug"',
    "len(http.request.uri.path) lt 5000",
    'http.request.uri.path.extension eq ""',
    'substring(http.request.uri.path, 0, 1) eq "/"',
    'http.request.uri contains "/webhook"',
    'http.request.uri matches "/webhook$"',
    'http.request.full_uri wildcard "https://*.example.com/files/*"',
    'starts_with(http.request.full_uri, "https://shop.example/")',
    'some.new.field eq "x"',
)
"""Not true of every request, and true of every stranger's who knows the rule."""

NAMED = (
    'http.request.uri.path eq "/hook"',
    'http.request.uri.path in {"/a" "/b"}',
    'http.host eq "shop.example" and ip.src in {203.0.113.0/24}',
    "ip.src in $office",
    "cf.client.bot",
    'cf.verified_bot_category eq "Monitoring" and http.request.method eq "GET"',
    'http.request.method eq "OPTIONS"',
    'any(http.request.headers["x-key"][*] eq "correct-horse-battery")',
    'starts_with(http.request.uri.path, "/api/") and not http.cookie contains "x"',
    'starts_with(raw.http.request.uri.path, "/api/")',
    'not http.request.uri.path ne "/hook"',
    'http.request.uri.path strict wildcard "/files/*"',
    'http.request.full_uri wildcard r"https://shop.example/files/*"',
    'starts_with(http.request.uri, "/files")',
    'http.request.uri eq "/hook?x=1"',
    "cf.tls_client_auth.cert_verified and not ssl",
    'is_timed_hmac_valid_v0("key", http.request.uri, 10800, http.request.timestamp.sec, 8)',
    "cf.client.bot and cf.threat_score lt 50",
    r'http.request.uri.path eq "/a\" or true or http.host eq \"b"',
    "ip.src in {203.0.113.0/24} and (" + " or ".join(f'http.host eq "{number}.example"' for number in range(20)) + ")",
)
"""For a path, an address, or somebody that a stranger can't be."""


@pytest.mark.parametrize("expression", EVERYBODY)
def test_what_is_true_of_every_request_is_known_for_it(expression: str) -> None:
    assert always(expression)
    assert takes_anyone(expression)


@pytest.mark.parametrize("expression", ANYBODY)
def test_what_a_visitor_says_of_itself_keeps_nobody_out(expression: str) -> None:
    assert not always(expression)
    assert takes_anyone(expression)


@pytest.mark.parametrize("expression", NAMED)
def test_what_names_a_path_an_address_or_a_verified_caller_is_for_those(expression: str) -> None:
    assert not always(expression)
    assert not takes_anyone(expression)


@pytest.mark.parametrize("expression", ["false", "not true", 'http.host eq ""', "ssl and not ssl", "cf.bot and false"])
def test_what_is_true_of_no_request_is_known_for_it(expression: str) -> None:
    assert never(expression)


def test_and_binds_stronger_than_or() -> None:
    assert always("true or false and false")
    assert not always("(true or false) and false")


def test_what_an_expression_names_may_be_what_it_is_for_or_what_it_leaves_out() -> None:
    path = "http.request.uri.path"

    assert may_be_for(f'starts_with({path}, "/api/") and not {path} in {{"/api/health"}}', "/api")
    assert not may_be_for(f'not starts_with({path}, "/api/")', "/api")
    assert not may_be_for(f'starts_with({path}, "/api/") and false', "/api")
    assert not may_be_for("true", "/api")


@pytest.mark.parametrize("text", ["", "(", ")", "not", "ssl and", '"', "(ssl", "ssl)", "and ssl"])
def test_what_is_no_expression_may_be_true_of_anybody_and_is_known_to_be_of_nobody(text: str) -> None:
    assert parse(text) is None
    assert truth(text, lambda _: True) is None
    assert not always(text)
    assert takes_anyone(text)


@given(st.text(alphabet='abc."(){}[]!=<>~&|^ #r\\*/019', max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    assert not (always(text) and never(text))
    assert takes_anyone(text) in (True, False)
