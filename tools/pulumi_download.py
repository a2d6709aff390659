"""The official Pulumi CLI, downloaded and checked."""

import hashlib
import http.client
import platform
import shutil
import tarfile
import threading
import urllib.request
from pathlib import Path

from tools.release import ARCHIVES, HOST, VERSION, UnavailableError, archive_url, platform_name
from tools.steps import step

SECONDS_TO_ANSWER = 10.0  # an offline machine must not wait for a download that can't come
SECONDS_BETWEEN_BYTES = 30.0


def download(folder: Path) -> None:
    """Unpacks the release for this platform into `folder`, if its SHA-256 is the committed one.

    Raises:
        UnavailableError: there is none for this platform, it can't be reached, or it is not the archive it should be.
    """
    machine = platform_name(platform.system(), platform.machine())
    if machine not in ARCHIVES:
        raise UnavailableError(f"no official Pulumi CLI for {machine}")
    url = archive_url(machine)
    archive = folder / "download.tar.gz"
    try:
        response = _answer(url)
        with step(f"downloading the Pulumi CLI {VERSION} for {machine}: about a minute, once"):
            digest = _save(response, archive)
        if digest != ARCHIVES[machine]:
            raise UnavailableError(f"{url} has SHA-256 {digest}, not {ARCHIVES[machine]}: not used")
        _unpack(archive, folder)
    except (OSError, http.client.HTTPException) as error:
        raise UnavailableError(f"no download from {url}: {_reason(error)}") from error
    finally:
        archive.unlink(missing_ok=True)


def _reason(error: Exception) -> str:
    """Why, without the numbers: urllib wraps the system's error, which has words for it."""
    inner = getattr(error, "reason", error)
    return str(getattr(inner, "strerror", None) or inner)


def _answer(url: str) -> http.client.HTTPResponse:
    """Opens `url` within SECONDS_TO_ANSWER, the look-up of its name included, which has no timeout of its own."""
    outcome: list[http.client.HTTPResponse | OSError] = []

    def ask() -> None:
        try:
            outcome.append(urllib.request.urlopen(url, timeout=SECONDS_BETWEEN_BYTES))  # noqa: S310 - a constant, https
        except OSError as error:
            outcome.append(error)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(SECONDS_TO_ANSWER)
    if not outcome:
        raise TimeoutError(f"no answer within {SECONDS_TO_ANSWER:.0f} s")
    if isinstance(outcome[0], OSError):
        raise outcome[0]
    return outcome[0]


def _save(response: http.client.HTTPResponse, file: Path) -> str:
    """Writes a response to `file` and returns its SHA-256."""
    digest = hashlib.sha256()
    with response, file.open("wb") as out:
        while chunk := response.read(1 << 20):
            digest.update(chunk)
            out.write(chunk)
    return digest.hexdigest()


def _unpack(archive: Path, folder: Path) -> None:
    """Takes the CLI and what runs Python out of a release; it holds every other language's host too."""
    with tarfile.open(archive) as release:
        for member in release:
            name = Path(member.name).name
            content = release.extractfile(member) if name == "pulumi" or name.startswith(HOST) else None
            if content:
                with content, (folder / name).open("wb") as out:
                    shutil.copyfileobj(content, out)
                (folder / name).chmod(0o755)
