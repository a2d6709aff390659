"""`python -m sandbox -- COMMAND`: the vendors in one process, and COMMAND as its child, told where they are."""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
from functools import partial
from pathlib import Path

from sandbox import faults, objects
from sandbox.api.server import environment, reading
from sandbox.cloud import Cloud
from sandbox.kind import VendorError
from sandbox.server import serving
from sandbox.workspace import Stack, Workspace, executable, is_pulumi, pulumi
from sandbox.world import World

OUT_OF_BAND = "\n".join(f"  python -m sandbox {usage}" for usage in objects.COMMANDS.values())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m sandbox",
        description=__doc__,
        epilog=f"Behind Pulumi's back:\n{OUT_OF_BAND}\n\n{faults.__doc__}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--home", type=Path, default=Path(".sandbox"), help="where state lives (default .sandbox)")
    parser.add_argument("--stack", help="prepare this stack and add --stack to a pulumi command")
    parser.add_argument("--project", type=Path, default=Path(), help="the Pulumi project's folder (default here)")
    parser.add_argument("--fault", action="append", default=[], metavar="FAULT", help="make one kind of call fail")
    parser.add_argument("--faults", type=Path, metavar="FILE", help="faults, one a line")
    parser.add_argument("--seed", type=int, default=0, help="chooses what a fault with a share hits (default 0)")
    parser.add_argument("command", nargs=argparse.REMAINDER, help="-- COMMAND [ARGS...]")
    return parser


def main(argv: list[str]) -> int:
    """Runs an out-of-band command, or serves the vendors while a command runs; returns the exit code."""
    parser = _parser()
    arguments = parser.parse_args(argv)
    command: list[str] = arguments.command
    workspace = Workspace.at(arguments.home)
    if command and command[0] in objects.COMMANDS:
        return _out_of_band(workspace, command)
    command = command[command[:1] == ["--"] :]
    if not command:
        parser.error("say what to run after `--`, for example: python -m sandbox --stack staging -- pulumi preview")
    try:
        lines = arguments.fault + (arguments.faults.read_text().splitlines() if arguments.faults else [])
        planned = faults.Faults(faults.parse_all(lines), arguments.seed)
    except (OSError, ValueError) as problem:
        parser.error(str(problem))
    return _serve(workspace, planned, command, arguments.stack, arguments.project.resolve())


def _out_of_band(workspace: Workspace, command: list[str]) -> int:
    cloud = Cloud(workspace.database)
    try:
        for line in objects.run(World(cloud), command):
            print(line)
    except (objects.NoSuchObjectError, VendorError) as problem:
        print(problem, file=sys.stderr)
        return 1
    finally:
        cloud.close()
    return 0


def _serve(workspace: Workspace, planned: faults.Faults, command: list[str], name: str | None, project: Path) -> int:
    command[0] = executable(command[0])
    of_pulumi = is_pulumi(command[0])
    cloud = Cloud(workspace.database)
    with serving(World(cloud), planned) as providers, reading(cloud, planned) as port:
        variables = workspace.environment(providers, environment(port))
        if name:
            stack = Stack.of(workspace, project, name)
            stack.prepare(command[0] if of_pulumi else pulumi(), variables)
            command += stack.arguments(command) if of_pulumi else []
        code = _run(command, variables, project if of_pulumi else None, planned)
        if name and of_pulumi and stack.forgets(command):
            print(f"sandbox: this changed a copy; {stack.settings_file} is read anew at every run", file=sys.stderr)
    cloud.close()
    if planned.idle():
        print("sandbox: no call met these faults:", *planned.idle(), sep="\n  ", file=sys.stderr)
    return code


def _run(command: list[str], variables: dict[str, str], folder: Path | None, planned: faults.Faults) -> int:
    """Runs the child and passes on the signals that it did not get itself, also those that come while it starts."""
    children: list[subprocess.Popen[bytes]] = []
    early: list[int] = []

    def forward(number: int, _: object) -> None:
        if number == signal.SIGTERM or not _shares_terminal():
            early.extend([] if children else [number])
            for child in children:
                child.send_signal(number)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, forward)
    try:
        child = subprocess.Popen(command, env=variables, cwd=folder)  # noqa: S603 running it is the purpose
    except OSError as problem:
        sys.exit(f"{command[0]} can't be run: {problem.strerror}")
    children.append(child)
    for missed in early:
        child.send_signal(missed)
    planned.interrupt = partial(child.send_signal, signal.SIGINT)
    planned.kill = child.kill
    return child.wait()


def _shares_terminal() -> bool:
    """Whether Ctrl-C reaches the child by itself: a terminal sends it to the whole foreground group."""
    try:
        return os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    except (OSError, ValueError):
        return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
