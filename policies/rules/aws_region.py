"""AWS: where in the world things are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policies.checks import must, one_of
from policies.rule import Severity, resource_rule, texts
from policies.tokens import (
    EVENT_RULE,
    EVENT_TARGET,
    GUARDDUTY_DETECTOR,
    GUARDDUTY_FEATURE,
    KMS_ALIAS,
    KMS_KEY,
    S3_BUCKET,
    SNS_SUBSCRIPTION,
    SNS_TOPIC,
    SNS_TOPIC_POLICY,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policies.model import Finding, Resource

_REGIONAL: Final = (
    EVENT_RULE,
    EVENT_TARGET,
    GUARDDUTY_DETECTOR,
    GUARDDUTY_FEATURE,
    KMS_ALIAS,
    KMS_KEY,
    S3_BUCKET,
    SNS_SUBSCRIPTION,
    SNS_TOPIC,
    SNS_TOPIC_POLICY,
)


@resource_rule(
    id="aws-region-allowed",
    title="What is made in AWS stays in the regions that were chosen",
    risk="Keys and exports end up under another country's law; GuardDuty watches a region where nothing happens.",
    fix="Set region to a region of the config's list, or remove it: then the provider's own holds.",
    severity=Severity.HIGH,
    audit="1.1 Railway (Sydney); data residency",
    cis="3.3",
    reads=dict.fromkeys(_REGIONAL, ("region",)),
    shows=("region",),
    options={"regions": texts((), "AWS's names of the allowed regions; empty allows every one.")},
)
def region_is_allowed(resource: Resource, *, regions: Sequence[str]) -> Iterator[Finding]:
    """Every AWS resource may name a region of its own."""
    if regions:
        yield from must("region", one_of(*regions), required=False)(resource)
