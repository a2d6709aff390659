"""A secret in a stack file is named by its key and never repeated."""

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from settings import SettingsError, load
from tests.settings.stack_files import changed, loaded, refusal, rejects

# Assembled here, so that no scanner takes this file for a leak.
_RANDOM = "Ab1" * 8
SECRETS = [
    "sk_live_" + _RANDOM,
    "whsec_" + _RANDOM,
    "re_" + _RANDOM,
    "dp.st.prd." + _RANDOM,
    "mongodb+srv://madebuy:" + _RANDOM + "@cluster.mongodb.net",
    "AKIA" + "ABCDEFGHIJKLMNOP",
    "sk-proj-" + _RANDOM,
    "mdb_sa_sk_" + _RANDOM,
    "ghp_" + _RANDOM,
    "pul-" + "0123456789abcdef" * 2 + "01234567",
    "Ab1_" * 10,
    "-----BEGIN " + "PRIVATE KEY-----\n" + _RANDOM,
    "eyJhbGciOiJI.eyJzdWIiOiIx." + _RANDOM,
]
PROVIDER_KEYS = [
    "cloudflare:apiToken",
    "cloudflare:apiKey",
    "cloudflare:apiUserServiceKey",
    "mongodbatlas:clientSecret",
    "mongodbatlas:privateKey",
    "mongodbatlas:accessToken",
    "upstash:apiKey",
    "doppler:dopplerToken",
    "aws:secretKey",
    "aws:accessKey",
]


@pytest.mark.parametrize("key", PROVIDER_KEYS)
def test_rejects_a_providers_credential_in_plain_text(key: str) -> None:
    rejects({key: "s3cret"}, at=key, says=f"`pulumi config set --secret {key}`")


@pytest.mark.parametrize("key", PROVIDER_KEYS)
def test_an_encrypted_credential_is_welcome(key: str) -> None:
    assert load("prod", changed("prod", {key: "s3cret"}), secret_keys=[key]).name == "prod"


@pytest.mark.parametrize(
    "key", ["cloudflare:email", "mongodbatlas:publicKey", "mongodbatlas:clientId", "upstash:email"]
)
def test_what_a_provider_is_told_that_is_no_secret_may_be_read(key: str) -> None:
    assert loaded(changes={key: "madebuy"}).name == "prod"


@pytest.mark.parametrize("secret", SECRETS)
@pytest.mark.parametrize(
    "place",
    [
        "madebuy:edge.zone",
        "madebuy:accounts.cloudflare_account_id",
        "madebuy:database.access[0].comment",
        "madebuy:apps.web.aliases[1]",
        "madebuy:adopt.redis",
        "madebuy:nonsense",
        "madebuy:cache",
        "cloudflare:email",
    ],
)
def test_rejects_a_secret_by_its_shape_wherever_it_stands(place: str, secret: str) -> None:
    error = refusal("prod", {place: secret})

    assert f"{place}: " in str(error)
    assert "is here in plain text" in str(error)
    assert _RANDOM not in str(error)
    assert secret not in str(error)


@pytest.mark.parametrize("name", ["token", "apiKey", "password", "client_secret", "privateKey", "webhook_secret"])
def test_rejects_a_secret_by_its_name_and_says_nothing_else_about_it(name: str) -> None:
    place = f"madebuy:secrets.{name}"
    rejects({place: "hunter2"}, at=place, says="enter it in Doppler")
    assert "hunter2" not in str(refusal("prod", {place: "hunter2"}))


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_used_as_a_name_is_not_repeated(secret: str) -> None:
    assert secret not in str(refusal("prod", {"madebuy:adopt": {secret: "x"}}))


def test_rejects_encrypted_settings_and_looks_no_further_into_them() -> None:
    error = refusal("prod", {"madebuy:edge": {"zone": "hunter2"}}, secret_keys=("madebuy:edge",))

    assert "madebuy:edge: this is encrypted" in str(error)
    assert "hunter2" not in str(error)


@effort(deadline=None)
@given(st.from_regex(r"[A-Za-z]{6}[0-9]{4}[A-Za-z0-9]{6,40}", fullmatch=True))
def test_a_text_that_looks_random_is_never_repeated(text: str) -> None:
    for place in (
        "madebuy:edge.plan",
        "madebuy:edge.zone",
        "madebuy:apps.web.host",
        "madebuy:profile",
        "madebuy:cache",
    ):
        with pytest.raises(SettingsError) as caught:
            load("prod", changed("prod", {place: text}))
        assert text not in str(caught.value)
