"""The environment contract against the audit's appendix B."""

from __future__ import annotations

import re

import pytest

from settings.contract import CONTRACT, AppName, External, Generated, Provisioned, Variable, variables_of
from tests.settings.stack_files import loaded, rejects

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
CAPTCHA = {"NEXT_PUBLIC_TURNSTILE_SITE_KEY", "TURNSTILE_SECRET_KEY"}
"""Of the web app in appendix B; 2.3 asks for it where accounts are made too, which is the dashboard."""
MONITORING_AND_OPERATIONS = {
    "SENTRY_DSN", "SENTRY_ORG", "SENTRY_PROJECT", "SENTRY_AUTH_TOKEN", "UPSTASH_REDIS_REST_URL",
    "UPSTASH_REDIS_REST_TOKEN", "UPSTASH_PAGES_REDIS_REST_URL", "UPSTASH_PAGES_REDIS_REST_TOKEN",
    "LOGTAIL_SOURCE_TOKEN",
}  # fmt: skip
NEXT_JS = pytest.mark.parametrize("app", [AppName.ADMIN, AppName.WEB])
PUBLIC = "madebuy:secrets.public_values"


@NEXT_JS
def test_an_app_reads_every_variable_that_appendix_b_lists_for_it_and_no_other(app: AppName) -> None:
    names = {variable.name for variable in variables_of(app)}

    assert names == APPENDIX_B_REQUIRED[app] | APPENDIX_B_OPTIONAL[app] | MONITORING_AND_OPERATIONS | CAPTCHA


@NEXT_JS
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


def test_the_backup_job_reads_the_database_writes_its_bucket_and_restores_with_a_key_of_its_own() -> None:
    assert {variable.name for variable in variables_of(AppName.BACKUP)} == {
        "MONGODB_URI", "MONGODB_DB", "R2_ACCOUNT_ID", "R2_ACCESS_KEY_ID", "R2_SECRET_ACCESS_KEY", "R2_BUCKET_NAME",
        "R2_RESTORE_ACCESS_KEY_ID", "R2_RESTORE_SECRET_ACCESS_KEY", "BACKUP_HEARTBEAT_URL",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("mongodb_uri", "capital letters"),
        ("MONGODB-URI", "capital letters"),
        ("2FA_SECRET", "a letter first"),
        ("", "capital letters"),
        ("A" * 201, "a text of 201 characters"),
        ("DOPPLER_TOKEN", "is reserved"),
        ("NODE_OPTIONS", "is reserved"),
    ],
)
def test_rejects_a_name_that_no_variable_can_have(name: str, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Variable(name, (AppName.WEB,), External("Somebody"), required=False, secret=True)


def test_a_public_value_of_a_vendor_may_stand_in_the_stack_file() -> None:
    secrets = loaded(changes={PUBLIC: {"web": {"STRIPE_PRICE_MAKER_MONTHLY": "price_maker"}}}).secrets

    assert secrets.public_values[AppName.WEB]["STRIPE_PRICE_MAKER_MONTHLY"] == "price_maker"


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("sentry_org", "madebuy", "capital letters"),
        ("DOPPLER_PROJECT", "madebuy", "is reserved"),
        ("SENTRY_OGR", "madebuy", 'Did you mean "SENTRY_ORG"?'),
        ("RESEND_API_KEY", "not-shown", "enter it in Doppler"),
        ("NEXTAUTH_URL", "https://madebuy.com.au", "web reads no such variable"),
        ("UPSTASH_REDIS_REST_URL", "https://example.upstash.io", "the stack writes this itself"),
        ("SENTRY_ORG", "${PASSWORD}", 'there is "${" in the value'),
        ("SENTRY_ORG", "", "the value is empty"),
    ],
)
def test_rejects_a_public_value_that_is_none(name: str, value: str, says: str) -> None:
    rejects({PUBLIC: {"web": {name: value}}}, at=f"{PUBLIC}.web.{name}", says=says)


def test_rejects_a_secret_that_does_not_look_like_one() -> None:
    rejects(
        {PUBLIC: {"backup": {"BACKUP_HEARTBEAT_URL": "https://uptime.example.com/heartbeat"}}},
        at=f"{PUBLIC}.backup.BACKUP_HEARTBEAT_URL",
        says="Enter it in Doppler",
    )


def test_each_app_gets_its_own_database_address_from_the_stack() -> None:
    uri = next(variable for variable in CONTRACT if variable.name == "MONGODB_URI")

    assert isinstance(uri.source, Provisioned)
    assert uri.apps == tuple(AppName)


def test_no_variable_is_listed_twice() -> None:
    names = [variable.name for variable in CONTRACT]

    assert len(names) == len(set(names))
