"""What every component keeps to, seen in the real programs with everything switched on, and not in samples of them."""

from __future__ import annotations

import importlib
import inspect
import json
import pkgutil
import runpy
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pulumi
import pulumi_aws as aws
import pulumi_mongodbatlas as mongodbatlas
import pulumi_random as random
import pytest

import components
from components.base import Component
from settings import read_stack_file
from tests.components.deployments import deployment
from tests.components.mocks import Deployed, Registered, deploy

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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
    "madebuy:cache": {"pages": {"name": "madebuy-production-pages"}},
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
    "cloudflare:index/originCaCertificate:OriginCaCertificate": {"certificate": "CERTIFICATE"},
    "tls:index/certRequest:CertRequest": {"certRequestPem": "REQUEST"},
    "tls:index/privateKey:PrivateKey": {"privateKeyPem": "marked-private-key"},
    "tls:index/selfSignedCert:SelfSignedCert": {"certPem": "CLIENT CERTIFICATE"},
    "upstash:index/redisDatabase:RedisDatabase": {"endpoint": "fox-1.upstash.io", "restToken": "marked-rest-token"},
    "doppler:index/serviceToken:ServiceToken": {"key": "marked-service-token"},
}
"""What a vendor computes and a program goes on with."""

HOLDS_DATA = {
    "aws:kms/key:Key",
    "aws:s3/bucket:Bucket",
    "cloudflare:index/originCaCertificate:OriginCaCertificate",
    "cloudflare:index/r2Bucket:R2Bucket",
    "cloudflare:index/zone:Zone",
    "doppler:index/branchConfig:BranchConfig",
    "doppler:index/environment:Environment",
    "doppler:index/project:Project",
    "mongodbatlas:index/advancedCluster:AdvancedCluster",
    "mongodbatlas:index/backupCompliancePolicy:BackupCompliancePolicy",
    "mongodbatlas:index/project:Project",
    "tls:index/privateKey:PrivateKey",
    "tls:index/selfSignedCert:SelfSignedCert",
    "upstash:index/redisDatabase:RedisDatabase",
}
"""What no second `up` brings back: data, what people entered by hand, and what they installed on a host."""


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


def orphans(program: Deployed) -> set[str]:
    """Resources that belong to no component."""
    return {each.name for each in program.values() if not is_component(each) and not each.parent.strip()}


def strangers(program: Deployed) -> set[str]:
    """Resources that are not named after the component they belong to."""
    return {each.name for each in program.values() if each.parent and not each.name.startswith(f"{each.parent}-")}


def silent(program: Deployed) -> set[str]:
    """Components that never registered their outputs."""
    return {each.name for each in program.values() if is_component(each)} - set(program.outputs)


def untagged(program: Deployed) -> set[str]:
    """Resources that can carry tags and lack one of the audit's three."""
    return {
        each.name for each in program.values() if takes_tags(each.type) and not set(each.inputs.get("tags", {})) >= TAGS
    }


def plain(program: Deployed) -> set[str]:
    """Resources that are given a credential outside a secret input."""
    return {
        each.name
        for each in program.values()
        for path, leaf in leaves(each.inputs)
        if shows_a_credential(leaf) and not any(path.startswith(secret) for secret in each.secrets)
    }


def leaves(value: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Every value that is no container, and where it is."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}".lstrip("."))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, f"{path}[{index}]")
    else:
        yield path, value


def talkative(program: Deployed) -> set[str]:
    """Components with an output that shows a credential."""
    return {
        component
        for component, outputs in program.outputs.items()
        for name, value in outputs.items()
        if name not in program.secret_outputs[component] and shows_a_credential(value)
    }


def shows_a_credential(value: object) -> bool:
    """Whether one of the answers that are credentials is in it."""
    return any(mark in json.dumps(value) for mark in ("marked-", "bWFya2Vk", "6d61726b6564"))


def unprotected(program: Deployed) -> set[str]:
    """Resources that hold data and that a mistake could delete."""
    return {each.name for each in program.values() if each.type in HOLDS_DATA and not (each.protect and each.retain)}


CHECKS = (orphans, strangers, silent, untagged, plain, talkative)


@pytest.mark.parametrize("breaches", CHECKS, ids=lambda check: check.__name__)
def test_every_component_keeps_to_it(breaches: Callable[[Deployed], set[str]], program: Deployed) -> None:
    assert breaches(program) == set()


@pytest.mark.parametrize("name", ["prod", "everything", "organization"])
def test_what_holds_data_is_protected_where_customers_depend_on_it(name: str) -> None:
    assert unprotected(run(name)) == set()


def test_staging_can_be_thrown_away() -> None:
    assert [each.name for each in run("staging").values() if each.protect or each.retain] == []


class Sloppy(Component):
    """A component that forgets one thing, and keeps to the rest."""

    def __init__(self, forgets: str) -> None:
        super().__init__("test:Sloppy", "sloppy", deployment())
        nowhere = pulumi.ResourceOptions(protect=True, retain_on_delete=True)
        aws.kms.Key(
            "key" if forgets == "names" else "sloppy-key",
            tags={} if forgets == "tags" else self.tags,
            opts=nowhere if forgets == "parent" else self.child(stateful=forgets != "protect"),
        )
        password = random.RandomPassword("sloppy-password", length=32, opts=self.child()).result
        mongodbatlas.DatabaseUser(
            "sloppy-user",
            project_id="0" * 24,
            username="web-a",
            auth_database_name="admin",
            roles=[],
            password=password,
            description=pulumi.Output.unsecret(password) if forgets == "secrets" else None,
            opts=self.child(),
        )
        shown = pulumi.Output.unsecret(password) if forgets == "secret outputs" else password
        if forgets != "outputs":
            self.register_outputs({"password": shown})


FORGOTTEN = (
    ("parent", orphans, "sloppy-key"),
    ("names", strangers, "key"),
    ("outputs", silent, "sloppy"),
    ("tags", untagged, "sloppy-key"),
    ("secrets", plain, "sloppy-user"),
    ("secret outputs", talkative, "sloppy"),
    ("protect", unprotected, "sloppy-key"),
)


@pytest.mark.parametrize(("forgets", "breaches", "found"), FORGOTTEN, ids=[forgets for forgets, _, _ in FORGOTTEN])
def test_a_component_that_forgets_one_thing_is_found_by_that_check_alone(
    forgets: str, breaches: Callable[[Deployed], set[str]], found: str
) -> None:
    program = deploy(lambda: Sloppy(forgets), answers=ANSWERS)

    assert {check.__name__: check(program) for check in (*CHECKS, unprotected) if check(program)} == {
        breaches.__name__: {found}
    }


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
        if component is not Sloppy:
            found.append(component)
        waiting += component.__subclasses__()
    return found
