"""What stands between a visitor and an origin: one Cloudflare zone, and what its plan can do."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from settings.base import Setting, wrong
from settings.delivery import Caching
from settings.errors import Problem
from settings.firewall import Bots, Firewall, RateLimit, SignInLimit
from settings.limits import CloudflareLimits, CloudflarePlan
from settings.mail import Mail, TextRecord
from settings.tls import OriginTls, Tls
from settings.types import Fqdn, Zone

OWN_RULES = 5
"""Firewall rules of our own without the dashboard's challenge, Stripe's two among them: all that plan free has."""


class TenantDomains(Setting):
    """Makers' own domains in front of their shops (Cloudflare for SaaS)."""

    hosts: tuple[Fqdn, ...] = Field(
        min_length=1,
        description="The makers' host names. 100 are in the price, each further one is $0.10 a month (read 2026-08).",
        examples=[["shop.example.com"]],
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
    sign_in_limit: SignInLimit | None = Field(
        default_factory=SignInLimit,
        description="How often one address may try a password. null: the app alone counts, as on plan free, which has "
        "one such rule.",
    )
    firewall: Firewall = Field(default_factory=Firewall, description="Who is turned away.")
    bots: Bots = Field(default_factory=Bots, description="What happens to automated visitors.")
    caching: Caching = Field(default_factory=Caching, description="What Cloudflare keeps a copy of.")
    load_balancer: LoadBalancer | None = Field(
        None, description="Spreads visitors over two origins or more. null: all of them go to the first origin."
    )
    origin_tls: OriginTls | None = Field(
        None, description="Certificates for origins that MadeBuy runs itself. null: they have certificates already."
    )
    tenant_domains: TenantDomains | None = Field(
        None, description="Makers' own domains. null: shops are below the zone only."
    )
    mail: Mail | None = Field(None, description="The domain's mail records. null: they are left alone.")
    text_records: tuple[TextRecord, ...] = Field((), description="Proofs that vendors ask for.")
    turnstile: bool = Field(True, description="Whether forms of both apps get a CAPTCHA widget and its keys.")

    def contradictions(self) -> Iterator[Problem]:
        """What the zone's plan does not take."""
        limits = self.plan.limits
        yield from self._unfit_times(limits)
        yield from self._unfit_rules(limits)
        shortest, _ = limits.load_balancer_interval
        if self.load_balancer and self.load_balancer.interval_seconds < shortest:
            yield Problem(
                ("load_balancer", "interval_seconds"),
                f"plan {self.plan} checks no more often than every {shortest} seconds. Write {shortest} or more.",
            )

    def _unfit_times(self, limits: CloudflareLimits) -> Iterator[Problem]:
        limits_asked = {"rate_limit": self.rate_limit, "sign_in_limit": self.sign_in_limit}
        for name, limit in list(limits_asked.items())[: limits.rate_limit_rules]:
            if limit is None:
                continue
            times = {
                "period_seconds": (limit.period_seconds, limits.rate_limit_periods),
                "mitigation_seconds": (limit.mitigation_seconds, limits.rate_limit_mitigations),
            }
            for field, (asked, allowed) in times.items():
                if asked not in allowed:
                    yield Problem(
                        (name, field),
                        f"plan {self.plan} does not take {asked} seconds, so Cloudflare would refuse the rule. "
                        f"Write one of: {', '.join(map(str, allowed))}; or a larger plan.",
                    )

    def _unfit_rules(self, limits: CloudflareLimits) -> Iterator[Problem]:
        if self.sign_in_limit and limits.rate_limit_rules < 2:
            yield wrong(
                "sign_in_limit",
                f"plan {self.plan} has one rate limiting rule, and the public API takes it. "
                "Write sign_in_limit: null, or plan: pro.",
            )
        if "http.host" not in limits.rate_limit_fields and not self.rate_limit.every_host:
            yield Problem(
                ("rate_limit", "every_host"),
                f"a rule of plan {self.plan} can't tell hosts apart, so makers at work in the dashboard would be "
                "turned away as if they were visitors. Write plan: pro, or every_host: true with requests that a "
                "dashboard can live with, such as 100.",
            )
        if self.firewall.dashboard_countries and limits.custom_rules <= OWN_RULES:
            yield Problem(
                ("firewall", "dashboard_countries"),
                f"plan {self.plan} has {limits.custom_rules} rules of our own, and all are in use. "
                "Write an empty list, or plan: pro.",
            )
        if self.bots.automated not in (None, "allow") and not limits.super_bot_fight_mode:
            yield Problem(
                ("bots", "automated"),
                f"plan {self.plan} can't tell programs apart without stopping Stripe's webhooks too (Bot Fight Mode "
                "has no exceptions). Leave it out, or write plan: pro.",
            )
        if self.bots.likely_automated not in (None, "allow") and not limits.likely_automated_bots:
            yield Problem(
                ("bots", "likely_automated"),
                f"plan {self.plan} knows sure cases only. Leave it out, or write plan: business.",
            )
