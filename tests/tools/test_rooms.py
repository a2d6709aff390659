"""What import-linter can't see: the programs themselves, and which part of a package is imported."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = {"audit", "components", "operations", "policies", "sandbox", "settings", "tests", "tools"}
BEFORE_ANYTHING_IS_INSTALLED = sorted(set((ROOT / "tools").glob("*.py")) - {ROOT / "tools" / "language_host.py"})
MACHINES = re.compile("(?<![A-Za-z0-9_.~-])/(work|root|tmp/w)/")
PRIVATE = re.compile("(?<![A-Za-z0-9_-])(providers|libraries|engine|style|design)[.]md")  # a team's notes
REGISTRIES = re.compile(  # in pieces, so that this file names none of them either
    "|".join(
        f"{host}[.]{end}"
        for host, end in [("pypi", "org"), ("pythonhosted", "org"), ("(proxy|sum)[.]golang", "org"), ("npmjs", "org")]
    )
)


def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: imports name their room"
            yield node.module


def rooms(file: Path) -> set[str]:
    return {name.split(".")[0] for name in imported(file)} & ROOMS


def test_the_linter_knows_every_room() -> None:
    rooms = {file.parent.name for file in ROOT.glob("*/__init__.py")} - {"tests"}

    listed = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["root_packages"]
    assert set(listed) == rooms


@pytest.mark.parametrize("program", ["__main__.py", "organization/__main__.py"])
def test_a_program_is_made_of_components_and_settings(program: str) -> None:
    assert rooms(ROOT / program) == {"components", "settings"}


def test_the_policies_use_the_engines_protocol_and_nothing_else_of_pulumi() -> None:
    names = {name for file in (ROOT / "policies").rglob("*.py") for name in imported(file)}

    assert {name for name in names if name.split(".")[0] == "pulumi"} == {
        "pulumi.runtime.proto",
        "pulumi.runtime.proto.analyzer_pb2",
    }


@pytest.mark.parametrize("file", BEFORE_ANYTHING_IS_INSTALLED, ids=lambda file: file.name)
def test_the_set_up_needs_nothing_that_it_installs(file: Path) -> None:
    outside = {name.split(".")[0] for name in imported(file)} - {"tools"} - set(sys.stdlib_module_names)

    assert outside == set()


@pytest.mark.parametrize(
    ("what", "pattern"),
    [
        ("a folder of one machine", MACHINES),
        ("a registry's host", REGISTRIES),
        ("a source that no reader can open", PRIVATE),
    ],
)
def test_no_file_names(what: str, pattern: re.Pattern[str]) -> None:
    tracked = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT, text=True).split("\0")[:-1]
    texts = {name: (ROOT / name).read_text(errors="replace") for name in tracked if (ROOT / name).is_file()}

    assert {name: found.group() for name, text in texts.items() if (found := pattern.search(text))} == {}, what
