"""AWS S3: buckets for logs, exports and state."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from policies.checks import is_false, is_true, must, one_of
from policies.iam import Statement, statements
from policies.rule import NOWHERE, PRODUCTION, Severity, resource_rule, stack_rule, texts
from policies.tokens import (
    S3_ACCOUNT_BLOCK,
    S3_ACL,
    S3_BUCKET,
    S3_ENCRYPTION,
    S3_LIFECYCLE,
    S3_LOGGING,
    S3_OBJECT_LOCK,
    S3_OWNERSHIP,
    S3_POLICY,
    S3_PUBLIC_ACCESS_BLOCK,
    S3_REPLICATION,
    S3_VERSIONING,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policies.model import Finding, Resource, Stack

_BLOCKS: Final = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
_ACCOUNT: Final = re.compile(r"(?<!\d)\d{12}(?!\d)")


def _without(stack: Stack, kind: str) -> Iterator[Resource]:
    """The buckets that no resource of a kind belongs to."""
    return (one for one in stack.of(S3_BUCKET) if not stack.companions(one, kind, "bucket", "bucket"))


@stack_rule(
    id="s3-public-access-blocked",
    title="A bucket can't be made public, by policy or by object",
    risk="One wrong grant publishes the exports of the whole database.",
    fix="Declare a BucketPublicAccessBlock for the bucket with all four settings true.",
    severity=Severity.HIGH,
    audit="5.3 Phase 2: backups",
    cis="3.3",
    equals=(
        "prowler:s3_bucket_level_public_access_block",
        "prowler:s3_bucket_public_access",
        "checkov:CKV_AWS_53",
        "checkov:CKV_AWS_54",
        "checkov:CKV_AWS_55",
        "checkov:CKV_AWS_56",
        "checkov:CKV2_AWS_6",
        "trivy:AWS-0086",
        "trivy:AWS-0087",
        "trivy:AWS-0091",
        "trivy:AWS-0093",
        "trivy:AWS-0094",
    ),
    reads={S3_PUBLIC_ACCESS_BLOCK: (*_BLOCKS, "bucket"), S3_BUCKET: ("bucket",)},
    shows=_BLOCKS,
)
def public_access_is_blocked(stack: Stack) -> Iterator[Finding]:
    """All four, for every bucket."""
    for block in stack.of(S3_PUBLIC_ACCESS_BLOCK):
        for path in _BLOCKS:
            yield from must(path, is_true)(block)
    for bucket in _without(stack, S3_PUBLIC_ACCESS_BLOCK):
        yield bucket.wants("has no BucketPublicAccessBlock")


@stack_rule(
    id="s3-tls-only",
    title="A bucket refuses requests without TLS",
    risk="Exports cross the network in the clear.",
    fix='Declare a BucketPolicy with a Deny of s3:* under the condition aws:SecureTransport "false".',
    severity=Severity.MEDIUM,
    audit="6.2 Network security",
    cis="3.10",
    equals=("prowler:s3_bucket_secure_transport_policy", "checkov:CKV_AWS_379"),
    reads={S3_POLICY: ("policy", "bucket"), S3_BUCKET: ("bucket",)},
)
def bucket_is_tls_only(stack: Stack) -> Iterator[Finding]:
    """A policy that is not known yet is judged at deployment."""
    for bucket in stack.of(S3_BUCKET):
        policies = stack.companions(bucket, S3_POLICY, "bucket", "bucket")
        known = [statement for one in policies for statement in statements(one, "policy")]
        if not policies or (known and not any(_denies_plain(one) for one in known)):
            yield bucket.wants("answers without TLS")


def _denies_plain(statement: Statement) -> bool:
    return not statement.allows and "aws:securetransport" in statement.conditions and statement.covers("s3:PutObject")


@resource_rule(
    id="s3-policy-not-public",
    title="A bucket's policy lets in nobody unnamed",
    risk="Anyone reads, or replaces, what the bucket holds.",
    fix="Name roles as Principal, or bind '*' by a condition.",
    severity=Severity.CRITICAL,
    audit="5.3 Phase 2: backups",
    cis="3.3",
    equals=("prowler:s3_bucket_policy_public_write_access", "checkov:CKV_AWS_70"),
    reads={S3_POLICY: ("policy",)},
)
def policy_is_not_public(policy: Resource) -> Iterator[Finding]:
    """An Allow for everyone under no condition."""
    if any(one.is_public for one in statements(policy, "policy")):
        yield policy.wants("lets in anyone", "policy")


@stack_rule(
    id="s3-encrypted-with-key",
    title="A bucket encrypts with a KMS key",
    risk="With the bucket's default key, whoever may read objects needs no right to the key.",
    fix="Declare a BucketServerSideEncryptionConfiguration with sseAlgorithm aws:kms.",
    severity=Severity.MEDIUM,
    audit="2.3 P1.8 Encryption at rest",
    cis="3.11",
    equals=(
        "prowler:s3_bucket_kms_encryption",
        "prowler:s3_bucket_default_encryption",
        "checkov:CKV_AWS_145",
        "trivy:AWS-0132",
    ),
    reads={
        S3_ENCRYPTION: ("rules[].applyServerSideEncryptionByDefault.sseAlgorithm", "bucket"),
        S3_BUCKET: ("bucket",),
    },
    shows=("rules[].applyServerSideEncryptionByDefault.sseAlgorithm",),
)
def bucket_is_encrypted(stack: Stack) -> Iterator[Finding]:
    """Either form of KMS."""
    holds = one_of("aws:kms", "aws:kms:dsse")
    for encryption in stack.of(S3_ENCRYPTION):
        yield from must("rules[].applyServerSideEncryptionByDefault.sseAlgorithm", holds)(encryption)
    for bucket in _without(stack, S3_ENCRYPTION):
        yield bucket.wants("has no encryption with a KMS key")


@stack_rule(
    id="s3-versioned",
    title="A bucket keeps old versions",
    risk="A wrong or hostile overwrite is final.",
    fix='Declare a BucketVersioning with versioningConfiguration.status "Enabled".',
    severity=Severity.MEDIUM,
    audit="5.3 Phase 2: backups",
    cis="11.3",
    equals=("prowler:s3_bucket_object_versioning", "checkov:CKV_AWS_21", "trivy:AWS-0090"),
    reads={S3_VERSIONING: ("versioningConfiguration.status", "bucket"), S3_BUCKET: ("bucket",)},
    shows=("versioningConfiguration.status",),
)
def bucket_is_versioned(stack: Stack) -> Iterator[Finding]:
    """On where it is declared, and declared for every bucket."""
    for versioning in stack.of(S3_VERSIONING):
        yield from must("versioningConfiguration.status", one_of("Enabled"))(versioning)
    for bucket in _without(stack, S3_VERSIONING):
        yield bucket.wants("has no versioning")


@stack_rule(
    id="s3-locked",
    title="A production bucket's objects can't be deleted before their time",
    risk="Whoever takes over the export's credentials deletes the exports first.",
    fix="Create the bucket with objectLockEnabled, and declare a BucketObjectLockConfiguration with a default "
    "retention.",
    severity=Severity.LOW,
    mandatory=PRODUCTION,
    audit="5.3 Phase 2: backups",
    cis="11.3",
    equals=("prowler:s3_bucket_object_lock", "checkov:CKV_AWS_143"),
    applies=PRODUCTION,
    reads={S3_OBJECT_LOCK: ("bucket",), S3_BUCKET: ("bucket",)},
)
def bucket_is_locked(stack: Stack) -> Iterator[Finding]:
    """For how long is not said here."""
    for bucket in _without(stack, S3_OBJECT_LOCK):
        yield bucket.wants("has no object lock")


@stack_rule(
    id="s3-lifecycle",
    title="A bucket says when its objects end",
    risk="Exports and logs pile up, with customers' data that should be gone.",
    fix="Declare a BucketLifecycleConfiguration with an enabled rule.",
    severity=Severity.LOW,
    mandatory=PRODUCTION,
    audit="4.2 Cost optimization",
    cis="3.5",
    equals=("prowler:s3_bucket_lifecycle_enabled", "checkov:CKV2_AWS_61"),
    reads={S3_LIFECYCLE: ("rules[].status", "bucket"), S3_BUCKET: ("bucket",)},
)
def bucket_has_a_lifecycle(stack: Stack) -> Iterator[Finding]:
    """One enabled rule is enough."""
    for bucket in stack.of(S3_BUCKET):
        found = stack.companions(bucket, S3_LIFECYCLE, "bucket", "bucket")
        if not any(status == "Enabled" for one in found for _, status in one.values("rules[].status")):
            yield bucket.wants("has no enabled lifecycle rule")


@stack_rule(
    id="s3-logged",
    title="A production bucket's requests are logged",
    risk="After a leak nobody can say what was read.",
    fix="Declare a BucketLogging for the bucket, into a bucket of logs.",
    severity=Severity.LOW,
    mandatory=PRODUCTION,
    audit="5.3 Phase 1 Log aggregation",
    cis="8.2",
    equals=(
        "prowler:s3_bucket_server_access_logging_enabled",
        "checkov:CKV_AWS_18",
        "trivy:AWS-0089",
        "awsguard:s3-bucket-logging-enabled",
    ),
    applies=PRODUCTION,
    reads={S3_LOGGING: ("bucket", "targetBucket"), S3_BUCKET: ("bucket",)},
)
def bucket_is_logged(stack: Stack) -> Iterator[Finding]:
    """A bucket that receives logs needs none of its own."""
    receivers = {target for one in stack.of(S3_LOGGING) for target in one.links.get("targetBucket", ())}
    names = [one.value("targetBucket") for one in stack.of(S3_LOGGING)]
    for bucket in _without(stack, S3_LOGGING):
        if bucket.urn not in receivers and bucket.value("bucket") not in names:
            yield bucket.wants("logs no requests")


@stack_rule(
    id="s3-no-acls",
    title="A bucket's objects belong to its owner; access lists are off",
    risk="Who uploads an object can open it to the world.",
    fix='Declare BucketOwnershipControls with objectOwnership "BucketOwnerEnforced", and no BucketAcl.',
    severity=Severity.MEDIUM,
    audit="5.3 Phase 2: backups",
    cis="3.3",
    equals=(
        "prowler:s3_bucket_acl_prohibited",
        "prowler:s3_bucket_public_list_acl",
        "prowler:s3_bucket_public_write_acl",
        "checkov:CKV2_AWS_65",
    ),
    reads={S3_OWNERSHIP: ("rule.objectOwnership",), S3_ACL: ()},
    shows=("rule.objectOwnership",),
)
def bucket_has_no_acls(stack: Stack) -> Iterator[Finding]:
    """AWS's default for new buckets, until someone declares otherwise."""
    for ownership in stack.of(S3_OWNERSHIP):
        yield from must("rule.objectOwnership", one_of("BucketOwnerEnforced"))(ownership)
    for acl in stack.of(S3_ACL):
        yield acl.wants("grants access by a list")


@resource_rule(
    id="s3-not-emptied-on-destroy",
    title="A production bucket with objects refuses to be deleted",
    risk="One wrong destroy deletes every export with the bucket.",
    fix="Remove forceDestroy, or set it to false.",
    severity=Severity.HIGH,
    audit="5.1 Backup status",
    cis="11.3",
    applies=PRODUCTION,
    reads={S3_BUCKET: ("forceDestroy",)},
    shows=("forceDestroy",),
)
def bucket_is_not_emptied(bucket: Resource) -> Iterator[Finding]:
    """False is AWS's default."""
    yield from must("forceDestroy", is_false, required=False)(bucket)


@resource_rule(
    id="s3-policy-own-accounts",
    title="A bucket's policy lets in our own accounts and the vendors' that were chosen",
    risk="Whoever holds the other account reads the exports, and nothing here says who that is.",
    fix="Remove the statement, or add the account to the config's list.",
    severity=Severity.HIGH,
    audit="5.3 Phase 2: backups",
    cis="3.3",
    equals=("prowler:s3_bucket_cross_account_access",),
    reads={S3_POLICY: ("policy",)},
    options={"accounts": texts((), "The ids of the accounts that a policy may name; empty allows every one.")},
)
def policy_names_own_accounts(policy: Resource, *, accounts: Sequence[str]) -> Iterator[Finding]:
    """Which accounts are ours is no property of a bucket, so a config says it. A service is no account."""
    allowed = [one for one in statements(policy, "policy") if accounts and one.allows]
    named = {number for one in allowed for _, value in one.principals for number in _ACCOUNT.findall(value)}
    strangers = sorted(named - {*accounts})
    if strangers:
        yield policy.wants(f"lets in {len(strangers)} accounts that the config does not list", "policy")


@resource_rule(
    id="s3-account-public-access-blocked",
    title="Where the whole account's public access is set, it is blocked",
    risk="The one switch above every bucket stands open.",
    fix="Set all four settings to true.",
    severity=Severity.HIGH,
    audit="5.3 Phase 2: backups",
    cis="3.3",
    equals=("prowler:s3_account_level_public_access_blocks",),
    reads={S3_ACCOUNT_BLOCK: _BLOCKS},
    shows=_BLOCKS,
)
def account_blocks_public_access(block: Resource) -> Iterator[Finding]:
    """All four; AWS's default is false."""
    for path in _BLOCKS:
        yield from must(path, is_true)(block)


@stack_rule(
    id="s3-replicated",
    title="A production bucket is copied to another bucket",
    risk="With the bucket's region, or with its account, the only exports are gone.",
    fix="Declare a BucketReplicationConfig for the bucket with an enabled rule.",
    severity=Severity.LOW,
    mandatory=PRODUCTION,
    audit="Beyond the audit: Atlas copies the snapshots themselves; asked only where a pack config says so",
    cis="11.4",
    equals=("prowler:s3_bucket_cross_region_replication",),
    applies=NOWHERE,
    reads={S3_REPLICATION: ("rules[].status", "bucket"), S3_BUCKET: ("bucket",)},
)
def bucket_is_replicated(stack: Stack) -> Iterator[Finding]:
    """One enabled rule is enough; to which region is not said here."""
    for bucket in stack.of(S3_BUCKET):
        found = stack.companions(bucket, S3_REPLICATION, "bucket", "bucket")
        if not any(status == "Enabled" for one in found for _, status in one.values("rules[].status")):
            yield bucket.wants("is copied nowhere")
