"""What a property of a resource can hold, and how a rule walks into it.

A property is a plain Python value (None, bool, int, float, str, list, dict) or one of two things a plain value can't
say: `UNKNOWN`, because a preview can't know it yet, and `Secret`, because it was marked secret.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

Value: TypeAlias = Any  # recursive: scalars, lists, dicts, UNKNOWN and Secret


class _Unknown(Enum):
    UNKNOWN = "unknown until deployment"

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN: Final = _Unknown.UNKNOWN
Unknown: TypeAlias = Literal[_Unknown.UNKNOWN]


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that was marked secret. It has no printable form on purpose."""

    value: Value

    def __repr__(self) -> str:
        return "[secret]"


@dataclass(frozen=True, slots=True)
class Found:
    """One value that a path led to: where, what, and whether it or something around it is secret."""

    path: str
    value: Value
    secret: bool


def walk(props: Value, path: str) -> Iterator[Found]:
    """Every value that `path` leads to: `rules[].allowed.origins[]`.

    A part that isn't set yields nothing. Where a preview can't know a part, the walk stops there and yields UNKNOWN
    under the path it reached. A single value where a list is expected is a list of one, as in provider versions that
    flatten it.
    """
    yield from _walk(props, _steps(path), "", secret=False)


def bare(value: Value) -> Value:
    """The value without its secret marks, all the way down."""
    if isinstance(value, Secret):
        return bare(value.value)
    if isinstance(value, dict):
        return {name: bare(item) for name, item in value.items()}
    if isinstance(value, list):
        return [bare(item) for item in value]
    return value


def leaves(props: Value) -> list[Found]:
    """Every scalar, UNKNOWN included, of a property tree with its path."""
    found: list[Found] = []
    _gather(props, "", found, secret=False)
    return found


@functools.cache  # the paths are the rules' own: a few hundred
def _steps(path: str) -> tuple[str, ...]:
    return tuple(step for name in path.split(".") for step in _of_name(name))


def _of_name(name: str) -> tuple[str, ...]:
    bare_name = name.removesuffix("[]")
    return (bare_name,) if bare_name == name else (bare_name, "[]")


def _walk(value: Value, steps: tuple[str, ...], path: str, *, secret: bool) -> Iterator[Found]:
    if isinstance(value, Secret):
        yield from _walk(value.value, steps, path, secret=True)
    elif value is UNKNOWN or (not steps and value is not None):
        yield Found(path, bare(value), secret)
    elif value is None:
        return
    elif steps[0] == "[]":
        items = value if isinstance(value, list) else [value]
        for index, item in enumerate(items):
            yield from _walk(item, steps[1:], f"{path}[{index}]", secret=secret)
    elif isinstance(value, dict) and steps[0] in value:
        yield from _walk(value[steps[0]], steps[1:], _join(path, steps[0]), secret=secret)


def _gather(value: Value, path: str, found: list[Found], *, secret: bool) -> None:
    if isinstance(value, Secret):
        _gather(value.value, path, found, secret=True)
    elif isinstance(value, dict):
        for name, item in value.items():
            _gather(item, _join(path, name), found, secret=secret)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            _gather(item, f"{path}[{index}]", found, secret=secret)
    else:
        found.append(Found(path, value, secret))


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def pattern(path: str) -> str:
    """The path without positions: `rules[0].allowed.origins[2]` -> `rules[].allowed.origins[]`."""
    return re.sub(r"\[\d+\]", "[]", path)


def camel(name: str) -> str:
    """A name in the engine's spelling: `min_days` -> `minDays`."""
    return re.sub(r"_([a-z0-9])", lambda match: match.group(1).upper(), name)
