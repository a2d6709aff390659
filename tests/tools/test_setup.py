import subprocess
import sys
from pathlib import Path

import pytest

from tools import browser, environment, pulumi_cli, setup
from tools.steps import SetupError

ROOT = Path(__file__).resolve().parents[2]
AN_OLD_PYTHON = (
    "import runpy, sys; sys.version_info = (3, 10, 12); runpy.run_module('tools.setup', run_name='__main__')"
)


@pytest.fixture
def steps(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """What was installed, in order, on a machine that has nothing yet."""
    installed: list[str] = []
    for part in (environment, pulumi_cli, browser):
        name = part.__name__
        monkeypatch.setattr(part, "is_ready", lambda _root, name=name: name in installed)
        monkeypatch.setattr(part, "install", lambda _root, _log, name=name: installed.append(name))
    monkeypatch.setattr(setup, "ROOT", tmp_path)
    monkeypatch.setattr(sys, "argv", ["setup"])
    return installed


def test_a_fresh_machine_gets_the_environment_and_then_the_cli(steps: list[str], tmp_path: Path) -> None:
    setup.set_up(tmp_path, "stacks")

    assert steps == ["tools.environment", "tools.pulumi_cli"]


def test_a_check_of_the_code_needs_no_cli(steps: list[str], tmp_path: Path) -> None:
    setup.set_up(tmp_path, "environment")

    assert steps == ["tools.environment"]


def test_the_tests_get_a_browser_too(steps: list[str], tmp_path: Path) -> None:
    setup.set_up(tmp_path, "tests")

    assert steps == ["tools.environment", "tools.pulumi_cli", "tools.browser"]


def test_a_machine_that_can_have_no_browser_is_told_and_goes_on(
    steps: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    steps += ["tools.environment", "tools.pulumi_cli"]
    monkeypatch.setattr(browser, "install", lambda _root, _log: browser.say(browser.MISSING))
    monkeypatch.setattr(sys, "argv", ["setup", "tests"])

    assert setup.main() == 0
    assert capsys.readouterr().err == f"set-up: {browser.MISSING}\n"


def test_the_second_run_does_and_says_nothing(
    steps: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    setup.set_up(tmp_path, "stacks")
    capsys.readouterr()

    setup.set_up(tmp_path, "stacks")

    assert len(steps) == 2
    assert capsys.readouterr() == ("", "")


def test_a_run_that_was_interrupted_goes_on_where_it_was(
    steps: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_root: Path, _log: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as this_time:
        this_time.setattr(pulumi_cli, "install", interrupted)
        assert setup.main() == 130
    assert capsys.readouterr().err == "set-up: interrupted; the same command goes on from here\n"

    assert setup.main() == 0
    assert steps == ["tools.environment", "tools.pulumi_cli"]


@pytest.mark.usefixtures("steps")
@pytest.mark.parametrize(
    ("failure", "line"),
    [
        (SetupError("pip failed: no network. Check it."), "set-up: pip failed: no network. Check it.\n"),
        (OSError(28, "No space left on device", "/a/file"), "set-up: /a/file: No space left on device; see to it and"),
    ],
)
def test_what_cannot_work_here_ends_in_one_line(
    failure: Exception, line: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_root: Path, _log: Path) -> None:
        raise failure

    monkeypatch.setattr(environment, "install", fail)

    assert setup.main() == 1
    said = capsys.readouterr().err
    assert said.startswith(line)
    assert said.count("\n") == 1


def test_an_old_python_is_told_what_is_needed_in_one_line() -> None:
    ended = subprocess.run([sys.executable, "-c", AN_OLD_PYTHON], cwd=ROOT, capture_output=True, text=True, check=False)

    assert ended.returncode != 0
    assert ended.stderr.startswith("set-up: Python 3.11 or newer is needed")
    assert ended.stderr.count("\n") == 1


def test_the_set_up_itself_needs_nothing_but_the_standard_library() -> None:
    command = [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); import tools.setup"]

    subprocess.run(command, check=True, cwd="/")
