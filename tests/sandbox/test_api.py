"""The vendors' read endpoints: paging, authentication and errors as the vendors have them, over HTTP."""

from __future__ import annotations

import base64
import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from sandbox.api.server import environment, reading
from sandbox.faults import Faults, parse
from tests.sandbox.account import ACCOUNT, ORG, Account
from tests.sandbox.good import GOOD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TOKEN = "/v3/configs/config/tokens/token"
SIGNED = "AWS4-HMAC-SHA256 Credential=sandbox/20261123/ap-southeast-2/{}/aws4_request, Signature=x"


@dataclass
class Response:
    status: int
    headers: dict[str, str]
    text: str

    @property
    def body(self) -> Any:
        return json.loads(self.text)


@dataclass
class Client:
    """Asks as `operations` does: base URLs and credentials come from the environment."""

    account: Account
    variables: dict[str, str]

    def get(
        self, url: str, authorization: str = "", data: bytes | None = None, method: str | None = None, **headers: str
    ) -> Response:
        sent = {"Authorization": authorization, **headers}
        request = urllib.request.Request(url, data=data, headers=sent, method=method)
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return Response(answer.status, dict(answer.headers), answer.read().decode())
        except urllib.error.HTTPError as error:
            return Response(error.code, dict(error.headers), error.read().decode())

    def cloudflare(self, path: str) -> Response:
        return self.get(
            self.variables["CLOUDFLARE_BASE_URL"] + path, f"Bearer {self.variables['CLOUDFLARE_API_TOKEN']}"
        )

    def atlas(self, path: str) -> Response:
        pair = f"{self.variables['MONGODB_ATLAS_CLIENT_ID']}:{self.variables['MONGODB_ATLAS_CLIENT_SECRET']}"
        base = self.variables["MONGODB_ATLAS_BASE_URL"]
        token = self.get(f"{base}/api/oauth/token", f"Basic {base64.b64encode(pair.encode()).decode()}", data=b"")
        return self.get(f"{base}/api/atlas/v2{path}", f"Bearer {token.body['access_token']}")

    def doppler(self, path: str) -> Response:
        return self.get(self.variables["DOPPLER_API_HOST"] + path, f"Bearer {self.variables['DOPPLER_TOKEN']}")

    def upstash(self, path: str) -> Response:
        pair = f"{self.variables['UPSTASH_EMAIL']}:{self.variables['UPSTASH_API_KEY']}"
        return self.get(self.variables["UPSTASH_API_URL"] + path, f"Basic {base64.b64encode(pair.encode()).decode()}")

    def aws(self, service: str, path: str = "/", data: bytes | None = None, **headers: str) -> Response:
        return self.get(self.variables["AWS_ENDPOINT_URL"] + path, SIGNED.format(service), data, **headers)


@pytest.fixture
def faults() -> list[str]:
    return []


@pytest.fixture
def client(faults: list[str]) -> Iterator[Client]:
    account = Account()
    with reading(account.cloud, Faults([parse(text) for text in faults])) as port:
        yield Client(account, environment(port))


def test_zones_are_paged_and_filtered(client: Client) -> None:
    for n in range(25):
        client.account.zone(name=f"z{n}.example")

    first, second = client.cloudflare("/zones").body, client.cloudflare("/zones?page=2").body
    one = client.cloudflare("/zones?name=z7.example").body

    assert (len(first["result"]), len(second["result"])) == (20, 5)
    assert first["result_info"] == {"page": 1, "per_page": 20, "count": 20, "total_count": 25, "total_pages": 2}
    assert [zone["name"] for zone in one["result"]] == ["z7.example"]


def test_a_zone_says_its_plan_and_what_it_is_billed_for(client: Client) -> None:
    zone = client.account.zone("pro")

    assert client.cloudflare(f"/zones/{zone}").body["result"]["plan"]["legacy_id"] == "pro"
    assert client.cloudflare(f"/zones/{zone}/subscription").body["result"]["price"] == 25
    assert client.cloudflare(f"/accounts/{ACCOUNT}/subscriptions").body["result"][0]["rate_plan"]["id"] == "pro"


def test_what_is_in_a_zone_is_listed_in_the_apis_words(client: Client) -> None:
    record = client.account.make("DnsRecord", GOOD["DnsRecord"](client.account))

    (listed,) = client.cloudflare(f"/zones/{record.scope}/dns_records").body["result"]

    assert listed["id"] == record.id
    assert listed["zone_id"] == record.scope
    assert "created_on" in listed


def test_a_token_is_listed_without_its_value(client: Client) -> None:
    token = client.account.make("AccountToken", GOOD["AccountToken"](client.account))

    answer = client.cloudflare(f"/accounts/{ACCOUNT}/tokens")

    assert answer.body["result"][0]["name"] == "media"
    assert token.state["value"] not in answer.text


def test_buckets_are_paged_by_cursor(client: Client) -> None:
    for n in range(3):
        client.account.make("R2Bucket", {"accountId": ACCOUNT, "name": f"bucket-{n}"})

    first = client.cloudflare(f"/accounts/{ACCOUNT}/r2/buckets?per_page=2").body
    cursor = first["result_info"]["cursor"]
    rest = client.cloudflare(f"/accounts/{ACCOUNT}/r2/buckets?per_page=2&cursor={cursor}").body

    assert [b["name"] for b in first["result"]["buckets"]] == ["bucket-0", "bucket-1"]
    assert [b["name"] for b in rest["result"]["buckets"]] == ["bucket-2"]
    assert rest["result_info"]["cursor"] == ""


def test_projects_and_their_clusters_are_listed(client: Client) -> None:
    project = client.account.project()
    client.account.cluster(project)

    groups = client.atlas("/groups?itemsPerPage=1").body
    clusters = client.atlas(f"/groups/{project}/clusters").body
    flex = client.atlas(f"/groups/{project}/flexClusters").body

    assert (groups["totalCount"], groups["results"][0]["clusterCount"]) == (1, 1)
    assert [c["name"] for c in clusters["results"]] == ["main"]
    assert flex["results"] == []


def test_a_database_user_is_listed_without_its_password(client: Client) -> None:
    user = client.account.make("DatabaseUser", GOOD["DatabaseUser"](client.account))

    answer = client.atlas(f"/groups/{user.scope}/databaseUsers")

    assert answer.body["results"][0]["username"] == "web"
    assert user.state["password"] not in answer.text


def test_a_secret_inside_a_list_is_redacted(client: Client) -> None:
    project = client.account.project()
    slack = {"typeName": "SLACK", "channelName": "ops", "apiToken": "xoxb-not-shown", "intervalMin": 5}
    client.account.make(
        "AlertConfiguration", {"projectId": project, "eventType": "HOST_DOWN", "notifications": [slack]}
    )

    listed = client.atlas(f"/groups/{project}/alertConfigs")

    assert listed.body["results"][0]["notifications"][0]["channelName"] == "ops"
    assert "xoxb" not in listed.text


def test_a_role_of_atlas_says_what_it_is_in_aws_once_it_is_authorized(client: Client) -> None:
    project = client.account.project()
    idle = client.account.make("CloudProviderAccessSetup", {"projectId": project, "providerName": "AWS"})
    used = client.account.authorized_role(project, ["s3:PutObject"], "arn:aws:s3:::exports")

    roles = {r["roleId"]: r for r in client.atlas(f"/groups/{project}/cloudProviderAccess").body["awsIamRoles"]}

    assert "iamAssumedRoleArn" not in roles[idle.id]
    assert roles[used]["iamAssumedRoleArn"].endswith(":role/atlas")


def test_a_key_is_described_in_its_region_and_unknown_in_others(client: Client) -> None:
    key = client.account.make("aws:Key", {"description": "Encrypts"})
    asked = json.dumps({"KeyId": key.id}).encode()
    elsewhere = SIGNED.format("kms").replace("ap-southeast-2", "us-east-1")
    target = {"X-Amz-Target": "TrentService.DescribeKey"}

    here = client.aws("kms", data=asked, **target).body["KeyMetadata"]
    there = client.get(f"{client.variables['AWS_ENDPOINT_URL']}/", elsewhere, asked, **target)

    assert (here["Description"], here["KeyState"]) == ("Encrypts", "Enabled")
    assert (there.status, there.body["__type"]) == (400, "NotFoundException")


def test_the_pending_invoice_has_a_line_per_cluster(client: Client) -> None:
    client.account.cluster(client.account.project())

    invoice = client.atlas(f"/orgs/{ORG}/invoices/pending").body

    assert [line["clusterName"] for line in invoice["lineItems"]] == ["main"]
    assert invoice["subtotalCents"] == 5840


def test_doppler_lists_names_and_never_values(client: Client) -> None:
    account = client.account
    secret = account.make("Secret", {**GOOD["Secret"](account), "value": "do-not-show"})
    account.make("BranchConfig", {"project": "shop", "environment": "prd", "name": "prd_web"})
    account.make("ServiceToken", {"project": "shop", "config": "prd", "name": "web"})

    configs = client.doppler("/v3/configs?project=shop").body["configs"]
    names = client.doppler("/v3/configs/config/secrets/names?project=shop&config=prd_web")
    tokens = client.doppler("/v3/configs/config/tokens?project=shop&config=prd")

    assert [config["name"] for config in configs] == ["prd", "prd_web"]
    assert secret.name in names.body["names"], "a branch has what its root has"
    assert "do-not-show" not in names.text + tokens.text
    assert [token["name"] for token in tokens.body["tokens"]] == ["web"]


def test_redis_databases_are_listed_with_what_they_cost(client: Client) -> None:
    redis = client.account.make("RedisDatabase", {**GOOD["RedisDatabase"](client.account), "prodPack": True})

    listed = client.upstash("/redis/databases")
    stats = client.upstash(f"/redis/stats/{redis.id}").body

    assert listed.body[0]["database_name"] == "shop"
    assert redis.state["password"] not in listed.text
    assert stats["total_monthly_billing"] == 200


def test_aws_services_answer_in_their_own_protocols(client: Client) -> None:
    account = client.account
    account.make("aws:Role", GOOD["aws:Role"](account))
    account.make("aws:Bucket", {"bucket": "shop-exports"})
    alias = account.make("Alias", GOOD["Alias"](account))
    detector = account.make("Detector", {})

    assert "<RoleName>web</RoleName>" in client.aws("iam", "/?Action=ListRoles").text
    assert "<Name>shop-exports</Name>" in client.aws("s3").text
    aliases = client.aws("kms", data=b"{}", **{"X-Amz-Target": "TrentService.ListAliases"}).body
    assert aliases["Aliases"] == [{"AliasName": "alias/shop", "TargetKeyId": alias.state["targetKeyId"]}]
    assert client.aws("guardduty", "/detector").body == {"detectorIds": [detector.id]}


def test_what_a_provider_cannot_import_is_deleted(client: Client) -> None:
    account, bearer = client.account, "Bearer sandbox"
    domain = account.make("R2CustomDomain", GOOD["R2CustomDomain"](account))
    token = account.make("ServiceToken", {"project": account.doppler(), "config": "prd", "name": "web"})
    url = f"{client.variables['CLOUDFLARE_BASE_URL']}/accounts/{ACCOUNT}/r2/buckets/media/domains/custom/{domain.name}"
    tokens = f"{client.variables['DOPPLER_API_HOST']}/v3/configs/config/tokens/token"
    named = json.dumps({"project": "shop", "config": "prd", "slug": token.id}).encode()

    first, again = client.get(url, bearer, method="DELETE"), client.get(url, bearer, method="DELETE")
    revoked = client.get(tokens, bearer, data=named, method="DELETE")

    assert (first.status, again.status, revoked.status) == (200, 404, 200)
    assert account.reread(domain) is None
    assert account.cloud.get(token.type, token.key) is None


def test_a_delete_that_the_vendor_refuses_is_a_conflict(client: Client) -> None:
    pool = client.account.make("LoadBalancer", GOOD["LoadBalancer"](client.account)).state["fallbackPool"]
    url = f"{client.variables['CLOUDFLARE_BASE_URL']}/accounts/{ACCOUNT}/load_balancers/pools/{pool}"

    refused = client.get(url, "Bearer sandbox", method="DELETE")

    assert refused.status == 409
    assert "referenced by load balancers" in refused.text


ASKS: dict[str, Callable[[Client, str], Response]] = {
    "cloudflare": lambda client, key: client.get(f"{client.variables['CLOUDFLARE_BASE_URL']}/zones", key),
    "atlas": lambda client, key: client.get(f"{client.variables['MONGODB_ATLAS_BASE_URL']}/api/atlas/v2/groups", key),
    "doppler": lambda client, key: client.get(f"{client.variables['DOPPLER_API_HOST']}/v3/projects", key),
    "upstash": lambda client, key: client.get(f"{client.variables['UPSTASH_API_URL']}/redis/databases", key),
    "aws": lambda client, key: client.get(f"{client.variables['AWS_ENDPOINT_URL']}/", key),
}


@pytest.mark.parametrize("vendor", ASKS)
@pytest.mark.parametrize("key", ["", "Bearer wrong", "Basic d3Jvbmc6d3Jvbmc="])
def test_a_wrong_credential_is_refused(client: Client, vendor: str, key: str) -> None:
    assert ASKS[vendor](client, key).status == (403 if vendor == "aws" else 401)


@pytest.mark.parametrize(
    ("ask", "status", "words"),
    [
        (lambda c: c.cloudflare(f"/zones/{'0' * 32}"), 404, "7003"),
        (lambda c: c.cloudflare(f"/zones/{'0' * 32}/dns_records"), 403, "9109"),
        (lambda c: c.cloudflare("/zones?per_page=51"), 400, "per_page must be between 1 and 50"),
        (lambda c: c.cloudflare("/nothing"), 404, "no endpoint GET /nothing"),
        (lambda c: c.atlas(f"/groups/{'0' * 24}/clusters"), 404, "GROUP_NOT_FOUND"),
        (lambda c: c.atlas("/groups?itemsPerPage=501"), 400, "itemsPerPage"),
        (lambda c: c.doppler("/v3/environments"), 400, "project is required"),
        (lambda c: c.doppler("/v3/environments?project=gone"), 404, "Could not find requested project"),
        (lambda c: c.upstash("/redis/database/gone"), 404, "not found"),
        (lambda c: c.aws("iam", "/?Action=Explode"), 400, "InvalidAction"),
        (lambda c: c.get(c.variables["CLOUDFLARE_BASE_URL"].replace("cloudflare", "oracle")), 404, "no vendor oracle"),
    ],
)
def test_an_error_has_the_vendors_form(
    client: Client, ask: Callable[[Client], Response], status: int, words: str
) -> None:
    answer = ask(client)

    assert answer.status == status
    assert words in answer.text


BEARER = "Bearer sandbox"


@pytest.mark.parametrize(
    ("ask", "status"),
    [
        (lambda c: c.get(f"{c.variables['DOPPLER_API_HOST']}{TOKEN}", BEARER, b"x", "DELETE"), 400),
        (lambda c: c.get(f"{c.variables['DOPPLER_API_HOST']}{TOKEN}", BEARER, b"[]", "DELETE"), 400),
        (lambda c: c.get(f"{c.variables['CLOUDFLARE_BASE_URL']}/zones", BEARER, b"{}", "PUT"), 404),
        (lambda c: c.get(f"{c.variables['CLOUDFLARE_BASE_URL']}/zones", BEARER, method="PATCH"), 404),
        (lambda c: c.get(f"{c.variables['CLOUDFLARE_BASE_URL']}/zones", BEARER, method="HEAD"), 404),
        (lambda c: c.cloudflare("/zones?page=%C2%B2"), 400),
        (lambda c: c.get(f"{c.variables['CLOUDFLARE_BASE_URL']}/zones", BEARER, **{"Content-Length": "x"}), 200),
        (lambda c: c.aws("kms", data=b"x", **{"X-Amz-Target": "TrentService.ListKeys"}), 400),
        (lambda c: c.aws("kms", data=b'{"Marker": "x"}', **{"X-Amz-Target": "TrentService.ListKeys"}), 400),
        (lambda c: c.aws("kms", data=b'{"Limit": 0.5}', **{"X-Amz-Target": "TrentService.ListKeys"}), 400),
        (lambda c: c.aws("iam", "/?Action=ListRoles&MaxItems=many"), 400),
    ],
)
def test_a_request_that_makes_no_sense_is_answered(
    client: Client, ask: Callable[[Client], Response], status: int
) -> None:
    assert ask(client).status == status


@pytest.mark.parametrize("faults", [["list:cloudflare=throttle,seconds=7"]])
def test_a_throttled_list_says_when_to_try_again(client: Client) -> None:
    throttled, answered = client.cloudflare("/zones"), client.cloudflare("/zones")

    assert (throttled.status, throttled.headers["Retry-After"]) == (429, "7")
    assert answered.status == 200


@pytest.mark.parametrize("faults", [["list:doppler=refuse,status=502", "list:upstash=latency,seconds=0"]])
def test_a_list_can_break_or_be_slow(client: Client) -> None:
    assert client.doppler("/v3/projects").status == 502
    assert client.upstash("/redis/databases").status == 200


def test_every_variable_points_at_the_sandbox_or_is_its_credential(client: Client) -> None:
    for name, value in client.variables.items():
        assert value.startswith("http://127.0.0.1:") or value in ("sandbox", "owner@example.com"), name
