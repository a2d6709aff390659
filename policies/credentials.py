"""How a credential is recognised: by the name it stands under, or by the shape of its text."""

from __future__ import annotations

import functools
import re
from typing import Final

_WORDS: Final = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
_ENDINGS: Final = tuple(
    tuple(ending.split())
    for ending in (
        "password",
        "passwd",
        "passphrase",
        "secret",
        "token",
        "credentials",
        "api key",
        "private key",
        "account key",
        "service key",
        "routing key",
        "access key",
        "connection string",
        "connection strings",
        "password wo",
        "database uri",
        "mongodb uri",
    )
)
"""The last words of a name that means a credential: clientSecret, hecToken, secretAccessKey, MONGODB_URI."""

_SHAPES: Final = re.compile(
    "|".join(
        (
            r"[a-z][a-z0-9+.-]*://[^/\s:@]*:[^/\s:@]+@",  # a password in an address
            r"-----BEGIN [A-Z ]*PRIVATE KEY-----",
            r"\bAKIA[0-9A-Z]{16}\b",  # AWS access key id
            r"\b(?:sk|rk)_(?:live|test)_[0-9A-Za-z]{16,}",  # Stripe
            r"\bwhsec_[0-9A-Za-z]{16,}",  # Stripe webhook
            r"\bcf(?:k|ut|at)_[0-9A-Za-z]{40}[0-9a-f]{8}\b",  # Cloudflare, since 2026 (fundamentals/api, token-formats)
            r"\bv1\.0-[0-9a-f]{24}-[0-9a-f]{146}\b",  # Cloudflare's Origin CA
            r"\bmdb_sa_sk_[0-9A-Za-z_-]{16,}",  # an Atlas service account
            r"\bdp\.(?:pt|st|sa|ct|scim|audit)\.[0-9A-Za-z.]{16,}",  # Doppler
            r"\bpul-[0-9a-f]{40}\b",  # Pulumi
            r"\bgh[pousr]_[0-9A-Za-z]{36}\b",  # GitHub
            r"\bre_[0-9A-Za-z]{8,}_[0-9A-Za-z]{16,}",  # Resend
            r"\bxox[abprs]-[0-9A-Za-z-]{10,}",  # Slack
        )
    )
)


@functools.lru_cache(maxsize=4_096)
def names_credential(name: str) -> bool:
    """Whether a property or variable name means a credential by its last words."""
    words = tuple(word.lower() for word in _WORDS.findall(name))
    return any(words[-len(ending) :] == ending for ending in _ENDINGS)


def looks_like_credential(text: str) -> bool:
    """Whether a text has the shape of a credential that somebody issues."""
    return _SHAPES.search(text) is not None
