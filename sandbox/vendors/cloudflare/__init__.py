"""Cloudflare: zones and what is in them, load balancing, R2, tokens, lists, notifications."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.kind import TOO_MANY, Vendor
from sandbox.vendors.cloudflare import account, storage, traffic, zone
from sandbox.vendors.cloudflare.api import BUCKET, ZONE, error

if TYPE_CHECKING:
    from sandbox.kind import Kind


def _no_parent(kind: Kind, parent: str, value: str) -> str:
    """Cloudflare's words for a zone, bucket, monitor or list that is not there."""
    if parent == ZONE:
        return error("POST", f"zones/{value}", "403 Forbidden", 9109, "Invalid zone identifier")
    if parent == BUCKET:
        return error("PUT", f"r2/buckets/{value}", "404 Not Found", 10006, "The specified bucket does not exist.")
    what = parent.rsplit(":", 1)[-1]
    return error("POST", kind.label, "400 Bad Request", 1002, f"{what} {value} not found")


def _not_found(kind: Kind, key: str) -> str:
    """Cloudflare's words for an object that is not there."""
    return error("PUT", key, "404 Not Found", 1001, f"{kind.label} not found")


def _broken(kind: Kind, status: int) -> str:
    """Cloudflare's words when it can't, or is asked too often."""
    if status == TOO_MANY:
        return error(
            "POST", kind.label, "429 Too Many Requests", 971, "Please wait and consider throttling your request rate"
        )
    return error("POST", kind.label, f"{status} Internal Server Error", 10000, "Internal error")


VENDOR = Vendor(
    (*zone.KINDS, *traffic.KINDS, *storage.KINDS, *account.KINDS), _no_parent, _not_found, _broken, account.FUNCTIONS
)
