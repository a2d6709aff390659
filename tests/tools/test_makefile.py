import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
STACK_COMMANDS = ("preview", "up", "refresh", "destroy", "outputs")


def make(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Runs make with a Python that fails: nothing here may get as far as setting anything up."""
    command = ["make", "PYTHON=false", *arguments]
    own = {"PATH": os.environ["PATH"]}  # nothing of a make that runs these tests
    return subprocess.run(command, cwd=ROOT, env=own, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("target", STACK_COMMANDS)
@pytest.mark.parametrize("stack", ["production", "", "staging prod", "../prod"])
def test_an_unknown_stack_is_refused_in_one_line_before_anything_is_done(target: str, stack: str) -> None:
    ended = make(target, f"STACK={stack}")

    assert ended.returncode != 0
    assert ended.stdout == ""
    assert ended.stderr.count("\n") == 1
    assert f"STACK={stack} is no stack of ours: use staging, prod or organization" in ended.stderr


@pytest.mark.parametrize(("stack", "project"), [("staging", "."), ("prod", "."), ("organization", "organization")])
def test_each_stack_runs_in_its_own_project_on_the_sandbox_with_the_pack(stack: str, project: str) -> None:
    command = make("-n", "preview", f"STACK={stack}").stdout.splitlines()[-1]

    assert f"-m sandbox --stack {stack} --project {project} -- " in command
    assert f'"{ROOT}/.pulumi/bin/pulumi" preview --policy-pack "{ROOT}/policies"' in command


@pytest.mark.parametrize("target", STACK_COMMANDS)
def test_staging_is_what_you_get_unless_you_say_so(target: str) -> None:
    assert " --stack staging " in make("-n", target).stdout


def test_a_stack_that_the_tests_do_not_need_does_not_stop_them() -> None:
    assert make("-n", "test", "STACK=elsewhere").returncode == 0


def test_make_alone_lists_every_target_and_does_nothing() -> None:
    ended = make()

    listed = {line.split()[0] for line in ended.stdout.splitlines() if line.startswith("  ")}
    assert listed >= {*STACK_COMMANDS, "test", "check", "format", "requirements"}
    assert ended.returncode == 0


def test_nothing_deploys_without_a_preview() -> None:
    runs = [ROOT / "Makefile", *(ROOT / ".github" / "workflows").glob("*.yml"), *(ROOT / "operations").rglob("*.py")]

    for path in runs:
        for line in path.read_text().splitlines():
            assert not ("--skip-preview" in line and re.search(r"\bup\b", line)), f"{path.name}: {line}"
