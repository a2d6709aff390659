"""The pack with an empty config of its own says nothing to other people that is only MadeBuy's choice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from pulumi.runtime.proto import analyzer_pb2 as wire

from policies import config
from tests.policies import strangers
from tests.policies.judging import diagnostics

if TYPE_CHECKING:
    from pathlib import Path

    from tests.policies.described import Described

ADVICE = {"turnstile-exists", "zone-leaked-credentials-exist"}
"""What a zone's owner is told of and may leave."""


@pytest.fixture(autouse=True)
def _of_nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """As README says: the pack's own config starts from `{}`."""
    empty = tmp_path / "config.json"
    empty.write_text("{}", encoding="utf-8")
    monkeypatch.setattr(config, "DEFAULTS", empty)


def told(program: tuple[Described, ...], level: int, stack: str = "prod") -> set[str]:
    return {one.policyName for one in diagnostics(program, stack=stack) if one.enforcementLevel == level}


@pytest.mark.parametrize(
    ("program", "asked"),
    [
        pytest.param(strangers.STATIC_SITE, set(), id="a static site on the Free plan"),
        pytest.param(strangers.WORKER_FRONT, set(), id="a zone on Business with a Worker in front"),
        pytest.param(strangers.COMPANY, set(), id="a company whose account runs the managed rules for all zones"),
        pytest.param(strangers.DATABASE, {"atlas-alerts-cover"}, id="a database behind a private endpoint on Azure"),
        pytest.param(strangers.CACHE, set(), id="Upstash alone"),
    ],
)
def test_a_well_made_program_is_refused_only_for_what_it_lacks(program: tuple[Described, ...], asked: set[str]) -> None:
    assert told(program, wire.MANDATORY) == asked
    assert told(program, wire.MANDATORY, stack="dev") <= {"stack-budget"}, "a number that everybody chooses"


def test_what_is_a_price_or_a_matter_of_the_site_is_advice() -> None:
    assert told(strangers.STATIC_SITE, wire.ADVISORY) == {*ADVICE, "zone-paid-plan"}
    assert told(strangers.WORKER_FRONT, wire.ADVISORY) == ADVICE


@pytest.mark.parametrize("plan", ["pro", "business"])
def test_a_zone_whose_plan_has_managed_rules_and_health_checks_is_asked_for_them(plan: str) -> None:
    bare = strangers.zone("zone", "site.example", plan)

    assert {"zone-managed-rules", "zone-owasp-rules", "public-host-watched"} <= told(bare, wire.MANDATORY)


def test_a_rule_of_the_account_for_another_zone_protects_none_of_ours() -> None:
    others = tuple(
        one.having("rules[1].expression", 'cf.zone.name eq "other.example"') if one.name == "account-managed" else one
        for one in strangers.COMPANY
    )

    assert told(others, wire.MANDATORY) == {"zone-owasp-rules"}


def test_a_zone_that_caches_pages_is_asked_about_sessions_still() -> None:
    pages = tuple(
        one.having("rules[0].expression", 'starts_with(http.request.uri.path, "/catalogue")')
        if one.name == "http_request_cache_settings"
        else one
        for one in strangers.WORKER_FRONT
    )

    assert told(pages, wire.MANDATORY) == {"cache-leaves-private"}
