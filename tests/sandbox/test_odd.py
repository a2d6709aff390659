"""What is odd but legal comes back from the vendor as the program wrote it: a refresh and a preview show no change."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox import schema, vendors
from sandbox.diff import changes
from tests.sandbox.account import Account, with_changes
from tests.sandbox.good import GOOD, class_of
from tests.sandbox.others import OTHERS

EXAMPLES = {**GOOD, **OTHERS}
ODD = [
    ("DnsRecord", {"name": "WWW.Shop.Example"}),
    ("DnsRecord", {"name": "www.shop.example."}),
    ("DnsRecord", {"name": "@"}),
    ("DnsRecord", {"name": "www"}),
    ("DnsRecord", {"type": "CNAME", "content": "Target.Example.NET."}),
    ("DnsRecord", {"type": "AAAA", "content": "2001:DB8:0:0:0:0:0:1"}),
    ("DnsRecord", {"type": "TXT", "content": "v=spf1 -all"}),
    ("DnsRecord", {"type": "TXT", "content": '"v=spf1 -all"'}),
    ("DnsRecord", {"type": "MX", "content": "MX.Example.", "priority": 10}),
    ("DnsRecord", {"tags": [], "comment": "", "settings": {}, "proxied": False}),
    ("DnsRecord", {"type": "CAA", "content": None, "data": {"flags": 0, "tag": "issue", "value": "ca.example"}}),
    ("Zone", {"name": "SHOP.Example"}),
    ("Ruleset", {"rules[0].expression": '  (http.host eq "x")\n  or (ssl) ', "rules[0].description": ""}),
    ("Ruleset", {"rules[0].ref": None}),
    ("List", {"items": []}),
    ("R2Bucket", {"location": "OC"}),
    ("R2BucketCors", {"rules[0].exposeHeaders": []}),
    ("ZoneSetting", {"settingId": "security_header", "value": {"strict_transport_security": {"enabled": True}}}),
    ("AccountToken", {"condition": {"requestIp": {"ins": ["192.0.2.0/24"], "notIns": []}}}),
    ("ProjectIpAccessList", {"cidrBlock": None, "ipAddress": "192.0.2.6"}),
    ("ProjectIpAccessList", {"comment": ""}),
    ("CustomDbRole", {"inheritedRoles": []}),
    ("mongodbatlas:Project", {"tags": {}, "limits": []}),
    ("AdvancedCluster", {"tags": {}, "advancedConfiguration": {"minimumEnabledTlsProtocol": "TLS1_2"}}),
    ("RedisDatabase", {"ipAllowlists": [], "budget": 20, "eviction": False}),
    ("Secret", {"value": "line\n", "visibility": "masked"}),
    ("aws:Bucket", {"tags": {}}),
    ("LogGroup", {"retentionInDays": 0}),
    ("OpenIdConnectProvider", {"clientIdLists": ["b", "a"]}),
]
REORDERED: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    (
        "List",
        {"items": [{"ip": "192.0.2.2"}, {"ip": "192.0.2.1"}]},
        {"items": [{"ip": "192.0.2.1"}, {"ip": "192.0.2.2"}]},
    ),
    ("RedisDatabase", {"readRegions": ["us-east-1", "eu-west-1"]}, {"readRegions": ["eu-west-1", "us-east-1"]}),
    ("Webhook", {"enabledConfigs": ["prd", "prd_b"]}, {"enabledConfigs": ["prd_b", "prd"]}),
    ("R2Bucket", {"location": "OC"}, {"location": "oc"}),
    (
        "BucketLifecycleConfiguration",
        {"rules[0].transitions": [{"days": 30, "storageClass": "GLACIER"}, {"days": 9, "storageClass": "STANDARD_IA"}]},
        {"rules[0].transitions": [{"days": 9, "storageClass": "STANDARD_IA"}, {"days": 30, "storageClass": "GLACIER"}]},
    ),
]


@pytest.mark.parametrize(("of", "odd"), ODD)
def test_what_is_odd_is_read_back_as_it_was_asked(of: str, odd: dict[str, Any]) -> None:
    account = Account()
    inputs = with_changes(EXAMPLES[of](account), odd)

    thing = account.make(class_of(of), inputs)

    type_, kind = schema.lookup(thing.type), vendors.KINDS[thing.type]
    assert account.problems(type_, inputs, "x") == []
    found = account.reread(thing)
    assert found.inputs == inputs
    assert changes(type_, kind, account.cloud, found.state, found.inputs, inputs) == []


@pytest.mark.parametrize(("of", "before", "after"), REORDERED)
def test_another_order_of_a_set_and_another_case_is_no_change(
    of: str, before: dict[str, Any], after: dict[str, Any]
) -> None:
    account = Account()
    inputs = EXAMPLES[of](account)

    thing = account.make(class_of(of), with_changes(inputs, before))

    asking = with_changes(inputs, after)
    state = account.reread(thing).state
    assert (
        changes(schema.lookup(thing.type), vendors.KINDS[thing.type], account.cloud, state, thing.inputs, asking) == []
    )


def test_an_alias_may_name_its_key_by_id_or_by_arn() -> None:
    account = Account()
    key = account.make("aws:Key", {})
    alias = account.make("Alias", {"name": "alias/shop", "targetKeyId": key.state["arn"]})

    asking = {"name": "alias/shop", "targetKeyId": key.id}

    found = account.reread(alias)
    assert found.inputs == alias.inputs
    kind = vendors.KINDS[alias.type]
    assert changes(schema.lookup(alias.type), kind, account.cloud, found.state, found.inputs, asking) == []
    assert found.state["targetKeyArn"] == key.state["arn"]
