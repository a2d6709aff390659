"""The Python environment of this repository, `.venv`: exact pins with hashes, and compiled.

Compiled because `import pulumi_cloudflare` otherwise compiles 780 files at every start where PYTHONDONTWRITEBYTECODE is
set, as it is on many build machines: 8 s in place of 2.
"""

import contextlib
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.steps import SetupError, run, step

_WORKS = "import importlib.util, sys; sys.exit(importlib.util.find_spec('pulumi') is None)"
_ADVICE = (
    "Check the network, the proxy (HTTPS_PROXY) and the certificates (SSL_CERT_FILE), then run the same command again"
)


def is_ready(root: Path) -> bool:
    """Whether `.venv` was finished for these very requirements, in this very place, and its Python still starts."""
    folder = root / ".venv"
    try:
        if _stamp(folder).read_text() != _wanted(root):
            return False
        started = subprocess.run([folder / "bin" / "python", "-I", "-c", _WORKS], check=False, capture_output=True)  # noqa: S603 - ours
    except OSError:
        return False
    return started.returncode == 0


def install(root: Path, log: Path) -> None:
    """Builds `.venv` anew from requirements.txt.

    Raises:
        SetupError: it can't be built here.
    """
    tool = "uv" if shutil.which("uv") else "pip"
    with step(f"the environment .venv from requirements.txt with {tool}: a minute or two, once"):
        create(root / ".venv", root / "requirements.txt", log)
        _compile(root / ".venv", log)
        _stamp(root / ".venv").write_text(_wanted(root))


def create(folder: Path, requirements: Path, log: Path) -> None:
    """Makes a virtual environment with exactly `requirements`, replacing any that is there.

    Raises:
        SetupError: Python's venv module is missing, or a package can't be had or has another hash.
    """
    shutil.rmtree(folder, ignore_errors=True)
    try:
        if uv := shutil.which("uv"):
            _with_uv(uv, folder, requirements, log)
        else:
            _with_pip(folder, requirements, log)
    except SetupError as error:
        raise SetupError(f"{requirements.name} can't be installed: {error}. {_ADVICE}.") from error


def _with_uv(uv: str, folder: Path, requirements: Path, log: Path) -> None:
    run([uv, "venv", "--quiet", "--python", _base_python(), folder], log)
    python = folder / "bin" / "python"
    run([uv, "pip", "sync", "--quiet", "--require-hashes", "--python", python, requirements], log)


def _with_pip(folder: Path, requirements: Path, log: Path) -> None:
    if importlib.util.find_spec("ensurepip") is None:  # Debian and Ubuntu keep it in a package of its own
        raise SetupError(f"{_base_python()} can't make an environment; install python3-venv or uv")
    run([_base_python(), "-m", "venv", folder], log)
    pip = [
        str(folder / "bin" / "python"),
        "-m",
        "pip",
        "--disable-pip-version-check",
        "install",
        "--quiet",
        "--no-input",
    ]
    run([*pip, "--no-compile", "--no-deps", "--require-hashes", "--requirement", requirements], log)


def _base_python() -> str:
    """The machine's Python. Not sys.executable: that may be of the very environment that is being replaced."""
    base: str = getattr(sys, "_base_executable", sys.executable)
    return base


def _compile(folder: Path, log: Path) -> None:
    """Compiles every module, also where the environment forbids Python to do so by itself."""
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with contextlib.suppress(SetupError):  # a file that this Python can't compile is one that it won't import
        run([folder / "bin" / "python", "-m", "compileall", "-q", "-j", "0", folder / "lib"], log, env)


def _stamp(folder: Path) -> Path:
    return folder / "ready"


def _wanted(root: Path) -> str:
    """What a finished environment's stamp says. The place counts: its scripts hold absolute paths."""
    return f"{root / '.venv'}\n{hashlib.sha256((root / 'requirements.txt').read_bytes()).hexdigest()}\n"
