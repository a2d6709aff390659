"""AWS GuardDuty: someone who watches the account, and tells us."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policies.checks import is_true, matches, must, none_of, text
from policies.iam import statements
from policies.model import STACK_TYPE
from policies.rule import NOWHERE, Severity, resource_rule, stack_rule, texts
from policies.tokens import (
    EC2_INSTANCE,
    EC2_LAUNCH_TEMPLATE,
    EKS_CLUSTER,
    EKS_NODE_GROUP,
    EVENT_RULE,
    EVENT_TARGET,
    GUARDDUTY_DETECTOR,
    GUARDDUTY_FEATURE,
    LAMBDA_FUNCTION,
    RDS_CLUSTER,
    RDS_INSTANCE,
    SNS_SUBSCRIPTION,
    SNS_TOPIC,
    SNS_TOPIC_POLICY,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policies.model import Finding, Resource, Stack

_WORKLOADS: Final = {
    "EBS_MALWARE_PROTECTION": (EC2_INSTANCE, EC2_LAUNCH_TEMPLATE, EKS_NODE_GROUP),
    "EKS_AUDIT_LOGS": (EKS_CLUSTER,),
    "LAMBDA_NETWORK_LOGS": (LAMBDA_FUNCTION,),
    "RDS_LOGIN_EVENTS": (RDS_CLUSTER, RDS_INSTANCE),
    "RUNTIME_MONITORING": (EKS_CLUSTER,),
}
"""GuardDuty's features, and the types whose things each of them watches."""
_OLDER: Final = {"EKS_RUNTIME_MONITORING": "RUNTIME_MONITORING"}
"""What AWS calls a part of a feature, from before the feature."""
_DATASOURCES: Final = {
    "EBS_MALWARE_PROTECTION": "datasources.malwareProtection.scanEc2InstanceWithFindings.ebsVolumes.enable",
    "EKS_AUDIT_LOGS": "datasources.kubernetes.auditLogs.enable",
    "S3_DATA_EVENTS": "datasources.s3Logs.enable",
}
"""The detector's own switches of three features, which AWS has given up for DetectorFeature."""
_WITH_LOGINS: Final = ("aurora", "postgres")
"""How the engines begin whose logins GuardDuty reads: docs.aws.amazon.com/guardduty, RDS Protection."""

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
    id="guardduty-declared",
    title="A stack that owns an AWS account has a GuardDuty detector",
    risk="Nobody watches the account that holds the keys and the exports.",
    fix="Declare a Detector, in the region that the account works in.",
    severity=Severity.HIGH,
    audit="2.3 P1.10 AWS GuardDuty",
    cis="13.3",
    equals=("prowler:guardduty_is_enabled",),
    reads={GUARDDUTY_DETECTOR: (), STACK_TYPE: ()},
    options={"stacks": texts((), "The stacks that own an account, by name; globs allowed.")},
)
def account_is_watched(stack: Stack, *, stacks: Sequence[str]) -> Iterator[Finding]:
    """Which stack that is, only a config can say."""
    for root in stack.of(STACK_TYPE):
        if matches(root.environment.stack, stacks) and not any(stack.of(GUARDDUTY_DETECTOR)):
            yield root.wants("owns an AWS account and declares no GuardDuty detector")


@stack_rule(
    id="guardduty-watches-s3",
    title="GuardDuty watches what is read from buckets",
    risk="A copy of every export leaves the account, and nothing unusual is seen.",
    fix='Declare a DetectorFeature for the detector with name "S3_DATA_EVENTS" and status "ENABLED".',
    severity=Severity.HIGH,
    audit="2.3 P1.10 AWS GuardDuty",
    cis="13.3",
    equals=("prowler:guardduty_s3_protection_enabled",),
    reads={
        GUARDDUTY_FEATURE: ("name", "status", "detectorId"),
        GUARDDUTY_DETECTOR: tuple(_DATASOURCES.values()),
    },
)
def detector_watches_buckets(stack: Stack) -> Iterator[Finding]:
    """Per detector."""
    for detector in stack.of(GUARDDUTY_DETECTOR):
        if "S3_DATA_EVENTS" not in _features(stack, detector):
            yield detector.wants("does not watch S3_DATA_EVENTS")


@stack_rule(
    id="guardduty-watches-workloads",
    title="GuardDuty watches each kind of thing that runs in its detector's stack",
    risk="Malware on a disk, a stolen cluster token or a guessed database password shows in a log that nobody reads.",
    fix='Declare a DetectorFeature for the detector with the name that the finding says and status "ENABLED".',
    severity=Severity.HIGH,
    audit="2.3 P1.10 AWS GuardDuty",
    cis="13.3",
    equals=(
        "prowler:guardduty_ec2_malware_protection_enabled",
        "prowler:guardduty_eks_audit_log_enabled",
        "prowler:guardduty_eks_runtime_monitoring_enabled",
        "prowler:guardduty_lambda_protection_enabled",
        "prowler:guardduty_rds_protection_enabled",
    ),
    reads={
        GUARDDUTY_FEATURE: ("name", "status", "detectorId"),
        GUARDDUTY_DETECTOR: ("region", *_DATASOURCES.values()),
        **dict.fromkeys((kind for kinds in _WORKLOADS.values() for kind in kinds), ("region",)),
        **dict.fromkeys((RDS_CLUSTER, RDS_INSTANCE), ("engine", "region")),
    },
    options={"features": texts((), "GuardDuty's names of the features that every detector needs.")},
)
def detector_watches_workloads(stack: Stack, *, features: Sequence[str]) -> Iterator[Finding]:
    """What runs in another stack of the account, only a config can say. An account without any pays for none."""
    asked = {_OLDER.get(name, name) for name in features}
    for detector in stack.of(GUARDDUTY_DETECTOR):
        running = {
            name
            for name, kinds in _WORKLOADS.items()
            if any(_is_watchable(one) and not _is_elsewhere(one, detector) for one in stack.of(*kinds))
        }
        missing = sorted({*asked, *running} - _features(stack, detector))
        if missing:
            yield detector.wants(f"does not watch {', '.join(missing)}")


def _features(stack: Stack, detector: Resource) -> set[str]:
    """The features that a detector has switched on."""
    named = stack.companions(detector, GUARDDUTY_FEATURE, "detectorId")
    on = {text(one.value("name")) for one in named if one.value("status") == "ENABLED"}
    by_itself = {name for name, path in _DATASOURCES.items() if detector.value(path) is True}
    return by_itself | {_OLDER.get(name, name) for name in on}


def _is_elsewhere(workload: Resource, detector: Resource) -> bool:
    """Whether both name a region, and not the same one: a detector watches its own."""
    regions = {text(one.value("region")) for one in (workload, detector)}
    return "" not in regions and len(regions) > 1


def _is_watchable(workload: Resource) -> bool:
    """Databases of other engines log in unseen, whatever is switched on."""
    engine = text(workload.value("engine")) if workload.type in (RDS_CLUSTER, RDS_INSTANCE) else ""
    return not engine or engine.startswith(_WITH_LOGINS)


@stack_rule(
    id="guardduty-findings-told",
    title="What GuardDuty finds is sent to someone",
    risk="A finding lies in a console that nobody opens.",
    fix="Declare an EventRule whose eventPattern names aws.guardduty, and an EventTarget that takes it to people.",
    severity=Severity.MEDIUM,
    audit="6.1 Monitoring: alert notifications",
    cis="13.1",
    reads={
        EVENT_RULE: ("eventPattern", "name"),
        EVENT_TARGET: ("rule", "arn"),
        SNS_TOPIC: (),
        SNS_TOPIC_POLICY: ("arn",),
        SNS_SUBSCRIPTION: ("topic",),
        GUARDDUTY_DETECTOR: (),
    },
)
def findings_are_told(stack: Stack) -> Iterator[Finding]:
    """A rule without a target tells nobody."""
    rules = [one for one in stack.of(EVENT_RULE) if "aws.guardduty" in text(one.value("eventPattern"))]
    targets = [target for one in rules for target in stack.companions(one, EVENT_TARGET, "rule", "name")]
    told = any(_leads_on(stack, target) for target in targets)
    for detector in stack.of(GUARDDUTY_DETECTOR):
        if not told:
            yield detector.wants("finds things that no EventRule and EventTarget take to anyone")


def _leads_on(stack: Stack, target: Resource) -> bool:
    """A topic needs a policy that lets events in and a subscription that takes them out; other targets need neither."""
    topics = stack.linked(target, "arn", SNS_TOPIC)
    return all(
        stack.companions(topic, SNS_TOPIC_POLICY, "arn") and stack.companions(topic, SNS_SUBSCRIPTION, "topic")
        for topic in topics
    )


@resource_rule(
    id="event-rule-enabled",
    title="An event rule in the program is switched on",
    risk="Everybody believes they would be told.",
    fix='Remove isEnabled and state, or set state to "ENABLED".',
    severity=Severity.MEDIUM,
    audit="6.1 Monitoring: alert notifications",
    cis="8.11",
    reads={EVENT_RULE: ("isEnabled", "state")},
    shows=("isEnabled", "state"),
)
def event_rule_is_on(rule: Resource) -> Iterator[Finding]:
    """The old switch and the new one."""
    yield from must("isEnabled", is_true, required=False)(rule)
    yield from must("state", none_of("DISABLED"), required=False)(rule)


resource_rule(
    id="sns-subscription-tls",
    title="A notification leaves AWS encrypted",
    risk="What was found, and in which account, crosses the network in the clear.",
    fix='Use protocol "email", "https", "sqs" or "lambda".',
    severity=Severity.MEDIUM,
    audit="6.2 Network security",
    cis="3.10",
    equals=("prowler:sns_subscription_not_using_http_endpoints",),
    reads={SNS_SUBSCRIPTION: ("protocol",)},
    shows=("protocol",),
)(must("protocol", none_of("http")))


@resource_rule(
    id="sns-topic-not-public",
    title="A topic's policy lets in nobody unnamed",
    risk="Anyone reads our alarms, or sends false ones.",
    fix="Name an account or role as Principal; bind a service, or '*', by a condition such as aws:SourceArn.",
    severity=Severity.HIGH,
    audit="6.1 Monitoring: alert notifications",
    cis="3.3",
    equals=("prowler:sns_topics_not_publicly_accessible", "checkov:CKV_AWS_169"),
    reads={SNS_TOPIC_POLICY: ("policy",)},
)
def topic_is_not_public(policy: Resource) -> Iterator[Finding]:
    """An Allow for everyone under no condition; a service is everyone who may have it send for them."""
    for one in statements(policy, "policy"):
        service = any(kind == "Service" for kind, _ in one.principals)
        if one.is_public or (one.allows and service and not one.conditions):
            yield policy.wants("lets in anyone", "policy")


resource_rule(
    id="sns-topic-encrypted",
    title="A topic encrypts what waits in it with a KMS key",
    risk="What was found lies in AWS's queue under no key of ours.",
    fix="Set kmsMasterKeyId to a key whose policy lets the sending service use it; AWS's own alias/aws/sns does not.",
    severity=Severity.LOW,
    audit="Beyond the audit: a finding waits for seconds, and the key costs; asked only where a pack config says so",
    cis="3.11",
    equals=("prowler:sns_topics_kms_encryption_at_rest_enabled",),
    applies=NOWHERE,
    reads={SNS_TOPIC: ("kmsMasterKeyId",)},
)(must("kmsMasterKeyId", lambda key: isinstance(key, str) and bool(key), unknown=True))
