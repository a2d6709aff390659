"""What the vendors refuse beyond their schemas; docs/SANDBOX.md lists every rule with its source."""

from importlib import import_module

from sandbox.rules.record import RULES, Ask, Rule, breaches, refusals

for _room in (
    "cloudflare_zone",
    "cloudflare_dns",
    "cloudflare_rulesets",
    "cloudflare_rate_limits",
    "cloudflare_traffic",
    "cloudflare_account",
    "r2",
    "atlas_project",
    "atlas_access",
    "atlas_clusters",
    "atlas_settings",
    "atlas_backups",
    "upstash",
    "doppler",
    "aws",
):
    import_module(f"sandbox.rules.{_room}")  # importing a room registers its rules

__all__ = ["RULES", "Ask", "Rule", "breaches", "refusals"]
