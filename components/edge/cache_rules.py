"""What Cloudflare answers with itself, and what it must always ask the origin for.

Cache rules decide what may be kept, and the last one that matches wins. How long a shared response is fresh is said
by the origin, or by a cache response rule where the origin says nothing: an edge TTL in a cache rule could not go
below the plan's minimum (2 hours on Free, 1 on Pro). Neither names the method: a purge of one file asks with one of
its own.

Source: Cloudflare docs, cache/how-to/cache-rules and cache-response-rules (read 2026-11).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi_cloudflare as cloudflare

from components.edge import expressions as ex

if TYPE_CHECKING:
    from settings import Caching

YEAR_SECONDS = 31_536_000
NO_STORE = -1
OK = 200
FIRST_ERROR = 400

REACT_HEADERS = ("next-router-prefetch", "next-router-state-tree", "rsc")
"""With one of these Next.js answers with React's own format under the address of a page. It says so in Vary, which
Cloudflare does not follow: kept, one would be shown in place of the other."""


def cache_rules(caching: Caching) -> list[cloudflare.RulesetRuleArgs]:
    """What may be kept: shared responses, nothing of a person's own, and files that never change."""
    return [
        *_shared(caching),
        cloudflare.RulesetRuleArgs(
            ref="private-requests",
            description="Sessions, credentials and React's own format",
            expression=is_private(caching),
            action="set_cache_settings",
            action_parameters=cloudflare.RulesetRuleActionParametersArgs(cache=False),
            enabled=True,
        ),
        *_static(caching),
    ]


def response_rules(caching: Caching) -> list[cloudflare.RulesetRuleArgs]:
    """For how long a shared response is kept when the app says nothing about it."""
    if not caching.shared_paths:
        return []
    silent = ex.negation(ex.has_header("cache-control", "set-cookie", of="response"))
    answered = ex.all_of(
        ex.starts_with(ex.PATH, *caching.shared_paths),
        ex.negation(is_private(caching)),
        ex.number_equals(ex.STATUS, OK),
        silent,
    )
    return [
        cloudflare.RulesetRuleArgs(
            ref="shared-responses-time",
            description=f"Fresh for {caching.shared_seconds} s where the app does not say",
            expression=answered,
            action="set_cache_control",
            action_parameters=cloudflare.RulesetRuleActionParametersArgs(
                public=cloudflare.RulesetRuleActionParametersPublicArgs(operation="set"),
                max_age=cloudflare.RulesetRuleActionParametersMaxAgeArgs(operation="set", value=caching.shared_seconds),
                stale_while_revalidate=cloudflare.RulesetRuleActionParametersStaleWhileRevalidateArgs(
                    operation="set", value=caching.stale_seconds
                ),
            ),
            enabled=True,
        )
    ]


def is_private(caching: Caching) -> str:
    """The request carries something that makes the answer its sender's own, or of another format."""
    return ex.any_of(
        ex.contains_any(ex.COOKIES, caching.session_cookies), ex.has_header("authorization", *REACT_HEADERS)
    )


def _shared(caching: Caching) -> list[cloudflare.RulesetRuleArgs]:
    if not caching.shared_paths:
        return []
    return [
        cloudflare.RulesetRuleArgs(
            ref="shared-responses",
            description="Listings, for as long as the app or the response rule says",
            expression=ex.starts_with(ex.PATH, *caching.shared_paths),
            action="set_cache_settings",
            action_parameters=cloudflare.RulesetRuleActionParametersArgs(
                cache=True,
                edge_ttl=cloudflare.RulesetRuleActionParametersEdgeTtlArgs(mode="bypass_by_default"),
                browser_ttl=cloudflare.RulesetRuleActionParametersBrowserTtlArgs(mode="respect_origin"),
                serve_stale=cloudflare.RulesetRuleActionParametersServeStaleArgs(disable_stale_while_updating=False),
            ),
            enabled=True,
        )
    ]


def _static(caching: Caching) -> list[cloudflare.RulesetRuleArgs]:
    """An error is never kept: during a deployment an origin may not have the newest files yet."""
    if not caching.static_paths:
        return []
    errors = cloudflare.RulesetRuleActionParametersEdgeTtlStatusCodeTtlArgs(
        status_code_range=cloudflare.RulesetRuleActionParametersEdgeTtlStatusCodeTtlStatusCodeRangeArgs(
            from_=FIRST_ERROR
        ),
        value=NO_STORE,
    )
    return [
        cloudflare.RulesetRuleArgs(
            ref="static-files",
            description="Files that never change under the same name",
            expression=ex.starts_with(ex.PATH, *caching.static_paths),
            action="set_cache_settings",
            action_parameters=cloudflare.RulesetRuleActionParametersArgs(
                cache=True,
                edge_ttl=cloudflare.RulesetRuleActionParametersEdgeTtlArgs(
                    mode="override_origin", default=YEAR_SECONDS, status_code_ttls=[errors]
                ),
                browser_ttl=cloudflare.RulesetRuleActionParametersBrowserTtlArgs(mode="respect_origin"),
            ),
            enabled=True,
        )
    ]
