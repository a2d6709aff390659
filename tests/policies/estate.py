"""One production estate that no rule has anything against: what each test breaks in one place.

Shaped like what a real preview reports: ids are unknown but linked, credentials are marked secret.
"""

from __future__ import annotations

import json

from policies import tokens as t
from tests.policies.described import Described, Marked, Of

TAGS = {"environment": "production", "project": "madebuy", "cost-center": "infrastructure"}
ACCOUNT = "00000000000000000000000000000001"
ATLAS_ROLE = "arn:aws:iam::000000000001:role/atlas"


def zone_setting(name: str, setting: str, value: object) -> Described:
    return Described(t.ZONE_SETTING, name, {"zoneId": Of("zone"), "settingId": setting, "value": value})


def document(*statements: dict[str, object]) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


ZONE = (
    Described(t.ZONE, "zone", {"account": {"id": ACCOUNT}, "name": "madebuy.com.au", "type": "full"}, protect=True),
    Described(t.ZONE_SUBSCRIPTION, "plan", {"zoneId": Of("zone"), "frequency": "monthly", "ratePlan": {"id": "pro"}}),
    zone_setting("ssl", "ssl", "strict"),
    zone_setting("min-tls", "min_tls_version", "1.2"),
    zone_setting("tls13", "tls_1_3", "on"),
    zone_setting("early-data", "0rtt", "off"),
    zone_setting("https", "always_use_https", "on"),
    zone_setting("rewrites", "automatic_https_rewrites", "on"),
    zone_setting("opportunistic", "opportunistic_encryption", "on"),
    zone_setting("browser-check", "browser_check", "on"),
    zone_setting("security-level", "security_level", "medium"),
    zone_setting("development-mode", "development_mode", "off"),
    zone_setting("always-online", "always_online", "off"),
    zone_setting("email-obfuscation", "email_obfuscation", "on"),
    zone_setting("hotlink", "hotlink_protection", "on"),
    zone_setting("geolocation", "ip_geolocation", "on"),
    zone_setting("challenge-ttl", "challenge_ttl", 1800),
    zone_setting(
        "hsts",
        "security_header",
        {"strict_transport_security": {"enabled": True, "max_age": 31536000, "include_subdomains": True}},
    ),
    Described(t.UNIVERSAL_SSL, "universal-ssl", {"zoneId": Of("zone"), "enabled": True}),
    Described(t.ZONE_DNSSEC, "dnssec", {"zoneId": Of("zone"), "status": "active"}),
    Described(t.BOT_MANAGEMENT, "bots", {"zoneId": Of("zone"), "fightMode": True}),
)

BUCKETS = (
    Described(t.R2_BUCKET, "media", {"accountId": ACCOUNT, "name": "madebuy-media"}, protect=True),
    Described(
        t.R2_BUCKET_CORS,
        "media-cors",
        {
            "accountId": ACCOUNT,
            "bucketName": "madebuy-media",
            "rules": [
                {
                    "allowed": {
                        "origins": ["https://dashboard.madebuy.com.au"],
                        "methods": ["GET", "HEAD", "PUT"],
                        "headers": ["content-type"],
                    }
                }
            ],
        },
    ),
    Described(t.R2_MANAGED_DOMAIN, "media-dev", {"accountId": ACCOUNT, "bucketName": "madebuy-media", "enabled": False}),
    Described(
        t.R2_CUSTOM_DOMAIN,
        "media-domain",
        {
            "accountId": ACCOUNT,
            "bucketName": "madebuy-media",
            "domain": "media.madebuy.com.au",
            "enabled": True,
            "minTls": "1.2",
            "zoneId": Of("zone"),
        },
    ),
)

BALANCER = (
    Described(
        t.LOAD_BALANCER_POOL,
        "pool",
        {
            "accountId": ACCOUNT,
            "name": "web",
            "enabled": True,
            "minimumOrigins": 1,
            "monitor": Of("monitor"),
            "origins": [
                {"name": "one", "address": "203.0.113.10", "enabled": True},
                {"name": "two", "address": "203.0.113.11", "enabled": True},
            ],
        },
    ),
    Described(
        t.LOAD_BALANCER,
        "balancer",
        {
            "zoneId": Of("zone"),
            "name": "madebuy.com.au",
            "enabled": True,
            "proxied": True,
            "defaultPools": [Of("pool")],
            "fallbackPool": Of("pool"),
        },
    ),
)
