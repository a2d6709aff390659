"""Where a sandbox keeps its state, and how a stack of a Pulumi project is made ready in it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

READ_CONFIG = frozenset(
    {"config", "destroy", "dn", "down", "import", "logs", "pre", "preview", "refresh", "up", "update", "watch"}
)
"""Commands of the CLI that read a stack's settings and so take `--config-file`."""
OF_A_STACK = READ_CONFIG | {"about", "cancel", "console", "stack", "state"}
"""Commands of the CLI that take `--stack`."""
CHANGES_SETTINGS = frozenset({"cp", "rm", "rm-all", "set", "set-all"})
OF_ITS_ENCRYPTION = ("encryptedkey", "encryptionsalt", "secretsprovider")
"""What a stack file says of the key to its secrets, which a sandbox does not have."""
STAND_IN = "sandbox"
"""What an encrypted setting is here."""
VENDORS = (
    "AWS_", "CF_", "CLOUDFLARE_", "DOPPLER_", "MCLI_", "MONGODB_ATLAS_", "PULUMI_ACCESS_TOKEN",
    "PULUMI_CONFIG_PASSPHRASE", "PULUMI_SELF_MANAGED_STATE", "UPSTASH_",
)  # fmt: skip
"""How variables begin that say who and where the vendors are, or how Pulumi keeps its state."""
HARMLESS = ("AWS_DEFAULT_REGION", "AWS_REGION")
PINNED_CLI = Path(__file__).parent.parent / ".pulumi" / "bin" / "pulumi"


@dataclass(frozen=True)
class Workspace:
    """The folder of one sandbox: the vendors' database, Pulumi's backend, its home, and copies of the stack files."""

    home: Path

    @classmethod
    def at(cls, home: Path) -> Workspace:
        """The sandbox in a folder, made where it is missing."""
        home = home.resolve()
        home.mkdir(mode=0o700, parents=True, exist_ok=True)  # the vendors' database has secrets in plain text
        for name in ("state", "pulumi", "config"):
            (home / name).mkdir(parents=True, exist_ok=True)
        return cls(home)

    @property
    def database(self) -> Path:
        """The vendors' objects."""
        return self.home / "cloud.db"

    def environment(self, providers: str, endpoints: dict[str, str]) -> dict[str, str]:
        """This process's environment, with what a child needs to find the simulated vendors and no real ones."""
        own = {name: value for name, value in os.environ.items() if name in HARMLESS or not name.startswith(VENDORS)}
        return {
            **own,
            **endpoints,
            # For a command that runs the CLI itself, such as a program of the Automation API.
            "PATH": os.pathsep.join([os.environ.get("PATH", os.defpath), str(PINNED_CLI.parent)]),
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

    @classmethod
    def of(cls, workspace: Workspace, project: Path, name: str) -> Stack:
        """A stack by its name, which may be qualified: the organization is the sandbox's own.

        Raises:
            SystemExit: there is no Pulumi project in the folder.
        """
        stack = cls(workspace, project, name.rsplit("/", 1)[-1])
        if "name" not in stack.project_file:
            sys.exit(
                f"{project} is no Pulumi project: it has no Pulumi.yaml with a name. --project says which folder is."
            )
        return stack

    @property
    def project_file(self) -> dict[str, object]:
        """What Pulumi.yaml says, under whichever of its names; nothing where there is none."""
        found = [path for name in ("yaml", "yml", "json") if (path := self.project / f"Pulumi.{name}").exists()]
        return _read(found[0]) if found else {}

    @property
    def project_name(self) -> str:
        """The name in Pulumi.yaml."""
        return str(self.project_file["name"])

    @property
    def settings_file(self) -> Path:
        """Where the project keeps the stack's settings."""
        return self.project / str(self.project_file.get("stackConfigDir") or "") / f"Pulumi.{self.name}.yaml"

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
        before, settings = _read(self.config_file), _read(self.settings_file)
        salt = before.get("encryptionsalt")
        for name in OF_ITS_ENCRYPTION:
            settings.pop(name, None)
        if salt:
            settings["encryptionsalt"] = salt
        hidden = list(_encrypted(settings.get("config"), before.get("config")))
        self.config_file.write_text(yaml.safe_dump(settings, sort_keys=False) if settings else "")
        for path in hidden:
            self._stand_in(cli, environment, path)

    def _stand_in(self, cli: str, environment: dict[str, str], path: str) -> None:
        """Writes a secret into the copy in the place of one that can't be read here."""
        print(f'sandbox: the encrypted setting {path} is "{STAND_IN}" here', file=sys.stderr)
        command = [cli, "config", "set", "--secret", "--path", path, STAND_IN, "--non-interactive"]
        command += ["--stack", self.name, "--config-file", str(self.config_file)]
        done = subprocess.run(command, cwd=self.project, env=environment, check=False, capture_output=True, text=True)  # noqa: S603 the caller's CLI
        if done.returncode != 0:
            sys.exit(f"pulumi config set {path} failed: {done.stderr.strip()}")

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

    def forgets(self, command: list[str]) -> bool:
        """Whether a Pulumi command changes settings: those of the copy, which is made anew before every run."""
        return "config" in command and not CHANGES_SETTINGS.isdisjoint(command)

    def arguments(self, command: list[str]) -> list[str]:
        """What to add to a Pulumi command so that it works on this stack."""
        subcommand = next((word for word in command[1:] if word in OF_A_STACK), "")
        config = ["--config-file", str(self.config_file)] if subcommand in READ_CONFIG else []
        return ["--stack", self.name, *config] if subcommand else []


def _encrypted(value: Any, before: Any, path: str = "") -> Iterator[str]:  # noqa: ANN401 any YAML
    """The paths of encrypted settings that have no stand-in yet; puts the ones that a copy has in their place."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in list(inner):
        known = before.get(key) if isinstance(before, dict) else None
        if isinstance(before, list) and isinstance(key, int) and key < len(before):
            known = before[key]
        place = f"{path}[{key}]" if isinstance(key, int) else f"{path}.{key}" if path else key
        if not (isinstance(item, dict) and set(item) == {"secure"}):
            yield from _encrypted(item, known, place)
        elif isinstance(known, dict) and set(known) == {"secure"}:
            value[key] = known
        else:
            value[key] = None
            yield place


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
    found = str(PINNED_CLI) if PINNED_CLI.exists() else shutil.which("pulumi")
    if found is None:
        sys.exit("No Pulumi CLI: run `make preview` once, which sets one up, or put `pulumi` on PATH.")
    return found
