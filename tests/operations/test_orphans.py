import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from operations.recover.kinds import FOUND, KINDS, Kind, Way, table
from operations.recover.orphans import Orphan, Resource, Step, orphans
from sandbox import vendors

ROOT = Path(__file__).parents[2]
ZONE = "cloudflare:index/zone:Zone"
RECORD = "cloudflare:index/dnsRecord:DnsRecord"
TOKEN = "cloudflare:index/accountToken:AccountToken"
ALERT = "mongodbatlas:index/alertConfiguration:AlertConfiguration"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
ACCOUNT = "0" * 31 + "1"


def resource(type_: str, called: str, id_: str = "", **inputs: Any) -> Resource:
    return Resource(f"urn:pulumi:staging::madebuy::{type_}::{called}", type_, inputs, id_)


def found(
    state: list[Resource], planned: list[Resource], lists: Mapping[str, list[dict[str, Any]]], **more: list[Resource]
) -> list[tuple[str, str, Step]]:
    return [(each.resource.name, each.id, each.step) for each in all_of(state, planned, lists, **more)]


def all_of(
    state: list[Resource], planned: list[Resource], lists: Mapping[str, list[dict[str, Any]]], **more: list[Resource]
) -> list[Orphan]:
    return list(orphans(state, planned, lambda _, path: lists.get(path, []), **more))


def token(id_: str = "") -> Resource:
    return resource(TOKEN, "key", id_, accountId=ACCOUNT, name="media-1")


TOKENS = f"/accounts/{ACCOUNT}/tokens"


def test_an_object_that_the_plan_would_make_again_is_imported() -> None:
    record = resource(RECORD, "www", zoneId="z", type="CNAME", name="www.shop.au", content="shop.au")
    lists = {
        "/zones/z/dns_records": [
            {"id": "1", "type": "CNAME", "name": "shop.shop.au", "content": "shop.au"},
            {"id": "2", "type": "CNAME", "name": "www.shop.au", "content": "shop.au", "ttl": 1},
        ]
    }

    (orphan,) = all_of([], [record], lists)

    assert (orphan.id, orphan.step, orphan.import_id) == ("2", Step.IMPORT, "z/2")


def test_an_object_that_the_stack_has_is_left_alone() -> None:
    record = resource(RECORD, "www", "2", zoneId="z", type="A", name="shop.au", content="203.0.113.1")
    again = resource(RECORD, "again", zoneId="z", type="A", name="shop.au", content="203.0.113.1")
    lists = {"/zones/z/dns_records": [{"id": "2", "type": "A", "name": "shop.au", "content": "203.0.113.1"}]}

    assert found([record], [again], lists) == []


def test_names_are_compared_as_the_vendor_writes_them() -> None:
    record = resource(RECORD, "www", zoneId="z", type="CNAME", name="WWW.shop.au", content="shop.au.")
    lists = {"/zones/z/dns_records": [{"id": "2", "type": "CNAME", "name": "www.shop.au", "content": "shop.au"}]}

    assert found([], [record], lists) == [("www", "2", Step.IMPORT)]


def test_what_hangs_on_an_object_that_is_not_known_yet_is_not_looked_for() -> None:
    record = resource(RECORD, "www", zoneId=UNKNOWN, type="A", name="shop.au", content="203.0.113.1")
    lists = {f"/zones/{UNKNOWN}/dns_records": [{"id": "1", "type": "A", "name": "shop.au", "content": "203.0.113.1"}]}

    assert found([], [record], lists) == []


def test_a_value_that_nobody_has_is_made_anew() -> None:
    (orphan,) = all_of([], [token()], {TOKENS: [{"id": "lost", "name": "media-1"}]})

    assert (orphan.step, orphan.delete_path) == (Step.REMAKE, f"{TOKENS}/lost")


def test_doppler_is_told_which_token_to_delete_in_the_body() -> None:
    type_ = "doppler:index/serviceToken:ServiceToken"
    wanted = resource(type_, "t", project="shop", config="stg_web", name="web-1")
    lists = {"/v3/configs/config/tokens?project=shop&config=stg_web": [{"slug": "s-1", "name": "web-1"}]}

    (orphan,) = all_of([], [wanted], lists)

    assert orphan.delete_path == "/v3/configs/config/tokens/token"
    assert orphan.delete_body == {"project": "shop", "config": "stg_web", "slug": "s-1"}


def test_a_second_one_beside_the_stacks_own_is_deleted() -> None:
    lists = {TOKENS: [{"id": "lost", "name": "media-1"}, {"id": "ours", "name": "media-1"}]}

    assert found([token("ours")], [], lists) == [("key", "lost", Step.REMOVE_TWIN)]


KEY, ROLE_OF_ATLAS = "aws:kms/key:Key", "mongodbatlas:index/cloudProviderAccessSetup:CloudProviderAccessSetup"


def test_a_lost_key_is_known_by_its_description() -> None:
    wanted = resource(KEY, "key", region="ap-southeast-2", description="Encrypts prod")
    keys = [{"KeyId": "1", "Description": "Encrypts staging"}, {"KeyId": "2", "Description": "Encrypts prod"}]

    (orphan,) = all_of([], [wanted], {"kms/ap-southeast-2/keys": keys})

    assert (orphan.step, orphan.import_id) == (Step.IMPORT, "2")


def test_a_second_key_is_left_to_a_person() -> None:
    ours = resource(KEY, "key", "2", region="ap-southeast-2", description="Encrypts prod")
    keys = [{"KeyId": "1", "Description": "Encrypts prod"}, {"KeyId": "2", "Description": "Encrypts prod"}]

    assert found([ours], [], {"kms/ap-southeast-2/keys": keys}) == [("key", "1", Step.LEAVE_TWIN)]


def test_a_role_that_somebody_uses_is_not_the_lost_one() -> None:
    wanted = resource(ROLE_OF_ATLAS, "access", projectId="p", providerName="AWS")
    roles = [
        {"roleId": "used", "providerName": "AWS", "iamAssumedRoleArn": "arn:aws:iam::1:role/by-hand"},
        {"roleId": "idle", "providerName": "AWS"},
    ]

    (orphan,) = all_of([], [wanted], {"/api/atlas/v2/groups/p/cloudProviderAccess": roles})

    assert (orphan.step, orphan.import_id) == (Step.IMPORT, "p-AWS-idle")


def test_a_second_role_is_told_from_the_stacks_own_one_which_is_in_use() -> None:
    ours = Resource("urn::a", ROLE_OF_ATLAS, {"projectId": "p", "providerName": "AWS"}, "x", {"roleId": "ours"})
    roles = [
        {"roleId": "ours", "providerName": "AWS", "iamAssumedRoleArn": "arn:aws:iam::1:role/atlas"},
        {"roleId": "lost", "providerName": "AWS"},
    ]

    lists = {"/api/atlas/v2/groups/p/cloudProviderAccess": roles}
    assert found([ours], [], lists) == [("a", "lost", Step.LEAVE_TWIN)]


def test_nothing_is_deleted_where_the_stacks_own_is_gone() -> None:
    assert found([token("ours")], [], {TOKENS: [{"id": "by-hand", "name": "media-1"}]}) == []


def test_an_object_of_another_name_is_nobodys_twin() -> None:
    lists = {TOKENS: [{"id": "ours", "name": "media-1"}, {"id": "other", "name": "media-2"}]}

    assert found([token("ours")], [], lists) == []


def test_two_of_one_name_are_recovered_one_a_round() -> None:
    lists = {TOKENS: [{"id": "a", "name": "media-1"}, {"id": "b", "name": "media-1"}]}

    assert found([], [token()], lists) == [("key", "a", Step.REMAKE)]


REDIS, CLUSTER = "upstash:index/redisDatabase:RedisDatabase", "mongodbatlas:index/advancedCluster:AdvancedCluster"


def test_what_another_stack_has_is_not_lost_and_its_name_is_taken() -> None:
    theirs = resource(REDIS, "cache", "1", databaseName="shop-prod")
    ours = resource(REDIS, "cache", databaseName="shop-prod")
    lists = {"/redis/databases": [{"database_id": "1", "database_name": "shop-prod"}]}

    assert found([], [ours], lists, elsewhere=[theirs]) == [("cache", "1", Step.LEAVE_TO_OWNER)]


def test_what_another_stack_has_is_never_deleted() -> None:
    lists = {TOKENS: [{"id": "theirs", "name": "media-1"}, {"id": "ours", "name": "media-1"}]}

    assert found([], [token()], {TOKENS: lists[TOKENS][:1]}, elsewhere=[token("theirs")]) == []
    assert found([token("ours")], [], lists, elsewhere=[token("theirs")]) == []


def test_a_lost_object_is_found_beside_another_stacks_of_the_same_name() -> None:
    lists = {TOKENS: [{"id": "theirs", "name": "media-1"}, {"id": "lost", "name": "media-1"}]}

    assert found([], [token()], lists, elsewhere=[token("theirs")]) == [("key", "lost", Step.REMAKE)]


def test_a_name_in_another_project_is_another_object() -> None:
    theirs = resource(CLUSTER, "cluster", "encoded", projectId="p1", name="shop")
    ours = resource(CLUSTER, "cluster", projectId="p2", name="shop")
    lists = {f"/api/atlas/v2/groups/{each}/clusters": [{"id": "x", "name": "shop"}] for each in ("p1", "p2")}

    assert found([], [ours], lists, elsewhere=[theirs]) == [("cluster", "shop", Step.IMPORT)]
    assert found([theirs], [ours], lists) == [("cluster", "shop", Step.IMPORT)]


def test_an_object_that_was_to_replace_the_stacks_own_is_deleted_where_it_holds_nothing() -> None:
    type_ = "cloudflare:index/r2CustomDomain:R2CustomDomain"
    before, after = (
        resource(type_, "media", id_, accountId=ACCOUNT, bucketName="media", domain=f"{name}.shop.au")
        for name, id_ in (("old", "old.shop.au"), ("new", ""))
    )
    lists = {
        f"/accounts/{ACCOUNT}/r2/buckets/media/domains/custom": [
            {"domain": "old.shop.au"},
            {"domain": "new.shop.au"},
        ]
    }

    assert found([before], [], lists, replacing=[after]) == [("media", "new.shop.au", Step.REMAKE)]


def test_one_that_may_hold_data_is_left_to_a_person() -> None:
    before = resource(REDIS, "cache", "1", databaseName="shop")
    after = resource(REDIS, "cache", databaseName="store")
    lists = {
        "/redis/databases": [
            {"database_id": "1", "database_name": "shop"},
            {"database_id": "2", "database_name": "store"},
        ]
    }

    assert found([before], [], lists, replacing=[after]) == [("cache", "2", Step.LEAVE_REPLACEMENT)]


def test_a_name_in_other_letters_is_another_name() -> None:
    lists = {TOKENS: [{"id": "other", "name": "MEDIA-1"}, {"id": "ours", "name": "media-1"}]}

    assert found([token("ours")], [], lists) == []


def test_a_widget_of_the_same_name_is_left_to_a_person() -> None:
    ours = resource(
        "cloudflare:index/turnstileWidget:TurnstileWidget", "widget", "ours", accountId=ACCOUNT, name="shop.au"
    )
    lists = {
        f"/accounts/{ACCOUNT}/challenges/widgets": [
            {"sitekey": "older", "name": "shop.au"},
            {"sitekey": "ours", "name": "shop.au"},
        ]
    }

    assert found([ours], [], lists) == [("widget", "older", Step.LEAVE_TWIN)]


def test_an_alert_that_tells_somebody_else_is_nobodys_twin() -> None:
    told = [{"typeName": "EMAIL", "emailAddress": "oncall@shop.au", "delayMin": 0}]
    alert = resource(ALERT, "primary", "x", projectId="p", eventType="NO_PRIMARY", notifications=told)
    ours = Resource(alert.urn, ALERT, alert.inputs, "x", {"alertConfigurationId": "ours"})
    slack = {"id": "by-hand", "eventTypeName": "NO_PRIMARY", "notifications": [{"typeName": "SLACK"}]}
    as_ours = [{**told[0], "notifierId": "n"}]
    lists = {
        "/api/atlas/v2/groups/p/alertConfigs": [
            {"id": "ours", "eventTypeName": "NO_PRIMARY", "notifications": as_ours},
            {"id": "lost", "eventTypeName": "NO_PRIMARY", "notifications": as_ours},
            slack,
        ]
    }

    assert found([ours], [], lists) == [("primary", "lost", Step.REMOVE_TWIN)]


def test_the_second_of_two_lost_alerts_is_found_beside_the_one_that_was_imported() -> None:
    path = "/api/atlas/v2/groups/p/alertConfigs"
    told = {each: [{"typeName": "EMAIL", "emailAddress": "a@shop.au", "notifierId": each}] for each in ("1", "2")}
    inputs = {"projectId": "p", "eventType": "NO_PRIMARY", "notifications": told["1"]}
    imported = Resource("urn::primary", ALERT, inputs, "x", {"alertConfigurationId": "1"})
    lists = {path: [{"id": each, "eventTypeName": "NO_PRIMARY", "notifications": told[each]} for each in ("1", "2")]}

    assert found([imported], [], lists) == [("primary", "2", Step.REMOVE_TWIN)]


def test_alerts_are_told_apart_by_what_they_watch() -> None:
    metric = {"metricName": "CONNECTIONS_PERCENT", "operator": "GREATER_THAN", "threshold": 80}
    alert = resource(ALERT, "connections", projectId="p", eventType="OUTSIDE", metricThresholdConfig=metric)
    path = "/api/atlas/v2/groups/p/alertConfigs"
    other = {"id": "1", "eventTypeName": "OUTSIDE", "metricThreshold": {**metric, "threshold": 90}}
    same = {"id": "2", "eventTypeName": "OUTSIDE", "metricThreshold": {**metric, "mode": "AVERAGE"}}

    assert found([], [alert], {path: [other, same]}) == [("connections", "2", Step.IMPORT)]


@pytest.mark.parametrize("kind", FOUND, ids=lambda kind: kind.label)
def test_each_kind_says_how_it_is_found_and_what_is_done_with_it(kind: Kind) -> None:
    assert kind.listing
    assert kind.same
    assert bool(kind.import_id) is (kind.way is Way.IMPORT)
    assert kind.delete or kind.way is not Way.REMAKE


def test_what_holds_data_is_never_deleted() -> None:
    kinds = [kind for kind in KINDS.values() if kind.holds_data]

    assert not any(kind.delete for kind in kinds)
    assert {kind.label for kind in kinds} == {
        "aws Bucket",
        "aws Key",
        "cloudflare R2Bucket",
        "cloudflare Zone",
        "doppler Project",
        "mongodbatlas AdvancedCluster",
        "mongodbatlas Project",
        "upstash RedisDatabase",
    }


def test_every_type_that_a_component_makes_is_in_the_table() -> None:
    programs = "\n".join(path.read_text() for path in (ROOT / "components").rglob("*.py"))
    classes = set(
        re.findall(r"\b(?:aws\.\w+|cloudflare|doppler|mongodbatlas|random|tls|upstash)\.([A-Z]\w+)\(", programs)
    )
    made = {token for token in vendors.KINDS if token.rsplit(":", 1)[-1] in classes}

    assert len(made) > 60
    assert made - set(KINDS) == set()


def test_the_runbook_has_the_table_that_the_code_goes_by() -> None:
    assert table() in (ROOT / "docs" / "RUNBOOK.md").read_text(), f"paste this into docs/RUNBOOK.md:\n{table()}"
