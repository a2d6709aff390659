"""What detect-secrets is told beside what it knows: MadeBuy's vendors, and which words are nobody's password."""

import re

from detect_secrets.plugins.base import BasePlugin, RegexBasedDetector
from detect_secrets.plugins.keyword import KeywordDetector


class VendorTokenDetector(RegexBasedDetector):
    """Forms that a vendor gives its tokens so that they can be found; each vendor's documentation shows its own."""

    secret_type = "Vendor Token"  # noqa: S105 - the kind's name

    denylist = (
        re.compile(r"\bdp\.(?:st|pt|sa|ct|scim|audit)\.[\w.-]{20,}"),  # Doppler
        re.compile(r"\bmdb_sa_sk_\w{20,}"),  # Atlas service account
        re.compile(r"\b(?:[sr]k_(?:live|test)|whsec)_\w{16,}"),  # Stripe
        re.compile(r"\bre_[A-Za-z0-9]{6,}_[A-Za-z0-9]{16,}"),  # Resend
        re.compile(r"\bsk-(?:proj-|svcacct-)?[A-Za-z0-9][\w-]{38,}"),  # OpenAI
        re.compile(r"\bpul-[0-9a-f]{40}"),  # Pulumi
        re.compile(r"\bsntry[su]_[\w=+/]{20,}"),  # Sentry
        re.compile(r"\bgithub_pat_\w{30,}"),
    )


def is_word_beside_a_keyword(secret: str, plugin: BasePlugin) -> bool:
    """Whether something is suspected for its name alone (`secret = ...`) and has no digit: a word, an expression."""
    return isinstance(plugin, KeywordDetector) and not any(character.isdigit() for character in secret)
