"""A bucket in MadeBuy's AWS account that Atlas writes to and nobody reads from by accident."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi_aws as aws

from components.base import Component, ComponentArgs
from components.recovery.atlas_role import AtlasRole, AtlasRoleArgs, Purpose
from components.recovery.policies import only_encrypted_transport, write_to_bucket

if TYPE_CHECKING:
    import pulumi

    from settings import LockedBucket, Recovery

ABANDONED_UPLOAD_DAYS = 7


@dataclass(frozen=True, kw_only=True)
class AtlasBucketArgs(ComponentArgs):
    """The bucket, what Atlas writes to it, and how long that stays."""

    settings: LockedBucket
    recovery: Recovery
    project_id: pulumi.Input[str]
    purpose: Purpose


class AtlasBucket(Component):
    """A private, encrypted, versioned, locked S3 bucket, and the role with which Atlas adds to it.

    Owns the bucket with all that makes it safe, and the role: it may add objects, and neither read, list nor delete
    them. Leaves the use of it to `SnapshotExport` and `LogExport`. The bucket is never emptied from here: delete its
    objects first, when their lock allows it.
    """

    def __init__(self, name: str, args: AtlasBucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("recovery:AtlasBucket", name, args.deployment, opts)
        self._region = args.recovery.region
        bucket = aws.s3.Bucket(
            f"{name}-bucket",
            bucket=args.settings.bucket,
            object_lock_enabled=True,  # from birth: turned on later, the provider would make another bucket
            region=self._region,
            tags=self.tags,
            opts=self.child(stateful=True),
        )
        self._close(name, bucket)
        self._keep(name, bucket, args.settings)
        role = AtlasRole(
            f"{name}-access",
            AtlasRoleArgs(
                deployment=args.deployment,
                project_id=args.project_id,
                purpose=args.purpose,
                permission=bucket.arn.apply(write_to_bucket),
            ),
            self.child(),
        )
        self.bucket_name = bucket.bucket
        self.role_id = role.role_id
        self.retry_first_use = role.retry_first_use
        self.register_outputs({"bucket_name": self.bucket_name, "role_id": self.role_id})

    def _close(self, name: str, bucket: aws.s3.Bucket) -> None:
        """No public access by any door, no object owned by another account, no plain http."""
        closed = aws.s3.BucketPublicAccessBlock(
            f"{name}-public-access",
            bucket=bucket.id,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            region=self._region,
            opts=self.child(),
        )
        aws.s3.BucketOwnershipControls(
            f"{name}-ownership",
            bucket=bucket.id,
            rule=aws.s3.BucketOwnershipControlsRuleArgs(object_ownership="BucketOwnerEnforced"),
            region=self._region,
            opts=self.child(),
        )
        aws.s3.BucketPolicy(
            f"{name}-policy",
            bucket=bucket.id,
            policy=bucket.arn.apply(only_encrypted_transport),
            region=self._region,
            opts=self.child(depends_on=[closed]),  # S3 refuses two changes of a bucket's access at once
        )

    def _keep(self, name: str, bucket: aws.s3.Bucket, settings: LockedBucket) -> None:
        """Encrypted, versioned, locked, and gone when its time is over."""
        default = aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
            sse_algorithm="aws:kms"  # with AWS's own key for S3: Atlas's role needs no right to it
        )
        aws.s3.BucketServerSideEncryptionConfiguration(
            f"{name}-encryption",
            bucket=bucket.id,
            rules=[
                aws.s3.BucketServerSideEncryptionConfigurationRuleArgs(
                    apply_server_side_encryption_by_default=default,
                    bucket_key_enabled=True,  # one call to KMS for many objects
                )
            ],
            region=self._region,
            opts=self.child(),
        )
        versioning = aws.s3.BucketVersioning(
            f"{name}-versioning",
            bucket=bucket.id,
            versioning_configuration={"status": "Enabled"},
            region=self._region,
            opts=self.child(),
        )
        retention = aws.s3.BucketObjectLockConfigurationRuleDefaultRetentionArgs(
            mode=settings.lock, days=settings.lock_days
        )
        aws.s3.BucketObjectLockConfiguration(
            f"{name}-lock",
            bucket=bucket.id,
            rule=aws.s3.BucketObjectLockConfigurationRuleArgs(default_retention=retention),
            region=self._region,
            opts=self.child(depends_on=[versioning]),
        )
        aws.s3.BucketLifecycleConfiguration(
            f"{name}-lifecycle",
            bucket=bucket.id,
            rules=[_expire(settings.keep_days)],
            region=self._region,
            opts=self.child(depends_on=[versioning]),
        )


def _expire(days: int) -> aws.s3.BucketLifecycleConfigurationRuleArgs:
    """Delete after `days`. In a versioned bucket that hides an object; a day later its content goes too."""
    return aws.s3.BucketLifecycleConfigurationRuleArgs(
        id="expire",
        status="Enabled",
        filter=aws.s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=""),
        expiration=aws.s3.BucketLifecycleConfigurationRuleExpirationArgs(days=days),
        noncurrent_version_expiration=aws.s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(
            noncurrent_days=1
        ),
        abort_incomplete_multipart_upload=aws.s3.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs(
            days_after_initiation=ABANDONED_UPLOAD_DAYS
        ),
    )
