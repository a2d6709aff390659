"""Failures in the middle of a deployment, the way back, and a comparison of what the vendors then have."""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sandbox import schema, vendors
from sandbox.cloud import Cloud
from tests.engine.running import CLI, ROOT, Run, World

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from sandbox.cloud import Thing

STACK = "staging"
RANDOM_ID = re.compile(r"0x4[0-9A-F]{16,}|[0-9a-f]{24,}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
FAILED = re.compile(r"(\S+) \*\*creating failed\*\*")
SECRETS_OF_THE_RUN = {"doppler:index/secret:Secret": {"value", "computed"}}


@dataclass(frozen=True)
class Deployment:
    """Staging in a world of its own, deployed with failures."""

    home: Path
    stack: str = STACK

    @property
    def world(self) -> World:
        return World(self.home)

    def up(self, *faults: str, more: Iterable[str] = ()) -> Run:
        """Deploy while some calls fail."""
        self.home.mkdir(parents=True, exist_ok=True)
        listed = self.home / "faults.txt"
        listed.write_text("\n".join(faults))
        return self._run("--faults", str(listed), arguments=[str(CLI), "up", "--yes", "--skip-preview", *more])

    def recover(self) -> Run:
        """What `make recover` runs."""
        command = [sys.executable, "-m", "operations", "recover", "--stack", self.stack, "--yes", "--pulumi", str(CLI)]
        config = self.home / "config" / "madebuy" / f"Pulumi.{self.stack}.yaml"
        return self._run(arguments=[*command, "--config-file", str(config)])

    def unchanged(self) -> Run:
        return self.world.pulumi(self.stack, "preview", "--refresh", "--expect-no-changes")

    def names(self) -> set[str]:
        """The vendors' resources that the stack has."""
        state = json.loads(self.world.state_file(self.stack).read_text())["checkpoint"]["latest"] or {}
        return {name_of(each["urn"]) for each in state.get("resources", []) if each.get("custom") and is_ours(each)}

    def pending(self) -> set[str]:
        """The resources whose create a killed run has begun."""
        state = json.loads(self.world.state_file(self.stack).read_text())["checkpoint"]["latest"] or {}
        return {name_of(each["resource"]["urn"]) for each in state.get("pending_operations") or []}

    def vendors_have(self) -> Counter[str]:
        """Every object of the vendors, without what differs between two clean runs: ids, times, secrets."""
        cloud = Cloud(self.home / "cloud.db")
        try:
            things = list(cloud.everything())
        finally:
            cloud.close()
        return Counter(_canonical(things))

    def _run(self, *options: str, arguments: list[str]) -> Run:
        return self.world.sandbox(*options, "--stack", self.stack, "--project", str(ROOT), "--", *arguments)


@dataclass
class Chain:
    """One deployment that fails until each resource has been hit once, and is recovered after each failure."""

    deployment: Deployment
    action: str
    everything: frozenset[str]
    hit: set[str] = field(default_factory=set)
    rounds: int = 0

    def go_on(self) -> None:
        """Deploy until something is hit, and recover."""
        before, left = self.deployment.names(), sorted(self.everything - self.hit)
        faults = [f"create:*:{name.replace('[', '[[]').replace('*', '[*]')}={self.action}" for name in left]
        up = self.deployment.up(*faults, more=["--continue-on-error"])
        struck = set(FAILED.findall(up.text)) | self.deployment.pending()
        if self.action.startswith("interrupt"):
            struck |= self.deployment.names() - before
        self.hit |= struck & self.everything
        self.rounds += 1
        assert struck, f"{self.action}: nothing was hit in round {self.rounds}\n{up.text}"
        recovered = self.deployment.recover()
        assert recovered.code == 0, f"{self.action} of {sorted(struck)}\n{recovered.text}\n{up.text}"


def is_ours(resource: dict[str, Any]) -> bool:
    return not resource["type"].startswith(("pulumi:", "madebuy:"))


def name_of(urn: str) -> str:
    return urn.rsplit("::", 1)[-1]


def failed(run: Run) -> set[str]:
    return set(FAILED.findall(run.text))


def _canonical(things: list[Thing]) -> Iterator[str]:
    """One text per object; an id inside another object becomes the name of what it is the id of."""
    ids = {thing.id: f"<{thing.type}:{thing.name}>" for thing in things if RANDOM_ID.fullmatch(thing.id)}
    pattern = re.compile("|".join(re.escape(each) for each in ids) or r"(?!)")

    def named(text: str) -> str:
        return pattern.sub(lambda match: ids[match.group()], text)

    for thing in things:
        type_ = schema.lookup(thing.type)
        kind = vendors.KINDS[thing.type]
        hidden = (type_.secret if type_ else frozenset()) | kind.unreadable | SECRETS_OF_THE_RUN.get(thing.type, set())
        asked = {n: v for n, v in thing.inputs.items() if n not in hidden and not n.startswith("__")}
        yield named(f"{thing.type} {json.dumps(_as_deep_as(asked, thing.state), sort_keys=True)}")


def _as_deep_as(asked: Any, found: Any) -> Any:
    """The part of what the vendor has that the program asked for; the rest the vendor chose."""
    if isinstance(asked, dict) and isinstance(found, dict):
        return {name: _as_deep_as(value, found.get(name)) for name, value in asked.items()}
    if isinstance(asked, list) and isinstance(found, list):
        return [_as_deep_as(*pair) for pair in zip(asked, found, strict=False)] + found[len(asked) :]
    return found
