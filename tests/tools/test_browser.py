from pathlib import Path

import pytest

from tools import browser
from tools.steps import SetupError


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is run on a machine with apt-get and without a browser, by root."""
    ran: list[str] = []
    monkeypatch.setattr(browser.shutil, "which", lambda name: f"/usr/bin/{name}" if name == "apt-get" else None)
    monkeypatch.setattr(browser.os, "geteuid", lambda: 0)
    monkeypatch.setattr(browser, "run", lambda command, _log, _env: ran.append(" ".join(command)))
    return ran


@pytest.mark.parametrize("name", ["chromium", "google-chrome"])
def test_a_browser_on_path_is_taken(name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(browser.shutil, "which", lambda asked: f"/usr/bin/{asked}" if asked == name else None)

    assert browser.found() == f"/usr/bin/{name}"
    assert browser.is_ready(tmp_path)


def test_root_gets_the_distributions_chromium_and_is_told_how_long_it_takes(
    commands: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    browser.install(tmp_path, tmp_path / "log")

    assert commands[-1].endswith("install --quiet --yes --no-install-recommends chromium")
    assert "about a minute" in capsys.readouterr().err


def test_anyone_else_is_told_what_to_install(
    commands: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(browser.os, "geteuid", lambda: 1000)

    browser.install(tmp_path, tmp_path / "log")

    assert commands == []
    assert "apt install chromium" in capsys.readouterr().err


@pytest.mark.usefixtures("commands")
def test_packages_that_cannot_be_had_stop_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise SetupError("apt-get failed: no route to host")

    monkeypatch.setattr(browser, "run", fail)

    browser.install(tmp_path, tmp_path / "log")

    assert "no route to host" in capsys.readouterr().err
