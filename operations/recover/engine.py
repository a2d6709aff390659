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
    from collections.abc import Iterable, Iterator, Sequence

STACK_TYPE = "pulumi:pulumi:Stack"
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
        deployment = json.loads(self._run("stack", "export", config=False))["deployment"]
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
        done = self._call("preview", "--json", environment=streaming)
        events = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        if not events:
            raise CommandError(f"pulumi preview said nothing: {_last_lines(done.stderr)}")
        planned = [event["resourcePreEvent"]["metadata"] for event in events if "resourcePreEvent" in event]
        creates, replaces = (
            tuple(_resources(each["new"] for each in planned if each["op"] == op and each["new"].get("custom")))
            for op in ("create", "create-replacement")
        )
        said = [event["diagnosticEvent"] for event in events if "diagnosticEvent" in event]
        errors = tuple(_without_markup(each["message"]) for each in said if each["severity"] == "error")
        return Plan(creates, replaces, errors)

    def take_in(self, imports: Sequence[Import]) -> None:
        """Import objects that the state has no trace of.

        Raises:
            CommandError: The CLI refuses; it says why.
        """
        names = {urn: f"n{index}" for index, urn in enumerate(sorted(_neighbours(imports)))}
        wanted = [_import_entry(each, names) for each in imports]
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "import.json"
            path.write_text(json.dumps({"nameTable": {name: urn for urn, name in names.items()}, "resources": wanted}))
            self._run(
                "import", "--file", str(path), "--yes", "--skip-preview", "--generate-code=false", "--protect=false"
            )

    def settle(self, found: Sequence[Import]) -> None:
        """End what a killed run left pending: creates whose object was found are imported, the others forgotten.

        Raises:
            CommandError: The CLI refuses; it says why.
        """
        pairs = [
            part
            for each in found
            for text in (each.resource.urn, each.id)
            for part in ("--import-pending-creates", text)
        ]
        if pairs:
            self._run("refresh", "--yes", "--skip-preview", *pairs)
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


def _neighbours(imports: Iterable[Import]) -> set[str]:
    urns = {urn for each in imports for urn in (each.resource.parent, each.resource.provider)}
    return {urn for urn in urns if urn and f"::{STACK_TYPE}::" not in urn}


def _import_entry(wanted: Import, names: dict[str, str]) -> dict[str, str]:
    resource = wanted.resource
    entry = {"type": resource.type, "name": resource.name, "id": wanted.id}
    if resource.parent in names:
        entry["parent"] = names[resource.parent]
    if resource.provider in names:
        entry["provider"] = names[resource.provider]
    return entry


def _without_markup(message: str) -> str:
    return message.replace("<{%reset%}>", "").strip()


def _last_lines(text: str) -> str:
    return "\n".join([line for line in text.splitlines() if line.strip()][-_LINES_OF_AN_ERROR:])
