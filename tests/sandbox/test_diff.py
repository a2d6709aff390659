"""What differs between vendor and program, and what of it needs a new object."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox import schema, vendors
from sandbox.diff import Change, changes
from sandbox.objects import token_of
from sandbox.wire import UNKNOWN
from tests.sandbox.account import ACCOUNT, Account


def differences(of: str, state: dict[str, Any], asked: dict[str, Any], account: Account | None = None) -> list[Change]:
    token = token_of(of)
    cloud = (account or Account()).cloud
    return changes(schema.lookup(token), vendors.KINDS[token], cloud, state, asked, asked)


RECORD = {"zoneId": "z", "name": "www.shop.example", "type": "A", "ttl": 1, "content": "192.0.2.1"}
RULES = [{"action": "block", "expression": "true", "ref": "one", "enabled": True}]


@pytest.mark.parametrize(
    ("of", "state", "asked", "expected"),
    [
        ("DnsRecord", RECORD, RECORD, []),
        ("DnsRecord", RECORD, {**RECORD, "ttl": 300}, [Change("ttl", "update", replaces=False)]),
        ("DnsRecord", RECORD, {**RECORD, "type": "AAAA"}, [Change("type", "update", replaces=True)]),
        ("DnsRecord", {**RECORD, "comment": "x"}, RECORD, [Change("comment", "delete", replaces=False)]),
        ("DnsRecord", RECORD, {**RECORD, "comment": "x"}, [Change("comment", "add", replaces=False)]),
        ("DnsRecord", {**RECORD, "proxied": False}, RECORD, []),
        ("DnsRecord", {**RECORD, "proxied": True}, RECORD, [Change("proxied", "update", replaces=False)]),
        ("DnsRecord", {**RECORD, "tags": []}, RECORD, []),
        ("DnsRecord", {**RECORD, "tags": ["a", "b"]}, {**RECORD, "tags": ["b", "a"]}, []),
        ("DnsRecord", RECORD, {**RECORD, "content": UNKNOWN}, [Change("content", "update", replaces=False)]),
        ("R2Bucket", {"accountId": "a", "name": "m", "location": "oc"}, {"accountId": "a", "name": "m"}, []),
        (
            "R2Bucket",
            {"accountId": "a", "name": "m", "location": "oc"},
            {"accountId": "a", "name": "m", "location": "wnam"},
            [Change("location", "update", replaces=True)],
        ),
        (
            "Ruleset",
            {"zoneId": "z", "rules": RULES},
            {"zoneId": "z", "rules": [{**RULES[0], "action": "log"}, RULES[0]]},
            [Change("rules[0].action", "update", replaces=False), Change("rules[1]", "add", replaces=False)],
        ),
        (
            "mongodbatlas:Project",
            {"orgId": "o", "name": "p", "tags": {"team.name": "a"}},
            {"orgId": "o", "name": "p", "tags": {"team.name": "b"}},
            [Change('tags["team.name"]', "update", replaces=False)],
        ),
        (
            "VpcEndpoint",
            {"vpcId": "v", "vpcEndpointType": "Interface", "privateDnsEnabled": True},
            {"vpcId": "v", "vpcEndpointType": "Interface", "privateDnsEnabled": False},
            [Change("privateDnsEnabled", "update", replaces=False)],
        ),
        (
            "VpcEndpoint",
            {"vpcId": "v", "privateDnsEnabled": True},
            {"vpcId": "v", "privateDnsEnabled": False},
            [Change("privateDnsEnabled", "update", replaces=True)],
        ),
        (
            "VpcEndpoint",
            {"vpcId": "v", "dnsOptions": {"privateDnsPreference": "ALL_DOMAINS"}},
            {"vpcId": "v", "dnsOptions": {"privateDnsPreference": "SPECIFIED_DOMAINS_ONLY"}},
            [Change("dnsOptions.privateDnsPreference", "update", replaces=True)],
        ),
    ],
)
def test_a_difference_is_named_by_its_path(
    of: str, state: dict[str, Any], asked: dict[str, Any], expected: list[Change]
) -> None:
    assert differences(of, state, asked) == expected


def test_another_way_to_write_a_document_is_no_difference() -> None:
    asked = {"role": "web", "name": "use", "policy": '{"a": [1, 2]}'}

    assert differences("RolePolicy", {**asked, "policy": '{ "a":[1,2] }'}, asked) == []
    assert differences("RolePolicy", {**asked, "policy": '{"a": [1]}'}, asked) != []


def test_the_order_in_a_policy_is_no_difference_and_in_an_event_pattern_it_is() -> None:
    role = {"role": "web", "name": "use"}
    written = '{"Statement": [{"Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"], "Resource": "*"}]}'
    another = '{"Statement": {"Resource": ["*"], "Action": ["s3:PutObject", "s3:GetObject"], "Effect": "Allow"}}'

    assert differences("RolePolicy", {**role, "policy": another}, {**role, "policy": written}) == []
    assert differences("RolePolicy", {**role, "policy": another}, {**role, "policy": written.replace("*", "x")}) != []
    pattern = {"name": "x", "eventPattern": '{"source": ["a", "b"]}'}
    assert differences("EventRule", {**pattern, "eventPattern": '{"source": ["b", "a"]}'}, pattern) != []


def test_a_removed_block_of_a_cluster_keeps_its_nodes_and_settings() -> None:
    nodes = {"instanceSize": "M10", "nodeCount": 1}
    base = {"priority": 7, "providerName": "AWS", "regionName": "AP_SOUTHEAST_2"}
    cluster = {"projectId": "p", "name": "main", "clusterType": "REPLICASET"}
    asked = {**cluster, "replicationSpecs": [{"regionConfigs": [base]}]}
    state = {
        **cluster,
        "advancedConfiguration": {"minimumEnabledTlsProtocol": "TLS1_2"},
        "replicationSpecs": [
            {"regionConfigs": [{**base, "readOnlySpecs": nodes, "autoScaling": {"diskGbEnabled": True}}]}
        ],
    }

    assert differences("AdvancedCluster", state, asked) == []


def test_turning_zones_off_needs_a_new_redis() -> None:
    redis = {"databaseName": "shop", "region": "global", "primaryRegion": "ap-southeast-2", "tls": True}

    assert differences("RedisDatabase", {**redis, "multizone": True}, {**redis, "multizone": False}) == [
        Change("multizone", "update", replaces=True)
    ]


def test_a_name_that_the_vendor_completes_is_no_difference() -> None:
    account = Account()
    zone = account.zone()
    state = {**RECORD, "zoneId": zone}

    assert differences("DnsRecord", state, {**state, "name": "WWW"}, account) == []
    assert differences("DnsRecord", state, {**state, "name": "web"}, account) != []


def test_what_a_vendor_never_returns_is_compared_with_what_was_asked() -> None:
    token = token_of("DatabaseUser")
    user = {"projectId": "p", "username": "u", "authDatabaseName": "admin", "roles": []}
    kind, type_ = vendors.KINDS[token], schema.lookup(token)

    asked = {**user, "password": "old"}
    same = changes(type_, kind, Account().cloud, user, asked, {**user, "password": "old"})
    new = changes(type_, kind, Account().cloud, user, asked, {**user, "password": "new"})

    assert same == []
    assert new == [Change("password", "update", replaces=False)]


def test_turning_tls_off_needs_a_new_redis_and_leaving_it_out_does_too() -> None:
    redis = {"databaseName": "shop", "region": "global", "primaryRegion": "ap-southeast-2"}
    state = {**redis, "tls": True, "budget": 20}

    assert differences("RedisDatabase", state, {**redis, "tls": True}) == []
    assert differences("RedisDatabase", state, redis) == [Change("tls", "update", replaces=True)]


def test_the_order_of_a_set_of_objects_is_no_difference_and_computed_members_do_not_count() -> None:
    actions = [
        {"action": name, "resources": [{"databaseName": "shop", "collectionName": ""}]} for name in ("FIND", "INSERT")
    ]
    role = {"projectId": "p", "roleName": "web"}

    assert differences("CustomDbRole", {**role, "actions": actions}, {**role, "actions": actions[::-1]}) == []
    assert differences("CustomDbRole", {**role, "actions": actions}, {**role, "actions": actions[:1]}) != []


def test_an_account_change_replaces_a_zone() -> None:
    zone = {"name": "shop.example", "account": {"id": ACCOUNT}}

    found = differences("Zone", zone, {**zone, "account": {"id": "b" * 32}})

    assert [change.replaces for change in found] == [True]
