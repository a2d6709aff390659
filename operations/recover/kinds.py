"""What a lost answer leaves behind, and the way back, for each type of resource: the table of docs/RUNBOOK.md as data.

A lost answer: the vendor made the object, and Pulumi never heard of it. Paths, fields and ids are the vendors' own:
Cloudflare API v4, Atlas Admin API v2, Upstash developer API v2, Doppler API v3, AWS' services, and each provider's
`import` section.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class NextUp(StrEnum):
    """What `up` alone meets after a lost answer."""

    SUCCEEDS = "succeeds"
    REFUSED = "stops: the name is taken"
    TWIN = "makes a second one"


class Way(StrEnum):
    """How `recover` brings the stack and the vendor together again."""

    REPEAT = "nothing: `up` sets the one there is"
    IMPORT = "imports it"
    REMAKE = "deletes it; `up` makes it anew"
    BY_HAND = "says so: a person looks"


@dataclass(frozen=True)
class Kind:
    """One type of resource.

    Attributes:
        type: Pulumi's type token.
        next_up: What `up` alone meets.
        way: What `recover` does.
        listing: The path that lists such objects; names in braces are the resource's inputs. AWS': aws.py's.
        items: Where the list is in the answer, unless the vendor's lists all have it in one place.
        same: Input -> field of a listed object; an object is the lost one when each input that is given agrees.
        made: A field inside what is compared that the vendor makes, and so no two agree in.
        is_host: What is compared is a host name, in which small and capital letters are the same.
        holds_data: Something is lost with it that no `up` brings back.
        in_use: The field that only an object has that somebody uses; a lost one is used by nobody.
        id: The field of a listed object that is its id.
        own: The output that a resource in the state has that id as; where it has none, its Pulumi id is it.
        import_id: What `pulumi import` takes, from inputs and `{id}`.
        delete: The path that deletes one; `body` goes with it. One of a kind without is deleted by a person.
    """

    type: str
    next_up: NextUp
    way: Way
    listing: str = ""
    items: str = ""
    same: Mapping[str, str] = field(default_factory=lambda: {"name": "name"})
    made: str = ""
    is_host: bool = False
    holds_data: bool = False
    in_use: str = ""
    id: str = "id"
    own: str = ""
    import_id: str = ""
    delete: str = ""
    body: Mapping[str, str] = field(default_factory=dict)

    @property
    def vendor(self) -> str:
        """The provider's name in the token."""
        return self.type.split(":", 1)[0]

    @property
    def label(self) -> str:
        """The type as a person says it: `cloudflare Zone`."""
        return f"{self.vendor} {self.type.rsplit(':', 1)[-1]}"


def _token(provider: str, name: str) -> str:
    """Pulumi's type token of a class; AWS' classes say their module."""
    return f"{provider}:{name}" if "/" in name else f"{provider}:index/{name[0].lower()}{name[1:]}:{name}"


def _cloudflare(name: str, path: str, *, next_up: NextUp = NextUp.REFUSED, **more: object) -> Kind:
    """An object that is listed at a path of a zone or an account, and deleted at the path with its id."""
    return _kind("cloudflare", name, path, next_up=next_up, **more)


def _atlas(name: str, path: str, *, next_up: NextUp = NextUp.REFUSED, **more: object) -> Kind:
    return _kind("mongodbatlas", name, f"/api/atlas/v2/groups{path}", next_up=next_up, **more)


def _aws(name: str, path: str, same: str, id_: str, *, of: str = "", **more: object) -> Kind:
    """Known by one input, `of` where it has another name than the field; imported by the field that is its id."""
    next_up = more.pop("next_up", NextUp.REFUSED)
    fields = {"same": {of or same[0].lower() + same[1:]: same}, "id": id_, "import_id": "{id}", **more}
    return Kind(_token("aws", name), next_up, Way.IMPORT, path, **fields)  # type: ignore[arg-type]  # its own fields


def _kind(vendor: str, name: str, path: str, *, next_up: NextUp, **more: object) -> Kind:
    way = more.pop("way", Way.IMPORT)
    deleted = more.pop("deleted", next_up is NextUp.TWIN or way is Way.REMAKE)
    fields = {"listing": path, "delete": f"{path}/{{id}}" if deleted else "", **more}
    return Kind(_token(vendor, name), next_up, way, **fields)  # type: ignore[arg-type]  # the record's own fields


ACCOUNT, ZONE, PROJECT = "/accounts/{accountId}", "/zones/{zoneId}", "/{projectId}"
IN_ACCOUNT, IN_ZONE, IN_PROJECT = "{accountId}/{id}", "{zoneId}/{id}", "{projectId}-{id}"
DOPPLER_TOKENS = "/v3/configs/config/tokens"

FOUND = (
    _cloudflare(
        "Zone",
        "/zones",
        same={"name": "name", "account.id": "account.id"},
        is_host=True,
        holds_data=True,
        import_id="{id}",
    ),
    _cloudflare(
        "DnsRecord",
        f"{ZONE}/dns_records",
        same={"type": "type", "name": "name", "content": "content", "data": "data"},
        is_host=True,
        deleted=True,
        import_id=IN_ZONE,
    ),
    _cloudflare(
        "Ruleset", f"{ZONE}/rulesets", same={"phase": "phase", "kind": "kind"}, import_id="zones/{zoneId}/{id}"
    ),
    _cloudflare("Healthcheck", f"{ZONE}/healthchecks", deleted=True, import_id=IN_ZONE),
    _cloudflare("LoadBalancer", f"{ZONE}/load_balancers", is_host=True, deleted=True, import_id=IN_ZONE),
    _cloudflare("LoadBalancerPool", f"{ACCOUNT}/load_balancers/pools", deleted=True, import_id=IN_ACCOUNT),
    _cloudflare(
        "LoadBalancerMonitor",
        f"{ACCOUNT}/load_balancers/monitors",
        next_up=NextUp.TWIN,
        same={"description": "description"},
        import_id=IN_ACCOUNT,
    ),
    _cloudflare(
        "R2Bucket",
        f"{ACCOUNT}/r2/buckets",
        items="buckets",
        holds_data=True,
        id="name",
        import_id="{accountId}/{id}/default",
    ),
    _cloudflare(
        "R2CustomDomain",
        f"{ACCOUNT}/r2/buckets/{{bucketName}}/domains/custom",
        way=Way.REMAKE,  # the provider has no import for it, and it holds nothing
        items="domains",
        same={"domain": "domain"},
        is_host=True,
        id="domain",
    ),
    _cloudflare(
        "TurnstileWidget",
        f"{ACCOUNT}/challenges/widgets",
        next_up=NextUp.TWIN,
        deleted=False,  # a site that had one before this stack called it by its domain, too
        id="sitekey",
        import_id=IN_ACCOUNT,
    ),
    _cloudflare("NotificationPolicy", f"{ACCOUNT}/alerting/v3/policies", next_up=NextUp.TWIN, import_id=IN_ACCOUNT),
    _cloudflare(
        "CustomHostname",
        f"{ZONE}/custom_hostnames",
        same={"hostname": "hostname"},
        is_host=True,
        deleted=True,
        import_id=IN_ZONE,
    ),
    _cloudflare("AccountToken", f"{ACCOUNT}/tokens", next_up=NextUp.TWIN, way=Way.REMAKE),
    _atlas("Project", "", same={"name": "name", "orgId": "orgId"}, holds_data=True, import_id="{id}"),
    _atlas("AdvancedCluster", f"{PROJECT}/clusters", holds_data=True, id="name", import_id=IN_PROJECT),
    _atlas(
        "DatabaseUser",
        f"{PROJECT}/databaseUsers",
        same={"username": "username", "authDatabaseName": "databaseName"},
        id="username",
        import_id="{projectId}-{id}-{authDatabaseName}",
    ),
    _atlas(
        "CustomDbRole",
        f"{PROJECT}/customDBRoles/roles",
        same={"roleName": "roleName"},
        id="roleName",
        import_id=IN_PROJECT,
    ),
    _atlas(
        "AlertConfiguration",
        f"{PROJECT}/alertConfigs",
        next_up=NextUp.TWIN,
        same={
            "eventType": "eventTypeName",
            "metricThresholdConfig": "metricThreshold",
            "thresholdConfig": "threshold",
            "notifications": "notifications",  # one that a person made for themselves watches the same
        },
        made="notifierId",
        own="alertConfigurationId",
        import_id=IN_PROJECT,
    ),
    _atlas(
        "CloudProviderAccessSetup",
        f"{PROJECT}/cloudProviderAccess",
        next_up=NextUp.TWIN,
        deleted=False,  # nothing tells it from one that a person has just begun
        items="awsIamRoles",
        same={"providerName": "providerName"},
        in_use="iamAssumedRoleArn",
        id="roleId",
        own="roleId",
        import_id="{projectId}-{providerName}-{id}",
    ),
    _atlas(
        "CloudBackupSnapshotExportBucket",
        f"{PROJECT}/backup/exportBuckets",
        next_up=NextUp.TWIN,
        same={"bucketName": "bucketName"},
        id="_id",
        own="exportBucketId",
        import_id=IN_PROJECT,
    ),
    _atlas(
        "LogIntegration",
        f"{PROJECT}/logIntegrations",
        next_up=NextUp.TWIN,
        same={"type": "type", "bucketName": "bucketName", "prefixPath": "prefixPath"},
        own="integrationId",
        import_id="{projectId}/{id}",
    ),
    _kind(
        "mongodbatlas",
        "ResourcePolicy",
        "/api/atlas/v2/orgs/{orgId}/resourcePolicies",
        next_up=NextUp.REFUSED,
        import_id="{orgId}-{id}",
    ),
    _kind(
        "upstash",
        "RedisDatabase",
        "/redis/databases",
        next_up=NextUp.REFUSED,
        same={"databaseName": "database_name"},
        holds_data=True,
        id="database_id",
        import_id="{id}",
    ),
    _kind(
        "doppler",
        "Project",
        "/v3/projects",
        next_up=NextUp.REFUSED,
        items="projects",
        holds_data=True,
        import_id="{id}",
    ),
    _kind(
        "doppler",
        "Environment",
        "/v3/environments?project={project}",
        next_up=NextUp.REFUSED,
        items="environments",
        same={"slug": "slug"},
        id="slug",
        import_id="{project}.{id}",
    ),
    _kind(
        "doppler",
        "BranchConfig",
        "/v3/configs?project={project}",
        next_up=NextUp.REFUSED,
        items="configs",
        same={"name": "name", "environment": "environment"},
        id="name",
        import_id="{project}.{environment}.{id}",
    ),
    _kind(
        "doppler",
        "ServiceToken",
        f"{DOPPLER_TOKENS}?project={{project}}&config={{config}}",
        next_up=NextUp.TWIN,
        way=Way.REMAKE,
        items="tokens",
        id="slug",
        delete=f"{DOPPLER_TOKENS}/token",
        body={"project": "{project}", "config": "{config}", "slug": "{id}"},
    ),
    _aws("guardduty/detector:Detector", "guardduty/{region}/detectors", "Region", "Id"),
    _aws("iam/openIdConnectProvider:OpenIdConnectProvider", "iam/identity-providers", "Url", "Arn"),
    _aws("iam/role:Role", "iam/roles", "RoleName", "RoleName", of="name"),
    _aws("kms/alias:Alias", "kms/{region}/aliases", "AliasName", "AliasName", of="name"),
    _aws("kms/key:Key", "kms/{region}/keys", "Description", "KeyId", next_up=NextUp.TWIN, holds_data=True),
    _aws("s3/bucket:Bucket", "s3/buckets", "Name", "Name", of="bucket", holds_data=True),
)
"""Objects that are found by a list of the vendor's."""

_SET = {
    "aws": (
        "cloudwatch/eventRule:EventRule", "cloudwatch/eventTarget:EventTarget",
        "guardduty/detectorFeature:DetectorFeature", "iam/rolePolicy:RolePolicy",
        "s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
        "s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
        "s3/bucketOwnershipControls:BucketOwnershipControls", "s3/bucketPolicy:BucketPolicy",
        "s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
        "s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "s3/bucketVersioning:BucketVersioning", "sns/topic:Topic", "sns/topicPolicy:TopicPolicy",
        "sns/topicSubscription:TopicSubscription",
    ),
    "cloudflare": (
        "AuthenticatedOriginPullsSettings", "BotManagement", "CustomHostnameFallbackOrigin", "LeakedCredentialCheck",
        "ManagedTransforms", "R2BucketCors", "R2BucketEventNotification", "R2BucketLifecycle", "R2BucketLock",
        "R2ManagedDomain", "TieredCache", "UniversalSslSetting", "UrlNormalizationSettings", "ZoneDnssec",
        "ZoneSetting", "ZoneSubscription",
    ),
    "doppler": ("Secret",),
    "mongodbatlas": (
        "Auditing", "BackupCompliancePolicy", "CloudBackupSchedule", "CloudProviderAccessAuthorization",
        "EncryptionAtRest", "MaintenanceWindow", "ProjectIpAccessList",
    ),
    "random": ("RandomBytes", "RandomPassword"),
    "tls": ("CertRequest", "PrivateKey", "SelfSignedCert"),
}  # fmt: skip
SET = tuple(
    Kind(_token(provider, name), NextUp.SUCCEEDS, Way.REPEAT) for provider, names in _SET.items() for name in names
)
"""Settings of an object, of which there is always one, and values that only the state has."""

_BY_HAND: Mapping[NextUp, Mapping[str, tuple[str, ...]]] = {
    NextUp.REFUSED: {"mongodbatlas": ("PrivateLinkEndpointService",)},
    NextUp.TWIN: {
        "aws": ("ec2/vpcEndpoint:VpcEndpoint",),
        "cloudflare": ("AuthenticatedOriginPullsCertificate", "OriginCaCertificate"),
        "mongodbatlas": ("PrivateLinkEndpoint",),
    },
}
BY_HAND = tuple(
    Kind(_token(provider, name), next_up, Way.BY_HAND)
    for next_up, providers in _BY_HAND.items()
    for provider, names in providers.items()
    for name in names
)
"""No list of the vendor's says which stack one is from. Neither shipped stack has any."""

KINDS: Mapping[str, Kind] = {kind.type: kind for kind in (*FOUND, *SET, *BY_HAND)}


def table() -> str:
    """The table of docs/RUNBOOK.md."""
    rows: dict[tuple[NextUp, Way], list[str]] = {}
    for kind in KINDS.values():
        rows.setdefault((kind.next_up, kind.way), []).append(kind.label)
    lines = [f"| {next_up} | {way} | {', '.join(sorted(labels))} |" for (next_up, way), labels in rows.items()]
    return "\n".join(["| `up` alone | `make recover` | types |", "| --- | --- | --- |", *lines])
