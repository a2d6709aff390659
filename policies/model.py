"""All that a rule sees: one resource, or the whole stack of them. Plain data, no engine, no provider."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Final, TypeAlias

from policies.values import Found, Value, bare, leaves, pattern, walk

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping

STACK_TYPE: Final = "pulumi:pulumi:Stack"

_Places: TypeAlias = tuple[dict[str, list[int]], dict[str, list[int]]]
"""Urn of what is named -> places in the list of a type, and the same for each literal."""


class _Withheld:
    """Stands for a value that a finding does not show."""


WITHHELD: Final = _Withheld()


@dataclass(frozen=True, slots=True)
class Environment:
    """What the pack knows of a stack besides its resources."""

    stack: str
    production: bool
    high_availability: bool
    """The pack's config promises that this environment outlives the loss of one origin."""
    today: dt.date


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong, and where. Which rule says so, and the fix, are added by the judge."""

    urn: str
    path: str
    what: str
    found: Value = WITHHELD
    """The offending value; printed only if the rule's record lists the path under `shows`."""


@dataclass(frozen=True)
class Resource:
    """One resource as the program asks for it: its inputs, with what is secret or unknown kept."""

    urn: str
    type: str
    props: Mapping[str, Value]
    environment: Environment
    parent: str = ""
    protect: bool = False
    ignores: tuple[str, ...] = ()
    """The paths whose changes Pulumi is told to leave alone (`ignoreChanges`)."""
    links: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Property -> urns of the resources that its value comes from. Known even where the value isn't."""

    @property
    def name(self) -> str:
        """The logical name: the last part of the urn."""
        return name_of(self.urn)

    def values(self, path: str) -> Iterator[tuple[str, Value]]:
        """Every value at a path such as `rules[].allowed.origins[]`, with its concrete path.

        Secret marks are taken off, so that a rule judges a marked value like any other; no message will show it.
        """
        for found in walk(self.props, path):
            yield found.path, found.value

    def value(self, path: str) -> Value:
        """The value at a path that leads to one place: None where it isn't set, UNKNOWN where a preview can't know."""
        if path in self.props:  # most paths are one name, and this is asked more than anything else
            return bare(self.props[path])
        return next((found.value for found in walk(self.props, path)), None)

    def has(self, path: str) -> bool:
        """Whether the program sets the property, known or not."""
        return self.value(path) is not None

    @cached_property
    def leaves(self) -> tuple[Found, ...]:
        """Every scalar of the resource with its path and whether it is secret."""
        return tuple(leaves(dict(self.props)))

    def is_secret(self, path: str) -> bool:
        """Whether the value that a rule found at a path is marked, or part of something marked."""
        return any(found.path == path and found.secret for found in walk(self.props, pattern(path)))

    @cached_property
    def secrets(self) -> frozenset[str]:
        """The texts marked secret anywhere in this resource; no message may contain one."""
        texts = (leaf.value for leaf in self.leaves if leaf.secret)
        return frozenset(text for text in texts if isinstance(text, str) and text)

    def violates(self, path: str, found: Value, what: str = "") -> Finding:
        """The property is set, to the wrong value. `what` says more of it than the value would."""
        return Finding(self.urn, path, what, found)

    def lacks(self, path: str, what: str = "") -> Finding:
        """The property is not set, and its absence is not safe."""
        return Finding(self.urn, path, what or "is not set")

    def cannot_tell(self, path: str) -> Finding:
        """The rule needs the value, and a preview can't know it."""
        return Finding(self.urn, path, "is not known before deployment, so nobody can tell that the rule holds")

    def wants(self, what: str, path: str = "") -> Finding:
        """Something about the resource that is not one property's value, such as a missing companion."""
        return Finding(self.urn, path, what)


def name_of(urn: str) -> str:
    """The logical name in a urn: what follows stack, project and type. It may have colons of its own."""
    return urn.split("::", 3)[-1]


@dataclass(frozen=True)
class Stack:
    """Every resource of a deployment, and the links between them."""

    resources: tuple[Resource, ...]
    tags: Mapping[str, str] | None = None
    """The stack's own tags, as its backend keeps them. None where the engine does not say: `policy analyze`."""

    @cached_property
    def _by_type(self) -> dict[str, list[Resource]]:
        kinds: dict[str, list[Resource]] = {}
        for resource in self.resources:
            kinds.setdefault(resource.type, []).append(resource)
        return kinds

    @cached_property
    def _places(self) -> dict[tuple[str, str, str], _Places]:
        return {}

    @cached_property
    def _by_urn(self) -> dict[str, Resource]:
        return {resource.urn: resource for resource in self.resources}

    def of(self, *types: str) -> Iterator[Resource]:
        """The resources of these types, in order."""
        for kind in types:
            yield from self._by_type.get(kind, ())

    def linked(self, resource: Resource, prop: str, kind: str) -> list[Resource]:
        """The resources of type `kind` that the value of a top-level property comes from.

        Directly, or handed on under the same name: a setting takes `zoneId` from the subscription, which took it
        from the zone.
        """
        found: dict[str, Resource] = {}
        passed: set[str] = set()
        ahead = sorted(resource.links.get(prop, ()))
        while ahead:
            urn = ahead.pop(0)
            target = self._by_urn.get(urn)
            if target is None or urn in passed:
                continue
            passed.add(urn)
            if target.type == kind:
                found[urn] = target
            else:
                ahead += sorted(target.links.get(prop, ()))
        return list(found.values())

    def companions(self, target: Resource, kind: str, prop: str, target_prop: str = "") -> list[Resource]:
        """The resources of a type whose property names `target`: the settings of a zone, the schedule of a cluster.

        By a link, or by the same literal as `target_prop` holds.
        """
        by_owner, by_literal = self._named(kind, prop, target.type)
        literal = target.value(target_prop) if target_prop else None
        found = {*by_owner.get(target.urn, ()), *(by_literal.get(literal, ()) if isinstance(literal, str) else ())}
        ones = self._by_type.get(kind, ())
        return [ones[place] for place in sorted(found)]

    def _named(self, kind: str, prop: str, target_type: str) -> _Places:
        """Where the resources of a type that name each target are, worked out once: a company may have 1,000 zones."""
        key = (kind, prop, target_type)
        if key not in self._places:
            by_owner, by_literal = self._places[key] = ({}, {})
            for place, one in enumerate(self.of(kind)):
                for owner in self.linked(one, prop, target_type):
                    by_owner.setdefault(owner.urn, []).append(place)
                literal = one.value(prop)
                if isinstance(literal, str):
                    by_literal.setdefault(literal, []).append(place)
        return self._places[key]

    def group(self, resource: Resource, prop: str, kind: str) -> str:
        """What a resource belongs to, as a key: the linked resource's urn, else the literal id."""
        owners = self.linked(resource, prop, kind)
        return owners[0].urn if owners else str(resource.value(prop))
