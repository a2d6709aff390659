"""How GitHub Actions gets into the AWS account: with no stored key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi_aws as aws

from components.base import Component, ComponentArgs
from components.recovery.policies import ADMINISTER, document

if TYPE_CHECKING:
    from collections.abc import Callable

    import pulumi

    from settings import Deployment

ISSUER = "token.actions.githubusercontent.com"
AUDIENCE = "sts.amazonaws.com"
LONGEST_SESSION_SECONDS = 3_600
"""One hour, AWS's smallest maximum: a first `up` waits 10 to 15 minutes for a cluster."""


@dataclass(frozen=True, kw_only=True)
class DeploymentIdentityArgs(ComponentArgs):
    """Whose workflows deploy."""

    settings: Deployment


class DeploymentIdentity(Component):
    """The OIDC provider for GitHub, once per account, and one role per GitHub environment.

    Owns the provider, the roles and what each may do: look after the keys and the Atlas role of its own environment. A
    job gets a role only from this repository and only inside the GitHub environment of that name, so that the reviewers
    of `production` stand before production's role. Leaves those reviewers, and the branches an environment accepts, to
    GitHub's own settings.
    """

    def __init__(self, name: str, args: DeploymentIdentityArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("organization:DeploymentIdentity", name, args.deployment, opts)
        provider = aws.iam.OpenIdConnectProvider(
            f"{name}-github",
            url=f"https://{ISSUER}",
            client_id_lists=[AUDIENCE],
            tags=self.tags,
            opts=self.child(),
        )
        self.role_arns: dict[str, pulumi.Output[str]] = {}
        for environment in args.settings.environments:
            role = aws.iam.Role(
                f"{name}-{environment}",
                name=f"madebuy-{environment}-deployment",
                description=f"Deploys MadeBuy's {environment} from GitHub Actions",
                assume_role_policy=provider.arn.apply(_trust(args.settings.repository, environment)),
                max_session_duration=LONGEST_SESSION_SECONDS,
                tags=self.tags,
                opts=self.child(),
            )
            aws.iam.RolePolicy(
                f"{name}-{environment}-permissions",
                role=role.name,
                name="deployment",
                policy=permissions(args.deployment.accounts.aws_account_id, environment),
                opts=self.child(),
            )
            self.role_arns[environment] = role.arn
        self.register_outputs({"role_arns": self.role_arns})


def _trust(repository: str, environment: str) -> Callable[[str], str]:
    def trust(provider_arn: str) -> str:
        claims = {f"{ISSUER}:aud": AUDIENCE, f"{ISSUER}:sub": f"repo:{repository}:environment:{environment}"}
        return document(
            {
                "Effect": "Allow",
                "Principal": {"Federated": provider_arn},
                "Action": "sts:AssumeRoleWithWebIdentity",
                "Condition": {"StringEquals": claims},
            }
        )

    return trust


def permissions(account_id: str, environment: str) -> str:
    """What the deployment of one environment does in AWS: look after its own key, and see that the rest is as it was.

    Nothing in IAM can be changed: whoever may write a role's policy can give that role everything. The roles that Atlas
    assumes, and the buckets they write to, are therefore made by a person's `up`. No object can be read.
    """
    return document(
        {
            "Sid": "MakeTaggedKeys",
            "Effect": "Allow",
            "Action": ["kms:CreateKey", "kms:TagResource"],
            "Resource": "*",
            "Condition": {"StringEquals": {"aws:RequestTag/environment": environment}},
        },
        {
            "Sid": "AdministerOwnKeys",
            "Effect": "Allow",
            "Action": list(ADMINISTER),
            "Resource": f"arn:aws:kms:*:{account_id}:key/*",
            "Condition": {"StringEquals": {"aws:ResourceTag/environment": environment}},
        },
        {
            "Sid": "NameOwnKeys",
            "Effect": "Allow",
            "Action": ["kms:CreateAlias", "kms:UpdateAlias", "kms:DeleteAlias"],
            "Resource": f"arn:aws:kms:*:{account_id}:alias/madebuy-{environment}-*",
        },
        {"Sid": "FindAliases", "Effect": "Allow", "Action": "kms:ListAliases", "Resource": "*"},
        {
            "Sid": "ReadOwnRoles",
            "Effect": "Allow",
            "Action": ["iam:GetRole", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies"],
            "Resource": f"arn:aws:iam::{account_id}:role/madebuy-{environment}-*",
        },
        {
            "Sid": "ReadOwnBuckets",
            "Effect": "Allow",
            "Action": [
                "s3:GetBucket*",
                "s3:GetEncryptionConfiguration",
                "s3:GetLifecycleConfiguration",
                "s3:ListBucket",
            ],
            "Resource": f"arn:aws:s3:::madebuy-{environment}-*",
        },
    )
