"""A way to the database inside AWS's own network."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi_aws as aws
import pulumi_mongodbatlas as mongodbatlas

from components.base import Component, ComponentArgs

if TYPE_CHECKING:
    import pulumi

    from settings import AtlasRegion
    from settings import PrivateEndpoint as Settings


@dataclass(frozen=True, kw_only=True)
class PrivateEndpointArgs(ComponentArgs):
    """The VPC to be reached from, and the project and region of the database."""

    settings: Settings
    project_id: pulumi.Input[str]
    region: AtlasRegion


class PrivateEndpoint(Component):
    """AWS PrivateLink between MadeBuy's VPC and Atlas's.

    Owns Atlas's service, the interface endpoint in the VPC, and their introduction to each other. Leaves the VPC, its
    subnets and security groups to whoever owns the network. Make it before the cluster: Atlas then answers with the
    private address at once; beside a cluster that exists already it takes a `refresh` before the connection strings
    change.
    """

    def __init__(self, name: str, args: PrivateEndpointArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("database:PrivateEndpoint", name, args.deployment, opts)
        link = mongodbatlas.PrivateLinkEndpoint(
            f"{name}-link",
            project_id=args.project_id,
            provider_name="AWS",
            region=args.region,
            opts=self.child(),
        )
        endpoint = aws.ec2.VpcEndpoint(
            f"{name}-endpoint",
            vpc_id=args.settings.vpc_id,
            service_name=link.endpoint_service_name,
            vpc_endpoint_type="Interface",
            subnet_ids=list(args.settings.subnet_ids),
            security_group_ids=list(args.settings.security_group_ids),
            region=args.region.aws_name,
            tags=self.tags,
            opts=self.child(),
        )
        self.service = mongodbatlas.PrivateLinkEndpointService(
            f"{name}-service",
            project_id=args.project_id,
            private_link_id=link.private_link_id,
            endpoint_service_id=endpoint.id,
            provider_name="AWS",
            opts=self.child(),
        )
        self.endpoint_id = endpoint.id
        self.register_outputs({"endpoint_id": self.endpoint_id})
