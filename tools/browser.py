"""The browser that the test of uploads drives: the one on PATH, else the distribution's Chromium where that can be had.

Nothing depends on it but that test, so a machine without one is told and goes on.
"""

import os
import shutil
from pathlib import Path

from tools.steps import SetupError, run, say, step

MISSING = (
    "no chromium or google-chrome on PATH, so the test of uploads is skipped; install one, as in `apt install chromium`"
)
_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def found() -> str | None:
    """The browser on PATH."""
    return next(filter(None, map(shutil.which, _NAMES)), None)


def is_ready(_root: Path) -> bool:
    """Whether there is a browser."""
    return found() is not None


def install(_root: Path, log: Path) -> None:
    """Installs Debian's Chromium where this process may; says so where it can't."""
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        say(MISSING)
        return
    quietly = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        with step("Chromium from the distribution's packages, for the test of uploads: about a minute, once"):
            run([apt, "update", "--quiet"], log, quietly)
            run([apt, "install", "--quiet", "--yes", "--no-install-recommends", "chromium"], log, quietly)
    except SetupError as error:
        say(f"{MISSING} ({error})")
