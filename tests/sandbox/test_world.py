"""The lives of objects: what a vendor computes, keeps, normalises, refuses and takes along."""

from __future__ import annotations

import re
import threading
from contextlib import suppress
from typing import Any

import pytest

from sandbox import schema, vendors
from sandbox.cloud import Cloud
from sandbox.kind import OnDelete, VendorError
from sandbox.objects import token_of
from sandbox.wire import UNKNOWN
from tests.sandbox.account import ACCOUNT, Account, region, trust
from tests.sandbox.good import GOOD, class_of
from tests.sandbox.others import OTHERS

EXAMPLES = {**GOOD, **OTHERS}
# Refused once, as AWS does with a new role: tested below.
LIVING = [of for of in EXAMPLES if of != "CloudProviderAccessAuthorization"]


def test_every_simulated_type_has_an_example() -> None:
    assert {token_of(class_of(of)) for of in EXAMPLES} == set(vendors.KINDS)


@pytest.mark.parametrize("of", LIVING)
def test_an_object_is_made_read_kept_and_removed(of: str) -> None:
    account = Account()
    inputs = EXAMPLES[of](account)
    assert account.problems(schema.lookup(token_of(class_of(of))), inputs, "x") == []
    thing = account.make(class_of(of), inputs)

    found = account.reread(thing)
    assert found.inputs == thing.inputs
    assert UNKNOWN.__class__ not in map(type, found.state.values())
    account.edit(thing, thing.inputs)
    account.drop(thing)
    kind = vendors.KINDS[thing.type]
    stays = kind.stateless or kind.on_delete is OnDelete.KEEP
    assert (account.reread(thing) is not None) is stays


@pytest.mark.parametrize("of", EXAMPLES)
def test_every_output_of_the_sdk_is_computed_or_known_to_be_empty(of: str) -> None:
    account = Account()
    previewed = account.preview(class_of(of), EXAMPLES[of](account))

    type_ = schema.lookup(token_of(class_of(of)))
    assert set(type_.outputs) <= set(previewed)


@pytest.mark.parametrize(
    ("of", "form"),
    [
        ("Zone", r"[0-9a-f]{32}"),
        ("DnsRecord", r"[0-9a-f]{32}"),
        ("mongodbatlas:Project", r"[0-9a-f]{24}"),
        ("AdvancedCluster", r"[0-9a-f]{24}"),
        ("RedisDatabase", r"[0-9a-f-]{36}"),
        ("Secret", r"shop\.prd\.REDIS_URL"),
        ("aws:Key", r"[0-9a-f-]{36}"),
        ("aws:Role", r"web"),
        ("ZoneSetting", r"ssl"),
    ],
)
def test_an_id_has_the_vendors_form(of: str, form: str) -> None:
    account = Account()

    assert re.fullmatch(form, account.make(of, GOOD[of](account)).id)


@pytest.mark.parametrize(
    ("of", "words"),
    [
        ("Zone", "already exists"),
        ("R2Bucket", "already exists, and you own it"),
        ("mongodbatlas:Project", "GROUP_ALREADY_EXISTS"),
        ("AdvancedCluster", "DUPLICATE_CLUSTER_NAME"),
        ("DatabaseUser", "USER_ALREADY_EXISTS"),
        ("RedisDatabase", "already exists"),
        ("Environment", "already exists"),
        ("aws:Role", "EntityAlreadyExists"),
        ("aws:Bucket", "BucketAlreadyOwnedByYou"),
        ("LoadBalancerPool", "not unique"),
    ],
)
def test_a_second_one_of_the_name_is_refused_in_the_vendors_words(of: str, words: str) -> None:
    account = Account()
    inputs = GOOD[of](account)
    account.make(of, inputs)

    with pytest.raises(VendorError, match=words):
        account.make(of, inputs)
    with pytest.raises(VendorError, match=words):
        account.preview(of, inputs)


@pytest.mark.parametrize(
    ("of", "name"), [("LoadBalancerPool", "name"), ("mongodbatlas:Project", "name"), ("Secret", "name")]
)
def test_a_preview_foresees_that_a_new_name_is_taken(of: str, name: str) -> None:
    account = Account()
    one = account.make(of, inputs := EXAMPLES[of](account))
    two = account.make(of, {**inputs, name: f"{inputs[name]}2".upper() if of == "Secret" else f"{inputs[name]}2"})
    asked = {**two.inputs, name: one.state[name]}

    with pytest.raises(VendorError) as foreseen:
        account.preview_update(schema.lookup(two.type), vendors.KINDS[two.type], "urn:two", two.id, two.state, asked)
    with pytest.raises(VendorError) as refused:
        account.edit(two, asked)
    assert str(foreseen.value) == str(refused.value)


def test_two_new_objects_of_one_name_collide_in_the_preview_already() -> None:
    account = Account()
    bucket = GOOD["R2Bucket"](account)
    account.preview("R2Bucket", bucket, urn="urn:first")

    with pytest.raises(VendorError, match="already exists"):
        account.preview("R2Bucket", bucket, urn="urn:second")


def test_the_replacement_of_an_object_does_not_collide_with_it_in_a_preview() -> None:
    account = Account()
    zone = account.make("Zone", GOOD["Zone"](account))
    account.has("urn:zone", vendors.KINDS[zone.type], zone.id, zone.state)

    account.preview("Zone", zone.inputs, urn="urn:zone")

    with pytest.raises(VendorError):
        account.preview("Zone", zone.inputs, urn="urn:other")


def test_a_preview_writes_nothing_and_is_forgotten() -> None:
    account = Account()
    bucket = GOOD["R2Bucket"](account)
    account.preview("R2Bucket", bucket)
    account.forget_plans("cloudflare")
    account.preview("R2Bucket", bucket, urn="urn:again")

    assert account.cloud.everything() == []


def test_a_duplicate_access_list_entry_is_adopted() -> None:
    account = Account()
    entry = GOOD["ProjectIpAccessList"](account)

    first, second = account.make("ProjectIpAccessList", entry), account.make("ProjectIpAccessList", entry)
    account.drop(second)

    assert first.id == second.id
    assert account.reread(first) is None


def test_an_alert_is_off_unless_it_is_switched_on() -> None:
    account = Account()
    alert = GOOD["AlertConfiguration"](account)
    del alert["enabled"]

    assert account.make("AlertConfiguration", alert).state["enabled"] is False


def test_any_block_of_the_whole_world_is_one_entry() -> None:
    account = Account()
    entry = {**GOOD["ProjectIpAccessList"](account), "cidrBlock": "10.0.0.0/0"}

    assert account.make("ProjectIpAccessList", entry).state["cidrBlock"] == "0.0.0.0/0"


def test_a_value_shown_once_is_never_readable_again() -> None:
    account = Account()
    token = account.make("AccountToken", GOOD["AccountToken"](account))
    type_, kind = schema.lookup(token.type), vendors.KINDS[token.type]

    imported = account.read(type_, kind, token.key, {}, {})

    assert len(token.state["value"]) == 40
    assert "value" not in imported.state
    assert account.reread(token).state["value"] == token.state["value"], "what Pulumi knows, it keeps"


def test_a_service_token_cannot_be_imported() -> None:
    account = Account()
    token = account.make("ServiceToken", {"project": account.doppler(), "config": "prd", "name": "web"})

    with pytest.raises(VendorError, match="no import"):
        account.read(schema.lookup(token.type), vendors.KINDS[token.type], token.key, {}, {})


def test_an_object_that_is_not_there_is_not_read_and_not_changed() -> None:
    account = Account()
    zone = account.make("Zone", GOOD["Zone"](account))
    account.drop(zone)

    assert account.reread(zone) is None
    account.drop(zone)
    with pytest.raises(VendorError, match="not found"):
        account.edit(zone, zone.inputs)


@pytest.mark.parametrize("of", ["ZoneSetting", "BotManagement", "ZoneSubscription", "DetectorFeature"])
def test_the_empty_delete_of_the_provider_changes_nothing(of: str) -> None:
    account = Account()
    thing = account.make(of, EXAMPLES[of](account))

    account.drop(thing)

    assert account.cloud.get(thing.type, thing.key) is not None


@pytest.mark.parametrize("of", ["LogGroup", "BucketPublicAccessBlock", "CloudBackupSchedule"])
def test_the_provider_leaves_what_it_is_told_to_skip(of: str) -> None:
    account = Account()
    thing = account.make(of, {**EXAMPLES[of](account), "skipDestroy": True})

    account.drop(thing)

    assert account.cloud.get(thing.type, thing.key) is not None


def test_an_event_rule_that_was_switched_off_stays_off_when_nothing_is_asked() -> None:
    account = Account()
    rule = account.make("EventRule", {**GOOD["EventRule"](account), "state": "DISABLED"})

    assert account.edit(rule, GOOD["EventRule"](account))["state"] == "DISABLED"
    assert account.make("EventRule", {**GOOD["EventRule"](account), "name": "off", "isEnabled": False}).state[
        "state"
    ] == ("DISABLED")


def test_a_zone_takes_with_it_all_that_is_in_it() -> None:
    account = Account()
    record = account.make("DnsRecord", GOOD["DnsRecord"](account))
    zone = account.cloud.by_id(token_of("Zone"), record.scope)

    account.drop(zone)

    assert account.cloud.everything() == []


def test_a_doppler_project_takes_its_configs_and_their_secrets_with_it() -> None:
    account = Account()
    account.make("Secret", GOOD["Secret"](account))
    project = account.cloud.by_id(token_of("doppler:Project"), "shop")

    account.drop(project)

    assert account.cloud.everything() == []


def test_a_role_and_a_bucket_of_one_name_have_nothing_to_do_with_each_other() -> None:
    account = Account()
    account.make("aws:Role", {"name": "shop", "assumeRolePolicy": trust("x")})
    policy = account.make("RolePolicy", {**GOOD["RolePolicy"](account), "role": "shop"})
    bucket = account.make("aws:Bucket", {"bucket": "shop"})

    account.drop(bucket)

    assert account.reread(policy) is not None


def _cluster(account: Account) -> Any:
    return account.cluster(account.project(), terminationProtectionEnabled=True)


def _project_with_cluster(account: Account) -> Any:
    project = account.project()
    account.cluster(project)
    return account.cloud.by_id(token_of("mongodbatlas:Project"), project)


def _role_of_a_user(account: Account) -> Any:
    role = account.make("CustomDbRole", GOOD["CustomDbRole"](account))
    user = {"username": "web", "authDatabaseName": "admin", "password": "p" * 20}
    account.make(
        "DatabaseUser", {**user, "projectId": role.scope, "roles": [{"roleName": "web", "databaseName": "admin"}]}
    )
    return role


def _role_with_policy(account: Account) -> Any:
    account.make("RolePolicy", GOOD["RolePolicy"](account))
    return account.cloud.by_id(token_of("aws:Role"), "web")


def _pool_of_a_balancer(account: Account) -> Any:
    balancer = account.make("LoadBalancer", GOOD["LoadBalancer"](account))
    return account.cloud.by_id(token_of("LoadBalancerPool"), balancer.state["fallbackPool"])


def _compliance_policy(account: Account) -> Any:
    policy = account.make("BackupCompliancePolicy", GOOD["BackupCompliancePolicy"](account))
    account.cluster(policy.scope)
    return policy


def _full_bucket(account: Account) -> Any:
    bucket = account.make("R2Bucket", GOOD["R2Bucket"](account))
    bucket.state["_objects"] = 1
    account.amend(bucket)
    return bucket


def _key_of_a_cluster(account: Account) -> Any:
    encryption = account.make("EncryptionAtRest", GOOD["EncryptionAtRest"](account))
    account.cluster(encryption.scope, encryptionAtRestProvider="AWS")
    return encryption


def _list_of_a_rule(account: Account) -> Any:
    items = account.make("List", GOOD["List"](account))
    ruleset = GOOD["Ruleset"](account)
    ruleset["rules"][0] = {**ruleset["rules"][0], "expression": "ip.src in $scrapers"}
    account.make("Ruleset", ruleset)
    return items


def _rule_with_target(account: Account) -> Any:
    account.make("EventTarget", OTHERS["EventTarget"](account))
    return account.cloud.named(token_of("EventRule"), "", "findings")


def _bucket_of_a_schedule(account: Account) -> Any:
    bucket = account.make("CloudBackupSnapshotExportBucket", GOOD["CloudBackupSnapshotExportBucket"](account))
    account.cluster(bucket.scope, backupEnabled=True)
    export = {"exportBucketId": bucket.id, "frequencyType": "monthly"}
    account.make("CloudBackupSchedule", {"projectId": bucket.scope, "clusterName": "main", "export": export})
    return bucket


def _policy_of_a_role(account: Account) -> Any:
    policy = account.make("aws:Policy", OTHERS["aws:Policy"](account))
    account.make("RolePolicyAttachment", {**OTHERS["RolePolicyAttachment"](account), "policyArn": policy.id})
    return policy


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        (_rule_with_target, "it has targets"),
        (_bucket_of_a_schedule, "schedule exports to it"),
        (_policy_of_a_role, "policy attached to entities"),
        (_cluster, "TERMINATION_PROTECTION"),
        (_project_with_cluster, "ACTIVE_ATLAS_CLUSTERS"),
        (_role_of_a_user, "ROLE_IN_USE"),
        (_role_with_policy, "DeleteConflict"),
        (_pool_of_a_balancer, "referenced by load balancers"),
        (_compliance_policy, "CANNOT_DISABLE_BACKUP_COMPLIANCE_POLICY"),
        (_full_bucket, "not empty"),
        (_key_of_a_cluster, "CANNOT_DISABLE_ENCRYPTION_AT_REST"),
        (_list_of_a_rule, "being used"),
    ],
)
def test_what_is_in_use_is_not_removed(setting: Any, words: str) -> None:
    account = Account()
    thing = setting(account)

    with pytest.raises(VendorError, match=words):
        account.drop(thing)
    assert account.cloud.get(thing.type, thing.key) is not None


def test_a_parent_that_is_not_there_is_named() -> None:
    account = Account()
    record = {**GOOD["DnsRecord"](account), "zoneId": "0" * 32}

    with pytest.raises(VendorError, match="Invalid zone identifier"):
        account.make("DnsRecord", record)


def test_a_parent_that_is_only_planned_is_enough_for_a_preview() -> None:
    account = Account()
    account.preview("R2Bucket", GOOD["R2Bucket"](account), urn="urn:bucket")

    account.preview("R2BucketLock", {"accountId": ACCOUNT, "bucketName": "media", "rules": []}, urn="urn:lock")


@pytest.mark.parametrize("kind", ["flex", "free"])
def test_leaving_flex_or_the_free_tier_applies_the_upgrade_alone(kind: str) -> None:
    account = Account()
    cluster = account.make("AdvancedCluster", GOOD[kind](account))
    asked = {
        **cluster.inputs,
        "replicationSpecs": [{"regionConfigs": [region()]}],
        "advancedConfiguration": {"javascriptEnabled": False},
    }

    account.edit(cluster, asked)
    upgraded = account.cloud.get(cluster.type, cluster.key)
    after = account.reread(upgraded).state
    account.edit(upgraded, asked)

    assert after["replicationSpecs"][0]["regionConfigs"][0]["electableSpecs"]["instanceSize"] == "M10"
    assert "advancedConfiguration" not in after
    assert account.reread(upgraded).state["advancedConfiguration"] == {"javascriptEnabled": False}


def test_a_new_role_is_not_known_to_aws_everywhere_the_first_time() -> None:
    account = Account()
    asked = GOOD["CloudProviderAccessAuthorization"](account)

    with pytest.raises(VendorError, match="CANNOT_ASSUME_ROLE"):
        account.make("CloudProviderAccessAuthorization", asked)
    assert account.make("CloudProviderAccessAuthorization", asked).id == asked["roleId"]


def test_a_reference_in_a_secret_is_expanded() -> None:
    account = Account()
    secret = GOOD["Secret"](account)
    account.make("Secret", {**secret, "name": "HOST", "value": "redis.example"})

    made = account.make("Secret", {**secret, "value": "rediss://${HOST}/${MISSING}"})

    assert made.state["computed"] == "rediss://redis.example/"
    assert made.state["value"] == "rediss://${HOST}/${MISSING}"


def test_an_object_that_a_rule_refuses_leaves_nothing_behind() -> None:
    account = Account()
    record = GOOD["DnsRecord"](account)
    before = len(account.cloud.everything())

    with pytest.raises(VendorError):
        account.make("DnsRecord", {**record, "tags": ["x"]})

    assert len(account.cloud.everything()) == before


def test_many_threads_make_one_object_of_a_name() -> None:
    account = Account()
    bucket, made = GOOD["R2Bucket"](account), []

    def make() -> None:
        with suppress(VendorError):
            made.append(account.make("R2Bucket", bucket))

    threads = [threading.Thread(target=make) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(made) == 1


def test_a_transaction_that_fails_is_undone() -> None:
    account = Account()
    zone = account.make("Zone", GOOD["Zone"](account))

    def change_and_fail() -> None:
        with account.cloud.transaction():
            account.cloud.remove(zone)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change_and_fail()

    assert account.cloud.exists(zone.type, zone.id)


def test_the_accounts_outlive_the_process(tmp_path: Any) -> None:
    first = Account()
    first.cloud = Cloud(tmp_path / "cloud.db")
    zone = first.make("Zone", GOOD["Zone"](first))
    first.cloud.close()

    assert Cloud(tmp_path / "cloud.db").get(zone.type, zone.key) == zone
