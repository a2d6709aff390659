import re
from pathlib import Path

import pytest
import yaml

FOLDER = Path(__file__).resolve().parents[2] / ".github" / "workflows"
WORKFLOWS = sorted(FOLDER.glob("*.yml"))
PINNED = re.compile(r"uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")


def jobs(workflow: Path) -> dict[str, dict]:
    return yaml.safe_load(workflow.read_text())["jobs"]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda file: file.name)
def test_every_action_is_pinned_to_a_commit_and_says_its_version(workflow: Path) -> None:
    used = [line.strip().removeprefix("- ") for line in workflow.read_text().splitlines() if "uses:" in line]

    assert used
    assert [line for line in used if not PINNED.match(line)] == []


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda file: file.name)
def test_a_workflow_may_do_nothing_and_each_job_says_what_it_needs(workflow: Path) -> None:
    assert yaml.safe_load(workflow.read_text())["permissions"] == {}
    assert all("permissions" in job for job in jobs(workflow).values())


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda file: file.name)
def test_a_checkout_leaves_no_token_behind(workflow: Path) -> None:
    checkouts = [
        step for job in jobs(workflow).values() for step in job["steps"] if "actions/checkout@" in step.get("uses", "")
    ]

    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda file: file.name)
def test_a_token_is_in_the_environment_of_the_step_that_uses_it_and_of_no_other(workflow: Path) -> None:
    whole = yaml.safe_load(workflow.read_text())
    wide = [scope.get("env", {}) for scope in (whole, *whole["jobs"].values())]

    assert "github.token" not in str(wide)
    assert "secrets." not in str(wide)


def test_a_pull_request_gets_no_secret_and_can_write_nothing_but_its_findings() -> None:
    workflow = FOLDER / "pull-request.yml"

    assert "secrets." not in workflow.read_text()
    assert "pull_request_target" not in workflow.read_text()
    allowed = {name: job["permissions"] for name, job in jobs(workflow).items()}
    assert allowed.pop("preview") == {"contents": "read", "security-events": "write"}
    assert all(permissions == {"contents": "read"} for permissions in allowed.values())


def test_a_pull_request_is_checked_tested_and_previewed_for_every_stack() -> None:
    pull_request = jobs(FOLDER / "pull-request.yml")

    commands = {step["run"] for job in pull_request.values() for step in job["steps"] if "run" in step}
    assert commands >= {"make check", "make test", "make preview"}
    assert set(pull_request["preview"]["strategy"]["matrix"]["stack"]) >= {"staging", "prod"}


@pytest.mark.parametrize("file", [*WORKFLOWS, FOLDER.parents[1] / "Makefile"], ids=lambda file: file.name)
def test_nothing_runs_the_engine_so_talkative_that_it_prints_credentials(file: Path) -> None:
    talkative = re.compile(
        r"--verbose|-v[= ]?\d|--logflow|--show-secrets|--debug|PULUMI_DEBUG_(?!COMMANDS)|ACTIONS_STEP_DEBUG"
    )

    assert talkative.findall(file.read_text()) == []
