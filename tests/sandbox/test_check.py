"""Inputs that do not fit the schema are refused in the providers' words, by path and without a value."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox import check, schema, vendors
from sandbox.wire import UNKNOWN

RECORD = schema.lookup("cloudflare:index/dnsRecord:DnsRecord")
GOOD = {"zoneId": "z", "name": "www", "type": "A", "ttl": 1, "content": "192.0.2.1"}
SECRET = "hunter2-and-more"
NULL = "Null value found in list: Null values are not allowed for this attribute value"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"colour": 1}, "Invalid or unknown key 'colour'. Examine values at 'www.colour'."),
        ({"ttl": None}, "Missing required property 'ttl'. Examine values at 'www.ttl'."),
        ({"ttl": "1"}, "expected number type, got string type. Examine values at 'www.ttl'."),
        ({"proxied": 1}, "expected boolean type, got integer type. Examine values at 'www.proxied'."),
        ({"priority": True}, "expected number type, got boolean type. Examine values at 'www.priority'."),
        ({"tags": "a"}, "expected list type, got string type. Examine values at 'www.tags'."),
        ({"tags": [1]}, "expected string type, got integer type. Examine values at 'www.tags[0]'."),
        (
            {"tags": ["a", None]},
            f"{NULL}. Examine values at 'www.tags[1]'.",
        ),
        ({"settings": []}, "expected object type, got list type. Examine values at 'www.settings'."),
        ({"data": {"colour": 1}}, "Invalid or unknown key 'colour'. Examine values at 'www.data.colour'."),
        ({"priority": -1}, "Attribute priority value must be between 0 and 65535. Examine values at 'www.priority'."),
        (
            {"data": {"longDirection": "N"}},
            'Attribute longDirection value must be one of: ["E" "W"]. Examine values at \'www.data.longDirection\'.',
        ),
    ],
)
def test_a_mistake_is_named_with_its_path(changes: dict[str, Any], expected: str) -> None:
    inputs = {name: value for name, value in {**GOOD, **changes}.items() if value is not None}

    assert check.problems(RECORD, inputs, "www") == [expected]


def test_every_mistake_is_named_at_once() -> None:
    assert len(check.problems(RECORD, {"colour": 1, "ttl": "1"}, "www")) == 5


def test_what_fits_is_not_refused() -> None:
    assert check.problems(RECORD, GOOD, "www") == []
    assert check.problems(RECORD, {**GOOD, "__defaults": ["name"]}, "www") == []


def test_an_unknown_value_is_not_refused_at_any_depth() -> None:
    assert check.problems(RECORD, {**GOOD, "ttl": UNKNOWN, "data": {"flags": UNKNOWN}, "tags": [UNKNOWN]}, "www") == []


def test_a_list_is_limited_by_its_length() -> None:
    type_ = schema.lookup("mongodbatlas:index/cloudUserProjectAssignment:CloudUserProjectAssignment")
    inputs = {"projectId": "p", "username": "ada@example.com", "roles": []}

    assert check.problems(type_, inputs, "ada") == [
        "Attribute roles length must be at least 1. Examine values at 'ada.roles'."
    ]


@given(
    kind=st.sampled_from(sorted(vendors.KINDS)),
    junk=st.recursive(
        st.just(SECRET) | st.none() | st.integers() | st.booleans() | st.floats(allow_nan=False),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
        max_leaves=8,
    ),
)
def test_no_input_breaks_a_check_or_is_printed(kind: str, junk: Any) -> None:
    type_ = schema.lookup(kind)

    found = check.problems(type_, dict.fromkeys(type_.inputs, junk), "x")

    assert all(SECRET not in text for text in found)
