"""Findings that someone accepted: by whom it can be asked (ticket), why (reason), and until when (expires).

An exception that has expired excuses nothing and is a finding of its own; one that excused nothing is worth a
warning; one in force is printed, so that nobody forgets it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

_TEXT: Final = {"type": "string", "minLength": 1}
SCHEMA: Final[Mapping[str, Any]] = {
    "type": "array",
    "description": "Findings that are accepted: rule id, urn glob, reason, ticket, and the last day (YYYY-MM-DD).",
    "items": {
        "type": "object",
        "required": ["rule", "urn", "reason", "ticket", "expires"],
        "additionalProperties": False,
        "properties": {
            "rule": _TEXT,
            "urn": {"type": "string", "pattern": "^urn:pulumi:"},
            "reason": {"type": "string", "minLength": 10},
            "ticket": _TEXT,
            "expires": {"type": "string", "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"},
        },
    },
}


@dataclass(frozen=True, slots=True)
class Exemption:
    """One accepted finding."""

    rule: str
    urn: str
    reason: str
    ticket: str
    expires: dt.date
    """The last day on which it holds."""

    @classmethod
    def parse(cls, item: Mapping[str, Any]) -> Exemption:
        """Read one entry of the config.

        Raises:
            ValueError: `expires` is no date, such as 2027-02-30.
        """
        try:
            expires = dt.date.fromisoformat(item["expires"])
        except ValueError:
            raise ValueError(f"the exception {item['ticket']} expires on {item['expires']}, which is no day") from None
        return cls(
            rule=item["rule"],
            urn=item["urn"],
            reason=item["reason"],
            ticket=item["ticket"],
            expires=expires,
        )

    def covers(self, rule: str, urn: str) -> bool:
        """Whether a finding of `rule` on `urn` is the accepted one."""
        return rule == self.rule and fnmatchcase(urn, self.urn)

    def expired(self, today: dt.date) -> bool:
        """Whether the last day has passed."""
        return today > self.expires

    def concerns(self, stack: str) -> bool:
        """Whether the urn glob can mean a resource of this stack, so that being unused there is worth a word."""
        return fnmatchcase(stack, self.urn.removeprefix("urn:pulumi:").partition("::")[0])
