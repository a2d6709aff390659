"""Atlas: that the data is encrypted with a key of our own, link by link."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policies.atlas import PROVIDERS, dedicated_clusters
from policies.checks import is_true, must, text
from policies.rule import NOWHERE, PRODUCTION, Severity, resource_rule, stack_rule
from policies.tokens import (
    ADVANCED_CLUSTER,
    ATLAS_PROJECT,
    CLOUD_ACCESS_AUTHORIZATION,
    ENCRYPTION_AT_REST,
    KMS_KEY,
)
from policies.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policies.model import Finding, Resource, Stack

_CONFIG = "awsKmsConfig"
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
