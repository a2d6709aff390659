"""Cloudflare: zones and what is in them, load balancing, R2, tokens, lists, notifications."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import TYPE_CHECKING, Any

from sandbox.kind import Kind, OnDelete, OnDuplicate
from sandbox.vendors.forms import constant, hexadecimal, in_days, now, text, the_id, token

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.cloud import Cloud, Thing
    from sandbox.kind import Making
    from sandbox.wire import Props

SOURCE = "providers.md 2; cloudflare/terraform-provider-cloudflare v5.22.0 internal/services/*"
API = "https://api.cloudflare.com/client/v4"


def token_of(name: str) -> str:
    """The type token of a resource by its Pulumi class name."""
    return f"cloudflare:index/{name[0].lower()}{name[1:]}:{name}"


ZONE, POOL, MONITOR, BUCKET, LIST = (
    token_of(n) for n in ("Zone", "LoadBalancerPool", "LoadBalancerMonitor", "R2Bucket", "List")
)
IN_ZONE = {"zoneId": ZONE}


def error(method: str, path: str, status: str, code: int, message: str) -> str:
    """An answer of the API as the provider prints it."""
    body = {"success": False, "errors": [{"code": code, "message": message}], "messages": [], "result": None}
    return f'{method} "{API}/{path}": {status} {json.dumps(body, separators=(",", ":"))}'


def _taken(path: str, code: int, message: str) -> Callable[[Making], str]:
    return lambda m: error("POST", path.format_map(m.state), "409 Conflict", code, message.format_map(m.state))


def _in_zone(class_name: str, /, **more: Any) -> Kind:  # noqa: ANN401 the record's own fields
    """A zone's object with an id of its own."""
    return Kind(
        token_of(class_name),
        SOURCE,
        **{"id": hexadecimal(32), "key": "{zoneId}/{id}", "scope": ("zoneId",), "parents": IN_ZONE, **more},
    )


def _setting(class_name: str, /, **more: Any) -> Kind:  # noqa: ANN401 the record's own fields
    """What every zone has exactly one of: create sets it, and its id is the zone's."""
    return _in_zone(
        class_name, **{"id": text("{zoneId}"), "key": "{zoneId}", "on_duplicate": OnDuplicate.OVERWRITE, **more}
    )


def _in_account(class_name: str, /, **more: Any) -> Kind:  # noqa: ANN401 the record's own fields
    """An account's object with an id of its own."""
    return Kind(
        token_of(class_name),
        SOURCE,
        **{"id": hexadecimal(32), "key": "{accountId}/{id}", "scope": ("accountId",), **more},
    )


def _of_bucket(class_name: str, /, **more: Any) -> Kind:  # noqa: ANN401 the record's own fields
    """What every bucket has one of."""
    return Kind(
        token_of(class_name),
        SOURCE,
        **{
            "id": text("{bucketName}"),
            "key": "{accountId}/{bucketName}",
            "scope": ("accountId", "bucketName"),
            "parents": {"bucketName": BUCKET},
            "on_duplicate": OnDuplicate.OVERWRITE,
            "importable": False,
            **more,
        },
    )


def _name_servers(making: Making) -> list[str]:
    first, second = ("ada", "bob", "cora", "dean"), ("lana", "matt", "nina", "otto")
    pick = hashlib.sha256(making["name"].encode()).digest()
    return [f"{first[pick[0] % 4]}.ns.cloudflare.com", f"{second[pick[1] % 4]}.ns.cloudflare.com"]


FREE_PLAN = {
    "id": "0feeeeeeeeeeeeeeeeeeeeeeeeeeeeee",
    "name": "Free Website",
    "price": 0,
    "currency": "USD",
    "frequency": "",
    "isSubscribed": False,
    "canSubscribe": True,
    "legacyId": "free",
    "legacyDiscount": False,
    "externallyManaged": False,
}
META = {
    "cdnOnly": False,
    "dnsOnly": False,
    "foundationDns": False,
    "pageRuleQuota": 3,
    "phishingDetected": False,
    "step": 2,
}
STAMPS = {"createdOn": now, "modifiedOn": now}
PRICES = {"free": 0, "pro": 25, "business": 250, "enterprise": 0}


def _zone_name(making: Making) -> str:
    zone = making.cloud.by_id(ZONE, making["zoneId"])
    return str(zone.state["name"]) if zone else ""


def _bucket_in_use(cloud: Cloud, state: Props) -> str | None:
    bucket = cloud.named(BUCKET, state["accountId"], state["name"])
    if bucket and bucket.state.get("_objects"):
        path = f"accounts/{state['accountId']}/r2/buckets/{state['name']}"
        return error("DELETE", path, "409 Conflict", 10008, "The bucket you tried to delete is not empty.")
    return None


def _rule_marks(making: Making) -> None:
    for rule in making.state.get("rules") or []:
        rule["ref"] = rule.get("ref") or secrets.token_hex(16)
        rule.setdefault("enabled", True)


KINDS = (
    Kind(
        ZONE,
        SOURCE,
        id=hexadecimal(32),
        name=("name",),
        taken=lambda m: error("POST", "zones", "400 Bad Request", 1061, f"{m['name']} already exists"),
        outputs={
            **STAMPS,
            "activatedOn": now,
            "developmentMode": constant(0),
            "meta": constant(META),
            "nameServers": _name_servers,
            "originalDnshost": constant(""),
            "originalNameServers": constant([]),
            "originalRegistrar": constant(""),
            "owner": constant({"id": "", "name": "", "type": "user"}),
            "permissions": constant(["#zone:read", "#zone:edit"]),
            "plan": constant(FREE_PLAN),
            "status": constant("active"),
            "tenant": constant({}),
            "tenantUnit": constant({}),
            "verificationKey": constant(""),
            "cnameSuffix": constant(""),
            "vanityNameServers": constant([]),
        },
        fresh=frozenset({"modifiedOn"}),
    ),
    _setting(
        "ZoneSubscription",
        on_delete=OnDelete.KEEP,
        outputs={
            "currency": constant("USD"),
            "currentPeriodStart": now,
            "currentPeriodEnd": in_days(30),
            "price": lambda m: PRICES.get((m["ratePlan"] or {}).get("id"), 0),
            "state": constant("Paid"),
            "frequency": constant("monthly"),
        },
        fresh=frozenset({"price"}),
    ),
    _in_zone(
        "ZoneSetting",
        id=text("{settingId}"),
        name=("settingId",),
        on_duplicate=OnDuplicate.OVERWRITE,
        on_delete=OnDelete.KEEP,
        outputs={"editable": constant(value=True), "modifiedOn": now},
        fresh=frozenset({"modifiedOn"}),
    ),
    _setting(
        "ZoneDnssec",
        outputs={
            "algorithm": constant("13"),
            "digest": hexadecimal(64),
            "digestAlgorithm": constant("SHA256"),
            "digestType": constant("2"),
            "flags": constant(257),
            "keyTag": lambda _: secrets.randbelow(65536),
            "keyType": constant("ECDSAP256SHA256"),
            "publicKey": token(86),
            "modifiedOn": now,
            "status": constant("active"),
            "ds": lambda m: f"{_zone_name(m)}. 3600 IN DS {m['keyTag']} 13 2 {m['digest'].upper()}",
        },
    ),
    _in_zone(
        "DnsRecord",
        outputs={
            **STAMPS,
            "commentModifiedOn": now,
            "meta": constant("{}"),
            "proxiable": lambda m: m["type"] in PROXIABLE,
            "tagsModifiedOn": now,
            "tags": constant([]),
            "settings": constant({}),
        },
        fresh=frozenset({"modifiedOn"}),
    ),
    Kind(
        token_of("Ruleset"),
        SOURCE,
        id=hexadecimal(32),
        key=lambda state, id_: (
            f"zones/{state['zoneId']}/{id_}" if state.get("zoneId") else f"accounts/{state.get('accountId')}/{id_}"
        ),
        scope=("zoneId",),
        parents=IN_ZONE,
        outputs={"lastUpdated": now, "version": constant("1")},
        fresh=frozenset({"lastUpdated", "version"}),
        shape=_rule_marks,
    ),
    _in_zone(
        "LoadBalancer",
        name=("name",),
        taken=_taken(
            "zones/{zoneId}/load_balancers", 1004, "load balancer with name {name} already exists: not unique"
        ),
        outputs={
            **STAMPS,
            "zoneName": _zone_name,
            "description": constant(""),
            "networks": constant(["cloudflare"]),
            "ttl": constant(30),
        },
        fresh=frozenset({"modifiedOn"}),
    ),
    _in_account(
        "LoadBalancerPool",
        name=("name",),
        taken=_taken("accounts/{accountId}/load_balancers/pools", 1004, "pool name {name} not unique"),
        parents={"monitor": MONITOR},
        outputs={**STAMPS, "networks": constant(["cloudflare"])},
        fresh=frozenset({"modifiedOn"}),
    ),
    _in_account(
        "LoadBalancerMonitor",
        outputs={**STAMPS, "method": constant("GET"), "path": constant("/")},
        fresh=frozenset({"modifiedOn"}),
    ),
    _in_zone(
        "Healthcheck",
        name=("name",),
        taken=_taken("zones/{zoneId}/healthchecks", 1004, "health check name {name} not unique"),
        outputs={
            **STAMPS,
            "failureReason": constant(""),
            "status": constant("unknown"),
            "httpConfig": constant({}),
            "tcpConfig": constant({}),
        },
        fresh=frozenset({"modifiedOn"}),
    ),
    _setting(
        "BotManagement",
        on_delete=OnDelete.KEEP,
        outputs={"usingLatestModel": constant(value=True), "staleZoneConfiguration": constant({})},
    ),
    _setting("LeakedCredentialCheck"),
    _setting("UniversalSslSetting"),
    _setting("TotalTls", outputs={"validityPeriod": constant(90)}),
    _setting("CtAlerting"),
    _setting("ArgoSmartRouting", outputs={"editable": constant(value=True), "modifiedOn": now}),
    _setting("RegionalTieredCache", outputs={"editable": constant(value=True), "modifiedOn": now}),
    _setting("TieredCache", outputs={"editable": constant(value=True), "modifiedOn": now}),
    _setting("UniversalSslSetting"),
    _setting("UrlNormalizationSettings"),
    _setting("ManagedTransforms"),
    _setting("AuthenticatedOriginPullsSettings"),
    _setting(
        "CustomHostnameFallbackOrigin",
        outputs={"createdAt": now, "updatedAt": now, "errors": constant([]), "status": constant("active")},
    ),
    _in_zone(
        "CustomHostname",
        name=("hostname",),
        taken=_taken("zones/{zoneId}/custom_hostnames", 1406, "Duplicate custom hostname found."),
        outputs={
            "createdAt": now,
            "status": constant("pending"),
            "verificationErrors": constant([]),
            "ownershipVerification": lambda m: {
                "name": f"_cf-custom-hostname.{m['hostname']}",
                "type": "txt",
                "value": secrets.token_hex(16),
            },
            "ownershipVerificationHttp": lambda m: {
                "httpBody": "",
                "httpUrl": f"http://{m['hostname']}/.well-known/cf-custom-hostname-challenge/{m.id}",
            },
        },
    ),
    Kind(
        token_of("OriginCaCertificate"),
        SOURCE,
        id=lambda _: str(secrets.randbelow(10**48)),
        outputs={
            "certificate": constant("-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----\n"),
            "expiresOn": in_days(5475),
            "requestedValidity": constant(5475),
        },
    ),
    _in_account(
        "TurnstileWidget",
        id=lambda _: "0x4" + secrets.token_hex(10).upper(),
        outputs={
            **STAMPS,
            "sitekey": the_id,
            "secret": lambda _: "0x4" + secrets.token_urlsafe(24),
            "deployedVia": constant("api"),
            "lastModifiedVia": constant("api"),
            "clearanceLevel": constant("no_clearance"),
            "botFightMode": constant(value=False),
            "ephemeralId": constant(value=False),
            "offlabel": constant(value=False),
        },
        fresh=frozenset({"modifiedOn"}),
    ),
    Kind(
        BUCKET,
        SOURCE,
        id=text("{name}"),
        key="{accountId}/{name}/{jurisdiction}",
        scope=("accountId",),
        name=("name",),
        taken=_taken(
            "accounts/{accountId}/r2/buckets",
            10004,
            "The bucket you tried to create already exists, and you own it.",
        ),
        outputs={"creationDate": now, "location": constant("oc")},
        in_use=_bucket_in_use,
    ),
    _of_bucket("R2BucketCors"),
    _of_bucket("R2BucketLock"),
    _of_bucket("R2BucketLifecycle"),
    _of_bucket(
        "R2ManagedDomain",
        outputs={"bucketId": hexadecimal(32), "domain": lambda m: f"pub-{secrets.token_hex(16)}.r2.dev"},
    ),
    _of_bucket(
        "R2CustomDomain",
        id=text("{domain}"),
        key="{accountId}/{bucketName}/{domain}",
        parents={"bucketName": BUCKET, "zoneId": ZONE},
        name=("domain",),
        on_duplicate=OnDuplicate.REFUSE,
        taken=_taken(
            "accounts/{accountId}/r2/buckets/{bucketName}/domains/custom",
            10056,
            "The domain {domain} is already in use.",
        ),
        outputs={"status": constant({"ownership": "active", "ssl": "active"}), "zoneName": _zone_name},
    ),
    _in_account(
        "AccountToken",
        outputs={
            "value": token(40),
            "issuedOn": now,
            "modifiedOn": now,
            "status": constant("active"),
        },
        fresh=frozenset({"modifiedOn"}),
        unreadable=frozenset({"value"}),
        json_text=frozenset(),
    ),
    _in_account(
        "List",
        name=("name",),
        taken=_taken("accounts/{accountId}/rules/lists", 10013, "a list with the name {name} already exists"),
        outputs={**STAMPS, "numItems": lambda m: len(m["items"] or []), "numReferencingFilters": constant(0)},
        fresh=frozenset({"modifiedOn", "numItems"}),
    ),
    Kind(
        token_of("ListItem"),
        SOURCE,
        id=hexadecimal(32),
        key="{accountId}/{listId}/{id}",
        scope=("accountId", "listId"),
        parents={"listId": LIST},
        outputs={**STAMPS, "operationId": hexadecimal(32)},
    ),
    _in_account("NotificationPolicy", outputs={"created": now, "modified": now}, fresh=frozenset({"modified"})),
    _in_account(
        "NotificationPolicyWebhooks",
        outputs={
            "createdAt": now,
            "type": constant("generic"),
            "lastFailure": constant(""),
            "lastSuccess": constant(""),
        },
        unreadable=frozenset({"secret"}),
    ),
)
PROXIABLE = frozenset({"A", "AAAA", "CNAME"})

PERMISSION_GROUPS = (
    ("6a018a9f2fc74eb6b293b0c548f38b39", "Workers R2 Storage Bucket Item Read", "com.cloudflare.edge.r2.bucket"),
    ("2efd5506f9c8494dacb1fa10a3e7d5b6", "Workers R2 Storage Bucket Item Write", "com.cloudflare.edge.r2.bucket"),
    ("b4992e1108244f5d8bfbd5744320c2e1", "Workers R2 Storage Read", "com.cloudflare.api.account"),
    ("bf7481a1826f439697cb59a20b22293e", "Workers R2 Storage Write", "com.cloudflare.api.account"),
    ("82e64a83756745bbbb1c9c2701bf816b", "DNS Read", "com.cloudflare.api.account.zone"),
    ("4755a26eedb94da69e1066d98aa820be", "DNS Write", "com.cloudflare.api.account.zone"),
    ("c8fed203ed3043cba015a93ad1616f1f", "Zone Read", "com.cloudflare.api.account.zone"),
    ("e6d2666161e84845a636613608cee8d5", "Zone Write", "com.cloudflare.api.account.zone"),
    ("517b21aee92c4d89936c976ba6e4be55", "Zone Settings Read", "com.cloudflare.api.account.zone"),
    ("3030687196b94b638145a3953da2b699", "Zone Settings Write", "com.cloudflare.api.account.zone"),
    ("e17beae8b8cb423a99b1730f21238bed", "Cache Purge", "com.cloudflare.api.account.zone"),
    ("9c88f9c5bce24ce7af9a958ba9c504db", "Analytics Read", "com.cloudflare.api.account.zone"),
)


def _permission_groups(_: Cloud, arguments: Props) -> Props:
    name, scope = str(arguments.get("name", "")).lower(), arguments.get("scope")
    groups = [
        {"id": i, "name": n, "scopes": [s]} for i, n, s in PERMISSION_GROUPS if name in n.lower() and scope in (None, s)
    ]
    return {**arguments, "id": arguments["accountId"], "results": groups[: arguments.get("maxItems") or len(groups)]}


IP_RANGES = {
    "id": "ip_ranges",
    "etag": "38f79d050aa027e3be3865e495dcc9bc",
    "ipv4Cidrs": [
        "173.245.48.0/20",
        "103.21.244.0/22",
        "103.22.200.0/22",
        "103.31.4.0/22",
        "141.101.64.0/18",
        "108.162.192.0/18",
        "190.93.240.0/20",
        "188.114.96.0/20",
        "197.234.240.0/22",
        "198.41.128.0/17",
        "162.158.0.0/15",
        "104.16.0.0/13",
        "104.24.0.0/14",
        "172.64.0.0/13",
        "131.0.72.0/22",
    ],
    "ipv6Cidrs": [
        "2400:cb00::/32",
        "2606:4700::/32",
        "2803:f800::/32",
        "2405:b500::/32",
        "2405:8100::/32",
        "2a06:98c0::/29",
        "2c0f:f248::/32",
    ],
}
FUNCTIONS: dict[str, Callable[[Cloud, Props], Props]] = {
    "cloudflare:index/getAccountApiTokenPermissionGroupsList:getAccountApiTokenPermissionGroupsList": _permission_groups,
    "cloudflare:index/getIpRanges:getIpRanges": lambda _, __: dict(IP_RANGES),
}


def no_parent(kind: Kind, parent: str, value: str) -> str:
    """Cloudflare's words for a zone, bucket, monitor or list that is not there."""
    if parent == ZONE:
        return error("POST", f"zones/{value}", "403 Forbidden", 9109, "Invalid zone identifier")
    if parent == BUCKET:
        return error("PUT", f"r2/buckets/{value}", "404 Not Found", 10006, "The specified bucket does not exist.")
    what = parent.rsplit(":", 1)[-1]
    return error("POST", kind.token.rsplit(":", 1)[-1], "400 Bad Request", 1002, f"{what} {value} not found")


def not_found(kind: Kind, key: str) -> str:
    """Cloudflare's words for an object that is not there."""
    return error("PUT", key, "404 Not Found", 1001, f"{kind.token.rsplit(':', 1)[-1]} not found")


def scope_of(thing: Thing) -> str | None:
    """A zone takes all it has with it, a bucket its settings, a list its items."""
    if thing.type == ZONE:
        return thing.id
    if thing.type in (BUCKET, LIST):
        return f"{thing.scope}/{thing.id}"
    return None
