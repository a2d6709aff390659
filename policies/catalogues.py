"""The checks of other tools for the same services (`known_checks.toml`), and what this pack makes of each."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

FILE: Final = Path(__file__).with_name("known_checks.toml")


@dataclass(frozen=True, slots=True)
class Catalogues:
    """Every known check, as `prefix:name`, and why some have no rule."""

    sources: tuple[tuple[str, str], ...]
    """Prefix, and where its checks were read."""
    known: frozenset[str]
    without_form: Mapping[str, str]
    """No program can be asked -> the reason."""
    without_rule: Mapping[str, str]
    """A program could be asked, and this pack does not -> the reason."""


def read() -> Catalogues:
    """Read the file."""
    document = tomllib.loads(FILE.read_text(encoding="utf-8"))
    listed = document["catalogue"]
    return Catalogues(
        sources=tuple((one["prefix"], one["source"]) for one in listed),
        known=frozenset(f"{one['prefix']}:{name}" for one in listed for name in one["checks"]),
        without_form=document["without_form"],
        without_rule=document["without_rule"],
    )
