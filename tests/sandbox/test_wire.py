"""Values survive the way to the engine and back; secrets and unknowns keep what they are."""

from __future__ import annotations

from typing import Any

from google.protobuf import json_format, struct_pb2
from hypothesis import given
from hypothesis import strategies as st

from sandbox.wire import SECRET, SIGNATURE, UNKNOWN, UNKNOWN_TEXT, decode, encode, has_unknown

JSON = st.recursive(
    st.text()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.just(UNKNOWN),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(st.dictionaries(st.text(), JSON, max_size=6))
def test_values_come_back_as_they_went(props: dict[str, Any]) -> None:
    assert decode(encode(props)) == props


@given(st.dictionaries(st.text(), JSON, max_size=6), st.data())
def test_secrets_are_unwrapped_on_the_way_in(props: dict[str, Any], data: st.DataObject) -> None:
    secret = frozenset(data.draw(st.lists(st.sampled_from(sorted(props))))) if props else frozenset()

    assert decode(encode(props, secret)) == props


def test_a_secret_is_marked_and_nothing_else() -> None:
    sent = json_format.MessageToDict(encode({"a": "x", "b": "y"}, frozenset({"a"})))

    assert sent == {"a": {SIGNATURE: SECRET, "value": "x"}, "b": "y"}


def test_an_empty_object_and_an_empty_list_stay_what_they_are() -> None:
    assert decode(encode({"a": {}, "b": [], "c": [{}]})) == {"a": {}, "b": [], "c": [{}]}


def test_null_is_left_out() -> None:
    assert decode(encode({"a": None, "b": {"c": None}})) == {"b": {}}


def test_every_kind_of_unknown_is_one() -> None:
    struct = struct_pb2.Struct()
    struct.update({"a": UNKNOWN_TEXT, "b": ["6a19a0b0-7e62-4c92-b797-7f8e31da9cc2"]})

    assert decode(struct) == {"a": UNKNOWN, "b": [UNKNOWN]}
    assert has_unknown(decode(struct)["b"])
    assert not has_unknown({"a": [1, {"b": "x"}]})
