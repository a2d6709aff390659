"""What languages that ask a provider for its schema are told."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING

import pytest

from sandbox import package, schema, vendors
from tests.engine.running import CLI

if TYPE_CHECKING:
    from pathlib import Path


def test_a_type_is_described_as_the_sandbox_checks_it() -> None:
    document = json.loads(package.document("cloudflare"))

    record = document["resources"]["cloudflare:index/dnsRecord:DnsRecord"]
    assert record["requiredInputs"] == ["name", "ttl", "type", "zoneId"]
    assert record["inputProperties"]["content"] == {"type": "string"}
    assert "createdOn" in record["properties"]
    assert "createdOn" not in record["inputProperties"]
    data = document["types"][record["inputProperties"]["data"]["$ref"].removeprefix("#/types/")]
    assert data["properties"]["priority"] == {"type": "number"}


def test_an_explicit_provider_of_a_program_has_the_settings_of_its_sdk() -> None:
    told = {provider: json.loads(package.document(provider)) for provider in schema.PROVIDERS}

    assert told["cloudflare"]["provider"]["inputProperties"]["apiToken"] == {"type": "string", "secret": True}
    assert told["doppler"]["provider"]["requiredInputs"] == ["dopplerToken"]
    assert "assumeRoles" in told["aws"]["config"]["variables"]
    assert told["random"]["provider"]["inputProperties"] == {}


def test_a_secret_is_marked_however_deep_it_lies() -> None:
    atlas = json.loads(package.document("mongodbatlas"))
    token = json.loads(package.document("cloudflare"))["resources"]["cloudflare:index/accountToken:AccountToken"]

    alert = atlas["resources"]["mongodbatlas:index/alertConfiguration:AlertConfiguration"]
    notification = atlas["types"][alert["inputProperties"]["notifications"]["items"]["$ref"].removeprefix("#/types/")]
    assert notification["properties"]["apiToken"] == {"type": "string", "secret": True}
    assert token["properties"]["value"]["secret"] is True


def test_every_simulated_type_and_function_is_in_its_package() -> None:
    told = [json.loads(package.document(provider)) for provider in schema.PROVIDERS]

    assert set(vendors.KINDS) <= {token for each in told for token in each["resources"]}
    assert set(vendors.FUNCTIONS) <= {token for each in told for token in each["functions"]}


@pytest.mark.engine
@pytest.mark.parametrize("provider", schema.PROVIDERS)
def test_pulumi_itself_finds_the_package_sound(provider: str, tmp_path: Path) -> None:
    path = tmp_path / "schema.json"
    path.write_text(package.document(provider))

    checked = subprocess.run([CLI, "schema", "check", str(path)], check=False, capture_output=True, text=True)

    assert checked.returncode == 0, checked.stderr
