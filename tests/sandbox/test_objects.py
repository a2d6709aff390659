"""A person changes the vendors' objects behind Pulumi's back."""

from __future__ import annotations

import json

import pytest

from sandbox.kind import VendorError
from sandbox.objects import NoSuchObjectError, run, token_of
from sandbox.vendors import KINDS
from tests.sandbox.account import ACCOUNT, Account
from tests.sandbox.good import GOOD, class_of


def command(account: Account, *arguments: str) -> str:
    return "\n".join(run(account, list(arguments)))


def test_objects_are_listed_all_or_by_type() -> None:
    account = Account()
    record = account.make("DnsRecord", GOOD["DnsRecord"](account))

    assert len(command(account, "objects").splitlines()) == 2
    assert command(account, "objects", "DnsRecord").split() == ["DnsRecord", record.key, "A", record.state["name"]]


def test_an_object_is_shown_without_its_secrets() -> None:
    account = Account()
    redis = account.make("RedisDatabase", GOOD["RedisDatabase"](account))

    shown = command(account, "show", "RedisDatabase", redis.id)

    assert redis.state["password"] not in shown
    assert json.loads(shown)["password"] == "[secret]"
    assert json.loads(shown)["endpoint"] == redis.state["endpoint"]


def test_a_secret_inside_a_list_is_not_shown_either() -> None:
    account = Account()
    slack = {"typeName": "SLACK", "channelName": "ops", "apiToken": "xoxb-not-shown", "intervalMin": 5}
    alert = account.make(
        "AlertConfiguration",
        {"projectId": account.project(), "eventType": "HOST_DOWN", "notifications": [slack]},
    )

    shown = json.loads(command(account, "show", "AlertConfiguration", alert.key))

    assert shown["notifications"][0]["apiToken"] == "[secret]"
    assert shown["notifications"][0]["channelName"] == "ops"


@pytest.mark.parametrize("of", [of for of in GOOD if KINDS[token_of(class_of(of))].unreadable])
def test_what_a_vendor_never_returns_is_not_shown(of: str) -> None:
    account = Account()
    thing = account.make(class_of(of), GOOD[of](account))

    shown = json.loads(command(account, "show", thing.type, thing.key))

    assert {shown[name] for name in KINDS[thing.type].unreadable if name in shown} <= {"[secret]"}


def test_the_name_that_is_listed_is_one_that_show_takes() -> None:
    account = Account()
    account.project()
    account.doppler()

    for line in command(account, "objects").splitlines():
        assert json.loads(command(account, "show", *line.split()[:2]))


@pytest.mark.parametrize(
    ("assignment", "path", "value"),
    [
        ("ttl=300", "ttl", 300),
        ("content=192.0.2.9", "content", "192.0.2.9"),
        ('tags=["a"]', "tags", ["a"]),
        ("settings.ipv4Only=true", "settings", {"ipv4Only": True}),
        ("comment=null", "comment", None),
    ],
)
def test_a_value_is_changed_at_its_path(assignment: str, path: str, value: object) -> None:
    account = Account()
    record = account.make("DnsRecord", {**GOOD["DnsRecord"](account), "comment": "x"})

    command(account, "set", "DnsRecord", record.key, assignment)

    assert account.cloud.get(record.type, record.key).state.get(path) == value


def test_a_member_of_a_list_is_changed() -> None:
    account = Account()
    ruleset = account.make("Ruleset", GOOD["Ruleset"](account))

    command(account, "set", "Ruleset", ruleset.key, "rules[0].enabled=false")

    assert account.reread(ruleset).state["rules"][0]["enabled"] is False


def test_a_value_that_the_vendor_would_not_take_is_refused() -> None:
    account = Account()
    record = account.make("DnsRecord", GOOD["DnsRecord"](account))

    with pytest.raises(VendorError, match="expected number type"):
        command(account, "set", "DnsRecord", record.key, "ttl=soon")


@pytest.mark.parametrize(
    ("assignment", "words"),
    [
        ("contnet=192.0.2.9", "Invalid or unknown key 'contnet'"),
        ("ttl=7", "ttl value must be 1"),
    ],
)
def test_what_no_vendor_would_hold_is_refused(assignment: str, words: str) -> None:
    account = Account()
    record = account.make("DnsRecord", GOOD["DnsRecord"](account))

    with pytest.raises(VendorError, match=words):
        command(account, "set", "DnsRecord", record.key, assignment)


@pytest.mark.parametrize("path", ["phase.x", "phase[0]", "phase[0].b", "rules[5]", "rules[x]", ""])
def test_a_path_that_leads_nowhere_is_named(path: str) -> None:
    account = Account()
    ruleset = account.make("Ruleset", GOOD["Ruleset"](account))

    with pytest.raises(NoSuchObjectError, match=r"no such place|write PATH=VALUE"):
        command(account, "set", "Ruleset", ruleset.key, f"{path}=1")


def test_an_object_is_removed_as_its_vendor_allows() -> None:
    account = Account()
    record = account.make("DnsRecord", GOOD["DnsRecord"](account))
    cluster = account.cluster(account.project(), terminationProtectionEnabled=True)

    command(account, "remove", "DnsRecord", record.key)

    assert account.reread(record) is None
    with pytest.raises(VendorError):
        command(account, "remove", "AdvancedCluster", cluster.key)


def test_a_bucket_with_lock_rules_cannot_be_emptied() -> None:
    account = Account()
    bucket = account.make("R2Bucket", GOOD["R2Bucket"](account))
    rule = {"id": "keep", "enabled": True, "condition": {"type": "Age", "maxAgeSeconds": 86400}}
    lock = account.make("R2BucketLock", {"accountId": ACCOUNT, "bucketName": "media", "rules": [rule]})
    command(account, "set", "R2Bucket", bucket.key, "_objects=3")

    with pytest.raises(VendorError, match="locked"):
        command(account, "set", "R2Bucket", bucket.key, "_objects=0")
    account.drop(lock)
    command(account, "set", "R2Bucket", bucket.key, "_objects=0")

    account.drop(bucket)


@pytest.mark.parametrize(
    "arguments", [("show", "DnsRecord", "nothing"), ("show", "Nothing", "x"), ("set", "Zone"), ("objects", "Bucket2")]
)
def test_what_there_is_not_is_named(arguments: tuple[str, ...]) -> None:
    with pytest.raises(NoSuchObjectError):
        command(Account(), *arguments)


def test_a_name_of_two_types_needs_its_provider() -> None:
    assert token_of("aws:Policy") == "aws:iam/policy:Policy"
    with pytest.raises(NoSuchObjectError, match="2 simulated types"):
        token_of("Project")
