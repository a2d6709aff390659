"""The whole edge of one zone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from components.base import Component, ComponentArgs
from components.edge.bots import Bots, BotsArgs
from components.edge.delivery import Delivery, DeliveryArgs
from components.edge.firewall import Firewall, FirewallArgs
from components.edge.origin_certificates import OriginCertificates, OriginCertificatesArgs
from components.edge.records import Records, RecordsArgs
from components.edge.tenants import CustomDomains, CustomDomainsArgs
from components.edge.traffic import Traffic, TrafficArgs
from components.edge.turnstile import Turnstile, TurnstileArgs
from components.edge.watch import Watch, WatchArgs
from components.edge.zone import Zone, ZoneArgs

if TYPE_CHECKING:
    import pulumi

    from settings import Apps, Monitoring
    from settings import Edge as EdgeSettings


@dataclass(frozen=True, kw_only=True)
class EdgeArgs(ComponentArgs):
    """The zone's settings, the apps behind it and the people who are told."""

    settings: EdgeSettings
    apps: Apps
    monitoring: Monitoring


class Edge(Component):
    """Everything between a visitor and an origin, in one zone.

    Owns which parts there are, and hands the zone to each: the settings decide whether there are makers' own domains,
    origin certificates and a CAPTCHA. Leaves every decision inside a part to that part.
    """

    def __init__(self, name: str, args: EdgeArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("edge:Edge", name, args.deployment, opts)
        of, edge, apps = args.deployment, args.settings, args.apps
        zone = Zone(f"{name}-zone", ZoneArgs(deployment=of, settings=edge), self.child())
        zone_id = zone.zone_id
        Records(f"{name}-records", RecordsArgs(deployment=of, settings=edge, zone_id=zone_id), self.child())
        traffic = Traffic(
            f"{name}-traffic", TrafficArgs(deployment=of, settings=edge, apps=apps, zone_id=zone_id), self.child()
        )
        Firewall(
            f"{name}-firewall", FirewallArgs(deployment=of, settings=edge, apps=apps, zone_id=zone_id), self.child()
        )
        Bots(f"{name}-bots", BotsArgs(deployment=of, settings=edge, zone_id=zone_id), self.child())
        Delivery(f"{name}-delivery", DeliveryArgs(deployment=of, settings=edge, zone_id=zone_id), self.child())
        watch = WatchArgs(
            deployment=of,
            settings=edge,
            apps=apps,
            monitoring=args.monitoring,
            zone_id=zone_id,
            pool_ids=traffic.pool_ids,
        )
        Watch(f"{name}-watch", watch, self.child())
        self.zone_id = zone_id
        self.name_servers = zone.name_servers
        self.ds_record = zone.ds_record
        self.detection_seconds = traffic.detection_seconds
        self.turnstile = self._turnstile(name, args) if edge.turnstile else None
        self.custom_domain_target = self._custom_domains(name, args)
        self.origin_certificates = self._origin_certificates(name, args)
        self.register_outputs(
            {
                "zone_id": self.zone_id,
                "name_servers": self.name_servers,
                "ds_record": self.ds_record,
                "detection_seconds": self.detection_seconds,
                "custom_domain_target": self.custom_domain_target,
            }
        )

    def _turnstile(self, name: str, args: EdgeArgs) -> Turnstile:
        widget = TurnstileArgs(deployment=args.deployment, settings=args.settings, apps=args.apps)
        return Turnstile(f"{name}-turnstile", widget, self.child())

    def _custom_domains(self, name: str, args: EdgeArgs) -> str | None:
        """The host that makers point their own domains at, where they may bring one."""
        if args.settings.tenant_domains is None:
            return None
        domains = CustomDomainsArgs(
            deployment=args.deployment,
            settings=args.settings.tenant_domains,
            tls=args.settings.tls,
            apps=args.apps,
            zone_id=self.zone_id,
        )
        return CustomDomains(f"{name}-custom-domains", domains, self.child()).target

    def _origin_certificates(self, name: str, args: EdgeArgs) -> OriginCertificates | None:
        if args.settings.origin_tls is None:
            return None
        certificates = OriginCertificatesArgs(
            deployment=args.deployment,
            settings=args.settings,
            origin_tls=args.settings.origin_tls,
            zone_id=self.zone_id,
        )
        return OriginCertificates(f"{name}-origin-certificates", certificates, self.child())
