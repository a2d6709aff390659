"""Every simulated type and function, by token."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sandbox.vendors import atlas, aws, cloudflare, doppler, generated, upstash

if TYPE_CHECKING:
    from sandbox.kind import Kind, Vendor

VENDORS: dict[str, Vendor] = {
    "aws": aws.VENDOR,
    "cloudflare": cloudflare.VENDOR,
    "doppler": doppler.VENDOR,
    "mongodbatlas": atlas.VENDOR,
    "random": generated.VENDOR,
    "tls": generated.VENDOR,
    "upstash": upstash.VENDOR,
}
KINDS: dict[str, Kind] = {kind.token: kind for vendor in VENDORS.values() for kind in vendor.kinds}
FUNCTIONS = {token: function for vendor in VENDORS.values() for token, function in vendor.functions.items()}
INSIDE: dict[str, list[str]] = defaultdict(list)
"""The types whose objects go with an object of a type."""
for _kind in KINDS.values():
    for _outer in _kind.inside:
        INSIDE[_outer].append(_kind.token)


def vendor_of(kind: Kind) -> Vendor:
    """The vendor that has a type."""
    return VENDORS[kind.provider]
