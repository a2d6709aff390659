"""The few corrections that the pack may make itself: safe, certain, and off unless a pack config says `remediate`.

A correction is written into the engine's own message, so that secrets and unknowns around it stay what they are.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policies.adapter import is_marked
from policies.tokens import ZONE_SETTING
from policies.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from google.protobuf.struct_pb2 import Struct

    from policies.model import Resource

    Correction = tuple[str, str | bool]
    Remedy = Callable[[Resource], Iterator[Correction]]


def _modern_tls(path: str, old: tuple[str, ...], new: str) -> Remedy:
    def remedy(resource: Resource) -> Iterator[Correction]:
        if resource.value(path) in (None, *old):
            yield path, new

    return remedy


def _zone_tls(setting: Resource) -> Iterator[Correction]:
    if setting.type == ZONE_SETTING and setting.value("settingId") == "min_tls_version":
        yield from _modern_tls("value", ("1.0", "1.1"), "1.2")(setting)


def _redis_tls(database: Resource) -> Iterator[Correction]:
    if database.value("tls") in (None, False):
        yield "tls", True


def _tags(resource: Resource) -> Iterator[Correction]:
    """What the urn knows: environment and project. Which cost center pays is a person's answer."""
    environment = "production" if resource.environment.production else resource.environment.stack
    for tag, value in (("environment", environment), ("project", _project(resource.urn))):
        if resource.value("tags") is not UNKNOWN and resource.value(f"tags.{tag}") in (None, ""):
            yield f"tags.{tag}", value


def _project(urn: str) -> str:
    return urn.split("::")[1] if "::" in urn else ""


REMEDIES: Final[Mapping[str, Remedy]] = {
    "atlas-minimum-tls": _modern_tls("advancedConfiguration.minimumEnabledTlsProtocol", ("TLS1_0", "TLS1_1"), "TLS1_2"),
    "r2-domain-minimum-tls": _modern_tls("minTls", ("1.0", "1.1"), "1.2"),
    "redis-tls": _redis_tls,
    "required-tags": _tags,
    "zone-minimum-tls": _zone_tls,
}


def correct(rule: str, resource: Resource, properties: Struct) -> bool:
    """Write a rule's corrections into the properties. Whether there were any."""
    written = [_write(properties, path.split("."), value) for path, value in REMEDIES[rule](resource)]
    return any(written)


def _write(place: Struct, path: list[str], value: str | bool) -> bool:
    """Set one value, making the objects on the way. Not inside one that is marked: it holds its mark, too."""
    name, *below = path
    if is_marked(place):
        return False
    if below:
        return _write(place.fields[name].struct_value, below, value)
    if is_marked(place.fields[name].struct_value):
        return False
    if isinstance(value, bool):
        place.fields[name].bool_value = value
    else:
        place.fields[name].string_value = value
    return True
