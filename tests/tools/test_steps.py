import sys
from pathlib import Path

import pytest

from tools import steps
from tools.steps import SetupError, cause, run, step

OFFLINE_PIP = """\
WARNING: Retrying (Retry(total=4)) after connection broken by 'NewConnectionError(<...>: Failed to establish a new \
connection: [Errno -2] Name or service not known)': /simple/annotated-types/
ERROR: Could not find a version that satisfies the requirement annotated-types==0.8.0 (from versions: none)
ERROR: No matching distribution found for annotated-types==0.8.0
"""
WRONG_HASH = """\
ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE. Someone may have tampered with them.
    a==1 from file:///a-1.whl:
        Expected sha256 0000
             Got        1111
"""


@pytest.mark.parametrize(
    ("said", "line"),
    [
        (OFFLINE_PIP, "Name or service not known"),
        ("x\nssl.SSLError: [SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed", "CERTIFICATE_VERIFY_FAILED"),
        ("go: x: Get y: tls: certificate signed by unknown authority", "certificate signed by unknown authority"),
        ("compile: writing output: no space left on device\nexit status 1", "no space left on device"),
        (WRONG_HASH, WRONG_HASH.splitlines()[0]),
        ("first\nlast\n\n", "last"),
        ("", "it said nothing"),
    ],
)
def test_the_cause_of_a_failure_is_one_line_and_the_one_that_matters(said: str, line: str) -> None:
    assert cause(said) == line


def test_a_command_that_fails_names_its_cause_and_where_all_of_it_is(tmp_path: Path) -> None:
    log = tmp_path / "log"

    with pytest.raises(SetupError) as failure:
        run(["sh", "-c", "echo working; echo 'error: it broke' >&2; exit 3"], log)

    assert str(failure.value) == f"sh failed: error: it broke (all of it: {log})"
    assert "working" in log.read_text()


def test_only_the_failing_commands_own_output_explains_it(tmp_path: Path) -> None:
    run(["sh", "-c", "echo 'error: harmless, of an earlier step'"], tmp_path / "log")

    with pytest.raises(SetupError, match="sh failed: it said nothing"):
        run(["sh", "-c", "exit 1"], tmp_path / "log")


def test_a_command_that_is_not_there_is_no_traceback(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match="no-such-tool can't be started: No such file or directory"):
        run(["no-such-tool"], tmp_path / "log")


def test_a_long_command_gives_signs_of_life(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(steps, "SECONDS_BETWEEN_SIGNS_OF_LIFE", 0.1)

    run(["sleep", "0.3"], tmp_path / "log")

    assert "still at it after" in capsys.readouterr().err


def test_a_step_says_what_it_does_before_and_how_long_it_took_after(capsys: pytest.CaptureFixture[str]) -> None:
    with step("doing a thing: a minute, once"):
        assert capsys.readouterr().err == "set-up: doing a thing: a minute, once\n"

    assert capsys.readouterr().err == "set-up: done in 0 s\n"


def test_a_module_that_fails_is_named_and_not_the_python_that_ran_it(tmp_path: Path) -> None:
    with pytest.raises(SetupError, match=r"^no_such_module failed: "):
        run([sys.executable, "-m", "no_such_module"], tmp_path / "log")
