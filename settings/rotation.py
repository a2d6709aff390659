"""Credentials that take turns, so that a running app never holds a dead one."""

from typing import Literal

from pydantic import Field

from settings.base import Setting

Slot = Literal["a", "b"]


class Pair(Setting):
    """Two credentials, a and b, of which one is handed out and the other is what was handed out before.

    A new generation gives the idle one a new password and hands it out; the one before keeps working until every app
    has started anew. Then it is retired: its password changes to one that nobody knows.
    """

    generation: int = Field(1, ge=1, description="The generation in use. Odd ones are a, even ones are b.")
    previous: Literal["valid", "retired"] = Field(
        "valid",
        description="Whether the generation before still works. retired: every app has started with the new one.",
    )

    @property
    def current(self) -> Slot:
        """The credential that apps are started with."""
        return "a" if self.generation % 2 else "b"

    def keeper(self, slot: Slot) -> str:
        """What a credential's password belongs to: it is made anew when this changes, and at no other time."""
        if slot == self.current:
            return str(self.generation)
        before = self.generation - 1
        return f"{before} retired" if self.previous == "retired" else str(before)
