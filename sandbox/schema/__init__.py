"""The property schemas of every known type, as stored JSON, read one line at a time."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

HERE = Path(__file__).parent
Spec = dict[str, Any]
PROVIDERS = ("aws", "cloudflare", "doppler", "mongodbatlas", "random", "tls", "upstash")


@dataclass(frozen=True)
class Type:
    """One resource or function type: its inputs, what only the vendor sets, and what must stay secret."""

    token: str
    inputs: dict[str, Spec]
    outputs: dict[str, Spec]
    secret: frozenset[str]
    has_facts: bool

    @cached_property
    def nested_secrets(self) -> tuple[tuple[str, ...], ...]:
        """The paths of secrets inside lists and objects; `[]` stands for each member."""
        return tuple(path for path in _secrets({**self.inputs, **self.outputs}) if len(path) > 1)


def _secrets(specs: dict[str, Spec]) -> Iterator[tuple[str, ...]]:
    for name, spec in specs.items():
        if spec.get("secret"):
            yield (name,)
        else:
            yield from ((name, *rest) for rest in _inner_secrets(spec))


def _inner_secrets(spec: Spec) -> Iterator[tuple[str, ...]]:
    if spec["type"] == "object":
        yield from _secrets(spec["properties"])
    elif spec["type"] == "list":
        yield from (("[]", *rest) for rest in _inner_secrets(spec["items"]))


@cache
def _lines(provider: str) -> dict[str, str]:
    """Every line of a provider's file by token, not parsed: a run reads few of the 1,100 types."""
    found: dict[str, str] = {}
    with (HERE / f"{provider}.json").open() as file:
        next(file)
        for line in file:
            found[line.split('"token":"', 1)[1].split('"', 1)[0]] = line
    return found


def settings_token(provider: str) -> str:
    """The token of the resource that configures a provider."""
    return f"pulumi:providers:{provider}"


@cache
def settings(provider: str) -> Type:
    """What a provider can be told: its settings are those of the resource that stands for it."""
    return _type(settings_token(provider), _lines(provider)[settings_token(provider)])


@cache
def lookup(token: str) -> Type | None:
    """The type of a token, None where no SDK has it."""
    provider = token.split(":", 1)[0]
    line = _lines(provider).get(token) if provider in PROVIDERS else None
    return None if line is None else _type(token, line)


def _type(token: str, line: str) -> Type:
    spec = json.loads(line)
    return Type(token, spec["in"], spec["out"], frozenset(spec["secret"]), spec.get("facts", False))


def sdk_version(provider: str) -> str:
    """The version of the SDK that a provider's schema was read from."""
    with (HERE / f"{provider}.json").open() as file:
        return str(json.loads(next(file))["version"])


def tokens(provider: str) -> list[str]:
    """Every token an SDK has, resources and functions."""
    return [token for token in _lines(provider) if token != settings_token(provider)]
