"""Atlas: the cluster itself, its size, its safety catch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policies.atlas import PROVIDERS, is_dedicated, tier
from policies.checks import is_true, must
from policies.rule import PRODUCTION, Severity, resource_rule, whole
from policies.tokens import ADVANCED_CLUSTER, FLEX_CLUSTER, SERVERLESS_INSTANCE
from policies.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policies.model import Finding, Resource

_SIZES: Final = "replicationSpecs[].regionConfigs[].electableSpecs.instanceSize"
_NODES: Final = "replicationSpecs[].regionConfigs[].electableSpecs.nodeCount"


@resource_rule(
    id="atlas-production-tier",
    title="A production cluster has machines of its own, M10 or larger",
    risk="Flex, serverless and free clusters have no point-in-time restore, no customer key, no audit log and shared "
    "machines.",
    fix="Use an AdvancedCluster with electableSpecs.instanceSize M10 or larger in every region.",
    severity=Severity.HIGH,
    audit="5.3 Phase 3 High availability",
    cis="11.1",
    applies=PRODUCTION,
    reads={ADVANCED_CLUSTER: (_SIZES, PROVIDERS), FLEX_CLUSTER: (), SERVERLESS_INSTANCE: ()},
    shows=(_SIZES,),
    options={"min_tier": whole(10, 10, 700, "The smallest instance size, by its number: 10 for M10.")},
)
def production_cluster_is_dedicated(cluster: Resource, *, min_tier: int) -> Iterator[Finding]:
    """By the number in the size's name, so that R40 and M30_GEN_2 count as what they are."""
    if cluster.type != ADVANCED_CLUSTER or not is_dedicated(cluster):
        yield cluster.wants("is a Flex, serverless or free cluster")
        return
    sizes = list(cluster.values(_SIZES))
    for path, size in sizes:
        if size is UNKNOWN:
            yield cluster.cannot_tell(path)
        elif tier(size) < min_tier:
            yield cluster.violates(path, size)
    if not sizes:
        yield cluster.lacks(_SIZES)


@resource_rule(
    id="atlas-production-three-nodes",
    title="A production cluster has an odd number of electable nodes, three or more",
    risk="With fewer, or an even number, losing one node can leave no majority: the database stops taking writes.",
    fix="Set electableSpecs.nodeCount so that the regions of each shard add up to 3, 5 or 7.",
    severity=Severity.HIGH,
    audit="5.3 Phase 3 High availability",
    cis="11.1",
    applies=PRODUCTION,
    reads={ADVANCED_CLUSTER: (_NODES, "replicationSpecs[]", PROVIDERS)},
)
def production_cluster_has_three_nodes(cluster: Resource) -> Iterator[Finding]:
    """Each shard elects its own primary."""
    if not is_dedicated(cluster):
        return
    for path, _ in cluster.values("replicationSpecs[]"):
        counts = [count for place, count in cluster.values(_NODES) if place.startswith(path)]
        if UNKNOWN in counts:
            yield cluster.cannot_tell(path)
        elif not _has_majority(counts):
            yield cluster.lacks(path, f"adds up to {_total(counts)} electable nodes")


def _total(counts: list[object]) -> int:
    return sum(count for count in counts if isinstance(count, int))


def _has_majority(counts: list[object]) -> bool:
    total = _total(counts)
    return total >= 3 and total % 2 == 1


resource_rule(
    id="atlas-termination-protection",
    title="A production cluster refuses to be deleted by accident",
    risk="One wrong destroy, by this program or by hand, ends the database.",
    fix="Set terminationProtectionEnabled to true.",
    severity=Severity.HIGH,
    audit="5.1 Backup status",
    cis="11.3",
    equals=("mondoo:project-cluster-termination-protection",),
    applies=PRODUCTION,
    reads={ADVANCED_CLUSTER: ("terminationProtectionEnabled",), FLEX_CLUSTER: ("terminationProtectionEnabled",)},
    shows=("terminationProtectionEnabled",),
)(must("terminationProtectionEnabled", is_true))
