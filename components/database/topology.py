"""Where the cluster's nodes are and how large they may grow: settings in, Atlas's replication specs out."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
        auto_scaling=_auto_scaling(settings),
    )


def _auto_scaling(settings: Database) -> mongodbatlas.AdvancedClusterReplicationSpecRegionConfigAutoScalingArgs:
    """The disk always grows: a full one is an outage. The tier grows and shrinks between `tier` and `max_tier`."""
    if settings.max_tier is None:
        return mongodbatlas.AdvancedClusterReplicationSpecRegionConfigAutoScalingArgs(
            disk_gb_enabled=True, compute_enabled=False, compute_scale_down_enabled=False
        )
    return mongodbatlas.AdvancedClusterReplicationSpecRegionConfigAutoScalingArgs(
        disk_gb_enabled=True,
        compute_enabled=True,
        compute_scale_down_enabled=True,
        compute_min_instance_size=settings.tier,
        compute_max_instance_size=settings.max_tier,
    )
