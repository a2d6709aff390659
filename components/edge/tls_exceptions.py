"""Configuration rules for hosts whose origins show a certificate that Cloudflare can't check."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi_cloudflare as cloudflare

from components.edge import expressions as ex
from settings import HostTlsException

if TYPE_CHECKING:
    from collections.abc import Iterator

    from settings import Apps, Tls, TlsException


def tls_exception_rules(tls: Tls, apps: Apps) -> list[cloudflare.RulesetRuleArgs]:
    """One rule for each exception, or one for all hosts. The zone itself stays strict.

    A rule has a description, which a zone's setting has not: what the exception says about itself goes there, for a
    reader of the zone's rules and for the policy pack, which blocks it after its last day.
    """
    if tls.exception:
        return [_full("everywhere", ex.EVERYTHING, tls.exception)]
    return [
        _full(exception.host.replace("*", "any"), _is_host(exception.host, apps), exception)
        for exception in tls.host_exceptions
    ]


def warnings(tls: Tls) -> Iterator[str]:
    """What every preview says of each exception, so that nobody hears of it first when the policies refuse it."""
    for one in (tls.exception, *tls.host_exceptions):
        if one:
            where = one.host if isinstance(one, HostTlsException) else "every host"
            yield (
                f"Whoever answers in the place of the origin behind {where} is trusted until {one.expires} "
                f"({one.ticket}): {one.reason}"
            )


def probed(what: str, exception: TlsException | None) -> str:
    """What a monitor or health check says about itself: what it asks, and until when it takes any certificate."""
    return f"{what}, any certificate until {exception.expires}, {exception.ticket}" if exception else what


def _full(name: str, expression: str, exception: TlsException) -> cloudflare.RulesetRuleArgs:
    return cloudflare.RulesetRuleArgs(
        ref=f"full-{name}",
        description=f"Full until {exception.expires}, {exception.ticket}: {exception.reason}",
        expression=expression,
        action="set_config",
        action_parameters=cloudflare.RulesetRuleActionParametersArgs(ssl="full"),
        enabled=True,
    )


def _is_host(host: str, apps: Apps) -> str:
    """The host alone; for the wildcard, tenants alone: a host with a record of its own is not under the wildcard."""
    if not host.startswith("*."):
        return ex.equals(ex.HOST, host)
    return ex.all_of(ex.ends_with(ex.HOST, host[1:]), ex.negation(ex.one_of(ex.HOST, apps.hosts())))
