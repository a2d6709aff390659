"""The engine's protobuf is read without losing what is secret or unknown."""

import pytest
from google.protobuf import json_format, struct_pb2
from pulumi.runtime.proto import analyzer_pb2 as wire

from policies import adapter
from policies.model import Environment
from policies.tokens import FORMER
from policies.values import UNKNOWN, Secret
from tests.policies import sdk
from tests.policies.judging import SECRET, SIGNATURE, TODAY, UNKNOWN_TEXT

PROD = Environment("prod", production=True, high_availability=True, today=TODAY)
URN = "urn:pulumi:prod::madebuy::upstash:index/redisDatabase:RedisDatabase::redis"


def read(props: object) -> object:
    return adapter.read_properties(json_format.ParseDict(props, struct_pb2.Struct()))


def test_plain_values_stay_what_they_are() -> None:
    props = {"text": "a", "yes": True, "nothing": None, "list": [1, "b"], "object": {"c": 1.5}}

    assert read(props) == props


def test_a_whole_number_is_no_float() -> None:
    assert repr(read({"days": 7})) == "{'days': 7}"


def test_a_marked_value_stays_marked_at_any_depth() -> None:
    props = {"outer": {SIGNATURE: SECRET, "value": {"inner": {SIGNATURE: SECRET, "value": "x"}}}}

    assert read(props) == {"outer": Secret({"inner": Secret("x")})}


def test_every_kind_of_unknown_is_unknown() -> None:
    for sentinel in adapter._UNKNOWNS:
        assert read({"id": sentinel}) == {"id": UNKNOWN}


def test_an_output_value_without_a_value_is_unknown_and_may_be_secret() -> None:
    output = {SIGNATURE: "d0e6a833031e9bbcd3f4e8bde6ca49a4"}

    assert read({"plain": output, "marked": {**output, "secret": True}, "known": {**output, "value": 1}}) == {
        "plain": UNKNOWN,
        "marked": Secret(UNKNOWN),
        "known": 1,
    }


def test_a_resource_keeps_its_links_protection_and_parent() -> None:
    sent = wire.AnalyzerResource(
        urn=URN,
        type="upstash:index/redisDatabase:RedisDatabase",
        parent="urn:parent",
        options=wire.AnalyzerResourceOptions(protect=True),
        propertyDependencies={"region": wire.AnalyzerPropertyDependencies(urns=["urn:zone"])},
    )

    resource = adapter.read_linked(sent, {"tls": True}, PROD)

    assert (resource.name, resource.protect, resource.parent) == ("redis", True, "urn:parent")
    assert resource.links == {"region": frozenset({"urn:zone"})}


def test_sentinels_are_the_sdks_own() -> None:
    from pulumi.runtime import rpc

    assert rpc.UNKNOWN == UNKNOWN_TEXT
    assert UNKNOWN_TEXT in adapter._UNKNOWNS
    assert rpc._special_sig_key == adapter._SIGNATURE
    assert rpc._special_secret_sig == adapter._SECRET
    assert rpc._special_output_value_sig == adapter._OUTPUT


@pytest.mark.parametrize("former", FORMER, ids=lambda token: token.rpartition(":")[2])
def test_a_resource_under_its_former_name_is_what_rules_read(former: str) -> None:
    request = wire.AnalyzeRequest(urn=f"urn:pulumi:prod::a::{former}::one", type=former)
    sent = wire.AnalyzerResource(urn=request.urn, type=former)

    assert adapter.read_resource(request, PROD).type == FORMER[former]
    assert adapter.read_linked(sent, {}, PROD).type == FORMER[former]
    assert sdk.properties(former) == sdk.properties(FORMER[former]), "another resource by now"
