"""AWS GuardDuty, EventBridge, CloudWatch Logs and SNS, and the VPC endpoint that Atlas is reached by."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from sandbox.kind import OnDelete, OnDuplicate
from sandbox.vendors.aws.api import ACCOUNT, DETECTOR, DOCUMENT, RULE, TAGS, TARGET, TOPIC, arn, error, regional, tagged
from sandbox.vendors.forms import constant, text, unique

if TYPE_CHECKING:
    from sandbox.cloud import Cloud, Thing
    from sandbox.wire import Props


def _rule_in_use(cloud: Cloud, rule: Thing) -> str | None:
    bus = rule.state.get("eventBusName")
    if any(target.state.get("eventBusName") == bus for target in cloud.all(TARGET, rule.name)):
        message = "Rule can't be deleted since it has targets."
        return error("EventBridge", "DeleteRule", 400, "ValidationException", message)
    return None


def _private_dns_of_a_gateway(_: Props, new: Props) -> set[str]:
    """Only an interface changes its private DNS in place."""
    return set() if new.get("vpcEndpointType") == "Interface" else {"privateDnsEnabled"}


KINDS = (
    regional(
        DETECTOR,
        id=lambda _: secrets.token_hex(16),
        scope=("region",),
        outputs=tagged(
            {
                "arn": arn("guardduty", "detector/{id}"),
                "accountId": constant(ACCOUNT),
                "findingPublishingFrequency": constant("SIX_HOURS"),
                "datasources": constant({}),
            }
        ),
        fresh=TAGS,
    ),
    regional(
        "aws:guardduty/detectorFeature:DetectorFeature",
        on_delete=OnDelete.KEEP,
        id=text("{detectorId}/{name}"),
        scope=("detectorId",),
        inside=(DETECTOR,),
        on_duplicate=OnDuplicate.OVERWRITE,
        parents={"detectorId": DETECTOR},
        autoname="name",
    ),
    regional(
        RULE,
        id=text("{name}"),
        name=("name",),
        on_duplicate=OnDuplicate.OVERWRITE,
        outputs=tagged(
            {
                "arn": arn("events", "rule/{name}"),
                "namePrefix": constant(""),
                "state": lambda m: "DISABLED" if m["isEnabled"] is False else "ENABLED",
            }
        ),
        fresh=TAGS,
        json_text=frozenset({"eventPattern"}),
        in_use=_rule_in_use,
        autoname="name",
    ),
    regional(
        TARGET,
        id=lambda m: f"{m['rule']}-{m['targetId']}",
        key="{eventBusName}/{rule}/{targetId}",
        scope=("rule",),
        parents={"rule": RULE},
        on_duplicate=OnDuplicate.OVERWRITE,
        outputs={"targetId": lambda _: f"terraform-{secrets.token_hex(13)}"},
    ),
    regional(
        "aws:cloudwatch/logGroup:LogGroup",
        id=text("{name}"),
        name=("name",),
        taken=lambda m: error(
            "CloudWatch Logs",
            "CreateLogGroup",
            400,
            "ResourceAlreadyExistsException",
            f"The specified log group already exists: {m['name']}",
        ),
        outputs=tagged(
            {"arn": arn("logs", "log-group:{name}"), "logGroupClass": constant("STANDARD"), "namePrefix": constant("")}
        ),
        fresh=TAGS,
        left_by="skipDestroy",
        autoname="name",
    ),
    regional(
        "aws:ec2/vpcEndpoint:VpcEndpoint",
        replaces=_private_dns_of_a_gateway,
        id=lambda _: f"vpce-{secrets.token_hex(9)[:17]}",
        scope=("vpcId",),
        outputs=tagged(
            {
                "arn": arn("ec2", "vpc-endpoint/{id}"),
                "cidrBlocks": constant([]),
                "dnsEntries": constant([]),
                "networkInterfaceIds": constant([]),
                "ownerId": constant(ACCOUNT),
                "policy": constant(""),
                "prefixListId": constant(""),
                "requesterManaged": constant(value=False),
                "routeTableIds": constant([]),
                "state": constant("available"),
            }
        ),
        fresh=TAGS,
    ),
    regional(
        TOPIC,
        id=arn("sns", "{name}"),
        name=("name",),
        on_duplicate=OnDuplicate.ADOPT,
        outputs=tagged(
            {
                "arn": lambda m: m.id,
                "owner": constant(ACCOUNT),
                "beginningArchiveTime": constant(""),
                "namePrefix": constant(""),
                "policy": constant("{}"),
                "signatureVersion": constant(0),
                "tracingConfig": constant(""),
            }
        ),
        fresh=TAGS,
        json_text=DOCUMENT,
        policies=DOCUMENT,
        autoname="name",
    ),
    regional(
        "aws:sns/topicPolicy:TopicPolicy",
        id=text("{arn}"),
        on_duplicate=OnDuplicate.OVERWRITE,
        parents={"arn": TOPIC},
        outputs={"owner": constant(ACCOUNT)},
        json_text=DOCUMENT,
        policies=DOCUMENT,
    ),
    regional(
        "aws:sns/topicSubscription:TopicSubscription",
        id=lambda m: f"{m['topic']}:{unique(m)}",
        scope=("topic",),
        name=("protocol", "endpoint"),
        on_duplicate=OnDuplicate.ADOPT,
        inside=(TOPIC,),
        parents={"topic": TOPIC},
        outputs={
            "arn": lambda m: m.id,
            "ownerId": constant(ACCOUNT),
            "confirmationWasAuthenticated": constant(value=False),
            "pendingConfirmation": lambda m: m["protocol"] in ("email", "email-json"),
        },
    ),
)
