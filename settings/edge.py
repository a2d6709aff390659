"""What stands between a visitor and an origin: zone, TLS, rate limit, firewall, load balancer."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from settings.base import Setting, wrong
from settings.errors import Problem
from settings.limits import CloudflarePlan
from settings.types import Date, Seconds, UrlPath, Zone

_PRELOAD_DAYS = 365


class Hsts(Setting):
    """How long a browser insists on https after one visit. It can't be taken back before that time is over."""

    max_age_days: int = Field(
        30,
        ge=1,
        le=730,
        description="Days a browser remembers. Start with 30, then a year (audit 6.1: A+ on SSL Labs).",
    )
    include_subdomains: bool = Field(
        True, description="Whether it covers every name below the zone, makers' shops too."
    )
    preload: bool = Field(
        False, description="Whether to ask for a place in the browsers' built-in list. Leaving that list takes months."
    )

    def contradictions(self) -> Iterator[Problem]:
        """The browsers' list has conditions. Source: https://hstspreload.org (read 2026-08)."""
        if self.preload and (self.max_age_days < _PRELOAD_DAYS or not self.include_subdomains):
            yield wrong(
                "preload",
                f"the browsers' list takes no zone with less than {_PRELOAD_DAYS} days or without its subdomains. "
                f"Write max_age_days: {_PRELOAD_DAYS} and include_subdomains: true, or preload: false.",
            )


class TlsException(Setting):
    """Why certificates of origins go unchecked, and until when. The policy pack blocks it after that day."""

    reason: str = Field(
        min_length=10,
        max_length=200,
        description="Why Full (strict) is not possible.",
        examples=["Railway's edge presents its own certificate for our hosts."],
    )
    ticket: str = Field(
        min_length=2, max_length=60, description="Where the way back is tracked.", examples=["INFRA-12"]
    )
    expires: Date = Field(description="The last day on which this holds.", examples=["2027-01-31"])


class Tls(Setting):
    """How visitors' and origins' connections are encrypted."""

    mode: Literal["strict", "full"] = Field(
        "strict",
        description="strict: Cloudflare checks the origin's certificate. full: it encrypts to anyone who answers, and "
        "needs an exception.",
    )
    exception: TlsException | None = Field(None, description="The reason and expiry that mode full needs.")
    minimum_version: Literal["1.2", "1.3"] = Field("1.2", description="The oldest TLS version that visitors may use.")
    hsts: Hsts = Field(default_factory=Hsts, description="How long a browser insists on https after one visit.")

    def contradictions(self) -> Iterator[Problem]:
        """An unchecked origin needs a reason, and a checked one has none."""
        if self.mode == "full" and self.exception is None:
            yield wrong(
                "mode",
                '"full" encrypts to whoever answers in the origin\'s place, so it needs a reason and an end. '
                'Write mode: strict, or add exception: {reason: ..., ticket: ..., expires: "2027-01-31"}.',
            )
        if self.mode == "strict" and self.exception is not None:
            yield wrong("exception", "mode is strict, so there is nothing to except. Remove exception.")


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


class Firewall(Setting):
    """Who is turned away before a request costs anything."""

    stripe_webhook_path: UrlPath = Field(
        "/api/webhooks/stripe",
        description="The path Stripe calls. Its published addresses pass every other rule there.",
    )
    stripe_list_verified_on: Date | None = Field(
        None,
        description="The day a person last compared the list of Stripe's addresses with Stripe's own. Everyone else is "
        "blocked from the webhook path only once this is set: a stale list drops payments in silence.",
    )
    blocked_paths: tuple[UrlPath, ...] = Field(
        ("/.env", "/.git", "/wp-admin", "/wp-login.php", "/xmlrpc.php"),
        description="Beginnings of paths that only scanners ask for.",
    )


class LoadBalancer(Setting):
    """How soon a dead origin is noticed, and from where Cloudflare looks."""

    interval_seconds: int = Field(
        60, ge=10, le=3600, description="Seconds between two checks; 15 or more below Enterprise."
    )
    retries: int = Field(2, ge=0, le=5, description="Further tries, at once, before a check counts as failed.")
    timeout_seconds: int = Field(5, ge=1, le=10, description="Seconds that one try waits for an answer.")
    region: Literal["OC", "SEAS", "SAS", "NEAS", "WNAM", "ENAM", "WEU", "EEU"] = Field(
        "OC", description="The Cloudflare region that checks: OC is Oceania."
    )
    session_affinity: Literal["none", "cookie"] = Field(
        "none", description="Whether a visitor stays on one origin. Sessions are in Redis, so that none is needed."
    )

    @property
    def detection_seconds(self) -> int:
        """Seconds from an origin's death to its last visitor, at most: one interval and every try of one check.

        Retries follow at once. Source: `retries` and `interval` of LoadBalancerMonitor in the provider's documentation.
        """
        return self.interval_seconds + self.timeout_seconds * (self.retries + 1)

    def contradictions(self) -> Iterator[Problem]:
        """One check is over before the next one starts."""
        longest = self.timeout_seconds * (self.retries + 1)
        if longest > self.interval_seconds:
            yield wrong(
                "interval_seconds",
                f"a check with {self.retries} retries of {self.timeout_seconds} s can take {longest} s and would still "
                f"run when the next one starts after {self.interval_seconds} s. "
                f"Write at least {longest}, or fewer retries.",
            )


class Edge(Setting):
    """One Cloudflare zone and what it does with a request."""

    zone: Zone = Field(
        description="The domain this stack owns at Cloudflare: a registered name, never one below another zone.",
        examples=["madebuy.com.au"],
    )
    plan: CloudflarePlan = Field(CloudflarePlan.PRO, description="The zone's plan. The audit asks for pro (2.3).")
    tls: Tls = Field(default_factory=Tls, description="How connections are encrypted.")
    rate_limit: RateLimit = Field(
        default_factory=RateLimit, description="How often one address may call the public API."
    )
    firewall: Firewall = Field(default_factory=Firewall, description="Who is turned away.")
    load_balancer: LoadBalancer | None = Field(
        None, description="Spreads visitors over two origins or more. null: all of them go to the first origin."
    )
    turnstile: bool = Field(True, description="Whether forms of both apps get a CAPTCHA widget and its keys.")

    def contradictions(self) -> Iterator[Problem]:
        """What the zone's plan does not take."""
        limits = self.plan.limits
        times = {
            "period_seconds": (self.rate_limit.period_seconds, limits.rate_limit_periods),
            "mitigation_seconds": (self.rate_limit.mitigation_seconds, limits.rate_limit_mitigations),
        }
        for field, (asked, allowed) in times.items():
            if asked not in allowed:
                yield Problem(
                    ("rate_limit", field),
                    f"plan {self.plan} does not take {asked} seconds, so Cloudflare would refuse the rule. "
                    f"Write one of: {', '.join(map(str, allowed))}; or a larger plan.",
                )
        shortest, _ = limits.load_balancer_interval
        if self.load_balancer and self.load_balancer.interval_seconds < shortest:
            yield Problem(
                ("load_balancer", "interval_seconds"),
                f"plan {self.plan} checks no more often than every {shortest} seconds. Write {shortest} or more.",
            )
