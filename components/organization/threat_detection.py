"""Someone who watches the AWS account, and who is told."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
import pulumi_aws as aws

from components.base import Component, ComponentArgs
from components.recovery.policies import document

if TYPE_CHECKING:
    from settings import Monitoring

LEAST_SEVERITY = 4
"""GuardDuty's "medium" starts at 4.0: low findings are attempts that did no harm, and people stop reading."""


@dataclass(frozen=True, kw_only=True)
class ThreatDetectionArgs(ComponentArgs):
    """The AWS region to watch, and who is told."""

    settings: Monitoring
    region: str


class ThreatDetection(Component):
    """GuardDuty over the account's calls and its buckets (audit 2.3), and a mail for every finding that matters.

    Owns the region's detector, its S3 protection, the topic that findings of medium severity and up go to, and its
    subscribers. One detector per account and region is all that AWS allows, which is why this is deployed once and not
    by each stack. Each address has to confirm its subscription once, from the mail that AWS sends it.
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
        self._tell(name, args)
        self.detector_id = detector.id
        self.register_outputs({"detector_id": self.detector_id})

    def _tell(self, name: str, args: ThreatDetectionArgs) -> None:
        topic = aws.sns.Topic(
            f"{name}-topic", name="madebuy-threats", region=args.region, tags=self.tags, opts=self.child()
        )
        rule = aws.cloudwatch.EventRule(
            f"{name}-findings",
            name="madebuy-threats",
            description="GuardDuty findings of medium severity and up",
            event_pattern=findings(),
            region=args.region,
            tags=self.tags,
            opts=self.child(),
        )
        allowed = aws.sns.TopicPolicy(
            f"{name}-topic-policy",
            arn=topic.arn,
            policy=pulumi.Output.all(rule.arn, topic.arn).apply(lambda arns: publish_from(arns[0], arns[1])),
            region=args.region,
            opts=self.child(),
        )
        aws.cloudwatch.EventTarget(
            f"{name}-target",
            rule=rule.name,
            target_id="topic",  # one by chance would be a second target after an answer that was lost
            arn=topic.arn,
            region=args.region,
            opts=self.child(depends_on=[allowed]),
        )
        for email in args.settings.emails:
            aws.sns.TopicSubscription(
                f"{name}-to-{email.replace('@', '-at-')}",
                topic=topic.arn,
                protocol="email",
                endpoint=email,
                region=args.region,
                opts=self.child(),
            )


def findings() -> str:
    """The events to pass on."""
    return json.dumps(
        {
            "source": ["aws.guardduty"],
            "detail-type": ["GuardDuty Finding"],
            "detail": {"severity": [{"numeric": [">=", LEAST_SEVERITY]}]},
        }
    )


def publish_from(rule_arn: str, topic_arn: str) -> str:
    """Let this one rule, and nothing else in EventBridge, publish to the topic."""
    return document(
        {
            "Effect": "Allow",
            "Principal": {"Service": "events.amazonaws.com"},
            "Action": "sns:Publish",
            "Resource": topic_arn,
            "Condition": {"ArnEquals": {"aws:SourceArn": rule_arn}},
        }
    )
