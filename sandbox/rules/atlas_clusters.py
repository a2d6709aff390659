"""What Atlas refuses in clusters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sandbox.rules.record import Ask, across, alone, members, part
from sandbox.vendors.atlas.api import CLUSTER, ENCRYPTION, error, is_flex, is_free, is_shared
from sandbox.wire import UNKNOWN, Props, has_unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.cloud import Reader

SOURCE = "TFA: docs/resources/advanced_cluster.md"
FLEX = "MD: reference/flex-limitations.txt"
REGIONS = "replicationSpecs[].regionConfigs[]"
HIGHEST_PRIORITY = 7
ELECTABLE = frozenset({3, 5, 7})
SIZE = re.compile(r"(M0|[MR]\d+)(_NVME|_LOW_CPU|_GEN_2)?")
SIZES = ("M0", "M10", "M20", "M30", "M40", "M50", "M60", "M80", "M140", "M200", "M300", "M400", "M700")
RETIRED = frozenset({"M2", "M5"})
NOT_ON_FLEX = (
    "advancedConfiguration",
    "biConnectorConfig",
    "encryptionAtRestProvider",
    "mongoDbMajorVersion",
    "paused",
    "pinnedFcv",
    "pitEnabled",
    "redactClientLogData",
    "replicaSetScalingStrategy",
    "versionReleaseSystem",
)
OF_AWS = re.compile(r"(AF|AP|EU|IL|ME)_(NORTH|SOUTH|EAST|WEST|CENTRAL)")
NOT_IN_FLEX_REGIONS = ("electableSpecs", "readOnlySpecs", "analyticsSpecs", "autoScaling", "analyticsAutoScaling")
FLEX_REGIONS_WITHOUT = frozenset({"AP_SOUTHEAST_4", "AP_SOUTHEAST_6"})


def size_of(name: str) -> int:
    """A tier's place among tiers, by its number."""
    return int(re.sub(r"\D.*", "", name[1:]) or 0)


@alone(CLUSTER, source=SOURCE)
def priorities_descend_from_seven(ask: Ask) -> Iterator[tuple[str, str]]:
    """Regions with electable nodes have priorities 7, 6, 5 and so on; regions without have 0."""
    for path, spec in ask.each("replicationSpecs[]"):
        regions = [part(r) for r in members(spec, "regionConfigs")]
        if any(r.get("priority") is UNKNOWN for r in regions):
            continue
        electable = [int(r.get("priority") or 0) for r in regions if r.get("priority")]
        if electable != [HIGHEST_PRIORITY - n for n in range(len(electable))]:
            yield f"{path}.regionConfigs", "priorities must start at 7 and descend by 1, with 0 for read-only regions"


@alone(CLUSTER, source=f"{SOURCE}: read-only regions have priority 0")
def region_that_votes_has_a_priority(ask: Ask) -> Iterator[tuple[str, str]]:
    """A region with electable nodes has a priority above 0."""
    for path, region in ask.each(REGIONS):
        nodes = part(region, "electableSpecs").get("nodeCount")
        if isinstance(nodes, (int, float)) and nodes > 0 and region.get("priority") == 0:
            yield f"{path}.priority", "a region with electable nodes needs a priority from 1 to 7"


@alone(CLUSTER, source=SOURCE)
def electable_nodes_can_vote(ask: Ask) -> Iterator[tuple[str, str]]:
    """A shard has 3, 5 or 7 electable nodes in all its regions together."""
    for path, spec in ask.each("replicationSpecs[]"):
        counts = [part(r, "electableSpecs").get("nodeCount", 0) for r in members(spec, "regionConfigs")]
        if not has_unknown(spec) and not is_shared(ask.props) and sum(counts) not in ELECTABLE:
            yield f"{path}.regionConfigs", "the electable nodes of a shard must be 3, 5 or 7 in total"


@alone(CLUSTER, source=FLEX)
def flex_takes_no_dedicated_features(ask: Ask) -> Iterator[tuple[str, str]]:
    """A Flex cluster takes no PIT, customer key, advanced configuration, version, node specs or scaling."""
    if not is_flex(ask.props):
        return
    for name in NOT_ON_FLEX:
        if ask.props.get(name) not in (None, "NONE", False):
            yield name, f"{name} is not available on Flex clusters"
    for path, region in ask.each(REGIONS):
        for name in NOT_IN_FLEX_REGIONS:
            if region.get(name) is not None:
                yield f"{path}.{name}", f"{name} is not available on Flex clusters"


@alone(CLUSTER, source=FLEX)
def flex_has_one_region_and_a_backing_provider(ask: Ask) -> Iterator[tuple[str, str]]:
    """A Flex cluster has one region, in a cloud it names, where Flex is offered (not Melbourne)."""
    if not is_flex(ask.props):
        return
    regions = list(ask.each(REGIONS))
    if len(regions) > 1:
        yield "replicationSpecs", "a Flex cluster has exactly one region"
    for path, region in regions:
        if not region.get("backingProviderName"):
            yield f"{path}.backingProviderName", "a Flex cluster needs backing_provider_name"
        if region.get("regionName") in FLEX_REGIONS_WITHOUT:
            yield f"{path}.regionName", "Flex clusters are not available in this region"


@alone(CLUSTER, source=f"{SOURCE}; MD: reference/amazon-aws.txt")
def region_is_in_atlas_words(ask: Ask) -> Iterator[tuple[str, str]]:
    """A region is named as Atlas names it, AP_SOUTHEAST_2, not as the cloud does."""
    for path, name in ask.each(f"{REGIONS}.regionName"):
        if not re.fullmatch(r"[A-Z]+(_[A-Z0-9]+)*", name):
            yield path, "INVALID_REGION: use Atlas' name of the region, in capitals with underscores"


@alone(CLUSTER, source=f"{SOURCE}; MD: reference/amazon-aws.txt, google-gcp.txt, microsoft-azure.txt")
def region_is_of_its_cloud(ask: Ask) -> Iterator[tuple[str, str]]:
    """AP_SOUTHEAST_2 and its like are regions of AWS alone: Google's and Azure's are called otherwise."""
    for path, region in ask.each(REGIONS):
        clouds = {region.get("providerName"), region.get("backingProviderName")}
        if clouds & {"AZURE", "GCP"} and OF_AWS.match(str(region.get("regionName"))):
            yield f"{path}.regionName", "INVALID_REGION: the cloud provider has no region of this name"


@alone(CLUSTER, source=f"{SOURCE}; M2 and M5 are retired")
def tier_exists(ask: Ask) -> Iterator[tuple[str, str]]:
    """A node's size is a tier that Atlas sells; M2 and M5 are gone, Gen 2 starts at M30."""
    for specs in ("electableSpecs", "readOnlySpecs", "analyticsSpecs"):
        for path, size in ask.each(f"{REGIONS}.{specs}.instanceSize"):
            base = size.split("_", 1)[0]
            known = SIZE.fullmatch(size) and (base in SIZES or base.startswith("R"))
            if not known or base in RETIRED:
                yield path, "INVALID_INSTANCE_SIZE: no such cluster tier"
            elif size.endswith("_GEN_2") and size_of(base) < 30:
                yield path, "INVALID_INSTANCE_SIZE: second generation tiers start at M30"


@alone(CLUSTER, source=SOURCE)
def scaling_says_its_bounds(ask: Ask) -> Iterator[tuple[str, str]]:
    """Compute autoscaling has a highest size, and a lowest one where it may scale down."""
    for path, scaling in ask.each(f"{REGIONS}.autoScaling"):
        if scaling.get("computeEnabled") is True and not scaling.get("computeMaxInstanceSize"):
            yield f"{path}.computeMaxInstanceSize", "needed when compute autoscaling is enabled"
        if scaling.get("computeScaleDownEnabled") is True and not scaling.get("computeMinInstanceSize"):
            yield f"{path}.computeMinInstanceSize", "needed when scaling down is enabled"
        if scaling.get("computeScaleDownEnabled") is True and scaling.get("computeEnabled") is not True:
            yield f"{path}.computeScaleDownEnabled", "scaling down needs compute autoscaling"


@alone(CLUSTER, source=SOURCE)
def size_is_within_scaling_bounds(ask: Ask) -> Iterator[tuple[str, str]]:
    """The asked size is between the lowest and highest size of autoscaling."""
    for path, region in ask.each(REGIONS):
        scaling, size = part(region, "autoScaling"), part(region, "electableSpecs").get("instanceSize")
        low, high = scaling.get("computeMinInstanceSize"), scaling.get("computeMaxInstanceSize")
        if not isinstance(size, str) or scaling.get("computeEnabled") is not True:
            continue
        too_small = isinstance(low, str) and size_of(size) < size_of(low)
        if too_small or (isinstance(high, str) and size_of(size) > size_of(high)):
            text = "COMPUTE_AUTO_SCALING_INVALID_RANGE: the size is outside the bounds of autoscaling"
            yield f"{path}.electableSpecs.instanceSize", text


@alone(CLUSTER, source=SOURCE)
def scaling_is_the_same_everywhere(ask: Ask) -> Iterator[tuple[str, str]]:
    """Autoscaling is the same in all regions."""
    scalings = [region.get("autoScaling") for _, region in ask.each(REGIONS)]
    if any(scaling != scalings[0] for scaling in scalings):
        yield "replicationSpecs", "auto_scaling must be the same in all region_configs"


@alone(CLUSTER, source=SOURCE)
def replica_set_has_one_shard(ask: Ask) -> Iterator[tuple[str, str]]:
    """A replica set has one replication spec; more make a sharded cluster."""
    if ask["clusterType"] == "REPLICASET" and len(ask["replicationSpecs"]) != 1:
        yield "replicationSpecs", "a REPLICASET has exactly one replication spec"


@alone(CLUSTER, source=SOURCE)
def continuous_release_has_no_version(ask: Ask) -> Iterator[tuple[str, str]]:
    """The CONTINUOUS release system takes no major version."""
    if ask["versionReleaseSystem"] == "CONTINUOUS" and ask.props.get("mongoDbMajorVersion") is not None:
        yield "mongoDbMajorVersion", "must not be set when version_release_system is CONTINUOUS"


@alone(CLUSTER, source=SOURCE)
def infinite_edition_is_a_replica_set(ask: Ask) -> Iterator[tuple[str, str]]:
    """The INFINITE edition is for replica sets."""
    if ask["databaseEdition"] == "INFINITE" and ask["clusterType"] != "REPLICASET":
        yield "databaseEdition", "INFINITE is available for clusters of type REPLICASET only"


@alone(CLUSTER, source="TFA: docs/resources/advanced_cluster.md, pit_enabled")
def point_in_time_needs_backup(ask: Ask) -> Iterator[tuple[str, str]]:
    """Point in time recovery needs backup."""
    if ask["pitEnabled"] is True and ask["backupEnabled"] is not True:
        yield "pitEnabled", "continuous cloud backup needs backup_enabled"


@alone(CLUSTER, source="MD: includes/abic-deprecation.rst")
def bi_connector_is_gone(ask: Ask) -> Iterator[tuple[str, str]]:
    """The BI Connector cannot be enabled any more."""
    if part(ask.props, "biConnectorConfig").get("enabled") is True:
        yield "biConnectorConfig.enabled", "the BI Connector reached its end of life in September 2026"


@alone(CLUSTER, source=f"{SOURCE}, oplog_min_retention_hours")
def oplog_retention_needs_disk_scaling(ask: Ask) -> Iterator[tuple[str, str]]:
    """A minimum oplog retention needs disk autoscaling."""
    hours = part(ask.props, "advancedConfiguration").get("oplogMinRetentionHours")
    off = any(s.get("diskGbEnabled") is False for _, s in ask.each(f"{REGIONS}.autoScaling"))
    if isinstance(hours, (int, float)) and hours > 0 and off:
        text = "OPLOG_MIN_RETENTION_HOURS_NO_DISK_AUTO_SCALING: needs disk_gb_enabled"
        yield "advancedConfiguration.oplogMinRetentionHours", text


@across(CLUSTER, source="TFA: docs/resources/encryption_at_rest.md")
def customer_key_is_set_up_first(ask: Ask, cloud: Reader) -> Iterator[str]:
    """A cluster encrypted with a customer's key is in a project whose encryption at rest is enabled."""
    provider = ask.props.get("encryptionAtRestProvider")
    if provider not in ("AWS", "AZURE", "GCP"):
        return
    encryption = next(iter(cloud.all(ENCRYPTION, ask["projectId"])), None)
    block = {"AWS": "awsKmsConfig", "AZURE": "azureKeyVaultConfig", "GCP": "googleCloudKmsConfig"}[provider]
    if not part(encryption.state if encryption else {}, block).get("enabled"):
        path, message = f"groups/{ask['projectId']}/clusters", f"Encryption at rest with {provider} is not enabled."
        yield error("POST", path, "400 Bad Request", "ENCRYPTION_AT_REST_NOT_ENABLED_FOR_GROUP", message)


@across(CLUSTER, source=SOURCE)
def dedicated_never_goes_back(ask: Ask, _: Reader) -> Iterator[str]:
    """A dedicated cluster cannot become a Flex or a free one, nor a Flex cluster a free one."""
    if ask.old is not None and _rank(ask.props) < _rank(ask.old):
        path = f"groups/{ask['projectId']}/clusters/{ask['name']}"
        message = "Cannot update a dedicated cluster to a Flex cluster."
        code = "CANNOT_UPDATE_DEDICATED_CLUSTER_TO_FLEX_CLUSTER"
        if is_free(ask.props):
            message, code = "Cannot update a larger cluster to M0.", "INVALID_ATTRIBUTE"
        yield error("PATCH", path, "400 Bad Request", code, message)


def _rank(state: Props) -> int:
    """How far up a cluster is: free, Flex, dedicated."""
    return 0 if is_free(state) else 1 if is_flex(state) else 2


def all_shared(cloud: Reader, project_id: str) -> bool:
    """Whether a project has clusters and none is dedicated."""
    clusters = cloud.all(CLUSTER, project_id)
    return bool(clusters) and all(is_shared(c.state) for c in clusters)


def cluster_state(cloud: Reader, project_id: str, name: str) -> Props | None:
    """The state of a cluster by its name."""
    cluster = cloud.named(CLUSTER, project_id, name)
    return cluster.state if cluster else None
