"""The whole stack: a credential is marked secret wherever it stands."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

from policies.checks import text
from policies.credentials import looks_like_credential, names_credential
from policies.model import STACK_TYPE
from policies.rule import ANY_TYPE, Severity, resource_rule, stack_rule
from policies.tokens import DOPPLER_SECRET
from policies.values import pattern

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policies.model import Finding, Resource, Stack
    from policies.values import Found

_SHORTEST: Final = 8
_PIECES: Final = re.compile(r"[^\s\"'/:@,;={}\[\]()&?]+")


@resource_rule(
    id="plaintext-secret",
    title="A value under a credential's name is marked secret",
    risk="In clear it stands in the state file, in the preview's diff and in every log of a deployment.",
    fix="Wrap the value in pulumi.Output.secret, or read it with config.require_secret; rotate it if it was deployed.",
    severity=Severity.CRITICAL,
    audit="2.2 Production secrets exposed in codebase",
    cis="3.11",
    reads={ANY_TYPE: ()},
)
def credentials_are_marked(resource: Resource) -> Iterator[Finding]:
    """By the property's name; a value that a preview doesn't know yet is judged when it is known."""
    for leaf in _plain(resource):
        if _named(resource.type, leaf.path):
            yield resource.lacks(leaf.path, "holds a credential that is not marked secret")


@resource_rule(
    id="plaintext-credential-text",
    title="No plain property holds a text with the shape of a credential",
    risk="A key in a description, a header or an environment is as good to a thief as one in a password field.",
    fix="Keep the credential in Doppler; where a property must hold it, wrap it in pulumi.Output.secret; then rotate "
    "it.",
    severity=Severity.CRITICAL,
    audit="2.2 Production secrets exposed in codebase",
    cis="3.11",
    equals=(
        "gitleaks:cloudflare-origin-ca-key",
        "gitleaks:doppler-api-token",
        "gitleaks:pulumi-api-token",
        "gitleaks:stripe-access-token",
        "checkov:CKV_SECRET",
    ),
    reads={ANY_TYPE: ()},
)
def no_credential_in_text(resource: Resource) -> Iterator[Finding]:
    """Passwords in addresses, private keys and the vendors' own prefixes; under other names than a credential's."""
    for leaf in _plain(resource):
        if not _named(resource.type, leaf.path) and looks_like_credential(leaf.value):
            yield resource.lacks(leaf.path, "holds a text with the shape of a credential")


@stack_rule(
    id="secret-stays-secret",
    title="What is secret in one place is plain in no other",
    risk="A copy without the mark gives away what the mark protects.",
    fix="Pass the secret on as an Output, without unwrapping it; keep it out of names, tags and comments.",
    severity=Severity.CRITICAL,
    audit="2.2 Production secrets exposed in codebase",
    cis="3.11",
    reads={ANY_TYPE: ()},
)
def secrets_stay_secret(stack: Stack) -> Iterator[Finding]:
    """Whole values, and the pieces of addresses and texts. Shorter texts than eight characters are words.

    Only what a credential's name or shape says is one: Doppler marks every variable secret, public host names too.
    """
    secrets = {known for one in stack.resources for known in _credentials(one)}
    for resource in stack.resources if secrets else ():
        for leaf in _plain(resource):
            if leaf.value in secrets or not secrets.isdisjoint(_PIECES.findall(leaf.value)):
                yield resource.lacks(leaf.path, "repeats a value that is secret elsewhere")


@stack_rule(
    id="output-secret",
    title="A stack output that is a credential is marked secret",
    risk="It is printed at the end of every deployment, and read by every stack that refers to this one.",
    fix="Export pulumi.Output.secret(...), or better: nothing, as the apps read Doppler.",
    severity=Severity.CRITICAL,
    audit="2.2 Production secrets exposed in codebase",
    cis="3.11",
    reads={STACK_TYPE: ()},
)
def outputs_are_marked(stack: Stack) -> Iterator[Finding]:
    """By name and by shape: outputs are known only with the whole stack."""
    for root in stack.of(STACK_TYPE):
        for leaf in _plain(root):
            if names_credential(leaf.path.partition(".")[0]) or looks_like_credential(leaf.value):
                yield root.lacks(leaf.path, "is a credential that is not marked secret")


@stack_rule(
    id="output-not-in-doppler",
    title="What Doppler holds is no stack output, marked secret or not",
    risk="Whoever may read the stack, or refer to it, has the credential without Doppler's access list and log.",
    fix="Remove the output: who needs the credential reads it in Doppler.",
    severity=Severity.MEDIUM,
    audit="2.3 P0.2 Secrets management",
    cis="3.3",
    reads={STACK_TYPE: (), DOPPLER_SECRET: ("name", "value")},
)
def outputs_are_not_in_doppler(stack: Stack) -> Iterator[Finding]:
    """By the value, which a first preview may not know; `up` asks again. Without the mark, it is another rule's."""
    held = {credential for secret in stack.of(DOPPLER_SECRET) for credential in _credentials(secret)}
    for root in stack.of(STACK_TYPE):
        for leaf in root.leaves:
            if leaf.secret and isinstance(leaf.value, str) and leaf.value in held:
                yield root.lacks(leaf.path, "is a credential that a doppler.Secret holds")


def _credentials(resource: Resource) -> Iterator[str]:
    variable = text(resource.value("name")) if resource.type == DOPPLER_SECRET else ""
    for leaf in resource.leaves:
        if leaf.secret and isinstance(leaf.value, str) and len(leaf.value) >= _SHORTEST:
            name = variable or leaf.path.rpartition(".")[2]
            if names_credential(name) or looks_like_credential(leaf.value):
                yield leaf.value


def _plain(resource: Resource) -> Iterator[Found]:
    return (leaf for leaf in resource.leaves if not leaf.secret and isinstance(leaf.value, str) and leaf.value)


@functools.lru_cache(maxsize=4_096)  # a program repeats its paths; this is asked of every text in it, twice
def _named(kind: str, path: str) -> bool:
    place = pattern(path).removesuffix("[]")
    return (kind == DOPPLER_SECRET and place == "value") or names_credential(place.rpartition(".")[2])
