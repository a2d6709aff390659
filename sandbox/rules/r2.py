"""What R2 refuses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sandbox.rules.cloudflare_dns import RECORD
from sandbox.rules.record import Ask, across, alone
from sandbox.vendors.cloudflare.api import BUCKET, ZONE, error, token_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.cloud import Reader

CORS, LIFECYCLE, LOCK, DOMAIN, MANAGED = (
    token_of(n) for n in ("R2BucketCors", "R2BucketLifecycle", "R2BucketLock", "R2CustomDomain", "R2ManagedDomain")
)
CONDITIONS = (
    "rules[].abortMultipartUploadsTransition.condition",
    "rules[].deleteObjectsTransition.condition",
    "rules[].storageClassTransitions[].condition",
    "rules[].condition",
)


@alone(BUCKET, source="CD: r2/buckets/create-buckets")
def bucket_name_has_its_form(ask: Ask) -> Iterator[tuple[str, str]]:
    """A bucket name is 3 to 63 lower case letters, digits and hyphens, without a hyphen at either end."""
    if not re.fullmatch(r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]", ask["name"]):
        yield "name", "The specified bucket name is not valid"


@alone(LIFECYCLE, LOCK, source="TFC: docs/resources/r2_bucket_lifecycle.md, docs/resources/r2_bucket_lock.md")
def condition_has_what_its_type_needs(ask: Ask) -> Iterator[tuple[str, str]]:
    """A condition of type Age has an age, one of type Date a date, one of type Indefinite neither."""
    for place in CONDITIONS:
        for path, condition in ask.each(place):
            age, date = condition.get("maxAge", condition.get("maxAgeSeconds")), condition.get("date")
            needs = {"Age": (True, False), "Date": (False, True), "Indefinite": (False, False)}
            if (age is not None, date is not None) != needs.get(
                condition.get("type"), (age is not None, date is not None)
            ):
                yield path, f"a condition of type {condition.get('type')} has an age or a date that does not fit"


@alone(LIFECYCLE, LOCK, source="TFC: docs/resources/r2_bucket_lifecycle.md, docs/resources/r2_bucket_lock.md: id")
def rule_ids_are_unique(ask: Ask) -> Iterator[tuple[str, str]]:
    """No two rules of a bucket have the same id."""
    ids = [id_ for _, id_ in ask.each("rules[].id")]
    if len(ids) != len(set(ids)):
        yield "rules", "rule ids must be unique"


@across(CORS, LIFECYCLE, LOCK, DOMAIN, MANAGED, source="CD: r2/reference/data-location.mdx")
def bucket_is_in_the_jurisdiction(ask: Ask, cloud: Reader) -> Iterator[str]:
    """A bucket is found only in its own jurisdiction."""
    bucket = cloud.named(BUCKET, ask["accountId"], ask["bucketName"])
    if bucket and bucket.state.get("jurisdiction", "default") != ask["jurisdiction"]:
        path = f"accounts/{ask['accountId']}/r2/buckets/{ask['bucketName']}"
        yield error("PUT", path, "404 Not Found", 10006, "The specified bucket does not exist.")


@across(DOMAIN, source="CD: r2/buckets/public-buckets.mdx")
def custom_domain_is_in_an_own_zone(ask: Ask, cloud: Reader) -> Iterator[str]:
    """A custom domain is a hostname of its zone, and the zone is in the bucket's account."""
    zone = cloud.by_id(ZONE, ask["zoneId"])
    if zone is None:
        return
    path = f"accounts/{ask['accountId']}/r2/buckets/{ask['bucketName']}/domains/custom"
    if zone.state["account"].get("id") != ask["accountId"]:
        yield error("POST", path, "403 Forbidden", 10042, "The zone is not in this account.")
    elif not f".{ask['domain']}".endswith(f".{zone.state['name']}"):
        yield error("POST", path, "400 Bad Request", 10043, f"The domain is not part of the zone {zone.state['name']}.")


@across(DOMAIN, source="CD: r2/buckets/public-buckets.mdx; the refusal is from knowledge")
def custom_domain_has_no_record_yet(ask: Ask, cloud: Reader) -> Iterator[str]:
    """A custom domain makes its own DNS record, so none may be there."""
    if ask.old is None and cloud.namesakes(RECORD, ask["zoneId"], ask["domain"]):
        path = f"accounts/{ask['accountId']}/r2/buckets/{ask['bucketName']}/domains/custom"
        yield error("POST", path, "409 Conflict", 10057, "A DNS record with that host already exists.")
