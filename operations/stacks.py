"""A stack's settings, for commands that are told the stack's name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from settings import load, read_stack_file

if TYPE_CHECKING:
    from pathlib import Path

    from settings import Stack


class CommandError(Exception):
    """What a command can't do. `str(error)` is for a person and repeats no secret."""


def stack_file(project: Path, name: str) -> Path:
    """Where the stack's file is.

    Raises:
        CommandError: There is no such stack in the project's folder.
    """
    path = project / f"Pulumi.{name}.yaml"
    if not path.is_file():
        there = ", ".join(sorted(each.name.split(".")[1] for each in project.glob("Pulumi.*.yaml"))) or "none"
        raise CommandError(f'There is no stack "{name}" in {project.resolve().name}/. Name one of: {there}.')
    return path


def read_stack(path: Path) -> Stack:
    """The settings in a stack file.

    Raises:
        SettingsError: They can't be used.
    """
    return load(path.name.split(".")[1], *read_stack_file(path))
