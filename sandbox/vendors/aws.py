"""AWS: the types MadeBuy uses of KMS, IAM, S3, GuardDuty, EventBridge and SNS."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any

from sandbox.kind import TOO_MANY, Kind, OnDelete, OnDuplicate, Vendor
from sandbox.vendors.forms import constant, now, text, unique

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.cloud import Cloud, Thing
    from sandbox.kind import Making
    from sandbox.wire import Props

SOURCE = "hashicorp/terraform-provider-aws v6 website/docs/r"
ACCOUNT = "123456789012"
REGION = "ap-southeast-2"
ROLE, ROLE_POLICY, ATTACHMENT, KEY, BUCKET, DETECTOR, RULE, TARGET, TOPIC, POLICY = (
    "aws:iam/role:Role",
    "aws:iam/rolePolicy:RolePolicy",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:kms/key:Key",
    "aws:s3/bucket:Bucket",
    "aws:guardduty/detector:Detector",
    "aws:cloudwatch/eventRule:EventRule",
    "aws:cloudwatch/eventTarget:EventTarget",
    "aws:sns/topic:Topic",
    "aws:iam/policy:Policy",
)


def error(service: str, operation: str, status: int, code: str, message: str) -> str:
    """An answer of an AWS API as the provider prints it."""
    return (
        f"operation error {service}: {operation}, https response error StatusCode: {status}, "
        f"RequestID: {secrets.token_hex(8)}, {code}: {message}"
    )


def _arn(service: str, resource: str, *, regional: bool = True) -> Callable[[Making], str]:
    def make(making: Making) -> str:
        region = (making["region"] or REGION) if regional else ""
        return f"arn:aws:{service}:{region}:{ACCOUNT}:{resource.format_map({**making.state, 'id': making.id})}"

    return make


def _regional(token: str, **more: Any) -> Kind:  # noqa: ANN401 the record's own fields
    outputs = {"region": constant(REGION), **more.pop("outputs", {})}
    return Kind(token, SOURCE, outputs=outputs, **more)


def _tagged(outputs: dict[str, Callable[[Making], Any]]) -> dict[str, Callable[[Making], Any]]:
    return {**outputs, "tagsAll": lambda making: making["tags"] or {}}


TAGS = frozenset({"tagsAll"})
DOCUMENT, TRUST = frozenset({"policy"}), frozenset({"assumeRolePolicy"})
"""Compared as verify.SuppressEquivalentPolicyDiffs does: hashicorp/awspolicyequivalence."""


def bucket_part(class_name: str) -> str:
    """The token of one of the resources that a bucket is split into."""
    return f"aws:s3/{class_name[0].lower()}{class_name[1:]}:{class_name}"


def statements(policy: str) -> list[dict[str, Any]]:
    """The statements of a policy document, none where it is not one."""
    try:
        document = json.loads(policy)
    except ValueError:
        return []
    found = document.get("Statement", []) if isinstance(document, dict) else []
    return [s for s in ([found] if isinstance(found, dict) else found) if isinstance(s, dict)]


def _of_bucket(class_name: str, /, **more: Any) -> Kind:  # noqa: ANN401 the record's own fields
    """What every bucket has one of: create puts it."""
    return _regional(
        bucket_part(class_name),
        id=text("{bucket}"),
        key="{bucket}",
        scope=("bucket",),
        inside=(BUCKET,),
        parents={"bucket": BUCKET},
        on_duplicate=OnDuplicate.OVERWRITE,
        **more,
    )


def _bucket_in_use(_: Cloud, bucket: Thing) -> str | None:
    if bucket.state.get("_objects") and not bucket.state.get("forceDestroy"):
        return error("S3", "DeleteBucket", 409, "BucketNotEmpty", "The bucket you tried to delete is not empty")
    return None


def _role_in_use(cloud: Cloud, role: Thing) -> str | None:
    attached = cloud.count(ROLE_POLICY, role.name) + cloud.count(ATTACHMENT, role.name)
    if attached and not role.state.get("forceDetachPolicies"):
        message = "Cannot delete entity, must delete policies first."
        return error("IAM", "DeleteRole", 409, "DeleteConflict", message)
    return None


def _policy_in_use(cloud: Cloud, policy: Thing) -> str | None:
    if any(attached.state.get("policyArn") == policy.id for attached in cloud.everything(ATTACHMENT)):
        return error("IAM", "DeletePolicy", 409, "DeleteConflict", "Cannot delete a policy attached to entities.")
    return None


def _rule_in_use(cloud: Cloud, rule: Thing) -> str | None:
    bus = rule.state.get("eventBusName")
    if any(target.state.get("eventBusName") == bus for target in cloud.all(TARGET, rule.name)):
        message = "Rule can't be deleted since it has targets."
        return error("EventBridge", "DeleteRule", 400, "ValidationException", message)
    return None


def _key_policy(making: Making) -> str:
    root = {
        "Sid": "Enable IAM User Permissions",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }
    return making["policy"] or json.dumps({"Id": "key-default-1", "Statement": [root], "Version": "2012-10-17"})


def _private_dns_of_a_gateway(_: Props, new: Props) -> set[str]:
    """Only an interface changes its private DNS in place."""
    return set() if new.get("vpcEndpointType") == "Interface" else {"privateDnsEnabled"}


def _unique_id(prefix: str) -> Callable[[Making], str]:
    return lambda _: prefix + secrets.token_hex(9).upper()[:17]


KINDS = (
    _regional(
        KEY,
        id=unique,
        outputs=_tagged(
            {
                "arn": _arn("kms", "key/{id}"),
                "keyId": lambda making: making.id,
                "policy": _key_policy,
                "description": constant(""),
                "multiRegion": constant(value=False),
                "rotationPeriodInDays": lambda making: 365 if making["enableKeyRotation"] else None,
            }
        ),
        fresh=TAGS,
        json_text=DOCUMENT,
        policies=DOCUMENT,
    ),
    _regional(
        "aws:kms/alias:Alias",
        id=text("{name}"),
        name=("name",),
        taken=lambda m: error(
            "KMS",
            "CreateAlias",
            400,
            "AlreadyExistsException",
            f"An alias with the name arn:aws:kms:{REGION}:{ACCOUNT}:{m['name']} already exists",
        ),
        outputs={
            "arn": _arn("kms", "{name}"),
            "targetKeyArn": lambda m: (
                m["targetKeyId"]
                if str(m["targetKeyId"]).startswith("arn:")
                else f"arn:aws:kms:{m['region'] or REGION}:{ACCOUNT}:key/{m['targetKeyId']}"
            ),
        },
        fresh=frozenset({"targetKeyArn"}),
        normal={"targetKeyId": lambda state, _: str(state["targetKeyId"]).rsplit("/", 1)[-1]},
        autoname="name",
    ),
    Kind(
        ROLE,
        SOURCE,
        id=text("{name}"),
        name=("name",),
        taken=lambda m: error(
            "IAM", "CreateRole", 409, "EntityAlreadyExists", f"Role with name {m['name']} already exists."
        ),
        outputs=_tagged(
            {
                "arn": _arn("iam", "role{path}{name}", regional=False),
                "createDate": now,
                "uniqueId": _unique_id("AROA"),
                "inlinePolicies": constant([]),
                "managedPolicyArns": constant([]),
                "namePrefix": constant(""),
            }
        ),
        fresh=TAGS,
        json_text=TRUST,
        policies=TRUST,
        in_use=_role_in_use,
        autoname="name",
    ),
    Kind(
        ROLE_POLICY,
        SOURCE,
        id=text("{role}:{name}"),
        scope=("role",),
        name=("name",),
        on_duplicate=OnDuplicate.OVERWRITE,
        parents={"role": ROLE},
        json_text=DOCUMENT,
        policies=DOCUMENT,
        outputs={"namePrefix": constant("")},
        autoname="name",
    ),
    Kind(
        ATTACHMENT,
        SOURCE,
        id=text("{role}-{policyArn}"),
        key="{role}/{policyArn}",
        scope=("role",),
        on_duplicate=OnDuplicate.OVERWRITE,
        parents={"role": ROLE},
    ),
    Kind(
        POLICY,
        SOURCE,
        id=_arn("iam", "policy{path}{name}", regional=False),
        name=("name",),
        taken=lambda m: error(
            "IAM", "CreatePolicy", 409, "EntityAlreadyExists", f"A policy called {m['name']} already exists."
        ),
        outputs=_tagged(
            {
                "arn": lambda m: m.id,
                "attachmentCount": constant(0),
                "policyId": _unique_id("ANPA"),
                "namePrefix": constant(""),
            }
        ),
        fresh=TAGS,
        json_text=DOCUMENT,
        policies=DOCUMENT,
        in_use=_policy_in_use,
        autoname="name",
    ),
    Kind(
        "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
        SOURCE,
        id=lambda m: f"arn:aws:iam::{ACCOUNT}:oidc-provider/{m['url'].removeprefix('https://')}",
        name=("url",),
        taken=lambda m: error(
            "IAM",
            "CreateOpenIDConnectProvider",
            409,
            "EntityAlreadyExists",
            f"Provider with url {m['url']} already exists.",
        ),
        outputs=_tagged(
            {"arn": lambda m: m.id, "thumbprintLists": constant(["1c58a3a8518e8759bf075b76b750d4f2df264fcd"])}
        ),
        fresh=TAGS,
    ),
    _regional(
        BUCKET,
        id=text("{bucket}"),
        name=("bucket",),
        taken=lambda m: error(
            "S3",
            "CreateBucket",
            409,
            "BucketAlreadyOwnedByYou",
            f"Your previous request to create the named bucket succeeded and you already own it: {m['bucket']}",
        ),
        outputs=_tagged(
            {
                "arn": text("arn:aws:s3:::{bucket}"),
                "bucketDomainName": text("{bucket}.s3.amazonaws.com"),
                "bucketRegion": lambda m: m["region"] or REGION,
                "bucketRegionalDomainName": lambda m: f"{m['bucket']}.s3.{m['region'] or REGION}.amazonaws.com",
                "hostedZoneId": constant("Z1WCIGYICN2BYD"),
                "bucketPrefix": constant(""),
                "objectLockEnabled": constant(value=False),
                "requestPayer": constant("BucketOwner"),
                "accelerationStatus": constant(""),
            }
        ),
        fresh=TAGS,
        in_use=_bucket_in_use,
        autoname="bucket",
    ),
    _of_bucket("BucketVersioning"),
    _of_bucket("BucketServerSideEncryptionConfiguration"),
    _of_bucket("BucketPublicAccessBlock", left_by="skipDestroy"),
    _of_bucket("BucketOwnershipControls"),
    _of_bucket(
        "BucketLifecycleConfiguration",
        outputs={"transitionDefaultMinimumObjectSize": constant("all_storage_classes_128K")},
    ),
    _of_bucket("BucketObjectLockConfiguration"),
    _of_bucket("BucketLogging"),
    _of_bucket("BucketPolicy", json_text=DOCUMENT, policies=DOCUMENT),
    _regional(
        DETECTOR,
        id=lambda _: secrets.token_hex(16),
        scope=("region",),
        outputs=_tagged(
            {
                "arn": _arn("guardduty", "detector/{id}"),
                "accountId": constant(ACCOUNT),
                "findingPublishingFrequency": constant("SIX_HOURS"),
                "datasources": constant({}),
            }
        ),
        fresh=TAGS,
    ),
    _regional(
        "aws:guardduty/detectorFeature:DetectorFeature",
        on_delete=OnDelete.KEEP,
        id=text("{detectorId}/{name}"),
        scope=("detectorId",),
        inside=(DETECTOR,),
        on_duplicate=OnDuplicate.OVERWRITE,
        parents={"detectorId": DETECTOR},
        autoname="name",
    ),
    _regional(
        RULE,
        id=text("{name}"),
        name=("name",),
        on_duplicate=OnDuplicate.OVERWRITE,
        outputs=_tagged(
            {
                "arn": _arn("events", "rule/{name}"),
                "namePrefix": constant(""),
                "state": lambda m: "DISABLED" if m["isEnabled"] is False else "ENABLED",
            }
        ),
        fresh=TAGS,
        json_text=frozenset({"eventPattern"}),
        in_use=_rule_in_use,
        autoname="name",
    ),
    _regional(
        TARGET,
        id=lambda m: f"{m['rule']}-{m['targetId']}",
        key="{eventBusName}/{rule}/{targetId}",
        scope=("rule",),
        parents={"rule": RULE},
        on_duplicate=OnDuplicate.OVERWRITE,
        outputs={"targetId": lambda _: f"terraform-{secrets.token_hex(13)}"},
    ),
    _regional(
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
        outputs=_tagged(
            {"arn": _arn("logs", "log-group:{name}"), "logGroupClass": constant("STANDARD"), "namePrefix": constant("")}
        ),
        fresh=TAGS,
        left_by="skipDestroy",
        autoname="name",
    ),
    _regional(
        "aws:ec2/vpcEndpoint:VpcEndpoint",
        replaces=_private_dns_of_a_gateway,
        id=lambda _: f"vpce-{secrets.token_hex(9)[:17]}",
        scope=("vpcId",),
        outputs=_tagged(
            {
                "arn": _arn("ec2", "vpc-endpoint/{id}"),
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
    _regional(
        TOPIC,
        id=_arn("sns", "{name}"),
        name=("name",),
        on_duplicate=OnDuplicate.ADOPT,
        outputs=_tagged(
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
    _regional(
        "aws:sns/topicPolicy:TopicPolicy",
        id=text("{arn}"),
        on_duplicate=OnDuplicate.OVERWRITE,
        parents={"arn": TOPIC},
        outputs={"owner": constant(ACCOUNT)},
        json_text=DOCUMENT,
        policies=DOCUMENT,
    ),
    _regional(
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


def _caller(_: Cloud, __: Props) -> Props:
    return {
        "accountId": ACCOUNT,
        "arn": f"arn:aws:iam::{ACCOUNT}:user/deployer",
        "userId": "AIDASANDBOXDEPLOYER00",
        "id": ACCOUNT,
    }


def _region(_: Cloud, arguments: Props) -> Props:
    name = arguments.get("name") or arguments.get("region") or REGION
    return {
        "id": name,
        "name": name,
        "region": name,
        "description": "Asia Pacific (Sydney)",
        "endpoint": f"ec2.{name}.amazonaws.com",
    }


FUNCTIONS: dict[str, Callable[[Cloud, Props], Props]] = {
    "aws:index/getCallerIdentity:getCallerIdentity": _caller,
    "aws:index/getRegion:getRegion": _region,
}


def _no_parent(kind: Kind, parent: str, value: str) -> str:
    """AWS' words for a bucket, role, rule, topic or detector that is not there."""
    what, operation = parent.rsplit(":", 1)[-1], "Put" + kind.token.rsplit(":", 1)[-1]
    if parent == BUCKET:
        return error("S3", operation, 404, "NoSuchBucket", "The specified bucket does not exist")
    if parent == ROLE:
        return error("IAM", operation, 404, "NoSuchEntity", f"The role with name {value} cannot be found.")
    return error(
        parent.split(":")[1].split("/")[0], operation, 404, "NotFoundException", f"{what} {value} does not exist"
    )


def _not_found(kind: Kind, key: str) -> str:
    """AWS' words for an object that is not there."""
    name = kind.token.rsplit(":", 1)[-1]
    return error(
        kind.token.split(":")[1].split("/")[0],
        f"Update{name}",
        404,
        "NotFoundException",
        f"{name} {key} does not exist",
    )


def _broken(kind: Kind, status: int) -> str:
    """AWS' words when it can't, or is asked too often."""
    service = kind.token.split(":")[1].split("/")[0]
    if status == TOO_MANY:
        return error(service, f"Create{kind.label}", 400, "Throttling", "Rate exceeded")
    return error(
        service, f"Create{kind.label}", status, "InternalError", "We encountered an internal error. Please try again."
    )


VENDOR = Vendor(KINDS, _no_parent, _not_found, _broken, FUNCTIONS)
