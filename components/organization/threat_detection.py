"""Someone who watches the AWS account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi_aws as aws

from components.base import Component, ComponentArgs

if TYPE_CHECKING:
    import pulumi


@dataclass(frozen=True, kw_only=True)
class ThreatDetectionArgs(ComponentArgs):
    """The AWS region to watch."""

    region: str


class ThreatDetection(Component):
    """GuardDuty over the account's calls and its buckets (audit 2.3).

    Owns the region's detector and its S3 protection. One detector per account and region is all that AWS allows, which
    is why this is deployed once and not by each stack.
    """

    def __init__(self, name: str, args: ThreatDetectionArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("organization:ThreatDetection", name, args.deployment, opts)
        detector = aws.guardduty.Detector(
            f"{name}-detector",
            enable=True,
            finding_publishing_frequency="FIFTEEN_MINUTES",  # of repeated findings; a new one is published at once
            region=args.region,
            tags=self.tags,
            opts=self.child(),
        )
        aws.guardduty.DetectorFeature(
            f"{name}-s3",
            detector_id=detector.id,
            name="S3_DATA_EVENTS",
            status="ENABLED",
            region=args.region,
            opts=self.child(),
        )
        self.detector_id = detector.id
        self.register_outputs({"detector_id": self.detector_id})
