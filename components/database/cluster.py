"""MadeBuy's MongoDB cluster, with what belongs to it alone: backups, maintenance, audit log and its users."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pulumi_mongodbatlas as mongodbatlas

from components.base import Component, ComponentArgs
from components.database.access import Access, AccessArgs
from components.database.auditing import audit_filter
from components.database.backups import backup_schedule
from components.database.compliance import compliance_policy
from components.database.private_endpoint import PrivateEndpoint, PrivateEndpointArgs
from components.database.privileges import Client
from components.database.topology import replication_specs
from settings import Role

if TYPE_CHECKING:
    import pulumi
    from pulumi_mongodbatlas.outputs import AdvancedClusterConnectionStrings

    from settings import Backups, Database, Pair


@dataclass(frozen=True, kw_only=True)
class ClusterArgs(ComponentArgs):
    """The database's settings and the Atlas project to put it in.

    `users` says which of each client's two database users is in use. `encryption` names the owner of the customer's
    key; give it together with a `project_id` that exists only once the key is configured
    (`recovery.AtlasKey.project_id`), or Atlas refuses the cluster. `export_bucket_id` is where
    snapshots are exported to (`recovery.SnapshotExport`), when the settings ask for it.
    """

    settings: Database
    users: Pair
    project_id: pulumi.Input[str]
    encryption: Literal["AWS"] | None = None
    export_bucket_id: pulumi.Input[str] | None = None


class Cluster(Component):
    """A replica set that keeps its data: encrypted in transit, backed up, hard to delete by accident.

    Owns the cluster, its backup schedule, its maintenance window, its private endpoint, the project's audit log (it
    records what happens in this cluster) and the access of each app and of the backup. Leaves the project and the IP
    access list to `Project`: a cluster can be replaced behind an address list that stays.

    Below M10 it is a Flex cluster, through the same resource, so that raising `tier` upgrades it in place. Flex has
    none of the switches for backups, maintenance, auditing, keys and TLS; they are left out there, not set to off.
    """

    def __init__(self, name: str, args: ClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("database:Cluster", name, args.deployment, opts)
        self._name = name
        cluster = mongodbatlas.AdvancedCluster(
            f"{name}-cluster",
            self._cluster(args),
            self.child(stateful=True, adopt=Role.CLUSTER, depends_on=self._private_endpoint(args)),
        )
        if args.settings.dedicated:
            self._dedicated_features(cluster, args)
        srv = cluster.connection_strings.apply(address)
        access = {
            client.value: Access(
                f"{name}-{client.value}",
                AccessArgs(
                    deployment=args.deployment,
                    settings=args.settings,
                    users=args.users,
                    client=client,
                    cluster=cluster,
                    srv=srv,
                ),
                self.child(),
            )
            for client in Client
        }
        self.project_id = cluster.project_id
        self.cluster_id = cluster.cluster_id
        self.connection_strings = {client: each.connection_string for client, each in access.items()}
        self.users = {client: each.username for client, each in access.items()}
        self.register_outputs(
            {
                "project_id": self.project_id,
                "cluster_id": self.cluster_id,
                "connection_strings": self.connection_strings,
                "users": self.users,
            }
        )

    def _private_endpoint(self, args: ClusterArgs) -> list[mongodbatlas.PrivateLinkEndpointService]:
        if args.settings.private_endpoint is None:
            return []
        endpoint = PrivateEndpoint(
            f"{self._name}-endpoint",
            PrivateEndpointArgs(
                deployment=args.deployment,
                settings=args.settings.private_endpoint,
                project_id=args.project_id,
                region=args.settings.region,
            ),
            self.child(),
        )
        return [endpoint.service]

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

    def _dedicated_features(self, cluster: mongodbatlas.AdvancedCluster, args: ClusterArgs) -> None:
        settings = args.settings
        if settings.backups is not None:
            self._backups(cluster, settings.backups, args)
        mongodbatlas.MaintenanceWindow(
            f"{self._name}-maintenance",
            project_id=cluster.project_id,
            day_of_week=settings.maintenance.day,
            hour_of_day=settings.maintenance.hour,
            auto_defer_once_enabled=True,  # one more week to see a release note; `auto_defer` is a toggle that drifts
            opts=self.child(depends_on=[cluster]),
        )
        if settings.auditing:
            mongodbatlas.Auditing(
                f"{self._name}-auditing",
                project_id=cluster.project_id,
                enabled=True,
                audit_filter=audit_filter(),
                audit_authorization_success=False,  # every read would be recorded, at a price on every read
                opts=self.child(depends_on=[cluster]),
            )

    def _backups(self, cluster: mongodbatlas.AdvancedCluster, backups: Backups, args: ClusterArgs) -> None:
        schedule = mongodbatlas.CloudBackupSchedule(
            f"{self._name}-backups", backup_schedule(backups, cluster, args.export_bucket_id), self.child()
        )
        if backups.compliance_policy is not None:
            encrypted = args.encryption is not None
            mongodbatlas.BackupCompliancePolicy(
                f"{self._name}-compliance",
                compliance_policy(backups.compliance_policy, backups, cluster.project_id, encrypted=encrypted),
                self.child(stateful=True, depends_on=[schedule]),
            )


def address(strings: AdvancedClusterConnectionStrings) -> str:
    """Where the cluster is found: by its private endpoint where it has one, else by its public name.

    Raises:
        ValueError: Atlas answered without an address.
    """
    private = [each.srv_connection_string for each in strings.private_endpoints or [] if each.srv_connection_string]
    found = private[0] if private else strings.standard_srv
    if found is None:
        raise ValueError("Atlas answered without the cluster's address: it is not up yet. Run `pulumi up` again.")
    return found
