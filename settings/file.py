"""Reads a stack file as the engine would, for programs that run without it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import yaml

if TYPE_CHECKING:
    from pathlib import Path


def read_stack_file(path: Path) -> tuple[dict[str, str], frozenset[str]]:
    """The configuration of a stack file and which of its keys are encrypted, in the form that `load` takes.

    Encrypted values stay encrypted: this reads no passphrase. Plain text comes bare, everything else as JSON.
    """
    content = yaml.safe_load(path.read_text(encoding="utf-8")) or {}
    config = content.get("config") or {}
    secret = frozenset(key for key, value in config.items() if isinstance(value, dict) and "secure" in value)
    return {key: _as_the_engine_does(value) for key, value in config.items()}, secret


def _as_the_engine_does(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str)
