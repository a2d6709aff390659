"""Cloudflare notifications: that someone is told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policies.checks import is_true, must, text
from policies.rule import PRODUCTION, Severity, resource_rule, stack_rule, texts
from policies.tokens import LOAD_BALANCER_POOL, NOTIFICATION_POLICY, PAGE_SHIELD_POLICY, ZONE
from policies.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policies.model import Finding, Resource, Stack

_WORST: Final = {
    "newHealths": {"Unhealthy"},
    "statuses": {"Unhealthy"},
    "eventSources": {"origin"},
    "incidentImpacts": {"INCIDENT_IMPACT_MAJOR", "INCIDENT_IMPACT_CRITICAL"},
}
"""What each filter must name where it is set. One origin's failure comes before the whole pool's."""
_OF_POOLS: Final = "load_balancing_health_alert"
_OF_SCRIPTS: Final = "scriptmonitor_alert_new_malicious_scripts"
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


@resource_rule(
    id="notification-of-the-worst",
    title="A notification is filtered down to the bad news, not past it",
    risk="A filter that names only recoveries or small incidents is silent when it matters.",
    fix="Add Unhealthy to newHealths or statuses, origin to eventSources, INCIDENT_IMPACT_MAJOR and _CRITICAL to "
    "incidentImpacts; or remove the filter.",
    severity=Severity.MEDIUM,
    audit="6.1 Monitoring: alert notifications",
    cis="8.11",
    reads={NOTIFICATION_POLICY: tuple(f"filters.{name}[]" for name in _WORST)},
)
def notification_tells_the_worst(policy: Resource) -> Iterator[Finding]:
    """Of the filters that are set: without one, a notification tells of all."""
    for name, worst in _WORST.items():
        listed = [value for _, value in policy.values(f"filters.{name}[]")]
        named = {text(value) for value in listed}
        if listed and UNKNOWN not in listed and not worst <= named:
            yield policy.lacks(f"filters.{name}", f"does not name {', '.join(sorted(worst - named))}")


@stack_rule(
    id="notifications-cover",
    title="Somebody is told of attacks and certificates, and of whatever else the config names",
    risk="What the vendor knows first, we hear from customers.",
    fix="Declare an enabled NotificationPolicy for each alertType in the config's list for a zone's stack, or for a "
    "stack "
    "of the account's own.",
    severity=Severity.MEDIUM,
    audit="6.1 Monitoring: alert notifications",
    cis="8.11",
    applies=PRODUCTION,
    reads={NOTIFICATION_POLICY: ("alertType", "enabled"), ZONE: ()},
    options={
        "alert_types": texts(
            (
                "dos_attack_l7",
                "universal_ssl_event_type",
            ),
            "Cloudflare's alert types that must each have a policy in a stack with a zone.",
        ),
        "account_alert_types": texts(
            ("dos_attack_l7", "incident_alert", "real_origin_monitoring", "universal_ssl_event_type"),
            "The same for a stack that has notifications and no zone.",
        ),
    },
)
def notifications_cover(
    stack: Stack, *, alert_types: Sequence[str], account_alert_types: Sequence[str]
) -> Iterator[Finding]:
    """A stack with neither a zone nor a notification has nothing to be told of."""
    policies = list(stack.of(NOTIFICATION_POLICY))
    zones = list(stack.of(ZONE))
    told = {text(one.value("alertType")) for one in policies if one.value("enabled") is not False}
    missing = sorted({*(alert_types if zones else account_alert_types)} - told)
    for subject in (zones or policies)[:1]:
        if missing:
            yield subject.wants(f"stands in a stack without a notification of {', '.join(missing)}")


@stack_rule(
    id="client-side-scripts-told",
    title="Where scripts in visitors' browsers are watched, somebody is told of a malicious one",
    risk="A library that was taken over reads card numbers while the warning waits in a dashboard.",
    fix="Declare an enabled NotificationPolicy with alertType scriptmonitor_alert_new_malicious_scripts.",
    severity=Severity.MEDIUM,
    audit="6.1 Monitoring: alert notifications",
    cis="8.11",
    equals=("insights:Get notified of malicious client-side scripts",),
    reads={PAGE_SHIELD_POLICY: ("enabled",), NOTIFICATION_POLICY: ("alertType", "enabled")},
)
def malicious_scripts_are_told(stack: Stack) -> Iterator[Finding]:
    """A policy of client-side security says that it is used: the provider has no other switch."""
    told = {text(one.value("alertType")) for one in stack.of(NOTIFICATION_POLICY) if one.value("enabled") is not False}
    for policy in stack.of(PAGE_SHIELD_POLICY):
        if policy.value("enabled") is not False and _OF_SCRIPTS not in told:
            yield policy.wants(f"stands in a stack without a notification of {_OF_SCRIPTS}")


@stack_rule(
    id="notification-names-every-pool",
    title="Where notifications name pools, they name every pool",
    risk="The one pool that no filter names dies in silence.",
    fix="Add the pool's id to filters.poolIds of a load_balancing_health_alert, or remove the filter.",
    severity=Severity.MEDIUM,
    audit="6.1 Monitoring: alert notifications",
    cis="8.11",
    applies=PRODUCTION,
    reads={NOTIFICATION_POLICY: ("alertType", "enabled", "filters.poolIds[]"), LOAD_BALANCER_POOL: ()},
)
def notifications_name_every_pool(stack: Stack) -> Iterator[Finding]:
    """By their number: a preview does not know the ids."""
    pools = sum(1 for _ in stack.of(LOAD_BALANCER_POOL))
    of_pools = [one for one in stack.of(NOTIFICATION_POLICY) if one.value("alertType") == _OF_POOLS]
    named = [sum(1 for _ in one.values("filters.poolIds[]")) for one in of_pools if one.value("enabled") is not False]
    if named and all(named) and sum(named) < pools:
        yield of_pools[0].wants(f"names {sum(named)} of {pools} pools, and no other policy the rest", "filters.poolIds")
