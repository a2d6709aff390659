"""How connections are encrypted: visitors' to Cloudflare, and Cloudflare's to the origins."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from settings.base import Setting, wrong
from settings.errors import Problem
from settings.types import Date, HostOrWildcard

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
        """The browsers' list asks for a year (Chromium's transport_security_state_static.json, a copy read 2026-11)."""
        if self.preload and (self.max_age_days < _PRELOAD_DAYS or not self.include_subdomains):
            yield wrong(
                "preload",
                f"the browsers' list takes no zone with less than {_PRELOAD_DAYS} days or without its subdomains. "
                f"Write max_age_days: {_PRELOAD_DAYS} and include_subdomains: true, or preload: false.",
            )


class TlsException(Setting):
    """Why certificates of origins go unchecked, and until when.

    The zone's rules say so to whoever reads them, and the policy pack reads the day there: it blocks what lasts longer.
    """

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


class HostTlsException(TlsException):
    """The same for one host, while every other host of the zone stays checked."""

    host: HostOrWildcard = Field(
        description="The host of an app, or the tenants' wildcard, whose origin's certificate goes unchecked.",
        examples=["madebuy.com.au"],
    )


class Tls(Setting):
    """How visitors' and origins' connections are encrypted."""

    mode: Literal["strict", "full"] = Field(
        "strict",
        description="strict: Cloudflare checks the origin's certificate. full: it encrypts to anyone who answers, and "
        "needs an exception.",
    )
    exception: TlsException | None = Field(None, description="The reason and expiry that mode full needs.")
    host_exceptions: tuple[HostTlsException, ...] = Field(
        (),
        max_length=10,
        description="Hosts whose origins can't be checked, such as those behind Railway's edge, each until a day.",
    )
    minimum_version: Literal["1.2", "1.3"] = Field("1.2", description="The oldest TLS version that visitors may use.")
    hsts: Hsts = Field(default_factory=Hsts, description="How long a browser insists on https after one visit.")

    def exception_for(self, host: str) -> TlsException | None:
        """Why the certificate of the origin behind a host goes unchecked; None where it is checked."""
        return self.exception or next((one for one in self.host_exceptions if one.host == host), None)

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
        if self.mode == "full" and self.host_exceptions:
            yield wrong(
                "host_exceptions",
                'with mode "full" no host is checked, so these say nothing. Write mode: strict, or remove them.',
            )


class OriginTls(Setting):
    """Certificates between Cloudflare and origins that MadeBuy runs itself."""

    validity_days: Literal[7, 30, 90, 365, 730, 1095, 5475] = Field(
        5475,
        description="Days for which Cloudflare's Origin CA signs. Nothing renews it; 5475 is Cloudflare's own.",
    )
    authenticated_pulls: bool = Field(
        True, description="Whether Cloudflare shows the origin a certificate, so that it can refuse everyone else."
    )
