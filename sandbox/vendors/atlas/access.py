"""Who and what may reach a project's data: access list, users, roles, keys, endpoints."""

from __future__ import annotations

import secrets
from dataclasses import replace
from typing import TYPE_CHECKING

from sandbox.kind import OnDuplicate
from sandbox.vendors.atlas.api import (
    ACCESS_SETUP,
    CLUSTER,
    ENCRYPTION,
    EXPORT_BUCKET,
    IN_PROJECT,
    OFF,
    USER,
    error,
    of_every_project,
    of_project,
    taken,
    token_of,
)
from sandbox.vendors.aws import api as aws
from sandbox.vendors.forms import constant, copy, now, text, the_id, unique

if TYPE_CHECKING:
    from sandbox.cloud import Cloud, Reader, Thing
    from sandbox.kind import Making
    from sandbox.wire import Props


def _encryption_shape(making: Making) -> None:
    for name in ("awsKmsConfig", "azureKeyVaultConfig", "googleCloudKmsConfig"):
        if making.state.get(name):
            making.state[name]["valid"] = True


def _role_in_use(cloud: Cloud, role: Thing) -> str | None:
    users = cloud.all(USER, role.scope)
    if any(has.get("roleName") == role.name for user in users for has in user.state.get("roles") or []):
        path, message = f"groups/{role.scope}/customDBRoles/roles/{role.name}", "The role is in use by a database user."
        return error("DELETE", path, "409 Conflict", "ROLE_IN_USE", message)
    return None


def _encryption_in_use(cloud: Cloud, encryption: Thing) -> str | None:
    clusters = cloud.all(CLUSTER, encryption.scope)
    if any(c.state.get("encryptionAtRestProvider") not in (None, "NONE") for c in clusters):
        message = "Clusters are encrypted with this key."
        path = f"groups/{encryption.scope}/encryptionAtRest"
        return error("PATCH", path, "400 Bad Request", "CANNOT_DISABLE_ENCRYPTION_AT_REST", message)
    return None


def _access_in_use(cloud: Cloud, access: Thing) -> str | None:
    users = [
        *cloud.all(ENCRYPTION, access.scope),
        *cloud.all(EXPORT_BUCKET, access.scope),
    ]
    if any(access.id in (u.state.get("iamRoleId"), (u.state.get("awsKmsConfig") or {}).get("roleId")) for u in users):
        path = f"groups/{access.scope}/cloudProviderAccess/AWS/{access.id}"
        message = "The role is in use by encryption at rest or a snapshot export bucket."
        return error("DELETE", path, "400 Bad Request", "CLOUD_PROVIDER_ACCESS_ROLE_IN_USE", message)
    return None


def _role_not_assumable(cloud: Cloud, state: Props) -> str | None:
    """IAM is eventually consistent: the first time that Atlas tries a new role, AWS does not know it everywhere yet."""
    arn = (state.get("aws") or {}).get("iamAssumedRoleArn")
    role = cloud.by_id(aws.ROLE, str(arn).rsplit("/", 1)[-1])
    if role is None or role.state.get("_tried"):
        return None
    cloud.put(replace(role, state={**role.state, "_tried": True}))
    path = f"groups/{state['projectId']}/cloudProviderAccess/{state['roleId']}"
    return error("PATCH", path, "400 Bad Request", "CANNOT_ASSUME_ROLE", "Atlas could not assume the role.")


def _normal_block(state: Props, _: Reader) -> str:
    """Any block of the whole world is one entry."""
    block = str(state["cidrBlock"])
    return "0.0.0.0/0" if block.endswith("/0") else block


def _access_entry(making: Making) -> None:
    """Atlas answers an address also as the block that holds just it."""
    if making["ipAddress"] and not making["cidrBlock"]:
        making.state["cidrBlock"] = f"{making['ipAddress']}/32"
    elif str(making["cidrBlock"]).endswith("/32") and not making["ipAddress"]:
        making.state["ipAddress"] = making["cidrBlock"].removesuffix("/32")


def entry_of(state: Props) -> str:
    """What an access list entry lets in."""
    return str(state.get("cidrBlock") or state.get("ipAddress") or state.get("awsSecurityGroup"))


KINDS = (
    of_project(
        "ProjectIpAccessList",
        id=lambda m: f"{m['projectId']}-{entry_of(m.state)}",
        key=lambda state, _: f"{state.get('projectId')}-{entry_of(state)}",
        on_duplicate=OnDuplicate.OVERWRITE,
        outputs={"comment": constant("")},
        normal={"cidrBlock": _normal_block},
        shape=_access_entry,
    ),
    of_project(
        "DatabaseUser",
        id=text("{projectId}-{username}-{authDatabaseName}"),
        key="{projectId}-{username}-{authDatabaseName}",
        name=("username", "authDatabaseName"),
        taken=taken(
            "groups/{projectId}/databaseUsers", "USER_ALREADY_EXISTS", "The specified database user already exists."
        ),
        unreadable=frozenset({"password", "passwordWo"}),
    ),
    of_project(
        "CustomDbRole",
        id=text("{projectId}-{roleName}"),
        key="{projectId}-{roleName}",
        name=("roleName",),
        taken=taken(
            "groups/{projectId}/customDBRoles/roles",
            "DUPLICATE_DATABASE_ROLES",
            "The specified custom db role {roleName} already exists.",
        ),
        in_use=_role_in_use,
    ),
    of_every_project("EncryptionAtRest", shape=_encryption_shape, in_use=_encryption_in_use),
    of_project(
        "CloudProviderAccessSetup",
        key=lambda state, id_: f"{state.get('projectId')}-{state.get('providerName')}-{id_}",
        outputs={
            "roleId": the_id,
            "awsConfigs": lambda making: [
                {
                    "atlasAwsAccountArn": "arn:aws:iam::536727724300:root",
                    "atlasAssumedRoleExternalId": unique(making),
                }
            ],
            "gcpConfigs": constant([]),
            "createdDate": now,
            "lastUpdatedDate": now,
        },
        in_use=_access_in_use,
    ),
    of_project(
        "CloudProviderAccessAuthorization",
        id=copy("roleId"),
        key="{projectId}-{roleId}",
        parents={**IN_PROJECT, "roleId": ACCESS_SETUP},
        on_duplicate=OnDuplicate.OVERWRITE,
        outputs={"authorizedDate": now, "featureUsages": constant([]), "gcps": constant([])},
        not_ready=_role_not_assumable,
        importable=False,
    ),
    of_project(
        "PrivateLinkEndpoint",
        key="{projectId}-{id}-{providerName}-{region}",
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
    of_project(
        "PrivateLinkEndpointService",
        id=copy("endpointServiceId"),
        key="{projectId}--{privateLinkId}--{endpointServiceId}--{providerName}",
        parents={**IN_PROJECT, "privateLinkId": token_of("PrivateLinkEndpoint")},
        outputs={
            "interfaceEndpointId": copy("endpointServiceId"),
            "awsConnectionStatus": constant("AVAILABLE"),
            "deleteRequested": OFF,
            "errorMessage": constant(""),
        },
    ),
)
