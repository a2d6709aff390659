"""The customer's key: MadeBuy's database is encrypted with a key that MadeBuy can take away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi_aws as aws
import pulumi_mongodbatlas as mongodbatlas

from components.base import Component, ComponentArgs
from components.recovery.policies import key_policy, trust_atlas, use_of_key
from components.recovery.propagation import retry_until_role_is_known
from settings import Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pulumi

    from settings import Recovery


@dataclass(frozen=True, kw_only=True)
class AtlasKeyArgs(ComponentArgs):
    """The key's settings, the Atlas project it protects, and the AWS account it lives in."""

    settings: Recovery
    project_id: pulumi.Input[str]


class AtlasKey(Component):
    """A KMS key, a role with which Atlas uses it, and the Atlas project told to do so.

    Owns the key, its alias, the role, the role's one permission, Atlas's authorization and the project's encryption at
    rest. Leaves the choice to encrypt with it to the cluster: give that one the `project_id` of this component, which
    is known only when all of this stands, so that it can't start too early.

    Losing the key is losing the database and every snapshot: Atlas stops the cluster within 15 minutes of a disabled
    key. The key is protected in production, and a deletion waits for `key_deletion_days`, in which it can be called
    back. AWS rotates its material once a year and keeps the key's id, so that Atlas notices nothing.
    """

    def __init__(self, name: str, args: AtlasKeyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("recovery:AtlasKey", name, args.deployment, opts)
        environment = args.deployment.environment.value
        role_name = f"madebuy-{environment}-atlas"
        key = aws.kms.Key(
            f"{name}-key",
            description=f"Encrypts MadeBuy's {environment} database in Atlas",
            enable_key_rotation=True,
            deletion_window_in_days=args.settings.key_deletion_days,
            policy=key_policy(args.deployment.accounts.aws_account_id, role_name),
            region=args.settings.region,
            tags=self.tags,
            opts=self.child(stateful=True, adopt=Role.KMS_KEY),
        )
        aws.kms.Alias(
            f"{name}-alias",
            name=f"alias/{role_name}",
            target_key_id=key.key_id,
            region=args.settings.region,
            opts=self.child(),
        )
        setup = mongodbatlas.CloudProviderAccessSetup(
            f"{name}-access", project_id=args.project_id, provider_name="AWS", opts=self.child()
        )
        role = aws.iam.Role(
            f"{name}-role",
            name=role_name,
            description="Assumed by MongoDB Atlas to use the database's key",
            assume_role_policy=setup.aws_configs.apply(_trust),
            tags=self.tags,
            opts=self.child(),
        )
        permission = aws.iam.RolePolicy(
            f"{name}-permission", role=role.name, policy=key.arn.apply(use_of_key), opts=self.child()
        )
        retry = retry_until_role_is_known(name)
        authorization = mongodbatlas.CloudProviderAccessAuthorization(
            f"{name}-authorization",
            project_id=args.project_id,
            role_id=setup.role_id,
            aws=mongodbatlas.CloudProviderAccessAuthorizationAwsArgs(iam_assumed_role_arn=role.arn),
            opts=self.child(depends_on=[permission], hooks=retry),
        )
        encryption = mongodbatlas.EncryptionAtRest(
            f"{name}-encryption",
            project_id=args.project_id,
            aws_kms_config=mongodbatlas.EncryptionAtRestAwsKmsConfigArgs(
                enabled=True,
                customer_master_key_id=key.key_id,
                region=_atlas_region(args.settings.region),
                role_id=authorization.role_id,
            ),
            opts=self.child(hooks=retry),
        )
        self.project_id = encryption.project_id
        self.key_arn = key.arn
        self.register_outputs({"project_id": self.project_id, "key_arn": self.key_arn})


def _trust(configs: Sequence[mongodbatlas.outputs.CloudProviderAccessSetupAwsConfig]) -> str:
    """The trust policy for what Atlas answered: one principal and one external id per project."""
    (config,) = configs
    if config.atlas_aws_account_arn is None or config.atlas_assumed_role_external_id is None:
        raise ValueError("Atlas named no AWS principal or no external id for this project, so no role can trust it.")
    return trust_atlas(config.atlas_aws_account_arn, config.atlas_assumed_role_external_id)


def _atlas_region(region: str) -> str:
    """Atlas writes AWS regions its own way: ap-southeast-2 is AP_SOUTHEAST_2."""
    return region.upper().replace("-", "_")
