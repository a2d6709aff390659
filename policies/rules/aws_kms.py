"""AWS KMS: the key that everything else hangs on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policies.checks import at_least, each, is_false, is_true, must
from policies.iam import statements
from policies.rule import PRODUCTION, Severity, resource_rule, stack_rule, whole
from policies.tokens import KMS_KEY, KMS_KEY_POLICY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policies.model import Finding, Resource, Stack

_POLICIES: Final = dict.fromkeys((KMS_KEY, KMS_KEY_POLICY), ("policy",))

resource_rule(
    id="kms-key-rotation",
    title="A KMS key's material is rotated every year",
    risk="Whatever is learnt of one year's key opens every later year's data.",
    fix="Set enableKeyRotation to true.",
    severity=Severity.HIGH,
    audit="2.2 No secrets rotation policy",
    cis="3.11",
    equals=(
        "prowler:kms_cmk_rotation_enabled",
        "checkov:CKV_AWS_7",
        "trivy:AWS-0065",
        "awsguard:cmk-backing-key-rotation-enabled",
        "compliance-policies:aws-kms-key-enable-key-rotation",
    ),
    reads={KMS_KEY: ("enableKeyRotation",)},
    shows=("enableKeyRotation",),
)(must("enableKeyRotation", is_true))


@resource_rule(
    id="kms-key-not-public",
    title="A key's policy lets in nobody unnamed",
    risk="Any AWS account can decrypt what the key protects.",
    fix="Name accounts or roles as Principal, or bind '*' by a condition.",
    severity=Severity.CRITICAL,
    audit="2.3 P1.8 Encryption at rest",
    cis="3.3",
    equals=("prowler:kms_key_not_publicly_accessible", "checkov:CKV_AWS_33"),
    reads=_POLICIES,
)
def key_is_not_public(key: Resource) -> Iterator[Finding]:
    """A wildcard principal with no condition."""
    if any(one.is_public for one in statements(key, "policy")):
        yield key.wants("lets in anyone", "policy")


@resource_rule(
    id="kms-key-policy-bounded",
    title="A key's policy gives whoever uses the key its uses, not the key",
    risk="A role that should decrypt schedules the key's deletion, and every backup goes with it.",
    fix="List the actions, such as kms:Encrypt, kms:Decrypt and kms:DescribeKey.",
    severity=Severity.HIGH,
    audit="2.3 Security recommendations: least privilege",
    cis="5.4",
    reads=_POLICIES,
)
def key_policy_is_bounded(key: Resource) -> Iterator[Finding]:
    """AWS's own default statement, kms:* for the account's root under no condition, is another rule's."""
    for one in statements(key, "policy"):
        if one.allows and not one.is_public and not one.is_left_to_iam and {"*", "kms:*"} & {*one.actions}:
            yield key.wants("allows every action on the key to someone who is bound by a condition", "policy")


@stack_rule(
    id="kms-key-has-policy",
    title="A key says itself who may use it",
    risk="AWS's default policy leaves it to every IAM policy in the account.",
    fix="Set policy to a document that names who decrypts: a role as Principal, or the account's root under a "
    "condition such as aws:PrincipalArn.",
    severity=Severity.MEDIUM,
    audit="2.3 P1.8 Encryption at rest",
    cis="3.3",
    equals=("checkov:CKV2_AWS_64",),
    reads={**_POLICIES, KMS_KEY_POLICY: ("policy", "keyId")},
)
def key_names_its_users(stack: Stack) -> Iterator[Finding]:
    """Administering by way of IAM is AWS's own advice; opening what the key protects is not."""
    for key in stack.of(KMS_KEY):
        if not key.has("policy") and not stack.companions(key, KMS_KEY_POLICY, "keyId"):
            yield key.lacks("policy")
    for holder in stack.of(*_POLICIES):
        if any(one.allows and one.is_left_to_iam and one.covers("kms:Decrypt") for one in statements(holder, "policy")):
            yield holder.wants("leaves it to every IAM policy in the account who decrypts", "policy")


resource_rule(
    id="kms-key-no-lockout",
    title="A key keeps AWS's check that somebody can still administer it",
    risk="One wrong policy and nobody can change the key again, AWS's support included.",
    fix="Remove bypassPolicyLockoutSafetyCheck.",
    severity=Severity.HIGH,
    audit="Beyond the audit: known from compliance-policies",
    cis="3.11",
    equals=("compliance-policies:aws-kms-key-disallow-bypass-policy-lockout-safety-check",),
    reads={KMS_KEY: ("bypassPolicyLockoutSafetyCheck",)},
    shows=("bypassPolicyLockoutSafetyCheck",),
)(must("bypassPolicyLockoutSafetyCheck", is_false, required=False))

resource_rule(
    id="kms-key-enabled",
    title="A key in the program is switched on",
    risk="Atlas stops the database within 15 minutes of a disabled key.",
    fix="Remove isEnabled, or set it to true.",
    severity=Severity.HIGH,
    audit="5.2 RTO under 15 minutes",
    cis="3.11",
    equals=("prowler:kms_cmk_not_deleted_unintentionally", "checkov:CKV_AWS_227"),
    reads={KMS_KEY: ("isEnabled",)},
    shows=("isEnabled",),
)(must("isEnabled", is_true, required=False))


@resource_rule(
    id="kms-key-deletion-waits",
    title="A production key's deletion can be called back for weeks",
    risk="A key that is gone takes every backup made with it along.",
    fix="Set deletionWindowInDays to 30.",
    severity=Severity.HIGH,
    audit="5.1 Backup status",
    cis="11.3",
    equals=("prowler:kms_cmk_not_deleted_unintentionally",),
    applies=PRODUCTION,
    reads={KMS_KEY: ("deletionWindowInDays",)},
    shows=("deletionWindowInDays",),
    options={"min_days": whole(30, 7, 30, "The days between asking for a deletion and the end of the key.")},
)
def deletion_waits(key: Resource, *, min_days: int) -> Iterator[Finding]:
    """AWS's own default is 30."""
    yield from each(key, "deletionWindowInDays", at_least(min_days), required=False)


resource_rule(
    id="kms-key-described",
    title="A key says what it is for",
    risk="Nobody dares to delete, or to keep, a key that nobody knows.",
    fix="Set description.",
    severity=Severity.LOW,
    mandatory=PRODUCTION,
    audit="Beyond the audit: known from compliance-policies",
    cis="1.1",
    equals=("compliance-policies:aws-kms-key-missing-description",),
    reads={KMS_KEY: ("description",)},
)(must("description", lambda text: isinstance(text, str) and bool(text.strip())))

resource_rule(
    id="kms-key-single-region",
    title="A key stays in one region",
    risk="A copy of the key material in another region is one more place to lose it, under another law.",
    fix="Remove multiRegion, or set it to false.",
    severity=Severity.MEDIUM,
    audit="Beyond the audit: known from Prowler",
    cis="3.11",
    equals=("prowler:kms_cmk_not_multi_region",),
    reads={KMS_KEY: ("multiRegion",)},
    shows=("multiRegion",),
)(must("multiRegion", is_false, required=False))


@stack_rule(
    id="kms-key-used",
    title="A key is used by something",
    risk="A key that nothing uses costs money, and may be the one that should have been used.",
    fix="Give the key to what it should encrypt, or remove it.",
    severity=Severity.LOW,
    mandatory=PRODUCTION,
    audit="4.2 Cost optimization",
    cis="1.1",
    equals=("prowler:kms_cmk_are_used",),
    reads={KMS_KEY: ()},
)
def key_is_used(stack: Stack) -> Iterator[Finding]:
    """Some property of some resource comes from it."""
    used = {urn for one in stack.resources for urns in one.links.values() for urn in urns}
    for key in stack.of(KMS_KEY):
        if key.urn not in used:
            yield key.wants("is used by nothing in this stack")
