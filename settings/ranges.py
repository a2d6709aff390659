"""Address ranges that are nobody's public address, or somebody else's, by name.

Named, because `ipaddress.is_private` also covers the documentation ranges (203.0.113.0/24), which stand for the owner's
addresses in this repository. Source: IANA's special-purpose registry (RFC 6890 and its successors) and copies of
https://www.cloudflare.com/ips-v4 that agree (the newest of 2026-09).
"""

from __future__ import annotations

from ipaddress import IPv4Network

_PRIVATE = "is private: any network on earth uses it, so it says nothing about who calls."
_CLOUDFLARE = (
    "is Cloudflare's own: as an origin it would send visitors in a circle, and on an allow list it would let in every "
    "customer's Workers."
)

_RANGES = {
    "0.0.0.0/8": 'means "this network" and is no address of a host.',
    "10.0.0.0/8": _PRIVATE,
    "100.64.0.0/10": "is shared by the customers of a carrier (CGNAT), so it never appears on the internet.",
    "127.0.0.0/8": "is loopback: every machine means itself by it.",
    "169.254.0.0/16": "is link-local: it never leaves its own cable, and holds the metadata service of clouds.",
    "172.16.0.0/12": _PRIVATE,
    "192.0.0.0/24": "is reserved for protocols and is no address of a host.",
    "192.168.0.0/16": _PRIVATE,
    "198.18.0.0/15": "is reserved for benchmarks and never appears on the internet.",
    "224.0.0.0/4": "is multicast: nothing connects from or to it.",
    "240.0.0.0/4": "is reserved and never appears on the internet.",
} | dict.fromkeys(
    (
        "103.21.244.0/22",
        "103.22.200.0/22",
        "103.31.4.0/22",
        "104.16.0.0/13",
        "104.24.0.0/14",
        "108.162.192.0/18",
        "131.0.72.0/22",
        "141.101.64.0/18",
        "162.158.0.0/15",
        "172.64.0.0/13",
        "173.245.48.0/20",
        "188.114.96.0/20",
        "190.93.240.0/20",
        "197.234.240.0/22",
        "198.41.128.0/17",
    ),
    _CLOUDFLARE,
)
_NETWORKS = {IPv4Network(block): reason for block, reason in _RANGES.items()}


def not_of_the_internet(network: IPv4Network) -> str | None:
    """Why a block cannot stand for a host of the owner's on the internet, or None if it can."""
    for block, reason in _NETWORKS.items():
        if network.overlaps(block):
            return reason
    return None
