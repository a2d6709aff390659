"""One production estate that no rule has anything against: what each case breaks in one place.

Shaped like what a real preview reports: ids are unknown but linked, credentials are marked secret.
"""

from __future__ import annotations

import json
from typing import Any

from policies import tokens as t
from tests.policies.described import Described, Marked, Of

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
    Described(t.BOT_MANAGEMENT, "bots", {"zoneId": Of("zone"), "fightMode": True}),
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
            "expression": 'starts_with(http.request.uri.path, "/_next/static/")',
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
    Described(
        t.HEALTHCHECK,
        "healthcheck",
        {
            "zoneId": Of("zone"),
            "name": "web",
            "address": "madebuy.com.au",
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

ATLAS = (
    Described(
        t.ATLAS_ORGANIZATION,
        "organization",
        {
            "name": "MadeBuy",
            "multiFactorAuthRequired": True,
            "apiAccessListRequired": True,
            "securityContact": "security@madebuy.com.au",
            "restrictEmployeeAccess": True,
            "genAiFeaturesEnabled": False,
        },
    ),
    Described(
        t.ATLAS_PROJECT,
        "project",
        {
            "orgId": "000000000000000000000001",
            "name": "madebuy-production",
            "tags": TAGS,
            "isClusterAiAssistantEnabled": False,
            "isDataExplorerEnabled": False,
            "isDataExplorerGenAiFeaturesEnabled": False,
            "isDataExplorerGenAiSampleDocumentPassingEnabled": False,
        },
        protect=True,
    ),
    *(
        Described(
            t.IP_ACCESS_LIST,
            f"access-{number}",
            {"projectId": Of("project"), "cidrBlock": f"203.0.113.{number}/32", "comment": f"origin {number}, egress"},
        )
        for number in (10, 11)
    ),
    Described(t.PRIVATE_LINK_ENDPOINT, "endpoint", {"projectId": Of("project"), "providerName": "AWS"}),
    Described(
        t.ADVANCED_CLUSTER,
        "cluster",
        {
            "projectId": Of("encryption"),
            "name": "madebuy",
            "clusterType": "REPLICASET",
            "backupEnabled": True,
            "pitEnabled": True,
            "retainBackupsEnabled": True,
            "terminationProtectionEnabled": True,
            "redactClientLogData": True,
            "encryptionAtRestProvider": "AWS",
            "mongoDbMajorVersion": "8.0",
            "paused": False,
            "biConnectorConfig": {"enabled": False},
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
                            "providerName": "AWS",
                            "regionName": "AP_SOUTHEAST_2",
                            "priority": 7,
                            "electableSpecs": {"instanceSize": "M10", "nodeCount": 3},
                            "autoScaling": {
                                "computeEnabled": True,
                                "computeMaxInstanceSize": "M20",
                                "diskGbEnabled": True,
                            },
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
            "projectId": Of("cluster"),
            "clusterName": "madebuy",
            "restoreWindowDays": 7,
            "policyItemHourly": {"frequencyInterval": 6, "retentionUnit": "days", "retentionValue": 7},
            "policyItemDaily": {"frequencyInterval": 1, "retentionUnit": "days", "retentionValue": 7},
            "policyItemWeeklies": [{"frequencyInterval": 6, "retentionUnit": "weeks", "retentionValue": 4}],
            "copySettings": [
                {
                    "cloudProvider": "AWS",
                    "regionName": "AP_SOUTHEAST_4",
                    "shouldCopyOplogs": True,
                    "copyPolicyItems": [{"frequencyType": "daily", "retentionUnit": "days", "retentionValue": 7}],
                }
            ],
        },
    ),
    Described(
        t.ATLAS_RESOURCE_POLICY,
        "guard-rail",
        {"orgId": "1", "name": "no-open-list", "policies": [{"body": "forbid (principal, action, resource);"}]},
    ),
    Described(t.BACKUP_COMPLIANCE_POLICY, "compliance", {"projectId": Of("project")}),
    Described(t.MAINTENANCE_WINDOW, "maintenance", {"projectId": Of("cluster"), "dayOfWeek": 1, "hourOfDay": 3}),
    Described(
        t.AUDITING,
        "auditing",
        {
            "projectId": Of("cluster"),
            "enabled": True,
            "auditFilter": '{"atype": "authenticate"}',
            "auditAuthorizationSuccess": True,
        },
    ),
    Described(t.LOG_INTEGRATION, "logs", {"projectId": Of("project"), "type": "S3_LOG_EXPORT"}),
    *(
        Described(
            t.ALERT_CONFIGURATION,
            f"alert-{event.lower().replace('_', '-')}",
            {
                "projectId": Of("project"),
                "eventType": event,
                "enabled": True,
                "notifications": [{"typeName": "EMAIL", "emailAddress": "oncall@madebuy.com.au"}],
                "metricThresholdConfig": {"metricName": "DISK_PARTITION_SPACE_USED_DATA", "threshold": 90},
            },
        )
        for event in EVENT_TYPES
    ),
    Described(
        t.CUSTOM_DB_ROLE,
        "role",
        {
            "projectId": Of("cluster"),
            "roleName": "web",
            "actions": [{"action": "FIND", "resources": [{"databaseName": "madebuy", "collectionName": ""}]}],
        },
    ),
    Described(
        t.DATABASE_USER,
        "user",
        {
            "projectId": Of("cluster"),
            "username": "web",
            "authDatabaseName": "$external",
            "x509Type": "MANAGED",
            "password": Marked("correct-horse-battery"),
            "roles": [{"roleName": "web", "databaseName": "admin"}],
            "scopes": [{"name": "madebuy", "type": "CLUSTER"}],
        },
    ),
    Described(t.X509_USER, "certificate", {"projectId": Of("project"), "username": "w", "monthsUntilExpiration": 3}),
    Described(
        t.ATLAS_API_KEY, "api-key", {"orgId": "1", "description": "billing", "roleNames": ["ORG_BILLING_READ_ONLY"]}
    ),
    Described(
        t.ATLAS_SERVICE_ACCOUNT,
        "service-account",
        {"orgId": "1", "name": "deploy", "roles": ["ORG_MEMBER"], "secretExpiresAfterHours": 8},
    ),
)

ENCRYPTION = (
    Described(
        t.KMS_KEY,
        "key",
        {
            "description": "Encrypts the database",
            "enableKeyRotation": True,
            "deletionWindowInDays": 30,
            "tags": TAGS,
            "policy": document(
                {"Effect": "Allow", "Principal": {"AWS": f"{AWS}:root"}, "Action": "kms:Decrypt", "Resource": "*"}
            ),
        },
        protect=True,
    ),
    Described(t.KMS_ALIAS, "alias", {"name": "alias/atlas", "targetKeyId": Of("key")}),
    Described(t.CLOUD_ACCESS_SETUP, "setup", {"projectId": Of("project"), "providerName": "AWS"}),
    Described(t.IAM_ROLE, "atlas-role", {"name": "atlas", "assumeRolePolicy": Of("setup"), "tags": TAGS}),
    Described(
        t.IAM_ROLE_POLICY,
        "use-of-key",
        {
            "role": Of("atlas-role"),
            "policy": document(
                {"Effect": "Allow", "Action": ["kms:Decrypt", "kms:Encrypt"], "Resource": "arn:aws:kms:key"}
            ),
        },
    ),
    Described(
        t.CLOUD_ACCESS_AUTHORIZATION,
        "authorization",
        {"projectId": Of("project"), "roleId": Of("setup"), "aws": {"iamAssumedRoleArn": Of("atlas-role")}},
    ),
    Described(
        t.ENCRYPTION_AT_REST,
        "encryption",
        {
            "projectId": Of("project"),
            "enabledForSearchNodes": True,
            "awsKmsConfig": {
                "enabled": True,
                "customerMasterKeyId": Of("key"),
                "roleId": Of("authorization"),
                "region": "AP_SOUTHEAST_2",
            },
        },
    ),
)

AWS_ACCOUNT = (
    Described(t.GUARDDUTY_DETECTOR, "detector", {"enable": True, "tags": TAGS}),
    Described(
        t.GUARDDUTY_FEATURE,
        "detector-s3",
        {"detectorId": Of("detector"), "name": "S3_DATA_EVENTS", "status": "ENABLED"},
    ),
    Described(
        t.EVENT_RULE,
        "findings",
        {"name": "findings", "eventPattern": '{"source": ["aws.guardduty"]}', "state": "ENABLED", "tags": TAGS},
    ),
    Described(t.SNS_TOPIC, "topic", {"name": "findings", "tags": TAGS}),
    Described(t.EVENT_TARGET, "findings-to-topic", {"rule": Of("findings"), "arn": Of("topic")}),
    Described(
        t.SNS_TOPIC_POLICY,
        "topic-policy",
        {
            "arn": Of("topic"),
            "policy": document(
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "events.amazonaws.com"},
                    "Action": "sns:Publish",
                    "Resource": "*",
                }
            ),
        },
    ),
    Described(
        t.SNS_SUBSCRIPTION,
        "topic-mail",
        {"topic": Of("topic"), "protocol": "email", "endpoint": "security@madebuy.com.au"},
    ),
    Described(
        t.OIDC_PROVIDER,
        "github",
        {"url": "https://token.actions.githubusercontent.com", "clientIdLists": ["sts.amazonaws.com"], "tags": TAGS},
    ),
    Described(
        t.IAM_ROLE,
        "deployment-role",
        {
            "name": "deployment",
            "tags": TAGS,
            "maxSessionDuration": 3600,
            "assumeRolePolicy": document(
                {
                    "Effect": "Allow",
                    "Principal": {"Federated": f"{AWS}:oidc-provider/token.actions.githubusercontent.com"},
                    "Action": "sts:AssumeRoleWithWebIdentity",
                    "Condition": {
                        "StringEquals": {
                            "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
                            "token.actions.githubusercontent.com:sub": "repo:madebuy/infra:environment:production",
                        }
                    },
                }
            ),
        },
    ),
    Described(
        t.S3_BUCKET, "exports", {"bucket": "madebuy-exports", "tags": TAGS, "objectLockEnabled": True}, protect=True
    ),
    Described(
        t.S3_PUBLIC_ACCESS_BLOCK,
        "exports-private",
        {
            "bucket": "madebuy-exports",
            "blockPublicAcls": True,
            "blockPublicPolicy": True,
            "ignorePublicAcls": True,
            "restrictPublicBuckets": True,
        },
    ),
    Described(
        t.S3_POLICY,
        "exports-policy",
        {
            "bucket": "madebuy-exports",
            "policy": document(
                {
                    "Effect": "Deny",
                    "Principal": "*",
                    "Action": "s3:*",
                    "Resource": "*",
                    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                }
            ),
        },
    ),
    Described(
        t.S3_ENCRYPTION,
        "exports-encryption",
        {
            "bucket": "madebuy-exports",
            "rules": [{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms"}}],
        },
    ),
    Described(
        t.S3_VERSIONING,
        "exports-versioning",
        {"bucket": "madebuy-exports", "versioningConfiguration": {"status": "Enabled"}},
    ),
    Described(
        t.S3_LIFECYCLE,
        "exports-lifecycle",
        {"bucket": "madebuy-exports", "rules": [{"id": "end", "status": "Enabled", "expiration": {"days": 365}}]},
    ),
    Described(t.S3_LOGGING, "exports-logging", {"bucket": "madebuy-exports", "targetBucket": "madebuy-logs"}),
    Described(
        t.S3_OWNERSHIP,
        "exports-ownership",
        {"bucket": "madebuy-exports", "rule": {"objectOwnership": "BucketOwnerEnforced"}},
    ),
    Described(t.S3_OBJECT_LOCK, "exports-lock", {"bucket": "madebuy-exports"}),
)

APPS = (
    Described(t.DOPPLER_PROJECT, "doppler", {"name": "madebuy-production"}, protect=True),
    Described(
        t.REDIS_DATABASE,
        "redis",
        {
            "databaseName": "madebuy",
            "region": "global",
            "primaryRegion": "ap-southeast-2",
            "readRegions": ["ap-southeast-2"],
            "tls": True,
            "eviction": False,
            "budget": 20,
            "ipAllowlists": ["203.0.113.10/32"],
        },
        protect=True,
    ),
    Described(t.DOPPLER_MEMBER_ACCOUNT, "member", {"project": "madebuy", "role": "viewer", "serviceAccountSlug": "ci"}),
    Described(t.DOPPLER_MEMBER_GROUP, "group", {"project": "madebuy", "role": "collaborator", "groupSlug": "makers"}),
    Described(t.DOPPLER_ENVIRONMENT, "environment", {"project": "madebuy", "slug": "prd", "name": "Production"}),
    Described(
        t.DOPPLER_SECRET,
        "redis-token",
        {
            "project": "madebuy",
            "config": "prd_web",
            "name": "UPSTASH_REDIS_REST_TOKEN",
            "value": Marked(Of("redis")),
            "visibility": "masked",
        },
    ),
    Described(
        t.DOPPLER_SECRET,
        "r2-secret",
        {"project": "madebuy", "config": "prd_web", "name": "R2_SECRET_ACCESS_KEY", "value": Marked(Of("token"))},
    ),
    Described(
        t.DOPPLER_SECRET,
        "turnstile-secret",
        {"project": "madebuy", "config": "prd_web", "name": "TURNSTILE_SECRET", "value": Marked(Of("turnstile"))},
    ),
    Described(
        t.DOPPLER_SERVICE_TOKEN,
        "service-token",
        {"project": "madebuy", "config": "prd_web", "name": "web", "access": "read"},
    ),
    Described(
        t.DOPPLER_SERVICE_ACCOUNT_TOKEN,
        "account-token",
        {"name": "ci", "serviceAccountSlug": "ci", "expiresAt": "2027-03-15T00:00:00Z"},
    ),
    Described(
        t.DOPPLER_WEBHOOK,
        "webhook",
        {
            "project": "madebuy",
            "url": "https://deploy.madebuy.com.au",
            "secret": Marked("whsec-of-ours"),
            "enabled": True,
        },
    ),
)

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
        "dns-record-comment",
        "dns-spf",
        "redis-access-list-exists",
        "redis-survives-a-zone",
        "stripe-webhook-restricted",
        "token-address-bound",
        "zone-email-obfuscation",
        "zone-hsts-preload",
    )
} | {
    "atlas-alerts-cover": {"eventTypes": list(EVENT_TYPES)},
    "notifications-cover": {"alertTypes": list(ALERT_TYPES)},
}
"""A pack config that asks every rule, those too that are asked only where a config says so. Not
`doppler-service-token-rotates`: it refuses the very resource that another rule is about."""
