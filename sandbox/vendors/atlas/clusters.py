"""Clusters and their backups."""

from __future__ import annotations

import secrets
from copy import deepcopy
from typing import TYPE_CHECKING

from sandbox.kind import Kind, OnDuplicate
from sandbox.vendors.atlas.api import (
    ACCESS_SETUP,
    CLUSTER,
    COMPLIANCE,
    IN_PROJECT,
    OFF,
    PROJECT,
    SCHEDULE,
    SOURCE,
    error,
    is_flex,
    is_free,
    of_every_project,
    of_project,
    taken,
)
from sandbox.vendors.forms import constant, copy, hexadecimal, in_days, now, text, the_id

if TYPE_CHECKING:
    from sandbox.cloud import Cloud, Thing
    from sandbox.kind import Making
    from sandbox.wire import Props


AUTOSCALED = ("instanceSize", "diskSizeGb", "diskIops")


def _connection_strings(making: Making) -> Props:
    host = f"{making['name'].lower()}.{secrets.token_hex(3)[:5]}"
    shards = ",".join(f"{host.replace('.', f'-shard-00-0{n}.', 1)}.mongodb.net:27017" for n in range(3))
    return {
        "standard": f"mongodb://{shards}/?ssl=true&authSource=admin&replicaSet=atlas-{secrets.token_hex(3)}-shard-0",
        "standardSrv": f"mongodb+srv://{host}.mongodb.net",
        "private": "",
        "privateSrv": "",
        "privateEndpoints": [],
    }


def _cluster_shape(making: Making) -> None:
    for index, spec in enumerate(making.state.get("replicationSpecs") or []):
        regions = spec.get("regionConfigs") or []
        spec["zoneName"] = spec.get("zoneName") or f"ZoneName managed by Terraform {index + 1}"[:60]
        spec["zoneId"] = spec.get("zoneId") or secrets.token_hex(12)
        spec["externalId"] = spec.get("externalId") or secrets.token_hex(12)
        spec["containerId"] = spec.get("containerId") or {
            f"{r['providerName']}:{r['regionName']}": secrets.token_hex(12) for r in regions
        }


def _policy_items(making: Making) -> None:
    kinds = {"policyItemHourly": "hourly", "policyItemDaily": "daily"}
    lists = {"policyItemWeeklies": "weekly", "policyItemMonthlies": "monthly", "policyItemYearlies": "yearly"}
    items = [(making.state.get(name), kind) for name, kind in kinds.items()]
    items += [(item, kind) for name, kind in lists.items() for item in making.state.get(name) or []]
    items.append((making.state.get("onDemandPolicyItem"), "ondemand"))
    for item, kind in items:
        if item is not None:
            item["id"] = item.get("id") or secrets.token_hex(12)
            item["frequencyType"] = kind


def _cluster_id(making: Making) -> str:
    cluster = making.cloud.named(CLUSTER, making["projectId"], making["clusterName"])
    return str(cluster.state["clusterId"]) if cluster else ""


def _applies(state: Props, asked: Props) -> Props:
    """Leaving M0 or Flex applies the upgrade alone; whatever else was asked is still a difference afterwards."""
    if (is_free(state) and not is_free(asked)) or (is_flex(state) and not is_flex(asked)):
        upgrade = {"replicationSpecs", "clusterType"}
        return {**state, **{n: v for n, v in asked.items() if n in upgrade}}
    return asked


def _asked_sizes(state: Props, asked: Props) -> Props:
    """With `use_effective_fields` the provider leaves autoscaled sizes as asked, and tells the real ones elsewhere.

    Source: terraform-provider-mongodbatlas, docs/resources/advanced_cluster.md, use_effective_fields.
    """
    if not asked.get("useEffectiveFields"):
        return state
    shown = deepcopy(state)
    for spec, asked_spec in zip(shown["replicationSpecs"], asked["replicationSpecs"], strict=False):
        for region, asked_region in zip(spec["regionConfigs"], asked_spec["regionConfigs"], strict=False):
            if (asked_region.get("autoScaling") or {}).get("computeEnabled"):
                for nodes in ("electableSpecs", "readOnlySpecs", "analyticsSpecs"):
                    sizes = {n: v for n, v in (asked_region.get(nodes) or {}).items() if n in AUTOSCALED}
                    region[nodes] = {**(region.get(nodes) or {}), **sizes} if sizes else region.get(nodes)
    return shown


def _cluster_in_use(_: Cloud, cluster: Thing) -> str | None:
    if cluster.state.get("terminationProtectionEnabled"):
        path, code = (
            f"groups/{cluster.scope}/clusters/{cluster.name}",
            "CANNOT_TERMINATE_CLUSTER_WHEN_TERMINATION_PROTECTION_ENABLED",
        )
        return error("DELETE", path, "400 Bad Request", code, "Termination protection is enabled.")
    return None


def _compliance_in_use(cloud: Cloud, policy: Thing) -> str | None:
    """A compliance policy stays for ever, except in a project without clusters."""
    if cloud.count(CLUSTER, policy.scope):
        path, message = f"groups/{policy.scope}/backupCompliancePolicy", "Only MongoDB Support can disable it."
        return error("DELETE", path, "400 Bad Request", "CANNOT_DISABLE_BACKUP_COMPLIANCE_POLICY", message)
    return None


def _schedule_in_use(cloud: Cloud, schedule: Thing) -> str | None:
    """Without a schedule, the cluster would fall short of the policy; the provider's `skip_destroy` leaves it."""
    if cloud.count(COMPLIANCE, schedule.scope):
        path = f"groups/{schedule.scope}/clusters/{schedule.state['clusterName']}/backup/schedule"
        code = "BACKUP_POLICIES_NOT_MEETING_BACKUP_COMPLIANCE_POLICY_REQUIREMENTS"
        return error("DELETE", path, "400 Bad Request", code, "The project has a backup compliance policy.")
    return None


def _export_bucket_in_use(cloud: Cloud, bucket: Thing) -> str | None:
    """Source: cloud_backup_schedule.md of the provider: the schedule stops exporting first, in an update of its own."""
    schedules = cloud.all(SCHEDULE, bucket.scope)
    if any((schedule.state.get("export") or {}).get("exportBucketId") == bucket.id for schedule in schedules):
        path, message = f"groups/{bucket.scope}/backup/exportBuckets/{bucket.id}", "A backup schedule exports to it."
        return error("DELETE", path, "400 Bad Request", "CANNOT_DELETE_SNAPSHOT_EXPORT_BUCKET", message)
    return None


KINDS = (
    Kind(
        CLUSTER,
        SOURCE,
        id=hexadecimal(24),
        key="{projectId}-{name}",
        scope=("projectId",),
        inside=(PROJECT,),
        name=("name",),
        parents=IN_PROJECT,
        taken=taken(
            "groups/{projectId}/clusters",
            "DUPLICATE_CLUSTER_NAME",
            "A cluster named {name} is already present in group {projectId}.",
        ),
        autoname="name",
        outputs={
            "clusterId": the_id,
            "configServerType": constant(""),
            "connectionStrings": _connection_strings,
            "createDate": now,
            "effectiveDatabaseEdition": constant("CORE"),
            "mongoDbMajorVersion": constant("8.0"),
            "mongoDbVersion": lambda m: f"{m['mongoDbMajorVersion']}.16",
            "stateName": constant("IDLE"),
            "backupEnabled": lambda m: is_flex(m.state),
            "configServerManagementMode": constant("ATLAS_MANAGED"),
            "encryptionAtRestProvider": constant("NONE"),
            "globalClusterSelfManagedSharding": OFF,
            "paused": OFF,
            "pitEnabled": OFF,
            "redactClientLogData": OFF,
            "replicaSetScalingStrategy": constant("WORKLOAD_TYPE"),
            "rootCertType": constant("ISRGROOTX1"),
            "terminationProtectionEnabled": OFF,
            "versionReleaseSystem": constant("LTS"),
            "biConnectorConfig": constant({"enabled": False, "readPreference": "secondary"}),
        },
        shape=_cluster_shape,
        applies=_applies,
        shows=_asked_sizes,
        in_use=_cluster_in_use,
    ),
    of_project(
        "CloudBackupSchedule",
        id=text("{projectId}-{clusterName}"),
        key="{projectId}-{clusterName}",
        on_duplicate=OnDuplicate.OVERWRITE,
        outputs={
            "clusterId": _cluster_id,
            "idPolicy": hexadecimal(24),
            "nextSnapshot": now,
            "referenceHourOfDay": constant(3),
            "referenceMinuteOfHour": constant(0),
            "restoreWindowDays": constant(7),
            "useOrgAndGroupNamesInExportPrefix": OFF,
        },
        fresh=frozenset({"nextSnapshot"}),
        shape=_policy_items,
        in_use=_schedule_in_use,
        left_by="skipDestroy",
    ),
    of_project(
        "CloudBackupSnapshot",
        key="{projectId}-{clusterName}-{id}",
        outputs={
            "snapshotId": the_id,
            "snapshotIds": constant([]),
            "cloudProvider": constant("AWS"),
            "createdAt": now,
            "expiresAt": lambda m: in_days(int(m["retentionInDays"]))(m),
            "masterKeyUuid": constant(""),
            "members": constant([]),
            "mongodVersion": constant("8.0.16"),
            "replicaSetName": lambda m: f"{m['clusterName']}-shard-0",
            "snapshotType": constant("onDemand"),
            "status": constant("completed"),
            "storageSizeBytes": constant(0),
            "type": constant("replicaSet"),
        },
    ),
    of_project(
        "CloudBackupSnapshotExportBucket",
        parents={**IN_PROJECT, "iamRoleId": ACCESS_SETUP},
        outputs={"exportBucketId": the_id},
        in_use=_export_bucket_in_use,
    ),
    of_every_project(
        "BackupCompliancePolicy",
        outputs={"state": constant("ACTIVE"), "updatedDate": now, "updatedUser": copy("authorizedEmail")},
        shape=_policy_items,
        in_use=_compliance_in_use,
    ),
)
