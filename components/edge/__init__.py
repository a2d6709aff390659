"""Cloudflare: everything between a visitor and an origin."""

from components.edge.account_alerts import AccountAlerts, AccountAlertsArgs
from components.edge.bots import Bots, BotsArgs
from components.edge.delivery import Delivery, DeliveryArgs
from components.edge.edge import Edge, EdgeArgs
from components.edge.firewall import Firewall, FirewallArgs
from components.edge.origin_certificates import OriginCertificates, OriginCertificatesArgs
from components.edge.records import Records, RecordsArgs
from components.edge.tenants import CustomDomains, CustomDomainsArgs
from components.edge.traffic import Traffic, TrafficArgs
from components.edge.turnstile import Turnstile, TurnstileArgs
from components.edge.watch import Watch, WatchArgs
from components.edge.zone import Zone, ZoneArgs

__all__ = [
    "AccountAlerts",
    "AccountAlertsArgs",
    "Bots",
    "BotsArgs",
    "CustomDomains",
    "CustomDomainsArgs",
    "Delivery",
    "DeliveryArgs",
    "Edge",
    "EdgeArgs",
    "Firewall",
    "FirewallArgs",
    "OriginCertificates",
    "OriginCertificatesArgs",
    "Records",
    "RecordsArgs",
    "Traffic",
    "TrafficArgs",
    "Turnstile",
    "TurnstileArgs",
    "Watch",
    "WatchArgs",
    "Zone",
    "ZoneArgs",
]
