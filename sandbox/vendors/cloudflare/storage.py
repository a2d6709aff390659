"""R2: buckets and what each has one of."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from sandbox.kind import Kind, OnDuplicate
from sandbox.vendors.cloudflare.api import (
    BUCKET,
    SOURCE,
    ZONE,
    error,
    inner_of_account,
    of_bucket,
    taken,
    token_of,
    zone_name,
)
from sandbox.vendors.forms import constant, hexadecimal, now, text

if TYPE_CHECKING:
    from sandbox.cloud import Cloud, Thing


def _in_use(_: Cloud, bucket: Thing) -> str | None:
    if bucket.state.get("_objects"):
        path = f"accounts/{bucket.scope}/r2/buckets/{bucket.name}"
        return error("DELETE", path, "409 Conflict", 10008, "The bucket you tried to delete is not empty.")
    return None


def _keeps(cloud: Cloud, before: Thing, after: Thing) -> str | None:
    """A bucket lock keeps every object that it covers; emptying the bucket is refused."""
    if (after.state.get("_objects") or 0) >= (before.state.get("_objects") or 0):
        return None
    locks = cloud.all(token_of("R2BucketLock"), inner_of_account(before))
    if any(rule.get("enabled") for lock in locks for rule in lock.state.get("rules") or []):
        path = f"accounts/{before.scope}/r2/buckets/{before.name}/objects"
        return error("DELETE", path, "403 Forbidden", 10069, "The object is locked by the bucket policy.")
    return None


KINDS = (
    Kind(
        BUCKET,
        SOURCE,
        id=text("{name}"),
        key="{accountId}/{name}/{jurisdiction}",
        scope=("accountId",),
        name=("name",),
        inner=inner_of_account,
        taken=taken(
            "accounts/{accountId}/r2/buckets", 10004, "The bucket you tried to create already exists, and you own it."
        ),
        outputs={"creationDate": now, "location": constant("oc")},
        normal={"location": lambda state, _: str(state["location"]).lower()},
        in_use=_in_use,
        keeps=_keeps,
    ),
    of_bucket("R2BucketCors"),
    of_bucket("R2BucketLock"),
    of_bucket("R2BucketLifecycle"),
    of_bucket("R2BucketEventNotification", key="{accountId}/{bucketName}/{queueId}"),
    of_bucket(
        "R2ManagedDomain",
        outputs={"bucketId": hexadecimal(32), "domain": lambda _: f"pub-{secrets.token_hex(16)}.r2.dev"},
    ),
    of_bucket(
        "R2CustomDomain",
        id=text("{domain}"),
        key="{accountId}/{bucketName}/{domain}",
        parents={"bucketName": BUCKET, "zoneId": ZONE},
        name=("domain",),
        on_duplicate=OnDuplicate.REFUSE,
        taken=taken(
            "accounts/{accountId}/r2/buckets/{bucketName}/domains/custom",
            10056,
            "The domain {domain} is already in use.",
        ),
        outputs={"status": constant({"ownership": "active", "ssl": "active"}), "zoneName": zone_name},
    ),
)
