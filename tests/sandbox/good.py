"""A resource of each kind that every vendor accepts."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

from tests.sandbox.account import ACCOUNT, FLEX, ORG, Account, allow, region, trust


def _rules(*rules: dict[str, Any], phase: str = "http_request_firewall_custom") -> Callable[[Account], dict[str, Any]]:
    return lambda account: {
        "zoneId": account.zone(),
        "kind": "zone",
        "name": "rules",
        "phase": phase,
        "rules": list(rules),
    }


BLOCK = {"action": "block", "expression": 'http.request.uri.path eq "/x"', "ref": "one"}
LIMIT = {
    **BLOCK,
    "ratelimit": {
        "characteristics": ["cf.colo.id", "ip.src"],
        "period": 10,
        "requestsPerPeriod": 10,
        "mitigationTimeout": 10,
    },
}
MANAGED = {"action": "execute", "expression": "true", "actionParameters": {"id": "77454fe2d30c4220b5701f6fdfb893ba"}}


def _schedule(account: Account) -> dict[str, Any]:
    project = account.project()
    cluster = account.cluster(project, backupEnabled=True, pitEnabled=True)
    item = {"frequencyInterval": 1, "retentionUnit": "days", "retentionValue": 7}
    copied = {
        "cloudProvider": "AWS",
        "regionName": "AP_SOUTHEAST_4",
        "frequencies": ["DAILY"],
        "shouldCopyOplogs": True,
        "zoneId": cluster.state["replicationSpecs"][0]["zoneId"],
    }
    return {
        "projectId": project,
        "clusterName": "main",
        "restoreWindowDays": 7,
        "copySettings": [copied],
        "policyItemHourly": {**item, "frequencyInterval": 6},
        "policyItemDaily": item,
        "policyItemWeeklies": [{"frequencyInterval": 6, "retentionUnit": "weeks", "retentionValue": 4}],
        "policyItemMonthlies": [{"frequencyInterval": 40, "retentionUnit": "months", "retentionValue": 12}],
    }


def _encryption(account: Account) -> dict[str, Any]:
    project = account.project()
    key = account.make("aws:Key", {})
    actions = ["kms:Encrypt", "kms:Decrypt", "kms:DescribeKey"]
    config = {
        "enabled": True,
        "customerMasterKeyId": key.id,
        "region": "AP_SOUTHEAST_2",
        "roleId": account.authorized_role(project, actions, key.state["arn"]),
    }
    return {"projectId": project, "awsKmsConfig": config}


def _export_bucket(account: Account) -> dict[str, Any]:
    project = account.project()
    account.make("aws:Bucket", {"bucket": "shop-exports"})
    role = account.authorized_role(project, ["s3:GetBucketLocation", "s3:PutObject"], "arn:aws:s3:::shop-exports/*")
    return {"projectId": project, "bucketName": "shop-exports", "cloudProvider": "AWS", "iamRoleId": role}


def _authorization(account: Account) -> dict[str, Any]:
    project = account.project()
    setup = account.make("CloudProviderAccessSetup", {"projectId": project, "providerName": "AWS"})
    external = setup.state["awsConfigs"][0]["atlasAssumedRoleExternalId"]
    role = account.make("aws:Role", {"name": "atlas", "assumeRolePolicy": trust(external)})
    return {"projectId": project, "roleId": setup.id, "aws": {"iamAssumedRoleArn": role.state["arn"]}}


def _balancer(account: Account) -> dict[str, Any]:
    pool = account.make(
        "LoadBalancerPool", {"accountId": ACCOUNT, "name": "web", "origins": [{"address": "192.0.2.1"}]}
    )
    zone = account.zone()
    return {"zoneId": zone, "name": "shop.example", "defaultPools": [pool.id], "fallbackPool": pool.id}


def _bucket(account: Account) -> dict[str, Any]:
    account.make("R2Bucket", {"accountId": ACCOUNT, "name": "media"})
    return {"accountId": ACCOUNT, "bucketName": "media"}


def _in_doppler(account: Account, **more: Any) -> dict[str, Any]:
    return {"project": account.doppler(), **more}


def _s3(account: Account, *, lock: bool = True) -> dict[str, Any]:
    account.make("aws:Bucket", {"bucket": "shop-exports", "objectLockEnabled": lock})
    return {"bucket": "shop-exports"}


def _link(account: Account) -> dict[str, Any]:
    project = account.project()
    place = {"projectId": project, "providerName": "AWS"}
    link = account.make("PrivateLinkEndpoint", {**place, "region": "AP_SOUTHEAST_2"})
    return {**place, "privateLinkId": link.id, "endpointServiceId": "vpce-0123456789abcdef0"}


def _policy(account: Account) -> dict[str, Any]:
    person = {"authorizedUserFirstName": "Ada", "authorizedUserLastName": "L", "authorizedEmail": "ada@example.com"}
    item = {"frequencyInterval": 1, "retentionUnit": "days", "retentionValue": 7}
    return {"projectId": account.project(), **person, "policyItemDaily": item, "pitEnabled": True}


def _role(account: Account) -> dict[str, Any]:
    resources = [{"databaseName": "shop", "collectionName": ""}]
    return {"projectId": account.project(), "roleName": "web", "actions": [{"action": "FIND", "resources": resources}]}


def _subscription(account: Account) -> dict[str, Any]:
    topic = account.make("aws:Topic", {"name": "findings"})
    return {"topic": topic.state["arn"], "protocol": "email", "endpoint": "security@example.com"}


def _log_integration(account: Account) -> dict[str, Any]:
    project = account.project()
    setup = account.make("CloudProviderAccessSetup", {"projectId": project, "providerName": "AWS"})
    place = {"bucketName": "shop-logs", "prefixPath": "atlas", "iamRoleId": setup.id}
    return {"projectId": project, "type": "S3_LOG_EXPORT", "logTypes": ["MONGOD"], **place}


GOOD: dict[str, Callable[[Account], dict[str, Any]]] = {
    "AccountToken": lambda _: {
        "accountId": ACCOUNT,
        "name": "media",
        "policies": [{"effect": "allow", "permissionGroups": [{"id": "6" * 32}], "resources": '{"com.x": "*"}'}],
    },
    "AdvancedCluster": lambda account: {
        "projectId": account.project(),
        "name": "main",
        "clusterType": "REPLICASET",
        "backupEnabled": True,
        "pitEnabled": True,
        "replicationSpecs": [{"regionConfigs": [region()]}],
    },
    "AlertConfiguration": lambda account: {
        "projectId": account.project(),
        "eventType": "NO_PRIMARY",
        "enabled": True,
        "notifications": [{"typeName": "EMAIL", "emailAddress": "ops@example.com"}],
    },
    "Alias": lambda account: {"name": "alias/shop", "targetKeyId": account.make("aws:Key", {}).id},
    "Auditing": lambda account: {
        "projectId": account.project(),
        "enabled": True,
        "auditFilter": '{"atype": "authenticate"}',
    },
    "BackupCompliancePolicy": _policy,
    "BotManagement": lambda account: {"zoneId": account.zone(), "fightMode": False},
    "BranchConfig": lambda account: _in_doppler(account, environment="prd", name="prd_web"),
    "BucketObjectLockConfiguration": lambda account: {
        **_s3(account),
        "rule": {"defaultRetention": {"mode": "GOVERNANCE", "days": 30}},
    },
    "BucketPolicy": lambda account: {
        **_s3(account),
        "policy": allow(["s3:GetObject"], "arn:aws:s3:::shop-exports/*").replace(
            '"Resource"', '"Principal": "*", "Resource"'
        ),
    },
    "BucketVersioning": lambda account: {**_s3(account), "versioningConfiguration": {"status": "Enabled"}},
    "CloudBackupSchedule": _schedule,
    "CloudBackupSnapshotExportBucket": _export_bucket,
    "CloudProviderAccessAuthorization": _authorization,
    "CustomDbRole": _role,
    "DatabaseUser": lambda account: {
        "projectId": account.project(),
        "username": "web",
        "authDatabaseName": "admin",
        "password": "p" * 20,
        "roles": [{"roleName": "readWrite", "databaseName": "shop"}],
    },
    "Detector": lambda _: {"enable": True},
    "DnsRecord": lambda account: {
        "zoneId": account.zone(),
        "name": "www.shop.example",
        "type": "A",
        "content": "192.0.2.1",
        "ttl": 1,
    },
    "EncryptionAtRest": _encryption,
    "Environment": lambda account: {
        "project": account.make("doppler:Project", {"name": "shop"}).id,
        "slug": "prd",
        "name": "P",
    },
    "Healthcheck": lambda account: {"zoneId": account.zone("pro"), "name": "web", "address": "192.0.2.1"},
    "List": lambda _: {"accountId": ACCOUNT, "kind": "ip", "name": "scrapers", "items": [{"ip": "192.0.2.1"}]},
    "ListItem": lambda account: {
        "accountId": ACCOUNT,
        "ip": "192.0.2.1",
        "listId": account.make("List", {"accountId": ACCOUNT, "kind": "ip", "name": "scrapers"}).id,
    },
    "LoadBalancer": _balancer,
    "LoadBalancerMonitor": lambda _: {"accountId": ACCOUNT, "type": "https", "path": "/api/health"},
    "LoadBalancerPool": lambda _: {
        "accountId": ACCOUNT,
        "name": "web",
        "origins": [{"address": "192.0.2.1", "name": "a"}],
    },
    "MaintenanceWindow": lambda account: {"projectId": account.project(), "dayOfWeek": 1, "hourOfDay": 16},
    "NotificationPolicy": lambda account: {
        "accountId": ACCOUNT,
        "name": "ddos",
        "alertType": "dos_attack_l7",
        "mechanisms": {"emails": [{"id": "ops@example.com"}]},
    },
    "NotificationPolicyWebhooks": lambda account: {
        "accountId": account.zone("pro") and ACCOUNT,
        "name": "ops",
        "url": "https://ops.example",
    },
    "OpenIdConnectProvider": lambda _: {"url": "https://token.example.com", "clientIdLists": ["sts.amazonaws.com"]},
    "PrivateLinkEndpointService": _link,
    "ProjectIpAccessList": lambda account: {"projectId": account.project(), "cidrBlock": "192.0.2.1/32"},
    "R2Bucket": lambda _: {"accountId": ACCOUNT, "name": "media"},
    "R2BucketCors": lambda account: {
        **_bucket(account),
        "rules": [{"allowed": {"methods": ["GET"], "origins": ["https://shop.example"]}}],
    },
    "R2BucketLifecycle": lambda account: {
        **_bucket(account),
        "rules": [
            {
                "id": "old",
                "enabled": True,
                "conditions": {"prefix": ""},
                "deleteObjectsTransition": {"condition": {"type": "Age", "maxAge": 86400}},
            }
        ],
    },
    "R2CustomDomain": lambda account: {
        **_bucket(account),
        "domain": "media.shop.example",
        "enabled": True,
        "zoneId": account.zone(),
    },
    "RedisDatabase": lambda _: {
        "databaseName": "shop",
        "region": "global",
        "primaryRegion": "ap-southeast-2",
        "tls": True,
    },
    "RegionalTieredCache": lambda account: {"zoneId": account.zone(), "value": "off"},
    "ResourcePolicy": lambda _: {
        "orgId": ORG,
        "name": "no-world",
        "policies": [{"body": "forbid (principal, action, resource);"}],
    },
    "RolePolicy": lambda account: {
        "role": account.make("aws:Role", {"name": "web", "assumeRolePolicy": trust("x")}).id,
        "name": "use",
        "policy": allow(["s3:GetObject"], "*"),
    },
    "Secret": lambda account: _in_doppler(account, config="prd", name="REDIS_URL", value="x"),
    "ThirdPartyIntegration": lambda account: {
        "projectId": account.project(),
        "type": "PAGER_DUTY",
        "serviceKey": "k" * 32,
    },
    "TurnstileWidget": lambda _: {"accountId": ACCOUNT, "name": "shop", "mode": "managed", "domains": ["shop.example"]},
    "Webhook": lambda account: _in_doppler(account, url="https://ops.example"),
    "Zone": lambda _: {"account": {"id": ACCOUNT}, "name": "shop.example"},
    "ZoneLockdown": lambda account: {
        "zoneId": account.zone("pro"),
        "urls": ["shop.example/admin"],
        "configurations": [{"target": "ip", "value": "192.0.2.1"}],
    },
    "ZoneSetting": lambda account: {"zoneId": account.zone(), "settingId": "ssl", "value": "strict"},
    "ZoneSubscription": lambda account: {"zoneId": account.zone(), "ratePlan": {"id": "pro"}},
    "aws:Bucket": lambda _: {"bucket": "shop-exports"},
    "aws:Key": lambda _: {"enableKeyRotation": True, "rotationPeriodInDays": 90},
    "aws:Role": lambda _: {"name": "web", "assumeRolePolicy": trust("x")},
    "mongodbatlas:Project": lambda _: {"orgId": ORG, "name": "shop"},
    "Ruleset": _rules(BLOCK),
    "Ruleset#limits": _rules(LIMIT, phase="http_ratelimit"),
    "Ruleset#managed": _rules(MANAGED, phase="http_request_firewall_managed"),
    "Ruleset#cache": _rules(
        {"action": "set_cache_settings", "expression": "true", "actionParameters": {"cache": True}},
        phase="http_request_cache_settings",
    ),
    "Ruleset#origin": _rules(
        {"action": "route", "expression": "true", "actionParameters": {"origin": {"port": 8443}}},
        phase="http_request_origin",
    ),
    "Ruleset#account": lambda account: {
        "accountId": account.zone("enterprise") and ACCOUNT,
        "kind": "custom",
        "name": "rules",
        "phase": "http_request_firewall_custom",
        "rules": [BLOCK],
    },
    "free": lambda account: {
        "projectId": account.project(),
        "name": "main",
        "clusterType": "REPLICASET",
        "replicationSpecs": [
            {"regionConfigs": [{**FLEX, "providerName": "TENANT", "electableSpecs": {"instanceSize": "M0"}}]}
        ],
    },
    "AdvancedCluster#paused": lambda account: {
        "projectId": account.project(),
        "name": "main",
        "clusterType": "REPLICASET",
        "paused": True,
        "replicationSpecs": [{"regionConfigs": [region()]}],
    },
    "AdvancedCluster#oplog": lambda account: {
        "projectId": account.project(),
        "name": "main",
        "clusterType": "REPLICASET",
        "advancedConfiguration": {"oplogMinRetentionHours": 24},
        "replicationSpecs": [{"regionConfigs": [region(autoScaling={"diskGbEnabled": True})]}],
    },
    "CloudBackupSchedule#by-item": lambda account: {
        **_schedule(account),
        "copySettings": [],
        "copyPolicyItemsEnabled": True,
    },
    "CustomHostname": lambda account: {"zoneId": account.zone(), "hostname": "maker.example"},
    "LogIntegration": _log_integration,
    "Ruleset#headers": _rules(
        {
            "action": "rewrite",
            "expression": "true",
            "actionParameters": {"headers": {"X-Frame-Options": {"operation": "set", "value": "DENY"}}},
        },
        phase="http_response_headers_transform",
    ),
    "flex": lambda account: {
        "projectId": account.project(),
        "name": "main",
        "clusterType": "REPLICASET",
        "replicationSpecs": [{"regionConfigs": [copy.deepcopy(FLEX)]}],
    },
    "EventRule": lambda _: {"name": "findings", "eventPattern": '{"source": ["aws.guardduty"]}'},
    "aws:Topic": lambda _: {"name": "findings"},
    "TopicSubscription": _subscription,
}
"""Inputs that the vendor accepts, by class name; after `#` a variant of it."""


def class_of(name: str) -> str:
    """The class that a name in GOOD is of."""
    return "AdvancedCluster" if name in ("flex", "free") else name.split("#", 1)[0]
