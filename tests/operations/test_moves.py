"""Which move a secret makes on which day."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from operations import moves
from operations.moves import Move, Outcome
from settings import Secrets
from settings.contract import AppName
from settings.rotation import MADE_HERE, ROTATING, Kind

FIRST_DAY = date(2026, 11, 1)
PERIOD, OVERLAP = 90, 14
PAIRS = [name for name, each in ROTATING.items() if each.kind is Kind.PAIR]
CUTOVERS = [name for name, each in ROTATING.items() if each.kind is Kind.CUTOVER]
VENDORS = [name for name, each in ROTATING.items() if each.kind is Kind.VENDOR]


def day(number: int) -> date:
    return FIRST_DAY + timedelta(days=number)


def fresh() -> Secrets:
    return Secrets(doppler_project="madebuy", started_on=FIRST_DAY, period_days=PERIOD, overlap_days=OVERLAP)


def after(secrets: Secrets, *made: Move) -> Secrets:
    rotation = {**secrets.rotation, **{move.name: move.live for move in made if move.live}}
    return Secrets.model_validate(secrets.model_dump() | {"rotation": rotation})


def run(secrets: Secrets, number: int) -> Secrets:
    return after(secrets, *moves.due(secrets, day(number)))


def delivered(secrets: Secrets) -> dict[str, int]:
    """What an `up` that succeeds leaves behind."""
    return {name: secrets.generations(name)[-1].generation for name in MADE_HERE}


def started(secrets: Secrets, app: AppName) -> list[Move]:
    return list(moves.redeployed(secrets, app, delivered(secrets)))


def recorded(secrets: Secrets) -> Secrets:
    for app in AppName:
        secrets = after(secrets, *started(secrets, app))
    return secrets


def outcomes(secrets: Secrets, number: int) -> dict[str, Outcome]:
    return {move.name: move.outcome for move in moves.due(secrets, day(number))}


def live(secrets: Secrets, name: str) -> list[int]:
    return [each.generation for each in secrets.generations(name)]


@pytest.mark.parametrize("number", [0, 1, PERIOD - 1])
def test_nothing_moves_before_its_day(number: int) -> None:
    assert outcomes(fresh(), number) == {}


@pytest.mark.parametrize("name", PAIRS)
def test_the_new_one_of_a_pair_starts_on_its_day_beside_the_old_one(name: str) -> None:
    assert live(run(fresh(), PERIOD), name) == [1, 2]


@pytest.mark.parametrize("name", CUTOVERS)
def test_a_cutover_leaves_one_value(name: str) -> None:
    assert live(run(fresh(), PERIOD), name) == [2]


@pytest.mark.parametrize("name", VENDORS)
def test_a_vendors_secret_is_left_to_a_person_until_it_is_recorded(name: str) -> None:
    asked = run(fresh(), 365)
    (record,) = moves.done(asked, [name], day(366))

    assert outcomes(fresh(), 365)[name] is Outcome.BY_HAND
    assert live(asked, name) == [1]
    assert name not in outcomes(after(asked, record), 367)


def test_a_record_of_work_at_a_vendor_is_taken_once_a_day() -> None:
    (record,) = moves.done(fresh(), ["stripe"], day(10))

    assert list(moves.done(after(fresh(), record), ["stripe"], day(10))) == []


def test_a_second_run_on_the_same_day_moves_nothing() -> None:
    assert outcomes(run(fresh(), PERIOD), PERIOD) == {}


def test_the_old_one_is_retired_after_the_overlap_when_every_app_has_started_anew() -> None:
    secrets = recorded(run(fresh(), PERIOD))

    assert outcomes(secrets, PERIOD + OVERLAP - 1) == {}
    assert all(live(run(secrets, PERIOD + OVERLAP), name) == [2] for name in PAIRS)


@pytest.mark.parametrize("number", [PERIOD + OVERLAP, 2 * PERIOD, 4 * PERIOD])
def test_the_old_one_is_not_retired_while_one_app_may_still_hold_it(number: int) -> None:
    both = run(fresh(), PERIOD)
    one = after(both, *started(both, AppName.ADMIN))

    assert live(run(one, number), "database-users") == [1, 2]
    assert outcomes(one, number)["database-users"] is Outcome.WAITING
    says = {move.name: move.says for move in moves.due(one, day(number))}
    assert "that web started with 2 is not recorded" in says["database-users"]


def test_a_restart_is_recorded_only_for_what_the_app_holds_and_while_two_are_live() -> None:
    both = run(fresh(), PERIOD)

    assert started(fresh(), AppName.WEB) == []
    assert {move.name for move in started(both, AppName.WEB)} == {"database-users", "service-token-web"}
    assert started(after(both, *started(both, AppName.WEB)), AppName.WEB) == []


def test_a_restart_before_the_up_that_delivers_is_not_recorded() -> None:
    both = run(fresh(), PERIOD)
    found = list(moves.redeployed(both, AppName.WEB, delivered(fresh())))

    assert [(move.outcome, move.live) for move in found] == [(Outcome.WAITING, None)] * 2
    assert "no `up` has delivered generation 2 yet" in found[0].says


@pytest.mark.parametrize("name", PAIRS + CUTOVERS)
def test_a_run_two_periods_late_moves_by_one_generation_and_the_next_is_a_period_away(name: str) -> None:
    late = 3 * PERIOD
    secrets = run(fresh(), late)

    assert live(secrets, name)[-1] == 2
    assert outcomes(secrets, late + OVERLAP - 1) == {}
    assert secrets.due_on(name) == day(late + PERIOD)


def test_late_to_retire_and_late_to_start_are_two_runs() -> None:
    secrets = recorded(run(fresh(), PERIOD))
    retired = run(secrets, 3 * PERIOD)

    assert live(retired, "media-key") == [2]
    assert live(run(retired, 3 * PERIOD), "media-key") == [2, 3]


def test_a_leak_moves_that_secret_today_and_no_other() -> None:
    secrets = after(fresh(), *moves.now(fresh(), ["zone-token", "nextauth-secret"], day(5)))

    assert (live(secrets, "zone-token"), live(secrets, "nextauth-secret")) == ([1, 2], [2])
    assert live(secrets, "media-key") == [1]


def test_a_leaked_one_of_a_pair_is_retired_at_once_but_not_before_the_apps_let_go_of_it() -> None:
    secrets = after(fresh(), *moves.now(fresh(), ["zone-token"], day(5)))
    (waiting,) = moves.now(secrets, ["zone-token"], day(5))
    (retired,) = moves.now(recorded(secrets), ["zone-token"], day(5))

    assert (waiting.outcome, waiting.live) == (Outcome.WAITING, None)
    assert retired.outcome is Outcome.RETIRED


def test_what_waits_for_a_person_says_where_it_is_told_how() -> None:
    (waiting,) = [move for move in moves.due(run(fresh(), PERIOD), day(PERIOD + OVERLAP)) if move.name == "media-key"]

    assert "docs/RUNBOOK.md, Rotating secrets" in waiting.says


@settings(deadline=None, max_examples=60)
@given(days=st.lists(st.integers(0, 800), max_size=60), records=st.lists(st.booleans(), min_size=60, max_size=60))
def test_whenever_it_runs_no_generation_is_skipped_early_or_made_twice(days: list[int], records: list[bool]) -> None:
    secrets = fresh()
    for number, restarted in zip(sorted(days), records, strict=False):
        before = secrets
        secrets = run(secrets, number)
        for name in PAIRS + CUTOVERS:
            was, now = before.generations(name), secrets.generations(name)
            assert now[-1].generation - was[-1].generation in (0, 1)
            if now[-1] != was[-1] and now[-1].generation != was[-1].generation:
                assert now[-1].started == day(number) >= was[-1].started + timedelta(days=PERIOD)
            numbers = [each.generation for each in now]
            assert Counter(numbers).most_common(1)[0][1] == 1
        assert run(secrets, number).generations("nextauth-secret") == secrets.generations("nextauth-secret")
        if restarted:
            secrets = recorded(secrets)


@settings(deadline=None, max_examples=60)
@given(days=st.lists(st.integers(0, 800), max_size=60), records=st.lists(st.booleans(), min_size=60, max_size=60))
def test_whenever_it_runs_an_app_never_holds_a_retired_credential(days: list[int], records: list[bool]) -> None:
    """The app holds what was newest when it last started, and it starts anew only when the list says so."""
    secrets, held = fresh(), 1
    for number, restarted in zip(sorted(days), records, strict=False):
        secrets = run(secrets, number)
        assert held in live(secrets, "media-key")
        if restarted:
            held = live(secrets, "media-key")[-1]
            secrets = recorded(secrets)
