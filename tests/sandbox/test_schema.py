"""What the SDKs and the providers' facts say is what is stored, and what is simulated fits it."""

from __future__ import annotations

import json

import pytest

from sandbox import schema, vendors
from sandbox.kind import Kind, OnDuplicate
from sandbox.schema.generate import HERE, PACKAGES, correct, file_of, generate, merge

KINDS = list(vendors.KINDS.values())
CORRECTIONS = json.loads((HERE / "reference" / "corrections.json").read_text())


def test_every_provider_has_its_package() -> None:
    assert set(schema.PROVIDERS) == set(PACKAGES) == set(vendors.VENDORS)


@pytest.mark.parametrize("provider", PACKAGES)
def test_the_stored_schema_is_the_one_of_the_installed_sdk(provider: str, capfd: pytest.CaptureFixture[str]) -> None:
    generated = generate(provider)
    capfd.readouterr()  # the SDKs warn of every deprecated class

    assert file_of(provider).read_text() == generated, "stale: run `python -m sandbox.schema`"


@pytest.mark.parametrize(
    ("token", "required", "secret"),
    [
        ("cloudflare:index/r2BucketCors:R2BucketCors", {"accountId", "bucketName"}, set()),
        ("doppler:index/secret:Secret", {"config", "name", "project", "value"}, {"computed", "value"}),
        (
            "upstash:index/redisDatabase:RedisDatabase",
            {"databaseName", "region"},
            {"password", "readOnlyRestToken", "restToken"},
        ),
        ("aws:s3/bucketVersioning:BucketVersioning", {"bucket", "versioningConfiguration"}, set()),
    ],
)
def test_a_type_says_what_it_requires_and_keeps_secret(token: str, required: set[str], secret: set[str]) -> None:
    type_ = schema.lookup(token)

    assert {name for name, spec in type_.inputs.items() if spec.get("required")} == required
    assert type_.secret == secret


def test_a_function_says_which_arguments_it_requires() -> None:
    type_ = schema.lookup("doppler:index/getSecrets:getSecrets")

    assert {name for name, spec in type_.inputs.items() if spec.get("required")} == {"config", "project"}


def test_a_type_that_no_sdk_has_is_not_known() -> None:
    assert schema.lookup("cloudflare:index/nothing:Nothing") is None
    assert schema.lookup("gcp:index/bucket:Bucket") is None


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.label)
def test_a_simulated_type_has_a_replace_list_and_its_source(kind: Kind) -> None:
    assert schema.lookup(kind.token).has_facts
    assert kind.source


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.label)
def test_a_simulated_type_names_only_properties_that_the_sdk_has(kind: Kind) -> None:
    type_ = schema.lookup(kind.token)
    known = {*type_.inputs, *type_.outputs}
    named = {*kind.outputs, *kind.name, *kind.scope, *kind.parents, *kind.unreadable, *kind.json_text, *kind.normal}

    assert {name for name in named if not name.startswith("_")} <= known
    assert kind.fresh <= set(kind.outputs)
    assert kind.autoname is None or kind.autoname in type_.inputs


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.label)
def test_a_refused_name_has_the_vendors_words(kind: Kind) -> None:
    refuses = bool(kind.name) and kind.on_duplicate is OnDuplicate.REFUSE

    assert kind.taken is not None or not refuses


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.label)
def test_a_parent_is_a_simulated_type(kind: Kind) -> None:
    assert {*kind.parents.values(), *kind.inside} <= set(vendors.KINDS)


@pytest.mark.parametrize(
    "correction", [(p, c) for p, found in CORRECTIONS.items() for c in found], ids=lambda c: f"{c[0]}-{c[1]['at']}"
)
def test_a_correction_has_a_source(correction: tuple[str, dict[str, object]]) -> None:
    assert correction[1]["source"]


def test_a_correction_sets_drops_and_refuses_what_is_not_there() -> None:
    facts = {"zone": {"type": {"type": "String", "default": 4}, "ttl": {"type": "Int64", "default": 4}}}

    correct(facts, {"at": "*", "drop_default": 4})
    correct(facts, {"at": "zone.paused", "set": {"default": False}})
    correct(facts, {"at": "zone.type", "drop": True})

    assert facts == {"zone": {"ttl": {"type": "Int64"}, "paused": {"default": False}}}
    with pytest.raises(KeyError):
        correct(facts, {"at": "record.ttl", "set": {}})


def test_facts_reach_the_property_of_the_same_name_in_the_plural_too() -> None:
    properties = {
        "policyItems": {"type": "list", "items": {"type": "object", "properties": {"kind": {"type": "string"}}}}
    }
    nested = {"kind": {"type": "String", "enum": ["a", "b"]}}

    merge(properties, {"policy_item": {"type": "SetNested", "replace": True, "attributes": nested}})

    assert properties["policyItems"]["replace"] is True
    assert properties["policyItems"]["set"] is True
    assert properties["policyItems"]["items"]["properties"]["kind"]["enum"] == ["a", "b"]
