"""Every simulated type and function, by token."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.kind import Kind, Refusal, at
from sandbox.vendors import atlas, aws, cloudflare, doppler, generated, upstash

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.cloud import Cloud, Thing
    from sandbox.wire import Props

VENDORS = {
    "aws": aws,
    "cloudflare": cloudflare,
    "doppler": doppler,
    "mongodbatlas": atlas,
    "random": generated,
    "tls": generated,
    "upstash": upstash,
}
KINDS: dict[str, Kind] = {kind.token: kind for vendor in VENDORS.values() for kind in vendor.KINDS}
FUNCTIONS: dict[str, Callable[[Cloud, Props], Any]] = {t: f for v in VENDORS.values() for t, f in v.FUNCTIONS.items()}


def _vendor(token: str) -> Any:  # noqa: ANN401 a vendor's module
    return VENDORS[token.split(":", 1)[0]]


def require(cloud: Cloud, kind: Kind, state: Props, path: str, parent: str) -> None:
    """Refuses an object whose parent the vendor does not have."""
    value = at(state, path)
    if value is not None and cloud.by_id(parent, str(value)) is None:
        raise Refusal(_vendor(kind.token).no_parent(kind, parent, str(value)))


def missing(kind: Kind, key: str) -> str:
    """The vendor's words for an object that is not there."""
    return str(_vendor(kind.token).not_found(kind, key))


def cascade(cloud: Cloud, thing: Thing) -> None:
    """Removes what lived inside a removed object, as its vendor does."""
    scope = _vendor(thing.type).scope_of(thing)
    if scope:
        cloud.remove_scope(thing.type.split(":", 1)[0], scope)
