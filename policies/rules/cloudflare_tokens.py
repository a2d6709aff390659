"""Cloudflare accounts and API tokens: how long credentials live and how far they reach."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any, Final

from policies.checks import instant, is_true, must, text
from policies.rule import NOWHERE, Severity, resource_rule, texts, whole
from policies.tokens import ACCOUNT, ACCOUNT_TOKEN, API_TOKEN
from policies.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policies.model import Finding, Resource

_WIDE: Final = ("com.cloudflare.api.account.zone.*", "com.cloudflare.api.account.*", "com.cloudflare.api.user.*", "*")
_ONE_ACCOUNT: Final = "com.cloudflare.api.account."
_ID_LENGTH: Final = 32
_ADMINISTRATION: Final = (
    "686d18d5ac6c441c867cbf6771e58a0a",  # API Tokens Write
    "5bc3f8b21c554832afc660159ab75fa4",  # Account API Tokens Write
    "1af1fa2adc104452b74a9a3364202f20",  # Account Settings Write: members, too
)
"""Permission groups that make tokens or members: the same ids in every account, public lists of 2026."""


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


@resource_rule(
    id="token-least-privilege",
    title="An API token reaches one zone, one bucket or one account's one service, never everything",
    risk="The leaked token of the audit could do anything in the account; what a token can't reach, a leak can't "
    "either.",
    fix="Name the zone or bucket in policies[].resources, and give no permission group that makes tokens.",
    severity=Severity.HIGH,
    audit="2.2 Production secrets exposed in codebase",
    cis="5.4",
    reads=dict.fromkeys(
        (ACCOUNT_TOKEN, API_TOKEN), ("policies[].resources", "policies[].effect", "policies[].permissionGroups[].id")
    ),
    options={
        "refused_groups": texts(_ADMINISTRATION, "Ids of permission groups that no token may have."),
    },
)
def token_reaches_little(token: Resource, *, refused_groups: Sequence[str]) -> Iterator[Finding]:
    """`resources` is a JSON text; a preview may not know it yet, and then its ids are those of this stack."""
    for path, policy in token.values("policies[]"):
        if not isinstance(policy, dict) or policy.get("effect") == "deny":
            continue
        if any(_is_wide(key) for key in _keys(policy.get("resources"))):
            yield token.wants("reaches more than one thing", f"{path}.resources")
        groups = policy.get("permissionGroups")
        listed = [one.get("id") for one in groups if isinstance(one, dict)] if isinstance(groups, list) else []
        if any(group in refused_groups for group in listed):
            yield token.wants("names a group that the config refuses", f"{path}.permissionGroups")


def _is_wide(key: str) -> bool:
    whole_account = key.startswith(_ONE_ACCOUNT) and len(key) == len(_ONE_ACCOUNT) + _ID_LENGTH
    return key in _WIDE or whole_account or key.endswith(".bucket.*")


def _keys(resources: Any) -> list[str]:  # noqa: ANN401 a property may hold anything
    """The keys of a resources document, nested ones included; an unreadable one reaches who knows what."""
    if resources is UNKNOWN:
        return []
    if isinstance(resources, str):
        try:
            resources = json.loads(resources)
        except ValueError:
            return ["*"]
    if not isinstance(resources, dict):
        return ["*"]
    keys: list[str] = []
    for key, value in resources.items():
        keys += _keys(value) if isinstance(value, dict) else [text(key)]
    return keys


@resource_rule(
    id="token-address-bound",
    title="An API token works only from our own addresses",
    risk="A token that leaks works from anywhere in the world.",
    fix="List the addresses that use the token in condition.requestIp.ins.",
    severity=Severity.MEDIUM,
    audit="Beyond the audit: apps on Railway share addresses that change; asked where a pack config says so",
    cis="13.4",
    equals=("mondoo:api-tokens-have-ip-allowlist",),
    applies=NOWHERE,
    reads=dict.fromkeys((ACCOUNT_TOKEN, API_TOKEN), ("condition.requestIp.ins[]",)),
)
def token_is_address_bound(token: Resource) -> Iterator[Finding]:
    """Any list is better than none; how wide it may be is not said here."""
    if not any(True for _ in token.values("condition.requestIp.ins[]")):
        yield token.lacks("condition.requestIp.ins")


resource_rule(
    id="account-two-factor",
    title="A Cloudflare account asks every member for a second factor",
    risk="One phished password changes the shop's DNS.",
    fix="Set settings.enforceTwofactor to true.",
    severity=Severity.CRITICAL,
    audit="2.3 P1.10 Security monitoring",
    cis="6.5",
    equals=("mondoo:enforce-two-factor", "steampipe:account_enforces_two_factor"),
    reads={ACCOUNT: ("settings.enforceTwofactor",)},
    shows=("settings.enforceTwofactor",),
)(must("settings.enforceTwofactor", is_true))
