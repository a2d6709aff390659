"""What the pack knows for itself, so that it can judge any program, is what MadeBuy's settings say too."""

from __future__ import annotations

import pytest

from policies.cloudflare import PERIODS, plan_named
from policies.rules.cloudflare_stripe import PUBLISHED, stripe_addresses_are_current
from settings.limits import CLOUDFLARE, CloudflarePlan
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


@pytest.mark.parametrize("plan", [CloudflarePlan.FREE, CloudflarePlan.PRO, CloudflarePlan.BUSINESS])
def test_the_pack_and_the_settings_know_the_same_plans(plan: CloudflarePlan) -> None:
    theirs, ours = plan_named(plan.value), CLOUDFLARE[plan]

    assert (theirs.custom_rules, theirs.rate_limit_rules) == (ours.custom_rules, ours.rate_limit_rules)
    assert tuple(period for period in PERIODS if period <= theirs.longest_period) == ours.rate_limit_periods
    assert theirs.longest_timeout == ours.rate_limit_mitigations[-1]
    assert theirs.characteristics == ours.rate_limit_characteristics
    assert theirs.rate_limit_fields is not None
    assert theirs.rate_limit_fields >= ours.rate_limit_fields
