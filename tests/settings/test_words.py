"""The words of a stack file: each form is refused for one reason, and the refusal says what to write."""

import pytest
from pydantic import TypeAdapter, ValidationError

from settings import types
from tests.settings.stack_files import loaded, rejects


@pytest.mark.parametrize(
    ("host", "better"),
    [
        ("https://madebuy.com.au", '"madebuy.com.au"'),
        ("madebuy.com.au/shop", '"madebuy.com.au"'),
        ("madebuy.com.au:443", '"madebuy.com.au"'),
        ("madebuy.com.au.", '"madebuy.com.au"'),
        ("MadeBuy.com.au", '"madebuy.com.au"'),
        ("localhost", "a name such as"),
        ("-a.madebuy.com.au", "a name such as"),
        ("a..madebuy.com.au", "a name such as"),
        ("*.madebuy.com.au", "a name such as"),
        ("203.0.113.10", "a name such as"),
        ("", "a name such as"),
    ],
)
def test_rejects_what_is_no_host_name_and_offers_a_better_one(host: str, better: str) -> None:
    rejects({"madebuy:apps.web.host": host}, at="madebuy:apps.web.host", says=f"Write {better}")


@pytest.mark.parametrize("tenants", ["madebuy.com.au", "*", "*.*.madebuy.com.au", "shop-*.madebuy.com.au"])
def test_rejects_a_tenant_name_that_is_no_wildcard(tenants: str) -> None:
    rejects({"madebuy:apps.web.tenants": tenants}, at="madebuy:apps.web.tenants", says='Write "*." and the zone')


@pytest.mark.parametrize(
    "origin",
    ["*", "https://*", "http://dashboard.madebuy.com.au", "https://dashboard.madebuy.com.au/", "http://localhost:3301"],
)
def test_rejects_an_upload_origin_that_is_no_https_origin(origin: str) -> None:
    place = "madebuy:storage.media.upload_origins[0]"
    rejects({place: origin}, at=place, says="is no https origin")


@pytest.mark.parametrize("email", ["oncall", "oncall@", "@madebuy.com.au", "on call@madebuy.com.au", "a@localhost"])
def test_rejects_an_alert_address_that_reaches_nobody(email: str) -> None:
    rejects({"madebuy:monitoring.emails[0]": email}, at="madebuy:monitoring.emails[0]", says="reach nobody")


def test_rejects_an_open_access_list() -> None:
    place = "madebuy:database.access[0].cidr"
    rejects({place: "0.0.0.0/0"}, at=place, says="lets in the whole internet")


@pytest.mark.parametrize("cidr", ["0.0.0.0/1", "203.0.0.0/16", "203.0.112.0/23"])
def test_rejects_an_access_list_entry_wider_than_a_24(cidr: str) -> None:
    place = "madebuy:database.access[0].cidr"
    rejects({place: cidr}, at=place, says="/24 is the widest allowed")


def test_rejects_an_access_list_entry_without_a_prefix_length() -> None:
    place = "madebuy:database.access[0].cidr"
    rejects({place: "203.0.113.10"}, at=place, says='Write "203.0.113.10/32"')


def test_rejects_an_address_inside_a_block_as_ambiguous() -> None:
    place = "madebuy:database.access[0].cidr"
    rejects({place: "203.0.113.77/28"}, at=place, says='Write "203.0.113.64/28" for the block or "203.0.113.77/32"')


@pytest.mark.parametrize("cidr", ["::/0", "2001:db8::1/128", "somewhere", "203.0.113.10/33", "203.0.113.300/32"])
def test_rejects_an_access_list_entry_that_is_no_ipv4_block(cidr: str) -> None:
    place = "madebuy:database.access[0].cidr"
    rejects({place: cidr}, at=place, says="is no IPv4 address block")


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("10.1.2.3", "private"),
        ("172.16.0.9", "private"),
        ("192.168.1.1", "private"),
        ("127.0.0.1", "loopback"),
        ("169.254.169.254", "link-local"),
        ("100.64.0.1", "CGNAT"),
        ("0.1.2.3", "this network"),
        ("224.0.0.1", "multicast"),
        ("255.255.255.255", "reserved"),
        ("104.16.1.1", "Cloudflare's own"),
    ],
)
def test_rejects_an_address_that_is_not_the_owners_as_origin_and_on_the_access_list(address: str, reason: str) -> None:
    origin, entry = "madebuy:apps.origins[0].address", "madebuy:database.access[0].cidr"
    rejects({origin: address}, at=origin, says=reason)
    rejects({entry: f"{address}/32"}, at=entry, says=reason)


def test_documentation_addresses_stand_for_the_owners() -> None:
    assert loaded().apps.origins[0].address == "203.0.113.10"


@pytest.mark.parametrize("address", ["203.0.113", "203.0.113.300", "2001:db8::1"])
def test_rejects_an_origin_address_that_cloudflare_can_not_connect_to(address: str) -> None:
    place = "madebuy:apps.origins[0].address"
    rejects({place: address}, at=place, says="is no IPv4 address")


def test_an_origin_may_be_a_host_name_at_its_provider() -> None:
    stack = loaded(changes={"madebuy:apps.origins[0].address": "madebuy.up.railway.app"})

    assert stack.apps.origins[0].address == "madebuy.up.railway.app"


@pytest.mark.parametrize("path", ["api/health", '/a" or true or "', "/a b", "//evil.example", "/a?b=c", "/ü"])
def test_rejects_a_path_that_could_change_a_rules_meaning(path: str) -> None:
    place = "madebuy:apps.web.health_path"
    rejects({place: path}, at=place, says="is no plain path")


@pytest.mark.parametrize(
    ("place", "value", "says"),
    [
        ("madebuy:accounts.cloudflare_account_id", "0123456789ABCDEF0123456789ABCDEF", "not a Cloudflare id"),
        ("madebuy:accounts.cloudflare_account_id", "0123", "not a Cloudflare id"),
        ("madebuy:accounts.atlas_organization_id", "x" * 24, "not an Atlas id"),
        ("madebuy:accounts.aws_account_id", "12345678901", "not an AWS account id"),
        ("madebuy:recovery.region", "sydney", "not an AWS region"),
        ("madebuy:storage.media.bucket", "MadeBuy", "not an R2 bucket name"),
        ("madebuy:storage.media.bucket", "ab", "not an R2 bucket name"),
        ("madebuy:storage.backups.bucket", "madebuy_backups", "not an R2 bucket name"),
        ("madebuy:storage.backups.bucket", "madebuy-", "not an R2 bucket name"),
        ("madebuy:apps.origins[0].name", "Sydney 1", "not a short name"),
    ],
)
def test_rejects_an_id_of_the_wrong_form_without_repeating_it(place: str, value: str, says: str) -> None:
    rejects({place: value}, at=place, says=says)


@pytest.mark.parametrize(
    "zone", ["staging.madebuy.com.au", "www.madebuy.com.au", "a.b.madebuy.com.au", "shop.madebuy.io"]
)
def test_rejects_a_zone_below_another_one_and_says_why(zone: str) -> None:
    with pytest.raises(ValidationError) as caught:
        TypeAdapter(types.Zone).validate_python(zone)

    assert "Cloudflare hosts no zone below another one on ordinary plans" in str(caught.value)


def test_the_zone_below_another_one_is_told_which_names_would_do() -> None:
    with pytest.raises(ValidationError, match=r"Write madebuy\.com\.au, or register .* madebuy-staging\.com\.au"):
        TypeAdapter(types.Zone).validate_python("staging.madebuy.com.au")


@pytest.mark.parametrize("zone", ["com.au", "co.nz"])
def test_rejects_a_zone_that_is_an_ending_for_everyone(zone: str) -> None:
    with pytest.raises(ValidationError, match="an ending under which names are sold"):
        TypeAdapter(types.Zone).validate_python(zone)


@pytest.mark.parametrize("zone", ["madebuy.com.au", "madebuy.au", "madebuy.io", "madebuy.co.nz", "madebuy.co.example"])
def test_a_registered_name_can_be_a_zone(zone: str) -> None:
    assert TypeAdapter(types.Zone).validate_python(zone) == zone


@pytest.mark.parametrize("day", ["2026-11-01", "2026-11-01 00:00:00 +0000 UTC", "2026-11-01T00:00:00Z"])
def test_a_date_may_come_as_the_engine_writes_it(day: str) -> None:
    stack = loaded(changes={"madebuy:secrets.started_on": day})

    assert stack.secrets.started_on.isoformat() == "2026-11-01"


@pytest.mark.parametrize("day", ["2026-13-01", "soon", "01.11.2026", 20261101, "2026-11-01T10:00:00Z"])
def test_rejects_what_is_no_date(day: object) -> None:
    place = "madebuy:secrets.started_on"
    rejects({place: day}, at=place, says='Write for example: "2026-11-01"')
