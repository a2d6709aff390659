"""Paths into properties, and what is secret or unknown on the way."""

from __future__ import annotations

from typing import Any

import pytest

from policies.values import UNKNOWN, Secret, bare, leaves, pattern, walk

RULES = {"rules": [{"allowed": {"origins": ["a", "b"]}}, {"allowed": {"origins": ["c"]}}]}


def found(props: Any, path: str) -> list[tuple[str, Any]]:
    return [(one.path, one.value) for one in walk(props, path)]


def test_a_path_leads_through_every_item_of_a_list() -> None:
    assert found(RULES, "rules[].allowed.origins[]") == [
        ("rules[0].allowed.origins[0]", "a"),
        ("rules[0].allowed.origins[1]", "b"),
        ("rules[1].allowed.origins[0]", "c"),
    ]


@pytest.mark.parametrize("props", [{}, {"rules": None}, {"rules": []}, {"rules": [{}]}, {"rules": [None]}])
def test_what_is_not_set_leads_nowhere(props: Any) -> None:
    assert found(props, "rules[].allowed") == []


def test_an_unknown_part_ends_the_walk_and_is_reported_where_it_is() -> None:
    assert found({"rules": [{"allowed": UNKNOWN}]}, "rules[].allowed.origins[]") == [("rules[0].allowed", UNKNOWN)]


def test_a_single_value_where_a_list_is_expected_is_a_list_of_one() -> None:
    assert found({"rules": {"allowed": "x"}}, "rules[].allowed") == [("rules[0].allowed", "x")]


def test_a_wrong_shape_leads_nowhere() -> None:
    assert found({"rules": ["text", 7, True]}, "rules[].allowed") == []


def test_a_secret_is_seen_through_and_remembered() -> None:
    (one,) = walk({"login": Secret({"password": "x"})}, "login.password")

    assert (one.value, one.secret) == ("x", True)


def test_a_secret_has_no_printable_form() -> None:
    assert "hunter2" not in repr({"password": Secret("hunter2")})


def test_marks_come_off_all_the_way_down() -> None:
    assert bare(Secret({"a": [Secret(1), {"b": Secret("c")}]})) == {"a": [1, {"b": "c"}]}


def test_leaves_are_every_scalar_with_its_path() -> None:
    props = {"a": 1, "b": [True, {"c": UNKNOWN}], "d": Secret({"e": "x"})}

    assert [(leaf.path, leaf.value, leaf.secret) for leaf in leaves(props)] == [
        ("a", 1, False),
        ("b[0]", True, False),
        ("b[1].c", UNKNOWN, False),
        ("d.e", "x", True),
    ]


def test_a_pattern_is_a_path_without_positions() -> None:
    assert pattern("rules[0].allowed.origins[12]") == "rules[].allowed.origins[]"
