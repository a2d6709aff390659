"""The zone itself: its plan, and what every host in it shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pulumi_cloudflare as cloudflare

from components.base import Component, ComponentArgs
from settings import CloudflarePlan, Role

if TYPE_CHECKING:
    import pulumi

    from settings import Edge, Hsts, Tls

DAY_SECONDS = 86_400
AUTOMATIC_TTL = 1

CERTIFICATE_AUTHORITIES = ("letsencrypt.org", "pki.goog", "sectigo.com", "ssl.com")
"""Who may issue for the zone: the authorities that Cloudflare itself names once a zone has any CAA record, for
Universal SSL and its backup certificates. Let's Encrypt also serves the origins. Source: Cloudflare docs,
ssl/edge-certificates/caa-records (read 2026-11)."""

SUBSCRIBED_PLANS = (CloudflarePlan.PRO, CloudflarePlan.BUSINESS)
"""The plans that are bought through the API. A zone starts as Free, for which a subscription can't be created
(cloudflare/terraform-provider-cloudflare#7083); Enterprise is a contract."""


@dataclass(frozen=True, kw_only=True)
class ZoneArgs(ComponentArgs):
    """The edge settings of the stack."""

    settings: Edge


class Zone(Component):
    """The domain at Cloudflare: plan, TLS, DNSSEC and who may issue certificates for it.

    Owns the zone, its subscription, its TLS settings, DNSSEC, CAA and Universal SSL. Leaves hosts and their
    exceptions to `Traffic`, requests to `Firewall`, and the registrar to a person: `name_servers` and `ds_record` are
    what to enter there.

    Cloudflare has no delete for a zone setting or a subscription: leaving one out of the program keeps it (and its
    price). Write the value that should hold instead.
    """

    def __init__(self, name: str, args: ZoneArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("edge:Zone", name, args.deployment, opts)
        zone = cloudflare.Zone(
            f"{name}-zone",
            account=cloudflare.ZoneAccountArgs(id=args.deployment.accounts.cloudflare_account_id),
            name=args.settings.zone,
            type="full",
            opts=self.child(stateful=True, adopt=Role.ZONE),
        )
        # Everything else goes through this id, so nothing that needs the plan is made before the plan is paid for.
        self.zone_id = self._subscribe(name, args.settings.plan, zone)
        self.name_servers = zone.name_servers
        for setting, value in shared_settings(args.settings.tls).items():
            cloudflare.ZoneSetting(
                f"{name}-{setting.replace('_', '-')}",
                zone_id=self.zone_id,
                setting_id=setting,
                value=value,
                opts=self.child(),
            )
        cloudflare.UniversalSslSetting(f"{name}-universal-ssl", zone_id=self.zone_id, enabled=True, opts=self.child())
        self._authorise_issuers(name, args.settings.zone)
        dnssec = cloudflare.ZoneDnssec(f"{name}-dnssec", zone_id=self.zone_id, status="active", opts=self.child())
        self.ds_record = dnssec.ds
        self.register_outputs({"zone_id": self.zone_id, "name_servers": self.name_servers, "ds_record": self.ds_record})

    def _subscribe(self, name: str, plan: CloudflarePlan, zone: cloudflare.Zone) -> pulumi.Output[str]:
        if plan not in SUBSCRIBED_PLANS:
            return zone.id
        subscription = cloudflare.ZoneSubscription(
            f"{name}-plan",
            zone_id=zone.id,
            frequency="monthly",
            rate_plan=cloudflare.ZoneSubscriptionRatePlanArgs(id=plan.value),
            opts=self.child(),
        )
        return subscription.zone_id

    def _authorise_issuers(self, name: str, zone_name: str) -> None:
        for authority in CERTIFICATE_AUTHORITIES:
            for tag in ("issue", "issuewild"):
                cloudflare.DnsRecord(
                    f"{name}-caa-{tag}-{authority.replace('.', '-')}",
                    zone_id=self.zone_id,
                    name=zone_name,
                    type="CAA",
                    ttl=AUTOMATIC_TTL,
                    data=cloudflare.DnsRecordDataArgs(flags=0, tag=tag, value=authority),
                    opts=self.child(),
                )


def shared_settings(tls: Tls) -> dict[str, Any]:
    """Every zone setting by Cloudflare's id, in the form its API takes (`ZoneSetting.value` is untyped in the SDK)."""
    return {
        "ssl": "strict",  # exceptions are configuration rules, which say until when
        "min_tls_version": tls.minimum_version,
        "tls_1_3": "on",
        "0rtt": "off",  # early data can be replayed, and the webhook path takes POST
        "always_use_https": "on",
        "automatic_https_rewrites": "on",
        "opportunistic_encryption": "on",
        "security_header": {"strict_transport_security": _strict_transport_security(tls.hsts)},
    }


def _strict_transport_security(hsts: Hsts) -> dict[str, bool | int]:
    """HSTS, nested as the provider needs it: flat, it is a diff on every run (terraform-provider-cloudflare#6436)."""
    return {
        "enabled": True,
        "max_age": hsts.max_age_days * DAY_SECONDS,
        "include_subdomains": hsts.include_subdomains,
        "preload": hsts.preload,
        "nosniff": True,
    }
