"""Sets this repository up on a machine that has Python and make: `python3 -m tools.setup [environment|tests]`.

Makes `.venv`, then `.pulumi/bin` (not for `environment`), then sees to a browser (only for `tests`). What is ready is
left alone, and found so in well under a tenth of a second. Runs before anything is installed: only the standard library
may be imported here.
"""

import fcntl
import sys
from pathlib import Path

if sys.version_info < (3, 11):  # noqa: UP036 - it is the machine's Python that is asked, before any of ours is there
    sys.exit(
        f"set-up: Python 3.11 or newer is needed and {sys.executable} is {sys.version.split()[0]}. "
        "Name another one: `make PYTHON=python3.12 ...`."
    )

from tools import browser, environment, pulumi_cli
from tools.steps import SetupError, say

ROOT = Path(__file__).resolve().parent.parent
PARTS = {
    "environment": (environment,),
    "stacks": (environment, pulumi_cli),
    "tests": (environment, pulumi_cli, browser),
}


def set_up(root: Path, purpose: str) -> None:
    """Makes what is missing for one of the purposes in `PARTS`.

    Raises:
        SetupError: something can't be made on this machine.
    """
    parts = PARTS[purpose]
    if all(part.is_ready(root) for part in parts):
        return
    state = root / ".pulumi"
    state.mkdir(exist_ok=True)
    with (state / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two terminals: the second waits, then finds it done
        for part in parts:
            if not part.is_ready(root):
                part.install(root, state / "setup.log")
    if all(part.is_ready(root) for part in parts):
        say("ready")


def main() -> int:
    """Sets up and returns the process's exit code."""
    try:
        set_up(ROOT, sys.argv[1] if len(sys.argv) > 1 else "stacks")
    except SetupError as error:
        say(str(error))
        return 1
    except OSError as error:
        say(f"{error.filename or 'the set-up'}: {error.strerror}; see to it and run the same command again")
        return 1
    except KeyboardInterrupt:
        say("interrupted; the same command goes on from here")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
