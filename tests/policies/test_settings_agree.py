"""What the pack knows for itself, so that it can judge any program, is what MadeBuy's settings say too."""

from __future__ import annotations

from policies.rules.cloudflare_stripe import PUBLISHED, stripe_addresses_are_current
from settings.stripe import MOST_DAYS_UNCOMPARED, WebhookSources

STRIPE = WebhookSources.load()
DEFAULTS = {name: option.schema["default"] for name, option in stripe_addresses_are_current.options.items()}


def test_the_pack_lets_pass_for_stripe_whom_the_edge_does() -> None:
    assert set(PUBLISHED) == set(STRIPE.addresses), (
        "Stripe's addresses were taken over in settings/stripe_webhooks.json alone. "
        "Write the same ones, and the day, into policies/rules/cloudflare_stripe.py."
    )


def test_the_pack_knows_since_when_these_are_stripes_addresses() -> None:
    assert DEFAULTS["compared_on"] == STRIPE.retrieved.isoformat()


def test_a_comparison_is_due_again_on_the_same_day_for_both() -> None:
    assert DEFAULTS["max_age_days"] == MOST_DAYS_UNCOMPARED
