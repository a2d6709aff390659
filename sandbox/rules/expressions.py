"""Cloudflare's rule expressions, read by Cloudflare's own grammar."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import octorules_wirefilter as wirefilter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.rules.record import Ask
    from sandbox.wire import Props

LITERALS = frozenset({"true", "false"})  # the grammar has them only inside an expression


@dataclass(frozen=True)
class Expression:
    """What an expression uses, or why it does not parse (without its text)."""

    fields: frozenset[str] = frozenset()
    operators: frozenset[str] = frozenset()
    lists: frozenset[str] = frozenset()
    error: str | None = None


@lru_cache(maxsize=4096)
def parse(text: str) -> Expression:
    """Reads one expression."""
    if text.strip() in LITERALS:
        return Expression()
    found = wirefilter.parse_expression(text)
    if found.get("error"):
        return Expression(error=_reason(str(found["error"])))
    return Expression(frozenset(found["fields"]), frozenset(found["operators"]), frozenset(_lists(text)))


def _reason(error: str) -> str:
    """The parser's place and its reason, without the expression that it quotes between them."""
    first, *_, last = error.strip().splitlines()
    return f"{first.rstrip(':')}: {last.strip().lstrip('^ ')}"


def _lists(text: str) -> Iterator[str]:
    """The account's lists that an expression names; Cloudflare's own start with `cf.`."""
    outside = text.split('"')[::2]
    for word in " ".join(outside).replace(")", " ").replace("(", " ").split():
        if word.startswith("$") and not word.startswith("$cf."):
            yield word.removeprefix("$")


def rules_of(ask: Ask) -> Iterator[tuple[str, Props]]:
    """The known rules of a ruleset, each with its path."""
    for path, rule in ask.each("rules[]"):
        if isinstance(rule, dict):
            yield path, rule


def parsed(rule: Props) -> Expression:
    """A rule's expression, empty where it is unknown or does not parse."""
    text = rule.get("expression")
    return parse(text) if isinstance(text, str) else Expression()
