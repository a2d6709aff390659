"""What Pulumi knows of a stack and would do to it, and what it is told to take in: the CLI, run as a child."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from operations.recover.orphans import Resource
from operations.stacks import CommandError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

STACK_TYPE = "pulumi:pulumi:Stack"
AT_ONCE = 64
"""A preview stops at the first name that is taken: the more it has begun by then, the more it has said."""
_LINES_OF_AN_ERROR = 20


@dataclass(frozen=True)
class State:
    """The resources that the stack has, and the URNs whose create began and was never heard of again."""

    resources: tuple[Resource, ...]
    pending_creates: frozenset[str]
    pending_others: frozenset[str]


@dataclass(frozen=True)
class Plan:
    """What a preview would create, also in the place of something, as far as it came, and why it came no further."""

    creates: tuple[Resource, ...]
    replaces: tuple[Resource, ...]
    components: tuple[Resource, ...]
    errors: tuple[str, ...]


@dataclass(frozen=True)
class Import:
    """A vendor's object that a planned resource is to be."""

    resource: Resource
    id: str


@dataclass(frozen=True)
class Engine:
    """The Pulumi CLI on one stack."""

    cli: str
    project: Path
    stack: str
    config_file: Path | None = None

    def state(self) -> State:
        """What the stack has.

        Raises:
            CommandError: There is no such stack, or its state can't be read.
        """
        deployment = (
            json.loads(self._run("stack", "export", config=False)).get("deployment") or {}
        )  # none before the first `up`
        pending = deployment.get("pending_operations") or ()
        creates = frozenset(each["resource"]["urn"] for each in pending if each["type"] == "creating")
        others = frozenset(each["resource"]["urn"] for each in pending if each["type"] != "creating")
        return State(tuple(_resources(deployment.get("resources") or ())), creates, others)

    def elsewhere(self, own: State) -> tuple[Resource, ...]:
        """What every other stack of the backend has, those of other projects too.

        Raises:
            CommandError: One can't be read: then nobody can say what is lost and what is its own.
        """
        listed = json.loads(self._run("stack", "ls", "--all", "--json", "--fully-qualify-stack-names", config=False))
        stacks = [replace(self, stack=each["name"]).state() for each in listed]
        ours = {_stack_of(each) for each in own.resources}
        return tuple(each for stack in stacks for each in stack.resources if _stack_of(each) not in ours)

    def plan(self) -> Plan:
        """What the program would create now. A preview that fails has still said what it planned before."""
        streaming = {**os.environ, "PULUMI_ENABLE_STREAMING_JSON_PREVIEW": "true"}
        done = self._call("preview", "--json", "--parallel", str(AT_ONCE), environment=streaming)
        events = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        if not events:
            raise CommandError(f"pulumi preview said nothing: {_last_lines(done.stderr)}")
        planned = [event["resourcePreEvent"]["metadata"] for event in events if "resourcePreEvent" in event]
        creates, replaces, components = (
            tuple(_resources(e["new"] for e in planned if e["op"] == op and bool(e["new"].get("custom")) is custom))
            for op, custom in (("create", True), ("create-replacement", True), ("create", False))
        )
        said = [event["diagnosticEvent"] for event in events if "diagnosticEvent" in event]
        errors = tuple(_without_markup(each["message"]) for each in said if each["severity"] == "error")
        return Plan(creates, replaces, components, errors)

    def take_in(self, imports: Sequence[Import], state: State, plan: Plan) -> None:
        """Import objects that the state has no trace of, and the components around them that it has none of either.

        Raises:
            CommandError: The CLI refuses; it says why.
        """
        known = {each.urn for each in state.resources}
        components = _around([each.resource for each in imports], known, {each.urn: each for each in plan.components})
        wanted = [(each, "") for each in components] + [(each.resource, each.id) for each in imports]
        names = {urn: f"n{index}" for index, urn in enumerate(sorted(known | {each.urn for each in components}))}
        inside = {each.urn: names[each.urn] for each in components}
        table = {name: urn for urn, name in names.items() if urn in _neighbours(each for each, _ in wanted) & known}
        entries = [_import_entry(each, id_, names, inside.get(each.urn, "")) for each, id_ in wanted]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "import.json"
            path.write_text(json.dumps({"nameTable": table, "resources": entries}))
            self._run(
                "import", "--file", str(path), "--yes", "--skip-preview", "--generate-code=false", "--protect=false"
            )

    def settle(self) -> None:
        """Forget what a killed run left pending. What of it the vendors have was imported before.

        Not with `--import-pending-creates`: it renames the pending create to an import, which the engine (3.259) then
        neither does nor keeps.

        Raises:
            CommandError: The CLI refuses; it says why.
        """
        self._run("refresh", "--yes", "--skip-preview", "--clear-pending-creates")

    def _run(self, *arguments: str, config: bool = True) -> str:
        done = self._call(*arguments, config=config)
        if done.returncode != 0:
            said = _last_lines(done.stdout + done.stderr)
            raise CommandError(f"pulumi {arguments[0]} failed on stack {self.stack}:\n{said}")
        return done.stdout

    def _call(
        self, *arguments: str, config: bool = True, environment: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        settings = ["--config-file", str(self.config_file)] if config and self.config_file else []
        command = [self.cli, *arguments, "--stack", self.stack, "--non-interactive", "--color", "never", *settings]
        try:
            child = subprocess.Popen(  # noqa: S603 the caller's CLI
                command, cwd=self.project, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
            )
        except OSError as problem:
            raise CommandError(f"{self.cli} can't be run: {problem.strerror}. Name the CLI with --pulumi.") from None
        said = _heard(child)
        return subprocess.CompletedProcess(command, child.returncode, *said)


def _heard(child: subprocess.Popen[str]) -> tuple[str, str]:
    """All that the CLI says; an interrupt waits until it has written down what it did."""
    try:
        return child.communicate()
    except KeyboardInterrupt:
        child.communicate()
        raise


def _stack_of(resource: Resource) -> str:
    """The stack and the project, as a URN says them."""
    return "::".join(resource.urn.split("::", 2)[:2])


def _resources(entries: Iterable[dict[str, Any]]) -> Iterator[Resource]:
    for each in entries:
        yield Resource(
            each["urn"],
            each["type"],
            each.get("inputs") or {},
            each.get("id") or "",
            each.get("outputs") or {},
            each.get("parent") or "",
            _provider_urn(each.get("provider") or ""),
        )


def _provider_urn(reference: str) -> str:
    """A provider's URN, without the id that a reference to it ends with."""
    return reference.rpartition("::")[0]


def _around(resources: Sequence[Resource], known: set[str], components: Mapping[str, Resource]) -> tuple[Resource, ...]:
    """The components that resources are in and that the state does not have, the outer ones first."""
    found: dict[str, Resource] = {}
    for resource in resources:
        parent, chain = resource.parent, list[Resource]()
        while parent not in known and parent in components:
            chain.append(components[parent])
            parent = chain[-1].parent
        found.update({each.urn: each for each in reversed(chain) if not _is_stack(each.urn)})
    return tuple(found.values())


def _neighbours(resources: Iterable[Resource]) -> set[str]:
    urns = {urn for each in resources for urn in (each.parent, each.provider)}
    return {urn for urn in urns if urn and not _is_stack(urn)}


def _is_stack(urn: str) -> bool:
    return f"::{STACK_TYPE}::" in urn


def _import_entry(resource: Resource, id_: str, names: Mapping[str, str], name: str) -> dict[str, Any]:
    """An object with its id; a component has none, and a name by which what is in it is told."""
    entry: dict[str, Any] = {"type": resource.type, "name": resource.name}
    entry |= {"id": id_} if id_ else {"name": name, "logicalName": resource.name, "component": True}
    near = {"parent": resource.parent, "provider": resource.provider}
    return entry | {field: names[urn] for field, urn in near.items() if urn in names and not _is_stack(urn)}


def _without_markup(message: str) -> str:
    return message.replace("<{%reset%}>", "").strip()


def _last_lines(text: str) -> str:
    return "\n".join([line for line in text.splitlines() if line.strip()][-_LINES_OF_AN_ERROR:])
