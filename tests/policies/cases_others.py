"""How each rule of AWS, Upstash, Doppler and the stack as a whole is broken, and its fix."""

from __future__ import annotations

from typing import Any

from policies import tokens as t
from tests.policies.changes import (
    Case,
    adds,
    all_of,
    drops,
    ignores,
    missing,
    protects,
    restores,
    sets,
    surplus,
    unset,
    wrong,
)
from tests.policies.described import Described, Marked, Of
from tests.policies.estate_base import AWS, TAGS, document


def allow(action: Any, resource: str = "*", **more: Any) -> str:
    return document({"Effect": "Allow", "Action": action, "Resource": resource, **more})


def trust(principal: Any, **more: Any) -> str:
    return document({"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole", **more})


READ_BY = document(
    {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::ACCOUNT:root"}, "Action": "s3:GetObject", "Resource": "*"},
    {
        "Effect": "Deny",
        "Principal": "*",
        "Action": "s3:*",
        "Resource": "*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    },
)


def read_by(account: str) -> str:
    return READ_BY.replace("ACCOUNT", account)


BY_ATLAS = {"ArnEquals": {"aws:PrincipalArn": f"{AWS}:role/atlas"}}
OF_OURS = {"Condition": {"StringEquals": {"aws:ResourceAccount": "000000000001"}}}
GLUE = "arn:aws:s3:::aws-glue-assets-000000000001-ap-southeast-2"
EXTERNAL = {"Condition": {"StringEquals": {"sts:ExternalId": "1f2e"}}}
SUBJECT = "token.actions.githubusercontent.com:sub"


def federated(subject: str) -> str:
    return trust({"Federated": f"{AWS}:oidc-provider/x"}, Condition={"StringLike": {SUBJECT: subject}})


READER = {"AWS": f"{AWS}:role/reports"}
ADMINISTERED = {
    "Effect": "Allow",
    "Principal": {"AWS": f"{AWS}:root"},
    "Action": "kms:PutKeyPolicy",
    "Resource": "*",
}
BY_ROLE = {"Effect": "Allow", "Principal": {"AWS": f"{AWS}:role/atlas"}, "Action": "kms:Decrypt", "Resource": "*"}

KMS = (
    wrong("kms-key-rotation", "key", "enableKeyRotation", False, True),
    unset("kms-key-rotation", "key", "enableKeyRotation", True),
    wrong(
        "kms-key-not-public",
        "key",
        "policy",
        allow("kms:Decrypt", Principal="*"),
        allow("kms:Decrypt", Principal={"AWS": f"{AWS}:role/atlas"}),
    ),
    wrong(
        "kms-key-policy-bounded",
        "key",
        "policy",
        allow("kms:*", Principal={"AWS": f"{AWS}:root"}, Condition=BY_ATLAS),
        allow("kms:Decrypt", Principal={"AWS": f"{AWS}:root"}, Condition=BY_ATLAS),
    ),
    *(
        wrong(
            "atlas-key-for-atlas-alone",
            "key",
            "policy",
            document(BY_ROLE, {"Effect": "Allow", "Action": action, "Resource": "*", **whom}),
            document(BY_ROLE),
        )
        for action, whom in (
            ("kms:Decrypt", {"Principal": {"AWS": f"{AWS}:role/reports"}}),
            ("kms:GenerateDataKey*", {"Principal": {"Service": "logs.amazonaws.com"}}),
            (
                "kms:Decrypt",
                {
                    "Principal": {"AWS": f"{AWS}:root"},
                    "Condition": {"ArnLike": {"aws:PrincipalArn": [f"{AWS}:role/atlas", f"{AWS}:role/*"]}},
                },
            ),
            (
                "kms:Decrypt",
                {"Principal": {"AWS": f"{AWS}:root"}, "Condition": {"StringEquals": {"kms:ViaService": "s3"}}},
            ),
        )
    ),
    surplus(
        "atlas-key-for-atlas-alone",
        Described(
            t.KMS_KEY_POLICY, "key-policy", {"keyId": Of("key"), "policy": allow("kms:Decrypt", Principal=READER)}
        ),
    ),
    surplus(
        "atlas-key-for-atlas-alone",
        Described(
            t.KMS_GRANT,
            "grant",
            {"keyId": Of("key"), "granteePrincipal": f"{AWS}:role/reports", "operations": ["Decrypt"]},
        ),
    ),
    wrong(
        "atlas-key-for-atlas-alone",
        "key",
        "policy",
        document(ADMINISTERED, BY_ROLE | {"Principal": {"AWS": "arn:aws:iam::000000000009:role/atlas"}}),
        document(ADMINISTERED, BY_ROLE),
    ),
    unset("kms-key-has-policy", "key", "policy", allow("kms:Decrypt", Principal={"AWS": f"{AWS}:role/atlas"})),
    wrong(
        "kms-key-has-policy",
        "key",
        "policy",
        allow("kms:*", Principal={"AWS": f"{AWS}:root"}),
        allow(["kms:DescribeKey", "kms:PutKeyPolicy"], Principal={"AWS": f"{AWS}:root"}),
    ),
    wrong("kms-key-no-lockout", "key", "bypassPolicyLockoutSafetyCheck", True, False),
    wrong("kms-key-enabled", "key", "isEnabled", False, True),
    wrong("kms-key-deletion-waits", "key", "deletionWindowInDays", 7, 30),
    unset("kms-key-described", "key", "description", "Encrypts the database"),
    wrong("kms-key-single-region", "key", "multiRegion", True, False),
    Case(
        "kms-key-used",
        adds(
            Described(
                t.KMS_KEY,
                "spare",
                {
                    "description": "?",
                    "enableKeyRotation": True,
                    "tags": TAGS,
                    "policy": allow("kms:Decrypt", Principal={"AWS": f"{AWS}:role/atlas"}),
                },
                protect=True,
            )
        ),
        adds(Described(t.KMS_ALIAS, "spare-alias", {"targetKeyId": Of("spare")})),
        ("spare",),
    ),
)

IAM = (
    wrong(
        "iam-role-not-administrator",
        "deployment-role",
        "managedPolicyArns",
        ["arn:aws:iam::aws:policy/AdministratorAccess"],
        [],
    ),
    Case(
        "iam-role-not-administrator",
        all_of(
            sets("deployment-role", "assumeRolePolicy", trust({"AWS": "arn:aws:iam::999999999999:root"}, **EXTERNAL)),
            sets("deployment-role", "managedPolicyArns", ["arn:aws:iam::aws:policy/ReadOnlyAccess"]),
        ),
        sets("deployment-role", "managedPolicyArns", []),
        ("deployment-role",),
    ),
    *(
        surplus(rule, Described(kind, "given", {"policyArn": f"arn:aws:iam::aws:policy/{policy}"}))
        for kind in (t.IAM_ROLE_POLICY_ATTACHMENT, t.IAM_GROUP_POLICY_ATTACHMENT, t.IAM_POLICY_ATTACHMENT)
        for rule, policy in (
            ("iam-role-not-administrator", "AdministratorAccess"),
            ("iam-no-cloudshell", "AWSCloudShellFullAccess"),
        )
    ),
    Case(
        "iam-policy-not-everything",
        sets("deployment-role", "inlinePolicies", [{"name": "all", "policy": allow("*")}]),
        sets("deployment-role", "inlinePolicies", [{"name": "some", "policy": allow("s3:GetObject", "arn:x")}]),
        ("deployment-role",),
    ),
    surplus(
        "iam-policy-not-everything", Described(t.IAM_GROUP_POLICY, "of-group", {"group": "x", "policy": allow("*")})
    ),
    *(
        Case(
            "iam-account-roles",
            lambda estate: estate,
            adds(
                Described(
                    t.IAM_ROLE,
                    "auditor",
                    {"name": "auditor", "tags": TAGS, "managedPolicyArns": ["arn:aws:iam::aws:policy/SecurityAudit"]},
                ),
                Described(t.IAM_ROLE, "helped", {"name": "helped", "tags": TAGS}),
                Described(
                    t.IAM_ROLE_POLICY_ATTACHMENT,
                    "help",
                    {"role": Of("helped"), "policyArn": "arn:aws:iam::aws:policy/AWSSupportAccess"},
                ),
            ),
            ("raw-prod",),
            config={"iam-account-roles": {"stacks": [glob]}},
        )
        for glob in ("prod", "pro*")
    ),
    wrong(
        "iam-role-trust-bound",
        "deployment-role",
        "assumeRolePolicy",
        trust({"AWS": "arn:aws:iam::999999999999:root"}),
        trust({"AWS": "arn:aws:iam::999999999999:root"}, **EXTERNAL),
    ),
    wrong(
        "iam-role-trust-bound",
        "deployment-role",
        "assumeRolePolicy",
        trust({"Service": "events.amazonaws.com"}),
        trust({"Service": "lambda.amazonaws.com"}),
    ),
    wrong(
        "iam-federated-trust-bound",
        "deployment-role",
        "assumeRolePolicy",
        federated("repo:*:environment:production"),
        federated("repo:madebuy/infra:environment:production"),
        also={("iam-federated-trust-reviewed", "deployment-role")},
    ),
    wrong(
        "iam-federated-trust-reviewed",
        "deployment-role",
        "assumeRolePolicy",
        federated("repo:madebuy/infra:*"),
        federated("repo:madebuy/infra:ref:refs/heads/main"),
    ),
    wrong(
        "iam-federated-trust-reviewed",
        "deployment-role",
        "assumeRolePolicy",
        federated("repo:madebuy/infra:pull_request"),
        federated("repo:madebuy/infra:environment:production"),
    ),
    wrong(
        "iam-role-trust-bound",
        "deployment-role",
        "assumeRolePolicy",
        trust("*", **EXTERNAL),
        trust({"AWS": "arn:aws:iam::999999999999:root"}, **EXTERNAL),
    ),
    wrong("iam-policy-not-everything", "use-of-key", "policy", allow("*"), allow("kms:Decrypt", "arn:aws:kms:key")),
    wrong(
        "iam-policy-no-whole-service", "use-of-key", "policy", allow("kms:*"), allow("kms:Decrypt", "arn:aws:kms:key")
    ),
    wrong("iam-policy-no-whole-service", "use-of-key", "policy", allow("*", "arn:x"), allow("kms:Decrypt", "arn:x")),
    wrong("iam-policy-keys-bounded", "use-of-key", "policy", allow("kms:Decrypt"), allow("kms:Decrypt", "arn:x")),
    wrong(
        "iam-policy-keys-bounded",
        "use-of-key",
        "policy",
        allow("kms:UpdateAlias", "arn:aws:kms:*:000000000001:alias/*"),
        allow("kms:UpdateAlias", "arn:aws:kms:*:000000000001:alias/madebuy-production-*"),
    ),
    wrong("iam-role-session-bounded", "deployment-role", "maxSessionDuration", 43200, 3600),
    wrong("oidc-provider-audience", "github", "clientIdLists[0]", "*", "sts.amazonaws.com"),
    wrong("oidc-provider-tls", "github", "url", "http://tokens.example", "https://tokens.example"),
    wrong(
        "iam-policy-no-escalation",
        "use-of-key",
        "policy",
        allow(["iam:PassRole", "s3:GetObject"]),
        allow("iam:PassRole", f"{AWS}:role/one"),
    ),
    wrong(
        "iam-policy-no-escalation",
        "use-of-key",
        "policy",
        allow("sts:AssumeRole"),
        allow("sts:AssumeRole", f"{AWS}:role/one"),
    ),
    wrong(
        "iam-policy-no-whole-service",
        "use-of-key",
        "policy",
        allow("cloudtrail:*"),
        allow("cloudtrail:LookupEvents"),
    ),
    surplus("iam-roles-not-users", Described(t.IAM_ACCESS_KEY, "build-key", {"user": "build"})),
    surplus("iam-roles-not-users", Described(t.IAM_USER_POLICY, "of-user", {"user": "x", "policy": allow("s3:Get*")})),
    surplus(
        "iam-roles-not-users", Described(t.IAM_USER_POLICY_ATTACHMENT, "to-user", {"user": "x", "policyArn": "arn:x"})
    ),
    Case(
        "iam-role-one-owner",
        adds(
            Described(t.IAM_ROLE, "two-ways", {"name": "two", "tags": TAGS, "managedPolicyArns": ["arn:x/ReadOnly"]}),
            Described(t.IAM_ROLE_POLICY_ATTACHMENT, "attachment", {"role": Of("two-ways"), "policyArn": "arn:x/Other"}),
        ),
        drops("attachment"),
        ("two-ways",),
    ),
    wrong(
        "atlas-role-trusts-atlas",
        "atlas-role",
        "assumeRolePolicy",
        document(
            {"Effect": "Allow", "Principal": {"AWS": f"{AWS}:root"}, "Action": "sts:AssumeRole", **EXTERNAL},
            {"Effect": "Allow", "Principal": {"AWS": f"{AWS}:user/x"}, "Action": "sts:AssumeRole", **EXTERNAL},
        ),
        trust({"AWS": f"{AWS}:root"}, **EXTERNAL),
    ),
    wrong(
        "atlas-role-trusts-atlas",
        "atlas-role",
        "assumeRolePolicy",
        trust("*", **EXTERNAL),
        trust({"AWS": f"{AWS}:root"}, **EXTERNAL),
        also={("iam-role-trust-bound", "atlas-role")},
    ),
)

S3 = (
    wrong("s3-public-access-blocked", "exports-private", "ignorePublicAcls", False, True),
    missing("s3-public-access-blocked", "exports-private", at="exports"),
    missing("s3-tls-only", "exports-policy", at="exports"),
    wrong(
        "s3-policy-not-public",
        "exports-policy",
        "policy",
        document(
            {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": "*"},
            {
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": "*",
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            },
        ),
        document(
            {
                "Effect": "Deny",
                "Principal": "*",
                "Action": "s3:*",
                "Resource": "*",
                "Condition": {"Bool": {"aws:SecureTransport": "false"}},
            },
        ),
    ),
    wrong(
        "s3-encrypted-with-key",
        "exports-encryption",
        "rules[0].applyServerSideEncryptionByDefault.sseAlgorithm",
        "AES256",
        "aws:kms",
    ),
    missing("s3-encrypted-with-key", "exports-encryption", at="exports"),
    wrong("s3-versioned", "exports-versioning", "versioningConfiguration.status", "Suspended", "Enabled"),
    missing("s3-versioned", "exports-versioning", at="exports"),
    missing("s3-locked", "exports-lock", at="exports"),
    wrong("s3-lifecycle", "exports-lifecycle", "rules[0].status", "Disabled", "Enabled", at="exports"),
    missing("s3-logged", "exports-logging", at="exports"),
    wrong("s3-no-acls", "exports-ownership", "rule.objectOwnership", "ObjectWriter", "BucketOwnerEnforced"),
    surplus("s3-no-acls", Described(t.S3_ACL, "acl", {"bucket": "madebuy-exports", "acl": "private"})),
    *(
        wrong("s3-foretold-bucket-owned", "use-of-key", "policy", allow("s3:*", arn), allow("s3:*", arn, **OF_OURS))
        for arn in (
            f"{GLUE}/*",
            GLUE,
            "arn:aws:s3:::aws-glue-assets-*/*",
            "arn:aws:s3:::sagemaker-ap-southeast-2-000000000001",
            "arn:aws:s3:::cdk-hnb659fds-assets-000000000001-ap-southeast-2/*",
            "arn:aws:s3:::cf-templates-1a2b3c-us-east-1",
        )
    ),
    Case(
        "s3-foretold-bucket-owned",
        sets("use-of-key", "policy", allow("s3:PutObject", GLUE)),
        sets("use-of-key", "policy", allow("s3:PutObject", "arn:aws:s3:::madebuy-exports-and-more")),
        ("use-of-key",),
    ),
    *(
        Case(
            "s3-access-point-private",
            adds(Described(kind, "point").having(f"{block}.{setting}", value=False)),
            sets("point", f"{block}.{setting}", value=True),
            ("point",),
        )
        for kind, block in (
            (t.S3_ACCESS_POINT, "publicAccessBlockConfiguration"),
            (t.S3_MULTI_REGION_ACCESS_POINT, "details.publicAccessBlock"),
        )
        for setting in ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
    ),
    missing("s3-events-sent", "exports-events", at="exports"),
    wrong("s3-events-sent", "exports-events", "eventbridge", False, True, at="exports"),
    wrong("s3-not-emptied-on-destroy", "exports", "forceDestroy", True, False),
    wrong("s3-account-public-access-blocked", "account-private", "blockPublicPolicy", False, True),
    wrong("s3-replicated", "exports-copied", "rules[0].status", "Disabled", "Enabled", at="exports"),
    Case(
        "s3-policy-own-accounts",
        sets("exports-policy", "policy", read_by("999999999999")),
        sets("exports-policy", "policy", read_by("000000000001")),
        ("exports-policy",),
        config={"s3-policy-own-accounts": {"accounts": ["000000000001"]}},
    ),
)


def watching(feature: str, status: str = "ENABLED") -> Described:
    props = {"detectorId": Of("detector"), "name": feature, "status": status}
    return Described(t.GUARDDUTY_FEATURE, f"watching-{feature.lower().replace('_', '-')}", props)


def administrator(region: str) -> Described:
    props = {"adminAccountId": "000000000002", "region": region}
    return Described(t.GUARDDUTY_ADMIN_ACCOUNT, f"administrator-{region}", props)


GUARDDUTY = (
    wrong("aws-region-allowed", "detector", "region", "us-east-1", "ap-southeast-2"),
    wrong("aws-region-allowed", "key", "region", "us-east-1", "ap-southeast-4"),
    wrong("guardduty-enabled", "detector", "enable", False, True),
    Case(
        "guardduty-declared",
        drops("detector", "detector-s3"),
        restores("detector", "detector-s3"),
        ("raw-prod",),
        config={"guardduty-declared": {"stacks": ["prod"]}},
    ),
    missing("guardduty-watches-s3", "detector-s3", at="detector"),
    missing("guardduty-findings-told", "findings-to-topic", at="detector"),
    missing("guardduty-findings-told", "topic-mail", at="detector"),
    wrong("event-rule-enabled", "findings", "state", "DISABLED", "ENABLED"),
    unset("sns-topic-encrypted", "topic", "kmsMasterKeyId", Of("key")),
    wrong("sns-subscription-tls", "topic-mail", "protocol", "http", "https"),
    wrong(
        "sns-topic-not-public",
        "topic-policy",
        "policy",
        allow("sns:Publish", Principal="*"),
        allow("sns:Publish", Principal={"AWS": f"{AWS}:root"}),
    ),
    wrong(
        "sns-topic-not-public",
        "topic-policy",
        "policy",
        allow("sns:Publish", Principal={"Service": "events.amazonaws.com"}),
        allow(
            "sns:Publish",
            Principal={"Service": "events.amazonaws.com"},
            Condition={"StringEquals": {"aws:SourceAccount": "000000000001"}},
        ),
    ),
    wrong("guardduty-watches-s3", "detector-s3", "status", "DISABLED", "ENABLED", at="detector"),
    Case(
        "guardduty-watches-s3",
        drops("detector-s3"),
        sets("detector", "datasources", {"s3Logs": {"enable": True}}),
        ("detector",),
    ),
    *(
        Case(
            "guardduty-watches-workloads",
            adds(Described(kind, "workload", props)),
            adds(*(watching(feature) for feature in features)),
            ("detector",),
        )
        for kind, props, features in (
            (t.EC2_INSTANCE, {}, ("EBS_MALWARE_PROTECTION",)),
            (t.EC2_LAUNCH_TEMPLATE, {}, ("EBS_MALWARE_PROTECTION",)),
            (t.EKS_NODE_GROUP, {}, ("EBS_MALWARE_PROTECTION",)),
            (t.EKS_CLUSTER, {}, ("EKS_AUDIT_LOGS", "RUNTIME_MONITORING")),
            (t.EKS_CLUSTER, {}, ("EKS_AUDIT_LOGS", "EKS_RUNTIME_MONITORING")),
            (t.LAMBDA_FUNCTION, {}, ("LAMBDA_NETWORK_LOGS",)),
            (t.RDS_CLUSTER, {"engine": "aurora-postgresql"}, ("RDS_LOGIN_EVENTS",)),
            (t.RDS_INSTANCE, {"engine": "postgres"}, ("RDS_LOGIN_EVENTS",)),
        )
    ),
    Case(
        "guardduty-watches-workloads",
        adds(Described(t.EC2_INSTANCE, "workload"), watching("EBS_MALWARE_PROTECTION", "DISABLED")),
        sets("watching-ebs-malware-protection", "status", "ENABLED"),
        ("detector",),
    ),
    Case(
        "guardduty-watches-workloads",
        adds(Described(t.EC2_INSTANCE, "workload")),
        sets(
            "detector",
            "datasources",
            {"malwareProtection": {"scanEc2InstanceWithFindings": {"ebsVolumes": {"enable": True}}}},
        ),
        ("detector",),
    ),
    Case(
        "guardduty-watches-workloads",
        lambda estate: estate,
        adds(watching("LAMBDA_NETWORK_LOGS")),
        ("detector",),
        config={"guardduty-watches-workloads": {"features": ["LAMBDA_NETWORK_LOGS"]}},
    ),
    *(
        Case(
            "guardduty-managed-centrally",
            lambda estate: estate,
            adds(manager),
            ("detector",),
            config={"guardduty-managed-centrally": {"stacks": ["prod"]}},
        )
        for manager in (
            Described(
                t.GUARDDUTY_ORGANIZATION,
                "central",
                {"detectorId": Of("detector"), "autoEnableOrganizationMembers": "ALL"},
            ),
            Described(t.GUARDDUTY_MEMBER, "central", {"detectorId": Of("detector"), "accountId": "000000000002"}),
            Described(t.GUARDDUTY_INVITE_ACCEPTER, "central", {"detectorId": Of("detector")}),
        )
    ),
    Case(
        "guardduty-members-watched",
        adds(
            Described(
                t.GUARDDUTY_ORGANIZATION,
                "central",
                {"detectorId": "1f2e", "autoEnableOrganizationMembers": "NONE"},
            )
        ),
        sets("central", "autoEnableOrganizationMembers", "NEW"),
        ("central",),
    ),
    Case(
        "guardduty-member-features-watched",
        adds(
            Described(
                t.GUARDDUTY_ORGANIZATION_FEATURE,
                "central",
                {"detectorId": "1f2e", "name": "S3_DATA_EVENTS", "autoEnable": "NONE"},
            )
        ),
        sets("central", "autoEnable", "ALL"),
        ("central",),
    ),
    Case(
        "guardduty-administered-everywhere",
        adds(administrator("ap-southeast-2")),
        adds(administrator("ap-southeast-4")),
        ("administrator-ap-southeast-2",),
        config={"guardduty-administered-everywhere": {"regions": ["ap-southeast-2", "ap-southeast-4"]}},
    ),
)

APPS = (
    wrong("redis-tls", "redis", "tls", False, True),
    unset("redis-tls", "redis", "tls", True),
    wrong("redis-keeps-entries", "redis", "eviction", True, False),
    Case(
        "redis-keeps-entries",
        sets("redis", "eviction", True),
        sets("redis", "databaseName", "madebuy-pages"),
        ("redis",),
    ),
    unset("redis-budget", "redis", "budget", 20),
    wrong("redis-budget", "redis", "budget", 2, 5),
    wrong("redis-access-list-narrow", "redis", "ipAllowlists[0]", "0.0.0.0/0", "203.0.113.10/32"),
    unset("redis-access-list-exists", "redis", "ipAllowlists", ["203.0.113.10/32"]),
    unset("redis-survives-a-zone", "redis", "readRegions", ["ap-southeast-2"]),
    wrong("redis-region-allowed", "redis", "primaryRegion", "us-east-1", "ap-southeast-2"),
    wrong("doppler-service-token-read-only", "service-token", "access", "read/write", "read"),
    wrong("doppler-secret-masked", "redis-token", "visibility", "unmasked", "restricted"),
    missing("credentials-reach-doppler", "redis-token", at="redis"),
    missing("credentials-reach-doppler", "api-key-secret", at="api-key"),
    Case(
        "credentials-reach-doppler",
        all_of(sets("user", "authDatabaseName", "admin"), drops("user-secret")),
        restores("user-secret"),
        ("user",),
        config={"atlas-user-external-authentication": {"appliesIn": "nowhere"}},
    ),
    missing("credentials-reach-doppler", "certificate-secret", at="certificate"),
    Case(
        "credentials-reach-doppler",
        drops("service-account-secret"),
        sets("service-account", "withoutInitialSecret", True),
        ("service-account",),
    ),
    *(
        Case(
            "credentials-reach-doppler",
            adds(Described(kind, "giver", props)),
            adds(Described(t.DOPPLER_SECRET, "given", {"config": "prd", "name": "KEY", "value": Marked(Of("giver"))})),
            ("giver",),
        )
        for kind, props in (
            (t.ATLAS_AI_MODEL_API_KEY, {}),
            (t.ATLAS_MCP_CONFIG_SECRET, {}),
            (t.ATLAS_PROJECT_API_KEY, {"projectAssignments": [{"projectId": "p", "roleNames": ["GROUP_READ_ONLY"]}]}),
            (t.ATLAS_PROJECT_MCP_CONFIG_SECRET, {}),
            (t.ATLAS_PROJECT_SERVICE_ACCOUNT, {"secretExpiresAfterHours": 8, "roles": ["GROUP_READ_ONLY"]}),
            (t.ATLAS_PROJECT_SERVICE_ACCOUNT_SECRET, {"clientId": "mdb_sa_id_1", "secretExpiresAfterHours": 8}),
            (t.ATLAS_SERVICE_ACCOUNT_SECRET, {"clientId": "mdb_sa_id_1", "secretExpiresAfterHours": 8}),
        )
    ),
    *(
        surplus(
            "doppler-secret-own-environment",
            Described(
                t.DOPPLER_SECRET,
                "borrowed",
                {"project": "madebuy", "config": "prd_web", "name": "MAIL_KEY", "value": Marked(f"${{{reference}}}")},
            ),
        )
        for reference in ("dev.MAIL_KEY", "madebuy.stg_web.MAIL_KEY")
    ),
    Case(
        "doppler-secret-own-environment",
        adds(
            Described(
                t.DOPPLER_SECRET,
                "borrowed",
                {"project": "madebuy", "config": "prd_web", "name": "MAIL_KEY", "value": Marked("${shared.dev.KEY}")},
            )
        ),
        sets("borrowed", "value", Marked("${shared.prd.KEY}")),
        ("borrowed",),
    ),
    wrong("doppler-member-not-admin", "member", "role", "admin", "viewer"),
    wrong("doppler-no-personal-configs", "environment", "personalConfigs", True, False),
    unset("doppler-account-token-ends", "account-token", "expiresAt", "2027-01-01T00:00:00Z"),
    wrong("doppler-account-token-ends", "account-token", "expiresAt", "2037-01-01T00:00:00Z", "2027-01-01T00:00:00Z"),
    unset("doppler-webhook-signed", "webhook", "secret", Marked("signed-by-us")),
    Case(
        "doppler-service-token-rotates",
        lambda estate: estate,
        drops("service-token"),
        ("service-token",),
        config={"doppler-service-token-rotates": {"appliesIn": "everywhere"}},
    ),
    wrong("doppler-webhook-tls", "webhook", "url", "http://deploy.madebuy.com.au", "https://deploy.madebuy.com.au"),
    wrong("doppler-webhook-enabled", "webhook", "enabled", False, True),
)

STACK = (
    wrong("plaintext-secret", "user", "password", "correct-horse-battery", Marked("correct-horse-battery")),
    Case(
        "plaintext-secret",
        adds(
            Described(
                t.DOPPLER_SECRET, "plain", {"project": "madebuy", "name": "APP_SALT", "value": "0123456789abcdef"}
            )
        ),
        sets("plain", "value", Marked("0123456789abcdef")),
        ("plain",),
    ),
    Case(
        "output-secret", lambda estate: estate, lambda estate: estate, ("raw-prod",), outputs={"dbPassword": "hunter2"}
    ),
    Case(
        "output-secret",
        lambda estate: estate,
        lambda estate: estate,
        ("raw-prod",),
        outputs={"uris": ["rediss://default:hunter22@example.net:6379"]},
    ),
    wrong(
        "plaintext-credential-text",
        "role",
        "roleName",
        "mongodb+srv://web:hunter22@cluster.example.net",
        "web",
    ),
    Case(
        "secret-stays-secret",
        sets("project", "description", "the password is correct-horse-battery for now"),
        sets("project", "description", "production"),
        ("project",),
    ),
    wrong("required-tags", "project", "tags", {"environment": "production", "project": "madebuy"}, TAGS),
    wrong("required-tags", "key", "tags.cost-center", "", "infrastructure"),
    wrong("tag-values", "cluster", "tags.environment", "prd", "production"),
    Case(
        "stack-tagged",
        lambda estate: estate,
        lambda estate: estate,
        ("raw-prod",),
        tags={"environment": "production"},
        mended_tags=TAGS,
    ),
    Case(
        "stack-tagged",
        lambda estate: estate,
        lambda estate: estate,
        ("raw-prod",),
        config={"stack-tagged": {"stacks": ["prod*"]}},
        mended_tags=TAGS,
    ),
    Case(
        "output-not-in-doppler",
        adds(
            Described(
                t.DOPPLER_SECRET,
                "exported",
                {"config": "prd", "name": "APP_SALT_SECRET", "value": Marked("0123456789abcdef")},
            )
        ),
        lambda estate: estate,
        ("raw-prod",),
        outputs={"salt": Marked("0123456789abcdef")},
        mended_outputs={},
    ),
    Case("changes-are-made", ignores("hsts", "*"), ignores("hsts", "enabled"), ("hsts",)),
    Case("stateful-protected", protects("redis", protect=False), protects("redis", protect=True), ("redis",)),
    wrong("stack-budget", "redis", "prodPack", True, False, at="redis"),
    Case(
        "recovery-point",
        sets("cluster", "pitEnabled", False),
        sets("cluster", "pitEnabled", True),
        ("cluster",),
        frozenset({("atlas-cluster-point-in-time", "cluster"), ("recovery-time", "cluster")}),
    ),
    wrong("recovery-time", "monitor", "interval", 1200, 60, at="zone", also={("monitor-detects-in-time", "monitor")}),
)

CASES = (*KMS, *IAM, *S3, *GUARDDUTY, *APPS, *STACK)
