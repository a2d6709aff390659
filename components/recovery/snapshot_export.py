"""A copy of the data that survives Atlas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi_mongodbatlas as mongodbatlas

from components.base import Component, ComponentArgs
from components.recovery.atlas_bucket import AtlasBucket, AtlasBucketArgs

if TYPE_CHECKING:
    import pulumi

    from settings import Recovery
    from settings import SnapshotExport as Settings


@dataclass(frozen=True, kw_only=True)
class SnapshotExportArgs(ComponentArgs):
    """What is exported where, and the Atlas project it comes from."""

    settings: Settings
    recovery: Recovery
    project_id: pulumi.Input[str]


class SnapshotExport(Component):
    """An S3 bucket with Object Lock that Atlas exports snapshots to.

    Owns the bucket, the way in for Atlas, and the bucket's name in Atlas. Leaves the schedule to the cluster: hand it
    `export_bucket_id`. Before the bucket can go the schedule must stop exporting, in an `up` of its own.
    """

    def __init__(self, name: str, args: SnapshotExportArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("recovery:SnapshotExport", name, args.deployment, opts)
        bucket = AtlasBucket(
            f"{name}-storage",
            AtlasBucketArgs(
                deployment=args.deployment,
                settings=args.settings,
                recovery=args.recovery,
                project_id=args.project_id,
                purpose="export",
            ),
            self.child(),
        )
        target = mongodbatlas.CloudBackupSnapshotExportBucket(
            f"{name}-target",
            project_id=args.project_id,
            bucket_name=bucket.bucket_name,
            cloud_provider="AWS",
            iam_role_id=bucket.role_id,
            opts=self.child(hooks=bucket.retry_first_use),
        )
        self.export_bucket_id = target.export_bucket_id
        self.bucket_name = bucket.bucket_name
        self.register_outputs({"export_bucket_id": self.export_bucket_id, "bucket_name": self.bucket_name})
