"""The base of every model a stack file is read into."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from pydantic import BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticCustomError

from settings.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

CONTRADICTIONS = "contradictions"


class Setting(BaseModel):
    """A closed, frozen part of a stack file. Unknown fields are refused; errors never repeat a value."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, validate_default=True)

    def contradictions(self) -> Iterator[Problem]:
        """What in this setting does not fit together. Paths are relative to it."""
        yield from ()

    @model_validator(mode="after")
    def _does_not_contradict_itself(self) -> Self:
        refuse(tuple(self.contradictions()))
        return self


def wrong(field: str, message: str) -> Problem:
    """A problem of one field of a setting."""
    return Problem((field,), message)


def refuse(problems: tuple[Problem, ...]) -> None:
    """Raise one error that carries all of the problems, so that none hides another.

    Raises:
        PydanticCustomError: when there is a problem. `settings.explain` takes it apart again.
    """
    if problems:
        text = "\n".join(problem.message for problem in problems)
        raise PydanticCustomError(CONTRADICTIONS, "{text}", {"text": text, "problems": problems})
