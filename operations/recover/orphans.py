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


def orphans(state: Iterable[Resource], planned: Iterable[Resource], listed: Listed) -> Iterator[Orphan]:
    """What the vendors have and the stack has lost.

    Of two objects that one planned resource could be, the first is taken; the next round finds the other as a twin.
    """
    state = list(state)
    owned = {(each.type, _own_id(each)) for each in state}
    for resource in planned:
        for kind, found in _free(resource, owned, listed):
            owned.add((kind.type, found))
            yield Orphan(resource, kind, found, Step.REMAKE if kind.way is Way.REMAKE else Step.IMPORT)
            break
    for resource in state:
        if resource.type in KINDS and KINDS[resource.type].next_up is NextUp.TWIN:
            for kind, found in _twins(resource, owned, listed):
                owned.add((kind.type, found))
                yield Orphan(resource, kind, found, Step.REMOVE_TWIN if kind.delete else Step.LEAVE_TWIN)


def _free(resource: Resource, owned: set[tuple[str, str]], listed: Listed) -> Iterator[tuple[Kind, str]]:
    kind = KINDS.get(resource.type)
    if kind is None:
        return
    for each in _alike(resource, kind, listed):
        found = str(each[kind.id])
        if (kind.type, found) not in owned and not each.get(kind.in_use):
            yield kind, found


def _twins(resource: Resource, owned: set[tuple[str, str]], listed: Listed) -> list[tuple[Kind, str]]:
    """Others like it; none where its own is gone: which of them is the twin can't be said, and drift is `refresh`'s."""
    kind = KINDS[resource.type]
    alike = {str(each[kind.id]) for each in _alike(resource, kind, listed)}
    return list(_free(resource, owned, listed)) if _own_id(resource) in alike else []


def _alike(resource: Resource, kind: Kind, listed: Listed) -> Iterator[dict[str, Any]]:
    path = _filled(kind.listing, resource.inputs, "")
    if path:
        yield from (each for each in listed(kind, path) if _is_same(kind, resource.inputs, each))


def _is_same(kind: Kind, inputs: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
    asked = {there: _at(inputs, here) for here, there in kind.same.items()}
    given = {there: value for there, value in asked.items() if value is not None}
    return bool(given) and all(_agrees(value, _at(found, there)) for there, value in given.items())


def _agrees(asked: Any, found: Any) -> bool:  # noqa: ANN401 any JSON value
    """Whether all that was asked is there; a vendor adds fields, and writes names in small letters."""
    if isinstance(asked, dict):
        return isinstance(found, dict) and all(_agrees(value, found.get(name)) for name, value in asked.items())
    if isinstance(asked, str) and isinstance(found, str):
        return asked.lower().rstrip(".") == found.lower().rstrip(".")
    return bool(asked == found)


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
