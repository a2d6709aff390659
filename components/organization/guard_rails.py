"""Rules that Atlas itself enforces on every project of the organization, whoever asks and with whatever tool."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
import pulumi_mongodbatlas as mongodbatlas

from components.base import Component, ComponentArgs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from settings import AtlasRegion


@dataclass(frozen=True, kw_only=True)
class GuardRailsArgs(ComponentArgs):
    """The regions in which the Atlas organization's clusters may be."""

    allowed_regions: Sequence[AtlasRegion]


class GuardRails(Component):
    """What the policy pack checks at preview, enforced once more by Atlas at the moment of change.

    Owns one resource policy per rule. Needs an Organization Owner's credentials. Leaves what Cedar can't say to the
    settings and the pack: a prefix length (0.0.0.0/1 twice is the world, too), a node count, a backup schedule.
    """

    def __init__(self, name: str, args: GuardRailsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("organization:GuardRails", name, args.deployment, opts)
        policies = [
            mongodbatlas.ResourcePolicy(
                f"{name}-{rule}",
                org_id=args.deployment.accounts.atlas_organization_id,
                name=f"madebuy-{rule}",
                policies=[mongodbatlas.ResourcePolicyPolicyArgs(body=body)],
                opts=self.child(),
            )
            for rule, body in cedar_policies(args.allowed_regions).items()
        ]
        self.policy_ids: pulumi.Output[list[str]] = pulumi.Output.all(*[policy.id for policy in policies])
        self.register_outputs({"policy_ids": self.policy_ids})


def cedar_policies(allowed_regions: Sequence[AtlasRegion]) -> Mapping[str, str]:
    """Each rule's name and its Cedar text. Atlas takes `forbid` only, one to a body.

    Actions and context: https://www.mongodb.com/docs/atlas/atlas-resource-policies/ (read 2026-08).
    """
    regions = ", ".join(f'ResourcePolicy::Region::"aws:{region.aws_name}"' for region in allowed_regions)
    return {
        "no-open-access-list": _forbid(
            "project.ipAccessList.modify", 'when { context.project.ipAccessList.contains(ip("0.0.0.0/0")) }'
        ),
        # The two weak versions by name, and not "unless tls1_2": that form refuses a cluster with TLS 1.3.
        "no-weak-tls": _forbid(
            "cluster.modify",
            'when { context.cluster.minTLSVersion == ResourcePolicy::TLSVersion::"tls1_0"'
            ' || context.cluster.minTLSVersion == ResourcePolicy::TLSVersion::"tls1_1" }',
        ),
        "allowed-regions": _forbid("cluster.modify", f"unless {{ [{regions}].containsAll(context.cluster.regions) }}"),
        "maintenance-window": _forbid(
            "project.maintenanceWindow.modify", "when { context.project.hasDefinedMaintenanceWindow == false }"
        ),
    }


def _forbid(action: str, condition: str) -> str:
    return f'forbid (principal, action == ResourcePolicy::Action::"{action}", resource) {condition};'
