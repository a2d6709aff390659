"""How Atlas gets into MadeBuy's AWS account: one role for one purpose."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pulumi_aws as aws
import pulumi_mongodbatlas as mongodbatlas

from components.base import Component, ComponentArgs
from components.recovery.policies import trust_atlas
from components.recovery.propagation import retry_until_role_is_known

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pulumi

    from settings import Environment

Purpose = Literal["key", "export", "logs"]


def role_name(environment: Environment, purpose: Purpose) -> str:
    """The role's name in AWS: fixed, so that a policy can name the role before it exists."""
    return f"madebuy-{environment.value}-atlas-{purpose}"


@dataclass(frozen=True, kw_only=True)
class AtlasRoleArgs(ComponentArgs):
    """The Atlas project that may assume the role, what for, and the policy document of what it may do."""

    project_id: pulumi.Input[str]
    purpose: Purpose
    permission: pulumi.Output[str]


class AtlasRole(Component):
    """A role that Atlas assumes on behalf of one project, with one permission.

    Owns the role, its trust, its permission, and Atlas's authorization to use it. One role per purpose: what may write
    logs can't decrypt the database. `role_id` is Atlas's own id of it, known only once Atlas has proved that it can
    assume the role.
    """

    def __init__(self, name: str, args: AtlasRoleArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("recovery:AtlasRole", name, args.deployment, opts)
        setup = mongodbatlas.CloudProviderAccessSetup(
            f"{name}-setup", project_id=args.project_id, provider_name="AWS", opts=self.child()
        )
        role = aws.iam.Role(
            f"{name}-role",
            name=role_name(args.deployment.environment, args.purpose),
            description=f"Assumed by MongoDB Atlas ({args.purpose})",
            assume_role_policy=setup.aws_configs.apply(_trust),
            tags=self.tags,
            opts=self.child(),
        )
        permission = aws.iam.RolePolicy(
            f"{name}-permission",
            role=role.name,
            name=args.purpose,  # a name by chance would make a second one after an answer that was lost
            policy=args.permission,
            opts=self.child(),
        )
        self.retry_first_use = retry_until_role_is_known(name)
        """For whatever uses the role first: AWS tells all of itself about a new role within minutes, not at once."""
        authorization = mongodbatlas.CloudProviderAccessAuthorization(
            f"{name}-authorization",
            project_id=args.project_id,
            role_id=setup.role_id,
            aws=mongodbatlas.CloudProviderAccessAuthorizationAwsArgs(iam_assumed_role_arn=role.arn),
            opts=self.child(depends_on=[permission], hooks=self.retry_first_use),
        )
        self.role_id = authorization.role_id
        self.register_outputs({"role_id": self.role_id})


def _trust(configs: Sequence[mongodbatlas.outputs.CloudProviderAccessSetupAwsConfig]) -> str:
    """The trust policy for what Atlas answered: one principal and one external id per project."""
    (config,) = configs
    if config.atlas_aws_account_arn is None or config.atlas_assumed_role_external_id is None:
        raise ValueError("Atlas named no AWS principal or no external id for this project, so no role can trust it.")
    return trust_atlas(config.atlas_aws_account_arn, config.atlas_assumed_role_external_id)
