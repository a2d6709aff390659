"""Which of the vendors' objects the stack has lost: a pure comparison of state, plan and lists."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from operations.recover.kinds import KINDS, NextUp, Way

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from operations.recover.kinds import Kind

    Listed = Callable[[Kind, str], list[dict[str, Any]]]
    Place = tuple[str, str | None, str]

UNKNOWN = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


@dataclass(frozen=True)
class Resource:
    """One resource of the stack, in its state or only in the program's plan."""

    urn: str
    type: str
    inputs: Mapping[str, Any]
    id: str = ""
    outputs: Mapping[str, Any] | None = None
    parent: str = ""
    provider: str = ""

    @property
    def name(self) -> str:
        """The name in the program."""
        return self.urn.rsplit("::", 1)[-1]


class Step(StrEnum):
    """What is to be done with an object of a vendor's."""

    IMPORT = "import"
    REMAKE = "delete, `up` makes it anew"
    REMOVE_TWIN = "delete, the stack has another"
    LEAVE_TWIN = "the stack has another; if nothing uses this one, delete it yourself"
    LEAVE_REPLACEMENT = "is to replace the stack's own, and can't be imported beside it; delete it if nothing is in it"
    LEAVE_TO_OWNER = "another stack has it; give this stack's another name in the stack file"


LEFT_TO_PEOPLE = frozenset({Step.LEAVE_TWIN, Step.LEAVE_REPLACEMENT, Step.LEAVE_TO_OWNER})


@dataclass(frozen=True)
class Orphan:
    """An object that the stack has lost, the resource it belongs to, and what is to be done."""

    resource: Resource
    kind: Kind
    id: str
    step: Step

    @property
    def import_id(self) -> str:
        """What `pulumi import` takes."""
        return _filled(self.kind.import_id, self.resource.inputs, self.id) or ""

    @property
    def delete_path(self) -> str:
        """Where the vendor deletes it."""
        path = _filled(self.kind.delete, self.resource.inputs, quote(self.id, safe=""))
        return (path or "").partition("?")[0]

    @property
    def delete_body(self) -> dict[str, str]:
        """What goes with the request to delete it."""
        return {name: _filled(value, self.resource.inputs, self.id) or "" for name, value in self.kind.body.items()}


@dataclass(frozen=True)
class Owners:
    """Whose an object is: this stack's, another stack's, or nobody's; known by its type, the list it is in, its id."""

    own: set[Place]
    others: frozenset[Place]

    def is_free(self, place: Place) -> bool:
        """Whether it is nobody's."""
        return place not in self.own and place not in self.others


def orphans(
    state: Iterable[Resource],
    planned: Iterable[Resource],
    listed: Listed,
    *,
    replacing: Iterable[Resource] = (),
    elsewhere: Iterable[Resource] = (),
) -> Iterator[Orphan]:
    """What the vendors have and the stack has lost.

    Of two objects that one planned resource could be, the first is taken; the next round finds the other as a twin.

    Args:
        state: What the stack has.
        planned: What the program would create.
        listed: Asks a vendor for a list.
        replacing: What the program would create in the place of what the stack has.
        elsewhere: What other stacks have: it is not lost, however much it looks like it.
    """
    state = list(state)
    owners = Owners({_place(each) for each in state}, frozenset(_place(each) for each in elsewhere))
    for resource in planned:
        yield from _lost(resource, owners, listed, replaces=False)
    for resource in replacing:
        yield from _lost(resource, owners, listed, replaces=True)
    for resource in state:
        if resource.type in KINDS and KINDS[resource.type].next_up is NextUp.TWIN:
            for kind, place in _twins(resource, owners, listed):
                owners.own.add(place)
                yield Orphan(resource, kind, place[-1], Step.REMOVE_TWIN if kind.delete else Step.LEAVE_TWIN)


def _lost(resource: Resource, owners: Owners, listed: Listed, *, replaces: bool) -> Iterator[Orphan]:
    """The object that a planned resource is to be; where another stack has that name, this says so."""
    found = list(_unowned(resource, owners, listed))
    for kind, place in found:
        if owners.is_free(place):
            owners.own.add(place)
            yield Orphan(resource, kind, place[-1], _step(kind, replaces=replaces))
            return
    for kind, place in found:
        if kind.next_up is NextUp.REFUSED:
            yield Orphan(resource, kind, place[-1], Step.LEAVE_TO_OWNER)


def _step(kind: Kind, *, replaces: bool) -> Step:
    """What is created for a resource that the state still has can't be imported: there is one of each URN."""
    if replaces:
        return Step.REMAKE if kind.delete else Step.LEAVE_REPLACEMENT
    return Step.REMAKE if kind.way is Way.REMAKE else Step.IMPORT


def _unowned(resource: Resource, owners: Owners, listed: Listed) -> Iterator[tuple[Kind, Place]]:
    """What looks like it and is not this stack's."""
    kind = KINDS.get(resource.type)
    if kind is None:
        return
    for each in _alike(resource, kind, listed):
        place = (kind.type, _listing(resource), str(each[kind.id]))
        if place not in owners.own and not each.get(kind.in_use):
            yield kind, place


def _twins(resource: Resource, owners: Owners, listed: Listed) -> list[tuple[Kind, Place]]:
    """Others like it; none where its own is gone: which of them is the twin can't be said, and drift is `refresh`'s."""
    kind = KINDS[resource.type]
    alike = {str(each[kind.id]) for each in _alike(resource, kind, listed)}
    found = [(kind, place) for kind, place in _unowned(resource, owners, listed) if owners.is_free(place)]
    return found if _own_id(resource) in alike else []


def _place(resource: Resource) -> Place:
    return resource.type, _listing(resource), _own_id(resource)


def _listing(resource: Resource) -> str | None:
    """The list that such an object is in."""
    return _filled(KINDS[resource.type].listing, resource.inputs, "") if resource.type in KINDS else None


def _alike(resource: Resource, kind: Kind, listed: Listed) -> Iterator[dict[str, Any]]:
    path = _listing(resource)
    if path:
        yield from (each for each in listed(kind, path) if _is_same(kind, resource.inputs, each))


def _is_same(kind: Kind, inputs: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
    asked = {there: _at(inputs, here) for here, there in kind.same.items()}
    given = {there: _without(value, kind.made) for there, value in asked.items() if value is not None}
    read = _as_host if kind.is_host else _as_is
    return bool(given) and all(_agrees(value, _at(found, there), read) for there, value in given.items())


def _agrees(asked: Any, found: Any, read: Callable[[Any], Any]) -> bool:  # noqa: ANN401 any JSON value
    """Whether all that was asked is there; a vendor adds fields."""
    if isinstance(asked, dict):
        return isinstance(found, dict) and all(_agrees(value, found.get(name), read) for name, value in asked.items())
    if isinstance(asked, list):
        alike = isinstance(found, list) and len(asked) == len(found)
        return alike and all(_agrees(*pair, read) for pair in zip(asked, found, strict=True))
    return bool(read(asked) == read(found))


def _without(value: Any, name: str) -> Any:  # noqa: ANN401 any JSON value
    """Without a field that the vendor makes, at any depth: the state of an imported object has it as if asked for."""
    if isinstance(value, dict):
        return {each: _without(inner, name) for each, inner in value.items() if each != name}
    return [_without(each, name) for each in value] if isinstance(value, list) else value


def _as_is(value: Any) -> Any:  # noqa: ANN401 any JSON value
    return value


def _as_host(value: Any) -> Any:  # noqa: ANN401 any JSON value
    """As DNS compares."""
    return value.lower().rstrip(".") if isinstance(value, str) else value


def _own_id(resource: Resource) -> str:
    kind = KINDS.get(resource.type)
    name = (kind.own or kind.id) if kind else "id"
    return str((resource.outputs or {}).get(name) or resource.inputs.get(name) or resource.id)


def _at(value: Any, path: str) -> Any:  # noqa: ANN401 any JSON value
    for part in path.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _filled(template: str, inputs: Mapping[str, Any], found: str) -> str | None:
    """The template with inputs in it, None where one is missing or not known yet."""
    names = re.findall(r"{(\w+)}", template)
    values = {name: found if name == "id" else inputs.get(name) for name in names}
    if not template or any(not isinstance(v, str) or (n != "id" and UNKNOWN.fullmatch(v)) for n, v in values.items()):
        return None
    return template.format_map(values)
