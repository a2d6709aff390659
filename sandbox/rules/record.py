"""What a vendor refuses beyond its schema: one record per rule, made by a decorator.

A rule about one resource yields `path, text` and is a check failure, in preview too. A rule across objects yields the
vendor's words and refuses a create or update, and a preview where every value it reads is known.
"""

from __future__ import annotations

import re
from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from sandbox.foreseen import CannotTellError
from sandbox.wire import UNKNOWN, Props, Value, has_unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sandbox.cloud import Reader
    from sandbox.schema import Spec, Type


@dataclass
class Ask:
    """One resource as a rule sees it: what is asked for, with the vendor's defaults, and what the object was before."""

    type: Type
    props: Props
    old: Props | None = None
    id: str = ""

    def __getitem__(self, path: str) -> Value:
        """The value at a dotted path, the default where nothing is asked, None without one.

        Raises:
            CannotTellError: the value, or one on the way to it, is unknown.
        """
        value: Value = self.props
        specs: dict[str, Spec] = self.type.inputs
        for name in path.split("."):
            spec = specs.get(name, {})
            value = value.get(name) if isinstance(value, dict) else None
            if value is None:
                value = spec.get("default")
            if value is UNKNOWN:
                raise CannotTellError
            specs = spec.get("properties", {})
        return value

    def known(self, path: str) -> Value:
        """The value at a path with nothing unknown inside it.

        Raises:
            CannotTellError: something in it is unknown.
        """
        value = self[path]
        if has_unknown(value):
            raise CannotTellError
        return value

    def each(self, path: str) -> Iterator[tuple[str, Value]]:
        """Every known value at a path in which `[]` stands for each member, with its own path."""
        yield from _each(self.props, path.replace("[]", ".[]").split("."), "")

    def changes(self, path: str) -> bool:
        """Whether an update changes a property; a create changes nothing."""
        return self.old is not None and self.old.get(path) != self[path]


def _each(value: Value, steps: list[str], path: str) -> Iterator[tuple[str, Value]]:
    if value is UNKNOWN or value is None:
        return
    if not steps:
        yield path, value
    elif steps[0] == "[]":
        for index, item in enumerate(value if isinstance(value, list) else []):
            yield from _each(item, steps[1:], f"{path}[{index}]")
    elif isinstance(value, dict):
        yield from _each(value.get(steps[0]), steps[1:], f"{path}.{steps[0]}" if path else steps[0])


def part(value: Value, *names: str) -> Props:
    """The object at the end of some names, empty where anything on the way is missing or unknown."""
    for name in names:
        value = value.get(name) if isinstance(value, dict) else None
    return value if isinstance(value, dict) else {}


def members(value: Value, name: str) -> list[Value]:
    """The known members of a list inside an object."""
    found = value.get(name) if isinstance(value, dict) else None
    return [member for member in found if member is not UNKNOWN] if isinstance(found, list) else []


Alone: TypeAlias = "Callable[[Ask], Iterator[tuple[str, str]]]"
Across: TypeAlias = "Callable[[Ask, Reader], Iterator[str]]"


@dataclass(frozen=True)
class Rule:
    """One thing a vendor refuses."""

    id: str
    title: str
    source: str
    types: tuple[str, ...]
    across: bool


RULES: dict[str, Rule] = {}
ALONE: dict[str, list[tuple[str, Alone]]] = defaultdict(list)
ACROSS: dict[str, list[tuple[str, Across]]] = defaultdict(list)


def alone(*types: str, source: str) -> Callable[[Alone], Alone]:
    """Makes a function the rule of its name about one resource of these types."""

    def register(function: Alone) -> Alone:
        rule = _record(function, types, source, across=False)
        for token in types:
            ALONE[token].append((rule, function))
        return function

    return register


def across(*types: str, source: str) -> Callable[[Across], Across]:
    """Makes a function the rule of its name about a resource of these types and what else is in the account."""

    def register(function: Across) -> Across:
        rule = _record(function, types, source, across=True)
        for token in types:
            ACROSS[token].append((rule, function))
        return function

    return register


def _record(function: Alone | Across, types: tuple[str, ...], source: str, *, across: bool) -> str:
    id_ = function.__name__.replace("_", "-")
    title = re.split(r"\.\s", function.__doc__ or "", maxsplit=1)[0].strip().rstrip(".")
    RULES[id_] = Rule(id_, title, source, types, across)
    return id_


def breaches(ask: Ask) -> list[tuple[str, str, str]]:
    """Rule, path and text of everything that the rules about one resource find."""
    found = []
    for rule, function in ALONE.get(ask.type.token, ()):
        with suppress(CannotTellError):
            for path, text in function(ask):
                found.append((rule, path, text))
    return found


def refusals(ask: Ask, cloud: Reader) -> list[tuple[str, str]]:
    """Rule and words of everything the vendor would answer beside what is there, for as much as is known."""
    found = []
    for rule, function in ACROSS.get(ask.type.token, ()):
        with suppress(CannotTellError):
            for text in function(ask, cloud):
                found.append((rule, text))  # noqa: PERF401 what came before an unknown value stays found
    return found
