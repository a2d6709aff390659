"""Mistakes that other tools let pass, each by name (reference: their checks' own conditions)."""

from __future__ import annotations

import pytest

from policies import tokens as t
from tests.policies.changes import drops, sets
from tests.policies.described import Described, Of
from tests.policies.estate import ASKED, ESTATE
from tests.policies.judging import diagnostics, findings


def rules(estate: tuple[Described, ...], **options: object) -> set[str]:
    return {rule for rule, _ in findings(estate, config=ASKED, **options)}


def test_prowler_counts_a_blocking_rule_that_is_switched_off() -> None:
    assert "zone-blocks-something" in rules(sets("custom", "rules[1].enabled", False)(ESTATE))


def test_prowler_takes_any_ruleset_called_owasp_for_owasp() -> None:
    named = {"name": "owasp", "actionParameters": {"id": "0" * 32}, "ref": "owasp", "action": "execute"}

    assert "zone-owasp-rules" in rules(sets("managed", "rules[1]", named)(ESTATE))


def test_prowler_takes_point_in_time_for_a_backup() -> None:
    assert "atlas-cluster-backup" in rules(sets("cluster", "backupEnabled", False)(ESTATE))


def test_mondoo_passes_a_zone_without_the_setting_it_asks_about() -> None:
    assert "zone-hsts" in rules(drops("hsts")(ESTATE))


def test_mondoo_knows_no_account_tokens() -> None:
    assert "token-expires" in rules(sets("token", "expiresOn", None)(ESTATE))


@pytest.mark.parametrize("halves", [("0.0.0.0/1", "128.0.0.0/1"), ("0.0.0.0/2", "64.0.0.0/2")])
def test_no_tool_adds_up_the_halves_of_the_internet(halves: tuple[str, str]) -> None:
    entries = [
        Described(t.IP_ACCESS_LIST, f"half-{n}", {"projectId": Of("project"), "cidrBlock": cidr, "comment": "x"})
        for n, cidr in enumerate(halves)
    ]

    assert "atlas-access-list-small" in rules((*ESTATE, *entries))


def test_mondoo_sees_an_open_list_in_ipv4_only() -> None:
    entry = Described(t.IP_ACCESS_LIST, "v6", {"projectId": Of("project"), "cidrBlock": "::/0", "comment": "x"})

    assert "atlas-access-list-narrow" in rules((*ESTATE, entry))


@pytest.mark.parametrize(("version", "refused"), [("10.0", False), ("7.0", False), ("6.0", True), ("4.4", True)])
def test_mondoo_compares_versions_as_text(version: str, refused: bool) -> None:
    assert ("atlas-supported-version" in rules(sets("cluster", "mongoDbMajorVersion", version)(ESTATE))) is refused


def test_crossguards_own_server_drops_a_violation_beside_an_unknown_value() -> None:
    unknown = sets("redis", "tls", Of("cluster"))(ESTATE)
    beside = sets("project", "isDataExplorerEnabled", True)(unknown)

    assert {"redis-tls", "atlas-no-data-explorer"} <= rules(beside)


def test_a_violation_on_one_resource_is_seen_beside_a_resource_of_any_shape() -> None:
    odd = Described(t.RULESET, "odd", {"phase": ["x"], "rules": {"a": [1, None]}, "kind": 7})

    found = {one.policyName for one in diagnostics((*sets("redis", "tls", False)(ESTATE), odd), config=ASKED)}
    assert "redis-tls" in found
    assert "pack" not in found


def test_a_record_under_the_sdks_former_name_is_a_record() -> None:
    props = {"zoneId": Of("zone"), "name": "old", "type": "A", "content": "10.0.0.1", "proxied": False, "ttl": 1}
    former = Described("cloudflare:index/record:Record", "former", props)

    assert {"dns-record-proxied", "dns-no-internal-address"} <= rules((*ESTATE, former))
