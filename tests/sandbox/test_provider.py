"""The protocol over gRPC, as the engine speaks it, without the CLI."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import grpc
import pytest
from google.protobuf import empty_pb2, json_format, struct_pb2
from pulumi.runtime.proto import provider_pb2, provider_pb2_grpc

from sandbox.cloud import Cloud
from sandbox.faults import Faults, parse
from sandbox.schema import PROVIDERS, sdk_version
from sandbox.server import serving
from sandbox.wire import SECRET, SIGNATURE, UNKNOWN, decode, encode
from sandbox.world import World
from tests.sandbox.account import ACCOUNT

if TYPE_CHECKING:
    from collections.abc import Iterator

ZONE = "cloudflare:index/zone:Zone"
TOKEN = "cloudflare:index/accountToken:AccountToken"
REDIS = "upstash:index/redisDatabase:RedisDatabase"
ROLE = "aws:iam/role:Role"
RECORD = "cloudflare:index/dnsRecord:DnsRecord"
LIST = "cloudflare:index/list:List"


@dataclass
class Engine:
    """Asks as the engine does."""

    stubs: dict[str, provider_pb2_grpc.ResourceProviderStub]

    def of(self, token: str) -> provider_pb2_grpc.ResourceProviderStub:
        return self.stubs[token.split(":", 1)[0]]

    def check(self, token: str, news: dict[str, Any], olds: dict[str, Any] | None = None) -> Any:
        request = provider_pb2.CheckRequest(
            urn=f"urn::{token}::x",
            name="x",
            type=token,
            news=encode(news),
            olds=encode(olds or {}),
            randomSeed=b"\x01\x02\x03\x04",
        )
        return self.of(token).Check(request)

    def create(self, token: str, inputs: dict[str, Any], *, preview: bool = False) -> Any:
        request = provider_pb2.CreateRequest(
            urn=f"urn::{token}::x", name="x", type=token, properties=encode(inputs), preview=preview
        )
        return self.of(token).Create(request)

    def diff(self, token: str, id_: str, olds: dict[str, Any], old: dict[str, Any], new: dict[str, Any]) -> Any:
        request = provider_pb2.DiffRequest(
            urn=f"urn::{token}::x", id=id_, type=token, olds=encode(olds), old_inputs=encode(old), news=encode(new)
        )
        return self.of(token).Diff(request)

    def read(
        self, token: str, id_: str, state: dict[str, Any] | None = None, inputs: dict[str, Any] | None = None
    ) -> Any:
        request = provider_pb2.ReadRequest(
            urn=f"urn::{token}::x",
            id=id_,
            name="x",
            type=token,
            properties=encode(state or {}),
            inputs=encode(inputs or {}),
        )
        return self.of(token).Read(request)


@pytest.fixture
def faults() -> list[str]:
    return []


@pytest.fixture
def engine(faults: list[str]) -> Iterator[Engine]:
    with serving(World(Cloud(":memory:")), Faults([parse(text) for text in faults])) as providers:
        ports = dict(pair.split(":") for pair in providers.split(","))
        channels = {name: grpc.insecure_channel(f"127.0.0.1:{port}") for name, port in ports.items()}
        yield Engine({name: provider_pb2_grpc.ResourceProviderStub(channel) for name, channel in channels.items()})
        for channel in channels.values():
            channel.close()


SHOP = {"name": "shop.example", "account": {"id": ACCOUNT}}


def test_every_provider_says_the_version_of_its_sdk(engine: Engine) -> None:
    versions = {name: stub.GetPluginInfo(empty_pb2.Empty()).version for name, stub in engine.stubs.items()}

    assert versions == {name: sdk_version(name) for name in PROVIDERS}


def test_it_takes_no_secrets_so_that_the_engine_marks_them_again(engine: Engine) -> None:
    configured = engine.of(ZONE).Configure(provider_pb2.ConfigureRequest(acceptSecrets=True))

    assert (configured.acceptSecrets, configured.supportsPreview) == (False, True)


def test_a_check_failure_names_no_property_so_that_the_cli_prints_no_value(engine: Engine) -> None:
    failures = engine.check(
        "doppler:index/secret:Secret", {"project": "p", "config": "c", "name": "x y", "value": 1}
    ).failures

    assert {failure.property for failure in failures} == {""}
    assert failures[0].reason == "expected string type, got integer type. Examine values at 'x.value'."


def test_a_type_that_is_not_simulated_is_refused_by_name(engine: Engine) -> None:
    with pytest.raises(grpc.RpcError, match="does not simulate cloudflare:index/web3Hostname:Web3Hostname"):
        engine.check("cloudflare:index/web3Hostname:Web3Hostname", {})
    with pytest.raises(grpc.RpcError, match="no provider has a resource type"):
        engine.check("cloudflare:index/nothing:Nothing", {})


def test_a_function_that_is_not_simulated_is_refused_by_name(engine: Engine) -> None:
    with pytest.raises(grpc.RpcError, match="does not simulate the function cloudflare:index/getZone:getZone"):
        engine.of(ZONE).Invoke(provider_pb2.InvokeRequest(tok="cloudflare:index/getZone:getZone"))


@pytest.mark.parametrize("faults", [["invoke:getAccountApiTokenPermissionGroupsList=refuse,status=503"]])
def test_a_function_can_fail_too(engine: Engine) -> None:
    token = "cloudflare:index/getAccountApiTokenPermissionGroupsList:getAccountApiTokenPermissionGroupsList"
    asked = provider_pb2.InvokeRequest(tok=token, args=encode({"accountId": ACCOUNT}))

    with pytest.raises(grpc.RpcError, match="503"):
        engine.of(ZONE).Invoke(asked)
    assert getattr(engine.of(ZONE).Invoke(asked), "return")


def test_a_function_answers_and_its_arguments_are_checked(engine: Engine) -> None:
    token = "cloudflare:index/getAccountApiTokenPermissionGroupsList:getAccountApiTokenPermissionGroupsList"

    asked = provider_pb2.InvokeRequest(tok=token, args=encode({"accountId": ACCOUNT, "name": "DNS W"}))
    answer = decode(getattr(engine.of(ZONE).Invoke(asked), "return"))
    wrong = engine.of(ZONE).Invoke(provider_pb2.InvokeRequest(tok=token, args=encode({"maxItems": "many"})))

    assert [group["name"] for group in answer["results"]] == ["DNS Write"]
    assert wrong.failures


def test_a_preview_marks_as_unknown_what_the_vendor_will_decide(engine: Engine) -> None:
    planned = engine.create(ZONE, SHOP, preview=True)
    state = decode(planned.properties)

    assert planned.id == ""
    assert (state["nameServers"], state["name"], state["type"]) == (UNKNOWN, "shop.example", "full")


def test_a_secret_output_is_marked(engine: Engine) -> None:
    redis = {"databaseName": "shop", "region": "global", "primaryRegion": "ap-southeast-2", "tls": True}

    properties = engine.create(REDIS, redis).properties

    assert SIGNATURE in properties["password"]
    assert isinstance(properties["endpoint"], str)


def test_a_secret_inside_a_list_is_marked_and_its_list_is_not(engine: Engine) -> None:
    project = engine.create("mongodbatlas:index/project:Project", {"orgId": "c" * 24, "name": "shop"})
    notification = {"typeName": "WEBHOOK", "webhookUrl": "https://ops.example", "webhookSecret": "s"}
    alert = {"projectId": project.id, "eventType": "NO_PRIMARY", "notifications": [notification]}

    properties = engine.create("mongodbatlas:index/alertConfiguration:AlertConfiguration", alert).properties

    made = properties["notifications"][0]
    assert SIGNATURE in made["webhookSecret"]
    assert made["typeName"] == "WEBHOOK"


def test_a_fault_of_the_sandbox_is_named_without_a_value(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(World, "problems", lambda *_: {}["hunter2"])

    with pytest.raises(grpc.RpcError) as fault:
        engine.check(ZONE, SHOP)

    assert fault.value.code() is grpc.StatusCode.INTERNAL
    assert fault.value.details().startswith("a fault of the sandbox itself: KeyError at test_provider.py:")
    assert "hunter2" not in str(fault.value)


def test_an_object_is_read_as_it_was_made_and_a_missing_one_is_nothing(engine: Engine) -> None:
    made = engine.create(ZONE, SHOP)

    found = engine.read(ZONE, made.id, decode(made.properties), SHOP)
    imported = engine.read(ZONE, made.id)
    missing = engine.read(ZONE, "0" * 32)

    assert decode(found.properties) == decode(made.properties)
    assert decode(found.inputs) == decode(imported.inputs) == SHOP
    assert (missing.id, missing.HasField("properties"), missing.HasField("inputs")) == ("", False, False)


def test_a_diff_says_what_is_replaced_and_in_which_order(engine: Engine) -> None:
    role = {"name": "web", "assumeRolePolicy": "{}"}
    renamed = engine.diff(ROLE, "web", role, role, {**role, "name": "app"})
    moved = engine.diff(ROLE, "web", {**role, "path": "/"}, role, {**role, "path": "/shop/"})
    same = engine.diff(ROLE, "web", role, role, role)

    assert (list(renamed.replaces), renamed.deleteBeforeReplace) == (["name"], False)
    assert (list(moved.replaces), moved.deleteBeforeReplace) == (["path"], True), "the chosen name can't be used twice"
    assert renamed.detailedDiff["name"].kind == provider_pb2.PropertyDiff.UPDATE_REPLACE
    assert same.changes == provider_pb2.DiffResponse.DIFF_NONE


def test_an_unnamed_resource_gets_a_name_and_keeps_it(engine: Engine) -> None:
    first = decode(engine.check(ROLE, {"assumeRolePolicy": "{}"} | POLICY).inputs)
    again = decode(engine.check(ROLE, POLICY, first).inputs)

    assert first["name"] == "x-0102030"
    assert again["name"] == first["name"]
    assert first["__defaults"] == ["name"]


POLICY = {
    "assumeRolePolicy": '{"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}]}',
}


def test_a_vendors_refusal_is_the_errors_whole_text(engine: Engine) -> None:
    engine.create(ZONE, SHOP)

    with pytest.raises(grpc.RpcError) as refused:
        engine.create(ZONE, SHOP)

    assert refused.value.code() is grpc.StatusCode.UNKNOWN
    assert refused.value.details().startswith('POST "https://api.cloudflare.com/client/v4/zones": 400 Bad Request')


def test_an_update_and_a_delete_reach_the_vendor(engine: Engine) -> None:
    made = engine.create(ZONE, SHOP)
    state = made.properties

    updated = engine.of(ZONE).Update(
        provider_pb2.UpdateRequest(id=made.id, type=ZONE, olds=state, news=encode({**SHOP, "paused": True}))
    )
    engine.of(ZONE).Delete(provider_pb2.DeleteRequest(id=made.id, type=ZONE, properties=updated.properties))

    assert decode(updated.properties)["paused"] is True
    assert engine.read(ZONE, made.id).id == ""


@pytest.mark.parametrize("faults", [["create:Zone=refuse,status=503"]])
def test_a_fault_refuses_in_the_vendors_words_and_the_next_call_works(engine: Engine) -> None:
    with pytest.raises(grpc.RpcError, match="503"):
        engine.create(ZONE, SHOP)

    assert engine.create(ZONE, SHOP).id


@pytest.mark.parametrize("faults", [["create:Zone=lost"]])
def test_a_lost_answer_leaves_the_object_behind(engine: Engine) -> None:
    with pytest.raises(grpc.RpcError, match="EOF"):
        engine.create(ZONE, SHOP)
    with pytest.raises(grpc.RpcError, match="already exists"):
        engine.create(ZONE, SHOP)


@pytest.mark.parametrize("faults", [["create:Zone=die-after"], ["create:Zone=die-before"]])
def test_a_provider_that_dies_answers_nothing_more(engine: Engine) -> None:
    with pytest.raises(grpc.RpcError) as died:
        engine.create(ZONE, SHOP)
    with pytest.raises(grpc.RpcError):
        engine.create(ZONE, {**SHOP, "name": "other.example"})

    assert died.value.code() in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED)
    assert engine.create(REDIS, {"databaseName": "s", "region": "us-east-1"}).id, "the other vendors' providers live"


def test_what_yaml_node_and_go_send_is_what_python_sends(engine: Engine) -> None:
    asked = {
        "zoneId": "a" * 32,
        "name": "www",
        "type": "A",
        "content": "192.0.2.1",
        "ttl": 1,
        "tags": [],
        "settings": {},
    }
    secret = {SIGNATURE: SECRET, "value": "192.0.2.1"}
    news = json_format.ParseDict(
        {**asked, "ttl": 1.0, "content": secret, "comment": None, "settings": {"ipv4Only": None}}, struct_pb2.Struct()
    )
    request = provider_pb2.CheckRequest(urn=f"urn::{RECORD}::www", name="www", type=RECORD, news=news)

    answer = engine.of(RECORD).Check(request)

    assert not answer.failures
    assert decode(answer.inputs) == asked


def test_what_no_vendor_takes_is_refused_and_breaks_nothing(engine: Engine) -> None:
    asset = {SIGNATURE: "c44067f5952c0a294b673a41bacd8c17", "hash": "0", "text": "hello"}
    inputs = {"accountId": "a" * 32, "kind": "ip", "name": "l", "items": [None], "description": asset}
    news = json_format.ParseDict(inputs, struct_pb2.Struct())
    request = provider_pb2.CheckRequest(urn=f"urn::{LIST}::l", name="l", type=LIST, news=news)

    reasons = {failure.reason.split(". Examine values at ")[0] for failure in engine.of(LIST).Check(request).failures}
    assert reasons == {
        "Null value found in list: Null values are not allowed for this attribute value",
        "expected string type, got object type",
    }


def settings(engine: Engine, name: str, **news: Any) -> list[str]:
    urn = f"urn:pulumi:dev::shop::pulumi:providers:cloudflare::{name}"
    answer = engine.of(ZONE).CheckConfig(provider_pb2.CheckRequest(urn=urn, news=encode(news)))
    return [failure.reason for failure in answer.failures]


def test_a_setting_that_the_provider_does_not_have_is_refused_without_its_value(engine: Engine) -> None:
    ours = {"version": "6.23.1", "pluginDownloadURL": "github://x", "__internal": {}}

    assert settings(engine, "default_6_23_1", apiToken="t", **ours) == []
    words = "could not validate provider configuration: Invalid or unknown key. "
    assert settings(engine, "default_6_23_1", apiTokn="hunter2", **ours) == [
        f"{words}Check `pulumi config get cloudflare:apiTokn`."
    ]
    assert settings(engine, "mine", apiTokn="hunter2") == [f"{words}Examine values at 'mine.apiTokn'."]


def begin(engine: Engine, stack: str, instance: str) -> None:
    urn = f"urn:pulumi:{stack}::shop::pulumi:providers:cloudflare::{instance}"
    engine.of(ZONE).CheckConfig(provider_pb2.CheckRequest(urn=urn))


def test_a_second_provider_of_a_program_does_not_forget_what_the_preview_planned(engine: Engine) -> None:
    begin(engine, "dev", "default")
    engine.create(ZONE, SHOP, preview=True)
    begin(engine, "dev", "other-account")

    with pytest.raises(grpc.RpcError, match="already exists"):
        engine.of(ZONE).Create(
            provider_pb2.CreateRequest(urn="urn::y", name="y", type=ZONE, properties=encode(SHOP), preview=True)
        )


@pytest.mark.parametrize(("stack", "instance"), [("dev", "default"), ("test", "default")])
def test_the_next_preview_starts_from_what_is_there(engine: Engine, stack: str, instance: str) -> None:
    begin(engine, "dev", "default")
    engine.create(ZONE, SHOP, preview=True)
    begin(engine, stack, instance)

    assert engine.of(ZONE).Create(
        provider_pb2.CreateRequest(urn="urn::y", name="y", type=ZONE, properties=encode(SHOP), preview=True)
    )
