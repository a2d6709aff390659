"""The shipped stack files: MadeBuy's facts, no secret, and no two stacks that could reach into each other."""

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

from settings import Environment, ProfileName, SettingsError, Stack, load, load_organization, read_stack_file
from tests.settings.stack_files import ROOT, changed, loaded, rejects

STACKS = sorted(path.name.split(".")[1] for path in ROOT.glob("Pulumi.*.yaml"))
FILES = [*(ROOT / f"Pulumi.{stack}.yaml" for stack in STACKS), ROOT / "organization" / "Pulumi.organization.yaml"]


def shared(stacks: Iterable[Stack]) -> set[str]:
    """Names that two stacks claim, or one stack twice, where the vendor knows each name once per account."""
    claims: list[str] = []
    for stack in stacks:
        claims += [
            f"zone {stack.edge.zone}",
            f"atlas project {stack.database.project}",
            f"bucket {stack.storage.media.bucket}",
            f"bucket {stack.storage.backups.bucket}",
            f"redis {stack.cache.name}",
            f"doppler project {stack.secrets.doppler_project}",
            *(f"origin {origin.address}" for origin in stack.apps.origins),
            *(f"host {host}" for host in (*stack.apps.hosts(), stack.storage.media.host)),
            *(f"{role} {vendor_id}" for role, vendor_id in stack.adopt.items()),
        ]
    return {claim for claim, count in Counter(claims).items() if count > 1}


def test_there_is_a_staging_and_a_production_stack() -> None:
    assert {loaded(stack).environment for stack in STACKS} == {Environment.STAGING, Environment.PRODUCTION}


def test_no_two_stacks_share_what_a_mistake_could_reach_through() -> None:
    assert shared(loaded(stack) for stack in STACKS) == set()


@pytest.mark.parametrize(
    ("place", "value", "claim"),
    [
        ("madebuy:storage.media.bucket", "madebuy-backups", "bucket madebuy-backups"),
        ("madebuy:database.project", "madebuy-production", "atlas project madebuy-production"),
        ("madebuy:cache.name", "madebuy-production", "redis madebuy-production"),
        ("madebuy:secrets.doppler_project", "madebuy-production", "doppler project madebuy-production"),
        ("madebuy:apps.origins[0].address", "203.0.113.10", "origin 203.0.113.10"),
    ],
)
def test_a_name_of_production_in_staging_is_noticed(place: str, value: str, claim: str) -> None:
    assert shared([loaded("staging", {place: value}), loaded("prod")]) == {claim}


def test_production_has_the_audits_facts() -> None:
    stack = loaded("prod")

    assert stack.edge.zone == "madebuy.com.au"
    assert stack.apps.hosts() == ("madebuy.com.au", "www.madebuy.com.au", "dashboard.madebuy.com.au")
    assert stack.apps.web.tenants == "*.madebuy.com.au"
    assert stack.storage.media.host == "media.madebuy.com.au"
    assert (stack.storage.media.bucket, stack.storage.backups.bucket) == ("madebuy-media", "madebuy-backups")
    assert stack.database.region.aws_name == stack.cache.region == stack.recovery.region == "ap-southeast-2"
    assert stack.profile.name is ProfileName.HIGH_AVAILABILITY


def test_staging_has_a_domain_of_its_own_and_the_smallest_profile() -> None:
    stack = loaded("staging")

    assert stack.edge.zone == "madebuy-staging.com.au"
    assert stack.profile.name is ProfileName.MINIMAL
    assert not stack.database.dedicated


@pytest.mark.parametrize("stack", STACKS)
def test_every_origin_may_reach_the_database(stack: str) -> None:
    settings = loaded(stack)

    assert {f"{origin.address}/32" for origin in settings.apps.origins} == {
        entry.cidr for entry in settings.database.access
    }


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_shipped_file_holds_a_secret_or_the_salt_of_one(path: Path) -> None:
    text = path.read_text(encoding="utf-8")

    assert not re.search(r"^\s*(encryptionsalt|encryptedkey|secure|secretsprovider):", text, re.MULTILINE)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_file_names_a_schema_that_exists(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    named = first.removeprefix("# yaml-language-server: $schema=")

    assert (path.parent / named).is_file()


def test_the_organization_and_the_stacks_are_in_the_same_accounts() -> None:
    config, secret_keys = read_stack_file(FILES[-1])
    organization = load_organization("organization", config, secret_keys)

    assert {organization.accounts} == {loaded(stack).accounts for stack in STACKS}


def test_an_encrypted_value_is_told_apart_in_a_stack_file(tmp_path: Path) -> None:
    path = tmp_path / "Pulumi.prod.yaml"
    path.write_text(
        "config:\n  cloudflare:apiToken:\n    secure: v1:abc\n  aws:region: ap-southeast-2\n", encoding="utf-8"
    )

    config, secret_keys = read_stack_file(path)

    assert secret_keys == {"cloudflare:apiToken"}
    assert load("prod", changed("prod", {}) | config, secret_keys).name == "prod"


def test_dates_without_quotes_are_read_from_a_file_too(tmp_path: Path) -> None:
    path = tmp_path / "Pulumi.prod.yaml"
    text = (ROOT / "Pulumi.prod.yaml").read_text(encoding="utf-8")
    path.write_text(text.replace('"2026-11-01"', "2026-11-01"), encoding="utf-8")

    assert load("prod", *read_stack_file(path)).secrets.started_on.isoformat() == "2026-11-01"


UNREADABLE = {
    "a key twice": ("config:\n  madebuy:profile: minimal\n  madebuy:profile: hardened\n", "line 3", "second time"),
    "a field twice": ("config:\n  madebuy:cache:\n    name: a\n    name: b\n", "line 4", "second time"),
    "a tab": ("config:\n\tmadebuy:profile: minimal\n", "line 2", "can't be read as YAML"),
    "an open quote": ('config:\n  madebuy:profile: "minimal\n', "line 3", "can't be read as YAML"),
    "an unknown anchor": ("config:\n  madebuy:profile: *profile\n", "line 2", "undefined alias"),
    "a list": ("config: [madebuy:profile]\n", "config", "keys are needed here"),
    "a text": ("minimal\n", "config", "keys are needed here"),
    "a control character": ("config:\n  madebuy:profile: \x00\n", "Pulumi.staging.yaml", "no text in UTF-8"),
    "another encoding": ("config: # \xe9\n".encode("latin-1"), "Pulumi.staging.yaml", "no text in UTF-8"),
}


@pytest.mark.parametrize("what", UNREADABLE)
def test_rejects_a_file_that_is_no_stack_file_and_says_where(what: str, tmp_path: Path) -> None:
    content, place, says = UNREADABLE[what]
    path = tmp_path / "Pulumi.staging.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())

    with pytest.raises(SettingsError) as refused:
        read_stack_file(path)

    assert f"{place}: " in str(refused.value)
    assert says in str(refused.value)


def test_a_key_that_is_merged_into_a_mapping_stands_once(tmp_path: Path) -> None:
    path = tmp_path / "Pulumi.staging.yaml"
    path.write_text("config:\n  a: &a {name: x}\n  b: {<<: *a, size: 1}\n", encoding="utf-8")

    assert read_stack_file(path)[0] == {"a": '{"name": "x"}', "b": '{"name": "x", "size": 1}'}


def test_null_for_a_whole_key_is_called_nothing() -> None:
    rejects({"madebuy:cache": ""}, at="madebuy:cache", says="a mapping of fields is needed, not nothing.")
