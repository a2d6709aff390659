"""Finds secrets that somebody wrote into a stack file in the clear, and says so without repeating them."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from settings.errors import Path, Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

_NAMES = re.compile(
    r"(token|secret|password|passwd|passphrase|credentials?|(api|private|access|secret|service)_?key)$", re.IGNORECASE
)
_RANDOM = "a vendor's token"
_SHAPES = {
    "a Stripe key": r"\b(sk|rk)_(live|test)_\w{8,}|\bwhsec_\w{8,}",
    "a Resend key": r"\bre_\w{16,}",
    "a Doppler token": r"\bdp\.(st|pt|sa|ct|scim|audit)\.",
    "an OpenAI key": r"\bsk-[\w-]{20,}",
    "an AWS access key": r"\b(AKIA|ASIA)[0-9A-Z]{16}\b",
    "an Atlas service account's secret": r"\bmdb_sa_sk_\w+",
    "a GitHub token": r"\bgh[pousr]_\w{20,}|\bgithub_pat_\w{20,}",
    "a Pulumi token": r"\bpul-[0-9a-f]{40}",
    "a Sentry token": r"\bsntry[su]_[\w=+/]{8,}",
    "a private key": r"-----BEGIN [A-Z ]*PRIVATE KEY",
    "a signed token": r"\beyJ[\w-]{8,}\.eyJ[\w-]{8,}\.",
    "an address with a password in it": r"[a-z][a-z0-9+.-]*://[^/\s:@]*:[^/\s@]+@",
    _RANDOM: r"(?<![\w-])(?=[\w-]*[a-z])(?=[\w-]*[A-Z])(?=[\w-]*\d)[\w-]{36,}(?![\w-])",
}
_PUBLISHED = ("dkim_public_key", "content")
"""Names of what the edge writes into DNS, where anyone can read it: random by nature, and no secret."""
_ROTATION = ("madebuy:secrets", "rotation")
"""Where secrets are named by nature, and nothing but numbers and dates fits."""
_PATTERNS = {what: re.compile(pattern) for what, pattern in _SHAPES.items()}


def plaintext_secrets(config: Mapping[str, str], secret_keys: Collection[str]) -> Iterator[Problem]:
    """Each value that is a secret by its name or its shape, in keys that the engine was not told to encrypt."""
    for key, text in config.items():
        if key not in secret_keys:
            for path, value in _leaves((key,), _parsed(text)):
                what = _secret(path, value)
                if what:
                    yield Problem(path, f"{what} is here in plain text, and so in git for good. {_way_out(path)}")


def _secret(path: Path, value: str) -> str | None:
    published = path[0] == "madebuy:edge" and path[-1] in _PUBLISHED
    for what, pattern in _PATTERNS.items():
        if pattern.search(value) and not (published and what == _RANDOM):
            return what
    named = _NAMES.search(str(next(part for part in reversed(path) if isinstance(part, str))))
    return "a value with the name of a secret" if named and value and path[:2] != _ROTATION else None


def _way_out(path: Path) -> str:
    key = str(path[0])
    where = (
        "Remove it and enter it in Doppler: settings hold no secrets."
        if key.startswith("madebuy")
        else f"Run `pulumi config set --secret {key}`, or give it to the provider by its environment variable."
    )
    return f"{where} Then revoke this one at its vendor: it counts as known."


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _leaves(path: Path, value: object) -> Iterator[tuple[Path, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield path, name
            yield from _leaves((*path, name), inner)
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _leaves((*path, index), inner)
    elif isinstance(value, str):
        yield path, value
