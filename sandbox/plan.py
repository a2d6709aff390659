"""The account as a preview sees it: what is there, what this run will add or change, and what it will replace."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sandbox.foreseen import CannotTellError, Foreseen

if TYPE_CHECKING:
    from sandbox.cloud import Cloud, Thing

Key = tuple[str, str]
NOWHERE = "?"
"""The scope of what is planned in a scope, or under a name, that is not known."""


class Plan:
    """Remembers what one preview was told; nothing is written."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.owner: dict[Key, str] = {}
        self.changed: dict[Key, Thing] = {}
        self.labels: dict[Key, str] = {}
        self.added: dict[Key, dict[str, Thing]] = defaultdict(dict)
        self.names: dict[tuple[str, str, str], dict[str, Thing]] = defaultdict(dict)

    def forget(self, provider: str) -> None:
        """Forgets what the last preview was told of one provider's types."""
        remembered: tuple[dict[Any, Any], ...] = (self.owner, self.changed, self.labels, self.added, self.names)
        for table in remembered:
            for key in [key for key in table if key[0].startswith(f"{provider}:")]:
                del table[key]

    def beside(self, urn: str) -> View:
        """The account as one resource finds it."""
        return View(self, urn)

    def see(self, urn: str, type_: str, key: str) -> None:
        """Remembers which object a resource has, so that its replacement does not collide with it."""
        self.owner[type_, key] = urn

    def add(self, urn: str, thing: Thing) -> None:
        """Plans a new object."""
        thing = replace(thing, state=Foreseen(thing.state))
        self.added[thing.type, thing.scope][urn] = thing
        self.names[thing.type, thing.scope, thing.name][urn] = thing
        self.labels[thing.type, thing.name] = urn

    def change(self, urn: str, thing: Thing) -> None:
        """Plans what an object will be."""
        thing = replace(thing, state=Foreseen(thing.state))
        self.owner[thing.type, thing.key] = urn
        self.changed[thing.type, thing.key] = thing
        self.names[thing.type, thing.scope, thing.name][urn] = thing


class View:
    """The account as one resource of a preview finds it, without what is the resource's own; reads as a cloud does."""

    def __init__(self, plan: Plan, urn: str) -> None:
        self._plan = plan
        self._urn = urn

    def exists(self, type_: str, id_: str) -> bool:
        """Whether there is an object of a type with an id, or will be: what exists by its name has it as id.

        Raises:
            CannotTellError: there is none, but what will be its name is not known of every one.
        """
        found = (type_, id_) in self._plan.labels or self._plan.cloud.exists(type_, id_)
        if not found:
            self._none(type_)
        return found

    def by_id(self, type_: str, id_: str) -> Thing | None:
        """The first object of a type with an id."""
        there = self._plan.cloud.by_id(type_, id_)
        return self._plan.changed.get((type_, there.key), there) if there else None

    def named(self, type_: str, scope: str, name: str) -> Thing | None:
        """The first object of a type with a name inside a scope.

        Raises:
            CannotTellError: there is none, but what will be its name is not known of every one.
        """
        found = self.namesakes(type_, scope, name)
        if not found:
            self._none(type_)
        return found[0] if found else None

    def namesakes(self, type_: str, scope: str, name: str) -> list[Thing]:
        """Every object of a type with a name inside a scope."""
        plan = self._plan
        there = plan.cloud.namesakes(type_, scope, name)
        planned = plan.names.get((type_, scope, name), {})
        return [t for u, t in planned.items() if u != self._urn] + [
            t for t in there if plan.owner.get((type_, t.key)) != self._urn and (type_, t.key) not in plan.changed
        ]

    def unsure(self, type_: str) -> bool:
        """Whether an object of a type is planned whose name or scope is not known."""
        return bool(self._plan.names.get((type_, NOWHERE, "")))

    def _none(self, type_: str) -> None:
        if self.unsure(type_):
            raise CannotTellError

    def all(self, type_: str, scope: str) -> list[Thing]:
        """Every object of a type in a scope."""
        plan = self._plan
        there = [t for t in plan.cloud.all(type_, scope) if plan.owner.get((type_, t.key)) != self._urn]
        added = plan.added.get((type_, scope), {})
        return [plan.changed.get((type_, t.key), t) for t in there] + [t for u, t in added.items() if u != self._urn]

    def count(self, type_: str, scope: str) -> int:
        """How many objects of a type a scope has, the resource's own among them."""
        added = self._plan.added.get((type_, scope), {})
        return self._plan.cloud.count(type_, scope) + len(added) - (self._urn in added)
