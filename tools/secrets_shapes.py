"""The tokens of MadeBuy's vendors that detect-secrets does not know by their form."""

import re

from detect_secrets.plugins.base import RegexBasedDetector


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
