import importlib.util
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tools import environment
from tools.steps import SetupError, write_script


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository that needs no package at all."""
    monkeypatch.setenv("PATH", "/usr/bin:/bin")  # no uv
    (tmp_path / "requirements.txt").write_text("# nothing\n")
    return tmp_path


@pytest.fixture
def finished(root: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same with an environment that was finished; its Python is a stand-in that answers as asked."""
    monkeypatch.setattr(environment, "create", lambda folder, *_: answer_with(folder, 0))
    monkeypatch.setattr(environment, "run", lambda *_: None)
    environment.install(root, root / "log")
    return root


def answer_with(folder: Path, code: int) -> None:
    (folder / "bin").mkdir(parents=True, exist_ok=True)
    write_script(folder / "bin" / "python", f"exit {code}\n")


def test_a_finished_environment_is_left_alone(finished: Path) -> None:
    assert environment.is_ready(finished)


@pytest.mark.parametrize(
    "happened",
    [
        lambda root: (root / "requirements.txt").write_text("# something else\n"),
        lambda root: shutil.rmtree(root / ".venv"),
        lambda root: (root / ".venv" / "ready").unlink(),
        lambda root: (root / ".venv" / "bin" / "python").unlink(),
        lambda root: (root / ".venv" / "bin" / "python").chmod(0o644),
        lambda root: answer_with(root / ".venv", 1),
        lambda root: (root / "requirements.txt").unlink(),
    ],
    ids=[
        "requirements changed",
        "removed",
        "never finished",
        "no Python",
        "Python can't start",
        "packages gone",
        "no requirements",
    ],
)
def test_an_environment_that_is_not_the_wanted_one_is_noticed(finished: Path, happened: Callable[[Path], None]) -> None:
    happened(finished)

    assert not environment.is_ready(finished)


def test_an_environment_that_moved_is_noticed(finished: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("clone") / "copy"
    shutil.copytree(finished, elsewhere)

    assert not environment.is_ready(elsewhere)


def test_an_environment_is_compiled_also_where_python_may_not_write_bytecode(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    (root / ".venv").mkdir()
    (root / ".venv" / "left over").touch()

    environment.install(root, root / "log")

    modules = set((root / ".venv" / "lib").rglob("pip/*.py"))
    compiled = {file.parent.parent / f"{file.name.split('.')[0]}.py" for file in root.rglob("pip/__pycache__/*.pyc")}
    assert modules
    assert compiled == modules
    assert not (root / ".venv" / "left over").exists()


def test_a_package_with_another_hash_is_refused_in_one_line_and_the_environment_is_not_ready(root: Path) -> None:
    (root / "a-1-py3-none-any.whl").write_bytes(b"not what was pinned")
    wheel = (root / "a-1-py3-none-any.whl").as_uri()
    (root / "requirements.txt").write_text(f"a @ {wheel} --hash=sha256:{'0' * 64}\n")

    with pytest.raises(SetupError) as refusal:
        environment.install(root, root / "log")

    assert "DO NOT MATCH THE HASHES" in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert not environment.is_ready(root)


def test_uv_is_used_where_it_is_and_told_to_want_hashes(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_script(root / "uv", f'echo "$@" >> "{root}/asked"; mkdir -p "{root}/.venv"\n')
    monkeypatch.setenv("PATH", f"{root}:/usr/bin:/bin")

    environment.create(root / ".venv", root / "requirements.txt", root / "log")

    made, synced = (root / "asked").read_text().splitlines()
    assert made.startswith("venv ")
    assert synced.startswith("pip sync ")
    assert "--require-hashes" in synced


def test_the_environment_is_not_made_with_the_python_that_it_replaces(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands: list[list[str]] = []
    monkeypatch.setattr(environment, "run", lambda command, *_: commands.append(list(map(str, command))))
    monkeypatch.setattr(sys, "executable", str(root / ".venv" / "bin" / "python"))

    environment.create(root / ".venv", root / "requirements.txt", root / "log")

    assert not commands[0][0].startswith(str(root / ".venv"))


def test_a_python_without_venv_is_told_which_package_brings_it(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)

    with pytest.raises(SetupError, match="install python3-venv or uv"):
        environment.install(root, root / "log")
