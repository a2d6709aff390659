"""Ways to take a shipped stack file, change one thing in it and look at what the loader says."""

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest

from settings import SettingsError, Stack, load, read_stack_file

ROOT = Path(__file__).parent.parent.parent
REMOVED = object()

Changes = dict[str, Any]

FREE: Changes = {
    "madebuy:edge.plan": "free",
    "madebuy:edge.sign_in_limit": None,
    "madebuy:edge.rate_limit": {"every_host": True},
}
"""The free plan, without what it can't hold."""


def written(stack: str) -> dict[str, Any]:
    """What a shipped stack file says, by key, structured."""
    config, _ = read_stack_file(ROOT / f"Pulumi.{stack}.yaml")
    return {key: json.loads(value) if value.startswith(("{", "[")) else value for key, value in config.items()}


def changed(stack: str, changes: Changes) -> dict[str, str]:
    """A shipped stack file with changes by path, such as `madebuy:edge.tls.mode`, in the engine's form."""
    values = copy.deepcopy(written(stack))
    for path, value in changes.items():
        *parents, last = _steps(path)
        place: Any = values
        for step in parents:
            place = place.setdefault(step, {}) if isinstance(step, str) else place[step]
        if value is REMOVED:
            del place[last]
        elif last == len(place) and isinstance(place, list):
            place.append(copy.deepcopy(value))
        else:
            place[last] = copy.deepcopy(value)
    return {key: value if isinstance(value, str) else json.dumps(value) for key, value in values.items()}


def loaded(stack: str = "prod", changes: Changes | None = None) -> Stack:
    return load(stack, changed(stack, changes or {}))


def refusal(stack: str, changes: Changes, secret_keys: tuple[str, ...] = ()) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        load(stack, changed(stack, changes), secret_keys)
    return caught.value


def rejects(changes: Changes, *, at: str, says: str, stack: str = "prod") -> None:
    """Assert that the changes are refused by one problem, at one place, in words that fit."""
    error = refusal(stack, changes)
    assert len(error.problems) == 1, str(error)
    assert f"1. {at}: " in str(error)
    assert says in str(error)


def _steps(path: str) -> list[str | int]:
    key, _, rest = path.partition(".")
    parts = re.findall(r"[^.\[\]]+", rest)
    first = re.findall(r"[^\[\]]+", key)
    steps: list[str | int] = [first[0], *(int(index) for index in first[1:])]
    return steps + [int(part) if part.isdigit() else part for part in parts]
