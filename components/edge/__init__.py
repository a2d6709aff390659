"""Cloudflare: everything between a visitor and an origin."""

from components.edge.firewall import Firewall, FirewallArgs
from components.edge.traffic import Traffic, TrafficArgs
from components.edge.turnstile import Turnstile, TurnstileArgs
from components.edge.zone import Zone, ZoneArgs

__all__ = [
    "Firewall",
    "FirewallArgs",
    "Traffic",
    "TrafficArgs",
    "Turnstile",
    "TurnstileArgs",
    "Zone",
    "ZoneArgs",
]
