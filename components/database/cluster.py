"""MadeBuy's MongoDB cluster, with what belongs to it alone: backups, maintenance, audit log and the apps' users."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pulumi_mongodbatlas as mongodbatlas

from components.base import Component, ComponentArgs
from components.database.access import AppAccess, AppAccessArgs
from components.database.auditing import audit_filter
from components.database.backups import backup_schedule
from components.database.topology import replication_specs
from settings import Role
from settings.contract import AppName

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pulumi

    from settings import Database


@dataclass(frozen=True, kw_only=True)
class ClusterArgs(ComponentArgs):
    """The database's settings and the Atlas project to put it in.

    `encryption` names the owner of the customer's key; give it together with a `project_id` that exists only once the
    key is configured (`recovery.AtlasKey.project_id`), or Atlas refuses the cluster.
    """

    settings: Database
    project_id: pulumi.Input[str]
    encryption: Literal["AWS"] | None = None
    apps: Sequence[AppName] = tuple(AppName)


class Cluster(Component):
    """A replica set that keeps its data: encrypted in transit, backed up, hard to delete by accident.

    Owns the cluster, its backup schedule, its maintenance window, the project's audit log (it records what happens in
    this cluster) and each app's access. Leaves the project and the IP access list to `Project`: a cluster can be
    replaced behind an address list that stays.

    Below M10 it is a Flex cluster, through the same resource, so that raising `tier` upgrades it in place. Flex has
    none of the switches for backups, maintenance, auditing, keys and TLS; they are left out there, not set to off.
    """

    def __init__(self, name: str, args: ClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("database:Cluster", name, args.deployment, opts)
        cluster = mongodbatlas.AdvancedCluster(
            f"{name}-cluster", self._cluster(args), self.child(stateful=True, adopt=Role.CLUSTER)
        )
        if args.settings.dedicated:
            self._dedicated_features(name, cluster, args.settings)
        access = {
            app.value: AppAccess(
                f"{name}-{app.value}",
                AppAccessArgs(deployment=args.deployment, settings=args.settings, app=app, cluster=cluster),
                self.child(),
            )
            for app in args.apps
        }
        self.cluster_id = cluster.cluster_id
        self.connection_strings = {app: each.connection_string for app, each in access.items()}
        self.users = {app: each.username for app, each in access.items()}
        self.register_outputs(
            {"cluster_id": self.cluster_id, "connection_strings": self.connection_strings, "users": self.users}
        )

    def _cluster(self, args: ClusterArgs) -> mongodbatlas.AdvancedClusterArgs:
        settings = args.settings
        cluster = mongodbatlas.AdvancedClusterArgs(
            project_id=args.project_id,
            name=settings.cluster,
            cluster_type="REPLICASET",
            replication_specs=replication_specs(settings),
            termination_protection_enabled=settings.termination_protection,
            tags=self.tags,
        )
        if not settings.dedicated:
            return cluster
        cluster.mongo_db_major_version = settings.mongodb_version
        # Atlas's own scaling is then no drift: the specs keep saying what was asked for, not what runs at the moment.
        cluster.use_effective_fields = True
        cluster.backup_enabled = True
        cluster.pit_enabled = settings.backups is not None and settings.backups.point_in_time_days is not None
        cluster.retain_backups_enabled = self._deployment.protects_state
        cluster.encryption_at_rest_provider = args.encryption or "NONE"
        cluster.redact_client_log_data = True
        cluster.advanced_configuration = mongodbatlas.AdvancedClusterAdvancedConfigurationArgs(
            minimum_enabled_tls_protocol="TLS1_2",
            javascript_enabled=False,
            default_write_concern="majority",
        )
        return cluster

    def _dedicated_features(self, name: str, cluster: mongodbatlas.AdvancedCluster, settings: Database) -> None:
        if settings.backups is not None:
            mongodbatlas.CloudBackupSchedule(
                f"{name}-backups", backup_schedule(settings.backups, cluster), self.child()
            )
        mongodbatlas.MaintenanceWindow(
            f"{name}-maintenance",
            project_id=cluster.project_id,
            day_of_week=settings.maintenance.day,
            hour_of_day=settings.maintenance.hour,
            auto_defer_once_enabled=True,  # one more week to see a release note; `auto_defer` is a toggle that drifts
            opts=self.child(depends_on=[cluster]),
        )
        if settings.auditing:
            mongodbatlas.Auditing(
                f"{name}-auditing",
                project_id=cluster.project_id,
                enabled=True,
                audit_filter=audit_filter(),
                audit_authorization_success=False,  # every read would be recorded, at a price on every read
                opts=self.child(depends_on=[cluster]),
            )
