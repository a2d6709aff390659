import subprocess
from pathlib import Path

import pytest

from tools import pulumi_cli
from tools.release import VERSION, UnavailableError
from tools.steps import SetupError, write_script


@pytest.fixture
def on_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all there is on PATH, besides the system's own tools."""
    folder = tmp_path / "a b" / "bin"
    folder.mkdir(parents=True)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")
    return folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    return folder


def offer(folder: Path, version: str, *, with_host: bool = True) -> None:
    write_script(folder / "pulumi", f'echo "{version}" "$@"\n')
    if with_host:
        write_script(folder / "pulumi-language-python", "exit 0\n")


@pytest.mark.parametrize("version", ["v3.259.0", "v3.300.1", "v4.0.0"])
def test_a_recent_cli_on_path_is_used_under_our_name(on_path: Path, root: Path, version: str) -> None:
    offer(on_path, version)

    pulumi_cli.install(root, root / "log")

    ours = root / ".pulumi" / "bin" / "pulumi"
    assert subprocess.check_output([ours, "preview", "a b"], text=True) == f"{version} preview a b\n"
    assert pulumi_cli.is_ready(root)


@pytest.mark.parametrize(
    ("version", "reason"),
    [
        ("v3.258.9", "is version 3.258.9, older than"),
        ("v3.259.0-alpha.1", "is version 3.259.0-alpha.1, older than"),
        ("command not found", "is version unknown, older than"),
    ],
)
def test_an_older_or_silent_cli_on_path_is_not_used(on_path: Path, root: Path, version: str, reason: str) -> None:
    offer(on_path, version)

    with pytest.raises(UnavailableError, match=reason):
        pulumi_cli.use_path(root, own=root / ".pulumi")


def test_a_cli_that_cannot_run_python_is_not_used(on_path: Path, root: Path) -> None:
    offer(on_path, f"v{VERSION}", with_host=False)

    with pytest.raises(UnavailableError, match="comes without pulumi-language-python"):
        pulumi_cli.use_path(root, own=root / ".pulumi")


def test_our_own_cli_on_path_is_not_mistaken_for_the_machines(on_path: Path, root: Path) -> None:
    offer(on_path, f"v{VERSION}")

    with pytest.raises(UnavailableError, match="no Pulumi CLI on PATH"):
        pulumi_cli.use_path(root, own=on_path.parent)


@pytest.mark.usefixtures("on_path")
def test_without_path_and_network_the_build_is_next_after_one_line_for_each(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def offline(_folder: Path) -> None:
        raise UnavailableError("no download from somewhere: Name or service not known")

    monkeypatch.setattr(pulumi_cli, "download", offline)
    monkeypatch.setattr(pulumi_cli, "build", lambda _root, folder, _log: offer(folder, f"v{VERSION}"))

    pulumi_cli.install(root, root / "log")

    assert capsys.readouterr().err.splitlines() == [
        "set-up: no Pulumi CLI on PATH",
        "set-up: no download from somewhere: Name or service not known",
    ]
    assert pulumi_cli.is_ready(root)


@pytest.mark.usefixtures("on_path")
def test_a_build_that_fails_leaves_no_cli_and_says_what_would_help(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def offline(_folder: Path) -> None:
        raise UnavailableError("no download")

    def half_a_build(_root: Path, folder: Path, _log: Path) -> None:
        offer(folder, f"v{VERSION}")
        raise SetupError("go failed: no such host")

    monkeypatch.setattr(pulumi_cli, "download", offline)
    monkeypatch.setattr(pulumi_cli, "build", half_a_build)

    with pytest.raises(SetupError) as refusal:
        pulumi_cli.install(root, root / "log")

    assert str(refusal.value).startswith("no Pulumi CLI: go failed: no such host. Install Pulumi 3.259.0 or newer")
    assert "\n" not in str(refusal.value)
    assert not (root / ".pulumi" / "bin").exists()
    assert not pulumi_cli.is_ready(root)


def test_what_an_interrupted_run_left_is_replaced(on_path: Path, root: Path) -> None:
    offer(on_path, f"v{VERSION}")
    for leftover in ("bin", "bin.unfinished"):
        (root / ".pulumi" / leftover).mkdir(parents=True)
        (root / ".pulumi" / leftover / "half").touch()

    pulumi_cli.install(root, root / "log")

    assert {file.name for file in (root / ".pulumi" / "bin").iterdir()} == {"pulumi", "ready"}
    assert not (root / ".pulumi" / "bin.unfinished").exists()


def test_a_cli_on_path_that_went_away_is_noticed(on_path: Path, root: Path) -> None:
    offer(on_path, f"v{VERSION}")
    pulumi_cli.install(root, root / "log")

    (on_path / "pulumi").unlink()

    assert not pulumi_cli.is_ready(root)


def test_a_newer_pin_asks_for_a_new_cli(on_path: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    offer(on_path, f"v{VERSION}")
    pulumi_cli.install(root, root / "log")

    monkeypatch.setattr(pulumi_cli, "VERSION", "3.260.0")

    assert not pulumi_cli.is_ready(root)


def test_a_shim_is_called_by_its_own_name(on_path: Path, root: Path) -> None:
    write_script(on_path / "shim", f'case "$0" in */pulumi) echo v{VERSION} ;; *) echo "no such tool" ;; esac\n')
    (on_path / "pulumi").symlink_to(on_path / "shim")
    write_script(on_path / "pulumi-language-python", "exit 0\n")

    pulumi_cli.install(root, root / "log")

    assert subprocess.check_output([root / ".pulumi" / "bin" / "pulumi", "version"], text=True) == f"v{VERSION}\n"
