import pytest

from components.edge import OriginCertificates, OriginCertificatesArgs
from settings import OriginTls
from tests.components.edge.example import ZONE_ID, deployment, edge
from tests.components.mocks import Deployed, deploy

KEYS = {"tls:index/privateKey:PrivateKey": {"privateKeyPem": "PRIVATE"}}
MADE = {
    "origins-request": {"certRequestPem": "REQUEST"},
    "origins-certificate": {"certificate": "SIGNED", "expiresOn": "2041-11-20"},
    "origins-client": {"certPem": "CLIENT"},
}


def certificates(*, authenticated_pulls: bool) -> Deployed:
    args = OriginCertificatesArgs(
        deployment=deployment(),
        settings=edge(),
        origin_tls=OriginTls(authenticated_pulls=authenticated_pulls, validity_days=365),
        zone_id=ZONE_ID,
    )
    return deploy(lambda: OriginCertificates("origins", args), answers={**KEYS, **MADE})


def test_the_certificate_is_for_the_zone_and_everything_below_it() -> None:
    inputs = certificates(authenticated_pulls=False)["origins-certificate"].inputs

    assert inputs["hostnames"] == ["madebuy.com.au", "*.madebuy.com.au"]
    assert (inputs["csr"], inputs["requestedValidity"]) == ("REQUEST", 365)


@pytest.mark.parametrize("authenticated_pulls", [True, False])
def test_the_key_leaves_as_a_secret_and_certificates_do_not(*, authenticated_pulls: bool) -> None:
    deployed = certificates(authenticated_pulls=authenticated_pulls)

    assert deployed.secret_outputs["origins"] == {"private_key"}
    assert deployed.outputs["origins"]["certificate"] == "SIGNED"


def test_cloudflare_shows_a_certificate_of_our_own_before_origins_ask_for_it() -> None:
    deployed = certificates(authenticated_pulls=True)

    assert deployed["origins-client-certificate"].inputs["certificate"] == "CLIENT"
    assert "privateKey" in deployed["origins-client-certificate"].secrets
    assert deployed["origins-authenticated-pulls"].inputs["enabled"] is True
    assert "origins-client-certificate" in deployed["origins-authenticated-pulls"].depends_on


def test_without_authenticated_pulls_nothing_is_uploaded() -> None:
    assert not certificates(authenticated_pulls=False).of_type("AuthenticatedOriginPullsCertificate")
