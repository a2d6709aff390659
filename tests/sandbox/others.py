"""One accepted example of each simulated type that no vendor rule is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.sandbox.account import ACCOUNT, ORG, Account, allow, trust

if TYPE_CHECKING:
    from collections.abc import Callable

SUBJECT = {"commonName": "shop.example"}
POLICY = allow(["sns:Publish"], "*").replace('"Resource"', '"Principal": "*", "Resource"')


def _in_zone(**more: Any) -> Callable[[Account], dict[str, Any]]:
    return lambda account: {"zoneId": account.zone(), **more}


def _of_r2(**more: Any) -> Callable[[Account], dict[str, Any]]:
    def make(account: Account) -> dict[str, Any]:
        account.make("R2Bucket", {"accountId": ACCOUNT, "name": "media"})
        return {"accountId": ACCOUNT, "bucketName": "media", **more}

    return make


def _of_s3(**more: Any) -> Callable[[Account], dict[str, Any]]:
    def make(account: Account) -> dict[str, Any]:
        account.make("aws:Bucket", {"bucket": "shop-exports"})
        return {"bucket": "shop-exports", **more}

    return make


def _event_target(account: Account) -> dict[str, Any]:
    topic = account.make("aws:Topic", {"name": "findings"})
    account.make("EventRule", {"name": "findings", "eventPattern": "{}"})
    return {"rule": "findings", "arn": topic.id, "targetId": "people"}


def _attachment(account: Account) -> dict[str, Any]:
    role = account.make("aws:Role", {"name": "web", "assumeRolePolicy": trust("x")})
    return {"role": role.id, "policyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}


def _team_assignment(account: Account) -> dict[str, Any]:
    team = account.make("Team", {"orgId": ORG, "name": "shop"})
    return {"projectId": account.project(), "teamId": team.id, "roleNames": ["GROUP_READ_ONLY"]}


def _snapshot(account: Account) -> dict[str, Any]:
    project = account.project()
    account.cluster(project, backupEnabled=True)
    return {"projectId": project, "clusterName": "main", "description": "before the sale", "retentionInDays": 7}


def _service_account(account: Account) -> str:
    return str(account.make("doppler:index/serviceAccount:ServiceAccount", {"name": "ci"}).state["slug"])


def _group(account: Account) -> str:
    return str(account.make("doppler:index/group:Group", {"name": "people"}).state["slug"])


OTHERS: dict[str, Callable[[Account], dict[str, Any]]] = {
    "ApiToken": lambda _: {
        "name": "deploy",
        "policies": [{"effect": "allow", "permissionGroups": [{"id": "6" * 32}], "resources": '{"com.x": "*"}'}],
    },
    "AuthenticatedOriginPullsCertificate": _in_zone(certificate="-----BEGIN", privateKey="-----BEGIN"),
    "AuthenticatedOriginPullsSettings": _in_zone(enabled=True),
    "BucketLifecycleConfiguration": _of_s3(rules=[{"id": "old", "status": "Enabled", "expiration": {"days": 90}}]),
    "BucketLogging": _of_s3(targetBucket="shop-logs", targetPrefix="s3/"),
    "BucketOwnershipControls": _of_s3(rule={"objectOwnership": "BucketOwnerEnforced"}),
    "BucketPublicAccessBlock": _of_s3(blockPublicAcls=True),
    "BucketServerSideEncryptionConfiguration": _of_s3(
        rules=[{"applyServerSideEncryptionByDefault": {"sseAlgorithm": "aws:kms"}}]
    ),
    "CertRequest": lambda _: {"privateKeyPem": "-----BEGIN", "subject": SUBJECT},
    "CloudBackupSnapshot": _snapshot,
    "CloudProviderAccessSetup": lambda account: {"projectId": account.project(), "providerName": "AWS"},
    "CustomHostnameFallbackOrigin": _in_zone(origin="shop.example"),
    "D1Database": lambda _: {"accountId": ACCOUNT, "name": "shop"},
    "DetectorFeature": lambda account: {
        "detectorId": account.make("Detector", {}).id,
        "name": "S3_DATA_EVENTS",
        "status": "ENABLED",
    },
    "EmailRoutingAddress": lambda _: {"accountId": ACCOUNT, "email": "ops@example.com"},
    "EventRule": lambda _: {"name": "findings", "eventPattern": "{}"},
    "EventTarget": _event_target,
    "LeakedCredentialCheck": _in_zone(enabled=True),
    "LogGroup": lambda _: {"name": "/shop", "retentionInDays": 30},
    "ManagedTransforms": _in_zone(managedRequestHeaders=[], managedResponseHeaders=[]),
    "OriginCaCertificate": lambda _: {
        "csr": "-----BEGIN",
        "hostnames": ["shop.example"],
        "requestType": "origin-rsa",
        "requestedValidity": 365,
    },
    "PrivateKey": lambda _: {"algorithm": "RSA"},
    "PrivateLinkEndpoint": lambda account: {
        "projectId": account.project(),
        "providerName": "AWS",
        "region": "AP_SOUTHEAST_2",
    },
    "ProjectRole": lambda _: {"name": "Reader", "permissions": ["secrets_read"]},
    "ProjectServiceAccount": lambda account: {
        "projectId": account.project(),
        "name": "ci",
        "description": "deploys",
        "roles": ["GROUP_OWNER"],
    },
    "Queue": lambda _: {"accountId": ACCOUNT, "queueName": "uploads"},
    "R2BucketEventNotification": lambda account: {
        **_of_r2()(account),
        "rules": [{"actions": ["PutObject"]}],
        "queueId": account.make("Queue", {"accountId": ACCOUNT, "queueName": "uploads"}).id,
    },
    "R2BucketLock": _of_r2(
        rules=[{"id": "keep", "enabled": True, "condition": {"type": "Age", "maxAgeSeconds": 86400}}]
    ),
    "R2ManagedDomain": _of_r2(enabled=False),
    "RandomBytes": lambda _: {"length": 32},
    "RandomId": lambda _: {"byteLength": 8},
    "RandomInteger": lambda _: {"min": 1, "max": 6},
    "RandomPassword": lambda _: {"length": 32},
    "RandomPet": lambda _: {"length": 2},
    "RandomString": lambda _: {"length": 8, "special": False},
    "RandomUuid": lambda _: {},
    "RolePolicyAttachment": _attachment,
    "SelfSignedCert": lambda _: {
        "privateKeyPem": "-----BEGIN",
        "subject": SUBJECT,
        "allowedUses": ["server_auth"],
        "validityPeriodHours": 24,
    },
    "ServiceAccountToken": lambda account: {"name": "ci", "serviceAccountSlug": _service_account(account)},
    "ServiceToken": lambda account: {"project": account.doppler(), "config": "prd", "name": "web"},
    "Team": lambda _: {"orgId": ORG, "name": "shop"},
    "TeamProjectAssignment": _team_assignment,
    "TieredCache": _in_zone(value="on"),
    "UniversalSslSetting": _in_zone(enabled=True),
    "UrlNormalizationSettings": _in_zone(scope="both", type="cloudflare"),
    "VpcEndpoint": lambda _: {
        "vpcId": "vpc-0123456789abcdef0",
        "vpcEndpointType": "Interface",
        "serviceName": "com.amazonaws.vpce.x",
    },
    "WorkersKvNamespace": lambda _: {"accountId": ACCOUNT, "title": "sessions"},
    "ZoneDnssec": _in_zone(status="active"),
    "aws:Policy": lambda _: {"name": "use", "policy": allow(["s3:GetObject"], "*")},
    "aws:Topic": lambda _: {"name": "findings"},
    "aws:TopicPolicy": lambda account: {"arn": account.make("aws:Topic", {"name": "findings"}).id, "policy": POLICY},
    "aws:TopicSubscription": lambda account: {
        "topic": account.make("aws:Topic", {"name": "findings"}).id,
        "protocol": "email",
        "endpoint": "ops@example.com",
    },
    "doppler:Project": lambda _: {"name": "shop"},
    "doppler:index/group:Group": lambda _: {"name": "people"},
    "doppler:index/serviceAccount:ServiceAccount": lambda _: {"name": "ci", "workplaceRole": "viewer"},
    "doppler:projectMember/group:Group": lambda account: {
        "project": account.doppler(),
        "groupSlug": _group(account),
        "role": "viewer",
    },
    "doppler:projectMember/serviceAccount:ServiceAccount": lambda account: {
        "project": account.doppler(),
        "serviceAccountSlug": _service_account(account),
        "role": "viewer",
    },
}
