"""Refuses what does not fit a type's schema, in the providers' words, with the path and never the value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.wire import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.schema import Spec, Type
    from sandbox.wire import Props, Value

PYTHON_TYPES = {
    "string": str,
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "list": list,
    "map": dict,
    "object": dict,
}


def problems(type_: Type, inputs: Props, name: str) -> list[str]:
    """What is wrong with the inputs of one resource, each with the path to look at."""
    return [f"{text}. Examine values at '{path}'." for path, text in _object(type_.inputs, inputs, name)]


def misshapen(type_: Type, inputs: Props) -> set[str]:
    """The properties that something is wrong in."""
    return {path.split(".", 2)[1].split("[", 1)[0] for path, _ in _object(type_.inputs, inputs, "")}


def _object(specs: dict[str, Spec], values: Props, path: str) -> Iterator[tuple[str, str]]:
    for name in values:
        if name not in specs and not name.startswith("__"):
            yield f"{path}.{name}", f"Invalid or unknown key '{name}'"
    for name, spec in specs.items():
        value = values.get(name)
        if value is None:
            if spec.get("required"):
                yield f"{path}.{name}", f"Missing required property '{name}'"
        elif value is not UNKNOWN:
            yield from _value(spec, value, f"{path}.{name}")


def _value(spec: Spec, value: Value, path: str) -> Iterator[tuple[str, str]]:
    kind = spec["type"]
    if kind == "any" or value is UNKNOWN:
        return
    if value is None:
        yield path, "Null value found in list: Null values are not allowed for this attribute value"
        return
    if not _is(kind, value):
        yield path, f"expected {kind} type, got {_kind_of(value)} type"
        return
    yield from _limits(spec, value, path)
    if kind == "object":
        yield from _object(spec["properties"], value, path)
    elif kind == "list":
        for index, item in enumerate(value):
            yield from _value(spec["items"], item, f"{path}[{index}]")
    elif kind == "map":
        for key, item in value.items():
            yield from _value(spec["items"], item, f"{path}.{key}")


def _is(kind: str, value: Value) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    return isinstance(value, PYTHON_TYPES[kind])  # type: ignore[arg-type]  # a type or a tuple of types, as isinstance takes


def _kind_of(value: Value) -> str:
    if isinstance(value, bool):
        return "boolean"
    return next(kind for kind in ("string", "integer", "number", "list", "object") if _is(kind, value))


def _limits(spec: Spec, value: Value, path: str) -> Iterator[tuple[str, str]]:
    allowed = spec.get("enum")
    word = value.lower() if spec.get("caseless") and isinstance(value, str) else value
    if allowed is not None and word not in allowed:
        listed = " ".join(f'"{a}"' if isinstance(a, str) else str(a) for a in allowed)
        yield path, f"Attribute {path.rsplit('.', 1)[-1]} value must be one of: [{listed}]"
    if "range" in spec:
        low, high = spec["range"]
        what, size = ("value", value) if isinstance(value, (int, float)) else ("length", len(value))
        if size < low or (high is not None and size > high):
            limit = f"at least {low}" if high is None else f"between {low} and {high}"
            yield path, f"Attribute {path.rsplit('.', 1)[-1]} {what} must be {limit}"
