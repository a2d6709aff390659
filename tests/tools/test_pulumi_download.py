import hashlib
import http.server
import io
import tarfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools import pulumi_download
from tools.release import UnavailableError


def archive() -> bytes:
    """What a release looks like: a folder with the CLI and every language's host."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as release:
        for name in ("pulumi", "pulumi-language-python", "pulumi-language-python-exec", "pulumi-language-go"):
            content = f"#!/bin/sh\necho {name}\n".encode()
            member = tarfile.TarInfo(f"pulumi/{name}")
            member.size = len(content)
            release.addfile(member, io.BytesIO(content))
    return packed.getvalue()


class Releases(http.server.BaseHTTPRequestHandler):
    seconds_to_answer = 0.0

    def do_GET(self) -> None:
        time.sleep(self.seconds_to_answer)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(archive())

    def log_message(self, *_args: object) -> None:
        pass


@pytest.fixture
def releases(monkeypatch: pytest.MonkeyPatch) -> Iterator[http.server.ThreadingHTTPServer]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Releases)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setattr(pulumi_download, "archive_url", lambda _machine: f"http://127.0.0.1:{server.server_port}/x")
    monkeypatch.setattr(pulumi_download, "platform_name", lambda *_: "linux-x64")
    yield server
    server.shutdown()


def expect_digest(monkeypatch: pytest.MonkeyPatch, digest: str) -> None:
    monkeypatch.setattr(pulumi_download, "ARCHIVES", {"linux-x64": digest})


@pytest.mark.usefixtures("releases")
def test_the_cli_and_what_runs_python_are_taken_from_the_right_archive(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    expect_digest(monkeypatch, hashlib.sha256(archive()).hexdigest())

    pulumi_download.download(tmp_path)

    taken = {file.name: file.stat().st_mode & 0o777 for file in tmp_path.iterdir()}
    assert taken == {"pulumi": 0o755, "pulumi-language-python": 0o755, "pulumi-language-python-exec": 0o755}


@pytest.mark.usefixtures("releases")
def test_an_archive_with_another_digest_is_refused_and_nothing_of_it_stays(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    expect_digest(monkeypatch, "0" * 64)

    with pytest.raises(UnavailableError, match=r"has SHA-256 .*, not 0{64}: not used"):
        pulumi_download.download(tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_a_server_that_is_not_there_is_one_plain_reason(
    releases: http.server.ThreadingHTTPServer, tmp_path: Path
) -> None:
    releases.shutdown()
    releases.server_close()

    with pytest.raises(UnavailableError, match=r"no download from http.*: Connection refused$"):
        pulumi_download.download(tmp_path)


@pytest.mark.usefixtures("releases")
def test_a_server_that_does_not_answer_is_not_waited_for(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(Releases, "seconds_to_answer", 3.0)
    monkeypatch.setattr(pulumi_download, "SECONDS_TO_ANSWER", 0.1)
    started = time.monotonic()

    with pytest.raises(UnavailableError, match="no answer within"):
        pulumi_download.download(tmp_path)

    assert time.monotonic() - started < 2


def test_a_platform_without_a_release_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(pulumi_download, "platform_name", lambda *_: "linux-riscv64")

    with pytest.raises(UnavailableError, match="no official Pulumi CLI for linux-riscv64"):
        pulumi_download.download(tmp_path)
