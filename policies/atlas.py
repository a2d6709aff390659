"""What several Atlas rules need to know about a cluster."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from policies.checks import must
from policies.tokens import ADVANCED_CLUSTER

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from policies.checks import Holds
    from policies.model import Finding, Resource, Stack
    from policies.values import Value

_SHARED: Final = ("FLEX", "TENANT")
_SIZE: Final = re.compile(r"[MR](\d+)")
SIZES: Final = "replicationSpecs[].regionConfigs[].electableSpecs.instanceSize"
NODES: Final = "replicationSpecs[].regionConfigs[].electableSpecs.nodeCount"
PROVIDERS: Final = "replicationSpecs[].regionConfigs[].providerName"


def is_dedicated(cluster: Resource) -> bool:
    """Whether the cluster has machines of its own: Flex and free ones have no backup, key, audit or TLS switches."""
    return not any(provider in _SHARED for _, provider in cluster.values(PROVIDERS))


def dedicated_clusters(stack: Stack) -> Iterator[Resource]:
    """The clusters with machines of their own."""
    return (cluster for cluster in stack.of(ADVANCED_CLUSTER) if is_dedicated(cluster))


def on_dedicated(path: str, holds: Holds, *, required: bool = True) -> Callable[[Resource], Iterator[Finding]]:
    """`must`, for clusters that have the switch at all."""
    check = must(path, holds, required=required)
    return lambda cluster: check(cluster) if is_dedicated(cluster) else iter(())


def tier(size: Value) -> int:
    """The number in an instance size: M10 -> 10, R40 -> 40, M30_GEN_2 -> 30; 0 for anything else."""
    match = _SIZE.match(size) if isinstance(size, str) else None
    return int(match.group(1)) if match else 0
