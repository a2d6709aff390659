"""How each Atlas rule is broken, and its fix."""

from __future__ import annotations

from policies import tokens as t
from tests.policies.changes import (
    Case,
    adds,
    all_of,
    drops,
    ignores,
    missing,
    restores,
    sets,
    surplus,
    unset,
    unsets,
    wrong,
)
from tests.policies.described import Described, Marked, Of
from tests.policies.estate_base import TAGS

REGION = "replicationSpecs[0].regionConfigs[0]"
SIZE = f"{REGION}.electableSpecs.instanceSize"
OPEN_LIST = '(principal, action, resource) when { context.project.ipAccessList.contains(ip("0.0.0.0/0")) }'
NODES = f"{REGION}.electableSpecs.nodeCount"


def entry(name: str, cidr: str, comment: str = "a range of the hoster") -> Described:
    return Described(t.IP_ACCESS_LIST, name, {"projectId": Of("project"), "cidrBlock": cidr, "comment": comment})


def alert(name: str, event: str, operator: str, threshold: float, units: str = "RAW") -> Described:
    return Described(
        t.ALERT_CONFIGURATION,
        name,
        {
            "projectId": Of("project"),
            "eventType": event,
            "enabled": True,
            "notifications": [{"typeName": "EMAIL", "emailAddress": "oncall@madebuy.com.au"}],
            "thresholdConfig": {"operator": operator, "threshold": threshold, "units": units},
        },
    )


ACCESS = (
    wrong("atlas-access-list-narrow", "access-10", "cidrBlock", "203.0.112.0/23", "203.0.113.10/32", also=set()),
    surplus("atlas-access-list-narrow", entry("open", "0.0.0.0/0"), also={("atlas-access-list-small", "access-10")}),
    Case(
        "atlas-access-list-narrow",
        adds(entry("half", "0.0.0.0/1"), entry("other-half", "128.0.0.0/1")),
        drops("half", "other-half"),
        ("half", "other-half"),
        frozenset({("atlas-access-list-small", "access-10")}),
    ),
    surplus("atlas-access-list-narrow", entry("six", "2001:db8::/32")),
    unset("atlas-access-list-narrow", "access-10", "cidrBlock", "203.0.113.10/32"),
    surplus(
        "atlas-access-list-small",
        *(entry(f"range-{n}", f"203.0.{n}.0/24") for n in range(5)),
        at="access-10",
    ),
    wrong("atlas-access-list-comment", "access-10", "comment", " ", "origin sydney-1"),
    wrong("atlas-no-personal-access", "access-10", "comment", "Anna's laptop", "origin sydney-1"),
    Case(
        "atlas-access-list-exists",
        drops("access-10", "access-11", "endpoint"),
        restores("access-10", "access-11", "endpoint"),
        ("cluster",),
        frozenset({("atlas-private-endpoint", "cluster")}),
    ),
    missing("atlas-private-endpoint", "endpoint", at="cluster"),
)

CLUSTER = (
    wrong("atlas-production-tier", "cluster", SIZE, "M5", "M10"),
    wrong("atlas-production-tier", "cluster", f"{REGION}.autoScaling.computeMinInstanceSize", "M0", "M10"),
    surplus(
        "atlas-production-tier",
        Described(
            t.FLEX_CLUSTER,
            "flex",
            {
                "projectId": Of("project"),
                "name": "flex",
                "providerSettings": {"regionName": "AP_SOUTHEAST_2"},
                "terminationProtectionEnabled": True,
                "tags": TAGS,
            },
            protect=True,
        ),
    ),
    *(
        Case(
            "atlas-production-three-nodes",
            sets("cluster", NODES, bad),
            sets("cluster", NODES, good),
            ("cluster",),
            config={"stack-budget": {"maxUsd": 10_000}},
        )
        for bad, good in ((4, 3), (9, 7))
    ),
    wrong("atlas-production-three-nodes", "cluster", NODES, 1, 3, also={("recovery-time", "cluster")}),
    wrong("atlas-termination-protection", "cluster", "terminationProtectionEnabled", False, True),
    unset("atlas-keeps-backups", "cluster", "retainBackupsEnabled", True),
    wrong("atlas-minimum-tls", "cluster", "advancedConfiguration.minimumEnabledTlsProtocol", "TLS1_1", "TLS1_2"),
    unset("atlas-minimum-tls", "cluster", "advancedConfiguration.minimumEnabledTlsProtocol", "TLS1_3"),
    unset("atlas-no-server-javascript", "cluster", "advancedConfiguration.javascriptEnabled", False),
    wrong("atlas-majority-writes", "cluster", "advancedConfiguration.defaultWriteConcern", "1", "majority"),
    wrong("atlas-logs-redacted", "cluster", "redactClientLogData", False, True),
    wrong("atlas-supported-version", "cluster", "mongoDbMajorVersion", "6.0", "10.0"),
    unset("atlas-version-decided", "cluster", "mongoDbMajorVersion", "8.0"),
    wrong("atlas-not-paused", "cluster", "paused", True, False),
    wrong("atlas-no-bi-connector", "cluster", "biConnectorConfig.enabled", True, False),
    wrong("atlas-disk-grows", "cluster", f"{REGION}.autoScaling.diskGbEnabled", False, True),
    wrong(
        "atlas-scaling-ceiling",
        "cluster",
        f"{REGION}.autoScaling.computeMaxInstanceSize",
        "M80",
        "M20",
        also={("stack-budget", "cluster")},
    ),
    *(
        wrong("atlas-disk-within-bounds", "cluster", f"{REGION}.{nodes}.diskSizeGb", 1_000, 100)
        for nodes in ("electableSpecs", "readOnlySpecs", "analyticsSpecs")
    ),
    unset("atlas-scaling-kept", "cluster", "useEffectiveFields", True),
    Case("atlas-scaling-kept", unsets("cluster", "useEffectiveFields"), ignores("cluster", SIZE), ("cluster",)),
    wrong("atlas-answers-every-query", "cluster", "advancedConfiguration.noTableScan", True, False),
    wrong(
        "atlas-region-allowed",
        "cluster",
        f"{REGION}.regionName",
        "US_EAST_1",
        "AP_SOUTHEAST_2",
    ),
    wrong("atlas-region-allowed", "schedule", "copySettings[0].regionName", "US_EAST_1", "AP_SOUTHEAST_4"),
    wrong("atlas-region-allowed", "encryption", "awsKmsConfig.region", "US_EAST_1", "AP_SOUTHEAST_2"),
    wrong(
        "atlas-no-forced-reconfiguration",
        "cluster",
        "acceptDataRisksAndForceReplicaSetReconfig",
        "2026-11-22T00:00:00Z",
        "",
    ),
)

BACKUP = (
    wrong("atlas-cluster-backup", "cluster", "backupEnabled", False, True, also={("recovery-point", "cluster")}),
    wrong(
        "atlas-cluster-point-in-time",
        "cluster",
        "pitEnabled",
        False,
        True,
        also={("recovery-point", "cluster"), ("recovery-time", "cluster")},
    ),
    wrong("atlas-backup-daily-retention", "schedule", "policyItemDaily.retentionValue", 3, 7),
    missing("atlas-backup-daily-retention", "schedule", at="cluster"),
    wrong("atlas-restore-window", "schedule", "restoreWindowDays", 2, 7),
    wrong("atlas-backup-weekly-retention", "schedule", "policyItemWeeklies[0].retentionValue", 1, 4),
    unset(
        "atlas-backup-weekly-retention",
        "schedule",
        "policyItemWeeklies",
        [{"frequencyInterval": 6, "retentionUnit": "weeks", "retentionValue": 4}],
    ),
    wrong("atlas-backup-hourly", "schedule", "policyItemHourly.retentionValue", 2, 7),
    wrong("atlas-backup-second-region", "schedule", "copySettings[0].regionName", "AP_SOUTHEAST_2", "AP_SOUTHEAST_4"),
    wrong("atlas-backup-second-region", "schedule", "copySettings[0].shouldCopyOplogs", False, True),
    wrong("atlas-backup-second-region", "schedule", "copySettings[0].copyPolicyItems[0].retentionValue", 1, 7),
    Case(
        "atlas-backup-second-region",
        unsets("schedule", "copySettings[0].copyPolicyItems"),
        all_of(
            unsets("schedule", "copyPolicyItemsEnabled"),
            sets("schedule", "copySettings[0].frequencies", ["HOURLY", "DAILY"]),
        ),
        ("schedule",),
    ),
    unset("atlas-backup-second-region", "schedule", "copyPolicyItemsEnabled", True),
    wrong("atlas-keeps-copies", "schedule", "deleteCopySnapshots", True, False),
    missing("atlas-backup-compliance", "compliance", at="project"),
)

PROJECT = (
    wrong("atlas-no-ai-assistant", "project", "isClusterAiAssistantEnabled", True, False),
    wrong("atlas-no-reranking", "project", "isNativeRerankingEnabled", True, False),
    wrong("atlas-alert-can-fire", "alert-outside-metric-threshold", "metricThresholdConfig.threshold", 901, 90),
    wrong(
        "atlas-alert-can-fire",
        "alert-outside-metric-threshold",
        "metricThresholdConfig.operator",
        "LESS_THAN",
        "GREATER_THAN",
    ),
    surplus(
        "atlas-alert-can-fire", alert("oplog", "REPLICATION_OPLOG_WINDOW_RUNNING_OUT", "GREATER_THAN", 24, "HOURS")
    ),
    surplus("atlas-alert-in-time", alert("behind", "CPS_SNAPSHOT_BEHIND", "GREATER_THAN", 5, "DAYS")),
    surplus(
        "atlas-alert-in-time", alert("minutes", "REPLICATION_OPLOG_WINDOW_RUNNING_OUT", "LESS_THAN", 24, "MINUTES")
    ),
    surplus("atlas-alert-in-time", alert("elections", "TOO_MANY_ELECTIONS", "GREATER_THAN", 31)),
    surplus("atlas-alert-in-time", alert("bits", "PENDING_INVOICE_OVER_THRESHOLD", "GREATER_THAN", 9, "BITS")),
    surplus("atlas-alert-in-time", alert("invoice", "PENDING_INVOICE_OVER_THRESHOLD", "GREATER_THAN", 301)),
    Case(
        "atlas-alert-in-time",
        adds(alert("one-day", "DAILY_BILL_OVER_THRESHOLD", "GREATER_THAN", 150)),
        sets("one-day", "thresholdConfig.threshold", 15),
        ("one-day",),
    ),
    unset("atlas-no-generative-ai", "project", "isDataExplorerGenAiFeaturesEnabled", False),
    wrong("atlas-no-sample-documents", "project", "isDataExplorerGenAiSampleDocumentPassingEnabled", True, False),
    wrong("atlas-no-data-explorer", "project", "isDataExplorerEnabled", True, False),
    wrong("atlas-auditing", "auditing", "enabled", False, True),
    missing("atlas-auditing", "auditing", at="cluster"),
    unset("atlas-audit-filter", "auditing", "auditFilter", '{"atype": "authenticate"}'),
    wrong("atlas-audit-filter", "auditing", "auditFilter", '{"atype": {"$in": []}}', '{"atype": "authenticate"}'),
    wrong("atlas-audit-successes", "auditing", "auditAuthorizationSuccess", False, True),
    missing("atlas-maintenance-window", "maintenance", at="cluster"),
    unset("atlas-maintenance-window", "maintenance", "hourOfDay", 3),
    missing("atlas-log-export", "logs", at="cluster"),
    wrong("atlas-alert-enabled", "alert-no-primary", "enabled", False, True),
    wrong(
        "atlas-alert-reaches-someone",
        "alert-no-primary",
        "notifications",
        [{"typeName": "GROUP"}],
        [{"typeName": "GROUP"}, {"typeName": "SLACK"}],
    ),
    missing("atlas-alerts-cover", "alert-no-primary", at="cluster"),
    Case(
        "atlas-alerts-cover",
        lambda estate: estate,
        adds(
            alert("connections", "OUTSIDE_METRIC_THRESHOLD", "GREATER_THAN", 80).having(
                "metricThresholdConfig",
                {"metricName": "CONNECTIONS_PERCENT", "operator": "GREATER_THAN", "threshold": 80},
            )
        ),
        ("cluster",),
        config={"atlas-alerts-cover": {"eventTypes": ["OUTSIDE_METRIC_THRESHOLD CONNECTIONS_PERCENT"]}},
    ),
)

USERS = (
    wrong("atlas-user-no-admin-role", "user", "roles[0].roleName", "readWriteAnyDatabase", "web"),
    unset("atlas-user-scoped", "user", "scopes", [{"name": "madebuy", "type": "CLUSTER"}]),
    wrong("atlas-user-external-authentication", "user", "authDatabaseName", "admin", "$external"),
    Case(
        "atlas-user-password-rotates",
        sets("user", "passwordWo", Marked("correct-horse-battery")),
        sets("user", "passwordWoVersion", 1),
        ("user",),
    ),
    *(
        Case(
            "atlas-user-password-rotates",
            all_of(adds(Described(t.RANDOM_PASSWORD, "made", {"length": 32})), sets("user", path, Marked(Of("made")))),
            all_of(sets("made", "keepers", {"generation": "1"}), sets("user", "passwordWoVersion", 1)),
            ("made",),
            frozenset(also),
        )
        for path, also in (
            ("password", ()),
            ("passwordWo", {("atlas-user-password-rotates", "user")}),
        )
    ),
    wrong("atlas-certificate-ends", "certificate", "monthsUntilExpiration", 24, 12),
    wrong("atlas-user-scoped", "user", "scopes[0].type", "DATA_LAKE", "CLUSTER"),
    wrong("atlas-role-names-databases", "role", "actions[0].resources[0].databaseName", "", "madebuy"),
    wrong("atlas-role-destroys-nothing", "role", "actions[0].action", "DROP_DATABASE", "FIND"),
    Case(
        "atlas-role-inherits-no-admin",
        sets("role", "inheritedRoles", [{"roleName": "atlasAdmin", "databaseName": "admin"}]),
        sets("role", "inheritedRoles", []),
        ("role",),
    ),
    wrong("atlas-role-not-cluster-wide", "role", "actions[0].resources[0].cluster", True, False),
)

ORGANIZATION = (
    wrong("atlas-organization-mfa", "organization", "multiFactorAuthRequired", False, True),
    unset("atlas-organization-api-access-list", "organization", "apiAccessListRequired", True),
    unset("atlas-organization-security-contact", "organization", "securityContact", "security@madebuy.com.au"),
    wrong("atlas-organization-restricts-support", "organization", "restrictEmployeeAccess", False, True),
    unset("atlas-organization-no-generative-ai", "organization", "genAiFeaturesEnabled", False),
    wrong(
        "atlas-guard-rail-forbids",
        "guard-rail",
        "policies",
        [{"body": ""}],
        [{"body": "forbid (principal, action, resource);"}],
    ),
    Case(
        "atlas-guard-rails-cover",
        lambda estate: estate,
        adds(
            Described(t.ATLAS_RESOURCE_POLICY, "list", {"orgId": "1", "policies": [{"body": f"forbid {OPEN_LIST};"}]})
        ),
        ("guard-rail",),
        config={"atlas-guard-rails-cover": {"words": ["0.0.0.0/0"]}},
    ),
    wrong("atlas-api-key-no-owner", "api-key", "roleNames[0]", "ORG_OWNER", "ORG_MEMBER"),
    wrong("atlas-service-account-no-owner", "service-account", "roles[0]", "ORG_OWNER", "ORG_MEMBER"),
    wrong("atlas-service-account-secret-ends", "service-account", "secretExpiresAfterHours", 8760, 8),
)

ENCRYPTION = (
    wrong("atlas-encryption-chain", "cluster", "encryptionAtRestProvider", "NONE", "AWS"),
    wrong("atlas-encryption-chain", "encryption", "awsKmsConfig.enabled", False, True),
    Case(
        "atlas-encryption-chain",
        all_of(sets("cluster", "projectId", Of("project")), drops("encryption")),
        restores("encryption"),
        ("cluster",),
    ),
    wrong("atlas-encryption-chain", "encryption", "awsKmsConfig.customerMasterKeyId", "1234-abcd", Of("key")),
    unset("atlas-encryption-chain", "encryption", "awsKmsConfig.roleId", Of("authorization")),
    unset(
        "atlas-encryption-search-nodes",
        "encryption",
        "enabledForSearchNodes",
        True,
    ),
    wrong(
        "atlas-encryption-by-role",
        "encryption",
        "awsKmsConfig.accessKeyId",
        "AKIA",
        None,
    ),
)

CASES = (*ACCESS, *CLUSTER, *BACKUP, *PROJECT, *USERS, *ORGANIZATION, *ENCRYPTION)
