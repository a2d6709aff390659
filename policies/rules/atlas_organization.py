"""Atlas: the organization above every project, and the credentials that act on it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from policies.checks import each, is_false, is_true, must, none_of, text
from policies.rule import PRODUCTION, Severity, resource_rule, stack_rule, texts, whole
from policies.tokens import (
    ATLAS_ACCOUNT_ASSIGNMENT,
    ATLAS_API_KEY,
    ATLAS_API_KEY_ASSIGNMENT,
    ATLAS_FEDERATION,
    ATLAS_ORGANIZATION,
    ATLAS_PROJECT_API_KEY,
    ATLAS_PROJECT_SERVICE_ACCOUNT,
    ATLAS_PROJECT_SERVICE_ACCOUNT_SECRET,
    ATLAS_RESOURCE_POLICY,
    ATLAS_SERVICE_ACCOUNT,
    ATLAS_SERVICE_ACCOUNT_SECRET,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policies.model import Finding, Resource, Stack

resource_rule(
    id="atlas-organization-mfa",
    title="An Atlas organization asks every member for a second factor",
    risk="One phished password reads every customer's data.",
    fix="Set multiFactorAuthRequired to true.",
    severity=Severity.CRITICAL,
    audit="2.3 P1.10 Security monitoring",
    cis="6.5",
    equals=("prowler:organizations_mfa_required", "mondoo:org-mfa-required"),
    reads={ATLAS_ORGANIZATION: ("multiFactorAuthRequired",)},
    shows=("multiFactorAuthRequired",),
)(must("multiFactorAuthRequired", is_true))

resource_rule(
    id="atlas-organization-api-access-list",
    title="Atlas's administration API answers known addresses only",
    risk="A leaked API key works from anywhere in the world.",
    fix="Set apiAccessListRequired to true.",
    severity=Severity.HIGH,
    audit="2.3 P1.10 Security monitoring",
    cis="13.4",
    equals=("prowler:organizations_api_access_list_required", "mondoo:org-api-access-list-required"),
    reads={ATLAS_ORGANIZATION: ("apiAccessListRequired",)},
    shows=("apiAccessListRequired",),
)(must("apiAccessListRequired", is_true))

resource_rule(
    id="atlas-organization-security-contact",
    title="An Atlas organization names whom to write to about security",
    risk="MongoDB's warning about a leaked key goes to whoever opened the account.",
    fix="Set securityContact to an address that several people read.",
    severity=Severity.MEDIUM,
    audit="6.1 Monitoring: alert notifications",
    cis="17.2",
    equals=("prowler:organizations_security_contact_defined", "mondoo:org-security-contact-set"),
    reads={ATLAS_ORGANIZATION: ("securityContact",)},
)(must("securityContact", lambda contact: isinstance(contact, str) and "@" in contact))

resource_rule(
    id="atlas-organization-restricts-support",
    title="MongoDB's own staff ask before they reach our machines",
    risk="Support can log in to the database's hosts without our knowing.",
    fix="Set restrictEmployeeAccess to true.",
    severity=Severity.MEDIUM,
    audit="6.2 Compliance: data retention",
    cis="6.8",
    equals=("mondoo:org-restrict-employee-access",),
    reads={ATLAS_ORGANIZATION: ("restrictEmployeeAccess",)},
    shows=("restrictEmployeeAccess",),
)(must("restrictEmployeeAccess", is_true))

resource_rule(
    id="atlas-organization-no-generative-ai",
    title="An Atlas organization has generative AI features switched off",
    risk="Every project starts with a way for data to leave it.",
    fix="Set genAiFeaturesEnabled to false.",
    severity=Severity.LOW,
    mandatory=PRODUCTION,
    audit="6.2 Compliance: data retention",
    cis="3.3",
    reads={ATLAS_ORGANIZATION: ("genAiFeaturesEnabled",)},
    shows=("genAiFeaturesEnabled",),
)(must("genAiFeaturesEnabled", is_false))

_OWNERS: Final = ("ORG_OWNER", "GROUP_OWNER")
_KEY_ROLES: Final = {
    ATLAS_API_KEY: "roleNames[]",
    ATLAS_PROJECT_API_KEY: "projectAssignments[].roleNames[]",
    ATLAS_API_KEY_ASSIGNMENT: "roles[]",
}
_ACCOUNT_ROLES: Final = {
    ATLAS_SERVICE_ACCOUNT: "roles[]",
    ATLAS_PROJECT_SERVICE_ACCOUNT: "roles[]",
    ATLAS_ACCOUNT_ASSIGNMENT: "roles[]",
    ATLAS_ORGANIZATION: "serviceAccount.roles[]",
}


@resource_rule(
    id="atlas-api-key-no-owner",
    title="No API key owns the organization or a project",
    risk="Whoever finds the key adds users, removes backups and deletes every project that it owns.",
    fix="Give the key the role that its one job needs, on one project.",
    severity=Severity.HIGH,
    audit="2.3 Security recommendations: least privilege",
    cis="5.4",
    equals=("mondoo:org-no-org-owner-api-keys",),
    reads={kind: (path,) for kind, path in _KEY_ROLES.items()},
    shows=tuple(_KEY_ROLES.values()),
)
def key_owns_nothing(key: Resource) -> Iterator[Finding]:
    """Where it is made, and where it is given to a project."""
    yield from each(key, _KEY_ROLES[key.type], none_of(*_OWNERS))


@resource_rule(
    id="atlas-service-account-no-owner",
    title="No service account owns the organization or a project",
    risk="Whoever finds its secret adds users, removes backups and deletes every project that it owns.",
    fix="Give the account the role that its one job needs.",
    severity=Severity.HIGH,
    audit="2.3 Security recommendations: least privilege",
    cis="5.4",
    reads={kind: (path,) for kind, path in _ACCOUNT_ROLES.items()},
    shows=tuple(_ACCOUNT_ROLES.values()),
)
def account_owns_nothing(account: Resource) -> Iterator[Finding]:
    """Where it is made, and where it is given to a project. An organization may bring one of its own."""
    of_organization = account.type == ATLAS_ORGANIZATION
    yield from each(account, _ACCOUNT_ROLES[account.type], none_of(*_OWNERS), required=not of_organization)


resource_rule(
    id="atlas-federation-grants-little",
    title="Whoever signs in from outside for the first time owns nothing",
    risk="Every employee of the company, and whoever has one of their passwords, owns the database organization.",
    fix="Remove ORG_OWNER from postAuthRoleGrants, and give it to a group by a FederatedSettingsOrgRoleMapping.",
    severity=Severity.CRITICAL,
    audit="2.3 Security recommendations: least privilege",
    cis="5.4",
    reads={ATLAS_FEDERATION: ("postAuthRoleGrants[]",)},
    shows=("postAuthRoleGrants[]",),
)(must("postAuthRoleGrants[]", none_of("ORG_OWNER"), required=False))


@resource_rule(
    id="atlas-service-account-secret-ends",
    title="A service account's secret ends within a week",
    risk="A secret that leaked from a build log works until it ends.",
    fix="Set secretExpiresAfterHours to 168 or less.",
    severity=Severity.HIGH,
    audit="2.2 No secrets rotation policy",
    cis="5.3",
    equals=(
        "prowler:organizations_service_account_secrets_expiration",
        "mondoo:org-service-account-secret-validity-capped",
    ),
    reads={
        ATLAS_SERVICE_ACCOUNT: ("secretExpiresAfterHours",),
        ATLAS_PROJECT_SERVICE_ACCOUNT: ("secretExpiresAfterHours",),
        ATLAS_SERVICE_ACCOUNT_SECRET: ("secretExpiresAfterHours",),
        ATLAS_PROJECT_SERVICE_ACCOUNT_SECRET: ("secretExpiresAfterHours",),
        ATLAS_ORGANIZATION: ("serviceAccount.secretExpiresAfterHours",),
    },
    shows=("secretExpiresAfterHours", "serviceAccount.secretExpiresAfterHours"),
    options={"max_hours": whole(168, 8, 8_760, "The longest life of a secret, in hours.")},
)
def secret_ends(account: Resource, *, max_hours: int) -> Iterator[Finding]:
    """An organization may bring a service account of its own."""
    of_organization = account.type == ATLAS_ORGANIZATION
    path = "serviceAccount.secretExpiresAfterHours" if of_organization else "secretExpiresAfterHours"
    yield from must(
        path, lambda hours: isinstance(hours, int) and 0 < hours <= max_hours, required=not of_organization
    )(account)


_COMMENT: Final = re.compile(r"//[^\n]*")
_FORBIDS: Final = re.compile(r"(^|[;)\s])forbid\s*\(")


resource_rule(
    id="atlas-guard-rail-forbids",
    title="A resource policy of the organization forbids something",
    risk="An empty policy is a guard rail that is not there.",
    fix="Write a Cedar policy that begins with forbid into policies[].body: permit and comments forbid nothing.",
    severity=Severity.MEDIUM,
    audit="8 Week 1: MongoDB Atlas Network Access",
    cis="4.1",
    reads={ATLAS_RESOURCE_POLICY: ("policies[].body",)},
)(must("policies[].body", lambda body: _FORBIDS.search(_COMMENT.sub("", text(body))) is not None, unknown=True))


@stack_rule(
    id="atlas-guard-rails-cover",
    title="An organization's resource policies forbid each thing that was chosen",
    risk="A click in the console opens a project to the internet, or puts a cluster into another country.",
    fix="Declare a ResourcePolicy whose body has the words that the config lists.",
    severity=Severity.MEDIUM,
    audit="8 Week 1: MongoDB Atlas Network Access",
    cis="4.1",
    reads={ATLAS_RESOURCE_POLICY: ("orgId", "policies[].body")},
    options={"words": texts((), "Words of Cedar, each of which some policy's body must have; empty asks for none.")},
)
def guard_rails_cover(stack: Stack, *, words: Sequence[str]) -> Iterator[Finding]:
    """Where there are guard rails at all. One finding: the policies of a stack are of one organization."""
    policies = list(stack.of(ATLAS_RESOURCE_POLICY))
    bodies = " ".join(text(body) for one in policies for _, body in one.values("policies[].body"))
    missing = [word for word in words if word not in bodies]
    if policies and missing:
        yield policies[0].wants(f"is one of a set in which none has {', '.join(missing)}")
