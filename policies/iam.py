"""IAM policy documents, read into statements that rules can ask."""

from __future__ import annotations

import json
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

from policies.tokens import IAM_GROUP_POLICY, IAM_POLICY, IAM_ROLE, IAM_ROLE_POLICY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from policies.model import Resource
    from policies.values import Value

DOCUMENTS: Final[Mapping[str, tuple[str, ...]]] = {
    IAM_ROLE_POLICY: ("policy",),
    IAM_GROUP_POLICY: ("policy",),
    IAM_POLICY: ("policy",),
    IAM_ROLE: ("inlinePolicies[].policy",),
}
"""Where documents of what someone may do stand. A user's are another rule's: there should be none."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a document, every part a tuple."""

    allows: bool
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    principals: tuple[tuple[str, str], ...]
    """Kind and value: ("AWS", "arn:..."), ("Service", "lambda.amazonaws.com"), ("*", "*")."""
    conditions: frozenset[str]
    """The keys of all conditions that not every value fulfils, in lower case: aws:securetransport."""
    condition: Mapping[str, Any]

    def covers(self, action: str) -> bool:
        """Whether the statement's actions include one, wildcards followed."""
        return any(fnmatchcase(action.lower(), pattern.lower()) for pattern in self.actions)

    @property
    def everywhere(self) -> bool:
        """Whether it reaches every resource."""
        return "*" in self.resources

    @property
    def is_left_to_iam(self) -> bool:
        """Whether it names accounts as a whole, under no condition: then their IAM policies say who."""
        accounts = [value.endswith(":root") for _, value in self.principals]
        return bool(accounts) and all(accounts) and not self.conditions

    @property
    def is_public(self) -> bool:
        """Whether anyone at all is allowed, under no condition."""
        return self.allows and not self.conditions and any(value == "*" for _, value in self.principals)


def statements(resource: Resource, path: str) -> list[Statement]:
    """The statements of the document at a path; none where it isn't set or not known yet.

    A document that another resource's output is part of is unknown at preview. `pulumi up` asks again with the real one
    before anything is made, so nothing gets past; a preview of the first deployment can't say. A document that can't
    be read counts as one that allows everything to everyone.
    """
    return [_statement(raw) for _, value in resource.values(path) for raw in _raw(value)]


def documents(resource: Resource) -> Iterator[tuple[str, Statement]]:
    """Every statement of what someone may do by a resource of `DOCUMENTS`, with the document's path."""
    for path in DOCUMENTS[resource.type]:
        for place, value in resource.values(path):
            yield from ((place, _statement(raw)) for raw in _raw(value))


def _raw(value: Value) -> Iterator[dict[str, Any]]:
    try:
        document = json.loads(value) if isinstance(value, str) else value
    except ValueError:
        yield {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
        return
    if isinstance(document, dict):
        listed = document.get("Statement")
        for statement in listed if isinstance(listed, list) else [listed]:
            if isinstance(statement, dict):
                yield statement


def _statement(raw: dict[str, Any]) -> Statement:
    condition = raw.get("Condition")
    operators = [one for one in condition.values() if isinstance(one, dict)] if isinstance(condition, dict) else []
    return Statement(
        allows=raw.get("Effect") == "Allow",
        # What is not named is allowed: NotAction and NotResource are everything for a rule about too much.
        actions=("*",) if "NotAction" in raw else _texts(raw.get("Action")),
        resources=("*",) if "NotResource" in raw else _texts(raw.get("Resource")),
        principals=(("*", "*"),) if "NotPrincipal" in raw else tuple(_principals(raw.get("Principal"))),
        conditions=frozenset(
            str(key).lower() for operator in operators for key, value in operator.items() if "*" not in _texts(value)
        ),
        condition=condition if isinstance(condition, dict) else {},
    )


def _principals(value: Value) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for kind, named in value.items():
            yield from ((str(kind), one) for one in _texts(named))
    else:
        yield from (("*", one) for one in _texts(value))


def _texts(value: Value) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else [value]
    return tuple(one for one in listed if isinstance(one, str))
