"""Pulumi's wire form of values and ours.

The engine unwraps secrets for a provider that does not ask for them, and marks what comes back under the same name
again, so only values that a vendor makes secret are marked here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from google.protobuf import struct_pb2

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Value: TypeAlias = Any  # a JSON value, or UNKNOWN anywhere in one
Props: TypeAlias = dict[str, Any]

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 the protocol's mark, not a password
UNKNOWN_TEXT: Final = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
_UNKNOWNS: Final = frozenset(
    {
        UNKNOWN_TEXT,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)


class Unknown:
    """A value that a preview cannot know."""

    def __repr__(self) -> str:
        return "UNKNOWN"

    def __deepcopy__(self, _: object) -> Unknown:
        return self


UNKNOWN: Final = Unknown()


@dataclass(frozen=True)
class Secret:
    """A value to mark as secret, inside a list or an object."""

    value: Value


def hidden(value: Value, path: tuple[str, ...], mark: Callable[[Value], Value] = Secret) -> Value:
    """A copy of a value with what is at a path inside it marked as secret; `[]` stands for each member."""
    if value is None or value is UNKNOWN:
        return value
    if not path:
        return mark(value)
    if path[0] == "[]":
        return [hidden(item, path[1:], mark) for item in value] if isinstance(value, list) else value
    if isinstance(value, dict) and path[0] in value:
        return {**value, path[0]: hidden(value[path[0]], path[1:], mark)}
    return value


def has_unknown(value: Value) -> bool:
    """Whether a value or anything inside it is unknown."""
    if value is UNKNOWN:
        return True
    if isinstance(value, dict):
        return any(has_unknown(v) for v in value.values())
    if isinstance(value, list):
        return any(has_unknown(v) for v in value)
    return False


def decode(struct: struct_pb2.Struct) -> Props:
    """A message as plain values; UNKNOWN where the engine does not know, whole numbers as int, null left out."""
    result = {}
    for name, value in struct.fields.items():
        decoded = _value(value)
        if decoded is not None:
            result[name] = decoded
    return result


def _value(value: struct_pb2.Value) -> Value:
    kind = value.WhichOneof("kind")
    if kind == "string_value":
        text = value.string_value
        return UNKNOWN if text in _UNKNOWNS else text
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() else number
    if kind == "bool_value":
        return value.bool_value
    if kind == "struct_value":
        fields = decode(value.struct_value)
        return fields.get("value") if fields.get(SIGNATURE) == SECRET else fields
    if kind == "list_value":
        return [_value(item) for item in value.list_value.values]
    return None


def encode(props: Mapping[str, Any], secret: frozenset[str] = frozenset()) -> struct_pb2.Struct:
    """Plain values as a message; `secret` names the properties to mark."""
    struct = struct_pb2.Struct()
    fields = struct.fields
    for name, value in props.items():
        if value is None:
            continue
        _fill(fields[name], Secret(value) if name in secret else value)
    return struct


def _fill(target: struct_pb2.Value, value: Value) -> None:
    if isinstance(value, str):
        target.string_value = value
    elif isinstance(value, bool):
        target.bool_value = value
    elif isinstance(value, (int, float)):
        target.number_value = value
    elif isinstance(value, (dict, list)):
        _fill_inside(target, value)
    elif isinstance(value, Secret):
        _fill_inside(target, {SIGNATURE: SECRET, "value": value.value})
    elif value is UNKNOWN:
        target.string_value = UNKNOWN_TEXT
    else:
        target.null_value = struct_pb2.NULL_VALUE


def _fill_inside(target: struct_pb2.Value, value: dict[str, Value] | list[Value]) -> None:
    if isinstance(value, dict):
        fields = target.struct_value.fields
        target.struct_value.SetInParent()
        for name, item in value.items():
            if item is not None:
                _fill(fields[name], item)
    else:
        target.list_value.SetInParent()
        for item in value:
            _fill(target.list_value.values.add(), item)
