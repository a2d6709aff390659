"""What Atlas refuses in a cluster's name, versions, ciphers and pauses, and in the shared tier."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sandbox.rules.atlas_clusters import REGIONS
from sandbox.rules.record import Ask, across, alone, part
from sandbox.vendors.atlas.api import CLUSTER, error, is_free
from sandbox.wire import has_unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.cloud import Reader

SDK = "pulumi_mongodbatlas 4.18.0, AdvancedCluster"
FREE = "MD: reference/free-shared-limitations.txt"
SHARED = ("TENANT", "FLEX")
LONGEST_PIN = timedelta(weeks=4)
MAX_TIME_SINCE = 8
NOT_ON_FREE = ("backupEnabled", "pitEnabled", "pinnedFcv")
OF_THE_PROVIDER = frozenset(
    {"deleteOnCreateTimeout", "paused", "retainBackupsEnabled", "timeouts", "useEffectiveFields"}
)
"""What an update of a cluster may change without asking Atlas to change it, or to wake it."""


@alone(CLUSTER, source="Admin API: clusterName, ^[a-zA-Z0-9][a-zA-Z0-9-]*$, 64 characters at most")
def cluster_name_has_its_form(ask: Ask) -> Iterator[tuple[str, str]]:
    """A cluster's name has letters, digits and hyphens, at most 64, and does not start with a hyphen."""
    for path, name in ask.each("name"):
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}", name):
            yield path, "INVALID_CLUSTER_NAME: letters, digits and hyphens, 64 at most, a letter or digit first"


@alone(CLUSTER, source=f"{SDK}: backing_provider_name; {FREE}")
def free_tier_is_of_a_tenant(ask: Ask) -> Iterator[tuple[str, str]]:
    """M0 is the size of a TENANT, whose cloud is its backing provider; it has no backup."""
    for path, region in ask.each(REGIONS):
        if has_unknown([region.get("providerName"), region.get("electableSpecs")]):
            continue
        provider, size = region.get("providerName"), part(region, "electableSpecs").get("instanceSize")
        if (provider == "TENANT") != (size == "M0"):
            yield f"{path}.electableSpecs.instanceSize", "INVALID_INSTANCE_SIZE: a TENANT has the size M0, and no other"
        backed = region.get("backingProviderName") is not None
        if (provider == "TENANT" and not backed) or (provider not in SHARED and backed):
            yield f"{path}.backingProviderName", "is for provider_name TENANT and FLEX, and they need it"
    for name in NOT_ON_FREE if is_free(ask.props) else ():
        if ask.props.get(name) not in (None, False):
            yield name, f"{name} is not available on M0 clusters"


@alone(CLUSTER, source=f"{SDK}: pinned_fcv, at most 4 weeks; removed once it is over")
def pinned_version_lasts_four_weeks(ask: Ask) -> Iterator[tuple[str, str]]:
    """A pinned compatibility version expires within 4 weeks, and has to go when it did."""
    for path, text in ask.each("pinnedFcv.expirationDate"):
        try:
            expires = datetime.fromisoformat(text)
        except (TypeError, ValueError):
            yield path, "is a time as in 2026-12-04T16:25:00Z"
            continue
        ends = expires if expires.tzinfo else expires.replace(tzinfo=UTC)
        if not datetime.now(UTC) < ends <= datetime.now(UTC) + LONGEST_PIN:
            yield path, "must be in the future, and at most 4 weeks from now"


@alone(CLUSTER, source=f"{SDK}: custom_openssl_cipher_config_tls12, custom_openssl_cipher_config_tls13")
def ciphers_are_for_the_custom_mode(ask: Ask) -> Iterator[tuple[str, str]]:
    """Cipher suites are listed only where `tlsCipherConfigMode` is CUSTOM."""
    settings = part(ask.props, "advancedConfiguration")
    for name in ("customOpensslCipherConfigTls12s", "customOpensslCipherConfigTls13s"):
        if settings.get(name) and settings.get("tlsCipherConfigMode", "DEFAULT") == "DEFAULT":
            yield f"advancedConfiguration.{name}", "only valid when tls_cipher_config_mode is CUSTOM"


@alone(CLUSTER, source=f"{SDK}: default_max_time_ms, 8.0 and above")
def time_limit_of_reads_needs_version_8(ask: Ask) -> Iterator[tuple[str, str]]:
    """A default time limit for reads needs MongoDB 8.0."""
    for _, version in ask.each("mongoDbMajorVersion"):
        older = re.match(r"\d+", version) and int(version.split(".", 1)[0]) < MAX_TIME_SINCE
        if older and part(ask.props, "advancedConfiguration").get("defaultMaxTimeMs") is not None:
            yield "advancedConfiguration.defaultMaxTimeMs", "supported for MongoDB 8.0 and above"


@across(CLUSTER, source=FREE)
def project_has_one_free_cluster(ask: Ask, cloud: Reader) -> Iterator[str]:
    """A project has one M0 cluster."""
    others = [c for c in cloud.all(CLUSTER, ask["projectId"]) if c.name != ask["name"] and is_free(c.state)]
    if is_free(ask.props) and others:
        path, message = f"groups/{ask['projectId']}/clusters", "A project can have only one M0 cluster."
        yield error("POST", path, "400 Bad Request", "CANNOT_CREATE_FREE_CLUSTER_VIA_PUBLIC_API", message)


@across(CLUSTER, source=f"{SDK}: paused, CANNOT_UPDATE_PAUSED_CLUSTER")
def paused_cluster_is_resumed_first(ask: Ask, _: Reader) -> Iterator[str]:
    """A cluster that is paused, and stays so, is not changed."""
    if ask.old is None or ask.old.get("paused") is not True or ask["paused"] is not True:
        return
    if any(ask.changes(name) for name in ask.type.inputs if name not in OF_THE_PROVIDER):
        path = f"groups/{ask['projectId']}/clusters/{ask['name']}"
        yield error("PATCH", path, "400 Bad Request", "CANNOT_UPDATE_PAUSED_CLUSTER", "The cluster is paused.")


@across(CLUSTER, source=f"{SDK}: disk_gb_enabled, apply twice")
def oplog_retention_ends_before_disk_scaling(ask: Ask, _: Reader) -> Iterator[str]:
    """Disk autoscaling is switched off once the minimum oplog retention is 0, not in the same update."""
    hours = part(ask.old, "advancedConfiguration").get("oplogMinRetentionHours")
    off = any(scaling.get("diskGbEnabled") is False for _, scaling in ask.each(f"{REGIONS}.autoScaling"))
    if isinstance(hours, (int, float)) and hours > 0 and off:
        path = f"groups/{ask['projectId']}/clusters/{ask['name']}"
        code, message = "OPLOG_MIN_RETENTION_HOURS_NO_DISK_AUTO_SCALING", "Set oplog_min_retention_hours to 0 first."
        yield error("PATCH", path, "400 Bad Request", code, message)
