"""The bucket that holds MadeBuy's weekly exports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi_cloudflare as cloudflare

from components.base import Component, ComponentArgs
from components.storage.bucket import DAY_SECONDS, WISHED_ONCE, abort_abandoned_uploads, close_public_door
from settings import Role

if TYPE_CHECKING:
    import pulumi

    from settings import Storage


@dataclass(frozen=True, kw_only=True)
class BackupStorageArgs(ComponentArgs):
    """The storage settings."""

    settings: Storage


class BackupStorage(Component):
    """The bucket for the weekly exports (audit 5.3: four weeks of them), locked against deletion and overwriting.

    Owns the bucket, its lock, its lifecycle and the closed r2.dev door; it has no public host at all. Leaves pruning
    to the backup job, which keeps the newest four only after a verified upload: a lifecycle that deleted at 28 days
    would empty the bucket of a job that stopped running. The lifecycle here is the last resort, far behind the lock.
    """

    def __init__(self, name: str, args: BackupStorageArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("storage:BackupStorage", name, args.deployment, opts)
        account_id = args.deployment.accounts.cloudflare_account_id
        bucket = cloudflare.R2Bucket(
            f"{name}-bucket",
            account_id=account_id,
            name=args.settings.backups.bucket,
            location=args.settings.location,
            opts=self.child(stateful=True, adopt=Role.BACKUP_BUCKET, ignore_changes=WISHED_ONCE),
        )
        cloudflare.R2BucketLock(
            f"{name}-lock",
            account_id=account_id,
            bucket_name=bucket.name,
            rules=[
                cloudflare.R2BucketLockRuleArgs(
                    id="keep-every-export",
                    enabled=True,
                    condition=cloudflare.R2BucketLockRuleConditionArgs(
                        type="Age", max_age_seconds=args.settings.backups.lock_days * DAY_SECONDS
                    ),
                )
            ],
            opts=self.child(),
        )
        cloudflare.R2BucketLifecycle(
            f"{name}-lifecycle",
            account_id=account_id,
            bucket_name=bucket.name,
            rules=[abort_abandoned_uploads(), _delete_after(args.settings.backups.keep_days)],
            opts=self.child(),
        )
        close_public_door(f"{name}-managed-domain", account_id, bucket, self.child())
        self.bucket_name = bucket.name
        self.register_outputs({"bucket_name": self.bucket_name})


def _delete_after(days: int) -> cloudflare.R2BucketLifecycleRuleArgs:
    return cloudflare.R2BucketLifecycleRuleArgs(
        id="delete-forgotten-exports",
        enabled=True,
        conditions=cloudflare.R2BucketLifecycleRuleConditionsArgs(prefix=""),
        delete_objects_transition=cloudflare.R2BucketLifecycleRuleDeleteObjectsTransitionArgs(
            condition=cloudflare.R2BucketLifecycleRuleDeleteObjectsTransitionConditionArgs(
                type="Age", max_age=days * DAY_SECONDS
            )
        ),
    )
