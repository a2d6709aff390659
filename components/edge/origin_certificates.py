"""Certificates on the way from Cloudflare to origins that MadeBuy runs itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi_cloudflare as cloudflare
import pulumi_tls as tls

from components.base import Component, ComponentArgs

if TYPE_CHECKING:
    import pulumi

    from settings import Edge, OriginTls

HOURS_A_DAY = 24


@dataclass(frozen=True, kw_only=True)
class OriginCertificatesArgs(ComponentArgs):
    """How long certificates hold and whether Cloudflare shows one, and the zone they are for."""

    settings: Edge
    origin_tls: OriginTls
    zone_id: pulumi.Input[str]


class OriginCertificates(Component):
    """The certificate that an origin shows Cloudflare, and the one that Cloudflare shows the origin.

    Owns the Origin CA certificate for the zone and its wildcard, which Full (strict) accepts and browsers don't, and
    with `authenticated_pulls` a client certificate of MadeBuy's own: Cloudflare's shared one would let in every other
    customer of Cloudflare (docs, authenticated-origin-pull/set-up/zone-level). `secrets.AppEnvironments`
    hands them over; installing them is left to whoever sets origins up. `private_key` is a secret.

    Keys and certificates are protected in production: an origin goes on showing the one that a person installed, and
    asking for the other, so that new ones take the shop down until it has them.
    """

    def __init__(self, name: str, args: OriginCertificatesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("edge:OriginCertificates", name, args.deployment, opts)
        zone = args.settings.zone
        key = self._key(f"{name}-key")
        request = tls.CertRequest(
            f"{name}-request",
            private_key_pem=key.private_key_pem,
            subject=tls.CertRequestSubjectArgs(common_name=zone),
            opts=self.child(),
        )
        certificate = cloudflare.OriginCaCertificate(
            f"{name}-certificate",
            csr=request.cert_request_pem,
            hostnames=[zone, f"*.{zone}"],
            request_type="origin-ecc",
            requested_validity=args.origin_tls.validity_days,
            opts=self.child(stateful=True),
        )
        self.certificate = certificate.certificate
        self.expires_on = certificate.expires_on
        self.private_key = key.private_key_pem
        self.client_certificate = self._pull(name, args) if args.origin_tls.authenticated_pulls else None
        self.register_outputs(
            {
                "certificate": self.certificate,
                "expires_on": self.expires_on,
                "private_key": self.private_key,
                "client_certificate": self.client_certificate,
            }
        )

    def _pull(self, name: str, args: OriginCertificatesArgs) -> pulumi.Output[str]:
        key = self._key(f"{name}-client-key")
        client = tls.SelfSignedCert(
            f"{name}-client",
            private_key_pem=key.private_key_pem,
            subject=tls.SelfSignedCertSubjectArgs(common_name=f"cloudflare.{args.settings.zone}"),
            validity_period_hours=args.origin_tls.validity_days * HOURS_A_DAY,
            allowed_uses=["client_auth", "digital_signature"],
            opts=self.child(stateful=True),
        )
        uploaded = cloudflare.AuthenticatedOriginPullsCertificate(
            f"{name}-client-certificate",
            zone_id=args.zone_id,
            certificate=client.cert_pem,
            private_key=key.private_key_pem,
            opts=self.child(),
        )
        cloudflare.AuthenticatedOriginPullsSettings(
            f"{name}-authenticated-pulls", zone_id=args.zone_id, enabled=True, opts=self.child(depends_on=[uploaded])
        )
        return client.cert_pem

    def _key(self, name: str) -> tls.PrivateKey:
        return tls.PrivateKey(name, algorithm="ECDSA", ecdsa_curve="P256", opts=self.child(stateful=True))
