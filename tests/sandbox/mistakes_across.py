"""One mistake or more per rule across objects."""

from __future__ import annotations

from tests.sandbox.account import FLEX, OTHER_ACCOUNT, Account, allow
from tests.sandbox.good import BLOCK, GOOD
from tests.sandbox.mistakes import LONG, SPECS, Case, another, upgrade

ACROSS = [
    Case("customer-key-is-set-up-first", "AdvancedCluster", {"encryptionAtRestProvider": "AWS"}),
    Case("aliased-key-exists", "Alias", {"targetKeyId": "0" * 36}),
    Case("dedicated-settings-need-dedicated-clusters", "Auditing", {}, lambda a, i: a.flex(i["projectId"])),
    Case("dedicated-settings-need-dedicated-clusters", "MaintenanceWindow", {}, lambda a, i: a.flex(i["projectId"])),
    Case(
        "compliance-policy-is-for-dedicated-clusters", "BackupCompliancePolicy", {}, lambda a, i: a.flex(i["projectId"])
    ),
    Case("bot-settings-need-their-plan", "BotManagement", {"sbfmDefinitelyAutomated": "block"}),
    Case("bot-settings-need-their-plan", "BotManagement", {"sbfmLikelyAutomated": "block"}, upgrade("pro")),
    Case("environment-of-the-branch-exists", "BranchConfig", {"environment": "stg", "name": "stg_web"}),
    Case(
        "lock-needs-versions",
        "BucketObjectLockConfiguration",
        {"bucket": "plain"},
        lambda a, _: a.make("aws:Bucket", {"bucket": "plain"}),
    ),
    Case("bucket-policy-is-about-its-bucket", "BucketPolicy", {"policy": allow(["s3:*"], "arn:aws:s3:::other/*")}),
    Case("locked-bucket-keeps-versions", "BucketVersioning", {"versioningConfiguration.status": "Suspended"}),
    Case("backup-is-of-a-dedicated-cluster", "CloudBackupSchedule", {"clusterName": "gone", "copySettings": []}),
    Case("copies-go-to-another-region", "CloudBackupSchedule", {"copySettings[0].regionName": "AP_SOUTHEAST_2"}),
    Case("copies-go-to-another-region", "CloudBackupSchedule", {"copySettings[0].zoneId": "0" * 24}),
    Case(
        "export-bucket-exists",
        "CloudBackupSchedule",
        {"autoExportEnabled": True, "export": {"exportBucketId": "0" * 24, "frequencyType": "weekly"}},
    ),
    Case(
        "schedule-meets-the-compliance-policy",
        "CloudBackupSchedule",
        {},
        lambda a, i: a.make(
            "BackupCompliancePolicy",
            {
                **GOOD["BackupCompliancePolicy"](Account()),
                "projectId": i["projectId"],
                "policyItemDaily": {**LONG, "retentionValue": 30},
            },
        ),
    ),
    Case("export-bucket-is-writable", "CloudBackupSnapshotExportBucket", {"bucketName": "gone"}),
    Case(
        "authorized-role-trusts-atlas",
        "CloudProviderAccessAuthorization",
        {"aws.iamAssumedRoleArn": "arn:aws:iam::123456789012:role/gone"},
    ),
    Case("custom-role-of-the-user-exists", "DatabaseUser", {"roles": [{"roleName": "web", "databaseName": "admin"}]}),
    Case("scope-of-the-user-exists", "DatabaseUser", {"scopes": [{"name": "main", "type": "CLUSTER"}]}),
    Case("one-detector-per-region", "Detector", {}, another("Detector")),
    Case("alias-stands-alone", "DnsRecord", {"type": "CNAME", "content": "x.example"}, another("DnsRecord")),
    Case("alias-stands-alone", "DnsRecord", {}, another("DnsRecord", type="CNAME", content="x.example")),
    Case("identical-record-is-refused", "DnsRecord", {}, another("DnsRecord")),
    Case("short-ttl-needs-enterprise", "DnsRecord", {"ttl": 30}),
    Case("comment-length-depends-on-plan", "DnsRecord", {"comment": "c" * 101}),
    Case("record-tags-need-a-paid-plan", "DnsRecord", {"tags": ["shop"]}),
    Case(
        "zone-has-room-for-the-record",
        "DnsRecord",
        {},
        lambda a, i: [a.make("DnsRecord", {**i, "name": f"r{n}.shop.example"}) for n in range(200)],
    ),
    Case("customer-key-is-reachable", "EncryptionAtRest", {"awsKmsConfig.customerMasterKeyId": "0" * 36}),
    Case("customer-key-is-reachable", "EncryptionAtRest", {"awsKmsConfig.roleId": "0" * 24}),
    Case(
        "healthchecks-are-counted-by-plan",
        "Healthcheck",
        {},
        lambda a, i: [a.make("Healthcheck", {**i, "name": f"h{n}"}) for n in range(10)],
    ),
    Case("lists-are-counted-by-plan", "List", {}, another("List", name="others")),
    Case("lists-are-counted-by-plan", "List", {"kind": "asn", "items": []}),
    Case("item-is-of-the-lists-kind", "ListItem", {"ip": None, "asn": 64496}),
    Case("pools-of-the-balancer-exist", "LoadBalancer", {"fallbackPool": "0" * 32}),
    Case("balancer-is-named-in-its-zone", "LoadBalancer", {"name": "other.example"}),
    Case("balancer-rules-are-counted", "LoadBalancer", {"rules": [{"name": "a"}, {"name": "b"}]}),
    Case(
        "balancers-are-counted",
        "LoadBalancer",
        {},
        lambda a, i: [a.make("LoadBalancer", {**i, "name": f"b{n}.shop.example"}) for n in range(20)],
    ),
    Case("monitor-interval-depends-on-plan", "LoadBalancerMonitor", {"interval": 10}),
    Case(
        "pools-and-endpoints-are-counted",
        "LoadBalancerPool",
        {"origins": [{"address": f"192.0.2.{n}", "name": f"o{n}"} for n in range(21)]},
    ),
    Case("notification-type-needs-its-plan", "NotificationPolicy", {"alertType": "health_check_status_notification"}),
    Case("webhooks-need-a-paid-zone", "NotificationPolicyWebhooks", {"accountId": OTHER_ACCOUNT}),
    Case(
        "link-service-is-of-its-project",
        "PrivateLinkEndpointService",
        {"providerName": "AZURE", "privateEndpointIpAddress": "10.0.0.9"},
    ),
    Case("bucket-is-in-the-jurisdiction", "R2BucketCors", {"jurisdiction": "eu"}),
    Case("custom-domain-is-in-an-own-zone", "R2CustomDomain", {"domain": "media.other.example"}),
    Case(
        "custom-domain-is-in-an-own-zone",
        "R2CustomDomain",
        {"zoneId": "0"},
        lambda a, i: i.update(zoneId=a.zone(name="else.example", account=OTHER_ACCOUNT), domain="media.else.example"),
    ),
    Case(
        "custom-domain-has-no-record-yet",
        "R2CustomDomain",
        {},
        lambda a, i: a.make(
            "DnsRecord", {"zoneId": i["zoneId"], "name": i["domain"], "type": "A", "content": "192.0.2.1", "ttl": 1}
        ),
    ),
    Case("regional-tiered-cache-needs-enterprise", "RegionalTieredCache", {"value": "on"}),
    Case("one-entry-point-per-phase", "Ruleset", {}, another("Ruleset", name="first")),
    Case("rules-are-counted-by-plan", "Ruleset", {"rules": [{**BLOCK, "ref": str(n)} for n in range(6)]}),
    Case(
        "regex-needs-business",
        "Ruleset",
        {"rules[0].expression": 'http.request.uri.path matches "^/x"'},
        upgrade("pro"),
    ),
    Case("log-action-needs-enterprise", "Ruleset", {"rules[0].action": "log"}, upgrade("business")),
    Case(
        "fields-need-their-plan",
        "Ruleset",
        {"rules[0].expression": "cf.bot_management.score lt 30"},
        upgrade("business"),
    ),
    Case(
        "managed-rulesets-need-their-plan",
        "Ruleset#managed",
        {"rules[0].actionParameters.id": "efb7b8c949ac4650a09736fc376e9aee"},
    ),
    Case("managed-rulesets-need-their-plan", "Ruleset#managed", {"rules[0].actionParameters.id": "0" * 32}),
    Case("list-of-the-expression-exists", "Ruleset", {"rules[0].expression": "ip.src in $scrapers"}),
    Case(
        "origin-overrides-need-enterprise",
        "Ruleset#origin",
        {"rules[0].actionParameters": {"hostHeader": "x.example"}},
        upgrade("business"),
    ),
    Case("custom-errors-need-pro", "Ruleset", {"phase": "http_custom_errors", "rules": []}),
    Case(
        "edge-ttl-depends-on-plan",
        "Ruleset#cache",
        {"rules[0].actionParameters.edgeTtl": {"mode": "override_origin", "default": 300}},
    ),
    Case("account-rulesets-need-enterprise", "Ruleset#account", {"accountId": OTHER_ACCOUNT}),
    Case("account-rulesets-need-enterprise", "Ruleset#account", {"accountId": OTHER_ACCOUNT, "kind": "root"}),
    Case("custom-hostname-extras-need-enterprise", "CustomHostname", {"ssl": {"wildcard": True}}),
    Case(
        "project-has-one-free-cluster",
        "free",
        {"name": "second"},
        lambda a, i: a.make("AdvancedCluster", {**i, "name": "first"}),
    ),
    Case("rate-limit-fields-by-plan", "Ruleset#limits", {"rules[0].expression": 'http.host eq "shop.example"'}),
    Case(
        "rate-limit-characteristics-by-plan",
        "Ruleset#limits",
        {"rules[0].ratelimit.characteristics": ["cf.colo.id", "cf.unique_visitor_id"]},
    ),
    Case("rate-limit-period-by-plan", "Ruleset#limits", {"rules[0].ratelimit.period": 60}),
    Case("rate-limit-timeout-by-plan", "Ruleset#limits", {"rules[0].ratelimit.mitigationTimeout": 3600}),
    Case("rate-limit-timeout-by-plan", "Ruleset#limits", {"rules[0].action": "managed_challenge"}),
    Case("rate-limit-timeout-by-plan", "Ruleset#limits", {"rules[0].ratelimit.mitigationTimeout": 55}, upgrade("pro")),
    Case("rate-limit-period-by-plan", "Ruleset#limits", {"rules[0].ratelimit.period": 86400}, upgrade("enterprise")),
    Case(
        "counting-expression-needs-business",
        "Ruleset#limits",
        {"rules[0].ratelimit.countingExpression": "http.response.code eq 404"},
    ),
    Case("config-exists", "Secret", {"config": "stg"}),
    Case("turnstile-extras-need-enterprise", "TurnstileWidget", {"offlabel": True}),
    Case("zone-is-not-below-another", "Zone", {"name": "eu.shop.example"}, another("Zone", name="shop.example")),
    Case("vanity-name-servers-need-business", "Zone", {"vanityNameServers": ["ns1.shop.example", "ns2.shop.example"]}),
    Case(
        "zone-lockdowns-are-counted-by-plan",
        "ZoneLockdown",
        {},
        lambda a, i: [a.make("ZoneLockdown", {**i, "urls": [f"shop.example/{n}"]}) for n in range(3)],
    ),
    Case("zone-setting-needs-its-plan", "ZoneSetting", {"settingId": "polish", "value": "lossless"}),
    Case("free-plan-has-no-subscription", "ZoneSubscription", {"ratePlan.id": "free"}),
]

UPDATES = [
    Case(
        "dedicated-never-goes-back",
        "AdvancedCluster",
        {"replicationSpecs": [{"regionConfigs": [FLEX]}], "pitEnabled": None, "backupEnabled": None},
    ),
    Case(
        "dedicated-never-goes-back",
        "flex",
        {
            "replicationSpecs": [
                {"regionConfigs": [{**FLEX, "providerName": "TENANT", "electableSpecs": {"instanceSize": "M0"}}]}
            ]
        },
    ),
    Case("compliance-policy-is-never-lowered", "BackupCompliancePolicy", {"policyItemDaily.retentionValue": 3}),
    Case("compliance-policy-is-never-lowered", "BackupCompliancePolicy", {"pitEnabled": False}),
    Case("copy-policy-items-stay-on", "CloudBackupSchedule#by-item", {"copyPolicyItemsEnabled": False}),
    Case("paused-cluster-is-resumed-first", "AdvancedCluster#paused", {"tags": {"team": "shop"}}),
    Case(
        "oplog-retention-ends-before-disk-scaling",
        "AdvancedCluster#oplog",
        {f"{SPECS}[0].autoScaling.diskGbEnabled": False, "advancedConfiguration.oplogMinRetentionHours": 0},
    ),
    Case("versioning-is-never-disabled-again", "BucketVersioning", {"versioningConfiguration.status": "Disabled"}),
]
