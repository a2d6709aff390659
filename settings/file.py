"""Reads a stack file as the engine would, for programs that run without it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import yaml

from settings.errors import Problem, SettingsError, shown

if TYPE_CHECKING:
    from collections.abc import Hashable
    from pathlib import Path


class _Loader(yaml.SafeLoader):
    """Refuses a key that stands twice, as the engine does; PyYAML takes the last one without a word."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if str(key.value) in seen:
                says = "a key stands here for the second time, and one of the two would be ignored"
                raise yaml.constructor.ConstructorError(problem=says, problem_mark=key.start_mark)
            seen.add(str(key.value))
        return super().construct_mapping(node, deep=deep)


def read_stack_file(path: Path) -> tuple[dict[str, str], frozenset[str]]:
    """The configuration of a stack file and which of its keys are encrypted, in the form that `load` takes.

    Encrypted values stay encrypted: this reads no passphrase. Plain text comes bare, everything else as JSON.

    Raises:
        SettingsError: It is no YAML, has a key twice, or has something else than a mapping where keys should be.
    """
    stack = path.stem.rpartition(".")[2]
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), _Loader) or {}  # noqa: S506 - a SafeLoader
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problem = Problem((f"line {line}",), f"this can't be read as YAML: {shown(error.problem)}. Mend it there.")
        raise SettingsError(stack, [problem]) from None
    except (yaml.YAMLError, UnicodeDecodeError):
        problem = Problem((path.name,), "this is no text in UTF-8, and so no YAML. Save it as UTF-8.")
        raise SettingsError(stack, [problem]) from None
    config = (content.get("config") or {}) if isinstance(content, dict) else None
    if not isinstance(config, dict):
        problem = Problem(("config",), 'keys are needed here. Write "config:", and below it one a line.')
        raise SettingsError(stack, [problem])
    secret = frozenset(str(key) for key, value in config.items() if isinstance(value, dict) and "secure" in value)
    return {str(key): _as_the_engine_does(value) for key, value in config.items()}, secret


def _as_the_engine_does(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str)
