"""Where the cluster's nodes are and how large they may grow: settings in, Atlas's replication specs out."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

import pulumi_mongodbatlas as mongodbatlas

if TYPE_CHECKING:
    from settings import Database

HIGHEST_PRIORITY = 7
"""Atlas numbers the regions of a replica set downwards from 7; the primary lives in the first."""


def replication_specs(settings: Database) -> list[mongodbatlas.AdvancedClusterReplicationSpecArgs]:
    """One shard in one region: `node_count` electable nodes, or a Flex cluster, which has no nodes to size."""
    region = _dedicated_region(settings) if settings.dedicated else _flex_region(settings)
    return [mongodbatlas.AdvancedClusterReplicationSpecArgs(region_configs=[region])]


def _flex_region(settings: Database) -> mongodbatlas.AdvancedClusterReplicationSpecRegionConfigArgs:
    return mongodbatlas.AdvancedClusterReplicationSpecRegionConfigArgs(
        provider_name="FLEX",
        backing_provider_name="AWS",
        region_name=settings.region,
        priority=HIGHEST_PRIORITY,
    )


def _dedicated_region(settings: Database) -> mongodbatlas.AdvancedClusterReplicationSpecRegionConfigArgs:
    return mongodbatlas.AdvancedClusterReplicationSpecRegionConfigArgs(
        provider_name="AWS",
        region_name=settings.region,
        priority=HIGHEST_PRIORITY,
        electable_specs=mongodbatlas.AdvancedClusterReplicationSpecRegionConfigElectableSpecsArgs(
            instance_size=settings.tier, node_count=settings.node_count
        ),
        # Said with 0 nodes, too: a spec that is left out keeps the nodes it had.
        read_only_specs=mongodbatlas.AdvancedClusterReplicationSpecRegionConfigReadOnlySpecsArgs(
            instance_size=settings.tier, node_count=settings.read_only_nodes
        ),
        analytics_specs=mongodbatlas.AdvancedClusterReplicationSpecRegionConfigAnalyticsSpecsArgs(
            instance_size=settings.tier, node_count=settings.analytics_nodes
        ),
        auto_scaling=mongodbatlas.AdvancedClusterReplicationSpecRegionConfigAutoScalingArgs(**_scaling(settings)),
        analytics_auto_scaling=mongodbatlas.AdvancedClusterReplicationSpecRegionConfigAnalyticsAutoScalingArgs(
            **_scaling(settings)
        )
        if settings.analytics_nodes
        else None,
    )


class _Scaling(TypedDict):
    """The fields that Atlas's two kinds of autoscaling share."""

    disk_gb_enabled: bool
    compute_enabled: bool
    compute_scale_down_enabled: bool
    compute_min_instance_size: str | None
    compute_max_instance_size: str | None


def _scaling(settings: Database) -> _Scaling:
    """The disk always grows: a full one is an outage. The tier grows and shrinks between `tier` and `max_tier`."""
    by_tier = settings.max_tier is not None
    return _Scaling(
        disk_gb_enabled=True,
        compute_enabled=by_tier,
        compute_scale_down_enabled=by_tier,
        compute_min_instance_size=settings.tier if by_tier else None,
        compute_max_instance_size=settings.max_tier,
    )
