"""The environment contract against the audit's appendix B."""

from __future__ import annotations

import re

import pytest

from settings.contract import CONTRACT, AppName, Generated, Provisioned, Variable, variables_of

APPENDIX_B_REQUIRED = {
    AppName.ADMIN: {
        "MONGODB_URI", "MONGODB_DB", "NEXTAUTH_URL", "NEXTAUTH_SECRET", "R2_ACCOUNT_ID", "R2_ACCESS_KEY_ID",
        "R2_SECRET_ACCESS_KEY", "R2_BUCKET_NAME", "R2_PUBLIC_URL",
    },
    AppName.WEB: {
        "MONGODB_URI", "MONGODB_DB", "STRIPE_SECRET_KEY", "STRIPE_PUBLISHABLE_KEY", "STRIPE_WEBHOOK_SECRET",
        "R2_PUBLIC_URL", "STRIPE_PRICE_MAKER_MONTHLY", "STRIPE_PRICE_PROFESSIONAL_MONTHLY",
        "STRIPE_PRICE_STUDIO_MONTHLY",
    },
}  # fmt: skip
APPENDIX_B_OPTIONAL = {
    AppName.ADMIN: {
        "OPENAI_API_KEY", "INSTAGRAM_CLIENT_ID", "INSTAGRAM_CLIENT_SECRET", "LATE_API_KEY", "CRON_SECRET",
        "CLOUDFLARE_API_TOKEN", "CLOUDFLARE_MADEBUY_ZONE_ID",
    },
    AppName.WEB: {
        "RESEND_API_KEY", "DEFAULT_FROM_EMAIL", "NEXT_PUBLIC_TURNSTILE_SITE_KEY", "TURNSTILE_SECRET_KEY",
    },
}  # fmt: skip
MONITORING_AND_OPERATIONS = {
    "SENTRY_DSN", "SENTRY_ORG", "SENTRY_PROJECT", "SENTRY_AUTH_TOKEN", "UPSTASH_REDIS_REST_URL",
    "UPSTASH_REDIS_REST_TOKEN", "LOGTAIL_SOURCE_TOKEN",
}  # fmt: skip


@pytest.mark.parametrize("app", AppName)
def test_an_app_reads_every_variable_that_appendix_b_lists_for_it_and_no_other(app: AppName) -> None:
    names = {variable.name for variable in variables_of(app)}

    assert names == APPENDIX_B_REQUIRED[app] | APPENDIX_B_OPTIONAL[app] | MONITORING_AND_OPERATIONS


@pytest.mark.parametrize("app", AppName)
def test_what_appendix_b_calls_required_is_required(app: AppName) -> None:
    required = {variable.name for variable in variables_of(app) if variable.required}

    assert required >= APPENDIX_B_REQUIRED[app]


@pytest.mark.parametrize("variable", CONTRACT, ids=lambda variable: variable.name)
def test_doppler_takes_the_name(variable: Variable) -> None:
    assert re.fullmatch(r"[A-Z][A-Z0-9_]*", variable.name)
    assert not variable.name.startswith("DOPPLER_")


@pytest.mark.parametrize("variable", CONTRACT, ids=lambda variable: variable.name)
def test_what_a_browser_receives_is_no_secret(variable: Variable) -> None:
    assert not (variable.name.startswith("NEXT_PUBLIC_") and variable.secret)


@pytest.mark.parametrize(
    "variable", [v for v in CONTRACT if isinstance(v.source, Generated)], ids=lambda variable: variable.name
)
def test_what_the_stack_generates_is_a_secret_of_256_bits_or_more(variable: Variable) -> None:
    assert variable.secret
    assert isinstance(variable.source, Generated)
    assert variable.source.length * 8 >= 256


def test_both_apps_get_their_own_database_address_from_the_stack() -> None:
    uri = next(variable for variable in CONTRACT if variable.name == "MONGODB_URI")

    assert isinstance(uri.source, Provisioned)
    assert uri.apps == (AppName.ADMIN, AppName.WEB)


def test_no_variable_is_listed_twice() -> None:
    names = [variable.name for variable in CONTRACT]

    assert len(names) == len(set(names))
