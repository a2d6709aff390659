"""AWS S3: buckets and the resources that one is split into."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.kind import Kind, OnDuplicate
from sandbox.vendors.aws.api import BUCKET, DOCUMENT, REGION, TAGS, bucket_part, error, regional, tagged
from sandbox.vendors.forms import constant, text

if TYPE_CHECKING:
    from sandbox.cloud import Cloud, Thing


def _of_bucket(class_name: str, /, **more: Any) -> Kind:  # noqa: ANN401 the record's own fields
    """What every bucket has one of: create puts it."""
    return regional(
        bucket_part(class_name),
        id=text("{bucket}"),
        key="{bucket}",
        scope=("bucket",),
        inside=(BUCKET,),
        parents={"bucket": BUCKET},
        on_duplicate=OnDuplicate.OVERWRITE,
        **more,
    )


def _bucket_in_use(_: Cloud, bucket: Thing) -> str | None:
    if bucket.state.get("_objects") and not bucket.state.get("forceDestroy"):
        return error("S3", "DeleteBucket", 409, "BucketNotEmpty", "The bucket you tried to delete is not empty")
    return None


KINDS = (
    regional(
        BUCKET,
        id=text("{bucket}"),
        name=("bucket",),
        taken=lambda m: error(
            "S3",
            "CreateBucket",
            409,
            "BucketAlreadyOwnedByYou",
            f"Your previous request to create the named bucket succeeded and you already own it: {m['bucket']}",
        ),
        outputs=tagged(
            {
                "arn": text("arn:aws:s3:::{bucket}"),
                "bucketDomainName": text("{bucket}.s3.amazonaws.com"),
                "bucketRegion": lambda m: m["region"] or REGION,
                "bucketRegionalDomainName": lambda m: f"{m['bucket']}.s3.{m['region'] or REGION}.amazonaws.com",
                "hostedZoneId": constant("Z1WCIGYICN2BYD"),
                "bucketPrefix": constant(""),
                "objectLockEnabled": constant(value=False),
                "requestPayer": constant("BucketOwner"),
                "accelerationStatus": constant(""),
            }
        ),
        fresh=TAGS,
        in_use=_bucket_in_use,
        autoname="bucket",
    ),
    _of_bucket("BucketVersioning"),
    _of_bucket("BucketServerSideEncryptionConfiguration"),
    _of_bucket("BucketPublicAccessBlock", left_by="skipDestroy"),
    _of_bucket("BucketOwnershipControls"),
    _of_bucket(
        "BucketLifecycleConfiguration",
        outputs={"transitionDefaultMinimumObjectSize": constant("all_storage_classes_128K")},
    ),
    _of_bucket("BucketObjectLockConfiguration"),
    _of_bucket("BucketLogging"),
    _of_bucket("BucketPolicy", json_text=DOCUMENT, policies=DOCUMENT),
)
