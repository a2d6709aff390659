"""What every step of the set-up shares: it says what it does, how long that takes, and ends in one line if it can't."""

import contextlib
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

SECONDS_BETWEEN_SIGNS_OF_LIFE = 30.0

_KNOWN_CAUSE = re.compile(
    "CERTIFICATE_VERIFY_FAILED|invalid peer certificate|certificate signed by unknown authority"
    "|WRONG_VERSION_NUMBER|ProxyError"
    "|Name or service not known|Temporary failure in name resolution|failed to lookup address|no such host"
    "|Network is unreachable|No route to host|Connection refused|connection refused|Connection reset"
    "|timed out|i/o timeout|No space left on device|no space left on device|Permission denied"
)


class SetupError(Exception):
    """A step that can't work on this machine: what failed, then what to do about it, in one line."""


def say(line: str) -> None:
    """Tells the person who waits. On stderr: stdout belongs to what they asked for."""
    print(f"set-up: {line}", file=sys.stderr, flush=True)


@contextlib.contextmanager
def step(what: str) -> Iterator[None]:
    """Announces a step before it starts, and how long it took when it is done."""
    say(what)
    started = time.monotonic()
    yield
    say(f"done in {time.monotonic() - started:.0f} s")


def run(command: Sequence[str | Path], log: Path, env: Mapping[str, str] | None = None) -> None:
    """Runs a command to its end, its output in `log`, with a sign of life now and then.

    Raises:
        SetupError: the command could not be started or ended with a code other than 0.
    """
    program = command[2] if "-m" in command[1:2] else Path(command[0]).name
    started = time.monotonic()
    with log.open("ab") as output:
        output.write(f"\n$ {' '.join(map(str, command))}\n".encode())
        output.flush()
        begin = output.tell()
        try:
            child = subprocess.Popen(  # noqa: S603 - the set-up's own commands
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, env=env
            )
        except OSError as error:
            raise SetupError(f"{program} can't be started: {error.strerror}") from error
        while True:
            try:
                code = child.wait(SECONDS_BETWEEN_SIGNS_OF_LIFE)
                break
            except subprocess.TimeoutExpired:
                say(f"  still at it after {time.monotonic() - started:.0f} s")
    if code:
        said = log.read_bytes()[begin:].decode(errors="replace")
        raise SetupError(f"{program} failed: {cause(said)} (all of it: {log})")


def cause(said: str) -> str:
    """The line that explains a failure, out of all that a tool said.

    A network or disk that does not work hides in pip's warnings, before an error that names the wrong thing.
    """
    if known := _KNOWN_CAUSE.search(said):
        return known.group()
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    errors = [line for line in lines if re.match("(?i)error", line)]
    return (errors or lines or ["it said nothing"])[-1]


def output_of(command: Sequence[str | Path], env: Mapping[str, str]) -> str:
    """What a short command prints.

    Raises:
        SetupError: it can't be started, fails or takes longer than half a minute.
    """
    try:
        ended = subprocess.run(command, env=env, check=True, capture_output=True, text=True, timeout=30)  # noqa: S603
    except (OSError, subprocess.SubprocessError) as error:
        raise SetupError(f"{Path(command[0]).name} failed: {error}") from error
    return ended.stdout.strip()


def write_script(file: Path, body: str) -> None:
    """Writes a program for the shell."""
    file.write_text(f"#!/bin/sh\n{body}")
    file.chmod(0o755)
