"""Upstash Redis."""

from __future__ import annotations

from policies.checks import is_true, must
from policies.rule import Severity, resource_rule
from policies.tokens import REDIS_DATABASE

resource_rule(
    id="redis-tls",
    title="Redis is reached over TLS",
    risk="Sessions and rate-limit counters, and the password itself, cross the internet in the clear.",
    fix="Set tls to true; the provider's default is false.",
    severity=Severity.HIGH,
    audit="2.3 P0.4 Rate limiting with Upstash Redis",
    cis="3.10",
    reads={REDIS_DATABASE: ("tls",)},
    shows=("tls",),
)(must("tls", is_true))
