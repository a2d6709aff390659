"""What a preview knows of an object that is only planned."""

from __future__ import annotations

from typing import Any

from sandbox.wire import UNKNOWN, Value


class CannotTellError(Exception):
    """A rule asked for what a preview does not know."""


class Foreseen(dict[str, Any]):
    """A planned state: reading a value that a preview does not know raises, however deep it lies.

    So a rule neither refuses nor breaks because of a neighbour that may still be anything.
    """

    def __getitem__(self, name: str) -> Value:
        return _told(super().__getitem__(name))

    def get(self, name: str, default: Value = None) -> Value:
        """As a dict's."""
        return _told(super().get(name, default))

    def values(self) -> list[Value]:  # type: ignore[override]  # a list is all that rules need
        """As a dict's, read at once."""
        return [_told(value) for value in super().values()]


def _told(value: Value) -> Value:
    """The value, where it is known.

    Raises:
    CannotTellError: the value is unknown, or a member of the list.
    """
    if value is UNKNOWN:
        raise CannotTellError
    if isinstance(value, dict):
        return Foreseen(value)
    return [_told(member) for member in value] if isinstance(value, list) else value
