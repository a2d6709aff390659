"""From what was asked to what the vendor holds, and back to what the program would recognise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.diff import same_in_another_form
from sandbox.wire import UNKNOWN, Props, Value, has_unknown

if TYPE_CHECKING:
    from sandbox.cloud import Reader
    from sandbox.kind import Kind
    from sandbox.schema import Spec, Type

SCALARS = frozenset({"string", "boolean", "integer", "number", "any"})


def filled(specs: dict[str, Spec], inputs: Props, old: Props | None, *, preview: bool) -> Props:
    """The inputs with the vendor's defaults, and the old values where the vendor keeps what is no longer asked for.

    In a preview a value that the vendor will choose is UNKNOWN. Of an object that is there already it has chosen: one
    UNKNOWN in a property, and everything that the program makes of the property would be unknown.
    """
    result: Props = {}
    for name, spec in specs.items():
        value = inputs.get(name)
        before = old.get(name) if old else None
        if value is None:
            value = _unasked(spec, before, chosen=not preview or old is not None)
        elif not (value is UNKNOWN or spec["type"] in SCALARS):
            value = _nested(spec, value, before, preview=preview)
        if value is not None:
            result[name] = value
    return result


def _unasked(spec: Spec, before: Value, *, chosen: bool) -> Value:
    if "default" in spec:
        return spec["default"]
    if not spec.get("computed"):
        return None
    return before if chosen else UNKNOWN


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


def planned(type_: Type, kind: Kind, inputs: Props) -> Props:
    """A new object as a preview can know it: everything the vendor will decide is UNKNOWN."""
    state = filled(type_.inputs, inputs, None, preview=True)
    for name in (*type_.outputs, *kind.outputs):
        state.setdefault(name, UNKNOWN)
    return state


def merged(type_: Type, inputs: Props, old: Props, *, preview: bool) -> Props:
    """An object after an update: what is asked now over what the vendor computed before."""
    kept = {n: v for n, v in old.items() if n not in type_.inputs}
    return {**kept, **filled(type_.inputs, inputs, old, preview=preview)}


def visible(kind: Kind, state: Props, given: Props) -> Props:
    """What the vendor answers to a read: not its own marks, and what it never returns only as the program knows it."""
    answer = {n: v for n, v in state.items() if not n.startswith("_") and n not in kind.unreadable}
    answer.update({n: given[n] for n in kind.unreadable if given.get(n) is not None})
    return answer


def as_asked(type_: Type, kind: Kind, cloud: Reader, asked: Props, state: Props) -> Props:
    """The inputs of an object as the vendor holds it now, in the shape the program once gave them."""
    result = {n: v for n, v in asked.items() if n.startswith("__")}
    for name, before in asked.items():
        spec = type_.inputs.get(name)
        if spec is None or before is None:
            continue
        now = state.get(name)
        if name in kind.unreadable or has_unknown(before):
            result[name] = before
        elif now is not None:
            same = same_in_another_form(kind, cloud, name, state, before)
            result[name] = before if same else _shaped(spec, before, now)
    return result


def _shaped(spec: Spec, before: Value, now: Value) -> Value:
    kind = spec["type"]
    if kind == "object" and isinstance(before, dict) and isinstance(now, dict):
        specs = spec["properties"]
        return {
            n: _shaped(specs.get(n, {"type": "any"}), v, now[n]) for n, v in before.items() if now.get(n) is not None
        }
    if kind == "list" and isinstance(before, list) and isinstance(now, list):
        if spec.get("set") and len(before) == len(now) and all(b in now for b in before):
            return before
        padded = [*before, *([None] * len(now))]
        return [_shaped(spec["items"], b, n) for b, n in zip(padded, now, strict=False)]
    return now
