"""MongoDB Atlas: projects, clusters, backups, access, encryption, alerts."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from sandbox.kind import Kind, OnDuplicate, Vendor
from sandbox.vendors.forms import constant, copy, hexadecimal, now, text, the_id, token

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.kind import Making
    from sandbox.wire import Props

SOURCE = "providers.md 1; mongodb/terraform-provider-mongodbatlas v2.16.0 internal/service/*"
API = "https://cloud.mongodb.com/api/atlas/v2"


def token_of(name: str) -> str:
    """The type token of a resource by its Pulumi class name."""
    return f"mongodbatlas:index/{name[0].lower()}{name[1:]}:{name}"


PROJECT, CLUSTER, ACCESS_SETUP, PRIVATE_LINK = (
    token_of(n) for n in ("Project", "AdvancedCluster", "CloudProviderAccessSetup", "PrivateLinkEndpoint")
)
IN_PROJECT = {"projectId": PROJECT}


def error(method: str, path: str, status: str, code: str, detail: str) -> str:
    """An answer of the Admin API as the provider prints it."""
    reason = status.split(" ", 1)[1]
    return f'{API}/{path} {method}: HTTP {status} (Error code: "{code}") Detail: {detail} Reason: {reason}.'


def _taken(path: str, code: str, detail: str) -> Callable[[Making], str]:
    return lambda m: error("POST", path.format_map(m.state), "409 Conflict", code, detail.format_map(m.state))


def _of_project(class_name: str, /, **more: Any) -> Kind:  # noqa: ANN401 the record's own fields
    """A project's object with an id of its own."""
    defaults = {
        "id": hexadecimal(24),
        "key": "{projectId}-{id}",
        "scope": ("projectId",),
        "inside": (PROJECT,),
        "parents": IN_PROJECT,
    }
    return Kind(token_of(class_name), SOURCE, **{**defaults, **more})


def _setting(class_name: str, /, **more: Any) -> Kind:  # noqa: ANN401 the record's own fields
    """What every project has exactly one of."""
    return _of_project(
        class_name, **{"id": text("{projectId}"), "key": "{projectId}", "on_duplicate": OnDuplicate.OVERWRITE, **more}
    )


def is_flex(state: Props) -> bool:
    """Whether a cluster is a Flex cluster."""
    specs = state.get("replicationSpecs") or [{}]
    regions = (specs[0] or {}).get("regionConfigs") or [{}]
    return bool(regions[0].get("providerName") == "FLEX")


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


def _notification_ids(making: Making) -> None:
    for notification in making.state.get("notifications") or []:
        notification["notifierId"] = notification.get("notifierId") or secrets.token_hex(12)


def _encryption_shape(making: Making) -> None:
    for name in ("awsKmsConfig", "azureKeyVaultConfig", "googleCloudKmsConfig"):
        if making.state.get(name):
            making.state[name]["valid"] = True


def _access_entry(making: Making) -> None:
    """Atlas answers an address also as the block that holds just it."""
    if making["ipAddress"] and not making["cidrBlock"]:
        making.state["cidrBlock"] = f"{making['ipAddress']}/32"
    elif str(making["cidrBlock"]).endswith("/32") and not making["ipAddress"]:
        making.state["ipAddress"] = making["cidrBlock"].removesuffix("/32")


def entry_of(state: Props) -> str:
    """What an access list entry lets in."""
    return str(state.get("cidrBlock") or state.get("ipAddress") or state.get("awsSecurityGroup"))


ON, OFF = constant(value=True), constant(value=False)

KINDS = (
    Kind(
        PROJECT,
        SOURCE,
        id=hexadecimal(24),
        scope=("orgId",),
        name=("name",),
        taken=_taken("groups", "GROUP_ALREADY_EXISTS", 'A group with name "{name}" already exists.'),
        autoname="name",
        outputs={
            "created": now,
            "clusterCount": constant(0),
            "ipAddresses": constant({"services": {"clusters": []}}),
            "isClusterAiAssistantEnabled": ON,
            "isCollectDatabaseSpecificsStatisticsEnabled": ON,
            "isDataExplorerEnabled": ON,
            "isDataExplorerGenAiFeaturesEnabled": ON,
            "isDataExplorerGenAiSampleDocumentPassingEnabled": OFF,
            "isExtendedStorageSizesEnabled": OFF,
            "isNativeRerankingEnabled": OFF,
            "isPerformanceAdvisorEnabled": ON,
            "isRealtimePerformancePanelEnabled": ON,
            "isSchemaAdvisorEnabled": ON,
            "isSlowOperationThresholdingEnabled": ON,
            "regionUsageRestrictions": constant("NONE"),
            "withDefaultAlertsSettings": ON,
        },
    ),
    Kind(
        CLUSTER,
        SOURCE,
        id=hexadecimal(24),
        key="{projectId}-{name}",
        scope=("projectId",),
        inside=(PROJECT,),
        name=("name",),
        parents=IN_PROJECT,
        taken=_taken(
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
    ),
    _of_project(
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
    ),
    _of_project(
        "ProjectIpAccessList",
        id=lambda m: f"{m['projectId']}-{entry_of(m.state)}",
        key=lambda state, _: f"{state.get('projectId')}-{entry_of(state)}",
        on_duplicate=OnDuplicate.OVERWRITE,
        outputs={"comment": constant("")},
        shape=_access_entry,
    ),
    _of_project(
        "DatabaseUser",
        id=text("{projectId}-{username}-{authDatabaseName}"),
        key="{projectId}-{username}-{authDatabaseName}",
        name=("username", "authDatabaseName"),
        taken=_taken(
            "groups/{projectId}/databaseUsers", "USER_ALREADY_EXISTS", "The specified database user already exists."
        ),
        unreadable=frozenset({"password", "passwordWo"}),
    ),
    _of_project(
        "CustomDbRole",
        id=text("{projectId}-{roleName}"),
        key="{projectId}-{roleName}",
        name=("roleName",),
        taken=_taken(
            "groups/{projectId}/customDBRoles/roles",
            "DUPLICATE_DATABASE_ROLES",
            "The specified custom db role {roleName} already exists.",
        ),
    ),
    _setting("EncryptionAtRest", shape=_encryption_shape, unreadable=frozenset()),
    _of_project(
        "CloudProviderAccessSetup",
        key=lambda state, id_: f"{state.get('projectId')}-{state.get('providerName')}-{id_}",
        outputs={
            "roleId": the_id,
            "awsConfigs": lambda _: [
                {
                    "atlasAwsAccountArn": "arn:aws:iam::536727724300:root",
                    "atlasAssumedRoleExternalId": token(36)(_),
                }
            ],
            "gcpConfigs": constant([]),
            "createdDate": now,
            "lastUpdatedDate": now,
        },
    ),
    _of_project(
        "CloudProviderAccessAuthorization",
        id=copy("roleId"),
        key="{projectId}-{roleId}",
        parents={**IN_PROJECT, "roleId": ACCESS_SETUP},
        on_duplicate=OnDuplicate.OVERWRITE,
        outputs={"authorizedDate": now, "featureUsages": constant([]), "gcps": constant([])},
        importable=False,
    ),
    _setting(
        "Auditing",
        outputs={
            "configurationType": constant("FILTER_JSON"),
            "enabled": OFF,
            "auditFilter": constant("{}"),
            "auditAuthorizationSuccess": OFF,
        },
    ),
    _setting(
        "MaintenanceWindow",
        outputs={
            "numberOfDeferrals": constant(0),
            "startAsap": OFF,
            "timeZoneId": constant("Etc/UTC"),
            "autoDefer": OFF,
            "autoDeferOnceEnabled": OFF,
            "defer": OFF,
        },
    ),
    _of_project(
        "AlertConfiguration",
        outputs={"alertConfigurationId": the_id, "created": now, "updated": now, "enabled": OFF},
        fresh=frozenset({"updated"}),
        shape=_notification_ids,
    ),
    _of_project(
        "ThirdPartyIntegration",
        id=text("{projectId}-{type}"),
        key="{projectId}-{type}",
        name=("type",),
        taken=_taken(
            "groups/{projectId}/integrations/{type}",
            "INTEGRATION_ALREADY_EXISTS",
            "A third-party integration of type {type} already exists.",
        ),
    ),
    _of_project(
        "CloudBackupSnapshotExportBucket",
        parents={**IN_PROJECT, "iamRoleId": ACCESS_SETUP},
        outputs={"exportBucketId": the_id},
    ),
    _setting(
        "BackupCompliancePolicy",
        outputs={"state": constant("ACTIVE"), "updatedDate": now, "updatedUser": copy("authorizedEmail")},
        shape=_policy_items,
    ),
    Kind(
        token_of("ResourcePolicy"),
        SOURCE,
        id=hexadecimal(24),
        key="{orgId}-{id}",
        scope=("orgId",),
        name=("name",),
        taken=_taken(
            "orgs/{orgId}/resourcePolicies", "RESOURCE_POLICY_NAME_TAKEN", "A resource policy named {name} exists."
        ),
        autoname="name",
        outputs={
            "createdDate": now,
            "lastUpdatedDate": now,
            "createdByUser": constant({"id": "0" * 24, "name": "owner@example.com"}),
            "lastUpdatedByUser": constant({"id": "0" * 24, "name": "owner@example.com"}),
            "version": constant("v1"),
        },
        fresh=frozenset({"lastUpdatedDate"}),
    ),
    _of_project(
        "PrivateLinkEndpoint",
        outputs={
            "privateLinkId": the_id,
            "endpointServiceName": lambda m: (
                f"com.amazonaws.vpce.{m['region'].lower().replace('_', '-')}.vpce-svc-" + secrets.token_hex(8)
            ),
            "regionName": copy("region"),
            "status": constant("AVAILABLE"),
            "errorMessage": constant(""),
            "interfaceEndpoints": constant([]),
            "privateEndpoints": constant([]),
            "endpointGroupNames": constant([]),
            "serviceAttachmentNames": constant([]),
        },
    ),
    _of_project(
        "PrivateLinkEndpointService",
        id=copy("endpointServiceId"),
        key="{projectId}--{privateLinkId}--{endpointServiceId}",
        parents={**IN_PROJECT, "privateLinkId": PRIVATE_LINK},
        outputs={
            "interfaceEndpointId": copy("endpointServiceId"),
            "awsConnectionStatus": constant("AVAILABLE"),
            "deleteRequested": OFF,
            "errorMessage": constant(""),
        },
    ),
)


def _no_parent(kind: Kind, parent: str, value: str) -> str:
    """Atlas' words for a project, role or private link that is not there."""
    what = kind.token.rsplit(":", 1)[-1]
    if parent == PROJECT:
        return error("POST", f"groups/{value}/{what}", "404 Not Found", "GROUP_NOT_FOUND", f"No group with ID {value}.")
    name = parent.rsplit(":", 1)[-1]
    return error("POST", what, "404 Not Found", "RESOURCE_NOT_FOUND", f"Cannot find {name} {value}.")


def _not_found(kind: Kind, key: str) -> str:
    """Atlas' words for an object that is not there."""
    return error(
        "PATCH", key, "404 Not Found", "RESOURCE_NOT_FOUND", f"Cannot find {kind.token.rsplit(':', 1)[-1]} {key}."
    )


VENDOR = Vendor(KINDS, _no_parent, _not_found)
