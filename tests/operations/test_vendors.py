from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from operations.recover import vendors
from operations.recover.vendors import Vendors
from operations.stacks import CommandError
from sandbox.api.server import environment, reading
from sandbox.cloud import Cloud, Thing
from sandbox.faults import Faults, parse

ACCOUNT, ZONE = "0" * 32, "z" * 32
RECORDS = f"/zones/{ZONE}/dns_records"
Account = Callable[..., Vendors]


def thing(token: str, id_: str, scope: str = "", **state: object) -> Thing:
    return Thing(token, f"{scope}/{id_}", id_, scope, str(state.get("name", "")), dict(state), {})


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[Cloud]:
    made = Cloud(tmp_path / "cloud.db")
    made.put(thing("cloudflare:index/zone:Zone", ZONE, name="shop.au", account={"id": ACCOUNT}))
    for number in range(120):
        made.put(thing("cloudflare:index/dnsRecord:DnsRecord", f"r{number}", ZONE, name=f"n{number}", type="A"))
        made.put(thing("doppler:index/project:Project", f"p{number:03}", name=f"p{number:03}"))
        name = f"bucket-{number:03}"
        made.put(thing("cloudflare:index/r2Bucket:R2Bucket", name, ACCOUNT, name=name, jurisdiction="default"))
    yield made
    made.close()


@pytest.fixture
def account(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Iterator[Account]:
    """The vendors' HTTP endpoints, with faults."""
    monkeypatch.setattr(vendors.time, "sleep", lambda _: None)
    with ExitStack() as stack:

        def opened(*faults: str) -> Vendors:
            return Vendors(environment(stack.enter_context(reading(cloud, Faults(map(parse, faults))))))

        yield opened


def test_a_list_is_read_to_its_last_page(account: Account) -> None:
    assert len(account().listed("cloudflare", RECORDS, "")) == 120


def test_a_list_with_a_cursor_is_read_to_its_end(account: Account) -> None:
    assert len(account().listed("cloudflare", f"/accounts/{ACCOUNT}/r2/buckets", "buckets")) == 120


def test_a_list_without_a_count_is_read_until_nothing_new_comes(account: Account) -> None:
    assert len(account().listed("doppler", "/v3/projects", "projects")) == 120


def test_what_is_in_something_that_does_not_exist_is_nothing(account: Account) -> None:
    assert account().listed("doppler", "/v3/configs/config/tokens?project=gone&config=gone", "tokens") == []


def test_a_vendor_that_is_busy_is_asked_again(account: Account) -> None:
    busy = account("list:cloudflare=throttle,times=2")

    assert len(busy.listed("cloudflare", RECORDS, "")) == 120


def test_a_vendor_that_stays_broken_is_named_with_what_was_asked(account: Account) -> None:
    broken = account("list:cloudflare=refuse,times=9")

    with pytest.raises(CommandError, match=f"Cloudflare answered 500 to GET {RECORDS}"):
        broken.listed("cloudflare", RECORDS, "")


def test_a_list_is_asked_for_once_until_something_changes(account: Account, cloud: Cloud) -> None:
    asked = account()
    before = len(asked.listed("cloudflare", RECORDS, ""))
    cloud.put(thing("cloudflare:index/dnsRecord:DnsRecord", "new", ZONE, name="new", type="A"))

    assert len(asked.listed("cloudflare", RECORDS, "")) == before
    asked.forget()
    assert len(asked.listed("cloudflare", RECORDS, "")) == before + 1


def test_deleting_what_is_gone_is_no_error(account: Account) -> None:
    account().delete("cloudflare", f"/accounts/{ACCOUNT}/tokens/gone", {})


def test_aws_is_read_to_the_last_page_of_the_region(account: Account, cloud: Cloud) -> None:
    for number in range(120):
        region = "us-east-1" if number == 7 else "ap-southeast-2"
        arn = f"arn:aws:kms:{region}:123456789012:key/k{number}"
        cloud.put(thing("aws:kms/key:Key", f"k{number}", region=region, arn=arn, description=f"Key {number}"))

    keys = account().listed("aws", "kms/ap-southeast-2/keys", "")

    assert len(keys) == 119
    assert {"KeyId": "k3", "Description": "Key 3"}.items() <= keys[3].items()


def test_what_aws_names_is_listed_by_its_name(account: Account, cloud: Cloud) -> None:
    oidc = "arn:aws:iam::123456789012:oidc-provider/ci.example"
    cloud.put(thing("aws:iam/role:Role", "atlas", name="atlas", arn="arn:aws:iam::123456789012:role/atlas"))
    cloud.put(thing("aws:iam/openIdConnectProvider:OpenIdConnectProvider", oidc))
    cloud.put(thing("aws:s3/bucket:Bucket", "exports", name="exports", region="ap-southeast-2"))
    cloud.put(thing("aws:kms/alias:Alias", "alias/a", name="alias/a", region="ap-southeast-2", targetKeyId="k"))
    cloud.put(thing("aws:guardduty/detector:Detector", "d", region="ap-southeast-2"))
    aws = account()

    assert [each["RoleName"] for each in aws.listed("aws", "iam/roles", "")] == ["atlas"]
    assert aws.listed("aws", "iam/identity-providers", "") == [{"Arn": oidc, "Url": "https://ci.example"}]
    assert [each["Name"] for each in aws.listed("aws", "s3/buckets", "")] == ["exports"]
    assert [each["AliasName"] for each in aws.listed("aws", "kms/ap-southeast-2/aliases", "")] == ["alias/a"]
    found = aws.listed("aws", "guardduty/ap-southeast-2/detectors", "")
    assert found == [{"Id": "d", "Region": "ap-southeast-2"}]


def test_an_answer_of_aws_that_stays_an_error_is_named(account: Account) -> None:
    broken = account("list:aws=refuse,status=403,times=9")

    with pytest.raises(CommandError, match=r"AWS answered \w+ to ListRoles"):
        broken.listed("aws", "iam/roles", "")


def test_a_missing_credential_is_asked_for_by_name() -> None:
    with pytest.raises(CommandError, match="CLOUDFLARE_API_TOKEN is not set"):
        Vendors({}).listed("cloudflare", "/zones", "")


@pytest.mark.parametrize("vendor", ["aws", "cloudflare", "doppler", "upstash"])
def test_a_credential_never_travels_in_the_clear(vendor: str) -> None:
    away = {name: "http://elsewhere.example" for name in environment(1) if name.endswith(("_URL", "_HOST"))}

    with pytest.raises(CommandError, match="must start with https://"):
        Vendors({**environment(1), **away}).listed(vendor, "iam/roles", "items")
