"""Cloudflare's tokens, errors and the four shapes that most of its types have."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sandbox.kind import Kind, OnDuplicate
from sandbox.vendors.forms import constant, hexadecimal, now, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.cloud import Thing
    from sandbox.kind import Making

SOURCE = "cloudflare/terraform-provider-cloudflare v5.22.0 internal/services/*"
API = "https://api.cloudflare.com/client/v4"


def token_of(name: str) -> str:
    """The type token of a resource by its Pulumi class name."""
    return f"cloudflare:index/{name[0].lower()}{name[1:]}:{name}"


ZONE, SUBSCRIPTION, POOL, MONITOR, BUCKET, LIST = (
    token_of(name)
    for name in ("Zone", "ZoneSubscription", "LoadBalancerPool", "LoadBalancerMonitor", "R2Bucket", "List")
)
IN_ZONE = {"zoneId": ZONE}
STAMPS = {"createdOn": now, "modifiedOn": now}
ON, OFF = constant(value=True), constant(value=False)


def error(method: str, path: str, status: str, code: int, message: str) -> str:
    """An answer of the API as the provider prints it."""
    body = {"success": False, "errors": [{"code": code, "message": message}], "messages": [], "result": None}
    return f'{method} "{API}/{path}": {status} {json.dumps(body, separators=(",", ":"))}'


def taken(path: str, code: int, message: str) -> Callable[[Making], str]:
    """The API's answer to a name that is in use; property names in braces."""
    return lambda m: error("POST", path.format_map(m.state), "409 Conflict", code, message.format_map(m.state))


def in_zone(class_name: str, /, **more: Any) -> Kind:  # noqa: ANN401 the record's own fields
    """A zone's object with an id of its own."""
    shape = {"id": hexadecimal(32), "key": "{zoneId}/{id}", "scope": ("zoneId",), "inside": (ZONE,), "parents": IN_ZONE}
    return Kind(token_of(class_name), SOURCE, **{**shape, **more})


def of_zone(class_name: str, /, **more: Any) -> Kind:  # noqa: ANN401 the record's own fields
    """What every zone has exactly one of: create sets it, and its id is the zone's."""
    shape = {"id": text("{zoneId}"), "key": "{zoneId}", "on_duplicate": OnDuplicate.OVERWRITE}
    return in_zone(class_name, **{**shape, **more})


def in_account(class_name: str, /, **more: Any) -> Kind:  # noqa: ANN401 the record's own fields
    """An account's object with an id of its own."""
    shape = {"id": hexadecimal(32), "key": "{accountId}/{id}", "scope": ("accountId",)}
    return Kind(token_of(class_name), SOURCE, **{**shape, **more})


def of_bucket(class_name: str, /, **more: Any) -> Kind:  # noqa: ANN401 the record's own fields
    """What every bucket has one of; the provider has no import for it."""
    shape = {
        "id": text("{bucketName}"),
        "key": "{accountId}/{bucketName}",
        "scope": ("accountId", "bucketName"),
        "inside": (BUCKET,),
        "parents": {"bucketName": BUCKET},
        "on_duplicate": OnDuplicate.OVERWRITE,
        "importable": False,
    }
    return Kind(token_of(class_name), SOURCE, **{**shape, **more})


def inner_of_account(thing: Thing) -> str:
    """The scope that an account's object is to what lives in it."""
    return f"{thing.scope}/{thing.id}"


def zone_name(making: Making) -> str:
    """The name of the zone an object is in."""
    zone = making.cloud.by_id(ZONE, making["zoneId"])
    return str(zone.state["name"]) if zone else ""
