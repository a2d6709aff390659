"""Small Pulumi programs over a sandbox of their own, on the real CLI."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.engine.running import ROOT, Run, World

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SECRET_MARK = "4dabf18193072939515e22adb298388d"

ONE_OF_EACH = """
import json, pulumi
import pulumi_aws as aws, pulumi_cloudflare as cloudflare, pulumi_mongodbatlas as atlas, pulumi_random as random
import pulumi_tls as tls, pulumiverse_doppler as doppler, upstash_pulumi as upstash

account = "a" * 32
zone = cloudflare.Zone("zone", account={"id": account}, name="shop.example")
cloudflare.DnsRecord("www", zone_id=zone.id, name="www.shop.example", type="A", ttl=1, content="192.0.2.1")
cloudflare.AccountToken("token", account_id=account, name="media", policies=[{
    "effect": "allow", "permission_groups": [{"id": "6" * 32}], "resources": json.dumps({"com.x": "*"})}])
project = atlas.Project("project", org_id="c" * 24, name="shop")
password = random.RandomPassword("password", length=32, special=False)
atlas.DatabaseUser("user", project_id=project.id, username="web", auth_database_name="admin",
    password=password.result, roles=[{"role_name": "readWrite", "database_name": "shop"}])
redis = upstash.RedisDatabase("redis", database_name="shop", region="global", primary_region="ap-southeast-2", tls=True)
vault = doppler.Project("vault", name="shop")
environment = doppler.Environment("environment", project=vault.name, slug="prd", name="Production")
doppler.Secret("secret", project=vault.name, config=environment.slug, name="REDIS_TOKEN", value=redis.rest_token)
aws.kms.Key("key", enable_key_rotation=True)
tls.PrivateKey("private", algorithm="RSA")
pulumi.export("caller", aws.get_caller_identity().account_id)
"""


@dataclass(frozen=True)
class Program:
    """One program as the stack `dev` of a project of its own."""

    world: World

    def says(self, text: str) -> None:
        (self.world.project / "__main__.py").write_text(text)

    def pulumi(self, *arguments: str, faults: tuple[str, ...] = ()) -> Run:
        options = [option for fault in faults for option in ("--fault", fault)]
        stack = ("--stack", "dev", "--project", str(self.world.project))
        cli = str(ROOT / ".pulumi" / "bin" / "pulumi")
        return self.world.sandbox(*options, *stack, "--", cli, *arguments)

    def up(self, *arguments: str, faults: tuple[str, ...] = ()) -> Run:
        return self.pulumi("up", "--yes", "--skip-preview", *arguments, faults=faults)

    def preview(self, *arguments: str) -> Run:
        return self.pulumi("preview", *arguments)

    def objects(self, type_: str) -> list[str]:
        """The keys of the vendors' objects of a type."""
        return [line.split()[1] for line in self.world.sandbox("objects", type_).text.splitlines()]

    def state(self) -> list[dict[str, Any]]:
        path = self.world.home / "state" / ".pulumi" / "stacks" / self.world.project.name / "dev.json"
        latest = json.loads(path.read_text())["checkpoint"]["latest"] or {}
        return [r for r in latest.get("resources", []) if r.get("custom") and not r["type"].startswith("pulumi:")]


def program(folder: Path, text: str, name: str = "shop", home: Path | None = None) -> Program:
    """A project in a folder; programs with one home share the vendors' accounts."""
    project = folder / name
    project.mkdir()
    settings = f"name: {name}\nruntime:\n  name: python\n  options:\n    virtualenv: {ROOT / '.venv'}\n"
    (project / "Pulumi.yaml").write_text(settings)
    made = Program(World(home or folder / "home", project))
    made.says(text)
    return made


def secrets_in(value: object, path: str = "") -> Iterator[str]:
    """The paths of everything that is marked secret."""
    if isinstance(value, dict):
        if SECRET_MARK in value:
            yield path
        else:
            for name, inner in value.items():
                yield from secrets_in(inner, f"{path}.{name}".lstrip("."))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from secrets_in(inner, f"{path}[{index}]")
