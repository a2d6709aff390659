"""Zones, their plans, settings, certificates and rulesets."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING

from sandbox.kind import Kind, OnDelete, OnDuplicate
from sandbox.vendors.cloudflare.api import (
    IN_ZONE,
    OFF,
    ON,
    SOURCE,
    STAMPS,
    SUBSCRIPTION,
    ZONE,
    error,
    in_zone,
    of_zone,
    taken,
    token_of,
    zone_name,
)
from sandbox.vendors.forms import constant, hexadecimal, in_days, now, text, token

if TYPE_CHECKING:
    from sandbox.cloud import Reader
    from sandbox.kind import Making
    from sandbox.wire import Props

PROXIABLE = frozenset({"A", "AAAA", "CNAME"})
PRICES: dict[str, float] = {"free": 0, "lite": 0, "pro": 25, "pro_plus": 25, "business": 250, "enterprise": 0}
"""Dollars a month. Source: cloudflare.com/plans, in a copy of 2026-05-04; Business paid monthly is from knowledge."""
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


def _name_servers(making: Making) -> list[str]:
    first, second = ("ada", "bob", "cora", "dean"), ("lana", "matt", "nina", "otto")
    pick = hashlib.sha256(making["name"].encode()).digest()
    return [f"{first[pick[0] % 4]}.ns.cloudflare.com", f"{second[pick[1] % 4]}.ns.cloudflare.com"]


def _price(making: Making) -> float:
    return PRICES.get(str((making["ratePlan"] or {}).get("id")), 0)


def _rate_plan(making: Making) -> None:
    plan = making.state.get("ratePlan")
    if plan:
        name = str(plan.get("id") or "free")
        for key, value in (
            ("currency", "USD"),
            ("publicName", f"{name.title()} Plan"),
            ("scope", "zone"),
            ("sets", []),
        ):
            plan[key] = plan.get(key) or value
        plan["isContract"] = plan.get("isContract", False)
        plan["externallyManaged"] = plan.get("externallyManaged", False)


def _rule_marks(making: Making) -> None:
    """Every rule has a ref; one that the program did not give is the rule's id and changes when rules move."""
    for rule in making.state.get("rules") or []:
        rule["ref"] = rule.get("ref") or secrets.token_hex(16)
        rule["enabled"] = rule.get("enabled", True)


def _next_version(making: Making) -> str:
    return str(int((making.old or {}).get("version", 0)) + 1)


def _record_name(state: Props, cloud: Reader) -> str:
    """A record's name as the API answers it: lower case, with the zone."""
    name = str(state["name"]).lower().rstrip(".")
    zone = cloud.by_id(ZONE, str(state["zoneId"]))
    suffix = str(zone.state["name"]) if zone else name
    if name == "@":
        return suffix
    return name if name == suffix or name.endswith(f".{suffix}") else f"{name}.{suffix}"


def _record_content(state: Props, _: Reader) -> str:
    content = str(state["content"])
    return content.lower().rstrip(".") if state.get("type") in ("CNAME", "MX", "NS", "PTR") else content


def _record_text(making: Making) -> None:
    """A record made from `data` answers the same as text."""
    data = making.state.get("data")
    if isinstance(data, dict) and making["type"] == "CAA":
        making.state["content"] = f'{data.get("flags", 0)} {data.get("tag")} "{data.get("value")}"'


KINDS = (
    Kind(
        ZONE,
        SOURCE,
        id=hexadecimal(32),
        name=("name",),
        taken=lambda m: error("POST", "zones", "400 Bad Request", 1061, f"{m['name']} already exists"),
        normal={"name": lambda state, _: str(state["name"]).lower()},
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
    of_zone(
        "ZoneSubscription",
        on_delete=OnDelete.KEEP,
        outputs={
            "currency": constant("USD"),
            "currentPeriodStart": now,
            "currentPeriodEnd": in_days(30),
            "price": _price,
            "state": constant("Paid"),
            "frequency": constant("monthly"),
        },
        fresh=frozenset({"price"}),
        shape=_rate_plan,
    ),
    in_zone(
        "ZoneSetting",
        id=text("{settingId}"),
        name=("settingId",),
        on_duplicate=OnDuplicate.OVERWRITE,
        on_delete=OnDelete.KEEP,
        outputs={"editable": ON, "modifiedOn": now},
        fresh=frozenset({"modifiedOn"}),
    ),
    of_zone(
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
            "ds": lambda m: f"{zone_name(m)}. 3600 IN DS {m['keyTag']} 13 2 {m['digest'].upper()}",
        },
    ),
    in_zone(
        "DnsRecord",
        name=("name",),
        on_duplicate=OnDuplicate.ALLOW,
        normal={"name": _record_name, "content": _record_content},
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
        shape=_record_text,
    ),
    Kind(
        token_of("Ruleset"),
        SOURCE,
        id=hexadecimal(32),
        key=lambda s, id_: f"zones/{s['zoneId']}/{id_}" if s.get("zoneId") else f"accounts/{s.get('accountId')}/{id_}",
        scope=("zoneId",),
        inside=(ZONE,),
        parents=IN_ZONE,
        outputs={"lastUpdated": now, "version": _next_version},
        fresh=frozenset({"lastUpdated", "version"}),
        shape=_rule_marks,
    ),
    of_zone(
        "BotManagement",
        on_delete=OnDelete.KEEP,
        outputs={"usingLatestModel": ON, "staleZoneConfiguration": constant({})},
    ),
    of_zone("LeakedCredentialCheck"),
    of_zone("UniversalSslSetting"),
    of_zone("TieredCache", outputs={"editable": ON, "modifiedOn": now}),
    of_zone("RegionalTieredCache", outputs={"editable": ON, "modifiedOn": now}),
    of_zone("UrlNormalizationSettings"),
    of_zone("ManagedTransforms"),
    of_zone("AuthenticatedOriginPullsSettings"),
    in_zone(
        "AuthenticatedOriginPullsCertificate",
        outputs={
            "certificateId": lambda m: m.id,
            "enabled": OFF,
            "expiresOn": in_days(365),
            "issuer": constant(""),
            "serialNumber": hexadecimal(32),
            "signature": constant("SHA256WithRSA"),
            "status": constant("active"),
            "uploadedOn": now,
        },
        unreadable=frozenset({"privateKey"}),
    ),
    of_zone(
        "CustomHostnameFallbackOrigin",
        outputs={"createdAt": now, "updatedAt": now, "errors": constant([]), "status": constant("active")},
    ),
    in_zone(
        "CustomHostname",
        name=("hostname",),
        taken=taken("zones/{zoneId}/custom_hostnames", 1406, "Duplicate custom hostname found."),
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
                "httpBody": secrets.token_hex(16),
                "httpUrl": f"http://{m['hostname']}/.well-known/cf-custom-hostname-challenge/{m.id}",
            },
        },
    ),
    in_zone(
        "ZoneLockdown",
        outputs=dict(STAMPS),
        fresh=frozenset({"modifiedOn"}),
    ),
)
PLAN_OF_NEW_ZONE = "free"


def plan_of(cloud: Reader, zone_id: str) -> str:
    """The plan a zone is on: `free` until a subscription says otherwise."""
    subscriptions = cloud.all(SUBSCRIPTION, zone_id)
    plan = (subscriptions[-1].state.get("ratePlan") or {}) if subscriptions else {}
    return str(plan.get("id") or PLAN_OF_NEW_ZONE).removeprefix("partners_").removesuffix("_plus")
