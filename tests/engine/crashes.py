"""Failures in the middle of a deployment, the way back, and a comparison of what the vendors then have."""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from operations.recover.orphans import Step
from sandbox import schema, vendors
from sandbox.cloud import Cloud
from sandbox.world import World as Vendors
from tests.engine.running import CLI, ROOT, Run, World

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from sandbox.cloud import Thing

PROJECTS = {"staging": "madebuy", "prod": "madebuy", "organization": "madebuy-organization"}
FOLDERS = {"organization": ROOT / "organization"}
RANDOM_ID = re.compile(r"0x4[0-9A-F]{16,}|[0-9a-f]{24,}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
FAILED = re.compile(r"(\S+) \*\*creating failed\*\*")
LEFT = re.compile(rf"^(\w+ \w+) (\S+) \(.+\): {Step.LEAVE_TWIN}$", re.MULTILINE)
IMPORTED = re.compile(rf"^.+: {Step.IMPORT}$", re.MULTILINE)
FAILURES = {
    "refused create": ("refuse",),
    "lost answer": ("lost",),
    "dead provider": ("die-after",),
    "killed run": ("latency,seconds=0.6", "kill,seconds=0.3"),  # so that all that can be is under way when it is killed
    "interrupt": ("latency,seconds=0.6", "interrupt,seconds=0.3"),
}
SECRETS_OF_THE_RUN = {"doppler:index/secret:Secret": {"value", "computed"}}


@dataclass(frozen=True)
class Deployment:
    """A stack in a world of its own, deployed with failures."""

    home: Path
    stack: str = "staging"
    program: Path | None = None  # where it is not the shipped one

    @property
    def world(self) -> World:
        return World(self.home, self.program or FOLDERS.get(self.stack, ROOT))

    def up(self, *faults: str, more: Iterable[str] = ()) -> Run:
        """Deploy while some calls fail."""
        self.home.mkdir(parents=True, exist_ok=True)
        listed = self.home / "faults.txt"
        listed.write_text("\n".join(faults))
        return self._run("--faults", str(listed), arguments=[str(CLI), "up", "--yes", "--skip-preview", *more])

    def recover(self) -> Run:
        """What `make recover` runs."""
        command = [sys.executable, "-m", "operations", "recover", "--stack", self.stack, "--yes", "--pulumi", str(CLI)]
        config = self.home / "config" / PROJECTS[self.stack] / f"Pulumi.{self.stack}.yaml"
        return self._run(arguments=[*command, "--project", str(self.world.project), "--config-file", str(config)])

    def unchanged(self) -> Run:
        return self.world.pulumi(self.stack, "preview", "--refresh", "--expect-no-changes")

    def names(self) -> set[str]:
        """The vendors' resources that the stack has."""
        state = self._state()
        return {name_of(each["urn"]) for each in state.get("resources", []) if each.get("custom") and is_ours(each)}

    def types(self) -> dict[str, str]:
        """The type of each of them."""
        return {name_of(each["urn"]): each["type"] for each in self._state()["resources"] if is_ours(each)}

    def urns(self, names: Iterable[str]) -> list[str]:
        """Their URNs, which every deployment of the stack has."""
        wanted = set(names)
        return [each["urn"] for each in self._state()["resources"] if is_ours(each) and name_of(each["urn"]) in wanted]

    def of_no_type_in(self, other: Deployment) -> set[str]:
        """The names of those whose types another deployment does not have."""
        known = set(other.types().values())
        return {name for name, type_ in self.types().items() if type_ not in known}

    def leaves(self) -> dict[str, str]:
        """The type of each resource that nothing else of the stack needs."""
        resources = self._state()["resources"]
        needed = {urn for each in resources for urn in (*(each.get("dependencies") or ()), each.get("parent"))}
        return {name_of(e["urn"]): e["type"] for e in resources if is_ours(e) and e["urn"] not in needed}

    def without(self, folder: Path, names: Iterable[str]) -> Deployment:
        """A copy in which some resources are not made yet, neither in the state nor at the vendors."""
        copied = replace(self, home=folder / "without")
        shutil.copytree(self.home, copied.home)
        path = copied._state_file()
        document = json.loads(path.read_text())
        latest = document["checkpoint"]["latest"]
        gone = [each for each in latest["resources"] if is_ours(each) and name_of(each["urn"]) in set(names)]
        latest["resources"] = [each for each in latest["resources"] if each not in gone]
        path.write_text(json.dumps(document))
        cloud = Cloud(copied.home / "cloud.db")
        for each in gone:
            thing = cloud.by_id(each["type"], each["id"])
            if thing:
                Vendors(cloud).remove(thing)
        cloud.close()
        return copied

    def pending(self) -> set[str]:
        """The resources whose create a killed run has begun."""
        state = self._state()
        return {name_of(each["resource"]["urn"]) for each in state.get("pending_operations") or []}

    def vendors_have(self) -> Counter[str]:
        """Every object of the vendors, without what differs between two clean runs: ids, times, secrets."""
        cloud = Cloud(self.home / "cloud.db")
        try:
            things = list(cloud.everything())
        finally:
            cloud.close()
        return Counter(_canonical(things))

    def _state_file(self) -> Path:
        return self.world.state_file(self.stack, PROJECTS[self.stack])

    def _state(self) -> dict[str, Any]:
        path = self._state_file()
        return (json.loads(path.read_text())["checkpoint"]["latest"] or {}) if path.exists() else {}

    def _run(self, *options: str, arguments: list[str]) -> Run:
        options = (*options, "--stack", self.stack, "--project", str(self.world.project), "--", *arguments)
        return self.world.sandbox(*options, patience=1800)


@dataclass
class Chain:
    """One deployment that fails until each resource has been hit once, and is recovered after each failure."""

    deployment: Deployment
    failure: str
    everything: frozenset[str]
    hit: set[str] = field(default_factory=set)
    rounds: int = 0

    @property
    def left(self) -> set[str]:
        return set(self.everything - self.hit)

    def fail(self) -> set[str]:
        """Deploy while what was not hit yet is; returns what was hit, with what its own retry has saved."""
        before = self.deployment.names()
        up = self._up(FAILURES[self.failure])
        after = failed(up) | self.deployment.pending() | (self.deployment.names() - before)
        struck = after & self.left
        assert struck, f"{self.failure}: nothing was hit in round {self.rounds}, left {self.left}\n{up.text}"
        self.hit |= struck
        self.rounds += 1
        return struck

    def next_up(self, urns: Iterable[str]) -> set[str]:
        """Deploy some resources again without recovering; returns what failed."""
        targets = [argument for urn in urns for argument in ("--target", urn)]
        return failed(self.deployment.up(more=["--continue-on-error", *targets]))

    def _up(self, actions: Iterable[str]) -> Run:
        faults = [f"create:*:{_literally(name)}={action}" for name in sorted(self.left) for action in actions]
        return self.deployment.up(*faults, more=["--continue-on-error", "--parallel", "24"])

    def recover(self) -> Run:
        recovered = self.deployment.recover()
        assert recovered.code == 0, f"{self.failure}, round {self.rounds}\n{recovered.text}"
        again = [line for line, times in Counter(IMPORTED.findall(recovered.text)).items() if times > 1]
        assert not again, f"{self.failure}, round {self.rounds}: an import that did nothing\n{recovered.text}"
        return recovered

    def recover_with_a_person(self) -> str:
        """What `recover` says; what it leaves to people is done, and then it has nothing left."""
        said = self.deployment.recover().text
        for label, id_ in LEFT.findall(said):
            removed = self.deployment.world.sandbox("remove", label.replace(" ", ":"), id_)
            assert removed.code == 0, removed.text
        return said + self.recover().text

    def end(self, clean: Deployment) -> None:
        """The last deployment succeeds, and the vendors have what they have after a run without failures."""
        up = self.deployment.up()
        assert up.code == 0, up.text
        lost, twice = (
            clean.vendors_have() - self.deployment.vendors_have(),
            self.deployment.vendors_have() - clean.vendors_have(),
        )
        assert not lost, sorted(lost)
        assert not twice, sorted(twice)


def _literally(name: str) -> str:
    return re.sub(r"[\[*?]", lambda match: f"[{match.group()}]", name)


def is_ours(resource: dict[str, Any]) -> bool:
    return not resource["type"].startswith(("pulumi:", "madebuy:"))


def name_of(urn: str) -> str:
    return urn.rsplit("::", 1)[-1]


def failed(run: Run) -> set[str]:
    return set(FAILED.findall(run.text))


def _canonical(things: list[Thing]) -> Iterator[str]:
    """One text per object; an id inside another object becomes the name of what it is the id of."""
    owners = sorted((thing.name, thing.type, thing.id) for thing in things if RANDOM_ID.fullmatch(thing.id))
    ids = {id_: f"<{type_}:{name}>" for name, type_, id_ in owners}  # of those that share an id, the one with a name
    pattern = re.compile("|".join(re.escape(each) for each in ids) or r"(?!)")

    def named(text: str) -> str:
        return RANDOM_ID.sub("<made up>", pattern.sub(lambda match: ids[match.group()], text))

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
