"""What MadeBuy's own AWS account adds to Atlas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from components.base import Component, ComponentArgs
from components.recovery.atlas_key import AtlasKey, AtlasKeyArgs
from components.recovery.log_export import LogExport, LogExportArgs
from components.recovery.snapshot_export import SnapshotExport, SnapshotExportArgs

if TYPE_CHECKING:
    import pulumi

    from settings import Database, Recovery


@dataclass(frozen=True, kw_only=True)
class SafeguardsArgs(ComponentArgs):
    """What the settings ask for, and the Atlas project to be safeguarded."""

    settings: Recovery
    database: Database
    project_id: pulumi.Input[str]


class Safeguards(Component):
    """A key that MadeBuy can take away, a copy that survives Atlas, logs that outlive it: what the settings ask for.

    Owns the choice and nothing else. Hand all of its outputs to the cluster: `project_id` is the project's, known only
    once the key is in use, so that no cluster starts without it.
    """

    def __init__(self, name: str, args: SafeguardsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("recovery:Safeguards", name, args.deployment, opts)
        self._args = args
        self.encryption: Literal["AWS"] | None = "AWS" if args.database.customer_key else None
        self.project_id = self._key(f"{name}-key") if args.database.customer_key else args.project_id
        self.export_bucket_id = self._export(f"{name}-export")
        self._logs(f"{name}-logs")
        self.register_outputs(
            {
                "encryption": self.encryption,
                "project_id": self.project_id,
                "export_bucket_id": self.export_bucket_id,
            }
        )

    def _key(self, name: str) -> pulumi.Output[str]:
        args = AtlasKeyArgs(
            deployment=self._args.deployment, settings=self._args.settings, project_id=self._args.project_id
        )
        return AtlasKey(name, args, self.child()).project_id

    def _export(self, name: str) -> pulumi.Output[str] | None:
        backups = self._args.database.backups
        if backups is None or backups.export is None:
            return None
        args = SnapshotExportArgs(
            deployment=self._args.deployment,
            settings=backups.export,
            recovery=self._args.settings,
            project_id=self._args.project_id,
        )
        return SnapshotExport(name, args, self.child()).export_bucket_id

    def _logs(self, name: str) -> None:
        if self._args.database.log_export is None:
            return
        args = LogExportArgs(
            deployment=self._args.deployment,
            settings=self._args.database.log_export,
            recovery=self._args.settings,
            project_id=self._args.project_id,
            audited=self._args.database.auditing,
        )
        LogExport(name, args, self.child())
