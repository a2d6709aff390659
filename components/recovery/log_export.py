"""Where the database's logs are when Atlas has deleted its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi_mongodbatlas as mongodbatlas

from components.base import Component, ComponentArgs
from components.recovery.atlas_bucket import AtlasBucket, AtlasBucketArgs

if TYPE_CHECKING:
    import pulumi

    from settings import LogExport as Settings
    from settings import Recovery


@dataclass(frozen=True, kw_only=True)
class LogExportArgs(ComponentArgs):
    """Where logs go, and the Atlas project they come from. With `audited` the audit log goes, too."""

    settings: Settings
    recovery: Recovery
    project_id: pulumi.Input[str]
    audited: bool


class LogExport(Component):
    """An S3 bucket that Atlas writes the database's log to every minute, and its audit log where there is one.

    Owns the bucket, the way in for Atlas, and the integration. Leaves reading to people with rights of their own in
    AWS.
    """

    def __init__(self, name: str, args: LogExportArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("recovery:LogExport", name, args.deployment, opts)
        bucket = AtlasBucket(
            f"{name}-storage",
            AtlasBucketArgs(
                deployment=args.deployment,
                settings=args.settings,
                recovery=args.recovery,
                project_id=args.project_id,
                purpose="logs",
            ),
            self.child(),
        )
        mongodbatlas.LogIntegration(
            f"{name}-integration",
            project_id=args.project_id,
            type="S3_LOG_EXPORT",
            log_types=["MONGOD", "MONGOD_AUDIT"] if args.audited else ["MONGOD"],
            bucket_name=bucket.bucket_name,
            iam_role_id=bucket.role_id,
            prefix_path="atlas",
            opts=self.child(hooks=bucket.retry_first_use),
        )
        self.bucket_name = bucket.bucket_name
        self.register_outputs({"bucket_name": self.bucket_name})
