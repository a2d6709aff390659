"""Makers' own domains in front of their shops."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi_cloudflare as cloudflare

from components.base import Component, ComponentArgs

if TYPE_CHECKING:
    import pulumi

    from settings import Apps, TenantDomains, Tls


@dataclass(frozen=True, kw_only=True)
class CustomDomainsArgs(ComponentArgs):
    """The makers' hosts, and where their visitors go."""

    settings: TenantDomains
    tls: Tls
    apps: Apps
    zone_id: pulumi.Input[str]


class CustomDomains(Component):
    """Cloudflare for SaaS: a certificate and a way to the web app for every domain that a maker brings.

    Owns the fallback origin and one custom hostname per maker; each is a resource of its own, so one broken domain
    stops no other. The maker makes a CNAME to the web app's host, which is also the fallback origin: it is proxied,
    and balanced where there is a balancer. Until then Cloudflare waits, and validates the certificate over http.
    Leaves the shop of a host to the app, which reads the Host header.
    """

    def __init__(self, name: str, args: CustomDomainsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("edge:CustomDomains", name, args.deployment, opts)
        self.target = args.apps.web.host
        fallback = cloudflare.CustomHostnameFallbackOrigin(
            f"{name}-fallback", zone_id=args.zone_id, origin=self.target, opts=self.child()
        )
        for host in args.settings.hosts:
            cloudflare.CustomHostname(
                f"{name}-{host}",
                zone_id=args.zone_id,
                hostname=host,
                ssl=cloudflare.CustomHostnameSslArgs(
                    method="http",
                    type="dv",
                    settings=cloudflare.CustomHostnameSslSettingsArgs(
                        min_tls_version=args.tls.minimum_version, http2="on"
                    ),
                ),
                opts=self.child(depends_on=[fallback]),
            )
        self.register_outputs({"target": self.target})
