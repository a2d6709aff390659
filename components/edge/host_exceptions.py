"""Configuration rules for hosts whose origins show a certificate that Cloudflare can't check."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi_cloudflare as cloudflare

from components.edge import expressions as ex

if TYPE_CHECKING:
    from settings import Apps, Tls


def host_exception_rules(tls: Tls, apps: Apps) -> list[cloudflare.RulesetRuleArgs]:
    """One rule for each exception. What it says about itself goes where a reader of the zone's rules will see it."""
    return [
        cloudflare.RulesetRuleArgs(
            ref=f"full-{exception.host.replace('*', 'any')}",
            description=f"Full until {exception.expires}, {exception.ticket}: {exception.reason}",
            expression=_is_host(exception.host, apps),
            action="set_config",
            action_parameters=cloudflare.RulesetRuleActionParametersArgs(ssl="full"),
            enabled=True,
        )
        for exception in tls.host_exceptions
    ]


def _is_host(host: str, apps: Apps) -> str:
    """The host alone; for the wildcard, tenants alone: a host with a record of its own is not under the wildcard."""
    if not host.startswith("*."):
        return ex.equals(ex.HOST, host)
    return ex.all_of(ex.ends_with(ex.HOST, host[1:]), ex.negation(ex.one_of(ex.HOST, apps.hosts())))
