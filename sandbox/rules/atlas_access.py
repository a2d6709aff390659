"""What Atlas refuses in access lists, database users, roles and customer keys."""

from __future__ import annotations

import ipaddress
import json
import re
from typing import TYPE_CHECKING

from sandbox import vendors
from sandbox.foreseen import CannotTellError
from sandbox.rules.atlas_clusters import all_shared
from sandbox.rules.record import Ask, across, alone, members, part
from sandbox.vendors.atlas.api import ACCESS_SETUP, CLUSTER, error, token_of
from sandbox.vendors.aws import api as aws

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.cloud import Reader, Thing

ENTRY, USER, ROLE, AUTHORIZATION, ENCRYPTION, EXPORT_BUCKET = (
    token_of(n)
    for n in (
        "ProjectIpAccessList",
        "DatabaseUser",
        "CustomDbRole",
        "CloudProviderAccessAuthorization",
        "EncryptionAtRest",
        "CloudBackupSnapshotExportBucket",
    )
)
ENTRIES = "TFA: docs/resources/project_ip_access_list.md"
USERS = "TFA: docs/resources/database_user.md"
KEY = "TFA: docs/resources/encryption_at_rest.md"
IDS = tuple(kind.token for kind in vendors.VENDORS["mongodbatlas"].kinds)
BUILT_IN_ROLES = frozenset(
    [
        "atlasAdmin",
        "backup",
        "clusterMonitor",
        "dbAdmin",
        "dbAdminAnyDatabase",
        "enableSharding",
        "read",
        "readAnyDatabase",
        "readWrite",
        "readWriteAnyDatabase",
    ]
)
KMS_ACTIONS = frozenset({"kms:Encrypt", "kms:Decrypt", "kms:DescribeKey"})
EXPORT_ACTIONS = frozenset({"s3:GetBucketLocation", "s3:PutObject"})


@alone(*IDS, source="www.mongodb.com/docs/api/doc/atlas-admin-api-v2: groupId, ^([a-f0-9]{24})$")
def atlas_id_has_its_form(ask: Ask) -> Iterator[tuple[str, str]]:
    """A project or organization id is 24 hexadecimal digits."""
    for name in ("projectId", "orgId"):
        for place, value in ask.each(name):
            if not re.fullmatch(r"[0-9a-f]{24}", str(value)):
                yield place, "INVALID_PATH_PARAMETER: an id is 24 hexadecimal digits"


@alone(ENTRY, source=ENTRIES)
def access_entry_is_one_thing(ask: Ask) -> Iterator[tuple[str, str]]:
    """An access list entry is a block, an address or a security group, and exactly one of them."""
    given = [n for n in ("cidrBlock", "ipAddress", "awsSecurityGroup") if n in ask.props]
    if len(given) != 1:
        yield "cidrBlock", "exactly one of cidr_block, ip_address, aws_security_group must be given"


@alone(ENTRY, source=f"{ENTRIES}; Admin API: projectIpAccessList")
def access_entry_parses(ask: Ask) -> Iterator[tuple[str, str]]:
    """A block is a network in CIDR notation, an address an IP address."""
    for name, parse in (("cidrBlock", ipaddress.ip_network), ("ipAddress", ipaddress.ip_address)):
        for path, value in ask.each(name):
            try:
                parse(value, False) if name == "cidrBlock" else parse(value)  # type: ignore[call-arg]  # two signatures
            except ValueError:
                yield path, "INVALID_IP_ADDRESS_OR_CIDR_NOTATION"


@alone(USER, source=USERS)
def user_has_one_way_to_sign_in(ask: Ask) -> Iterator[tuple[str, str]]:
    """A user signs in by password in `admin`, or by certificate or identity in `$external`."""
    outside = [n for n in ("x509Type", "awsIamType", "ldapAuthType") if ask[n] not in (None, "NONE")]
    by_password = ask.props.get("password") is not None or ask.props.get("passwordWo") is not None
    if outside and by_password:
        yield "password", f"must not be set together with {outside[0]}"
    if outside and ask["authDatabaseName"] != "$external":
        yield "authDatabaseName", f"must be $external when {outside[0]} is set"
    if by_password and not outside and ask["authDatabaseName"] == "$external":
        yield "authDatabaseName", "must be admin for a user with a password"
    if not outside and ask["oidcAuthType"] in (None, "NONE") and not by_password:
        yield "password", "a SCRAM user needs a password"


@alone(USER, source=f"{USERS}: database_name of a custom role")
def custom_role_is_in_admin(ask: Ask) -> Iterator[tuple[str, str]]:
    """A custom role is granted in the database `admin`."""
    for path, role in ask.each("roles[]"):
        name, database = role.get("roleName"), role.get("databaseName")
        if isinstance(name, str) and name not in BUILT_IN_ROLES and isinstance(database, str) and database != "admin":
            yield f"{path}.databaseName", "a custom role belongs to the database admin"


@alone(ROLE, source="TFA: docs/resources/custom_db_role.md, role_name")
def role_name_is_free(ask: Ask) -> Iterator[tuple[str, str]]:
    """A custom role has letters, digits, `_` and `-` in its name, and is not named like a built-in role."""
    name = ask["roleName"]
    if name in BUILT_IN_ROLES or name.startswith("xgen-"):
        yield "roleName", "the name is reserved: not that of a built-in role and not starting with xgen-"
    elif not re.fullmatch(r"[A-Za-z0-9_-]+", name):
        yield "roleName", "a role name has only letters, digits, underscores and dashes"


@alone(ROLE, source="MD: reference/custom-role-actions.txt")
def role_actions_are_in_capitals(ask: Ask) -> Iterator[tuple[str, str]]:
    """A custom role's actions are the API's names, in capitals."""
    for path, action in ask.each("actions[].action"):
        if not re.fullmatch(r"[A-Z][A-Z0-9_]*", action):
            yield path, "INVALID_ENUM_VALUE: an action is an upper case name such as FIND"


@across(USER, source=f"{USERS}: roles")
def custom_role_of_the_user_exists(ask: Ask, cloud: Reader) -> Iterator[str]:
    """A custom role that a user has exists in the project."""
    for _, name in ask.each("roles[].roleName"):
        if name not in BUILT_IN_ROLES and cloud.named(ROLE, ask["projectId"], name) is None:
            path = f"groups/{ask['projectId']}/databaseUsers"
            message = f"Invalid role {name} specified: no custom role of that name."
            yield error("POST", path, "400 Bad Request", "INVALID_ROLE", message)


@across(USER, source=f"{USERS}: scopes")
def scope_of_the_user_exists(ask: Ask, cloud: Reader) -> Iterator[str]:
    """A cluster that a user is limited to exists in the project."""
    for _, scope in ask.each("scopes[]"):
        name = scope.get("name")
        is_cluster = scope.get("type") == "CLUSTER" and isinstance(name, str)
        if is_cluster and cloud.named(CLUSTER, ask["projectId"], name) is None:
            path = f"groups/{ask['projectId']}/databaseUsers"
            message = f"No cluster named {name} exists in group {ask['projectId']}."
            yield error("POST", path, "404 Not Found", "CLUSTER_NOT_FOUND", message)


@across(
    AUTHORIZATION,
    source="TFA: docs/resources/cloud_provider_access_authorization.md; mongodb/terraform-provider-mongodbatlas#127",
)
def authorized_role_trusts_atlas(ask: Ask, cloud: Reader) -> Iterator[str]:
    """The role that Atlas is to assume exists and trusts Atlas' account with the external id it was given."""
    arn = part(ask.props, "aws").get("iamAssumedRoleArn")
    setup = cloud.by_id(ACCESS_SETUP, ask["roleId"])
    if not isinstance(arn, str) or setup is None:
        return
    role = cloud.named(aws.ROLE, "", arn.rsplit("/", 1)[-1])
    trusted = str(role.state.get("assumeRolePolicy")) if role else ""
    atlas = [part(config) for config in members(setup.state, "awsConfigs")]
    if any(str(value) not in trusted for config in atlas for value in config.values()):
        path = f"groups/{ask['projectId']}/cloudProviderAccess/{ask['roleId']}"
        message = "Atlas could not assume the role: it does not exist or its trust policy does not name Atlas."
        yield error("PATCH", path, "400 Bad Request", "CANNOT_ASSUME_ROLE", message)


def _role_behind(cloud: Reader, role_id: str, project_id: str) -> Thing | None:
    """The AWS role that Atlas was authorized to use under an id of its own."""
    authorized = [a for a in cloud.all(AUTHORIZATION, project_id) if a.state["roleId"] == role_id]
    _tell_all(cloud, AUTHORIZATION, authorized)
    arn = part(authorized[0].state, "aws").get("iamAssumedRoleArn") if authorized else None
    return cloud.named(aws.ROLE, "", arn.rsplit("/", 1)[-1]) if isinstance(arn, str) else None


def _tell_all(cloud: Reader, type_: str, found: object) -> None:
    """Leave it at what was found, where all is known.

    Raises:
    CannotTellError: nothing was found, but a preview does not know where all that is planned will be.
    """
    if not found and cloud.unsure(type_):
        raise CannotTellError


def _may(cloud: Reader, role: Thing, actions: frozenset[str], resource: str) -> bool:
    """Whether the inline policies of a role allow actions on a resource."""
    allowed: set[str] = set()
    for policy in cloud.all(aws.ROLE_POLICY, role.name):
        for statement in aws.statements(policy.state["policy"]):
            resources = statement.get("Resource", [])
            named = [resources] if isinstance(resources, str) else resources
            if statement.get("Effect") == "Allow" and any(_covers(str(n), resource) for n in named):
                action = statement.get("Action", [])
                allowed.update([action] if isinstance(action, str) else action)
    services = {a.split(":", 1)[0] for a in actions}
    may = actions <= allowed or any(f"{s}:*" in allowed for s in services) or "*" in allowed
    _tell_all(cloud, aws.ROLE_POLICY, may)
    return may


def _covers(pattern: str, resource: str) -> bool:
    return pattern == "*" or pattern.rstrip("/*") == resource or resource in pattern


@alone(ENCRYPTION, source=KEY)
def customer_key_is_named(ask: Ask) -> Iterator[tuple[str, str]]:
    """A customer's key is switched on with its id, its region and the role to use it by."""
    config = part(ask.props, "awsKmsConfig")
    if config.get("enabled") is True and config.get("accessKeyId") is None:
        for name in ("customerMasterKeyId", "region", "roleId"):
            if config.get(name) is None:
                yield f"awsKmsConfig.{name}", f"needed when the key is enabled: {name}"


@across(ENCRYPTION, source=f"{KEY}; mongodb/terraform-provider-mongodbatlas#382, #409")
def customer_key_is_reachable(ask: Ask, cloud: Reader) -> Iterator[str]:
    """Encryption at rest needs an authorized role and an enabled key that the role may use."""
    config = ask.known("awsKmsConfig") or {}
    if not config.get("enabled"):
        return
    path = f"groups/{ask['projectId']}/encryptionAtRest"
    role = _role_behind(cloud, str(config.get("roleId")), ask["projectId"])
    if role is None:
        message = "The role is not authorized for this project."
        yield error("PATCH", path, "400 Bad Request", "CLOUD_PROVIDER_ACCESS_ROLE_NOT_AUTHORIZED", message)
        return
    key = cloud.by_id(aws.KEY, str(config.get("customerMasterKeyId")).rsplit("/", 1)[-1])
    if key is None or key.state.get("isEnabled") is False:
        message = "The customer master key does not exist or is disabled."
        yield error("PATCH", path, "400 Bad Request", "INVALID_AWS_CREDENTIALS", message)
    elif not _may(cloud, role, KMS_ACTIONS, key.state["arn"]):
        message = "The role may not use the customer master key: kms:Encrypt, kms:Decrypt, kms:DescribeKey."
        yield error("PATCH", path, "400 Bad Request", "INVALID_AWS_CREDENTIALS", message)


@across(EXPORT_BUCKET, source="TFA: examples/mongodbatlas_cloud_backup_snapshot_export_bucket/aws/aws-roles.tf")
def export_bucket_is_writable(ask: Ask, cloud: Reader) -> Iterator[str]:
    """An export bucket exists and the authorized role may write to it."""
    if ask["cloudProvider"] != "AWS":
        return
    role = _role_behind(cloud, ask["iamRoleId"], ask["projectId"])
    bucket = cloud.named(aws.BUCKET, "", ask["bucketName"])
    arn = f"arn:aws:s3:::{ask['bucketName']}"
    if bucket is None or role is None or not _may(cloud, role, EXPORT_ACTIONS, arn):
        path = f"groups/{ask['projectId']}/backup/exportBuckets"
        message = "The bucket does not exist, or the role is not authorized or may not write to it."
        yield error("POST", path, "400 Bad Request", "INVALID_EXPORT_BUCKET", message)


@alone(token_of("ResourcePolicy"), source="MD: atlas-resource-policies.txt; TFA: docs/resources/resource_policy.md")
def resource_policy_forbids(ask: Ask) -> Iterator[tuple[str, str]]:
    """A resource policy's body is one Cedar policy that forbids."""
    for path, body in ask.each("policies[].body"):
        if not body.strip().startswith("forbid") or len(re.findall(r"\b(?:forbid|permit)\s*\(", body)) != 1:
            yield path, "CEDAR_POLICY_INVALID: exactly one policy that starts with forbid"


def is_json_object(text: str) -> bool:
    """Whether a text is a JSON object."""
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


@alone(token_of("Auditing"), source="TFA: docs/resources/auditing.md, audit_filter")
def audit_filter_is_json(ask: Ask) -> Iterator[tuple[str, str]]:
    """An audit filter is a JSON object as text."""
    for path, text in ask.each("auditFilter"):
        if not is_json_object(text):
            yield path, "AUDIT_FILTER_INVALID: not a JSON object"


@across(token_of("Auditing"), token_of("MaintenanceWindow"), source="MD: reference/flex-limitations.txt")
def dedicated_settings_need_dedicated_clusters(ask: Ask, cloud: Reader) -> Iterator[str]:
    """Auditing and maintenance windows are for projects with a dedicated cluster."""
    wanted = ask.props.get("enabled") is not False
    if wanted and all_shared(cloud, ask["projectId"]):
        what = ask.type.token.rsplit(":", 1)[-1]
        message = f"{what} is not available in a project without a dedicated cluster."
        path = f"groups/{ask['projectId']}/{what[0].lower()}{what[1:]}"
        yield error("PATCH", path, "400 Bad Request", "FEATURE_NOT_SUPPORTED_FOR_FLEX", message)
