"""A change of the working tree becomes one pull request: on a real git, with a gh that writes down what it is asked."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
BRANCH, TITLE = "rotation/prod", "Rotate secrets of prod"
GH = """#!/bin/sh
echo "$*" >> "$GH_LOG"
case "$*" in "pr list"*) cat "$GH_LOG.open" ;; esac
"""


@dataclass(frozen=True)
class Checkout:
    """A clone with one stack file, its remote, and what gh was asked for."""

    folder: Path
    environment: dict[str, str]

    @property
    def file(self) -> Path:
        return self.folder / "Pulumi.prod.yaml"

    def git(self, *arguments: str) -> str:
        command = ["git", *arguments]
        return subprocess.check_output(command, cwd=self.folder, env=self.environment, text=True).strip()

    def propose(self) -> None:
        script, summary = ROOT / "tools" / "propose.sh", self.folder.parent / "summary.md"
        subprocess.run([script, BRANCH, TITLE, summary], cwd=self.folder, env=self.environment, check=True)

    def asked(self) -> list[str]:
        log = Path(self.environment["GH_LOG"])
        return log.read_text().splitlines() if log.exists() else []

    def is_open(self, number: int) -> None:
        Path(self.environment["GH_LOG"] + ".open").write_text(f"{number}\n")


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    binaries, folder = tmp_path / "bin", tmp_path / "clone"
    binaries.mkdir()
    (binaries / "gh").write_text(GH)
    (binaries / "gh").chmod(0o755)
    path = f"{binaries}{os.pathsep}{os.environ['PATH']}"
    nobody = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "HOME": str(tmp_path)}
    here = Checkout(folder, {**nobody, "PATH": path, "GH_LOG": str(tmp_path / "gh.log")})
    subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", tmp_path / "origin"], check=True)
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main", folder], check=True)
    here.file.write_text("config: {}\n")
    here.git("remote", "add", "origin", str(tmp_path / "origin"))
    here.git("add", ".")
    here.git("-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "--quiet", "--message", "first")
    here.git("push", "--quiet", "origin", "main")
    here.is_open(0)
    return here


def test_without_a_change_nothing_is_proposed(checkout: Checkout) -> None:
    checkout.propose()

    assert checkout.asked() == []
    assert "rotation" not in checkout.git("ls-remote", "origin")


def test_a_change_is_pushed_to_its_branch_and_opened_as_a_pull_request(checkout: Checkout) -> None:
    checkout.file.write_text("config: {changed: true}\n")
    checkout.propose()

    assert checkout.git("show", "--name-only", "--format=%s", f"origin/{BRANCH}") == f"{TITLE}\n\nPulumi.prod.yaml"
    assert checkout.asked()[-1].startswith(f"pr create --head {BRANCH} --base main --title {TITLE}")


def test_a_later_run_renews_the_open_pull_request_and_opens_no_second_one(checkout: Checkout) -> None:
    checkout.file.write_text("config: {changed: monday}\n")
    checkout.propose()
    checkout.is_open(1)
    checkout.git("switch", "--quiet", "main")
    checkout.git("branch", "--quiet", "-D", BRANCH)
    checkout.file.write_text("config: {changed: tuesday}\n")
    checkout.propose()

    assert "tuesday" in checkout.git("show", f"origin/{BRANCH}:Pulumi.prod.yaml")
    assert checkout.git("rev-list", "--count", f"main..origin/{BRANCH}") == "1"
    assert [line.split()[1] for line in checkout.asked() if line.startswith("pr ")] == [
        "list",
        "create",
        "list",
        "edit",
    ]


def test_the_rotation_workflow_rotates_every_stack_and_holds_no_vendors_credential() -> None:
    text = (ROOT / ".github" / "workflows" / "rotation.yml").read_text()
    (job,) = yaml.safe_load(text)["jobs"].values()

    assert "secrets." not in text
    assert job["permissions"] == {"contents": "write", "pull-requests": "write"}
    assert {f"Pulumi.{stack}.yaml" for stack in job["strategy"]["matrix"]["stack"]} == {
        path.name for path in ROOT.glob("Pulumi.*.yaml")
    }
