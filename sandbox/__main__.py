"""`python -m sandbox -- COMMAND`: the vendors in one process, and COMMAND as its child, told where they are."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
from pathlib import Path

from sandbox.cloud import Cloud
from sandbox.server import serving
from sandbox.workspace import Stack, Workspace, executable, is_pulumi, pulumi
from sandbox.world import World


def _arguments(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--home", type=Path, default=Path(".sandbox"), help="where state lives (default .sandbox)")
    parser.add_argument("--stack", help="prepare this stack and add --stack to a pulumi command")
    parser.add_argument("--project", type=Path, default=Path(), help="the Pulumi project's folder (default here)")
    parser.add_argument("command", nargs=argparse.REMAINDER, help="-- COMMAND [ARGS...]")
    arguments = parser.parse_args(argv)
    if arguments.command[:1] == ["--"]:
        arguments.command = arguments.command[1:]
    if not arguments.command:
        parser.error("say what to run after `--`, for example: python -m sandbox --stack staging -- pulumi preview")
    return arguments


def main(argv: list[str]) -> int:
    """Serves the vendors while a command runs and returns the command's exit code."""
    arguments = _arguments(argv)
    workspace = Workspace.at(arguments.home)
    command, project = arguments.command, arguments.project.resolve()
    command[0] = executable(command[0])
    cloud = Cloud(workspace.database)
    with serving(World(cloud)) as providers:
        environment = workspace.environment(providers)
        if arguments.stack:
            stack = Stack(workspace, project, arguments.stack)
            stack.prepare(command[0] if is_pulumi(command[0]) else pulumi(), environment)
            if is_pulumi(command[0]):
                command += stack.arguments(command)
        code = _run(command, environment, project if is_pulumi(command[0]) else None)
    cloud.close()
    return code


def _run(command: list[str], environment: dict[str, str], folder: Path | None) -> int:
    """Runs the child and passes on the signals that it did not get itself."""
    try:
        child = subprocess.Popen(command, env=environment, cwd=folder)  # noqa: S603 running it is the purpose
    except OSError as problem:
        sys.exit(f"{command[0]} can't be run: {problem.strerror}")

    def forward(number: int, _: object) -> None:
        if number == signal.SIGTERM or not _shares_terminal():
            child.send_signal(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, forward)
    return child.wait() if child.returncode is None else child.returncode


def _shares_terminal() -> bool:
    """Whether Ctrl-C reaches the child by itself: a terminal sends it to the whole foreground group."""
    try:
        return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    except (OSError, ValueError):
        return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
