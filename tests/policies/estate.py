"""One production estate that no rule has anything against: what each case breaks in one place.

Shaped like what a real preview reports: ids are unknown but linked, credentials are marked secret.
"""

from __future__ import annotations

from typing import Any

from tests.policies.estate_atlas import ATLAS
from tests.policies.estate_base import ALERT_TYPES, EVENT_TYPES
from tests.policies.estate_cloudflare import BALANCING, BUCKETS, DELIVERY, RECORDS, RULESETS, TOKENS, ZONE
from tests.policies.estate_others import APPS, AWS_ACCOUNT, ENCRYPTION

ESTATE = (
    *ZONE,
    *RECORDS,
    *RULESETS,
    *DELIVERY,
    *BUCKETS,
    *BALANCING,
    *TOKENS,
    *ATLAS[:5],
    *ENCRYPTION,
    *ATLAS[5:],
    *AWS_ACCOUNT,
    *APPS,
)
"""In an order in which a program can register it: what is referred to comes first."""

ASKED: dict[str, Any] = {
    name: {"appliesIn": "everywhere"}
    for name in (
        "atlas-audit-successes",
        "atlas-backup-compliance",
        "atlas-encryption-search-nodes",
        "atlas-log-export",
        "atlas-private-endpoint",
        "atlas-user-external-authentication",
        "balancer-fallback-differs",
        "dns-dmarc",
        "dns-no-apex-cname",
        "dns-record-comment",
        "dns-spf",
        "redis-access-list-exists",
        "redis-survives-a-zone",
        "s3-events-sent",
        "s3-replicated",
        "sns-topic-encrypted",
        "stripe-webhook-restricted",
        "token-address-bound",
        "zone-bots-detected-by-javascript",
        "zone-email-obfuscation",
        "zone-hotlink-protection",
        "zone-hsts-preload",
    )
} | {
    "atlas-alerts-cover": {"eventTypes": list(EVENT_TYPES)},
    "atlas-audit-filter": {"events": ["authenticate"]},
    "atlas-guard-rails-cover": {"words": []},
    "notifications-cover": {"alertTypes": list(ALERT_TYPES)},
}
"""A pack config that asks every rule, those too that are asked only where a config says so. Not
`doppler-service-token-rotates`: it refuses the very resource that another rule is about."""
