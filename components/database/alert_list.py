"""What Atlas tells people about, as data.

Source of the list and its thresholds: MongoDB's minimum ("Recommended Atlas Alert Configurations",
https://www.mongodb.com/docs/atlas/architecture/current/monitoring-alerts/, read 2026-08), where it names two thresholds
the earlier one and, for what can lose data, the later one too. Names of events and metrics: the Atlas Admin API's
enums.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

GIGABYTE = 1024**3
FLEX_STORAGE_BYTES = 5 * GIGABYTE
"""https://www.mongodb.com/docs/atlas/reference/flex-limitations/ (read 2026-08)."""

GP3_BASELINE_IOPS = 3_000
"""What AWS gives every gp3 volume, and Atlas every M10 to M40: beyond it the disk is throttled."""


@dataclass(frozen=True)
class Threshold:
    """When a value is worth an alert. With a metric it is measured on each node, else it belongs to the event."""

    operator: Literal["GREATER_THAN", "LESS_THAN"]
    value: float
    units: Literal["RAW", "BYTES", "MILLISECONDS", "SECONDS", "HOURS"] = "RAW"
    metric: str | None = None


@dataclass(frozen=True)
class Alert:
    """One condition. `after_minutes` is how long it must last before anybody is told."""

    name: str
    event: str
    threshold: Threshold | None = None
    after_minutes: int = 0


def above(metric: str, value: float, units: Literal["RAW", "BYTES", "MILLISECONDS", "SECONDS"] = "RAW") -> Threshold:
    """The metric's average is higher than `value`."""
    return Threshold("GREATER_THAN", value, units, metric)


METRIC = "OUTSIDE_METRIC_THRESHOLD"
FLEX_METRIC = "OUTSIDE_FLEX_METRIC_THRESHOLD"

AVAILABILITY = (
    Alert("no-primary", "NO_PRIMARY", after_minutes=5),
    Alert("host-down", "HOST_DOWN", after_minutes=15),
    Alert("elections", "TOO_MANY_ELECTIONS", Threshold("GREATER_THAN", 3), after_minutes=5),
    Alert("restarts", METRIC, above("RESTARTS_IN_LAST_HOUR", 2)),
    Alert("replication-lag", METRIC, above("OPLOG_SLAVE_LAG_MASTER_TIME", 240, "SECONDS"), after_minutes=5),
    Alert("replication-lag-hour", METRIC, above("OPLOG_SLAVE_LAG_MASTER_TIME", 3_600, "SECONDS"), after_minutes=5),
    Alert(
        "oplog-window-day",
        "REPLICATION_OPLOG_WINDOW_RUNNING_OUT",
        Threshold("LESS_THAN", 24, "HOURS"),
        after_minutes=5,
    ),
    Alert(
        "oplog-window-hour",
        "REPLICATION_OPLOG_WINDOW_RUNNING_OUT",
        Threshold("LESS_THAN", 1, "HOURS"),
        after_minutes=10,
    ),
)

LOAD = (
    Alert("cpu", METRIC, above("NORMALIZED_SYSTEM_CPU_USER", 75), after_minutes=5),
    # M10 and M20 are burstable: stolen CPU is the sign that their credits are used up.
    Alert("cpu-steal", METRIC, above("NORMALIZED_SYSTEM_CPU_STEAL", 5), after_minutes=5),
    Alert("swap", METRIC, above("SWAP_USAGE_USED", 2 * GIGABYTE, "BYTES"), after_minutes=15),
    Alert("page-faults", METRIC, above("EXTRA_INFO_PAGE_FAULTS", 50), after_minutes=5),
    Alert("connections", METRIC, above("CONNECTIONS_PERCENT", 80), after_minutes=5),
    Alert("queued-reads", METRIC, above("GLOBAL_LOCK_CURRENT_QUEUE_READERS", 10), after_minutes=5),
    Alert("queued-writes", METRIC, above("GLOBAL_LOCK_CURRENT_QUEUE_WRITERS", 10), after_minutes=5),
    # MongoDB's 4,000 is more than these disks have; 80 % of their baseline is the same warning in time.
    Alert("read-iops", METRIC, above("DISK_PARTITION_READ_IOPS_DATA", 0.8 * GP3_BASELINE_IOPS), after_minutes=5),
    Alert("write-iops", METRIC, above("DISK_PARTITION_WRITE_IOPS_DATA", 0.8 * GP3_BASELINE_IOPS), after_minutes=5),
    Alert("read-latency", METRIC, above("DISK_PARTITION_READ_LATENCY_DATA", 20, "MILLISECONDS"), after_minutes=5),
    Alert("write-latency", METRIC, above("DISK_PARTITION_WRITE_LATENCY_DATA", 20, "MILLISECONDS"), after_minutes=5),
    Alert("disk-90", METRIC, above("DISK_PARTITION_SPACE_USED_DATA", 90)),
    Alert("disk-95", METRIC, above("DISK_PARTITION_SPACE_USED_DATA", 95), after_minutes=5),
    Alert("scaling-exhausted", "COMPUTE_AUTO_SCALE_MAX_INSTANCE_SIZE_FAIL_BASE"),
    Alert("disk-scaling-exhausted", "DISK_AUTO_SCALE_MAX_DISK_SIZE_FAIL"),
)

BACKUP = (
    Alert("snapshot-failed", "CPS_SNAPSHOT_FAILED"),
    Alert("fallback-snapshot-failed", "CPS_SNAPSHOT_FALLBACK_FAILED"),
    Alert("snapshot-behind", "CPS_SNAPSHOT_BEHIND", Threshold("GREATER_THAN", 12, "HOURS")),
    Alert("snapshot-copy-failed", "CPS_COPY_SNAPSHOT_FAILED"),
    Alert("export-failed", "CPS_AUTO_EXPORT_FAILED"),
    Alert("restore-succeeded", "CPS_RESTORE_SUCCESSFUL"),  # a restore that nobody ordered overwrote the database
    Alert("restore-failed", "CPS_RESTORE_FAILED"),
)

MAINTENANCE = (
    Alert("maintenance-scheduled", "MAINTENANCE_IN_ADVANCED"),
    Alert("maintenance-started", "MAINTENANCE_STARTED"),
    Alert("maintenance-cancelled", "MAINTENANCE_NO_LONGER_NEEDED"),
)

ENCRYPTION = (
    # Atlas stops the cluster within 15 minutes of the first.
    Alert("key-invalid", "ENCRYPTION_AT_REST_CONFIG_NO_LONGER_VALID"),
    Alert("key-unreachable", "ENCRYPTION_AT_REST_KMS_NETWORK_ACCESS_DENIED"),
)

ACCESS = (
    Alert("access-list-entry-added", "NETWORK_PERMISSION_ENTRY_ADDED"),
    Alert("access-list-entry-removed", "NETWORK_PERMISSION_ENTRY_REMOVED"),
    Alert("member-joined", "JOINED_GROUP"),
    Alert("member-roles-changed", "USER_ROLES_CHANGED_AUDIT"),
    Alert("member-without-second-factor", "USERS_WITHOUT_MULTI_FACTOR_AUTH"),
)

FLEX = (
    Alert("connections", FLEX_METRIC, above("FLEX_CONNECTIONS_PERCENT", 80)),
    Alert("data-size", FLEX_METRIC, above("FLEX_DATA_SIZE_TOTAL", 0.8 * FLEX_STORAGE_BYTES, "BYTES")),
)


def billing(monthly_budget_usd: int) -> tuple[Alert, ...]:
    """The bill, in US dollars. One day may cost two even shares of the month before it is news."""
    return (
        Alert("credit-card-expires", "CREDIT_CARD_ABOUT_TO_EXPIRE"),
        Alert("invoice", "PENDING_INVOICE_OVER_THRESHOLD", Threshold("GREATER_THAN", monthly_budget_usd)),
        Alert("daily-bill", "DAILY_BILL_OVER_THRESHOLD", Threshold("GREATER_THAN", round(2 * monthly_budget_usd / 30))),
    )


def alerts(*, dedicated: bool, customer_key: bool, monthly_budget_usd: int) -> tuple[Alert, ...]:
    """What a project is watched for. Flex has metrics of its own, and few (flex-limitations, read 2026-08)."""
    always = (*ACCESS, *billing(monthly_budget_usd))
    if not dedicated:
        return (*FLEX, *always)
    encryption = ENCRYPTION if customer_key else ()
    return (*AVAILABILITY, *LOAD, *BACKUP, *MAINTENANCE, *encryption, *always)
