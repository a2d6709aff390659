"""AWS GuardDuty: someone who watches the account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policies.checks import is_true, must
from policies.rule import Severity, resource_rule, stack_rule
from policies.tokens import GUARDDUTY_DETECTOR, GUARDDUTY_FEATURE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policies.model import Finding, Stack

resource_rule(
    id="guardduty-enabled",
    title="A GuardDuty detector is switched on",
    risk="Stolen keys are used for weeks before the bill shows it.",
    fix="Remove enable, or set it to true.",
    severity=Severity.HIGH,
    audit="2.3 P1.10 AWS GuardDuty",
    cis="13.3",
    equals=("prowler:guardduty_is_enabled", "checkov:CKV2_AWS_3"),
    reads={GUARDDUTY_DETECTOR: ("enable",)},
    shows=("enable",),
)(must("enable", is_true, required=False))


@stack_rule(
    id="guardduty-watches-s3",
    title="GuardDuty watches what is read from buckets",
    risk="A copy of every export leaves the account, and nothing unusual is seen.",
    fix='Declare a DetectorFeature for the detector with name "S3_DATA_EVENTS" and status "ENABLED".',
    severity=Severity.HIGH,
    audit="2.3 P1.10 AWS GuardDuty",
    cis="13.3",
    equals=("prowler:guardduty_s3_protection_enabled",),
    reads={GUARDDUTY_FEATURE: ("name", "status", "detectorId"), GUARDDUTY_DETECTOR: ()},
)
def detector_watches_buckets(stack: Stack) -> Iterator[Finding]:
    """Per detector."""
    for detector in stack.of(GUARDDUTY_DETECTOR):
        features = stack.companions(detector, GUARDDUTY_FEATURE, "detectorId")
        on = [one.value("name") for one in features if one.value("status") == "ENABLED"]
        if "S3_DATA_EVENTS" not in on:
            yield detector.wants("does not watch S3_DATA_EVENTS")
