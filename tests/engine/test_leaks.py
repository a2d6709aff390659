"""No secret leaves the encrypted state and the vendors: not on the screen, in a log, in a plan, in an error.

What to look for is read from the vendors' own database and from what this test gave the run, never from what Pulumi
marks as secret: a value that nobody marked is what would leak.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import pytest
import yaml

from sandbox.cloud import Cloud, Thing
from tests.engine.running import PACK, Run, World, copied_program

pytestmark = pytest.mark.engine

STACK = "staging"
CIPHERTEXT = "ciphertext"
SHORTEST = 8
DOPPLER_SECRET = "doppler:index/secret:Secret"
TOKEN = "cloudflare:index/accountToken:AccountToken"
HELD_BY_VENDORS = {
    TOKEN: ("value",),
    "cloudflare:index/turnstileWidget:TurnstileWidget": ("secret",),
    "doppler:index/serviceToken:ServiceToken": ("key",),
    "mongodbatlas:index/databaseUser:DatabaseUser": ("password",),
    "upstash:index/redisDatabase:RedisDatabase": ("password", "restToken", "readOnlyRestToken"),
    DOPPLER_SECRET: ("value", "computed"),
}
NAME_NOT_SECRET = "_ACCESS_KEY_ID"  # masked in Doppler, yet a token's id, which every plan shows
CONFIG_KEYS = ("cloudflare:apiToken", "doppler:dopplerToken", "mongodbatlas:clientSecret", "upstash:apiKey")
ENVIRONMENT = ("CLOUDFLARE_API_TOKEN", "DOPPLER_TOKEN", "MONGODB_ATLAS_CLIENT_SECRET", "AWS_SECRET_ACCESS_KEY")


@dataclass
class Story:
    """A deployment from its first preview to a run that fails, all it said and all it left."""

    world: World
    given: dict[str, str] = field(default_factory=dict)  # marked fakes, by where they were given
    held: dict[str, str] = field(default_factory=dict)  # what vendors came to hold, by where
    said: dict[str, Run] = field(default_factory=dict)

    def run(self, name: str, *arguments: str) -> Run:
        """Run a Pulumi command, its engine events in a file of that name."""
        events = self.world.home / f"{name}.events" if arguments[0] in {"preview", "up", "refresh"} else None
        self.said[name] = self.world.pulumi(STACK, *arguments, *(["--event-log", str(events)] if events else []))
        return self.said[name]

    def note(self, when: str) -> None:
        """Add the secrets that the vendors hold now."""
        with closing(Cloud(self.world.home / "cloud.db")) as cloud:
            for type_, properties in HELD_BY_VENDORS.items():
                for thing in cloud.everything(type_):
                    secret = _secrets(thing, properties)
                    self.held |= {f"{type_} {thing.key} {name}, {when}": value for name, value in secret.items()}

    def files(self) -> dict[str, str]:
        """Every file under the sandbox but the vendors' own database: state, its history and backups, logs, events."""
        return {
            str(path.relative_to(self.world.home)): path.read_text(errors="replace")
            for path in sorted(self.world.home.rglob("*"))
            if path.is_file() and not path.name.startswith("cloud.db")
        }


def _secrets(thing: Thing, properties: tuple[str, ...]) -> dict[str, str]:
    if thing.type == DOPPLER_SECRET and (
        thing.state["visibility"] == "unmasked" or thing.state["name"].endswith(NAME_NOT_SECRET)
    ):
        return {}
    found = {name: thing.state[name] for name in properties}
    if thing.type == TOKEN:
        found["S3 secret"] = hashlib.sha256(found["value"].encode()).hexdigest()
    return found


def marked(where: str) -> str:
    return f"leaked-{where.lower()}-{secrets.token_hex(16)}"


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    folder = tmp_path_factory.mktemp("leaks")
    story = Story(World(folder / "home", copied_program(folder / "project", STACK, {})))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("PULUMI_DEBUG_COMMANDS", "true")  # for --event-log
        for name in ENVIRONMENT:
            story.given[name] = marked(name)
            environment.setenv(name, story.given[name])
        configure(story)
        deploy(story)
        break_and_deploy(story)
    return story


def configure(story: Story) -> None:
    """Give the providers marked credentials, encrypted in the stack file as `pulumi config set --secret` does it."""
    credentials = {key: marked(key.replace(":", "-")) for key in CONFIG_KEYS}
    story.given |= credentials
    pairs = [part for key, value in credentials.items() for part in ("--secret", f"{key}={value}")]
    done = story.world.pulumi(STACK, "config", "set-all", *pairs)
    assert done.code == 0, done.text
    copy = yaml.safe_load((story.world.home / "config" / "madebuy" / f"Pulumi.{STACK}.yaml").read_text())
    for key in CONFIG_KEYS:
        change(story, key, copy["config"][key])


def change(story: Story, key: str, value: Any) -> None:
    file = story.world.project / f"Pulumi.{STACK}.yaml"
    document = yaml.safe_load(file.read_text())
    document["config"][key] = value
    file.write_text(yaml.safe_dump(document))


def deploy(story: Story) -> None:
    """Every command that a person runs on a stack that works."""
    assert story.run("plan", "preview", "--json").code == 0
    up = story.run("up", "up", "--yes", "--diff", *PACK)
    assert up.code == 0, up.text
    story.note("at first")
    assert story.run("refresh", "refresh", "--yes", "--diff").code == 0
    assert story.run("outputs", "stack", "output", "--json").code == 0
    assert story.run("export", "stack", "export").code == 0


def break_and_deploy(story: Story) -> None:
    """A run that replaces Redis, so that its secrets change, and then finds no config in Doppler to write them to."""
    change(story, "madebuy:cache", {"name": "madebuy-staging-2"})
    assert story.run("change as a plan", "preview", "--json", "--diff").code == 0
    assert story.run("change as text", "preview", "--diff").code == 0
    with closing(Cloud(story.world.home / "cloud.db")) as cloud:
        for config in cloud.everything("doppler:index/branchConfig:BranchConfig"):
            cloud.remove(config)
        for secret in cloud.everything(DOPPLER_SECRET):
            cloud.remove(secret)
    story.run("failing up", "up", "--yes", "--diff")
    story.run("failing refresh", "refresh", "--yes")
    story.note("after the failure")


def forms(value: str) -> set[str]:
    """A value as text may carry it: as it is, escaped for JSON or an address, in base64."""
    assert len(value) >= SHORTEST
    return {value, json.dumps(value)[1:-1], quote(value, safe=""), base64.b64encode(value.encode()).decode()}


def found(values: dict[str, str], text: str) -> list[str]:
    """Where the values that a text has were given or held; never the values."""
    return [where for where, value in values.items() if any(form in text for form in forms(value))]


def test_the_vendors_came_to_hold_every_kind_of_secret(story: Story) -> None:
    assert {where.split(" ")[0] for where in story.held} == set(HELD_BY_VENDORS)
    assert len(story.held) > 50


def test_the_search_finds_each_of_them_where_it_is_shown_on_purpose(story: Story) -> None:
    with closing(Cloud(story.world.home / "cloud.db")) as cloud:
        shown = json.dumps([thing.state for thing in cloud.everything()])
    now = {where: value for where, value in story.held.items() if DOPPLER_SECRET not in where and "S3" not in where}

    assert len(found(now, shown)) > 10


def test_the_failing_run_failed_at_doppler(story: Story) -> None:
    assert story.said["failing up"].code != 0
    assert "Doppler Error: Could not find requested" in story.said["failing up"].text


@pytest.mark.parametrize("kind", ["given", "held"])
def test_nothing_that_was_said_holds_a_secret(kind: str, story: Story) -> None:
    leaked = {name: found(getattr(story, kind), run.text) for name, run in story.said.items()}

    assert {name: where for name, where in leaked.items() if where} == {}


@pytest.mark.parametrize("kind", ["given", "held"])
def test_no_file_that_was_left_holds_a_secret(kind: str, story: Story) -> None:
    files = story.files()
    assert any(name.endswith(".events") for name in files)
    assert any("/logs/" in name for name in files)
    assert any("/history/" in name for name in files)

    leaked = {name: found(getattr(story, kind), text) for name, text in files.items()}

    assert {name: where for name, where in leaked.items() if where} == {}


def test_the_state_is_encrypted_and_each_secret_in_it_is_ciphertext(story: Story) -> None:
    state = json.loads(story.said["export"].text)["deployment"]

    secret = [
        (f"{resource['urn']} {name}", resource["outputs"][name])
        for resource in state["resources"]
        for name in HELD_BY_VENDORS.get(resource["type"], ())
        if resource["outputs"].get(name) is not None
    ]
    assert state["secrets_providers"]["type"] == "passphrase"
    assert len(secret) > 30
    assert [where for where, value in secret if CIPHERTEXT not in value] == []


@pytest.mark.parametrize("key", CONFIG_KEYS)
def test_a_providers_credentials_are_ciphertext_in_the_state(key: str, story: Story) -> None:
    provider, name = key.split(":")
    resources = json.loads(story.said["export"].text)["deployment"]["resources"]
    (inputs,) = (each["inputs"] for each in resources if each["type"] == f"pulumi:providers:{provider}")

    assert CIPHERTEXT in inputs[name]
