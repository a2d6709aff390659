"""A new environment, as Doppler has it after one `up`: every variable that the stack can write, in its form."""

from __future__ import annotations

import re
import sys

import pytest

from settings.contract import AppName, External, variables_of
from tests.engine.apps import SERVICE_TOKEN, Vendors
from tests.engine.running import World

pytestmark = pytest.mark.engine

# By appendix B; what has a value there has it here too, for the staging zone.
BOTH = {
    "NEXT_PUBLIC_TURNSTILE_SITE_KEY": r"0x4[A-Za-z0-9_-]+",
    "TURNSTILE_SECRET_KEY": r"0x4[A-Za-z0-9_-]+",
    "MONGODB_DB": r"madebuy",
    "R2_PUBLIC_URL": r"https://media\.madebuy-staging\.com\.au",
    "UPSTASH_REDIS_REST_URL": r"https://[a-z0-9-]+\.upstash\.io",
    "UPSTASH_REDIS_REST_TOKEN": r"[A-Za-z0-9_=-]{20,}",
}
R2 = {
    "R2_ACCOUNT_ID": r"[0-9a-f]{32}",
    "R2_ACCESS_KEY_ID": r"[0-9a-f]{32}",
    "R2_SECRET_ACCESS_KEY": r"[0-9a-f]{64}",
}
BOUGHT = {"UPSTASH_PAGES_REDIS_REST_URL", "UPSTASH_PAGES_REDIS_REST_TOKEN"}
"""Of a second Redis, which staging does not have."""
POOL = r"retryWrites=true&w=majority&maxPoolSize=50&minPoolSize=\d+&maxIdleTimeMS=30000"
URI = rf"mongodb\+srv://{{}}-a:[A-Za-z0-9]{{{{32}}}}@[a-z0-9.-]+\.mongodb\.net/madebuy\?{POOL}&appName={{}}.*"
FORMS = {
    AppName.ADMIN: {
        **BOTH,
        **R2,
        "R2_BUCKET_NAME": r"madebuy-staging-media",
        "NEXTAUTH_URL": r"https://dashboard\.madebuy-staging\.com\.au",
        "NEXTAUTH_SECRET": r"[A-Za-z0-9+/]{43}=",  # openssl rand -base64 32
        "CRON_SECRET": r"[0-9a-f]{64}",  # openssl rand -hex 32
        "CLOUDFLARE_API_TOKEN": r"[A-Za-z0-9_-]{40}",
        "CLOUDFLARE_MADEBUY_ZONE_ID": r"[0-9a-f]{32}",
        "MONGODB_URI": URI.format("admin", "admin"),
    },
    AppName.WEB: {
        **BOTH,
        "DEFAULT_FROM_EMAIL": r"orders@madebuy-staging\.com\.au",
        "MONGODB_URI": URI.format("web", "web"),
    },
    AppName.BACKUP: {
        **R2,
        "R2_BUCKET_NAME": r"madebuy-staging-backups",
        "R2_RESTORE_ACCESS_KEY_ID": R2["R2_ACCESS_KEY_ID"],
        "R2_RESTORE_SECRET_ACCESS_KEY": R2["R2_SECRET_ACCESS_KEY"],
        "MONGODB_DB": r"madebuy",
        "MONGODB_URI": URI.format("backup", "backup"),
    },
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    world = World(tmp_path_factory.mktemp("sandbox"))
    done = world.pulumi("staging", "up", "--yes", "--skip-preview")
    assert done.code == 0, done.text
    return world


@pytest.fixture(scope="module")
def vendors(world: World) -> Vendors:
    return Vendors(world.home)


def test_these_are_the_variables_of_the_contract_that_the_stack_writes() -> None:
    written = {app: {v.name for v in variables_of(app) if not isinstance(v.source, External)} for app in AppName}

    assert {app: set(forms) for app, forms in FORMS.items()} == {app: names - BOUGHT for app, names in written.items()}


@pytest.mark.parametrize("app", AppName)
def test_a_new_environment_has_every_variable_that_nobody_should_have_to_type(vendors: Vendors, app: AppName) -> None:
    assert set(vendors.config(f"staging_{app}")) == set(FORMS[app])


@pytest.mark.parametrize("app", AppName)
def test_each_has_the_form_that_appendix_b_gives_it(vendors: Vendors, app: AppName) -> None:
    values = vendors.config(f"staging_{app}")

    assert [name for name, form in FORMS[app].items() if not re.fullmatch(form, values[name])] == []


def test_the_root_that_every_config_inherits_is_empty(vendors: Vendors) -> None:
    assert vendors.config("staging") == {}


def test_each_service_token_reads_one_config_and_the_backup_jobs_reads_its_own(vendors: Vendors) -> None:
    tokens = vendors.all(SERVICE_TOKEN)

    assert {(each["name"], each["config"], each["access"]) for each in tokens} == {
        (f"{app}-runtime-1", f"staging_{app}", "read") for app in AppName
    }


def test_no_secret_of_one_app_is_known_to_another(vendors: Vendors) -> None:
    shared = {"UPSTASH_REDIS_REST_TOKEN", "TURNSTILE_SECRET_KEY"}  # of one database, and of one widget
    secret = {
        (app, variable.name): vendors.config(f"staging_{app}").get(variable.name)
        for app in AppName
        for variable in variables_of(app)
        if variable.secret and variable.name not in shared
    }
    values = [value for value in secret.values() if value]

    assert len(values) == len(set(values))


def test_what_is_missing_in_it_is_what_people_enter(world: World) -> None:
    run = world.sandbox("--", sys.executable, "-m", "operations", "environment", "--stack", "staging")

    required = [v.name for v in variables_of(AppName.WEB) if v.required and isinstance(v.source, External)]
    missing = [line.split()[1].rstrip(":") for line in run.text.splitlines() if line.startswith("  missing")]
    assert run.code == 1, run.text
    assert missing == required
    assert "staging_admin: complete" in run.text
    assert "unknown" not in run.text
