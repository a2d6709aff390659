"""Atlas: the cluster itself: its size, its safety catch, and how it runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policies.atlas import NODES, PROVIDERS, SIZES, is_dedicated, on_dedicated, tier
from policies.checks import between, is_false, is_true, must, one_of, version_at_least
from policies.rule import PRODUCTION, Severity, resource_rule, texts, whole
from policies.tokens import (
    ADVANCED_CLUSTER,
    BACKUP_SCHEDULE,
    ENCRYPTION_AT_REST,
    FLEX_CLUSTER,
    LEGACY_CLUSTER,
    SERVERLESS_INSTANCE,
)
from policies.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policies.model import Finding, Resource

_ELECTABLE: Final = (3, 5, 7)
"""The numbers of electable nodes that Atlas takes; each keeps a majority when one is lost."""
_REGION: Final = "replicationSpecs[].regionConfigs[]"
_FLOOR: Final = f"{_REGION}.autoScaling.computeMinInstanceSize"
_SCALES: Final = f"{_REGION}.autoScaling.computeEnabled"
_DISKS: Final = tuple(
    f"{_REGION}.{nodes}.diskSizeGb" for nodes in ("electableSpecs", "readOnlySpecs", "analyticsSpecs")
)
_REGION_NAMES: Final = {
    ADVANCED_CLUSTER: f"{_REGION}.regionName",
    FLEX_CLUSTER: "providerSettings.regionName",
    BACKUP_SCHEDULE: "copySettings[].regionName",
    ENCRYPTION_AT_REST: "awsKmsConfig.region",
}
_TLS: Final = "advancedConfiguration.minimumEnabledTlsProtocol"


@resource_rule(
    id="atlas-production-tier",
    title="A production cluster has machines of its own, M10 or larger",
    risk="Flex, serverless and free clusters have no point-in-time restore, customer key or audit log.",
    fix="Use an AdvancedCluster with electableSpecs.instanceSize M10 or larger in every region, and no "
    "computeMinInstanceSize below.",
    severity=Severity.HIGH,
    audit="5.3 Phase 3 High availability",
    cis="11.1",
    equals=("arp:minimum tier",),
    applies=PRODUCTION,
    reads={ADVANCED_CLUSTER: (SIZES, _FLOOR, PROVIDERS), FLEX_CLUSTER: (), SERVERLESS_INSTANCE: ()},
    shows=(SIZES, _FLOOR),
    options={"min_tier": whole(10, 10, 700, "The smallest instance size, by its number: 10 for M10.")},
)
def production_cluster_is_dedicated(cluster: Resource, *, min_tier: int) -> Iterator[Finding]:
    """By the number in the size's name, so that R40 and M30_GEN_2 count as what they are."""
    if cluster.type != ADVANCED_CLUSTER or not is_dedicated(cluster):
        yield cluster.wants("is a Flex, serverless or free cluster")
        return
    sizes = list(cluster.values(SIZES))
    for path, size in (*sizes, *cluster.values(_FLOOR)):
        if size is UNKNOWN:
            yield cluster.cannot_tell(path)
        elif tier(size) < min_tier:
            yield cluster.violates(path, size)
    if not sizes:
        yield cluster.lacks(SIZES)


@resource_rule(
    id="atlas-production-three-nodes",
    title="A production cluster has an odd number of electable nodes, three or more",
    risk="With fewer, or an even number, losing one node can leave no majority: the database stops taking writes.",
    fix="Set electableSpecs.nodeCount so that the regions of each shard add up to 3, 5 or 7.",
    severity=Severity.HIGH,
    audit="5.3 Phase 3 High availability",
    cis="11.1",
    equals=("arp:topology",),
    applies=PRODUCTION,
    reads={ADVANCED_CLUSTER: (NODES, "replicationSpecs[]", PROVIDERS)},
)
def production_cluster_has_three_nodes(cluster: Resource) -> Iterator[Finding]:
    """Each shard elects its own primary."""
    if not is_dedicated(cluster):
        return
    for path, _ in cluster.values("replicationSpecs[]"):
        counts = [count for place, count in cluster.values(NODES) if place.startswith(path)]
        total = sum(count for count in counts if isinstance(count, int))
        if any(count is UNKNOWN for count in counts):
            yield cluster.cannot_tell(path)
        elif total not in _ELECTABLE:
            yield cluster.lacks(path, f"adds up to {total} electable nodes")


@resource_rule(
    id="atlas-cluster-type-current",
    title="A cluster is an AdvancedCluster",
    risk="The type Cluster is deprecated and goes with the provider's next version; no rule about backups, TLS or keys "
    "reads it.",
    fix="Declare the cluster as an AdvancedCluster of the same name: the provider's guide moves it without a rebuild.",
    severity=Severity.HIGH,
    audit="Beyond the audit: the provider's deprecation of mongodbatlas.Cluster",
    cis="2.2",
    reads={LEGACY_CLUSTER: ()},
)
def cluster_type_is_current(cluster: Resource) -> Iterator[Finding]:
    """Whatever it says."""
    yield cluster.wants("is of the deprecated type Cluster")


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

resource_rule(
    id="atlas-keeps-backups",
    title="A production cluster's backups outlive the cluster",
    risk="Atlas deletes every snapshot with the cluster that it was taken of.",
    fix="Set retainBackupsEnabled to true.",
    severity=Severity.HIGH,
    audit="5.1 Backup status",
    cis="11.3",
    applies=PRODUCTION,
    reads={ADVANCED_CLUSTER: ("retainBackupsEnabled", PROVIDERS)},
    shows=("retainBackupsEnabled",),
)(on_dedicated("retainBackupsEnabled", is_true))

resource_rule(
    id="atlas-minimum-tls",
    title="A cluster speaks TLS 1.2 or newer",
    risk="An old client, or someone between, can push the connection down to a protocol with known attacks.",
    fix='Set advancedConfiguration.minimumEnabledTlsProtocol to "TLS1_2" or "TLS1_3".',
    severity=Severity.HIGH,
    audit="8 Week 1: connection string uses TLS",
    cis="3.10",
    equals=("mondoo:project-cluster-min-tls", "arp:minimum TLS version"),
    reads={ADVANCED_CLUSTER: (_TLS, PROVIDERS)},
    shows=(_TLS,),
)(on_dedicated(_TLS, one_of("TLS1_2", "TLS1_3")))

resource_rule(
    id="atlas-no-server-javascript",
    title="A cluster runs no JavaScript inside the database",
    risk="An injected $where or mapReduce runs code on the database's own machine.",
    fix="Set advancedConfiguration.javascriptEnabled to false.",
    severity=Severity.MEDIUM,
    audit="Beyond the audit: MongoDB's production recommendations",
    cis="4.8",
    reads={ADVANCED_CLUSTER: ("advancedConfiguration.javascriptEnabled", PROVIDERS)},
    shows=("advancedConfiguration.javascriptEnabled",),
)(on_dedicated("advancedConfiguration.javascriptEnabled", is_false))

resource_rule(
    id="atlas-majority-writes",
    title="A cluster confirms a write once most nodes have it",
    risk="An order that one node confirmed is rolled back when that node fails.",
    fix='Set advancedConfiguration.defaultWriteConcern to "majority".',
    severity=Severity.MEDIUM,
    audit="5.3 Phase 3 High availability",
    cis="11.1",
    reads={ADVANCED_CLUSTER: ("advancedConfiguration.defaultWriteConcern", PROVIDERS)},
    shows=("advancedConfiguration.defaultWriteConcern",),
)(on_dedicated("advancedConfiguration.defaultWriteConcern", one_of("majority")))

resource_rule(
    id="atlas-logs-redacted",
    title="A cluster keeps customers' values out of its logs",
    risk="Slow queries write addresses and order details into log files that more people read than the database.",
    fix="Set redactClientLogData to true.",
    severity=Severity.MEDIUM,
    audit="6.2 Compliance: data retention",
    cis="3.3",
    equals=("mondoo:project-cluster-redact-client-log-data",),
    reads={ADVANCED_CLUSTER: ("redactClientLogData", PROVIDERS)},
    shows=("redactClientLogData",),
)(on_dedicated("redactClientLogData", is_true))

resource_rule(
    id="atlas-supported-version",
    title="A cluster's major version is one that still gets fixes",
    risk="Known holes stay open; Atlas upgrades by force on a day of its own.",
    fix='Set mongoDbMajorVersion to "7.0" or newer.',
    severity=Severity.MEDIUM,
    audit="Beyond the audit: known from Mondoo",
    cis="7.4",
    equals=("mondoo:project-cluster-supported-version",),
    reads={ADVANCED_CLUSTER: ("mongoDbMajorVersion", PROVIDERS)},
    shows=("mongoDbMajorVersion",),
)(on_dedicated("mongoDbMajorVersion", version_at_least("7.0"), required=False))


@resource_rule(
    id="atlas-version-decided",
    title="A cluster's version is somebody's decision",
    risk="Left out, the version is what Atlas's default was on the day of creation, and nobody plans the upgrade.",
    fix='Set mongoDbMajorVersion, or versionReleaseSystem "CONTINUOUS".',
    severity=Severity.LOW,
    mandatory=PRODUCTION,
    audit="Beyond the audit: known from Mondoo",
    cis="7.4",
    equals=("mondoo:project-cluster-maintained-release-track",),
    reads={ADVANCED_CLUSTER: ("mongoDbMajorVersion", "versionReleaseSystem", PROVIDERS)},
)
def version_is_decided(cluster: Resource) -> Iterator[Finding]:
    """Either a version that is kept, or the track that moves by itself."""
    moves = cluster.value("versionReleaseSystem") == "CONTINUOUS"
    if is_dedicated(cluster) and not moves and not cluster.has("mongoDbMajorVersion"):
        yield cluster.lacks("mongoDbMajorVersion")


resource_rule(
    id="atlas-not-paused",
    title="A production cluster is not paused",
    risk="A paused cluster answers nobody, and resumes by itself after 30 days.",
    fix="Remove paused, or set it to false.",
    severity=Severity.HIGH,
    audit="5.2 RTO under 15 minutes",
    cis="11.1",
    applies=PRODUCTION,
    reads={ADVANCED_CLUSTER: ("paused",)},
    shows=("paused",),
)(must("paused", is_false, required=False))

resource_rule(
    id="atlas-no-bi-connector",
    title="A cluster has no BI Connector",
    risk="It has had no fixes since its end of life in September 2026, and it listens on the network.",
    fix="Remove biConnectorConfig, or set its enabled to false.",
    severity=Severity.MEDIUM,
    audit="Beyond the audit: end of life",
    cis="2.2",
    reads={ADVANCED_CLUSTER: ("biConnectorConfig.enabled",)},
    shows=("biConnectorConfig.enabled",),
)(must("biConnectorConfig.enabled", is_false, required=False))

resource_rule(
    id="atlas-disk-grows",
    title="A production cluster's disk grows before it is full",
    risk="A full disk is a database that takes no writes.",
    fix="Set autoScaling.diskGbEnabled to true in every region.",
    severity=Severity.MEDIUM,
    audit="3.3 Scalability",
    cis="11.1",
    applies=PRODUCTION,
    reads={ADVANCED_CLUSTER: (f"{_REGION}.autoScaling.diskGbEnabled", PROVIDERS)},
    shows=(f"{_REGION}.autoScaling.diskGbEnabled",),
)(on_dedicated(f"{_REGION}.autoScaling.diskGbEnabled", is_true))


@resource_rule(
    id="atlas-disk-within-bounds",
    title="A cluster starts with a disk that its data needs",
    risk="A disk grows by itself and never shrinks: a nought too many is paid for every month, on every node.",
    fix="Lower diskSizeGb, or remove it and let diskGbEnabled find the size; or raise the limit in the pack's config.",
    severity=Severity.LOW,
    mandatory=PRODUCTION,
    audit="4.3 Cost anomaly detection",
    cis="1.1",
    equals=("arp:disk size",),
    reads={ADVANCED_CLUSTER: _DISKS},
    shows=_DISKS,
    options={"max_gb": whole(128, 10, 16_384, "The largest disk of a node, in GB. M10 can have 128.")},
)
def disk_is_within_bounds(cluster: Resource, *, max_gb: int) -> Iterator[Finding]:
    """Where the program says anything; `stack-budget` counts the smallest."""
    for path in _DISKS:
        yield from must(path, between(0, max_gb), required=False)(cluster)


@resource_rule(
    id="atlas-scaling-ceiling",
    title="A cluster that grows by itself has a ceiling, within the budget",
    risk="An attack, or one bad query, buys the largest machine there is.",
    fix="Set autoScaling.computeMaxInstanceSize to the largest size that the budget pays for.",
    severity=Severity.MEDIUM,
    audit="4.3 Cost anomaly detection",
    cis="1.1",
    reads={
        ADVANCED_CLUSTER: (
            _SCALES,
            f"{_REGION}.autoScaling.computeMaxInstanceSize",
        )
    },
    options={"max_tier": whole(30, 10, 700, "The largest instance size, by its number: 30 for M30.")},
)
def scaling_has_a_ceiling(cluster: Resource, *, max_tier: int) -> Iterator[Finding]:
    """Where compute scales at all."""
    for path, scaling in cluster.values(f"{_REGION}.autoScaling"):
        if not isinstance(scaling, dict) or scaling.get("computeEnabled") is not True:
            continue
        most = scaling.get("computeMaxInstanceSize")
        if most is UNKNOWN:
            yield cluster.cannot_tell(f"{path}.computeMaxInstanceSize")
        elif not 0 < tier(most) <= max_tier:
            yield cluster.lacks(f"{path}.computeMaxInstanceSize", f"is not set, or is larger than M{max_tier}")


@resource_rule(
    id="atlas-scaling-kept",
    title="A deployment keeps the size that autoscaling chose",
    risk="On the busiest day the next deployment, of whatever, puts the cluster back to its first size.",
    fix="Set useEffectiveFields to true; for a cluster of several shards, and for a provider without it, list "
    "replicationSpecs[0].regionConfigs[0].electableSpecs.instanceSize in the option ignoreChanges.",
    severity=Severity.MEDIUM,
    audit="3.3 Phase 3: enable MongoDB Atlas auto-scaling",
    cis="11.1",
    applies=PRODUCTION,
    reads={ADVANCED_CLUSTER: ("useEffectiveFields", _SCALES, PROVIDERS)},
    shows=("useEffectiveFields",),
)
def scaling_is_kept(cluster: Resource) -> Iterator[Finding]:
    """Where compute scales at all."""
    scales = any(value is True for _, value in cluster.values(_SCALES))
    ignored = any(path.endswith("electableSpecs.instanceSize") for path in cluster.ignores)
    if scales and not ignored:
        yield from must("useEffectiveFields", is_true)(cluster)


resource_rule(
    id="atlas-answers-every-query",
    title="A cluster answers a query that no index serves",
    risk="With noTableScan such a query is an error on a customer's page, and MongoDB's own commands may need one.",
    fix="Remove advancedConfiguration.noTableScan, or set it to false: MongoDB advises against it in production.",
    severity=Severity.LOW,
    mandatory=PRODUCTION,
    audit="Beyond the audit: MongoDB's manual, parameter notablescan",
    cis="4.1",
    reads={ADVANCED_CLUSTER: ("advancedConfiguration.noTableScan",)},
    shows=("advancedConfiguration.noTableScan",),
)(must("advancedConfiguration.noTableScan", is_false, required=False))


@resource_rule(
    id="atlas-region-allowed",
    title="A cluster, its key and the copies of its backups stay in the regions that were chosen",
    risk="Customers' data ends up under another country's law, and far from the apps.",
    fix="Set regionConfigs[].regionName, copySettings[].regionName and awsKmsConfig.region to regions of the config's "
    "list.",
    severity=Severity.HIGH,
    audit="1.1 Railway (Sydney); data residency",
    cis="3.3",
    equals=("arp:allowed regions", "arp:allowed cloud providers"),
    reads={kind: (path,) for kind, path in _REGION_NAMES.items()},
    shows=tuple(_REGION_NAMES.values()),
    options={"regions": texts((), "Atlas's names of the allowed regions; empty allows every one.")},
)
def region_is_allowed(resource: Resource, *, regions: Sequence[str]) -> Iterator[Finding]:
    """In Atlas's spelling: AP_SOUTHEAST_2. A cluster has a region; copies and a key of one's own need not be."""
    if regions:
        of_cluster = resource.type in (ADVANCED_CLUSTER, FLEX_CLUSTER)
        yield from must(_REGION_NAMES[resource.type], one_of(*regions), required=of_cluster)(resource)


resource_rule(
    id="atlas-no-forced-reconfiguration",
    title="A cluster is not reconfigured by force",
    risk="acceptDataRisksAndForceReplicaSetReconfig tells Atlas that losing the latest writes is fine.",
    fix="Remove the property as soon as the outage that asked for it is over.",
    severity=Severity.HIGH,
    audit="5.2 RPO under 1 hour",
    cis="11.1",
    reads={ADVANCED_CLUSTER: ("acceptDataRisksAndForceReplicaSetReconfig",)},
)(must("acceptDataRisksAndForceReplicaSetReconfig", lambda value: value == "", required=False))
