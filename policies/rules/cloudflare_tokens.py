"""Cloudflare API tokens: how long they live and how far they reach."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from policies.checks import instant
from policies.rule import Severity, resource_rule, whole
from policies.tokens import ACCOUNT_TOKEN, API_TOKEN
from policies.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policies.model import Finding, Resource


@resource_rule(
    id="token-expires",
    title="An API token ends, and soon enough",
    risk="A token without an end that leaks, as MadeBuy's did, opens the account until someone notices.",
    fix="Set expiresOn to a date within the allowed number of days of today (or of notBefore), and rotate before it.",
    severity=Severity.HIGH,
    audit="2.2 No secrets rotation policy",
    cis="5.3",
    equals=("mondoo:api-tokens-have-expiration", "mondoo:api-tokens-not-older-than-365-days"),
    reads={ACCOUNT_TOKEN: ("expiresOn", "notBefore"), API_TOKEN: ("expiresOn", "notBefore")},
    shows=("expiresOn",),
    options={"max_days": whole(366, 1, 1_096, "The longest life of a token, in days.")},
)
def token_expires(token: Resource, *, max_days: int) -> Iterator[Finding]:
    """Counted from notBefore where it is set, else from today."""
    value = token.value("expiresOn")
    end = instant(value)
    midnight = dt.datetime.combine(token.environment.today, dt.time(), dt.UTC)
    start = instant(token.value("notBefore")) or midnight
    if value is None:
        yield token.lacks("expiresOn")
    elif value is UNKNOWN:
        yield token.cannot_tell("expiresOn")
    elif end is None or end <= midnight:
        yield token.violates("expiresOn", value, "is no time in the future")
    elif end - start > dt.timedelta(days=max_days):
        yield token.violates("expiresOn", value, f"is more than {max_days} days away")
