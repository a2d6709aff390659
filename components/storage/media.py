"""The bucket behind the media host."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
import pulumi_cloudflare as cloudflare

from components.base import Component, ComponentArgs
from components.storage.bucket import DAY_SECONDS, WISHED_ONCE, abort_abandoned_uploads, close_public_door
from settings import Role

if TYPE_CHECKING:
    from settings import Storage

PREFLIGHT_SECONDS = 3_600
"""How long a browser may remember the answer to a preflight; R2 allows up to 86,400 s."""


@dataclass(frozen=True, kw_only=True)
class MediaStorageArgs(ComponentArgs):
    """The storage settings, and the zone that its public host lives in."""

    settings: Storage
    zone_id: pulumi.Input[str]


class MediaStorage(Component):
    """The bucket behind media.madebuy.com.au, and that host.

    Owns the bucket, its CORS and lifecycle rules, its public host (R2 makes the DNS record itself), the closed
    r2.dev door and, where a queue is named, the notifications to it. Leaves the queue to whoever reads it. Leaves the
    cache rules of the host to `edge`: a zone has one cache ruleset, and one owner for it.
    Leaves the upload credentials to `BucketCredentials`: they end and are made anew, the bucket stays.
    """

    def __init__(self, name: str, args: MediaStorageArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("storage:MediaStorage", name, args.deployment, opts)
        account_id = args.deployment.accounts.cloudflare_account_id
        bucket = cloudflare.R2Bucket(
            f"{name}-bucket",
            account_id=account_id,
            name=args.settings.media.bucket,
            location=args.settings.location,
            opts=self.child(stateful=True, adopt=Role.MEDIA_BUCKET, ignore_changes=WISHED_ONCE),
        )
        cloudflare.R2BucketCors(
            f"{name}-cors",
            account_id=account_id,
            bucket_name=bucket.name,
            rules=[_browser_uploads_from(args.settings.media.upload_origins)],
            opts=self.child(),
        )
        cloudflare.R2BucketLifecycle(
            f"{name}-lifecycle",
            account_id=account_id,
            bucket_name=bucket.name,
            rules=_lifecycle(args.settings.media.infrequent_access_after_days),
            opts=self.child(),
        )
        close_public_door(f"{name}-managed-domain", account_id, bucket, self.child())
        if args.settings.media.event_queue:
            cloudflare.R2BucketEventNotification(
                f"{name}-events",
                account_id=account_id,
                bucket_name=bucket.name,
                queue_id=args.settings.media.event_queue,
                rules=[_everything_that_comes_or_goes()],
                opts=self.child(),
            )
        domain = cloudflare.R2CustomDomain(
            f"{name}-domain",
            account_id=account_id,
            bucket_name=bucket.name,
            domain=args.settings.media.host,
            zone_id=args.zone_id,
            enabled=True,
            min_tls="1.2",  # left out, it is 1.0
            opts=self.child(),
        )
        self.bucket_name = bucket.name
        self.public_url = pulumi.Output.concat("https://", domain.domain)
        self.register_outputs({"bucket_name": self.bucket_name, "public_url": self.public_url})


def _browser_uploads_from(origins: tuple[str, ...]) -> cloudflare.R2BucketCorsRuleArgs:
    """Let pages of these origins, and no others, upload by presigned PUT and read back."""
    return cloudflare.R2BucketCorsRuleArgs(
        id="browser-uploads",
        allowed=cloudflare.R2BucketCorsRuleAllowedArgs(
            origins=list(origins),
            methods=["GET", "HEAD", "PUT"],
            # By name, as R2 does not reliably take a wildcard here. A browser asks for what the page sets itself;
            # content-length is its own and never asked for.
            headers=["content-type", "cache-control"],
        ),
        expose_headers=["etag"],
        max_age_seconds=PREFLIGHT_SECONDS,
    )


def _lifecycle(infrequent_access_after_days: int | None) -> list[cloudflare.R2BucketLifecycleRuleArgs]:
    """What happens to objects with age: nothing is ever deleted, because listings refer to photos for years."""
    if infrequent_access_after_days is None:
        return [abort_abandoned_uploads()]
    condition = cloudflare.R2BucketLifecycleRuleStorageClassTransitionConditionArgs(
        type="Age", max_age=infrequent_access_after_days * DAY_SECONDS
    )
    cheaper = cloudflare.R2BucketLifecycleRuleArgs(
        id="old-media-to-infrequent-access",
        enabled=True,
        conditions=cloudflare.R2BucketLifecycleRuleConditionsArgs(prefix=""),
        storage_class_transitions=[
            cloudflare.R2BucketLifecycleRuleStorageClassTransitionArgs(
                condition=condition, storage_class="InfrequentAccess"
            )
        ],
    )
    return [abort_abandoned_uploads(), cheaper]


def _everything_that_comes_or_goes() -> cloudflare.R2BucketEventNotificationRuleArgs:
    """Source: the R2 event notifications page, types object-create and object-delete."""
    return cloudflare.R2BucketEventNotificationRuleArgs(
        actions=["PutObject", "CopyObject", "CompleteMultipartUpload", "DeleteObject", "LifecycleDeletion"],
        description="every object that comes or goes",
    )
