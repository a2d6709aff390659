"""Who is turned away before a request costs anything: rules, limits and bots."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from settings.base import Setting, wrong
from settings.errors import Problem
from settings.stripe import WebhookSources
from settings.types import Country, Date, Seconds, UrlPath


class RateLimit(Setting):
    """How often one address may call the public API (audit 2.3: 10 requests in 10 seconds for anonymous visitors)."""

    requests: int = Field(10, ge=1, le=10_000, description="Requests that one address may send in a period.")
    period_seconds: Seconds = Field(10, description="The period in seconds. Plans allow some values only.")
    mitigation_seconds: Seconds = Field(
        10, description="Seconds for which an address that sent more is turned away. Plans allow some values only."
    )
    paths: tuple[UrlPath, ...] = Field(
        ("/api/",), min_length=1, description="Beginnings of the paths that count, on the hosts of the web app."
    )
    every_host: bool = Field(
        False,
        description="Whether the dashboard's API counts too. A rule of plan free can't see the host: it needs true.",
    )


class SignInLimit(Setting):
    """How often one address may try a password, on the dashboard."""

    attempts: int = Field(5, ge=1, le=1000, description="Attempts that one address may make in a period.")
    period_seconds: Seconds = Field(60, description="The period in seconds. Plans allow some values only.")
    mitigation_seconds: Seconds = Field(
        600, description="Seconds for which an address that tried more is turned away. Plans allow some values only."
    )
    paths: tuple[UrlPath, ...] = Field(
        ("/api/auth/callback/credentials",),
        min_length=1,
        description="The paths that take a password; the default is NextAuth's.",
    )


class Firewall(Setting):
    """Who is turned away before a request costs anything."""

    stripe_webhook_path: UrlPath = Field(
        "/api/webhooks/stripe",
        description="The path Stripe calls. Its published addresses pass every other rule there.",
    )
    stripe_list_verified_on: Date | None = Field(
        None,
        description="The day a person last compared the list of Stripe's addresses with Stripe's own "
        "(`python -m operations stripe-addresses`). Everyone else is blocked from the webhook path only once this is "
        "set: a stale list drops payments in silence. Again every 30 days, or null.",
    )
    blocked_paths: tuple[UrlPath, ...] = Field(
        ("/.env", "/.git", "/wp-admin", "/wp-login.php", "/xmlrpc.php"),
        description="Beginnings of paths that only scanners ask for.",
    )
    scrapers: bool = Field(True, description="Whether programs that name themselves as scrapers are turned away.")
    dashboard_countries: tuple[Country, ...] = Field(
        (),
        description="Countries from which makers sign in; visitors of the dashboard from others are challenged first. "
        "Empty: no challenge.",
        examples=[["AU", "NZ"]],
    )

    def contradictions(self) -> Iterator[Problem]:
        """A comparison made before the list was taken over is about another list."""
        compared_on, retrieved = self.stripe_list_verified_on, WebhookSources.load().retrieved
        if compared_on and compared_on < retrieved:
            yield wrong(
                "stripe_list_verified_on",
                f"these addresses of Stripe's were taken over on {retrieved}, so on {compared_on} another list was "
                "compared, and a block by this one could drop payments. Run `python -m operations stripe-addresses` "
                "and write its day, or null, which blocks nobody.",
            )


class Bots(Setting):
    """What happens to automated visitors. Not written: what the plan can do without stopping webhooks or probes."""

    automated: Literal["allow", "managed_challenge", "block"] | None = Field(
        None, description="What meets visitors that are surely programs. Pro and up; by default a challenge."
    )
    likely_automated: Literal["allow", "managed_challenge", "block"] | None = Field(
        None, description="What meets visitors that are probably programs. Business and up; by default a challenge."
    )
    ai_crawlers: Literal["block", "disabled"] = Field(
        "block", description="block: makers' words and pictures are not taken for training. disabled: they may be."
    )
