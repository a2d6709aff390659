"""Shapes that many rules have: one property that must hold, one zone setting that must exist and hold."""

from __future__ import annotations

import datetime as dt
import ipaddress
import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

from policies.tokens import ZONE, ZONE_SETTING
from policies.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from policies.model import Finding, Resource, Stack
    from policies.values import Value

    Holds = Callable[[Value], bool]

_VERSION: Final = re.compile(r"\d+(\.\d+)*")
_DAY: Final = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


def is_true(value: Value) -> bool:
    """Nothing but true."""
    return value is True


def is_false(value: Value) -> bool:
    """Nothing but false."""
    return value is False


def one_of(*allowed: str) -> Holds:
    """One of some texts."""
    return lambda value: isinstance(value, str) and value in allowed


def none_of(*refused: str) -> Holds:
    """A text that is none of some texts."""
    return lambda value: isinstance(value, str) and value not in refused


def between(least: float, most: float) -> Holds:
    """A number within two bounds."""
    return lambda value: isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most


def at_least(least: float) -> Holds:
    """A number not below `least`."""
    return lambda value: isinstance(value, int | float) and not isinstance(value, bool) and value >= least


def version_at_least(least: str) -> Holds:
    """A dotted version not below `least`, compared number by number: 10.0 is newer than 8.0."""
    return lambda value: isinstance(value, str | float | int) and _parts(str(value)) >= _parts(least)


def _parts(version: str) -> list[int]:
    match = _VERSION.fullmatch(version)
    return [int(part) for part in version.split(".")] if match else []


def instant(value: Value) -> dt.datetime | None:
    """An RFC 3339 time, or None where the value is no such thing."""
    if not isinstance(value, str):
        return None
    try:
        moment = dt.datetime.fromisoformat(value)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def day_named(description: Value) -> dt.date | None:
    """The first day that a description names, which a program without a clock leaves for the pack to judge."""
    for found in _DAY.findall(text(description)):
        try:
            return dt.date.fromisoformat(found)
        except ValueError:  # such as 31 June
            continue
    return None


def never_ends(description: Value, today: dt.date, max_days: int) -> str:
    """What is wrong with the last day of an exception that a description should name; empty where nothing is."""
    day = day_named(description)
    if day is None:
        return "names no last day"
    if day < today:
        return f"names {day}, which has passed"
    return f"names {day}, more than {max_days} days away" if day > today + dt.timedelta(days=max_days) else ""


def must(
    path: str, holds: Holds, *, required: bool = True, unknown: bool = False
) -> Callable[[Resource], Iterator[Finding]]:
    """Every value at `path` holds; and where `required`, there is one. `unknown`: one that is not known yet will do."""

    def check(resource: Resource) -> Iterator[Finding]:
        yield from each(resource, path, holds, required=required, unknown=unknown)

    return check


def each(
    resource: Resource, path: str, holds: Holds, *, required: bool = True, unknown: bool = False
) -> Iterator[Finding]:
    """The values at `path` that do not hold or can't be known, and a finding where one is required and none is set."""
    nothing = True
    for place, value in resource.values(path):
        nothing = False
        if value is UNKNOWN:
            if not unknown:
                yield resource.cannot_tell(place)
        elif not holds(value):
            yield resource.violates(place, value)
    if nothing and required:
        yield resource.lacks(path)


def setting(setting_id: str, holds: Holds, *, required: bool = True) -> Callable[[Stack], Iterator[Finding]]:
    """The setting holds wherever it stands; and where `required`, every zone has it.

    Required are settings whose default at the vendor is not the safe value.
    """

    def check(stack: Stack) -> Iterator[Finding]:
        for one in settings(stack, setting_id):
            yield from each(one, "value", holds)
        if required:
            yield from zones_without(stack, setting_id)

    return check


def settings(stack: Stack, setting_id: str) -> list[Resource]:
    """The `ZoneSetting`s of one kind."""
    return [one for one in stack.of(ZONE_SETTING) if one.value("settingId") == setting_id]


def zones_without(stack: Stack, setting_id: str) -> Iterator[Finding]:
    """Zones that no such setting belongs to: what is not declared, a dashboard or a new default can change."""
    for zone in stack.of(ZONE):
        if all(one.value("settingId") != setting_id for one in stack.companions(zone, ZONE_SETTING, "zoneId")):
            yield zone.wants(f"has no ZoneSetting with settingId {setting_id}")


def text(value: object) -> str:
    """A text, or nothing where it is something else or not known."""
    return value if isinstance(value, str) else ""


def number(value: object) -> float:
    """A number, or nothing where it is something else or not known."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) else 0


def matches(name: str, globs: Iterable[str]) -> bool:
    """Whether a name is one of those that globs mean."""
    return any(fnmatchcase(name, glob) for glob in globs)


def is_address(host: str) -> bool:
    """Whether a host is written as an IP address."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
