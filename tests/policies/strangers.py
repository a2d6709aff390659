"""Well-made programs of other people, who know nothing of MadeBuy: what the pack says to them must make sense."""

from __future__ import annotations

import json
from typing import Any

from policies import tokens as t
from tests.policies.described import Described, Marked, Of
from tests.policies.estate_base import ACCOUNT, TAGS

SETTINGS = {
    "ssl": "strict",
    "min_tls_version": "1.2",
    "tls_1_3": "on",
    "always_use_https": "on",
    "automatic_https_rewrites": "on",
    "opportunistic_encryption": "on",
    "security_header": {
        "strict_transport_security": {"enabled": True, "max_age": 31_536_000, "include_subdomains": True}
    },
}
SECURITY_HEADERS = {
    "X-Content-Type-Options": {"operation": "set", "value": "nosniff"},
    "X-Frame-Options": {"operation": "set", "value": "DENY"},
    "Referrer-Policy": {"operation": "set", "value": "same-origin"},
}
MANAGED, OWASP = "efb7b8c949ac4650a09736fc376e9aee", "4814384a9e5d4991b9815dcfc25d2f1f"


def zone(name: str, host: str, plan: str = "") -> tuple[Described, ...]:
    """A zone with everything that costs nothing, and a plan where one is bought."""
    bots = {"sbfmDefinitelyAutomated": "managed_challenge"} if plan else {"fightMode": True}
    of_zone = {"zoneId": Of(name)}
    bought = {**of_zone, "frequency": "monthly", "ratePlan": {"id": plan}}
    return (
        Described(t.ZONE, name, {"account": {"id": ACCOUNT}, "name": host, "type": "full"}, protect=True),
        *((Described(t.ZONE_SUBSCRIPTION, f"{name}-plan", bought),) if plan else ()),
        *(
            Described(t.ZONE_SETTING, f"{name}-{setting}", {**of_zone, "settingId": setting, "value": value})
            for setting, value in SETTINGS.items()
        ),
        Described(t.ZONE_DNSSEC, f"{name}-dnssec", {**of_zone, "status": "active"}),
        Described(t.BOT_MANAGEMENT, f"{name}-bots", {**of_zone, **bots}),
        record(f"{name}-caa", host, "CAA", name, data={"flags": 0, "tag": "issue", "value": "letsencrypt.org"}),
        record(f"{name}-dmarc", "_dmarc", "TXT", name, content="v=DMARC1; p=reject"),
    )


def record(name: str, host: str, kind: str, of_zone: str = "zone", **props: Any) -> Described:
    return Described(t.DNS_RECORD, name, {"zoneId": Of(of_zone), "name": host, "type": kind, "ttl": 1, **props})


def ruleset(phase: str, *rules: dict[str, Any], name: str = "", of_zone: str = "zone") -> Described:
    props = {"zoneId": Of(of_zone), "kind": "zone", "name": phase, "phase": phase, "rules": list(rules)}
    return Described(t.RULESET, name or phase, props)


def rule(ref: str, action: str, expression: str, **more: Any) -> dict[str, Any]:
    return {"ref": ref, "action": action, "expression": expression, **more}


def limit(ref: str, expression: str, requests: int, period: int) -> dict[str, Any]:
    counted = {"characteristics": ["ip.src", "cf.colo.id"], "period": period, "requestsPerPeriod": requests}
    return rule(ref, "block", expression, ratelimit={**counted, "mitigationTimeout": period})


def told(kind: str) -> Described:
    mechanisms = {"emails": [{"id": "ops@company.example"}]}
    props = {"accountId": ACCOUNT, "name": kind, "alertType": kind, "enabled": True, "mechanisms": mechanisms}
    return Described(t.NOTIFICATION_POLICY, f"told-{kind}", props)


TOLD = (told("dos_attack_l7"), told("universal_ssl_event_type"))
HEADERS = ruleset(
    "http_response_headers_transform", rule("all", "rewrite", "true", actionParameters={"headers": SECURITY_HEADERS})
)

STATIC_SITE = (
    *zone("zone", "site.example"),
    *TOLD,
    Described(t.PAGES_PROJECT, "pages", {"accountId": ACCOUNT, "name": "site", "productionBranch": "main"}),
    record("apex", "site.example", "CNAME", content="site.pages.dev", proxied=True),
    record("spf", "site.example", "TXT", content="v=spf1 -all"),
    Described(
        t.MANAGED_TRANSFORMS,
        "headers",
        {"zoneId": Of("zone"), "managedResponseHeaders": [{"id": "add_security_headers", "enabled": True}]},
    ),
    ruleset("http_request_firewall_custom", rule("wp", "block", 'http.request.uri.path contains "/wp-"')),
    ruleset("http_ratelimit", limit("all", 'http.request.uri.path wildcard "/*"', 100, 10)),
)

WORKER_FRONT = (
    *zone("zone", "shop.example", "business"),
    *TOLD,
    HEADERS,
    Described(
        t.WORKER,
        "front",
        {
            "accountId": ACCOUNT,
            "scriptName": "front",
            "bindings": [
                {"type": "plain_text", "name": "ENVIRONMENT", "text": "production"},
                {"type": "secret_text", "name": "API_TOKEN", "text": Marked("correct-horse-battery")},
            ],
        },
    ),
    Described(t.WORKER_ROUTE, "route", {"zoneId": Of("zone"), "pattern": "shop.example/*", "script": "front"}),
    record("apex", "shop.example", "AAAA", content="100::", proxied=True),
    record("spf", "shop.example", "TXT", content="v=spf1 -all"),
    ruleset(
        "http_request_firewall_managed",
        rule("managed", "execute", "true", actionParameters={"id": MANAGED}),
        rule("owasp", "execute", "true", actionParameters={"id": OWASP}),
    ),
    ruleset(
        "http_request_firewall_custom",
        rule("office", "skip", "ip.src in {198.51.100.0/28}", actionParameters={"ruleset": "current"}),
        rule(
            "monitors",
            "skip",
            'cf.client.bot and http.request.method eq "GET"',
            actionParameters={"ruleset": "current"},
        ),
        rule("preflight", "skip", 'http.request.method eq "OPTIONS"', actionParameters={"products": ["bic"]}),
        rule("tor", "managed_challenge", 'ip.src.country eq "T1"'),
    ),
    ruleset(
        "http_ratelimit",
        limit("sign-in", 'http.request.uri.path eq "/sign-in" and http.request.method eq "POST"', 5, 60),
    ),
    ruleset(
        "http_request_cache_settings",
        rule(
            "assets",
            "set_cache_settings",
            'starts_with(http.request.uri.path, "/assets/") or http.request.uri.path.extension in {"css" "js"}',
            actionParameters={"cache": True, "edgeTtl": {"mode": "respect_origin"}},
        ),
    ),
    ruleset(
        "http_config_settings",
        rule("hooks", "set_config", 'starts_with(http.request.uri.path, "/hooks/")', actionParameters={"bic": False}),
    ),
    ruleset(
        "http_request_dynamic_redirect",
        rule(
            "www",
            "redirect",
            'http.host eq "www.shop.example"',
            actionParameters={
                "fromValue": {"targetUrl": {"expression": 'concat("https://shop.example", http.request.uri.path)'}}
            },
        ),
    ),
    Described(
        t.HEALTHCHECK,
        "health",
        {"zoneId": Of("zone"), "address": "shop.example", "type": "HTTPS", "httpConfig": {"path": "/health"}},
    ),
)

COMPANY = (
    *zone("zone", "company.example", "enterprise"),
    *zone("shop", "company-shop.example", "enterprise"),
    *TOLD,
    HEADERS,
    ruleset(HEADERS.props["phase"], *HEADERS.props["rules"], name="shop-headers", of_zone="shop"),
    Described(t.ACCOUNT, "account", {"name": "Company", "settings": {"enforceTwofactor": True}}),
    Described(
        t.ACCOUNT_TOKEN,
        "deploy",
        {
            "accountId": ACCOUNT,
            "name": "deploy",
            "expiresOn": "2027-05-01T00:00:00Z",
            "policies": [
                {
                    "effect": "allow",
                    "permissionGroups": [{"id": "c8fed203ed3043cba015a93ad1616f1f"}],
                    "resources": json.dumps({f"com.cloudflare.api.account.zone.{'a' * 32}": "*"}),
                }
            ],
        },
    ),
    Described(
        t.RULESET,
        "account-managed",
        {
            "accountId": ACCOUNT,
            "kind": "root",
            "name": "managed",
            "phase": "http_request_firewall_managed",
            "rules": [
                rule("managed", "execute", "true", actionParameters={"id": MANAGED}),
                rule(
                    "owasp",
                    "execute",
                    'cf.zone.name in {"company.example" "company-shop.example"}',
                    actionParameters={"id": OWASP},
                ),
            ],
        },
    ),
    Described(
        t.RULESET,
        "account-custom",
        {
            "accountId": ACCOUNT,
            "kind": "root",
            "name": "custom",
            "phase": "http_request_firewall_custom",
            "rules": [rule("ours", "execute", 'cf.zone.plan eq "ENT"', actionParameters={"id": "b" * 32})],
        },
    ),
    *(
        ruleset(
            "http_request_firewall_custom", rule("wp", "block", "cf.waf.score lt 20"), name=f"{one}-custom", of_zone=one
        )
        for one in ("zone", "shop")
    ),
    *(
        ruleset("http_ratelimit", limit("all", "true", 300, 60), name=f"{one}-limits", of_zone=one)
        for one in ("zone", "shop")
    ),
    *(
        Described(
            t.HEALTHCHECK,
            f"{one}-up",
            {"zoneId": Of(one), "address": host, "type": "HTTPS", "httpConfig": {"path": "/up"}},
        )
        for one, host in (("zone", "www.company.example"), ("shop", "company-shop.example"))
    ),
    record("mx", "company.example", "MX", content="smtp.google.com", priority=1),
    record("spf", "company.example", "TXT", content="v=spf1 include:_spf.google.com -all"),
    record("dkim", "google._domainkey", "TXT", content="v=DKIM1; k=rsa; p=MIGf"),
    record("spf-shop", "company-shop.example", "TXT", "shop", content="v=spf1 -all"),
    record("web", "www", "A", content="203.0.113.8", proxied=True),
)

DATABASE = (
    Described(
        t.ATLAS_PROJECT,
        "project",
        {
            "orgId": "5" * 24,
            "name": "orders",
            "tags": TAGS,
            "isClusterAiAssistantEnabled": False,
            "isDataExplorerEnabled": False,
            "isDataExplorerGenAiFeaturesEnabled": False,
        },
        protect=True,
    ),
    Described(t.PRIVATE_LINK_ENDPOINT, "endpoint", {"projectId": Of("project"), "providerName": "AZURE"}),
    Described(
        t.ENCRYPTION_AT_REST,
        "encryption",
        {"projectId": Of("project"), "azureKeyVaultConfig": {"enabled": True, "roleId": "a", "keyVaultName": "orders"}},
    ),
    Described(
        t.ADVANCED_CLUSTER,
        "cluster",
        {
            "projectId": Of("project"),
            "name": "orders",
            "clusterType": "REPLICASET",
            "backupEnabled": True,
            "pitEnabled": True,
            "retainBackupsEnabled": True,
            "terminationProtectionEnabled": True,
            "redactClientLogData": True,
            "encryptionAtRestProvider": "AZURE",
            "mongoDbMajorVersion": "8.0",
            "tags": TAGS,
            "advancedConfiguration": {
                "minimumEnabledTlsProtocol": "TLS1_2",
                "javascriptEnabled": False,
                "defaultWriteConcern": "majority",
            },
            "replicationSpecs": [
                {
                    "regionConfigs": [
                        {
                            "providerName": "AZURE",
                            "regionName": "EUROPE_WEST",
                            "priority": 7,
                            "electableSpecs": {"instanceSize": "M10", "nodeCount": 3},
                            "autoScaling": {"diskGbEnabled": True},
                        }
                    ]
                }
            ],
        },
        protect=True,
    ),
    Described(
        t.BACKUP_SCHEDULE,
        "schedule",
        {
            "projectId": Of("project"),
            "clusterName": Of("cluster"),
            "restoreWindowDays": 7,
            "policyItemHourly": {"frequencyInterval": 6, "retentionUnit": "days", "retentionValue": 7},
            "policyItemDaily": {"frequencyInterval": 1, "retentionUnit": "days", "retentionValue": 7},
            "policyItemWeeklies": [{"frequencyInterval": 6, "retentionUnit": "weeks", "retentionValue": 4}],
        },
    ),
    Described(
        t.AUDITING, "audit", {"projectId": Of("project"), "enabled": True, "auditFilter": '{"atype": "authenticate"}'}
    ),
    Described(t.MAINTENANCE_WINDOW, "maintenance", {"projectId": Of("project"), "dayOfWeek": 1, "hourOfDay": 3}),
    Described(
        t.DATABASE_USER,
        "user",
        {
            "projectId": Of("project"),
            "username": "orders",
            "authDatabaseName": "admin",
            "password": Marked("correct-horse-battery"),
            "roles": [{"roleName": "readWrite", "databaseName": "orders"}],
            "scopes": [{"name": Of("cluster"), "type": "CLUSTER"}],
        },
    ),
)

CACHE = (
    Described(
        t.REDIS_DATABASE,
        "cache",
        {"databaseName": "pages-cache", "primaryRegion": "eu-west-1", "tls": True, "eviction": True, "budget": 20},
        protect=True,
    ),
    Described(t.QSTASH_TOPIC, "topic", {"name": "jobs", "endpoints": ["https://app.example/jobs"]}),
    Described(t.QSTASH_SCHEDULE, "schedule", {"cron": "0 3 * * *", "destination": "jobs"}),
)
