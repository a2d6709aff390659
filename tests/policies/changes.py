"""Small changes to an estate, and cases made of them: what breaks a rule, and the rule's own fix applied."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tests.policies.described import Described
from tests.policies.estate import ESTATE

Estate = tuple[Described, ...]
Change = Callable[[Estate], Estate]

_ORDER = {one.name: position for position, one in enumerate(ESTATE)}


def _on(name: str, change: Callable[[Described], Described]) -> Change:
    def apply(estate: Estate) -> Estate:
        assert any(one.name == name for one in estate), f"the estate has no {name}"
        return tuple(change(one) if one.name == name else one for one in estate)

    return apply


def sets(name: str, path: str, value: Any) -> Change:
    return _on(name, lambda one: one.having(path, value))


def unsets(name: str, path: str) -> Change:
    return _on(name, lambda one: one.lacking(path))


def protects(name: str, *, protect: bool) -> Change:
    return _on(name, lambda one: replace(one, protect=protect))


def ignores(name: str, *paths: str) -> Change:
    return _on(name, lambda one: replace(one, ignores=paths))


def drops(*names: str) -> Change:
    def apply(estate: Estate) -> Estate:
        assert set(names) <= {one.name for one in estate}, f"the estate has not all of {names}"
        return tuple(one for one in estate if one.name not in names)

    return apply


def adds(*new: Described) -> Change:
    return lambda estate: (*estate, *new)


def restores(*names: str) -> Change:
    """Bring resources of the estate back, in the place where a program can register them."""

    def apply(estate: Estate) -> Estate:
        back = tuple(one for one in ESTATE if one.name in names)
        return tuple(sorted((*estate, *back), key=lambda one: _ORDER.get(one.name, len(_ORDER))))

    return apply


def all_of(*changes: Change) -> Change:
    def apply(estate: Estate) -> Estate:
        for change in changes:
            estate = change(estate)
        return estate

    return apply


@dataclass(frozen=True)
class Case:
    """One way to break a rule, and its fix.

    `at`: the resources that the finding names; `also`: (rule, resource) of others that rightly claim the same mistake.
    """

    rule: str
    breaks: Change
    mends: Change
    at: tuple[str, ...]
    also: frozenset[tuple[str, str]] = frozenset()
    outputs: Mapping[str, Any] = field(default_factory=dict)
    """The stack's outputs while it is broken; mended, they are secret."""
    mended_outputs: Mapping[str, Any] | None = None
    """The stack's outputs once it is mended, where a mark alone does not mend them."""
    config: Mapping[str, Any] = field(default_factory=dict)
    """What the pack's config must say besides, so that the rule is asked."""
    tags: Mapping[str, str] = field(default_factory=dict)
    """The stack's own tags while it is broken."""
    mended_tags: Mapping[str, str] = field(default_factory=dict)

    @property
    def expected(self) -> set[tuple[str, str]]:
        return {(self.rule, name) for name in self.at} | self.also

    def broken(self) -> Estate:
        return self.breaks(ESTATE)

    def mended(self) -> Estate:
        return self.mends(self.broken())


def wrong(
    rule: str, name: str, path: str, bad: Any, good: Any, *, at: str = "", also: set[tuple[str, str]] = frozenset()
) -> Case:
    """One property with a wrong value; the fix writes the right one."""
    return Case(rule, sets(name, path, bad), sets(name, path, good), (at or name,), frozenset(also))


def unset(
    rule: str, name: str, path: str, good: Any, *, at: str = "", also: set[tuple[str, str]] = frozenset()
) -> Case:
    """One property left out; the fix writes it."""
    return Case(rule, unsets(name, path), sets(name, path, good), (at or name,), frozenset(also))


def missing(rule: str, *names: str, at: str, also: set[tuple[str, str]] = frozenset()) -> Case:
    """Resources left out; the fix declares them."""
    return Case(rule, drops(*names), restores(*names), (at,), frozenset(also))


def surplus(rule: str, *new: Described, at: str = "", also: set[tuple[str, str]] = frozenset()) -> Case:
    """Resources too many; the fix removes them."""
    return Case(rule, adds(*new), drops(*(one.name for one in new)), (at or new[0].name,), frozenset(also))
