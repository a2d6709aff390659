"""The customer's key: MadeBuy's database is encrypted with a key that MadeBuy can take away."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
import pulumi_aws as aws
import pulumi_mongodbatlas as mongodbatlas

from components.base import Component, ComponentArgs
from components.recovery.atlas_role import AtlasRole, AtlasRoleArgs, role_name
from components.recovery.policies import key_policy, use_of_key
from settings import Role

if TYPE_CHECKING:
    from settings import Recovery


@dataclass(frozen=True, kw_only=True)
class AtlasKeyArgs(ComponentArgs):
    """The key's settings, the Atlas project it protects, and the AWS account it lives in."""

    settings: Recovery
    project_id: pulumi.Input[str]


class AtlasKey(Component):
    """A KMS key, a role with which Atlas uses it, and the Atlas project told to do so.

    Owns the key, its alias, the role's permission to use it, and the project's encryption at rest. Leaves the choice to
    encrypt with it to the cluster: give that one the `project_id` of this component, which is known only when all of
    this stands, so that it can't start too early.

    Losing the key is losing the database and every snapshot: Atlas stops the cluster within 15 minutes of a disabled
    key. The key is protected in production, and a deletion waits for `key_deletion_days`, in which it can be called
    back. AWS rotates its material once a year and keeps the key's id, so that Atlas notices nothing.
    """

    def __init__(self, name: str, args: AtlasKeyArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("recovery:AtlasKey", name, args.deployment, opts)
        environment = args.deployment.environment
        key = aws.kms.Key(
            f"{name}-key",
            description=f"Encrypts MadeBuy's {environment.value} database in Atlas",
            enable_key_rotation=True,
            deletion_window_in_days=args.settings.key_deletion_days,
            policy=key_policy(args.deployment.accounts.aws_account_id, role_name(environment, "key")),
            region=args.settings.region,
            tags=self.tags,
            opts=self.child(stateful=True, adopt=Role.KMS_KEY),
        )
        aws.kms.Alias(
            f"{name}-alias",
            name=f"alias/madebuy-{environment.value}-atlas",
            target_key_id=key.key_id,
            region=args.settings.region,
            opts=self.child(),
        )
        role = AtlasRole(
            f"{name}-access",
            AtlasRoleArgs(
                deployment=args.deployment,
                project_id=args.project_id,
                purpose="key",
                permission=key.arn.apply(use_of_key),
            ),
            self.child(),
        )
        encryption = mongodbatlas.EncryptionAtRest(
            f"{name}-encryption",
            project_id=args.project_id,
            aws_kms_config=mongodbatlas.EncryptionAtRestAwsKmsConfigArgs(
                enabled=True,
                customer_master_key_id=key.key_id,
                region=_atlas_region(args.settings.region),
                role_id=role.role_id,
            ),
            opts=self.child(hooks=role.retry_first_use),
        )
        usable = encryption.aws_kms_config.apply(refuse_unusable)
        # A preview cannot know what Atlas will say of a key that is not configured yet. The project it knows, and must
        # go on knowing: a cluster whose project is unknown is one to be replaced, which production is protected from.
        configured: pulumi.Output[object] = encryption.urn if pulumi.runtime.is_dry_run() else usable
        self.project_id: pulumi.Output[str] = pulumi.Output.all(args.project_id, configured).apply(
            lambda known: str(known[0])
        )
        self.key_arn = key.arn
        self.register_outputs({"project_id": self.project_id, "key_arn": self.key_arn})


def refuse_unusable(config: mongodbatlas.outputs.EncryptionAtRestAwsKmsConfig | None) -> None:
    """Stop before the cluster when Atlas can't use the key: it would be made, and stopped within 15 minutes.

    Raises:
        pulumi.RunError: Atlas says that the key is not valid.
    """
    if config is not None and config.valid is False:
        raise pulumi.RunError(
            "Atlas can't use the database's key: its encryption at rest says that the key is not valid. Look in AWS "
            "whether the key is enabled, and whether its policy and the role's still agree; then run this again."
        )


def _atlas_region(region: str) -> str:
    """Atlas writes AWS regions its own way: ap-southeast-2 is AP_SOUTHEAST_2."""
    return region.upper().replace("-", "_")
