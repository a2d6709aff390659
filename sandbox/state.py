"""From what was asked to what the vendor holds, and back to what the program would recognise."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sandbox.diff import canonical
from sandbox.wire import UNKNOWN, has_unknown

if TYPE_CHECKING:
    from sandbox.kind import Kind
    from sandbox.schema import Spec, Type
    from sandbox.wire import Props, Value


def filled(specs: dict[str, Spec], inputs: Props, old: Props | None, *, preview: bool) -> Props:
    """The inputs with the vendor's defaults, and the old values where the vendor keeps what is no longer asked for.

    In a preview a value that the vendor will choose is UNKNOWN.
    """
    result: Props = {}
    for name, spec in specs.items():
        value = inputs.get(name)
        before = old.get(name) if old else None
        if value is None:
            value = _unasked(spec, before, preview=preview)
        elif not (value is UNKNOWN or spec["type"] in SCALARS):
            value = _nested(spec, value, before, preview=preview)
        if value is not None:
            result[name] = value
    return result


SCALARS = frozenset({"string", "boolean", "integer", "number", "any"})


def _unasked(spec: Spec, before: Value, *, preview: bool) -> Value:
    if "default" in spec:
        return spec["default"]
    if not spec.get("computed"):
        return None
    return UNKNOWN if before is None and preview else before


def _nested(spec: Spec, value: Value, before: Value, *, preview: bool) -> Value:
    if value is None or value is UNKNOWN:
        return value
    kind = spec["type"]
    if kind == "object" and isinstance(value, dict):
        return filled(spec["properties"], value, before if isinstance(before, dict) else None, preview=preview)
    if kind == "list" and isinstance(value, list) and spec["items"]["type"] not in SCALARS:
        old = before if isinstance(before, list) and len(before) == len(value) else [None] * len(value)
        return [_nested(spec["items"], item, o, preview=preview) for item, o in zip(value, old, strict=True)]
    return value


def unknown_outputs(type_: Type, kind: Kind, state: Props) -> None:
    """Marks everything the vendor will decide as UNKNOWN, for a preview of a create."""
    for name in type_.outputs:
        state.setdefault(name, UNKNOWN)
    for name in kind.outputs:
        state.setdefault(name, UNKNOWN)


def visible(kind: Kind, state: Props, given: Props) -> Props:
    """What the vendor answers to a read: not its own marks, and what it never returns only as the program knows it."""
    answer = {n: v for n, v in state.items() if not n.startswith("_") and n not in kind.unreadable}
    answer.update({n: given[n] for n in kind.unreadable if given.get(n) is not None})
    return answer


def as_asked(specs: dict[str, Spec], kind: Kind, old: Props, state: Props) -> Props:
    """The inputs of an object as the vendor holds it now, in the shape the program once gave them."""
    result = {n: v for n, v in old.items() if n.startswith("__")}
    for name, before in old.items():
        spec = specs.get(name)
        now = state.get(name)
        if spec is None or before is None or has_unknown(before):
            continue
        if now is not None:
            same = name in kind.json_text and _same_document(before, now)
            result[name] = before if same else _shaped(spec, before, now)
        elif name in kind.unreadable:
            result[name] = before
    return result


def _shaped(spec: Spec, before: Value, now: Value) -> Value:
    kind = spec["type"]
    if kind == "object" and isinstance(before, dict) and isinstance(now, dict):
        return {
            n: _shaped(spec["properties"].get(n, {"type": "any"}), v, now[n]) for n, v in before.items() if n in now
        }
    if kind == "list" and isinstance(before, list) and isinstance(now, list):
        if spec.get("set") and canonical(before) == canonical(now):
            return before
        padded = [*before, *([None] * len(now))]
        return [_shaped(spec["items"], b, n) for b, n in zip(padded, now, strict=False)]
    return now


def _same_document(one: Value, other: Value) -> bool:
    try:
        return bool(json.loads(one) == json.loads(other))
    except (TypeError, ValueError):
        return False
