"""What differs between what a program asked for and what it asks for now, and whether that needs a new object."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from sandbox.wire import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.schema import Spec
    from sandbox.wire import Props, Value


@dataclass(frozen=True)
class Change:
    """One changed property."""

    path: str
    kind: Literal["add", "delete", "update"]
    replaces: bool


def changes(specs: dict[str, Spec], state: Props, old: Props, new: Props) -> list[Change]:
    """Every changed property, nested ones by their path."""
    return list(_object(specs, state, old, new, "", replaces=False))


def _object(
    specs: dict[str, Spec], state: Props, old: Props, new: Props, path: str, *, replaces: bool
) -> Iterator[Change]:
    for name, spec in specs.items():
        before, after = old.get(name), new.get(name)
        if before is None and ("default" in spec or spec.get("computed")):
            before = state.get(name, spec.get("default"))
        if after is None:
            after = spec.get("default", before if spec.get("computed") else None)
        if before is after:
            continue
        inner = state.get(name)
        yield from _value(spec, inner, before, after, _join(path, name), replaces or spec.get("replace", False))


def _join(path: str, name: str) -> str:
    plain = name.replace("_", "a").isalnum()
    step = name if plain else f"[{json.dumps(name)}]"
    return f"{path}.{step}" if path and plain else path + step


def _value(
    spec: Spec,
    state: Value,
    old: Value,
    new: Value,
    path: str,
    replaces: bool,
) -> Iterator[Change]:
    if old is None or new is None:
        if old is not new:
            yield Change(path, "add" if old is None else "delete", replaces)
    elif spec["type"] == "object" and isinstance(old, dict) and isinstance(new, dict):
        inner = state if isinstance(state, dict) else {}
        yield from _object(spec["properties"], inner, old, new, path, replaces=replaces)
    elif spec["type"] == "map" and isinstance(old, dict) and isinstance(new, dict):
        for key in {**old, **new}:
            if old.get(key) != new.get(key):
                yield from _value(spec["items"], None, old.get(key), new.get(key), _join(path, key), replaces)
    elif spec["type"] == "list" and isinstance(old, list) and isinstance(new, list):
        yield from _list(spec, state, old, new, path, replaces)
    elif old != new or new is UNKNOWN:
        yield Change(path, "update", replaces)


def _list(spec: Spec, state: Value, old: list[Any], new: list[Any], path: str, replaces: bool) -> Iterator[Change]:
    if spec.get("set"):
        if canonical(old) != canonical(new):
            yield Change(path, "update", replaces)
        return
    known = state if isinstance(state, list) else []
    for index in range(max(len(old), len(new))):
        yield from _value(
            spec["items"],
            known[index] if index < len(known) else None,
            old[index] if index < len(old) else None,
            new[index] if index < len(new) else None,
            f"{path}[{index}]",
            replaces,
        )


def canonical(items: list[Any]) -> list[str]:
    """A list's members in an order that does not depend on how they were written."""
    return sorted(json.dumps(item, sort_keys=True, default=repr) for item in items)
