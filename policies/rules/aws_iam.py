"""AWS IAM: who may become a role, and what the role may do."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from policies.checks import between, must
from policies.iam import DOCUMENTS, Statement, documents, statements
from policies.rule import PRODUCTION, Severity, resource_rule, stack_rule, whole
from policies.tokens import (
    CLOUD_ACCESS_AUTHORIZATION,
    CLOUD_ACCESS_SETUP,
    IAM_ACCESS_KEY,
    IAM_GROUP_POLICY_ATTACHMENT,
    IAM_POLICY_ATTACHMENT,
    IAM_ROLE,
    IAM_ROLE_POLICY_ATTACHMENT,
    IAM_USER_POLICY,
    IAM_USER_POLICY_ATTACHMENT,
    OIDC_PROVIDER,
)
from policies.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policies.model import Finding, Resource, Stack

_ADMINISTRATORS: Final = ("AdministratorAccess", "PowerUserAccess", "IAMFullAccess")
_ATTACHED: Final = {
    IAM_ROLE: ("managedPolicyArns[]",),
    IAM_ROLE_POLICY_ATTACHMENT: ("policyArn",),
    IAM_GROUP_POLICY_ATTACHMENT: ("policyArn",),
    IAM_USER_POLICY_ATTACHMENT: ("policyArn",),
    IAM_POLICY_ATTACHMENT: ("policyArn",),
}
"""Where a policy is given to someone."""
_BOUND: Final = {
    "sts:externalid",
    "aws:principalorgid",
    "aws:principalarn",
    "aws:sourcearn",
    "aws:sourceaccount",
    "aws:userid",
}
_SELF_BOUND: Final = ("ec2.amazonaws.com", "ecs-tasks.amazonaws.com", "lambda.amazonaws.com")
"""Services that assume a role only for what was started in the same account."""
_ON_KEYS: Final = (
    "kms:Decrypt",
    "kms:DeleteAlias",
    "kms:DisableKey",
    "kms:GenerateDataKey",
    "kms:PutKeyPolicy",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UpdateAlias",
)
_ONE_REPOSITORY: Final = re.compile(r"[^*:]+:[^*:]+(:|$)")
"""Two fixed parts, such as repo:owner/name, before anything that may vary."""
_ESCALATING: Final = (
    "iam:AttachRolePolicy",
    "iam:AttachUserPolicy",
    "iam:CreateAccessKey",
    "iam:CreatePolicyVersion",
    "iam:PassRole",
    "iam:PutRolePolicy",
    "iam:PutUserPolicy",
    "iam:SetDefaultPolicyVersion",
    "iam:UpdateAssumeRolePolicy",
    "sts:AssumeRole",
)


@resource_rule(
    id="iam-role-not-administrator",
    title="No role or group is an administrator of the account",
    risk="What takes over the role takes over keys, backups and bills.",
    fix="Replace AdministratorAccess by a policy with the actions that the role's one job needs.",
    severity=Severity.HIGH,
    audit="2.3 Security recommendations: least privilege",
    cis="5.4",
    equals=(
        "prowler:iam_role_administratoraccess_policy",
        "prowler:iam_role_cross_account_readonlyaccess_policy",
        "prowler:iam_aws_attached_policy_no_administrative_privileges",
    ),
    reads={**_ATTACHED, IAM_ROLE: ("managedPolicyArns[]", "assumeRolePolicy")},
    shows=("managedPolicyArns[]", "policyArn"),
)
def role_is_no_administrator(resource: Resource) -> Iterator[Finding]:
    """AWS's own policies by name; one's own is judged by its text. Another account must not read everything either."""
    trust = statements(resource, "assumeRolePolicy") if resource.type == IAM_ROLE else []
    trusted = {kind for one in trust for kind, _ in one.principals}
    yield from _given(resource, *_ADMINISTRATORS, *(("ReadOnlyAccess",) if "AWS" in trusted else ()))


def _given(resource: Resource, *refused: str) -> Iterator[Finding]:
    """Where a resource gives someone one of AWS's own policies."""
    for path in _ATTACHED[resource.type]:
        for place, arn in resource.values(path):
            if isinstance(arn, str) and arn.rpartition("/")[2] in refused:
                yield resource.violates(place, arn)


resource_rule(
    id="iam-no-cloudshell",
    title="Nobody is given a shell in AWS's console with a way out of the account (CloudShell)",
    risk="Its file transfer and its own network carry data past every bucket policy and endpoint.",
    fix="Remove AWSCloudShellFullAccess; who needs a shell gets a policy without cloudshell:GetFileDownloadUrls and "
    "GetFileUploadUrls.",
    severity=Severity.MEDIUM,
    audit="Beyond the audit: known from Prowler",
    cis="5.4",
    equals=("prowler:iam_policy_cloudshell_admin_not_attached",),
    reads=_ATTACHED,
    shows=("managedPolicyArns[]", "policyArn"),
)(lambda resource: _given(resource, "AWSCloudShellFullAccess"))


@resource_rule(
    id="iam-role-trust-bound",
    title="A role trusts named principals of other accounts only with an external id",
    risk="The vendor's other customers can have the vendor use our role for them (the confused deputy).",
    fix='Add "Condition": {"StringEquals": {"sts:ExternalId": ...}} to the trust statement, and never trust "*".',
    severity=Severity.HIGH,
    audit="2.3 P1.8 Encryption at rest: role for Atlas",
    cis="5.4",
    equals=("prowler:iam_role_cross_service_confused_deputy_prevention", "checkov:CKV_AWS_60", "checkov:CKV_AWS_61"),
    reads={IAM_ROLE: ("assumeRolePolicy",)},
)
def trust_is_bound(role: Resource) -> Iterator[Finding]:
    """AWS principals and services; what comes by a federated login is another rule's."""
    if any(_is_loose(one) for one in statements(role, "assumeRolePolicy")):
        yield role.wants("trusts a principal under no condition that binds it", "assumeRolePolicy")


def _is_loose(statement: Statement) -> bool:
    outside = [
        value
        for kind, value in statement.principals
        if kind in ("AWS", "*") or (kind == "Service" and value not in _SELF_BOUND)
    ]
    # An external id tells a vendor's customers apart; it is no secret, and names nobody where anyone may come.
    binding = _BOUND - {"sts:externalid"} if "*" in outside else _BOUND
    return statement.allows and bool(outside) and not statement.conditions & binding


@resource_rule(
    id="iam-federated-trust-bound",
    title="A role for a federated login names the one repository that may use it",
    risk="Every workflow of every GitHub user presents a token of the same issuer.",
    fix="Add a StringEquals (or StringLike with a fixed owner and repository) condition on the token's sub and aud.",
    severity=Severity.CRITICAL,
    audit="5.3 CI/CD pipeline",
    cis="5.4",
    equals=("prowler:iam_role_github_oidc_trust_subject_restricted",),
    reads={IAM_ROLE: ("assumeRolePolicy",)},
)
def federated_trust_is_bound(role: Resource) -> Iterator[Finding]:
    """A subject that begins with a wildcard, or has one for the repository, is no name."""
    for statement in statements(role, "assumeRolePolicy"):
        federated = any(kind == "Federated" for kind, _ in statement.principals)
        if statement.allows and federated and not _names_subject(statement):
            yield role.wants("lets in any subject of its login provider", "assumeRolePolicy")


def _names_subject(statement: Statement) -> bool:
    subjects = _subjects(statement)
    return bool(subjects) and all(_ONE_REPOSITORY.match(one) for one in subjects)


def _subjects(statement: Statement) -> list[str]:
    operators = [one for one in statement.condition.values() if isinstance(one, dict)]
    subjects = [value for one in operators for key, value in one.items() if str(key).lower().endswith(":sub")]
    return [str(one) for value in subjects for one in (value if isinstance(value, list) else [value])]


@resource_rule(
    id="iam-federated-trust-reviewed",
    title="A production role for a federated login names the branch or environment that deploys",
    risk="A branch that nobody has reviewed, or a pull request, becomes the role and does what it may.",
    fix="End the condition on the token's sub in one environment or branch, such as :environment:production.",
    severity=Severity.HIGH,
    audit="5.3 CI/CD pipeline",
    cis="5.4",
    applies=PRODUCTION,
    reads={IAM_ROLE: ("assumeRolePolicy",)},
)
def federated_trust_is_reviewed(role: Resource) -> Iterator[Finding]:
    """Which repository it is, is another rule's."""
    for statement in statements(role, "assumeRolePolicy"):
        if any("*" in one or one.endswith(":pull_request") for one in _subjects(statement)) and statement.allows:
            yield role.wants("lets in every branch, or pull requests", "assumeRolePolicy")


@resource_rule(
    id="iam-policy-not-everything",
    title="A policy does not allow everything on everything",
    risk="What takes over the role takes over the account.",
    fix="List the actions and the resources that the job needs.",
    severity=Severity.CRITICAL,
    audit="2.3 Security recommendations: least privilege",
    cis="5.4",
    equals=(
        "prowler:iam_inline_policy_no_administrative_privileges",
        "prowler:iam_customer_attached_policy_no_administrative_privileges",
        "prowler:iam_customer_unattached_policy_no_administrative_privileges",
        "trivy:AWS-0057",
    ),
    reads=DOCUMENTS,
)
def policy_is_not_everything(policy: Resource) -> Iterator[Finding]:
    """NotAction counts as everything."""
    for path, statement in documents(policy):
        if statement.allows and "*" in statement.actions and statement.everywhere:
            yield policy.wants("allows every action on every resource", path)


@resource_rule(
    id="iam-policy-no-whole-service",
    title="A policy names actions of KMS, IAM and CloudTrail one by one",
    risk="kms:* schedules the database key's deletion; iam:* is every right there is; cloudtrail:* stops the record.",
    fix="List the actions, such as kms:Decrypt and kms:DescribeKey.",
    severity=Severity.HIGH,
    audit="2.3 Security recommendations: least privilege",
    cis="5.4",
    equals=(
        "prowler:iam_inline_policy_no_full_access_to_kms",
        "prowler:iam_policy_no_full_access_to_kms",
        "prowler:iam_inline_policy_no_full_access_to_cloudtrail",
        "prowler:iam_policy_no_full_access_to_cloudtrail",
    ),
    reads=DOCUMENTS,
)
def policy_names_actions(policy: Resource) -> Iterator[Finding]:
    """The services through which every other can be had or hidden; `*` on some resources is all of them there."""
    for path, statement in documents(policy):
        wide = {"kms:*", "iam:*", "cloudtrail:*"} & {action.lower() for action in statement.actions}
        some = {"*"} & {*statement.actions} if not statement.everywhere else set()
        for service in sorted(wide | some) if statement.allows else ():
            yield policy.wants(f"allows {service}", path)


@resource_rule(
    id="iam-policy-keys-bounded",
    title="A policy names the keys that it opens, or binds them by a condition",
    risk="A role for one database decrypts, deletes or renames every other key in the account.",
    fix="Put the ARN of the key or alias into Resource, or a condition such as aws:ResourceTag or aws:RequestTag "
    "beside it.",
    severity=Severity.HIGH,
    audit="2.3 Security recommendations: least privilege",
    cis="5.4",
    reads=DOCUMENTS,
)
def policy_names_keys(policy: Resource) -> Iterator[Finding]:
    """Of the actions that open a key, end it, change who may, or have its name mean another."""
    for path, statement in documents(policy):
        every_key = any(one == "*" or one.endswith((":key/*", ":alias/*")) for one in statement.resources)
        if statement.allows and every_key and not statement.conditions and "*" not in statement.actions:
            opened = [action for action in _ON_KEYS if statement.covers(action) and "kms:*" not in statement.actions]
            if opened:
                yield policy.wants(f"allows {', '.join(opened)} on every key", path)


@resource_rule(
    id="iam-policy-no-escalation",
    title="A policy gives no way to more rights than it names",
    risk="Whoever may write a role's policy, or pass or assume any role, can have everything.",
    fix="Remove the action, or bind it to single roles in Resource.",
    severity=Severity.HIGH,
    audit="2.3 Security recommendations: least privilege",
    cis="5.4",
    equals=(
        "prowler:iam_inline_policy_allows_privilege_escalation",
        "prowler:iam_policy_allows_privilege_escalation",
        "prowler:iam_no_custom_policy_permissive_role_assumption",
    ),
    reads=DOCUMENTS,
)
def policy_does_not_escalate(policy: Resource) -> Iterator[Finding]:
    """On every resource; a policy that allows everything is another rule's."""
    for path, statement in documents(policy):
        if statement.allows and statement.everywhere and "*" not in statement.actions:
            ways = [action for action in _ESCALATING if statement.covers(action) and "iam:*" not in statement.actions]
            if ways:
                yield policy.wants(f"allows {', '.join(ways)} on every resource", path)


@resource_rule(
    id="iam-role-session-bounded",
    title="A role's session ends within four hours",
    risk="Credentials that were copied out of a build work until the session ends.",
    fix="Set maxSessionDuration to 14400 or less; 3600 is AWS's default.",
    severity=Severity.LOW,
    mandatory=PRODUCTION,
    audit="2.2 No secrets rotation policy",
    cis="5.3",
    reads={IAM_ROLE: ("maxSessionDuration",)},
    shows=("maxSessionDuration",),
    options={"max_seconds": whole(14_400, 3_600, 43_200, "The longest session, in seconds.")},
)
def session_is_bounded(role: Resource, *, max_seconds: int) -> Iterator[Finding]:
    """Where the program says anything."""
    yield from must("maxSessionDuration", between(1, max_seconds), required=False)(role)


resource_rule(
    id="oidc-provider-audience",
    title="A login provider is asked for tokens that are meant for us",
    risk="A token that was made for another service logs in here.",
    fix="List the audiences in clientIdLists by name, such as sts.amazonaws.com.",
    severity=Severity.HIGH,
    audit="5.3 CI/CD pipeline",
    cis="5.4",
    reads={OIDC_PROVIDER: ("clientIdLists[]",)},
    shows=("clientIdLists[]",),
)(must("clientIdLists[]", lambda audience: isinstance(audience, str) and "*" not in audience))

resource_rule(
    id="oidc-provider-tls",
    title="A login provider is reached over https",
    risk="Whoever answers in its place issues logins.",
    fix="Write the provider's https address into url.",
    severity=Severity.HIGH,
    audit="6.2 Network security",
    cis="3.10",
    reads={OIDC_PROVIDER: ("url",)},
    shows=("url",),
)(must("url", lambda url: isinstance(url, str) and not url.startswith("http://"), unknown=True))


@stack_rule(
    id="iam-role-one-owner",
    title="A role's policies are managed in one way",
    risk="managedPolicyArns removes what RolePolicyAttachment added, at every other deployment.",
    fix="Use RolePolicyAttachment alone.",
    severity=Severity.LOW,
    mandatory=PRODUCTION,
    audit="Beyond the audit: known from awsguard",
    cis="4.1",
    equals=("awsguard:iam-role-no-policy-management-conflicts",),
    reads={IAM_ROLE: ("managedPolicyArns[]", "name"), IAM_ROLE_POLICY_ATTACHMENT: ("role",)},
)
def role_has_one_owner(stack: Stack) -> Iterator[Finding]:
    """By the attachment's link or literal name."""
    for role in stack.of(IAM_ROLE):
        if role.has("managedPolicyArns") and stack.companions(role, IAM_ROLE_POLICY_ATTACHMENT, "role", "name"):
            yield role.wants("has attachments beside it", "managedPolicyArns")


@stack_rule(
    id="atlas-role-trusts-atlas",
    title="The role that Atlas assumes trusts what Atlas named for this project, and nobody else",
    risk="Any other principal in that trust decrypts the database's backups.",
    fix="Build assumeRolePolicy from the CloudProviderAccessSetup: its AWS principal, with its external id.",
    severity=Severity.HIGH,
    audit="2.3 P1.8 Encryption at rest: role for Atlas",
    cis="5.4",
    reads={
        IAM_ROLE: ("assumeRolePolicy",),
        CLOUD_ACCESS_AUTHORIZATION: ("aws.iamAssumedRoleArn",),
        CLOUD_ACCESS_SETUP: (),
    },
)
def atlas_role_trusts_atlas(stack: Stack) -> Iterator[Finding]:
    """Unknown at the first preview: then by the link to the setup. Known: one principal, with an external id."""
    for authorization in stack.of(CLOUD_ACCESS_AUTHORIZATION):
        for role in stack.linked(authorization, "aws", IAM_ROLE):
            if role.value("assumeRolePolicy") is UNKNOWN:
                trusted = bool(stack.linked(role, "assumeRolePolicy", CLOUD_ACCESS_SETUP))
            else:
                allowed = [one for one in statements(role, "assumeRolePolicy") if one.allows]
                principals = {principal for one in allowed for principal in one.principals}
                named = len(principals) == 1 and "*" not in {value for _, value in principals}
                trusted = named and all("sts:externalid" in one.conditions for one in allowed)
            if not trusted:
                yield role.wants("trusts more than what Atlas named", "assumeRolePolicy")


resource_rule(
    id="iam-roles-not-users",
    title="Rights in AWS belong to roles, which give keys that end within hours",
    risk="A user's access key does not end, and whoever finds it in a build log has the rights.",
    fix="Give the policy to a role that is assumed by a login provider or a service, and remove the key.",
    severity=Severity.HIGH,
    audit="2.2 No secrets rotation policy",
    cis="5.4",
    equals=("prowler:iam_policy_attached_only_to_group_or_roles",),
    reads={IAM_ACCESS_KEY: (), IAM_USER_POLICY: (), IAM_USER_POLICY_ATTACHMENT: ()},
)(lambda resource: iter((resource.wants("is for a user"),)))
