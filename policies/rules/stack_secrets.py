"""The whole stack: a credential is marked secret wherever it stands."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from policies.rule import ANY_TYPE, Severity, resource_rule
from policies.tokens import DOPPLER_SECRET
from policies.values import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policies.model import Finding, Resource
    from policies.values import Found

_WORDS: Final = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
_CREDENTIALS: Final = (
    ("password",),
    ("passwd",),
    ("passphrase",),
    ("secret",),
    ("token",),
    ("credentials",),
    ("api", "key"),
    ("private", "key"),
    ("account", "key"),
    ("service", "key"),
    ("routing", "key"),
    ("access", "key"),
    ("connection", "string"),
    ("wo",),
)
"""The last words of a property that holds a credential: clientSecret, hecToken, secretAccessKey, passwordWo."""


@resource_rule(
    id="plaintext-secret",
    title="A value under a credential's name is marked secret",
    risk="In clear it stands in the state file, in the preview's diff and in every log of a deployment.",
    fix="Wrap the value in pulumi.Output.secret, or read it with config.require_secret; and rotate it if it was "
    "deployed.",
    severity=Severity.CRITICAL,
    audit="2.2 Secrets exposed in the codebase",
    cis="3.11",
    reads={ANY_TYPE: ()},
)
def credentials_are_marked(resource: Resource) -> Iterator[Finding]:
    """By the property's name; a value that a preview doesn't know yet is judged when it is known."""
    for leaf in resource.leaves():
        if not leaf.secret and isinstance(leaf.value, str) and leaf.value and _names_credential(resource.type, leaf):
            yield resource.lacks(leaf.path, "holds a credential that is not marked secret")


def _names_credential(kind: str, leaf: Found) -> bool:
    path = pattern(leaf.path).removesuffix("[]")
    if kind == DOPPLER_SECRET and path == "value":
        return True
    words = tuple(word.lower() for word in _WORDS.findall(path.rpartition(".")[2]))
    return any(words[-len(ending) :] == ending for ending in _CREDENTIALS)
