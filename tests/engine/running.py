"""The real CLI over a sandbox of the test's own, on the shipped program or on a copy with another stack file."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
CLI = ROOT / ".pulumi" / "bin" / "pulumi"
PACK = ("--policy-pack", str(ROOT / "policies"))
PROGRAM = ("Pulumi.yaml", "Pulumi.staging.yaml", "Pulumi.prod.yaml", "__main__.py", "components", "settings")


@dataclass(frozen=True)
class Run:
    """What one command answered: its exit code, and all that it printed."""

    code: int
    text: str


@dataclass(frozen=True)
class World:
    """One sandbox and one project in it."""

    home: Path
    project: Path = ROOT

    def pulumi(self, stack: str, *arguments: str, **variables: str) -> Run:
        """Run a Pulumi command on a stack, with more environment variables."""
        return self.sandbox("--stack", stack, "--project", str(self.project), "--", str(CLI), *arguments, **variables)

    def sandbox(self, *arguments: str, patience: float = 300, **variables: str) -> Run:
        """Run the sandbox's own command, for so many seconds at most, with more environment variables."""
        command = [sys.executable, "-m", "sandbox", "--home", str(self.home), *arguments]
        done = subprocess.run(
            command,
            cwd=ROOT,
            env={**os.environ, **variables},
            check=False,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=patience,
        )
        return Run(done.returncode, done.stdout)

    def planned(self, stack: str) -> dict[str, str]:
        """What a preview would do, by URN: create, update, same, ..."""
        done = self.pulumi(stack, "preview", "--json", "--show-sames")
        document = json.loads(done.text[done.text.index("{") :])
        return {step["urn"]: step["op"] for step in document["steps"]}

    def state_file(self, stack: str, project: str = "madebuy") -> Path:
        """The stack's state, as it lies in the backend."""
        return self.home / "state" / ".pulumi" / "stacks" / project / f"{stack}.json"

    def resources(self, stack: str, project: str = "madebuy") -> list[dict[str, Any]]:
        """Every resource in the stack's state; providers are left out."""
        latest = json.loads(self.state_file(stack, project).read_text())["checkpoint"]["latest"] or {}
        return [each for each in latest.get("resources", []) if not each["type"].startswith("pulumi:providers:")]


def copied_program(folder: Path, stack: str, changes: dict[str, Any]) -> Path:
    """The shipped program in another folder, with some keys of a stack file changed (None takes a key out)."""
    folder.mkdir()
    for name in PROGRAM:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, folder / name)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    path = folder / f"Pulumi.{stack}.yaml"
    document = yaml.safe_load(path.read_text())
    for key, value in changes.items():
        if value is None:
            del document["config"][key]
        else:
            document["config"][key] = value
    path.write_text(yaml.safe_dump(document))
    return folder
