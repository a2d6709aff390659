from typing import Any

import pytest

from components.edge import Zone, ZoneArgs
from settings import Role
from tests.components.edge.example import ACCOUNT, ZONE_ID, deployment, edge
from tests.components.mocks import Deployed, deploy

ANSWERS = {"zone-zone": {"nameServers": ["a.ns.example", "b.ns.example"]}, "zone-dnssec": {"ds": "2371 13 2 AB"}}


def zone(*, adopt: dict[str, str] | None = None, preview: bool = False, **changes: Any) -> Deployed:
    args = ZoneArgs(deployment=deployment(**(adopt or {})), settings=edge(**changes))
    return deploy(lambda: Zone("zone", args), answers=ANSWERS, preview=preview)


def settings_of(deployed: Deployed) -> dict[str, Any]:
    return {each.inputs["settingId"]: each.inputs["value"] for each in deployed.of_type("ZoneSetting")}


def test_the_zone_is_protected_in_production() -> None:
    deployed = zone()

    assert deployed["zone-zone"].protect
    assert deployed["zone-zone"].inputs == {"account": {"id": ACCOUNT}, "name": "madebuy.com.au", "type": "full"}


def test_a_zone_that_exists_is_imported() -> None:
    assert zone(adopt={Role.ZONE: ZONE_ID})["zone-zone"].import_id == ZONE_ID


def test_every_child_hangs_under_the_component() -> None:
    assert {each.parent for each in zone().values() if each.name != "zone"} == {"zone"}


def test_tls_is_strict_and_recent_by_default() -> None:
    settings = settings_of(zone())

    assert settings == {
        "ssl": "strict",
        "min_tls_version": "1.2",
        "tls_1_3": "on",
        "0rtt": "off",
        "always_use_https": "on",
        "automatic_https_rewrites": "on",
        "opportunistic_encryption": "on",
        "security_header": {
            "strict_transport_security": {
                "enabled": True,
                "max_age": 30 * 86_400,
                "include_subdomains": True,
                "preload": False,
                "nosniff": True,
            }
        },
    }


def test_hsts_is_measured_in_seconds() -> None:
    hsts = settings_of(zone(tls={"hsts": {"max_age_days": 365}}))["security_header"]["strict_transport_security"]

    assert hsts["max_age"] == 31_536_000


@pytest.mark.parametrize(
    ("plan", "subscriptions"), [("free", []), ("pro", ["pro"]), ("business", ["business"]), ("enterprise", [])]
)
def test_only_a_plan_sold_by_the_api_is_subscribed_to(plan: str, subscriptions: list[str]) -> None:
    bought = zone(plan=plan).of_type("ZoneSubscription")

    assert [each.inputs["ratePlan"]["id"] for each in bought] == subscriptions


def test_nothing_in_the_zone_is_made_before_its_plan_is_paid_for() -> None:
    deployed = zone(plan="business")
    made_first = {"zone", "zone-zone", "zone-plan"}

    assert all("zone-plan" in each.depends_on for each in deployed.values() if each.name not in made_first)


def test_each_authority_may_issue_certificates_and_wildcards_and_nobody_else() -> None:
    records = [each.inputs for each in zone().of_type("DnsRecord")]

    assert {record["name"] for record in records} == {"madebuy.com.au"}
    assert {(record["data"]["tag"], record["data"]["value"]) for record in records} == {
        (tag, authority)
        for tag in ("issue", "issuewild")
        for authority in ("letsencrypt.org", "pki.goog", "sectigo.com", "ssl.com")
    }


def test_outputs_are_what_the_registrar_needs() -> None:
    assert zone().outputs["zone"] == {
        "zone_id": "zone-zone-id",
        "name_servers": ["a.ns.example", "b.ns.example"],
        "ds_record": "2371 13 2 AB",
    }


def test_a_preview_registers_the_same_resources() -> None:
    assert set(zone(preview=True)) == set(zone())
