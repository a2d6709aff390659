"""What a refused stack file tells its author: every problem, in one message, without printing a secret."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

Path = tuple[str | int, ...]

_LONGEST_SHOWN = 80
_RUN = re.compile(r"[A-Za-z0-9_+=]{12,}|[A-Za-z0-9_+=/-]{20,}")


@dataclass(frozen=True)
class Problem:
    """One thing in a stack file that cannot be: where it is, why it is refused, what to write instead."""

    path: Path
    message: str

    def under(self, *parents: str | int) -> Problem:
        """The same problem, seen from further up."""
        return Problem((*parents, *self.path), self.message)


class SettingsError(Exception):
    """A stack file that cannot be used. `str(error)` is the whole message, ready to print."""

    def __init__(self, stack: str, problems: Iterable[Problem]) -> None:
        self.stack = stack
        self.problems = tuple(sorted(problems, key=lambda problem: written(problem.path)))
        super().__init__(_report(stack, self.problems))


def written(path: Path) -> str:
    """A path as its author wrote it: `madebuy:database.access[0].cidr`."""
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        else:
            text += f".{shown(part)}" if text else shown(part)
    return text


def shown(value: object) -> str:
    """A value for a message, unless it could be a secret: then only that it is not shown."""
    text = str(value)
    if not text.isprintable() or len(text) > _LONGEST_SHOWN:
        return f"(a text of {len(text)} characters)"
    if any(_is_random(run) for run in _RUN.findall(text)):
        return "(not shown)"
    return text


def nearest(name: str, names: Iterable[str]) -> str:
    """A sentence that offers the most similar of some names, or nothing."""
    near = get_close_matches(name, list(names), n=1)
    return f'Did you mean "{near[0]}"? ' if near else ""


def _is_random(run: str) -> bool:
    return any(character.isdigit() for character in run) and any(character.isalpha() for character in run)


def _report(stack: str, problems: tuple[Problem, ...]) -> str:
    count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
    lines = [f"The settings of stack {shown(stack)} have {count}; nothing was changed.", ""]
    lines += [f"  {number}. {written(problem.path)}: {problem.message}" for number, problem in enumerate(problems, 1)]
    return "\n".join(lines)
