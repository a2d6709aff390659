"""Resources described as data, to be judged in this process or run through the real CLI."""

from __future__ import annotations

import copy
import re
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True)
class Of:
    """The id of another described resource: unknown in a preview, but linked."""

    name: str


@dataclass(frozen=True)
class Marked:
    """A value that the program marks secret."""

    value: Any


@dataclass(frozen=True)
class Described:
    """One resource as a program would register it."""

    type: str
    name: str
    props: dict[str, Any] = field(default_factory=dict)
    protect: bool = False
    ignores: tuple[str, ...] = ()

    def having(self, path: str, value: Any) -> Described:
        """A copy with one property changed: `rules[0].allowed.origins[0]`. Missing objects on the way are made."""
        props = copy.deepcopy(self.props)
        *steps, last = [int(step) if step.isdigit() else step for step in re.findall(r"[^.\[\]]+", path)]
        place: Any = props
        for step in steps:
            made = isinstance(place, dict) and isinstance(step, str)
            place = place.setdefault(step, {}) if made else place[step]
        if isinstance(place, dict) and isinstance(last, int):
            raise TypeError(f"{self.name} has no list at {path}")
        place[last] = value
        return replace(self, props=props)

    def lacking(self, path: str) -> Described:
        """A copy without one property."""
        props = copy.deepcopy(self.props)
        *steps, last = [int(step) if step.isdigit() else step for step in re.findall(r"[^.\[\]]+", path)]
        place: Any = props
        for step in steps:
            place = place[step]
        del place[last]
        return replace(self, props=props)


def as_json(value: Any) -> Any:
    """The form that `programs/raw` reads."""
    if isinstance(value, Of):
        return {"$of": value.name}
    if isinstance(value, Marked):
        return {"$secret": as_json(value.value)}
    if isinstance(value, dict):
        return {name: as_json(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(item) for item in value]
    return value
