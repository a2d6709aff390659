"""The pack on the real CLI, over a provider that answers with what it is given."""

from __future__ import annotations

import shutil
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.policies.batches import batches
from tests.policies.described import Described, Marked, Of
from tests.policies.engine import ROOT
from tests.policies.estate import ASKED, ESTATE
from tests.policies.judging import RULES

if TYPE_CHECKING:
    from pathlib import Path

    from tests.policies.engine import Engine

pytestmark = pytest.mark.engine

PASSWORD = "correct-horse-battery"
USER = next(one for one in ESTATE if one.name == "user")
EXPOSED = Described(USER.type, "exposed", {"projectId": "p", "username": "web", "roles": [], "password": PASSWORD})
ONLY_SECRETS = {"plaintext-secret"}
ALONE = {
    "pack": {"highAvailability": []},
    **{name: ASKED[name] for name in ("atlas-alerts-cover", "atlas-audit-filter", "atlas-guard-rails-cover")},
}
"""A vendor by itself can't keep a promise that needs another."""
BREAKS = {
    "aws": ("key", "enableKeyRotation", False, "kms-key-rotation"),
    "cloudflare": ("min-tls", "value", "1.0", "zone-minimum-tls"),
    "doppler": ("service-token", "access", "read/write", "doppler-service-token-read-only"),
    "mongodbatlas": ("cluster", "terminationProtectionEnabled", False, "atlas-termination-protection"),
    "upstash": ("redis", "tls", False, "redis-tls"),
}


def of_vendor(vendor: str) -> tuple[Described, ...]:
    """A vendor's part of the estate, and what it refers to."""
    wanted = {one.name for one in ESTATE if one.type.startswith(f"{vendor}:")}
    for one in reversed(ESTATE):
        if one.name in wanted:
            wanted |= set(named(one.props))
    return tuple(one for one in ESTATE if one.name in wanted)


def named(value: object) -> list[str]:
    if isinstance(value, Of):
        return [value.name]
    if isinstance(value, Marked):
        return named(value.value)
    if isinstance(value, dict | list):
        return [name for item in (value.values() if isinstance(value, dict) else value) for name in named(item)]
    return []


def test_the_good_estate_previews_without_a_finding(engine: Engine) -> None:
    outcome = engine.run(ESTATE, config=ASKED)

    assert outcome.findings == ()
    assert outcome.code == 0, outcome.text


def test_one_mistake_per_rule_is_blocked_by_name_each_rule_once(engine: Engine) -> None:
    blocked: set[str] = set()
    for batch in batches():
        # For all: MadeBuy's own config makes a rule or two advisory, which is not what is tested here.
        config = {**batch.config, "all": "mandatory"}
        outcome = engine.run(batch.estate, config=config, outputs=batch.outputs, tags=batch.tags)

        assert outcome.code != 0
        assert outcome.blocking == Counter(dict.fromkeys(batch.rules, 1))
        blocked |= set(outcome.blocking)
    assert blocked == set(RULES)


@pytest.mark.parametrize("vendor", BREAKS)
def test_a_good_program_of_one_vendor_passes(engine: Engine, vendor: str) -> None:
    outcome = engine.run(of_vendor(vendor), config=ALONE)

    assert (outcome.code, outcome.blocking) == (0, Counter()), outcome.text


@pytest.mark.parametrize("vendor", BREAKS)
def test_a_bad_program_of_one_vendor_is_blocked(engine: Engine, vendor: str) -> None:
    name, path, value, rule = BREAKS[vendor]
    broken = [one.having(path, value) if one.name == name else one for one in of_vendor(vendor)]

    outcome = engine.run(broken, config=ALONE)

    assert (outcome.code != 0, outcome.blocking) == (True, Counter([rule])), outcome.text


def test_a_plain_password_is_found_and_never_printed(engine: Engine) -> None:
    outcome = engine.run([EXPOSED], stack="staging")

    assert outcome.blocking["plaintext-secret"] == 1
    assert PASSWORD not in outcome.text


@pytest.mark.parametrize(("level", "code"), [("advisory", 0), ("mandatory", 255)])
def test_the_secret_rule_fires_at_any_level_given_to_all(engine: Engine, level: str, code: int) -> None:
    outcome = engine.run([EXPOSED], stack="staging", config={"all": level})

    found = outcome.blocking if level == "mandatory" else outcome.advisory
    assert found["plaintext-secret"] == 1
    assert (outcome.code == 0) == (code == 0)


def test_a_marked_password_is_not_found(engine: Engine) -> None:
    outcome = engine.run([EXPOSED.having("password", Marked(PASSWORD))], stack="staging")

    assert outcome.blocking["plaintext-secret"] == 0


def test_a_threshold_outside_its_bounds_is_refused_before_anything_is_judged(engine: Engine) -> None:
    outcome = engine.run([], config={"atlas-access-list-narrow": {"minPrefix": 0}})

    assert outcome.code != 0
    assert "minPrefix: Must be greater than or equal to 8" in outcome.text


@pytest.mark.parametrize(
    ("config", "says"),
    [
        ({"redis-tsl": "advisory"}, "there is no rule called redis-tsl; did you mean redis-tls?"),
        ({"pack": {"prodction": ["live"]}}, "there is no option of pack called prodction; did you mean production?"),
        ({"pack": {"production": "live"}}, "production: Invalid type. Expected: array, given: string"),
    ],
)
def test_a_config_with_a_slip_is_refused_and_says_which(engine: Engine, config: dict[str, object], says: str) -> None:
    outcome = engine.run([], config=config)

    assert outcome.code != 0
    assert says in outcome.text


def test_an_exception_without_a_reason_is_refused(engine: Engine) -> None:
    accepted = {"rule": "redis-tls", "urn": "urn:pulumi:*", "reason": "", "ticket": "X-1", "expires": "2027-01-01"}

    outcome = engine.run([], config={"pack": {"exceptions": [accepted]}})

    assert outcome.code != 0
    assert "reason" in outcome.text


def test_up_without_a_preview_creates_nothing_that_is_refused(engine: Engine) -> None:
    redis = next(one for one in ESTATE if one.name == "redis").having("tls", False)

    outcome = engine.run([redis], stack="prod", command="up")

    assert outcome.code != 0
    assert outcome.blocking["redis-tls"] == 1
    assert not any("redisDatabase" in urn for urn in engine.deployed("prod"))


def test_an_exported_state_is_judged_without_a_backend(engine: Engine) -> None:
    project = engine.project([EXPOSED, *(one for one in ESTATE if one.name == "redis")], {"dbPassword": PASSWORD})
    engine.cli(project, "stack", "select", "--create", "prod-copy")
    engine.cli(project, "up", "--yes", "--skip-preview", "--non-interactive")
    state = project / "state.json"
    state.write_text(engine.cli(project, "stack", "export", "--show-secrets").stdout)

    outcome = engine.analyze(project, state, {"pack": {"production": ["prod-*"]}})

    assert outcome.code != 0
    assert outcome.blocking["plaintext-secret"] == 1
    assert outcome.blocking["output-secret"] == 1
    assert PASSWORD not in str(outcome.findings)


def test_a_copy_of_the_pack_under_another_name_judges_with_the_environment_beside_it(
    engine: Engine, tmp_path: Path
) -> None:
    shutil.copytree(ROOT / "policies", tmp_path / "of-a-stranger", ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    project = engine.project([EXPOSED], {})
    engine.cli(project, "stack", "select", "--create", "prod")

    outcome = engine.preview(project, [tmp_path / "of-a-stranger"], tmp_path / "events.json")

    assert outcome.blocking["plaintext-secret"] == 1, outcome.text
