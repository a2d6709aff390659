"""Where a sandbox keeps its state, and how a stack of a Pulumi project is made ready in it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import yaml

# Commands of the CLI that read a stack's configuration and so take `--config-file`.
READ_CONFIG = frozenset({"config", "destroy", "import", "preview", "refresh", "up", "update", "watch"})
PINNED_CLI = Path(".pulumi/bin/pulumi")


@dataclass(frozen=True)
class Workspace:
    """The folder of one sandbox: the vendors' database, Pulumi's backend, its home, and copies of the stack files."""

    home: Path

    @classmethod
    def at(cls, home: Path) -> Workspace:
        """The sandbox in a folder, made where it is missing."""
        home = home.resolve()
        for name in ("state", "pulumi", "config"):
            (home / name).mkdir(parents=True, exist_ok=True)
        return cls(home)

    @property
    def database(self) -> Path:
        """The vendors' objects."""
        return self.home / "cloud.db"

    def environment(self, providers: str, endpoints: dict[str, str]) -> dict[str, str]:
        """This process's environment, with what a child needs to find the simulated vendors and no real ones."""
        return {
            **os.environ,
            **endpoints,
            "PULUMI_DEBUG_PROVIDERS": providers,
            "PULUMI_BACKEND_URL": f"file://{self.home / 'state'}",
            "PULUMI_CONFIG_PASSPHRASE": "sandbox",
            "PULUMI_HOME": str(self.home / "pulumi"),
            "PULUMI_SKIP_UPDATE_CHECK": "1",
            "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        }


@dataclass(frozen=True)
class Stack:
    """A stack of a Pulumi project, with a copy of its settings that may hold a salt of its own."""

    workspace: Workspace
    project: Path
    name: str

    @property
    def project_name(self) -> str:
        """The name in Pulumi.yaml."""
        return str(yaml.safe_load((self.project / "Pulumi.yaml").read_text())["name"])

    @property
    def config_file(self) -> Path:
        """The copy of the stack's settings that the CLI reads and writes."""
        return self.workspace.home / "config" / self.project_name / f"Pulumi.{self.name}.yaml"

    @property
    def exists(self) -> bool:
        """Whether the backend has the stack."""
        folder = self.workspace.home / "state" / ".pulumi" / "stacks" / self.project_name
        return (folder / f"{self.name}.json").exists()

    def prepare(self, cli: str, environment: dict[str, str]) -> None:
        """Copies the stack's settings and makes the stack where the backend does not have it.

        Raises:
            SystemExit: the CLI could not make the stack; it has said why.
        """
        if not self.exists:
            self._create(cli, environment)
        self._unlock()
        self._mend()
        self.config_file.parent.mkdir(parents=True, exist_ok=True)
        settings = _read(self.project / f"Pulumi.{self.name}.yaml")
        salt = _read(self.config_file).get("encryptionsalt")
        if salt:
            settings["encryptionsalt"] = salt
        self.config_file.write_text(yaml.safe_dump(settings, sort_keys=False) if settings else "")

    def _create(self, cli: str, environment: dict[str, str]) -> None:
        """`stack init` beside a copy of Pulumi.yaml: it writes a salt into the folder where it runs."""
        folder = self.workspace.home / "config" / self.project_name
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "Pulumi.yaml").write_text(f"name: {self.project_name}\nruntime: python\n")
        command = [cli, "stack", "init", self.name, "--non-interactive"]
        done = subprocess.run(command, cwd=folder, env=environment, check=False, capture_output=True, text=True)  # noqa: S603 the caller's CLI
        if done.returncode != 0:
            sys.exit(f"pulumi stack init {self.name} failed: {done.stderr.strip()}")

    def _unlock(self) -> None:
        """Removes the locks of killed runs: this backend is one machine's, so a process that is gone holds nothing."""
        locks = self.workspace.home / "state" / ".pulumi" / "locks" / "organization" / self.project_name / self.name
        for lock in locks.glob("*.json"):
            process = int(json.loads(lock.read_text())["pid"])
            if not _runs(process):
                lock.unlink()
                print(f"sandbox: removed the lock that a killed run (process {process}) left", file=sys.stderr)

    def _mend(self) -> None:
        """Takes the backup where a killed run left half a state: the CLI writes this backend's files in place."""
        path = self.workspace.home / "state" / ".pulumi" / "stacks" / self.project_name / f"{self.name}.json"
        backup = path.with_suffix(".json.bak")
        if backup.exists() and not _is_whole(path):
            shutil.copy(backup, path)
            print("sandbox: took the backup of a state that a killed run left half written", file=sys.stderr)

    def arguments(self, command: list[str]) -> list[str]:
        """What to add to a Pulumi command so that it works on this stack."""
        subcommand = next((a for a in command[1:] if not a.startswith("-")), "")
        config = ["--config-file", str(self.config_file)] if subcommand in READ_CONFIG else []
        return ["--stack", self.name, *config]


def _is_whole(path: Path) -> bool:
    """Whether a state file ends as one does; to read all of a large one would take longer than a preview may."""
    with path.open("rb") as file:
        file.seek(max(file.seek(0, os.SEEK_END) - 3, 0))
        return file.read().strip().endswith(b"}}")


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _read(path: Path) -> dict[str, object]:
    return dict(yaml.safe_load(path.read_text()) or {}) if path.exists() else {}


def is_pulumi(command: str) -> bool:
    """Whether a command is the Pulumi CLI."""
    return Path(command).name == "pulumi"


def executable(command: str) -> str:
    """What to run for a command: the CLI for `pulumi`, and an absolute path, since a CLI runs in its project's folder.

    Raises:
        SystemExit: there is no such file.
    """
    if command == "pulumi":
        return pulumi()
    if os.sep not in command:
        return command
    path = Path(command).absolute()
    if not path.exists():
        sys.exit(f"{command} can't be run: there is no such file. `make preview` sets the CLI up once.")
    return str(path)


def pulumi() -> str:
    """The CLI that this repository pins, else the one from PATH.

    Raises:
        SystemExit: there is none.
    """
    pinned = Path(__file__).parent.parent / PINNED_CLI
    found = str(pinned) if pinned.exists() else shutil.which("pulumi")
    if found is None:
        sys.exit("No Pulumi CLI: run `make preview` once, which sets one up, or put `pulumi` on PATH.")
    return found
