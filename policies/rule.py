"""The record a rule is made of, and the registry that the pack, the docs and the tests are built from."""

from __future__ import annotations

import importlib
import pkgutil
import re
from dataclasses import dataclass, field, replace
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from typing import TypeAlias

    from policies.model import Environment, Finding, Resource, Stack

    Check: TypeAlias = Callable[..., Iterator[Finding]]

ANY_TYPE: Final = "*"
"""In `reads`: the rule looks at resources of every type."""


class Severity(Enum):
    """How bad a finding is, in CrossGuard's words."""

    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class Scope(Enum):
    """What a rule looks at in one call."""

    RESOURCE = "resource"
    STACK = "stack"


class Where(Enum):
    """In which environments something holds."""

    EVERYWHERE = "everywhere"
    PRODUCTION = "production"
    NOWHERE = "nowhere"

    def covers(self, environment: Environment) -> bool:
        """Whether this environment is meant."""
        return self is Where.EVERYWHERE or (self is Where.PRODUCTION and environment.production)


EVERYWHERE, PRODUCTION, NOWHERE = Where.EVERYWHERE, Where.PRODUCTION, Where.NOWHERE


@dataclass(frozen=True, slots=True)
class Option:
    """A threshold or list that a stack's owner may change, with its bounds.

    `schema` is a JSON schema with a `default`; the engine refuses a pack config that breaks it, before anything is
    judged.
    """

    schema: Mapping[str, Any]


def whole(default: int, least: int, most: int, meaning: str) -> Option:
    """A whole number between two bounds."""
    return Option(
        {"type": "integer", "default": default, "minimum": least, "maximum": most, "description": meaning},
    )


def texts(default: Sequence[str], meaning: str) -> Option:
    """A list of texts."""
    return Option(
        {"type": "array", "default": list(default), "items": {"type": "string"}, "description": meaning},
    )


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One rule: a sentence, a risk, a fix, and the function that finds what breaks it.

    Used as a decorator through `resource_rule` and `stack_rule`: the record is called with the function that
    completes it.
    """

    id: str
    title: str
    """What must hold, as a sentence without a full stop."""
    risk: str
    fix: str
    severity: Severity
    audit: str
    """The audit item it answers, or why it is here without one."""
    reads: Mapping[str, Sequence[str]]
    """Type token -> the property paths that the function reads. Checked against the SDKs by a test."""
    scope: Scope
    cis: str = ""
    """The CIS Controls 8.1 safeguard."""
    equals: Sequence[str] = ()
    """The checks of other tools that this one equals or beats: `prowler:...`, `mondoo:...`."""
    applies: Where = EVERYWHERE
    """Where the rule is asked at all."""
    mandatory: Where = EVERYWHERE
    """Where a finding blocks; where it applies without blocking it is advisory."""
    shows: Sequence[str] = ()
    """The paths whose values are public, so that a finding may print them."""
    options: Mapping[str, Option] = field(default_factory=dict)
    """Keyword of the function -> what a pack config may put there, under the same name in camelCase."""
    check: Check | None = None

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", self.id):
            raise ValueError(f"rule id {self.id!r}: use lower-case words joined by hyphens")
        hidden = set(self.shows) - {path for paths in self.reads.values() for path in paths}
        if hidden:
            raise ValueError(f"rule {self.id} shows {sorted(hidden)} without reading it")

    def __call__(self, check: Check) -> Rule:
        """Complete the record with its function and add it to the pack. An id is given once."""
        if self.id in _REGISTRY:
            raise ValueError(f"two rules are called {self.id}")
        return _REGISTRY.setdefault(self.id, replace(self, check=check))

    def find(self, subject: Resource | Stack, options: Mapping[str, Any]) -> Iterator[Finding]:
        """Every finding of this rule in one resource or stack."""
        if self.check is None:
            raise TypeError(f"rule {self.id} has no function")
        return iter(self.check(subject, **options))


resource_rule = partial(Rule, scope=Scope.RESOURCE)
"""Make a rule of a function over one resource (first argument) and the rule's options (keywords)."""

stack_rule = partial(Rule, scope=Scope.STACK)
"""Make a rule of a function over the whole stack (first argument) and the rule's options (keywords)."""

_REGISTRY: Final[dict[str, Rule]] = {}


def load() -> tuple[Rule, ...]:
    """Import every room of `policies.rules` and return the pack's rules by id."""
    package = importlib.import_module("policies.rules")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"policies.rules.{module.name}")
    return tuple(_REGISTRY[rule_id] for rule_id in sorted(_REGISTRY))
