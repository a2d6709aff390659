"""A larger program costs its share and no more. Calls are counted, not seconds: a busy machine is no finding."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Any

from tests.policies.described import Described, Marked, Of
from tests.policies.estate import ASKED, ESTATE
from tests.policies.judging import diagnostics

FEW, TIMES = 8, 4


def estates(count: int) -> list[Described]:
    """A company that has the whole estate many times, each with names of its own."""
    return [
        replace(one, name=f"{one.name}-{number}", props=renamed(one.props, str(number)))
        for number in range(count)
        for one in ESTATE
    ]


def renamed(value: Any, number: str) -> Any:
    if isinstance(value, Of):
        return Of(f"{value.name}-{number}")
    if isinstance(value, Marked):
        return Marked(renamed(value.value, number))
    if isinstance(value, dict):
        return {name: renamed(item, number) for name, item in value.items()}
    if isinstance(value, list):
        return [renamed(item, number) for item in value]
    return value.replace("madebuy", f"madebuy{number}") if isinstance(value, str) else value


def calls(resources: list[Described]) -> int:
    """How many functions of Python the pack calls to judge them."""
    counted = 0

    def count(_: object, event: str, __: object) -> None:
        nonlocal counted
        counted += event == "call"

    sys.setprofile(count)
    try:
        diagnostics(resources, config=ASKED)
    finally:
        sys.setprofile(None)
    return counted


def test_judging_a_stack_grows_with_its_resources_and_not_with_their_square() -> None:
    assert calls(estates(FEW * TIMES)) < 1.1 * TIMES * calls(estates(FEW))
