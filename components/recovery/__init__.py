"""AWS: the key behind the database's encryption at rest, and the buckets for what must outlive Atlas."""

from components.recovery.atlas_bucket import AtlasBucket, AtlasBucketArgs
from components.recovery.atlas_key import AtlasKey, AtlasKeyArgs
from components.recovery.atlas_role import AtlasRole, AtlasRoleArgs
from components.recovery.log_export import LogExport, LogExportArgs
from components.recovery.safeguards import Safeguards, SafeguardsArgs
from components.recovery.snapshot_export import SnapshotExport, SnapshotExportArgs

__all__ = [
    "AtlasBucket",
    "AtlasBucketArgs",
    "AtlasKey",
    "AtlasKeyArgs",
    "AtlasRole",
    "AtlasRoleArgs",
    "LogExport",
    "LogExportArgs",
    "Safeguards",
    "SafeguardsArgs",
    "SnapshotExport",
    "SnapshotExportArgs",
]
