"""Where `.pulumi/bin/pulumi` comes from: PATH, else the official download, else a build. docs/decisions/0001 says why.

Each source fills an empty folder, which takes the place of `.pulumi/bin` only when it is complete.
"""

import os
import re
import shlex
import shutil
from pathlib import Path

from tools.pulumi_build import build
from tools.pulumi_download import download
from tools.release import HOST, VERSION, UnavailableError, parsed
from tools.steps import SetupError, output_of, say, write_script

_ADVICE = (
    f"Install Pulumi {VERSION} or newer so that `pulumi` is on PATH, or let this machine reach the official download "
    "or the Go module proxy (HTTPS_PROXY, GOPROXY), then run the same command again."
)


def is_ready(root: Path) -> bool:
    """Whether `.pulumi/bin` was finished for this version and, when it points elsewhere, still points at a program."""
    folder = root / ".pulumi" / "bin"
    try:
        version, program = _stamp(folder).read_text().splitlines()
    except (OSError, ValueError):
        return False
    return version == VERSION and os.access(folder / program, os.X_OK)


def install(root: Path, log: Path) -> None:
    """Fills `.pulumi/bin` from the first source that works here.

    Raises:
        SetupError: none does.
    """
    folder = root / ".pulumi" / "bin"
    unfinished = folder.with_name("bin.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    program = _fill(root, unfinished, log)
    _stamp(unfinished).write_text(f"{VERSION}\n{program}\n")
    shutil.rmtree(folder, ignore_errors=True)
    unfinished.rename(folder)


def _fill(root: Path, folder: Path, log: Path) -> str:
    """Puts a CLI and its language host into `folder`; returns the program that must be there for it to work."""
    try:
        return use_path(folder, own=root / ".pulumi")
    except UnavailableError as reason:
        say(str(reason))
    try:
        download(folder)
    except UnavailableError as reason:
        say(str(reason))
        try:
            build(root, folder, log)
        except SetupError as error:
            raise SetupError(f"no Pulumi CLI: {error}. {_ADVICE}") from error
    return "pulumi"


def use_path(folder: Path, own: Path) -> str:
    """Points from `folder` at the `pulumi` on PATH, which must be recent enough and able to run Python.

    Raises:
        UnavailableError: there is none, or none but what the set-up itself made under `own`, or it won't do.
    """
    found = shutil.which("pulumi")
    if found is None or Path(found).resolve().is_relative_to(own):
        raise UnavailableError("no Pulumi CLI on PATH")
    version = version_of(found)
    if version is None or parsed(version) < parsed(VERSION):
        raise UnavailableError(f"{found} is version {version or 'unknown'}, older than {VERSION}: not used")
    if not (Path(found).resolve().with_name(HOST).exists() or shutil.which(HOST)):
        raise UnavailableError(f"{found} comes without {HOST}: not used")
    # Not a symbolic link: the shims of version managers look at the name and folder that they are called by.
    write_script(folder / "pulumi", f'exec {shlex.quote(found)} "$@"\n')
    say(f"the Pulumi CLI {version} on PATH, {found}, is used")
    return found


def version_of(command: str) -> str | None:
    """What `pulumi version` answers, without the leading v; None if it answers nothing of the kind."""
    try:
        said = output_of([command, "version"], {**os.environ, "PULUMI_SKIP_UPDATE_CHECK": "1"})
    except SetupError:
        return None
    number = re.match(r"v?(\d+\.\d+\.\d+\S*)", said)
    return number.group(1) if number else None


def _stamp(folder: Path) -> Path:
    return folder / "ready"
