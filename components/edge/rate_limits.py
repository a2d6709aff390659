"""How often one address may ask: the public API's limit, and a tighter one on passwords."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi_cloudflare as cloudflare

from components.edge import expressions as ex

if TYPE_CHECKING:
    from settings import Apps, Edge, RateLimit, SignInLimit

BY_ADDRESS = ("cf.colo.id", "ip.src")
"""What is counted by on plans below Enterprise: the address, in each of Cloudflare's data centres for itself."""


def rate_limit_rules(edge: Edge, apps: Apps) -> list[cloudflare.RulesetRuleArgs]:
    """The zone's limits. An address that breaks one is blocked for the mitigation time, and no rule after it runs."""
    rules = [_public_api(edge, apps)]
    if edge.sign_in_limit:
        rules.insert(0, _sign_in(edge.sign_in_limit, apps))
    return rules


def _public_api(edge: Edge, apps: Apps) -> cloudflare.RulesetRuleArgs:
    """Audit 2.3: 10 requests in 10 seconds for anonymous visitors.

    A rule below Enterprise can't see a session, so it counts every client of the shops; the dashboard's API is left to
    the app's own limit by user. No cookie excuses anyone: anyone can send one. A host that is not the dashboard's is a
    shop's: the zone's own name, a tenant below the wildcard, or a maker's own domain.
    """
    limit = edge.rate_limit
    live = {edge.firewall.stripe_webhook_path, *(app.health_path for app in apps.apps().values())}
    terms = [ex.starts_with(ex.PATH, *limit.paths), ex.negation(ex.one_of(ex.PATH, live))]
    if not limit.every_host:
        terms.append(ex.negation(ex.one_of(ex.HOST, apps.admin.hosts)))
    return _block_above(
        limit.requests,
        limit,
        ref="public-api",
        description=f"{limit.requests} requests in {limit.period_seconds} s to the public API",
        expression=ex.all_of(*terms),
    )


def _sign_in(limit: SignInLimit, apps: Apps) -> cloudflare.RulesetRuleArgs:
    return _block_above(
        limit.attempts,
        limit,
        ref="sign-in",
        description=f"{limit.attempts} passwords in {limit.period_seconds} s",
        expression=ex.all_of(ex.one_of(ex.HOST, apps.admin.hosts), ex.one_of(ex.PATH, limit.paths)),
    )


def _block_above(
    requests: int, limit: RateLimit | SignInLimit, *, ref: str, description: str, expression: str
) -> cloudflare.RulesetRuleArgs:
    return cloudflare.RulesetRuleArgs(
        ref=ref,
        description=description,
        expression=expression,
        action="block",
        ratelimit=cloudflare.RulesetRuleRatelimitArgs(
            characteristics=list(BY_ADDRESS),
            requests_per_period=requests,
            period=limit.period_seconds,
            mitigation_timeout=limit.mitigation_seconds,
            requests_to_origin=False,
        ),
        enabled=True,
    )
