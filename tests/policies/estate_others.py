"""The estate at AWS, Upstash and Doppler."""

from __future__ import annotations

from policies import tokens as t
from tests.policies.described import Described, Marked, Of
from tests.policies.estate_base import AWS, TAGS, document

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
                {"Effect": "Allow", "Principal": {"AWS": f"{AWS}:role/atlas"}, "Action": "kms:Decrypt", "Resource": "*"}
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
    Described(t.SNS_TOPIC, "topic", {"name": "findings", "kmsMasterKeyId": Of("key"), "tags": TAGS}),
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
                    "Condition": {"ArnEquals": {"aws:SourceArn": "arn:aws:events:rule/findings"}},
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
    Described(t.S3_NOTIFICATION, "exports-events", {"bucket": "madebuy-exports", "eventbridge": True}),
    Described(t.S3_OBJECT_LOCK, "exports-lock", {"bucket": "madebuy-exports"}),
    Described(
        t.S3_REPLICATION,
        "exports-copied",
        {"bucket": "madebuy-exports", "role": "arn:x", "rules": [{"id": "all", "status": "Enabled"}]},
    ),
    Described(
        t.S3_ACCOUNT_BLOCK,
        "account-private",
        {"blockPublicAcls": True, "blockPublicPolicy": True, "ignorePublicAcls": True, "restrictPublicBuckets": True},
    ),
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
    *(
        Described(
            t.DOPPLER_SECRET,
            f"{holder}-secret",
            {"project": "madebuy", "config": "prd_jobs", "name": name, "value": Marked(Of(holder))},
        )
        for holder, name in (
            ("api-key", "ATLAS_PRIVATE_KEY"),
            ("certificate", "ATLAS_CERTIFICATE"),
            ("service-account", "ATLAS_CLIENT_SECRET"),
        )
    ),
    Described(
        t.DOPPLER_SECRET,
        "user-secret",
        {
            "project": "madebuy",
            "config": "prd_jobs",
            "name": "MONGODB_URI",
            "value": Marked("mongodb+srv://web:correct-horse-battery@madebuy.example.net"),
        },
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
