"""The command, on copies of the shipped stack files."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING

import pytest

from operations.__main__ import main
from operations.stacks import read_stack
from settings.rotation import MADE_HERE
from tests.settings.stack_files import ROOT

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for stack in ("staging", "prod"):
        shutil.copy(ROOT / f"Pulumi.{stack}.yaml", tmp_path)
    return tmp_path


def rotate(project: Path, *options: str) -> int:
    return main(["rotate", "--stack", "prod", "--project", str(project), *options])


def outputs(project: Path, generation: int) -> str:
    """A file with what `pulumi stack output --json` prints."""
    path = project / "outputs.json"
    path.write_text(json.dumps({"media_url": "", "generations": dict.fromkeys(MADE_HERE, generation)}))
    return str(path)


def live(project: Path, name: str) -> list[int]:
    return [each.generation for each in read_stack(project / "Pulumi.prod.yaml").secrets.generations(name)]


def test_a_run_on_any_other_day_leaves_the_file_as_it_is(project: Path) -> None:
    before = (project / "Pulumi.prod.yaml").read_bytes()

    assert rotate(project, "--today", "2026-12-24") == 0
    assert (project / "Pulumi.prod.yaml").read_bytes() == before


def test_a_quarter_moves_pairs_and_cutovers_and_asks_nobody(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert rotate(project, "--today", "2027-01-30") == 0
    assert live(project, "media-key") == [1, 2]
    assert live(project, "nextauth-secret") == [2]
    assert "**media-key** started: generation 2 starts, due today" in capsys.readouterr().out


def test_only_the_named_stack_is_touched_and_nothing_is_left_beside_it(project: Path) -> None:
    rotate(project, "--today", "2027-01-30")

    assert (project / "Pulumi.staging.yaml").read_bytes() == (ROOT / "Pulumi.staging.yaml").read_bytes()
    assert sorted(path.name for path in project.iterdir()) == ["Pulumi.prod.yaml", "Pulumi.staging.yaml"]


def test_the_old_one_waits_for_restarts_that_are_recorded_in_the_file(project: Path) -> None:
    rotate(project, "--today", "2027-01-30")

    assert rotate(project, "--today", "2027-02-13") == 1
    assert live(project, "database-users") == [1, 2]
    restarted = ("--today", "2027-02-13", "--redeployed", "admin", "--redeployed", "web")
    assert rotate(project, *restarted, "--outputs", outputs(project, 1)) == 1
    assert rotate(project, *restarted, "--outputs", outputs(project, 2)) == 0
    assert live(project, "database-users") == [1, 2]
    rotate(project, "--today", "2027-02-13")
    assert live(project, "database-users") == [2]


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"generations": 2}', '{"generations": {"media-key": "x"}}'])
def test_rejects_outputs_that_do_not_say_what_was_delivered(
    project: Path, capsys: pytest.CaptureFixture[str], text: str
) -> None:
    path = project / "outputs.json"
    path.write_text(text)

    assert rotate(project, "--today", "2027-01-30", "--redeployed", "admin", "--outputs", str(path)) == 2
    assert "pulumi stack output --json" in capsys.readouterr().err


def test_rejects_a_restart_without_the_stacks_outputs(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert rotate(project, "--today", "2027-01-30", "--redeployed", "admin") == 2
    assert "--redeployed needs --outputs" in capsys.readouterr().err


def test_a_leaked_secret_moves_today(project: Path) -> None:
    assert rotate(project, "--today", "2026-11-02", "--now", "zone-token", "--now", "nextauth-secret") == 0
    assert (live(project, "zone-token"), live(project, "nextauth-secret")) == ([1, 2], [2])


def test_a_vendors_secret_is_asked_for_and_recorded(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert rotate(project, "--today", "2027-11-01") == 1
    assert "--stack prod --done stripe" in capsys.readouterr().out
    rotate(project, "--today", "2027-11-02", "--done", "stripe")
    assert live(project, "stripe") == [2]


def test_the_summary_is_written_when_something_changed_and_only_then(project: Path, tmp_path: Path) -> None:
    summary = tmp_path / "summary.md"

    rotate(project, "--today", "2026-12-24", "--summary", str(summary))
    assert not summary.exists()
    rotate(project, "--today", "2027-01-30", "--summary", str(summary))
    assert "- **zone-token** started" in summary.read_text()


def test_rejects_a_day_before_the_youngest_generation(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert rotate(project, "--today", "2026-10-31") == 2
    assert "Today is 2026-10-31, and a generation in Pulumi.prod.yaml started on 2026-11-01" in capsys.readouterr().err


def test_rejects_a_stack_that_is_not_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert rotate(tmp_path) == 2
    assert 'There is no stack "prod"' in capsys.readouterr().err


def test_rejects_a_stack_file_that_can_not_be_used_and_leaves_it(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = project / "Pulumi.prod.yaml"
    path.write_text(path.read_text().replace("madebuy:cache", "madebuy:cahce"))

    assert rotate(project, "--today", "2027-01-30") == 2
    assert "madebuy:cahce" in capsys.readouterr().err
    assert "rotation:" not in path.read_text()


@pytest.mark.parametrize(
    "options",
    [
        ["--now", "zone-tokn"],
        ["--redeployed", "api"],
        ["--done", "media-key"],
        ["--today", "soon"],
        ["--now", "openai", "--done", "openai"],
    ],
)
def test_rejects_options_that_mean_nothing(project: Path, options: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        rotate(project, *options)
    assert ended.value.code == 2


def test_rejects_a_command_that_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rotat"]) == 2
    assert {"environment", "rotate"} <= set(re.findall(r"\w+", capsys.readouterr().err))
