"""What both buckets have in common: no door to the r2.dev domain, and no upload that stays half done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi_cloudflare as cloudflare

if TYPE_CHECKING:
    import pulumi

DAY_SECONDS = 86_400
WISHED_ONCE = ("location",)
"""A hint that R2 hears once for each bucket name; it has no Australian jurisdiction. Not ignored, another wish, or the
place of an adopted bucket, would be a replacement."""

ABANDONED_UPLOAD_DAYS = 7
"""R2's own default for aborting uploads; stated, because any lifecycle rule of ours replaces the default one."""


def close_public_door(
    name: str, account_id: str, bucket: cloudflare.R2Bucket, opts: pulumi.ResourceOptions
) -> cloudflare.R2ManagedDomain:
    """Turn the bucket's r2.dev address off explicitly, so that turning it on by hand shows up as drift."""
    return cloudflare.R2ManagedDomain(name, account_id=account_id, bucket_name=bucket.name, enabled=False, opts=opts)


def abort_abandoned_uploads() -> cloudflare.R2BucketLifecycleRuleArgs:
    """Remove the parts of a multipart upload that nobody finished: they cost money and no listing shows them."""
    return cloudflare.R2BucketLifecycleRuleArgs(
        id="abort-abandoned-uploads",
        enabled=True,
        conditions=cloudflare.R2BucketLifecycleRuleConditionsArgs(prefix=""),
        abort_multipart_uploads_transition=cloudflare.R2BucketLifecycleRuleAbortMultipartUploadsTransitionArgs(
            condition=cloudflare.R2BucketLifecycleRuleAbortMultipartUploadsTransitionConditionArgs(
                type="Age", max_age=ABANDONED_UPLOAD_DAYS * DAY_SECONDS
            )
        ),
    )
