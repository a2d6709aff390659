"""What differs between what a vendor has and what a program asks for, and whether that needs a new object."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from sandbox.wire import UNKNOWN, Props, Value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sandbox.cloud import Reader
    from sandbox.kind import Kind
    from sandbox.schema import Spec, Type


@dataclass(frozen=True)
class Change:
    """One changed property."""

    path: str
    kind: Literal["add", "delete", "update"]
    replaces: bool


@dataclass(frozen=True)
class _Place:
    """Where a comparison is: the path so far, and whether a change below it needs a new object."""

    path: str = ""
    replaces: bool = False

    def step(self, name: str, spec: Spec) -> _Place:
        plain = name.replace("_", "a").replace("-", "a").isalnum()
        step = name if plain else f"[{json.dumps(name)}]"
        path = f"{self.path}.{step}" if self.path and plain else self.path + step
        return _Place(path, self.replaces or spec.get("replace", False))

    def member(self, number: int) -> _Place:
        return _Place(f"{self.path}[{number}]", self.replaces)


def changes(type_: Type, kind: Kind, cloud: Reader, state: Props, asked: Props, asking: Props) -> list[Change]:
    """Every changed property, nested ones by their path.

    The vendor's state decides, as in the real bridge: what was asked before only stands in for what a vendor never
    returns.
    """
    before = {**state, **{n: asked.get(n) for n in kind.unreadable}}
    found: list[Change] = []
    replaced = kind.replaces(before, asking) if kind.replaces else frozenset()
    for name, spec in type_.inputs.items():
        old, new = before.get(name), asking.get(name)
        if new is not None and old is not None and same_in_another_form(kind, cloud, name, before, new):
            continue
        place = _Place(replaces=name in replaced)
        found.extend(_property(spec, old, new, place.step(name, spec)))
    return found


def same_in_another_form(kind: Kind, cloud: Reader, name: str, state: Props, new: Value) -> bool:
    """Whether the vendor would write a property's new value just as it has it."""
    if new is UNKNOWN:
        return False
    if name in kind.json_text:
        return same_document(state[name], new, _unordered if name in kind.policies else _as_it_is)
    return name in kind.normal and bool(kind.normal[name]({**state, name: new}, cloud) == state[name])


def _as_it_is(document: Value) -> Value:
    return document


def _unordered(document: Value) -> Value:
    """A document whose lists are sets: their order means nothing, and one member stands for a list of one."""
    if isinstance(document, dict):
        return {name: _unordered(value) for name, value in document.items()}
    if isinstance(document, list):
        members = sorted((_unordered(value) for value in document), key=lambda value: json.dumps(value, sort_keys=True))
        return members[0] if len(members) == 1 else members
    return document


def same_document(one: Value, other: Value, form: Callable[[Value], Value] = _as_it_is) -> bool:
    """Whether two texts are the same JSON document, brought into a form."""
    try:
        return bool(form(json.loads(one)) == form(json.loads(other)))
    except (TypeError, ValueError):
        return False


def _property(spec: Spec, old: Value, new: Value, place: _Place) -> Iterator[Change]:
    if new is None:
        if spec.get("computed") and "default" not in spec:
            return
        new = spec.get("default")
    if old is None and "default" in spec:
        old = spec["default"]
    yield from _value(spec, old, new, place)


def _value(spec: Spec, old: Value, new: Value, place: _Place) -> Iterator[Change]:
    if new is UNKNOWN:
        yield Change(place.path, "update", place.replaces)
    elif old is None or new is None:
        if not _nothing(old) or not _nothing(new):
            yield Change(place.path, "add" if old is None else "delete", place.replaces)
    elif spec["type"] == "object" and isinstance(old, dict) and isinstance(new, dict):
        for name, inner in spec["properties"].items():
            yield from _property(inner, old.get(name), new.get(name), place.step(name, inner))
    elif spec["type"] == "map" and isinstance(old, dict) and isinstance(new, dict):
        for key in {**old, **new}:
            yield from _value(spec["items"], old.get(key), new.get(key), place.step(key, spec["items"]))
    elif spec["type"] == "list" and isinstance(old, list) and isinstance(new, list):
        yield from _list(spec, old, new, place)
    elif old != new:
        yield Change(place.path, "update", place.replaces)


def _nothing(value: Value) -> bool:
    """Terraform's providers answer an empty list, map or text for one that was never set."""
    return value is None or value == [] or value == {} or value == ""


def _list(spec: Spec, old: list[Value], new: list[Value], place: _Place) -> Iterator[Change]:
    if spec.get("set"):
        if not _same_members(spec["items"], old, new):
            yield Change(place.path, "update", place.replaces)
        return
    for index in range(max(len(old), len(new))):
        before = old[index] if index < len(old) else None
        after = new[index] if index < len(new) else None
        yield from _value(spec["items"], before, after, place.member(index))


def _same_members(spec: Spec, old: list[Value], new: list[Value]) -> bool:
    """Whether every new member equals an old one of its own: computed members of an object do not count."""
    if len(old) != len(new):
        return False
    left = list(old)
    for member in new:
        match = next((o for o in left if not list(_value(spec, o, member, _Place()))), None)
        if match is None:
            return False
        left.remove(match)
    return True
