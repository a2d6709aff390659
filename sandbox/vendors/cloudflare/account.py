"""What belongs to the account: tokens, lists, notifications, Turnstile, origin certificates."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from sandbox.kind import Kind
from sandbox.vendors.cloudflare.api import (
    LIST,
    OFF,
    SOURCE,
    STAMPS,
    error,
    in_account,
    inner_of_account,
    taken,
    token_of,
)
from sandbox.vendors.forms import constant, hexadecimal, in_days, now, the_id, token, unique

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.cloud import Cloud, Thing
    from sandbox.kind import Making
    from sandbox.wire import Props

CHANGES = frozenset({"modifiedOn"})
API_TOKEN = {
    "value": token(40),
    "issuedOn": now,
    "modifiedOn": now,
    "status": constant("active"),
    "creatorEmailAtCreation": constant("owner@example.com"),
    "provisionerId": hexadecimal(32),
    "provisionerType": constant("user"),
}
SHOWN_ONCE = frozenset({"value"})


def _list_in_use(cloud: Cloud, items: Thing) -> str | None:
    mention = f"${items.state['name']}"
    for ruleset in cloud.everything(token_of("Ruleset")):
        if any(mention in str(rule.get("expression")) for rule in ruleset.state.get("rules") or []):
            path = f"accounts/{items.scope}/rules/lists/{items.id}"
            return error("DELETE", path, "400 Bad Request", 10021, "list is being used by at least one rule")
    return None


def _queue_settings(making: Making) -> None:
    settings = making.state["settings"]
    for name, value in (("deliveryDelay", 0), ("deliveryPaused", False), ("messageRetentionPeriod", 345600)):
        settings[name] = settings.get(name, value)


KINDS = (
    in_account("AccountToken", outputs=API_TOKEN, fresh=CHANGES, unreadable=SHOWN_ONCE),
    Kind(token_of("ApiToken"), SOURCE, id=hexadecimal(32), outputs=API_TOKEN, fresh=CHANGES, unreadable=SHOWN_ONCE),
    in_account(
        "List",
        inner=inner_of_account,
        name=("name",),
        taken=taken("accounts/{accountId}/rules/lists", 10013, "a list with the name {name} already exists"),
        outputs={**STAMPS, "numItems": lambda m: len(m["items"] or []), "numReferencingFilters": constant(0)},
        fresh=frozenset({"modifiedOn", "numItems"}),
        in_use=_list_in_use,
    ),
    Kind(
        token_of("ListItem"),
        SOURCE,
        id=hexadecimal(32),
        key="{accountId}/{listId}/{id}",
        scope=("accountId", "listId"),
        inside=(LIST,),
        parents={"listId": LIST},
        outputs={**STAMPS, "operationId": hexadecimal(32)},
    ),
    in_account("NotificationPolicy", outputs={"created": now, "modified": now}, fresh=frozenset({"modified"})),
    in_account(
        "NotificationPolicyWebhooks",
        outputs={
            "createdAt": now,
            "type": constant("generic"),
            "lastFailure": constant(""),
            "lastSuccess": constant(""),
        },
        unreadable=frozenset({"secret"}),
    ),
    in_account(
        "TurnstileWidget",
        id=lambda _: "0x4" + secrets.token_hex(10).upper(),
        outputs={
            **STAMPS,
            "sitekey": the_id,
            "secret": lambda _: "0x4" + secrets.token_urlsafe(24),
            "deployedVia": constant("api"),
            "lastModifiedVia": constant("api"),
            "clearanceLevel": constant("no_clearance"),
            "botFightMode": OFF,
            "ephemeralId": OFF,
            "offlabel": OFF,
        },
        fresh=CHANGES,
    ),
    in_account(
        "Queue",
        name=("queueName",),
        taken=taken("accounts/{accountId}/queues", 11009, "Queue name '{queueName}' is already taken."),
        outputs={
            **STAMPS,
            "queueId": the_id,
            "consumers": constant([]),
            "consumersTotalCount": constant(0),
            "producers": constant([]),
            "producersTotalCount": constant(0),
            "settings": constant({}),
        },
        fresh=CHANGES,
        shape=_queue_settings,
    ),
    in_account(
        "WorkersKvNamespace",
        name=("title",),
        taken=taken(
            "accounts/{accountId}/storage/kv/namespaces", 10014, "A namespace with this account ID and title exists."
        ),
        outputs={"supportsUrlEncoding": constant(value=True)},
    ),
    in_account(
        "D1Database",
        id=unique,
        name=("name",),
        taken=taken("accounts/{accountId}/d1/database", 7502, "database with name '{name}' already exists"),
        outputs={
            "createdAt": now,
            "fileSize": constant(12288),
            "numTables": constant(0),
            "uuid": the_id,
            "version": constant("production"),
        },
    ),
    in_account(
        "EmailRoutingAddress",
        name=("email",),
        taken=taken("accounts/{accountId}/email/routing/addresses", 2032, "Destination address already exists."),
        outputs={
            "created": now,
            "modified": now,
            "tag": the_id,
            "verified": constant(""),
            "status": constant("unverified"),
        },
    ),
    Kind(
        token_of("OriginCaCertificate"),
        SOURCE,
        id=lambda _: str(secrets.randbelow(10**48)),
        outputs={
            "certificate": constant("-----BEGIN CERTIFICATE-----\nMIIE\n-----END CERTIFICATE-----\n"),
            "expiresOn": lambda m: in_days(int(m["requestedValidity"]))(m),
        },
    ),
)

BUCKET_SCOPE, ACCOUNT_SCOPE, ZONE_SCOPE = (
    "com.cloudflare.edge.r2.bucket",
    "com.cloudflare.api.account",
    "com.cloudflare.api.account.zone",
)
PERMISSION_GROUPS = (
    ("6a018a9f2fc74eb6b293b0c548f38b39", "Workers R2 Storage Bucket Item Read", BUCKET_SCOPE),
    ("2efd5506f9c8494dacb1fa10a3e7d5b6", "Workers R2 Storage Bucket Item Write", BUCKET_SCOPE),
    ("b4992e1108244f5d8bfbd5744320c2e1", "Workers R2 Storage Read", ACCOUNT_SCOPE),
    ("bf7481a1826f439697cb59a20b22293e", "Workers R2 Storage Write", ACCOUNT_SCOPE),
    ("82e64a83756745bbbb1c9c2701bf816b", "DNS Read", ZONE_SCOPE),
    ("4755a26eedb94da69e1066d98aa820be", "DNS Write", ZONE_SCOPE),
    ("c8fed203ed3043cba015a93ad1616f1f", "Zone Read", ZONE_SCOPE),
    ("e6d2666161e84845a636613608cee8d5", "Zone Write", ZONE_SCOPE),
    ("517b21aee92c4d89936c976ba6e4be55", "Zone Settings Read", ZONE_SCOPE),
    ("3030687196b94b638145a3953da2b699", "Zone Settings Write", ZONE_SCOPE),
    ("e17beae8b8cb423a99b1730f21238bed", "Cache Purge", ZONE_SCOPE),
    ("9c88f9c5bce24ce7af9a958ba9c504db", "Analytics Read", ZONE_SCOPE),
)
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


def _permission_groups(_: Cloud, arguments: Props) -> Props:
    """The groups whose name contains the text, and whose scope is the one asked for, where each is given."""
    name, scope = str(arguments.get("name", "")).lower(), arguments.get("scope")
    groups = [
        {"id": id_, "name": group, "scopes": [of]}
        for id_, group, of in PERMISSION_GROUPS
        if name in group.lower() and scope in (None, of)
    ]
    limit = arguments.get("maxItems") or len(groups)
    return {**arguments, "id": arguments["accountId"], "results": groups[:limit]}


FUNCTIONS: dict[str, Callable[[Cloud, Props], Props]] = {
    f"cloudflare:index/{name}:{name}": function
    for name, function in {
        "getAccountApiTokenPermissionGroupsList": _permission_groups,
        "getIpRanges": lambda _, __: dict(IP_RANGES),
    }.items()
}
