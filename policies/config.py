"""What a pack config can say, in CrossGuard's own file format.

`{"all": LEVEL, RULE: LEVEL, OTHER_RULE: {"enforcementLevel": LEVEL, OPTION: ...}}`. The engine reads the file,
checks it against the schemas the pack declares, and lays it over `config.json`, the pack's own defaults in the same
form. What reaches the pack is one level and one set of options per rule.
"""

from __future__ import annotations

import difflib
import json
from dataclasses import dataclass, field
from enum import Enum
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from policies.exceptions import SCHEMA as EXCEPTIONS_SCHEMA
from policies.exceptions import Exemption
from policies.model import Environment
from policies.rule import NOWHERE, Where
from policies.values import camel

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from policies.rule import Rule

DEFAULTS: Final = Path(__file__).with_name("config.json")
PACK: Final = "pack"
"""The name under which the pack itself is configured, and reports a rule that broke."""
ALL: Final = "all"

PRODUCTION_STACKS: Final = ("prod", "production", "prod-*", "production-*")
"""A copy of production, such as prod-eu, holds what production holds; preprod does not."""
_STACKS: Final = {"type": "array", "items": {"type": "string"}}
PACK_SCHEMA: Final[Mapping[str, Any]] = {
    "production": _STACKS
    | {"default": [*PRODUCTION_STACKS], "description": "Stacks that are production, by name; globs allowed."},
    "highAvailability": _STACKS
    | {"default": [], "description": "Stacks that promise to outlive the loss of one origin, by name; globs allowed."},
    "exceptions": {**EXCEPTIONS_SCHEMA, "default": []},
}


class Level(Enum):
    """What happens on a finding."""

    ADVISORY = "advisory"
    MANDATORY = "mandatory"
    REMEDIATE = "remediate"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True)
class Entry:
    """What the config says of one rule."""

    level: Level
    options: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Config:
    """The whole config of a run, after the engine has merged and checked it."""

    entries: Mapping[str, Entry]

    def entry(self, rule: Rule) -> Entry:
        """What the config says of a rule, or the rule's own defaults."""
        return self.entries.get(rule.id, Entry(default_level(rule)))

    def options(self, rule: Rule) -> dict[str, Any]:
        """The keywords to call a rule's function with."""
        given = self.entry(rule).options
        return {name: given.get(camel(name), option.schema["default"]) for name, option in rule.options.items()}

    def applies(self, rule: Rule) -> Where:
        """Where the rule is asked."""
        return Where(self.entry(rule).options.get("appliesIn", rule.applies.value))

    def level(self, rule: Rule, environment: Environment) -> Level:
        """What a finding of the rule does in an environment.

        CrossGuard has one level per rule and no way to see a default from a choice; the pack reads them so:
        `advisory` and `disabled` always win; `mandatory` means "in the environments of mandatoryIn"; `{"all":
        "mandatory"}` and `mandatory` for a rule that is advisory by default mean everywhere.
        """
        level = self.entry(rule).level
        if level in (Level.ADVISORY, Level.DISABLED):
            return level
        chosen_for_all = ALL in self.entries and self.entries[ALL].level is Level.MANDATORY
        where = Where(self.entry(rule).options.get("mandatoryIn", rule.mandatory.value))
        chosen_for_this = rule.mandatory is NOWHERE and where is NOWHERE
        everywhere = chosen_for_all or chosen_for_this
        return Level.MANDATORY if everywhere or where.covers(environment) else Level.ADVISORY

    def remediates(self, rule: Rule) -> bool:
        """Whether the rule may correct what it finds; only where somebody said so by the level `remediate`."""
        return self.entry(rule).level is Level.REMEDIATE

    def environment(self, stack: str, today: dt.date) -> Environment:
        """What kind of environment a stack is, by its name."""
        return Environment(
            stack=stack,
            production=self._lists(stack, "production"),
            high_availability=self._lists(stack, "highAvailability"),
            today=today,
        )

    @property
    def exemptions(self) -> tuple[Exemption, ...]:
        """The exceptions that someone has accepted."""
        return tuple(Exemption.parse(item) for item in self._pack("exceptions"))

    def _lists(self, stack: str, key: str) -> bool:
        return any(fnmatchcase(stack.lower(), glob.lower()) for glob in self._pack(key))

    def _pack(self, key: str) -> Sequence[Any]:
        entry = self.entries.get(PACK)
        given: Sequence[Any] = (entry.options if entry else {}).get(key, PACK_SCHEMA[key]["default"])
        return given


def default_level(rule: Rule) -> Level:
    """The level that the pack declares for a rule."""
    return Level.ADVISORY if rule.mandatory is NOWHERE else Level.MANDATORY


def schema(rule: Rule) -> dict[str, Any]:
    """The JSON schema of a rule's options, with the two that every rule has."""
    where = [place.value for place in Where]
    return {
        "appliesIn": {"type": "string", "enum": where, "default": rule.applies.value},
        "mandatoryIn": {"type": "string", "enum": where, "default": rule.mandatory.value},
    } | {camel(name): dict(option.schema) for name, option in rule.options.items()}


def problems(config: Config, rules: Iterable[Rule]) -> Iterator[str]:
    """What the engine does not look at: names that mean nothing here, so that what they say would change nothing."""
    options = {rule.id: {*schema(rule)} for rule in rules} | {PACK: {*PACK_SCHEMA}, ALL: set()}
    for name, entry in config.entries.items():
        if name not in options:
            yield _unknown("rule", name, options)
        else:
            yield from (_unknown(f"option of {name}", one, options[name]) for one in {*entry.options} - options[name])
    for exemption in config.exemptions:
        if exemption.rule not in options:
            yield _unknown("rule to except from", exemption.rule, options)


def _unknown(what: str, name: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(name, known, n=1)
    return f"there is no {what} called {name}" + (f"; did you mean {close[0]}?" if close else "")


def defaults(rules: Iterable[Rule]) -> Config:
    """The pack's own config: MadeBuy's choices."""
    return parse(json.loads(DEFAULTS.read_text(encoding="utf-8")), rules)


def parse(document: Mapping[str, Any], rules: Iterable[Rule]) -> Config:
    """Read a config in CrossGuard's file format; a rule without a level has its own.

    Raises:
        ValueError: a level that CrossGuard does not have.
    """
    levels = {rule.id: default_level(rule) for rule in rules}
    return Config({name: _entry(given, levels.get(name, Level.MANDATORY)) for name, given in document.items()})


def _entry(given: str | Mapping[str, Any], level: Level) -> Entry:
    if isinstance(given, str):
        return Entry(Level(given))
    options = dict(given)
    return Entry(Level(options.pop("enforcementLevel", level.value)), options)
