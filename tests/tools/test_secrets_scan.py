"""The scan for secrets, over repositories made for it: it finds what it must, and an exception needs a reason."""

import subprocess
from pathlib import Path

import pytest

from tools.secrets_scan.scan import ALLOWED, fingerprint, main

# Put together here, so that no scanner takes this file for a leak.
DOPPLER = "dp.st." + "prd." + "a1B2c3D4" * 5
PLANTED = {
    "a Doppler token": ("notes.md", "use {} for now", DOPPLER),
    "an AWS key": ("deploy.sh", "export KEY={}", "AKIA" + "Q3EGT7HNWJ2KX5PZ"),
    "a Stripe key": ("web.py", 'key = "{}"', "sk_live_" + "4eC39HqLyj" + "WDarjtT1zdp7dc"),
    "an Atlas key": ("a.yaml", "note: {}", "mdb_sa_sk_" + "Xk3v9QmB7tLr" + "W2pZ8nYd4sFh"),
    "a connection string": ("a.env", "U=mongodb+srv://web:{}@c.mongodb.net", "hun7" + "er2Zq9"),
    "a random key": ("s.py", 'value = "{}"', "9f86d0" + "81884c" + "7d65b1" + "a2c3e4" + "f50617"),
    "a private key": ("k.pem", "-----{}-----", "BEGIN RSA " + "PRIVATE KEY"),
}


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q")
    git(tmp_path, "config", "user.email", "test@example.com")
    git(tmp_path, "config", "user.name", "Test")
    commit(tmp_path, "README.md", "nothing here\n")
    return tmp_path


def git(root: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(root), *arguments], check=True, capture_output=True)


def commit(root: Path, name: str, text: str) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(text)
    git(root, "add", name)
    git(root, "commit", "-q", "-m", name)


def allow(root: Path, value: str, reason: str) -> None:
    commit(root, ALLOWED, f'[[allowed]]\nreason = "{reason}"\nfingerprints = ["{fingerprint(value)}"]\n')


def test_a_clean_repository_passes_in_silence(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(repository) == 0
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("what", PLANTED)
def test_finds(what: str, repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    name, line, secret = PLANTED[what]
    commit(repository, name, f"first line\n{line.format(secret)}\n")

    assert main(repository) == 1
    said = capsys.readouterr().out
    assert f"{name}:2: " in said
    assert secret not in said


def test_finds_what_is_not_committed_yet(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (repository / "new.md").write_text(DOPPLER)

    assert main(repository) == 1
    assert "new.md:1: " in capsys.readouterr().out


def test_finds_what_was_taken_out_again(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commit(repository, "notes.md", f"use {DOPPLER}\n")
    commit(repository, "notes.md", "use Doppler\n")

    assert main(repository) == 1
    said = capsys.readouterr().out
    assert "notes.md (in the history): Vendor Token" in said
    assert DOPPLER not in said


def test_finds_what_was_in_a_file_that_is_gone(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commit(repository, "old/notes.md", f"use {DOPPLER}\n")
    git(repository, "rm", "-q", "old/notes.md")
    git(repository, "commit", "-q", "-m", "gone")

    assert main(repository) == 1
    assert "old/notes.md (in the history)" in capsys.readouterr().out


def test_a_comment_beside_a_secret_excuses_nothing(repository: Path) -> None:
    commit(repository, "notes.py", f'token = "{DOPPLER}"  # pragma: allowlist secret\n')

    assert main(repository) == 1


def test_a_value_that_is_allowed_with_a_reason_passes_wherever_it_is(repository: Path) -> None:
    commit(repository, "notes.md", f"use {DOPPLER}\n")
    commit(repository, "more.md", f"use {DOPPLER}\n")
    allow(repository, DOPPLER, "a token of the documentation")

    assert main(repository) == 0


def test_an_exception_for_one_value_hides_no_other(repository: Path) -> None:
    commit(repository, "notes.md", f"use {DOPPLER}\nuse {DOPPLER[::-1].swapcase()} or {DOPPLER}x9\n")
    allow(repository, DOPPLER, "a token of the documentation")

    assert main(repository) == 1


def test_an_exception_without_a_reason_is_refused(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    allow(repository, DOPPLER, " ")

    assert main(repository) == 1
    assert "entry 1 needs a reason" in capsys.readouterr().err


def test_an_exception_that_nothing_needs_is_pointed_out(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    allow(repository, DOPPLER, "a token of the documentation")

    assert main(repository) == 0
    assert f"remove it: {fingerprint(DOPPLER)}" in capsys.readouterr().out


def test_a_shallow_clone_says_that_it_has_not_seen_the_history(
    repository: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    commit(repository, "more.md", "more\n")
    clone = tmp_path_factory.mktemp("clone") / "shallow"
    git(repository, "clone", "-q", "--depth", "1", f"file://{repository}", str(clone))

    assert main(clone) == 0
    assert "this clone is shallow" in capsys.readouterr().out


def test_outside_of_git_it_says_so_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(tmp_path) == 1
    assert capsys.readouterr().err.count("\n") == 1
