"""A stack runs on a copy of its settings, in a home of its own, with nobody's real credentials."""

from __future__ import annotations

import os
import stat
import sys
from typing import TYPE_CHECKING

import pytest
import yaml

from sandbox.__main__ import main
from sandbox.workspace import Stack, Workspace

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    project = tmp_path / "shop"
    project.mkdir()
    (project / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    (project / "Pulumi.dev.yaml").write_text("config:\n  shop:size: small\n")
    return Stack(Workspace.at(tmp_path / "home"), project, "dev")


def cli(tmp_path: Path, script: str) -> str:
    """A stand-in for the Pulumi CLI."""
    path = tmp_path / "pulumi"
    path.write_text(f"#!{sys.executable}\nimport os, sys, pathlib\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def has(stack: Stack) -> Stack:
    """The stack once the backend knows it."""
    known = stack.workspace.home / "state" / ".pulumi" / "stacks" / "shop" / "dev.json"
    known.parent.mkdir(parents=True)
    known.write_text("{}")
    return stack


def test_a_new_stack_is_made_beside_its_copy_and_never_in_the_project(stack: Stack, tmp_path: Path) -> None:
    script = "pathlib.Path('Pulumi.dev.yaml').write_text('encryptionsalt: salt\\n')"

    stack.prepare(cli(tmp_path, script), dict(os.environ))

    assert "encryptionsalt: salt" in stack.config_file.read_text()
    assert "shop:size: small" in stack.config_file.read_text()
    assert (stack.project / "Pulumi.dev.yaml").read_text() == "config:\n  shop:size: small\n"


def test_the_copy_keeps_its_salt_and_takes_new_settings(stack: Stack) -> None:
    has(stack)
    stack.config_file.parent.mkdir(parents=True)
    stack.config_file.write_text("config:\n  shop:size: old\nencryptionsalt: mine\n")

    stack.prepare("/nowhere/pulumi", {})

    assert stack.config_file.read_text() == "config:\n  shop:size: small\nencryptionsalt: mine\n"


def test_a_stack_that_cannot_be_made_ends_with_the_clis_words(stack: Stack, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="stack init dev failed: no room"):
        stack.prepare(cli(tmp_path, "sys.exit('no room')"), dict(os.environ))


@pytest.mark.parametrize(
    ("command", "reads"), [(["pulumi", "up", "--yes"], True), (["pulumi", "stack", "output"], False)]
)
def test_a_command_that_reads_settings_gets_the_copy(stack: Stack, command: list[str], reads: bool) -> None:
    assert stack.arguments(command)[:2] == ["--stack", "dev"]
    assert ("--config-file" in stack.arguments(command)) is reads


@pytest.mark.parametrize(
    ("command", "reads"),
    [
        (["pulumi", "--color", "never", "preview"], True),
        (["pulumi", "pre"], True),
        (["pulumi", "down", "--yes"], True),
        (["pulumi", "-C", "elsewhere", "stack", "ls"], False),
    ],
)
def test_the_command_is_found_after_flags_and_under_its_other_names(
    stack: Stack, command: list[str], reads: bool
) -> None:
    assert stack.arguments(command)[:2] == ["--stack", "dev"]
    assert ("--config-file" in stack.arguments(command)) is reads


@pytest.mark.parametrize(
    ("command", "changes"),
    [
        (["pulumi", "config", "set", "size", "small"], True),
        (["pulumi", "config", "set-all", "--secret", "a=b"], True),
        (["pulumi", "config", "get", "size"], False),
        (["pulumi", "up"], False),
    ],
)
def test_settings_that_will_be_forgotten_are_known(stack: Stack, command: list[str], changes: bool) -> None:
    assert stack.forgets(command) is changes


def test_nobody_else_reads_the_vendors_database(tmp_path: Path) -> None:
    Workspace.at(tmp_path / "home")

    assert stat.S_IMODE((tmp_path / "home").stat().st_mode) == 0o700


def test_a_command_that_is_about_no_stack_is_left_as_it_is(stack: Stack) -> None:
    assert stack.arguments(["pulumi", "version"]) == []


def test_a_folder_without_a_project_is_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="is no Pulumi project"):
        Stack.of(Workspace.at(tmp_path / "home"), tmp_path / "nowhere", "dev")


def test_a_stack_may_be_named_with_its_organization(stack: Stack) -> None:
    assert Stack.of(stack.workspace, stack.project, "acme/shop/dev").name == "dev"


def test_settings_are_read_from_where_the_project_keeps_them(stack: Stack) -> None:
    (stack.project / "Pulumi.yaml").unlink()
    (stack.project / "Pulumi.yml").write_text("name: shop\nruntime: nodejs\nstackConfigDir: config\n")
    (stack.project / "config").mkdir()
    (stack.project / "config" / "Pulumi.dev.yaml").write_text("config:\n  shop:size: huge\n")

    has(stack).prepare("/nowhere/pulumi", {})

    assert "shop:size: huge" in stack.config_file.read_text()


def test_a_secret_that_only_another_key_opens_is_stood_in_for_once(
    stack: Stack, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = {"secretsprovider": "awskms://alias/x", "encryptedkey": "k", "config": {"shop:key": {"secure": "v1:x"}}}
    (stack.project / "Pulumi.dev.yaml").write_text(yaml.safe_dump(settings))
    script = (
        "import yaml; p = pathlib.Path(sys.argv[-1]); d = yaml.safe_load(p.read_text());"
        "d['config'][sys.argv[5]] = {'secure': 'v1:' + sys.argv[6]}; p.write_text(yaml.safe_dump(d))"
    )
    has(stack)

    stack.prepare(cli(tmp_path, script), dict(os.environ))
    told = capsys.readouterr().err
    stack.prepare("/nowhere/pulumi", {})

    assert yaml.safe_load(stack.config_file.read_text()) == {"config": {"shop:key": {"secure": "v1:sandbox"}}}
    assert 'setting shop:key is "sandbox"' in told
    assert capsys.readouterr().err == ""


def test_the_environment_finds_the_sandbox_and_no_real_vendor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CLOUDFLARE_API_TOKEN", "CLOUDFLARE_API_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_REGION"):
        monkeypatch.setenv(name, "a real one")

    environment = Workspace.at(tmp_path).environment("cloudflare:1", {"CLOUDFLARE_API_TOKEN": "sandbox"})

    assert environment["PULUMI_DEBUG_PROVIDERS"] == "cloudflare:1"
    assert environment["PULUMI_BACKEND_URL"] == f"file://{tmp_path / 'state'}"
    assert environment["CLOUDFLARE_API_TOKEN"] == "sandbox"
    assert [name for name, value in environment.items() if value == "a real one"] == ["AWS_REGION"]


def run(tmp_path: Path, *arguments: str) -> int:
    return main(["--home", str(tmp_path / "home"), *arguments])


def test_the_commands_exit_code_is_the_sandboxes(tmp_path: Path) -> None:
    assert run(tmp_path, "--", sys.executable, "-c", "raise SystemExit(7)") == 7


def test_a_command_reaches_the_read_endpoints(tmp_path: Path) -> None:
    ask = (
        "import os, urllib.request as u;"
        "r = u.Request(os.environ['CLOUDFLARE_BASE_URL'] + '/zones',"
        " headers={'Authorization': 'Bearer ' + os.environ['CLOUDFLARE_API_TOKEN']});"
        "raise SystemExit(0 if b'total_count' in u.urlopen(r).read() else 1)"
    )

    assert run(tmp_path, "--", sys.executable, "-c", ask) == 0


def test_without_a_command_it_says_what_to_write(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run(tmp_path)

    assert "say what to run after `--`" in capsys.readouterr().err


def test_a_fault_that_is_none_is_refused_before_anything_runs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        run(tmp_path, "--fault", "explode", "--", "true")

    assert "is no fault" in capsys.readouterr().err


def test_objects_are_listed_and_a_missing_one_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path, "objects") == 0
    assert run(tmp_path, "show", "Zone", "nothing") == 1
    assert "no Zone nothing" in capsys.readouterr().err
