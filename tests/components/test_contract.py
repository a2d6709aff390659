"""What every component keeps to, seen in the real programs with everything switched on, and not in samples of them."""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
import runpy
from functools import cache
from pathlib import Path
from typing import Any

import pulumi
import pytest

import components
from components.base import Component
from settings import read_stack_file
from tests.components.mocks import Deployed, Registered, deploy

ROOT = Path(__file__).parents[2]
TAGS = {"environment", "project", "cost-center"}

EVERYTHING: dict[str, Any] = {
    "madebuy:edge": {"origin_tls": {}, "tenant_domains": {"hosts": ["shop.example.com"]}},
    "madebuy:database": {
        "backups": {
            "export": {"bucket": "madebuy-production-snapshots"},
            "compliance_policy": {
                "irreversible": True,
                "authorized_email": "owner@madebuy.com.au",
                "authorized_first_name": "Ada",
                "authorized_last_name": "Lovelace",
            },
        },
        "log_export": {"bucket": "madebuy-production-logs"},
        "private_endpoint": {
            "vpc_id": "vpc-0a1b2c3d4e5f60718",
            "subnet_ids": ["subnet-0a1b2c3d4e5f60718"],
            "security_group_ids": ["sg-0a1b2c3d4e5f60718"],
        },
    },
}
"""What production's stack file leaves out."""

ANSWERS: dict[str, dict[str, Any]] = {
    "mongodbatlas:index/advancedCluster:AdvancedCluster": {
        "connectionStrings": {"standardSrv": "mongodb+srv://madebuy.ab1cd.mongodb.net"},
        "replicationSpecs": [{"zoneId": "zone-1", "regionConfigs": []}],
    },
    "mongodbatlas:index/cloudProviderAccessSetup:CloudProviderAccessSetup": {
        "roleId": "64b5f0c2a1d2e3f4a5b6c7d8",
        "awsConfigs": [{"atlasAwsAccountArn": "arn:atlas", "atlasAssumedRoleExternalId": "external-id"}],
    },
    "random:index/randomPassword:RandomPassword": {"result": "marked-password"},
    "random:index/randomBytes:RandomBytes": {"base64": "bWFya2VkLWJ5dGVz", "hex": "6d61726b65642d6279746573"},
    "cloudflare:index/accountToken:AccountToken": {"value": "marked-account-token"},
    "cloudflare:index/turnstileWidget:TurnstileWidget": {"sitekey": "sitekey", "secret": "marked-turnstile"},
    "upstash:index/redisDatabase:RedisDatabase": {"endpoint": "fox-1.upstash.io", "restToken": "marked-rest-token"},
    "doppler:index/serviceToken:ServiceToken": {"key": "marked-service-token"},
}
"""What a vendor computes and a program goes on with."""

SECRET = {
    "mongodbatlas:index/databaseUser:DatabaseUser": {"password"},
    "doppler:index/secret:Secret": {"value"},
}
"""The inputs that carry a credential, whatever it is and wherever it comes from."""

HOLDS_DATA = {
    "aws:kms/key:Key",
    "aws:s3/bucket:Bucket",
    "cloudflare:index/r2Bucket:R2Bucket",
    "cloudflare:index/zone:Zone",
    "doppler:index/project:Project",
    "mongodbatlas:index/advancedCluster:AdvancedCluster",
    "mongodbatlas:index/backupCompliancePolicy:BackupCompliancePolicy",
    "mongodbatlas:index/project:Project",
    "upstash:index/redisDatabase:RedisDatabase",
}
"""What no second `up` brings back."""


RUNS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "prod": ("", "prod", {}),
    "everything": ("", "prod", EVERYTHING),
    "staging": ("", "staging", {}),
    "organization": ("organization", "organization", {}),
}
"""Each run's program folder, stack and changes."""


@cache
def run(name: str) -> Deployed:
    """The real program of a folder, on a stack file with changes laid over its keys."""
    folder, stack, changes = RUNS[name]
    config, _ = read_stack_file(ROOT / folder / f"Pulumi.{stack}.yaml")
    for key, change in changes.items():
        config[key] = json.dumps(json.loads(config.get(key, "{}")) | change)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PULUMI_CONFIG", json.dumps(config))
        patch.setattr(pulumi, "get_stack", lambda: stack)
        return deploy(lambda: runpy.run_path(str(ROOT / folder / "__main__.py")), answers=ANSWERS)


@pytest.fixture(params=RUNS)
def program(request: pytest.FixtureRequest) -> Deployed:
    return run(request.param)


def is_component(resource: Registered) -> bool:
    return resource.type.startswith("madebuy:")


def takes_tags(token: str) -> bool:
    """Whether the installed SDK lets a resource of AWS or Atlas carry a map of tags."""
    vendor, _, rest = token.partition(":")
    if vendor not in ("aws", "mongodbatlas"):
        return False
    path, _, name = rest.partition(":")
    folder = path.partition("/")[0]
    module = importlib.import_module(f"pulumi_{vendor}" if folder == "index" else f"pulumi_{vendor}.{folder}")
    return "tags" in inspect.signature(getattr(module, name)._internal_init).parameters


def test_every_resource_belongs_to_a_component(program: Deployed) -> None:
    orphans = {each.name for each in program.values() if not is_component(each) and not each.parent.strip()}

    assert orphans == set()


def test_every_resource_is_named_after_the_component_it_belongs_to(program: Deployed) -> None:
    strangers = {each.name for each in program.values() if each.parent and not each.name.startswith(f"{each.parent}-")}

    assert strangers == set()


def test_every_component_registers_its_outputs(program: Deployed) -> None:
    silent = {each.name for each in program.values() if is_component(each)} - set(program.outputs)

    assert silent == set()


def test_everything_that_can_carry_tags_carries_the_audits_three(program: Deployed) -> None:
    tagged = {each.name: set(each.inputs.get("tags", {})) for each in program.values() if takes_tags(each.type)}

    assert {name: tags for name, tags in tagged.items() if not tags >= TAGS} == {}


def test_every_credential_is_a_secret_input(program: Deployed) -> None:
    plain = {
        f"{each.name}.{path}"
        for each in program.values()
        for path in SECRET.get(each.type, set())
        if path not in each.secrets
    }

    assert plain == set()


def test_no_output_shows_a_credential(program: Deployed) -> None:
    answers = [answer for given in ANSWERS.values() for answer in given.values() if isinstance(answer, str)]
    secrets = [answer for answer in answers if answer.startswith(("marked-", "bWFya2Vk", "6d61726b6564"))]
    shown = {
        f"{component}.{name}"
        for component, outputs in program.outputs.items()
        for name, value in outputs.items()
        if name not in program.secret_outputs[component] and any(secret in json.dumps(value) for secret in secrets)
    }

    assert shown == set()


def test_what_holds_data_is_protected_where_customers_depend_on_it(
    program: Deployed, request: pytest.FixtureRequest
) -> None:
    of_production = "staging" not in request.node.callspec.id
    unprotected = {each.name for each in program.values() if each.type in HOLDS_DATA and each.protect != of_production}

    assert unprotected == set()


def test_every_component_is_in_one_of_the_programs() -> None:
    built = {each.type.rsplit(":", 1)[-1] for name in RUNS for each in run(name).values()}

    assert {component.__name__ for component in all_components()} <= built


def all_components() -> list[type[Component]]:
    """Every component class of every room."""
    for module in pkgutil.walk_packages(components.__path__, "components."):
        importlib.import_module(module.name)
    found, waiting = [], list(Component.__subclasses__())
    while waiting:
        component = waiting.pop()
        found.append(component)
        waiting += component.__subclasses__()
    return found
