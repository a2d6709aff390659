"""The audit's three options (12.2), as data: what each promises, and what it sets where a stack file says nothing."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from settings.base import Setting
from settings.errors import nearest
from settings.types import Environment

Defaults = Mapping[str, Any]


class ProfileName(StrEnum):
    """The audit's options 1, 2 and 3."""

    MINIMAL = "minimal"
    HARDENED = "hardened"
    HIGH_AVAILABILITY = "high-availability"


class Promises(Setting):
    """What a profile is sold as; reports compare it with what the stack can keep."""

    uptime_percent: float = Field(description="Share of a month in which both apps answer.")
    rto_minutes: int = Field(description="Minutes from a failure until both apps answer again.")
    rpo_minutes: int = Field(description="Minutes of data that a failure may cost.")
    monthly_budget_usd: int = Field(description="US dollars a month for everything in the audit's sum.")


class Profile(Setting):
    """One of the audit's options, by name, and its promises."""

    name: ProfileName = Field(description="The option's name.")
    promises: Promises = Field(description="What the option is sold as.")


PROFILES = {
    # Audit 5.2 for the times (a rebuild by hand in 1 to 4 hours, a day between snapshots), 9.1 for the sum.
    ProfileName.MINIMAL: Promises(uptime_percent=99.0, rto_minutes=240, rpo_minutes=1440, monthly_budget_usd=91),
    # Audit 7.2.
    ProfileName.HARDENED: Promises(uptime_percent=99.5, rto_minutes=60, rpo_minutes=60, monthly_budget_usd=180),
    # Audit 7.3 and 11.1.
    ProfileName.HIGH_AVAILABILITY: Promises(
        uptime_percent=99.95, rto_minutes=15, rpo_minutes=60, monthly_budget_usd=220
    ),
}

_ONE_ORIGIN = {"plan": "pro", "load_balancer": None}
_FLEX = {"tier": "FLEX", "max_tier": None, "backups": None, "customer_key": False, "auditing": False}
_DEDICATED = {
    "tier": "M10",
    "max_tier": None,
    "backups": {"point_in_time_days": 7, "copy_region": None},
    "customer_key": False,
    "auditing": False,
}
_HARDENED = {
    "tier": "M10",
    "max_tier": "M20",
    "backups": {"point_in_time_days": 7, "copy_region": "AP_SOUTHEAST_4"},
    "customer_key": True,
    "auditing": True,
}
_A_MONTH = {"hsts": {"max_age_days": 30}}
_A_YEAR = {"hsts": {"max_age_days": 365}}

_DEFAULTS: Mapping[ProfileName, Defaults] = {
    ProfileName.MINIMAL: {"edge": {**_ONE_ORIGIN, "tls": _A_MONTH}, "database": _FLEX},
    ProfileName.HARDENED: {"edge": {**_ONE_ORIGIN, "tls": _A_YEAR}, "database": _HARDENED},
    ProfileName.HIGH_AVAILABILITY: {
        "edge": {"plan": "pro", "load_balancer": {}, "tls": _A_YEAR},
        "database": _HARDENED,
    },
}
_IN_PRODUCTION: Mapping[ProfileName, Defaults] = {
    # Production never takes Flex: it has no point-in-time restore, and 500 connections.
    ProfileName.MINIMAL: {"database": _DEDICATED},
    ProfileName.HARDENED: {},
    ProfileName.HIGH_AVAILABILITY: {},
}


def defaults(profile: ProfileName, environment: Environment) -> dict[str, Any]:
    """What a profile sets in an environment, by concern; a stack file overrides any of it."""
    protection = {"database": {"termination_protection": environment is Environment.PRODUCTION}}
    merged = merge(_DEFAULTS[profile], protection)
    return merge(merged, _IN_PRODUCTION[profile]) if environment is Environment.PRODUCTION else merged


def merge(under: Defaults, over: Defaults) -> dict[str, Any]:
    """Lay one mapping over another; mappings inside are merged, everything else is replaced."""
    merged = dict(under)
    for key, value in over.items():
        below = merged.get(key)
        merged[key] = merge(below, value) if isinstance(below, Mapping) and isinstance(value, Mapping) else value
    return merged


def _named(value: object) -> object:
    if isinstance(value, str) and value in list(ProfileName):
        name = ProfileName(value)
        return Profile(name=name, promises=PROFILES[name])
    if isinstance(value, Profile):
        return value
    hint = nearest(str(value), ProfileName)
    raise ValueError(f"one of the audit's options (12.2) is needed. {hint}Write one of: {', '.join(ProfileName)}.")


NamedProfile = Annotated[Profile, BeforeValidator(_named), WithJsonSchema({"enum": list(ProfileName)})]
"""A profile, written as its name."""
