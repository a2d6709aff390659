"""The estate at Atlas."""

from __future__ import annotations

from policies import tokens as t
from tests.policies.described import Described, Marked, Of
from tests.policies.estate_base import EVENT_TYPES, TAGS

THRESHOLDS = {
    "CPS_SNAPSHOT_BEHIND": {"thresholdConfig": {"operator": "GREATER_THAN", "threshold": 12, "units": "HOURS"}},
    "OUTSIDE_METRIC_THRESHOLD": {
        "metricThresholdConfig": {
            "metricName": "DISK_PARTITION_SPACE_USED_DATA",
            "operator": "GREATER_THAN",
            "threshold": 90,
        }
    },
    "REPLICATION_OPLOG_WINDOW_RUNNING_OUT": {
        "thresholdConfig": {"operator": "LESS_THAN", "threshold": 1, "units": "HOURS"}
    },
}

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
            "useEffectiveFields": True,
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
            "copyPolicyItemsEnabled": True,
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
                **THRESHOLDS.get(event, {}),
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
