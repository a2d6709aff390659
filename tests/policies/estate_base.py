"""What the parts of the estate share."""

from __future__ import annotations

import json
from typing import Any

TAGS = {"environment": "production", "project": "madebuy", "cost-center": "infrastructure"}
ACCOUNT = "00000000000000000000000000000001"
AWS = "arn:aws:iam::000000000001"
STRIPE = (
    "3.18.12.63 3.69.109.8 3.120.168.93 3.130.192.231 13.235.14.237 13.235.122.149 18.211.135.69 35.154.171.200 "
    "35.157.207.129 52.15.183.38 54.88.130.119 54.88.130.237 54.187.174.169 54.187.205.235 54.187.216.72"
)
COMPARED = "Only Stripe posts here; list compared on 2026-11-20"
DAY = 86_400
EVENT_TYPES = (
    "CPS_SNAPSHOT_BEHIND",
    "HOST_DOWN",
    "NO_PRIMARY",
    "OUTSIDE_METRIC_THRESHOLD",
    "REPLICATION_OPLOG_WINDOW_RUNNING_OUT",
)
ALERT_TYPES = (
    "billing_usage_alert",
    "dos_attack_l7",
    "load_balancing_health_alert",
    "real_origin_monitoring",
    "universal_ssl_event_type",
)


def document(*statements: dict[str, Any]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
