"""AWS: what an account has once, and what an organization of several accounts decides for all of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policies.checks import matches, must, one_of, text
from policies.model import STACK_TYPE
from policies.rule import Severity, resource_rule, stack_rule, texts
from policies.tokens import (
    GUARDDUTY_ADMIN_ACCOUNT,
    GUARDDUTY_DETECTOR,
    GUARDDUTY_INVITE_ACCEPTER,
    GUARDDUTY_MEMBER,
    GUARDDUTY_ORGANIZATION,
    GUARDDUTY_ORGANIZATION_FEATURE,
    IAM_ROLE,
    IAM_ROLE_POLICY_ATTACHMENT,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policies.model import Finding, Stack

_CENTRAL: Final = (GUARDDUTY_ORGANIZATION, GUARDDUTY_MEMBER, GUARDDUTY_INVITE_ACCEPTER)
_NEW: Final = one_of("ALL", "NEW")

resource_rule(
    id="guardduty-members-watched",
    title="Where an organization's GuardDuty is declared, new accounts are watched from their first day",
    risk="The account that nobody has set up yet is the one that is taken over unseen.",
    fix='Set autoEnableOrganizationMembers to "ALL" or "NEW".',
    severity=Severity.HIGH,
    audit="2.3 P1.10 AWS GuardDuty",
    cis="13.3",
    equals=("prowler:guardduty_delegated_admin_enabled_all_regions",),
    reads={GUARDDUTY_ORGANIZATION: ("autoEnableOrganizationMembers",)},
    shows=("autoEnableOrganizationMembers",),
)(must("autoEnableOrganizationMembers", _NEW))

resource_rule(
    id="guardduty-member-features-watched",
    title="A GuardDuty feature that an organization declares is switched on for new accounts",
    risk="What the organization watches in every older account, it does not watch in the next one.",
    fix='Set autoEnable to "ALL" or "NEW".',
    severity=Severity.MEDIUM,
    audit="2.3 P1.10 AWS GuardDuty",
    cis="13.3",
    reads={GUARDDUTY_ORGANIZATION_FEATURE: ("autoEnable",)},
    shows=("autoEnable",),
)(must("autoEnable", _NEW))


@stack_rule(
    id="guardduty-managed-centrally",
    title="A detector of an organization's account is managed by the one that looks after all of them",
    risk="Each account's findings lie in its own console, and who takes it over switches its detector off.",
    fix="Give the detector an OrganizationConfiguration or Members where it manages, an InviteAccepter where it is "
    "managed.",
    severity=Severity.MEDIUM,
    audit="2.3 P1.10 AWS GuardDuty",
    cis="13.3",
    equals=("prowler:guardduty_centrally_managed",),
    reads={GUARDDUTY_DETECTOR: (), STACK_TYPE: (), **dict.fromkeys(_CENTRAL, ("detectorId",))},
    options={"stacks": texts((), "The stacks of an organization's accounts, by name; globs allowed.")},
)
def detector_is_managed_centrally(stack: Stack, *, stacks: Sequence[str]) -> Iterator[Finding]:
    """Whether there is an organization, only a config can say."""
    for detector in stack.of(GUARDDUTY_DETECTOR):
        managed = any(stack.companions(detector, kind, "detectorId") for kind in _CENTRAL)
        if matches(detector.environment.stack, stacks) and not managed:
            yield detector.wants("is managed by nobody but its own account")


@stack_rule(
    id="guardduty-administered-everywhere",
    title="Where an organization names GuardDuty's administrator, it does so in every region that was chosen",
    risk="The delegation is made region by region: in the one that was forgotten, nobody watches new accounts.",
    fix="Declare an OrganizationAdminAccount with region for each region of the config's list.",
    severity=Severity.MEDIUM,
    audit="2.3 P1.10 AWS GuardDuty",
    cis="13.3",
    equals=("prowler:guardduty_delegated_admin_enabled_all_regions",),
    reads={GUARDDUTY_ADMIN_ACCOUNT: ("region",)},
    options={"regions": texts((), "AWS's names of the regions that need an administrator; empty asks for none.")},
)
def administrator_is_everywhere(stack: Stack, *, regions: Sequence[str]) -> Iterator[Finding]:
    """By the region that each one names: the provider's own is no property of it."""
    delegations = list(stack.of(GUARDDUTY_ADMIN_ACCOUNT))
    missing = sorted({*regions} - {text(one.value("region")) for one in delegations})
    for delegation in delegations[:1]:
        if missing:
            yield delegation.wants(f"has no other beside it in {', '.join(missing)}", "region")


@stack_rule(
    id="iam-account-roles",
    title="A stack that owns an AWS account has a role that may look at everything, and one that may ask AWS for help",
    risk="In an incident the only way to look, or to open a case, is the root user or an administrator.",
    fix="Attach AWS's SecurityAudit to one role and AWSSupportAccess to another, by RolePolicyAttachment.",
    severity=Severity.LOW,
    audit="Beyond the audit: known from Prowler",
    cis="17.1",
    equals=("prowler:iam_securityaudit_role_created", "prowler:iam_support_role_created"),
    reads={
        IAM_ROLE: ("managedPolicyArns[]",),
        IAM_ROLE_POLICY_ATTACHMENT: ("policyArn",),
        STACK_TYPE: (),
    },
    options={
        "stacks": texts((), "The stacks that own an account whose people need them, by name; globs allowed."),
        "policies": texts(("AWSSupportAccess", "SecurityAudit"), "AWS's policies that each need a role."),
    },
)
def account_has_its_roles(stack: Stack, *, stacks: Sequence[str], policies: Sequence[str]) -> Iterator[Finding]:
    """Which stack that is, only a config can say; people may come to the account by other ways."""
    arns = [one.value("policyArn") for one in stack.of(IAM_ROLE_POLICY_ATTACHMENT)]
    arns += [arn for role in stack.of(IAM_ROLE) for _, arn in role.values("managedPolicyArns[]")]
    missing = sorted({*policies} - {text(arn).rpartition("/")[2] for arn in arns})
    for root in stack.of(STACK_TYPE):
        if matches(root.environment.stack, stacks) and missing:
            yield root.wants(f"owns an AWS account, and no role in it has {', '.join(missing)}")
