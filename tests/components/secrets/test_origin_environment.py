"""What whoever sets up an origin finds in Doppler."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pulumi
import pulumiverse_doppler as doppler

from components.secrets.origin_environment import OriginEnvironment, OriginEnvironmentArgs
from tests.components.deployments import deployment
from tests.components.mocks import Deployed, deploy

if TYPE_CHECKING:
    from components.edge import OriginCertificates


class Certificates:
    """The outputs of `edge.OriginCertificates`."""

    def __init__(self, *, authenticated_pulls: bool) -> None:
        self.certificate = pulumi.Output.from_input("SIGNED")
        self.private_key = pulumi.Output.secret("PRIVATE")
        self.client_certificate = pulumi.Output.from_input("CLIENT") if authenticated_pulls else None


def origin(*, authenticated_pulls: bool = True) -> Deployed:
    def program() -> None:
        environment = doppler.Environment("environment", project="madebuy-prod", slug="production", name="Production")
        certificates = cast("OriginCertificates", Certificates(authenticated_pulls=authenticated_pulls))
        args = OriginEnvironmentArgs(deployment=deployment(), environment=environment, certificates=certificates)
        OriginEnvironment("origin", args)

    return deploy(program)


def written(deployed: Deployed) -> dict[str, str]:
    return {each.inputs["name"]: each.inputs["value"] for each in deployed.of_type("Secret")}


def test_the_certificates_and_the_key_are_in_a_config_of_the_origins_own() -> None:
    deployed = origin()

    assert written(deployed) == {
        "ORIGIN_CERTIFICATE": "SIGNED",
        "ORIGIN_PRIVATE_KEY": "PRIVATE",
        "ORIGIN_CLIENT_CERTIFICATE": "CLIENT",
    }
    assert {each.inputs["config"] for each in deployed.of_type("Secret")} == {"production_origin"}


def test_an_origin_that_asks_for_no_certificate_is_given_none_to_ask_for() -> None:
    assert "ORIGIN_CLIENT_CERTIFICATE" not in written(origin(authenticated_pulls=False))


def test_the_key_alone_is_masked_and_every_value_is_a_secret_input() -> None:
    secrets = origin().of_type("Secret")

    assert {each.inputs["name"] for each in secrets if each.inputs["visibility"] == "masked"} == {"ORIGIN_PRIVATE_KEY"}
    assert all("value" in each.secrets for each in secrets)


def test_no_token_that_lives_on_opens_it() -> None:
    assert not origin().of_type("ServiceToken")
