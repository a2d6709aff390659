"""Atlas: that the data is encrypted with a key of our own, link by link."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policies.atlas import PROVIDERS, dedicated_clusters
from policies.checks import is_true, must, text
from policies.iam import Statement, statements
from policies.rule import NOWHERE, PRODUCTION, Severity, resource_rule, stack_rule
from policies.tokens import (
    ADVANCED_CLUSTER,
    ATLAS_PROJECT,
    CLOUD_ACCESS_AUTHORIZATION,
    ENCRYPTION_AT_REST,
    IAM_ROLE,
    KMS_GRANT,
    KMS_KEY,
    KMS_KEY_POLICY,
)
from policies.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policies.model import Finding, Resource, Stack

_CONFIG = "awsKmsConfig"
_USES: Final = ("kms:Decrypt", "kms:GenerateDataKey", "kms:ReEncryptFrom")
"""What opens what the key protects."""
_NAMING: Final = ("ArnEquals", "ArnLike", "StringEquals", "StringEqualsIgnoreCase", "StringLike")
"""The operators under which a condition names who may come, and nobody else may."""
_CONFIGS = {"AWS": _CONFIG, "AZURE": "azureKeyVaultConfig", "GCP": "googleCloudKmsConfig"}
"""The part of an EncryptionAtRest that is a provider's."""
_STATIC = (
    f"{_CONFIG}.accessKeyId",
    f"{_CONFIG}.secretAccessKey",
    "azureKeyVaultConfig.secret",
    "googleCloudKmsConfig.serviceAccountKey",
)


@stack_rule(
    id="atlas-encryption-chain",
    title="A production cluster is encrypted with a key of one's own: every link from cluster to key stands",
    risk="One missing link and the data is encrypted with the vendor's key, which we can neither rotate nor take away.",
    fix="Set encryptionAtRestProvider on the cluster, and in its project an EncryptionAtRest whose config for that "
    "provider has enabled true; for AWS customerMasterKeyId of an aws.kms.Key and roleId of a "
    "CloudProviderAccessAuthorization, of this stack where it makes such, else as plain values.",
    severity=Severity.HIGH,
    audit="2.3 P1.8 MongoDB Atlas encryption at rest",
    cis="3.11",
    equals=(
        "prowler:clusters_encryption_at_rest_enabled",
        "mondoo:project-cluster-encryption-at-rest",
        "mondoo:project-encryption-at-rest-cmk-enabled",
        "arp:customer-managed key",
    ),
    applies=PRODUCTION,
    reads={
        ADVANCED_CLUSTER: ("encryptionAtRestProvider", "projectId", PROVIDERS),
        ENCRYPTION_AT_REST: (
            *(f"{config}.enabled" for config in _CONFIGS.values()),
            f"{_CONFIG}.customerMasterKeyId",
            f"{_CONFIG}.roleId",
            "projectId",
        ),
        CLOUD_ACCESS_AUTHORIZATION: (),
        KMS_KEY: (),
        ATLAS_PROJECT: (),
    },
    shows=("encryptionAtRestProvider",),
)
def cluster_is_encrypted_with_our_key(stack: Stack) -> Iterator[Finding]:
    """By the links that the engine knows even at preview, since every id is unknown then."""
    for cluster in dedicated_clusters(stack):
        provider = text(cluster.value("encryptionAtRestProvider"))
        if provider not in _CONFIGS:
            yield cluster.violates("encryptionAtRestProvider", provider or "NONE", "is no cloud's key service")
            continue
        project = stack.group(cluster, "projectId", ATLAS_PROJECT)
        configs = [
            one for one in stack.of(ENCRYPTION_AT_REST) if stack.group(one, "projectId", ATLAS_PROJECT) == project
        ]
        if not configs:
            yield cluster.wants("is in a project without EncryptionAtRest")
        for config in configs:
            if config.value(f"{_CONFIGS[provider]}.enabled") is not True:
                yield config.lacks(f"{_CONFIGS[provider]}.enabled", "is not true")
            if provider == "AWS":
                yield from _links_of(stack, config)


def _links_of(stack: Stack, config: Resource) -> Iterator[Finding]:
    """Whether key and role are the stack's own, where it makes such things, or written down where it makes none."""
    for path, kind, what in (
        (f"{_CONFIG}.customerMasterKeyId", KMS_KEY, "does not come from a KMS key of this stack"),
        (f"{_CONFIG}.roleId", CLOUD_ACCESS_AUTHORIZATION, "does not come from an authorization of this stack"),
    ):
        if not config.has(path):
            yield config.lacks(path)
        elif (any(stack.of(kind)) or config.value(path) is UNKNOWN) and not stack.linked(config, _CONFIG, kind):
            yield config.wants(what, path)


resource_rule(
    id="atlas-encryption-search-nodes",
    title="Where a project has its own key, search nodes use it too",
    risk="Search indexes hold the same data, under the vendor's key.",
    fix="Set enabledForSearchNodes to true once the project has search nodes.",
    severity=Severity.LOW,
    mandatory=PRODUCTION,
    audit="2.3 P1.8 MongoDB Atlas encryption at rest; asked once there are search nodes",
    cis="3.11",
    equals=("mondoo:project-encryption-search-nodes",),
    applies=NOWHERE,
    reads={ENCRYPTION_AT_REST: ("enabledForSearchNodes",)},
    shows=("enabledForSearchNodes",),
)(must("enabledForSearchNodes", is_true))


@resource_rule(
    id="atlas-encryption-by-role",
    title="Atlas uses the key through a role, not with a key pair, a client secret or a service account's key",
    risk="A static credential does not end, and lies in Atlas and in our state.",
    fix="Remove accessKeyId and secretAccessKey (Azure: secret; Google: serviceAccountKey), and set roleId.",
    severity=Severity.HIGH,
    audit="2.2 No secrets rotation policy",
    cis="5.4",
    reads={ENCRYPTION_AT_REST: _STATIC},
)
def key_is_used_by_role(config: Resource) -> Iterator[Finding]:
    """Neither half of a key pair, nor its like in the other clouds."""
    for path in _STATIC:
        if config.has(path):
            yield config.wants("is a static credential", path)


@stack_rule(
    id="atlas-key-for-atlas-alone",
    title="The key that encrypts the database is used by Atlas's role, and by nobody else",
    risk="Whoever else may decrypt with the key reads every snapshot and disk that it was to protect.",
    fix="Take the statement out of the key's policy, or the Grant away: the account's root administers the key, the "
    "role that the CloudProviderAccessAuthorization names uses it. Other data gets a key of its own.",
    severity=Severity.HIGH,
    audit="2.3 P1.8 Encryption at rest: role for Atlas",
    cis="3.3",
    reads={
        ENCRYPTION_AT_REST: (),
        CLOUD_ACCESS_AUTHORIZATION: ("aws.iamAssumedRoleArn",),
        IAM_ROLE: ("name",),
        KMS_KEY: ("policy",),
        KMS_KEY_POLICY: ("policy", "keyId"),
        KMS_GRANT: ("keyId", "granteePrincipal", "operations[]"),
    },
)
def key_is_for_atlas_alone(stack: Stack) -> Iterator[Finding]:
    """Everyone in the account, or in the world, is other rules'. What is not known yet is judged when it is."""
    for key, authorizations in _keys_of_atlas(stack):
        roles = [role for one in authorizations for role in stack.linked(one, "aws", IAM_ROLE)]
        names = _names(stack, authorizations)
        for holder in (key, *stack.companions(key, KMS_KEY_POLICY, "keyId")):
            document = statements(holder, "policy")
            owners = {_account(value) for one in document for _, value in one.principals if value.endswith(":root")}
            strangers = {user for one in document for user in _users(one) if not _is_one_of(user, names, owners)}
            if names and strangers:
                yield holder.wants(f"lets {len(strangers)} beside Atlas's role decrypt", "policy")
        for grant in stack.companions(key, KMS_GRANT, "keyId"):
            opens = any(f"kms:{text(one)}" in _USES for _, one in grant.values("operations[]"))
            ours = any(role in roles for role in stack.linked(grant, "granteePrincipal", IAM_ROLE))
            if opens and not ours and not _is_one_of(text(grant.value("granteePrincipal")), names, set()):
                yield grant.wants("lets someone beside Atlas's role decrypt", "granteePrincipal")


def _keys_of_atlas(stack: Stack) -> list[tuple[Resource, list[Resource]]]:
    """Each key that encrypts a project, with the authorizations of the roles that Atlas uses it by."""
    found: dict[str, tuple[Resource, list[Resource]]] = {}
    for config in stack.of(ENCRYPTION_AT_REST):
        for key in stack.linked(config, _CONFIG, KMS_KEY):
            _, authorizations = found.setdefault(key.urn, (key, []))
            authorizations += stack.linked(config, _CONFIG, CLOUD_ACCESS_AUTHORIZATION)
    return list(found.values())


def _names(stack: Stack, authorizations: list[Resource]) -> set[str]:
    """The names of Atlas's roles: out of the ARNs that Atlas is told, or of the roles where those are not made yet."""
    names = set()
    for one in authorizations:
        arn = text(one.value("aws.iamAssumedRoleArn"))
        roles = stack.linked(one, "aws", IAM_ROLE)
        names |= {arn.rpartition("/")[2]} if arn else {text(role.value("name")) for role in roles}
    return names - {""}


def _users(statement: Statement) -> Iterator[str]:
    """Whom a statement lets open what the key protects: by the principal, or by the condition that names one."""
    if not statement.allows or statement.is_public or statement.is_left_to_iam:
        return
    if any(statement.covers(action) for action in _USES):
        named = [one for operator in _NAMING for one in _named(statement.condition.get(operator))]
        yield from named or [value for _, value in statement.principals]


def _named(keys: object) -> Iterator[str]:
    for key, value in keys.items() if isinstance(keys, dict) else ():
        if str(key).lower() == "aws:principalarn":
            yield from (str(one) for one in (value if isinstance(value, list) else [value]))


def _is_one_of(arn: str, names: set[str], owners: set[str]) -> bool:
    """Whether an ARN is of a role with such a name, in the account that administers the key where one is named."""
    is_role = ":role/" in arn and arn.rpartition("/")[2] in names
    return is_role and (not owners or _account(arn) in owners)


def _account(arn: str) -> str:
    return "".join(arn.split(":")[4:5])
