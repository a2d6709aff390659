"""The estate at Cloudflare."""

from __future__ import annotations

import json
from typing import Any

from policies import tokens as t
from tests.policies.described import Described, Of
from tests.policies.estate_base import ACCOUNT, ALERT_TYPES, COMPARED, DAY, STRIPE


def _setting(name: str, setting: str, value: Any) -> Described:
    return Described(t.ZONE_SETTING, name, {"zoneId": Of("zone"), "settingId": setting, "value": value})


def _record(name: str, host: str, kind: str, **props: Any) -> Described:
    return Described(
        t.DNS_RECORD, name, {"zoneId": Of("zone"), "name": host, "type": kind, "ttl": 1, "comment": "shop", **props}
    )


def _ruleset(name: str, phase: str, *rules: dict[str, Any]) -> Described:
    props = {"zoneId": Of("zone"), "kind": "zone", "phase": phase, "name": phase, "rules": list(rules)}
    return Described(t.RULESET, name, props)


def _of_bucket(kind: str, name: str, bucket: str, **props: Any) -> Described:
    return Described(kind, name, {"accountId": ACCOUNT, "bucketName": bucket, **props})


ZONE = (
    Described(t.ACCOUNT, "account", {"name": "MadeBuy", "settings": {"enforceTwofactor": True}}),
    Described(t.ZONE, "zone", {"account": {"id": ACCOUNT}, "name": "madebuy.com.au", "type": "full"}, protect=True),
    Described(t.ZONE_SUBSCRIPTION, "plan", {"zoneId": Of("zone"), "frequency": "monthly", "ratePlan": {"id": "pro"}}),
    # Handed on: a setting's zone id comes from the subscription, whose own comes from the zone.
    Described(t.ZONE_SETTING, "ssl", {"zoneId": Of("plan"), "settingId": "ssl", "value": "strict"}),
    _setting("min-tls", "min_tls_version", "1.2"),
    _setting("tls13", "tls_1_3", "on"),
    _setting("early-data", "0rtt", "off"),
    _setting("https", "always_use_https", "on"),
    _setting("rewrites", "automatic_https_rewrites", "on"),
    _setting("opportunistic", "opportunistic_encryption", "on"),
    _setting("browser-check", "browser_check", "on"),
    _setting("security-level", "security_level", "medium"),
    _setting("development-mode", "development_mode", "off"),
    _setting("always-online", "always_online", "off"),
    _setting("email-obfuscation", "email_obfuscation", "on"),
    _setting("hotlink", "hotlink_protection", "on"),
    _setting("geolocation", "ip_geolocation", "on"),
    _setting("challenge-ttl", "challenge_ttl", 1800),
    _setting(
        "hsts",
        "security_header",
        {
            "strict_transport_security": {
                "enabled": True,
                "max_age": 365 * DAY,
                "include_subdomains": True,
                "preload": True,
            }
        },
    ),
    Described(t.UNIVERSAL_SSL, "universal-ssl", {"zoneId": Of("zone"), "enabled": True}),
    Described(t.ZONE_DNSSEC, "dnssec", {"zoneId": Of("zone"), "status": "active"}),
    Described(t.BOT_MANAGEMENT, "bots", {"zoneId": Of("zone"), "fightMode": True, "enableJs": True}),
    Described(t.LEAKED_CREDENTIAL_CHECK, "leaked", {"zoneId": Of("zone"), "enabled": True}),
    Described(t.URL_NORMALIZATION, "paths", {"zoneId": Of("zone"), "scope": "incoming", "type": "cloudflare"}),
)

RECORDS = (
    _record("www", "www.madebuy.com.au", "CNAME", content="madebuy.com.au", proxied=True),
    _record("direct", "api.madebuy.com.au", "A", content="203.0.113.10", proxied=True),
    _record("caa", "madebuy.com.au", "CAA", data={"flags": 0, "tag": "issue", "value": "letsencrypt.org"}),
    _record("spf", "madebuy.com.au", "TXT", content="v=spf1 include:amazonses.com -all"),
    _record("dmarc", "_dmarc.madebuy.com.au", "TXT", content="v=DMARC1; p=reject; rua=mailto:d@madebuy.com.au"),
    _record("dkim", "resend._domainkey.madebuy.com.au", "TXT", content="v=DKIM1; p=MIGf"),
    _record("mail", "send.madebuy.com.au", "MX", content="feedback.up.railway.app", priority=10),
    _record("ns-one", "shops.madebuy.com.au", "NS", content="one.up.railway.app"),
    _record("ns-two", "shops.madebuy.com.au", "NS", content="two.up.railway.app"),
)

RULESETS = (
    _ruleset(
        "custom",
        "http_request_firewall_custom",
        {
            "ref": "stripe",
            "action": "skip",
            "expression": f'(http.request.uri.path eq "/api/webhooks/stripe") and (ip.src in {{{STRIPE}}})',
            "enabled": True,
        },
        {
            "ref": "stripe-only",
            "description": COMPARED,
            "action": "block",
            "expression": f'(http.request.uri.path eq "/api/webhooks/stripe") and not (ip.src in {{{STRIPE}}})',
            "enabled": True,
        },
    ),
    _ruleset(
        "managed",
        "http_request_firewall_managed",
        {
            "ref": "cloudflare",
            "action": "execute",
            "expression": "true",
            "actionParameters": {"id": "efb7b8c949ac4650a09736fc376e9aee"},
        },
        {
            "ref": "owasp",
            "action": "execute",
            "expression": "true",
            "actionParameters": {
                "id": "4814384a9e5d4991b9815dcfc25d2f1f",
                "overrides": {"categories": [{"category": "paranoia-level-3", "enabled": False}]},
            },
        },
    ),
    _ruleset(
        "limits",
        "http_ratelimit",
        {
            "ref": "api",
            "action": "block",
            "expression": 'starts_with(http.request.uri.path, "/api/")',
            "enabled": True,
            "ratelimit": {
                "characteristics": ["cf.colo.id", "ip.src"],
                "period": 10,
                "requestsPerPeriod": 10,
                "mitigationTimeout": 10,
            },
        },
        {
            "ref": "sign-in",
            "action": "block",
            "expression": 'http.request.uri.path in {"/api/auth/callback/credentials"}',
            "enabled": True,
            "ratelimit": {
                "characteristics": ["cf.colo.id", "ip.src"],
                "period": 60,
                "requestsPerPeriod": 5,
                "mitigationTimeout": 60,
            },
        },
    ),
)

DELIVERY = (
    _ruleset(
        "cache",
        "http_request_cache_settings",
        {
            "ref": "private",
            "action": "set_cache_settings",
            "expression": 'http.cookie contains "session" or any(http.request.headers["authorization"][*] ne "")',
            "actionParameters": {"cache": False},
        },
        {
            "ref": "static",
            "action": "set_cache_settings",
            "expression": 'starts_with(http.request.uri.path, "/marketplace")',
            "actionParameters": {"cache": True},
        },
    ),
    _ruleset(
        "headers",
        "http_response_headers_transform",
        {
            "ref": "security",
            "action": "rewrite",
            "expression": "true",
            "actionParameters": {
                "headers": {
                    "X-Content-Type-Options": {"operation": "set", "value": "nosniff"},
                    "X-Frame-Options": {"operation": "set", "value": "DENY"},
                    "Referrer-Policy": {"operation": "set", "value": "strict-origin-when-cross-origin"},
                    "Permissions-Policy": {"operation": "set", "value": "camera=()"},
                }
            },
        },
    ),
)

BUCKETS = (
    Described(t.R2_BUCKET, "media", {"accountId": ACCOUNT, "name": "madebuy-media", "location": "oc"}, protect=True),
    _of_bucket(
        t.R2_BUCKET_CORS,
        "media-cors",
        "madebuy-media",
        rules=[
            {
                "allowed": {
                    "origins": ["https://dashboard.madebuy.com.au"],
                    "methods": ["GET", "HEAD", "PUT"],
                    "headers": ["content-type"],
                }
            }
        ],
    ),
    _of_bucket(t.R2_MANAGED_DOMAIN, "media-dev", "madebuy-media", enabled=False),
    _of_bucket(
        t.R2_BUCKET_LIFECYCLE,
        "media-lifecycle",
        "madebuy-media",
        rules=[{"id": "abort", "enabled": True, "abortMultipartUploadsTransition": {"condition": {"maxAge": 7 * DAY}}}],
    ),
    _of_bucket(
        t.R2_CUSTOM_DOMAIN,
        "media-domain",
        "madebuy-media",
        domain="media.madebuy.com.au",
        enabled=True,
        minTls="1.2",
        zoneId=Of("zone"),
    ),
    Described(
        t.R2_BUCKET, "backups", {"accountId": ACCOUNT, "name": "madebuy-backups", "location": "oc"}, protect=True
    ),
    _of_bucket(t.R2_MANAGED_DOMAIN, "backups-dev", "madebuy-backups", enabled=False),
    _of_bucket(
        t.R2_BUCKET_LOCK,
        "backups-lock",
        "madebuy-backups",
        rules=[{"id": "keep", "enabled": True, "condition": {"type": "Age", "maxAgeSeconds": 28 * DAY}}],
    ),
    _of_bucket(
        t.R2_BUCKET_LIFECYCLE,
        "backups-lifecycle",
        "madebuy-backups",
        rules=[
            {"id": "abort", "enabled": True, "abortMultipartUploadsTransition": {"condition": {"maxAge": 7 * DAY}}},
            {
                "id": "end",
                "enabled": True,
                "deleteObjectsTransition": {"condition": {"type": "Age", "maxAge": 90 * DAY}},
            },
        ],
    ),
)

BALANCING = (
    Described(
        t.LOAD_BALANCER_MONITOR,
        "monitor",
        {
            "accountId": ACCOUNT,
            "type": "https",
            "path": "/api/health",
            "expectedCodes": "200",
            "interval": 60,
            "retries": 2,
            "timeout": 5,
            "allowInsecure": False,
        },
    ),
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
        t.LOAD_BALANCER_POOL,
        "notice",
        {
            "accountId": ACCOUNT,
            "name": "notice",
            "monitor": Of("monitor"),
            "origins": [{"name": "page", "address": "203.0.113.12", "enabled": True}],
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
            "fallbackPool": Of("notice"),
        },
    ),
    Described(
        t.HEALTHCHECK,
        "healthcheck",
        {
            "zoneId": Of("zone"),
            "name": "web",
            "address": "api.madebuy.com.au",
            "type": "HTTPS",
            "suspended": False,
            "httpConfig": {"allowInsecure": False, "path": "/api/health"},
        },
    ),
    *(
        Described(
            t.NOTIFICATION_POLICY,
            f"notify-{kind.replace('_', '-')}",
            {
                "accountId": ACCOUNT,
                "name": kind,
                "alertType": kind,
                "enabled": True,
                "mechanisms": {"emails": [{"id": "oncall@madebuy.com.au"}]},
            },
        )
        for kind in ALERT_TYPES
    ),
)

TOKENS = (
    Described(
        t.ACCOUNT_TOKEN,
        "token",
        {
            "accountId": ACCOUNT,
            "name": "media",
            "expiresOn": "2027-03-15T00:00:00Z",
            "policies": [
                {
                    "effect": "allow",
                    "permissionGroups": [{"id": "6a018a9f2fc74eb6b293b0c548f38b39"}],
                    "resources": json.dumps({f"com.cloudflare.edge.r2.bucket.{ACCOUNT}_default_madebuy-media": "*"}),
                }
            ],
            "condition": {"requestIp": {"ins": ["203.0.113.10/32"]}},
        },
    ),
    Described(
        t.TURNSTILE_WIDGET,
        "turnstile",
        {"accountId": ACCOUNT, "name": "shop", "mode": "managed", "domains": ["madebuy.com.au"]},
    ),
)
