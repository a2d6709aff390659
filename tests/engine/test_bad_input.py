"""A stack file that asks for something wrong: one message with everything in it, and nothing registered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.engine.running import Run, World, copied_program

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.engine

FAKE_TOKEN = "dp.st." + "prd." + "a1B2c3D4" * 5  # put together here, so that no scanner takes it for a leaked one


def preview(folder: Path, changes: dict[str, Any], stack: str = "staging") -> tuple[Run, World]:
    world = World(folder / "home", copied_program(folder / "project", stack, changes))
    return world.pulumi(stack, "preview"), world


ACCESS = {"cidr": "0.0.0.0/0", "comment": "everyone"}
ONE_EACH: dict[str, tuple[dict[str, Any], str]] = {
    "an unknown key": ({"madebuy:databse": {}}, "madebuy:databse"),
    "a missing key": ({"madebuy:storage": None}, "madebuy:storage"),
    "a wrong type": (
        {"madebuy:cache": {"name": "madebuy-staging", "budget_usd": "plenty"}},
        "madebuy:cache.budget_usd",
    ),
    "an unknown profile": ({"madebuy:profile": "cheap"}, "madebuy:profile"),
    "a plan that can't": (
        {"madebuy:edge": {"zone": "madebuy-staging.com.au", "plan": "free", "rate_limit": {"period_seconds": 60}}},
        "madebuy:edge.rate_limit.period_seconds",
    ),
    "an open access list": (
        {"madebuy:database": {"project": "madebuy-staging", "access": [ACCESS]}},
        "madebuy:database.access[0].cidr",
    ),
}


@pytest.mark.parametrize("what", ONE_EACH)
def test_refuses(what: str, tmp_path: Path) -> None:
    changes, key = ONE_EACH[what]

    run, world = preview(tmp_path, changes)

    assert run.code != 0
    assert key in run.text
    assert "Traceback" not in run.text
    assert "+ 1 to create" in run.text  # the stack itself, which the engine makes before it starts a program
    assert world.resources("staging") == []


def test_all_problems_of_all_keys_come_at_once(tmp_path: Path) -> None:
    together: dict[str, Any] = {}
    for changes, _ in ONE_EACH.values():
        together |= changes

    run, _ = preview(tmp_path, together)

    assert [key for _, key in ONE_EACH.values() if key not in run.text] == []


def test_a_secret_in_plain_text_is_refused_and_not_printed(tmp_path: Path) -> None:
    run, _ = preview(tmp_path, {"doppler:dopplerToken": FAKE_TOKEN})

    assert run.code != 0
    assert "doppler:dopplerToken" in run.text
    assert FAKE_TOKEN not in run.text
