"""Runs the rules: one verdict per finding, with its level, whatever a rule does."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from policies.config import PACK, Level
from policies.credentials import looks_like_credential
from policies.model import STACK_TYPE, Finding, Resource, Stack, name_of
from policies.remedies import REMEDIES
from policies.rule import ANY_TYPE, Scope, Severity
from policies.values import pattern

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator, Mapping
    from typing import Any

    from policies.config import Config
    from policies.exceptions import Exemption
    from policies.model import Environment
    from policies.rule import Rule, Where

PACK_TITLE: Final = "The pack itself: every rule ran, every exception is in date"
_SHORTEST_SECRET: Final = 4  # a shorter text is no credential, and cutting it out would garble the sentence


@dataclass(frozen=True, slots=True)
class Verdict:
    """A finding with everything the reader needs."""

    rule: str
    urn: str
    path: str
    level: Level
    severity: Severity
    description: str
    message: str


@dataclass(frozen=True, slots=True)
class _Asked:
    """A rule as the config has it asked, worked out once."""

    rule: Rule
    options: Mapping[str, Any]
    applies: Where


class Judge:
    """The rules under one config. Remembers only which exceptions were used."""

    def __init__(self, rules: Iterable[Rule], config: Config, today: dt.date) -> None:
        self._config = config
        self._today = today
        self._exemptions = config.exemptions
        self._used: set[Exemption] = set()
        self._environments: dict[str, Environment] = {}
        self._of_type: dict[str, list[_Asked]] = {}
        self._of_stack: list[_Asked] = []
        self._remediating: list[Rule] = []
        for rule in rules:
            if config.entry(rule).level is not Level.DISABLED:
                self._file(_Asked(rule, config.options(rule), config.applies(rule)))
            if config.remediates(rule) and rule.id in REMEDIES:
                self._remediating.append(rule)

    def _file(self, asked: _Asked) -> None:
        if asked.rule.scope is Scope.STACK:
            self._of_stack.append(asked)
            return
        for kind in asked.rule.reads:
            self._of_type.setdefault(kind, []).append(asked)

    def remediating(self, kind: str) -> list[Rule]:
        """The rules over a type that may correct what they find."""
        return [rule for rule in self._remediating if kind in rule.reads]

    def environment(self, urn: str) -> Environment:
        """What kind of environment a resource lives in, by the stack's name in its urn."""
        stack = stack_of(urn)
        if stack not in self._environments:
            self._environments[stack] = self._config.environment(stack, self._today)
        return self._environments[stack]

    def resource(self, resource: Resource) -> list[Verdict]:
        """What the rules over one resource find."""
        verdicts: list[Verdict] = []
        by_urn = {resource.urn: resource}
        for asked in (*self._of_type.get(resource.type, ()), *self._of_type.get(ANY_TYPE, ())):
            if asked.applies.covers(resource.environment):
                verdicts += self._verdicts(asked, resource, by_urn)
        return verdicts

    def stack(self, stack: Stack) -> list[Verdict]:
        """What the rules over the whole stack find, and what there is to say about exceptions.

        Call it after every resource: an exception that no resource needed is reported as unused.
        """
        if not stack.resources:
            return []
        by_urn = {resource.urn: resource for resource in stack.resources}
        verdicts: list[Verdict] = []
        for asked in self._of_stack:
            verdicts += self._verdicts(asked, stack, by_urn)
        return verdicts + list(self._about_exemptions(stack))

    def _verdicts(self, asked: _Asked, subject: Resource | Stack, by_urn: dict[str, Resource]) -> list[Verdict]:
        rule = asked.rule
        verdicts: list[Verdict] = []
        try:
            for finding in rule.find(subject, asked.options):
                resource = by_urn.get(finding.urn)
                environment = resource.environment if resource else self.environment(finding.urn)
                if asked.applies.covers(environment) and not self._excused(rule, finding):
                    level = self._config.level(rule, environment)
                    verdicts.append(_verdict(rule, finding, resource, level))
        except Exception as error:
            verdicts.append(_broken(rule, subject, error))
        return verdicts

    def _excused(self, rule: Rule, finding: Finding) -> bool:
        excuses = [one for one in self._exemptions if one.covers(rule.id, finding.urn)]
        in_force = [one for one in excuses if not one.expired(self._today)]
        self._used.update(excuses)
        return bool(in_force)

    def _about_exemptions(self, stack: Stack) -> Iterator[Verdict]:
        root = next(stack.of(STACK_TYPE), stack.resources[0])
        for one in self._exemptions:
            if one.concerns(root.environment.stack):
                yield self._about(one, root)

    def _about(self, one: Exemption, root: Resource) -> Verdict:
        what = f"The exception of {one.urn} from {one.rule} ({one.ticket}: {one.reason})"
        if one.expired(self._today):
            return _of_pack(
                root, Level.MANDATORY, f"{what} expired on {one.expires}. Fix the resource, or renew the exception."
            )
        if one not in self._used:
            return _of_pack(root, Level.ADVISORY, f"{what} excuses nothing any more. Remove it from the pack's config.")
        return _of_pack(root, Level.ADVISORY, f"{what} is in force until {one.expires}.")


def stack_of(urn: str) -> str:
    """The stack's name in a urn: `urn:pulumi:prod::madebuy::type::name` -> `prod`."""
    return urn.removeprefix("urn:pulumi:").partition("::")[0]


def _verdict(rule: Rule, finding: Finding, resource: Resource | None, level: Level) -> Verdict:
    name = name_of(finding.urn)
    subject = f"{name}: {finding.path}" if finding.path else name
    # The CLI's summary prints the message alone, so it says what must hold, too.
    message = f"{subject} {_what(rule, finding, resource)}. Must hold: {rule.title}. Fix: {rule.fix}"
    return Verdict(
        rule=rule.id,
        urn=finding.urn,
        path=finding.path,
        level=level,
        severity=rule.severity,
        description=f"{rule.title}. {rule.risk}",
        message=_without_secrets(message, resource),
    )


def _what(rule: Rule, finding: Finding, resource: Resource | None) -> str:
    shown = _shown(rule, finding, resource)
    if not finding.what:
        return f"is {shown}" if shown else "has a value that is refused"
    return f"{finding.what}: {shown}" if shown else finding.what


def _shown(rule: Rule, finding: Finding, resource: Resource | None) -> str:
    """The offending value as a stack file would write it, if its rule says that the value is public."""
    if not isinstance(finding.found, str | int | float | bool) or resource is None:
        return ""
    hidden = resource.is_secret(finding.path) or looks_like_credential(str(finding.found))
    return json.dumps(finding.found) if pattern(finding.path) in rule.shows and not hidden else ""


def _without_secrets(message: str, resource: Resource | None) -> str:
    secrets = resource.secrets if resource else frozenset()
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= _SHORTEST_SECRET:
            message = message.replace(secret, "[secret]")
    return message


def _broken(rule: Rule, subject: Resource | Stack, error: Exception) -> Verdict:
    root = subject if isinstance(subject, Resource) else next(subject.of(STACK_TYPE), subject.resources[0])
    what = (
        f"The rule {rule.id} broke on {root.urn} ({where(error)}), so nobody can tell that it holds. "
        "Report it to the pack's owners; the other rules ran."
    )
    return _of_pack(root, Level.MANDATORY, what)


def where(error: Exception) -> str:
    """The kind of an error and its place. Never its text, which may quote a property."""
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}" if trace else "an unknown line"
    return f"{type(error).__name__} at {place}"


def _of_pack(root: Resource, level: Level, message: str) -> Verdict:
    return Verdict(PACK, root.urn, "", level, Severity.HIGH, PACK_TITLE, message)
