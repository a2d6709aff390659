"""Cloudflare notifications: that someone is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policies.checks import is_true, must, text
from policies.rule import PRODUCTION, Severity, resource_rule, stack_rule, texts
from policies.tokens import NOTIFICATION_POLICY, ZONE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policies.model import Finding, Resource, Stack

_MECHANISMS = ("mechanisms.emails[].id", "mechanisms.webhooks[].id", "mechanisms.pagerduties[].id")

resource_rule(
    id="notification-enabled",
    title="A notification in the program is switched on",
    risk="Everybody believes they would be told.",
    fix="Set enabled to true.",
    severity=Severity.MEDIUM,
    audit="6.1 Monitoring: alert notifications",
    cis="8.11",
    reads={NOTIFICATION_POLICY: ("enabled",)},
    shows=("enabled",),
)(must("enabled", is_true))


@resource_rule(
    id="notification-reaches-someone",
    title="A notification names someone who gets it",
    risk="An alert without a receiver is a log line.",
    fix="Add an e-mail address, webhook or PagerDuty id to mechanisms.",
    severity=Severity.MEDIUM,
    audit="6.1 Monitoring: alert notifications",
    cis="8.11",
    reads={NOTIFICATION_POLICY: _MECHANISMS},
)
def notification_reaches_someone(policy: Resource) -> Iterator[Finding]:
    """One receiver is enough; its id may be unknown yet."""
    if not any(policy.has(path) for path in _MECHANISMS):
        yield policy.lacks("mechanisms", "names nobody")


@stack_rule(
    id="notifications-cover",
    title="A production zone's account is told of failed health, attacks, certificates and cost",
    risk="What the vendor knows first, we hear from customers.",
    fix="Declare an enabled NotificationPolicy for each alertType in the config's list.",
    severity=Severity.MEDIUM,
    audit="6.1 Monitoring: alert notifications",
    cis="8.11",
    applies=PRODUCTION,
    reads={NOTIFICATION_POLICY: ("alertType", "enabled"), ZONE: ()},
    options={
        "alert_types": texts(
            (
                "billing_usage_alert",
                "dos_attack_l7",
                "load_balancing_health_alert",
                "real_origin_monitoring",
                "universal_ssl_event_type",
            ),
            "Cloudflare's alert types that must each have a policy.",
        )
    },
)
def notifications_cover(stack: Stack, *, alert_types: Sequence[str]) -> Iterator[Finding]:
    """Per zone, as a stack without one has nothing to be told of."""
    policies = [one for one in stack.of(NOTIFICATION_POLICY) if one.value("enabled") is not False]
    told = {text(one.value("alertType")) for one in policies}
    missing = sorted({*alert_types} - told)
    for zone in stack.of(ZONE):
        if missing:
            yield zone.wants(f"has no notification of {', '.join(missing)}")
