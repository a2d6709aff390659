"""The recovery table: each figure is a formula over the settings, and the worst row is held against the promise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from operations.recovery import broken_promises, main, report, rows, worst
from tests.settings.stack_files import loaded

if TYPE_CHECKING:
    from settings import Stack

BACKUPS = "madebuy:database.backups"
KEY_BESIDE_COPIES = {"madebuy:recovery.region": "ap-southeast-4", "aws:region": "ap-southeast-4"}


def row(stack: Stack, failure: str) -> tuple[int, int]:
    (found,) = (each for each in rows(stack) if each.failure == failure)
    return found.rto.minutes, found.rpo.minutes


def test_every_kind_of_failure_has_its_row() -> None:
    assert [each.failure for each in rows(loaded("prod"))] == ["origin", "bad deployment", "bad data", "region"]


def test_a_lost_origin_costs_what_detection_and_failover_take() -> None:
    slower = {"madebuy:edge.load_balancer": {"interval_seconds": 300, "timeout_seconds": 10, "retries": 2}}

    assert row(loaded("prod"), "origin") == (2, 0)  # 60 + 3 x 5 + 30 s
    assert row(loaded("prod", slower), "origin") == (6, 0)  # 300 + 3 x 10 + 30 s


def test_a_single_origin_costs_its_rebuilding_by_hand() -> None:
    assert row(loaded("prod", {"madebuy:profile": "hardened"}), "origin") == (60, 0)


def test_bad_data_costs_a_minute_with_point_in_time_restore() -> None:
    assert row(loaded("prod"), "bad data") == (15, 1)


def test_bad_data_costs_an_interval_between_snapshots_without_it() -> None:
    snapshots = {"madebuy:database.tier": "M10", BACKUPS: {"point_in_time_days": None, "hourly_interval": 8}}

    assert row(loaded("staging", snapshots), "bad data") == (45, 480)


def test_flex_loses_a_day() -> None:
    assert row(loaded("staging"), "bad data") == (45, 1440)


@pytest.mark.parametrize(
    ("changes", "minutes"),
    [
        (KEY_BESIDE_COPIES, 1),
        ({"madebuy:database.customer_key": False}, 1),
        ({}, 10_080),  # the copies are elsewhere, and their key is not
        ({BACKUPS: {"copy_region": None}}, 10_080),
    ],
)
def test_a_lost_region_costs_what_the_copies_lack_or_a_week_where_nothing_opens_them(
    changes: dict[str, object], minutes: int
) -> None:
    assert row(loaded("prod", changes), "region") == (45, minutes)


def test_a_drill_replaces_the_vendors_word() -> None:
    drill = {"madebuy:recovery": {"restore_drill": {"day": "2026-12-01", "minutes": 22}}}
    before, after = (rows(loaded("prod", changes))[2] for changes in ({}, drill))

    assert (before.measured, "unmeasured" in before.rto.formula) == (False, True)
    assert (after.measured, after.rto.minutes, after.rto.formula) == (True, 22, "measured on 2026-12-01")


def test_the_worst_row_is_found_for_time_and_for_data() -> None:
    slowest, costliest = worst(rows(loaded("prod", {BACKUPS: {"copy_region": None}})))

    assert (slowest.failure, costliest.failure) == ("region", "region")


@pytest.mark.parametrize(
    ("stack", "changes", "kept"),
    [
        ("prod", {"madebuy:profile": "hardened"} | KEY_BESIDE_COPIES, True),
        ("prod", {"madebuy:profile": "hardened"}, False),
        ("prod", {"madebuy:profile": "high-availability"} | KEY_BESIDE_COPIES, False),
        ("staging", {"madebuy:profile": "minimal"}, True),
    ],
)
def test_a_profiles_promise_is_held_against_the_worst_row(stack: str, changes: dict[str, object], kept: bool) -> None:
    assert (broken_promises(loaded(stack, changes)) == ()) is kept


def test_what_is_not_kept_is_said_with_its_row_and_both_numbers() -> None:
    assert [broken.what for broken in broken_promises(loaded("prod"))] == [
        "RTO: region takes 45 minutes, and high-availability promises 15.",
        "RPO: region can lose 10080 minutes, and high-availability promises 60.",
    ]


def test_what_would_keep_it_and_what_that_costs_stand_below_what_is_not_kept() -> None:
    _, time, data = " ".join(report(loaded("prod")).split()).split("NOT KEPT")

    assert "5 nodes in 3 regions" in time
    assert "$0.02 to 0.15 for each GB" in time
    assert "madebuy:recovery.region and aws:region: ap-southeast-4, before the first `up`" in data
    assert "Costs nothing; no node can start while AWS is away there" in data


@pytest.mark.parametrize(("stack", "code"), [("staging", 0), ("prod", 1)])
def test_the_exit_code_says_whether_the_promise_is_kept(
    stack: str, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--stack", stack]) == code
    assert f"Recovery of {stack}" in capsys.readouterr().out


def test_a_stack_without_a_file_is_an_error_of_its_own(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--stack", "nowhere"]) == 2
    assert 'There is no stack "nowhere"' in capsys.readouterr().err
