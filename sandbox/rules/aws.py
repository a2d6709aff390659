"""What AWS refuses."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from sandbox.rules.record import Ask, across, alone, part
from sandbox.vendors.aws.api import (
    BUCKET,
    DETECTOR,
    KEY,
    POLICY,
    REGION,
    ROLE,
    ROLE_POLICY,
    bucket_part,
    error,
    statements,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.cloud import Reader

ALIAS, OIDC = "aws:kms/alias:Alias", "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
BUCKET_POLICY, VERSIONING, OBJECT_LOCK = (
    bucket_part(n) for n in ("BucketPolicy", "BucketVersioning", "BucketObjectLockConfiguration")
)
EVENT_RULE = "aws:cloudwatch/eventRule:EventRule"
LOG_GROUP = "aws:cloudwatch/logGroup:LogGroup"
TOPIC, SUBSCRIPTION = "aws:sns/topic:Topic", "aws:sns/topicSubscription:TopicSubscription"
ENDPOINTS = {
    "email": r"[^@\s]+@[^@\s]+$",
    "email-json": r"[^@\s]+@[^@\s]+$",
    "http": "http://",
    "https": "https://",
    **dict.fromkeys(("application", "firehose", "lambda", "sqs"), "arn:"),
}
DOCUMENTS = {
    ROLE: "assumeRolePolicy",
    ROLE_POLICY: "policy",
    POLICY: "policy",
    BUCKET_POLICY: "policy",
    KEY: "policy",
    "aws:sns/topicPolicy:TopicPolicy": "policy",
}
GUIDE = "docs.aws.amazon.com"
IAM = f"{GUIDE}/IAM/latest/UserGuide"
SOURCES = "hashicorp/terraform-provider-aws v6: internal/service"
MODEL = "AWS' API model in botocore 1.44.5"
S3 = f"{GUIDE}/AmazonS3/latest/userguide"
NAMES = {
    ROLE: r"[\w+=,.@-]{1,64}",
    POLICY: r"[\w+=,.@-]{1,128}",
    ROLE_POLICY: r"[\w+=,.@-]{1,128}",
    EVENT_RULE: r"[._A-Za-z0-9-]{1,64}",
    LOG_GROUP: r"(?!aws/)[._/#A-Za-z0-9-]{1,512}",
    TOPIC: r"[A-Za-z0-9_-]{1,256}|[A-Za-z0-9_-]{1,251}\.fifo",
}
PREFIXED = {**dict.fromkeys((*NAMES, ALIAS), "name"), BUCKET: "bucket"}
FOR_FIFO_TOPICS = ("contentBasedDeduplication", "fifoThroughputScope", "archivePolicy")
RESERVED_STARTS = ("xn--", "sthree-", "amzn-s3-demo-")
RESERVED_ENDS = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")


@alone(BUCKET, source=f"{S3}/bucketnamingrules.html")
def s3_name_has_its_form(ask: Ask) -> Iterator[tuple[str, str]]:
    """A bucket name is 3 to 63 lower case letters, digits, dots and hyphens, not an IP address, not a reserved form."""
    for path, name in ask.each("bucket"):
        fits = re.fullmatch(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]", name) and ".." not in name
        reserved = name.startswith(RESERVED_STARTS) or name.endswith(RESERVED_ENDS)
        if not fits or reserved or re.fullmatch(r"\d+(\.\d+){3}", name):
            yield path, "InvalidBucketName: The specified bucket is not valid"


@alone(*NAMES, source=f"{MODEL}: iam, events, logs and sns, the names' patterns")
def aws_name_has_its_form(ask: Ask) -> Iterator[tuple[str, str]]:
    """A role, policy, event rule, log group or topic has only the characters in its name that AWS allows, and few."""
    for path, name in ask.each("name"):
        if not re.fullmatch(NAMES[ask.type.token], str(name), re.ASCII):
            yield path, "ValidationError: the name has characters that AWS does not allow, or too many"


@alone(*PREFIXED, source=f"{SOURCES}, ConflictsWith: s3/bucket.go, iam/role.go, kms/alias.go, sns/topic.go and others")
def name_or_its_prefix(ask: Ask) -> Iterator[tuple[str, str]]:
    """A name and a prefix for one are not both given."""
    name = PREFIXED[ask.type.token]
    if ask.props.get(name) is not None and ask.props.get(f"{name}Prefix") is not None:
        yield name, f'Conflicting configuration arguments: "{name}": conflicts with {name}_prefix'


@alone(*DOCUMENTS, source=f"{IAM}/reference_policies_grammar.html")
def policy_document_parses(ask: Ask) -> Iterator[tuple[str, str]]:
    """A policy is a JSON object with a `Statement`, each with an effect and an action."""
    name = DOCUMENTS[ask.type.token]
    for path, text in ask.each(name):
        try:
            document = json.loads(text)
        except ValueError:
            yield path, f'"{name}" contains an invalid JSON policy'
            continue
        fault = _fault(document)
        if fault:
            yield path, f"MalformedPolicyDocument: {fault}"


def _fault(document: object) -> str | None:
    if not isinstance(document, dict) or "Statement" not in document:
        return "Syntax errors in policy: it is an object with a Statement"
    if document.get("Version", "2012-10-17") not in ("2012-10-17", "2008-10-17"):
        return "The policy must contain a valid version string"
    for statement in statements(json.dumps(document)):
        if statement.get("Effect") not in ("Allow", "Deny"):
            return "Effect must be Allow or Deny"
        if "Action" not in statement and "NotAction" not in statement:
            return "Policy statement must contain actions"
    return None


@alone(ROLE, source=f"{IAM}/reference_policies_elements_principal.html: role trust policies")
def trust_policy_names_a_principal(ask: Ask) -> Iterator[tuple[str, str]]:
    """A role's trust policy has a principal in each statement and no resource."""
    for path, text in ask.each("assumeRolePolicy"):
        for statement in statements(text):
            if "Principal" not in statement and "NotPrincipal" not in statement:
                yield path, "MalformedPolicyDocument: AssumeRolepolicy contained no Principal"
            if "Resource" in statement:
                yield path, "MalformedPolicyDocument: Has prohibited field Resource"


@alone(
    ROLE_POLICY,
    POLICY,
    source=f"{IAM}/reference_policies_elements_principal.html, reference_policies_elements_resource.html",
)
def identity_policy_names_a_resource(ask: Ask) -> Iterator[tuple[str, str]]:
    """An identity policy has a resource in each statement and no principal."""
    for path, text in ask.each("policy"):
        for statement in statements(text):
            if "Resource" not in statement and "NotResource" not in statement:
                yield path, "MalformedPolicyDocument: Policy statement must contain resources"
            if "Principal" in statement:
                yield path, "MalformedPolicyDocument: Policy document should not specify a principal"


@alone(ALIAS, source=f"{MODEL}: kms CreateAlias, AliasName")
def alias_name_has_its_form(ask: Ask) -> Iterator[tuple[str, str]]:
    """A key alias starts with `alias/`, but not with `alias/aws/`."""
    for path, name in ask.each("name"):
        if not re.fullmatch(r"alias/[a-zA-Z0-9/_-]+", name) or name.startswith("alias/aws/"):
            yield path, "name must begin with 'alias/' and not with 'alias/aws/'"


@alone(KEY, source=f"{SOURCES}/kms/key.go, rotation_period_in_days")
def rotation_period_needs_rotation(ask: Ask) -> Iterator[tuple[str, str]]:
    """A rotation period needs key rotation, which only symmetric keys have."""
    if ask.props.get("rotationPeriodInDays") is not None and ask["enableKeyRotation"] is not True:
        yield "rotationPeriodInDays", "needs enable_key_rotation"
    if ask["enableKeyRotation"] is True and ask["customerMasterKeySpec"] != "SYMMETRIC_DEFAULT":
        yield "enableKeyRotation", "UnsupportedOperationException: only symmetric keys rotate"


@alone(OIDC, source=f"{MODEL}: iam CreateOpenIDConnectProvider, Url")
def oidc_url_is_https(ask: Ask) -> Iterator[tuple[str, str]]:
    """An OIDC provider's URL starts with https:// and has no port, query or fragment."""
    if not re.fullmatch(r"https://[^:?#]+", ask["url"]):
        yield "url", "ValidationError: the url must begin with https:// and have no port, query or fragment"


@alone(
    EVENT_RULE,
    source=f"{GUIDE}/eventbridge/latest/userguide/eb-create-pattern.html: values are arrays with something in them",
)
def event_pattern_has_values(ask: Ask) -> Iterator[tuple[str, str]]:
    """An event pattern is a JSON object without empty arrays."""
    for path, pattern in ask.each("eventPattern"):
        try:
            json.loads(pattern)
        except ValueError:
            yield path, "InvalidEventPatternException: Event pattern is not valid JSON"
            continue
        if re.search(r"\[\s*\]", pattern):
            yield path, "InvalidEventPatternException: Empty arrays are not allowed"


@alone(EVENT_RULE, source=f"{MODEL}: events PutRule, a pattern or a schedule")
def event_rule_has_a_trigger(ask: Ask) -> Iterator[tuple[str, str]]:
    """An event rule has a pattern or a schedule."""
    if ask["eventPattern"] is None and ask["scheduleExpression"] is None:
        missing = "one of `event_pattern,schedule_expression` must be specified"
        yield "eventPattern", f'Missing required argument: "event_pattern": {missing}'


@alone(TOPIC, source=f"{SOURCES}/sns/topic.go, resourceTopicCustomizeDiff")
def fifo_topic_says_so_in_its_name(ask: Ask) -> Iterator[tuple[str, str]]:
    """A FIFO topic's name ends with `.fifo`; archiving and removing duplicates are for FIFO topics."""
    fifo = ask["fifoTopic"] is True
    if ask["name"] is not None and str(ask["name"]).endswith(".fifo") is not fifo:
        yield "name", "invalid topic name: that of a FIFO topic ends with .fifo, and no other"
    for name in FOR_FIFO_TOPICS if not fifo else ():
        if ask[name]:
            yield name, "can only be set for FIFO topics"


@alone(SUBSCRIPTION, source=f"{MODEL}: sns Subscribe, Endpoint")
def endpoint_is_of_its_protocol(ask: Ask) -> Iterator[tuple[str, str]]:
    """A subscription's endpoint is what its protocol sends to: a mail address, a URL or an ARN."""
    protocol, endpoint = ask["protocol"], str(ask["endpoint"])
    form = ENDPOINTS.get(protocol)
    if form and not re.match(form, endpoint):
        yield "endpoint", f"InvalidParameter: the endpoint is none that {protocol} can send to"


@alone(SUBSCRIPTION, source=f"{MODEL}: sns Subscribe, RawMessageDelivery")
def raw_delivery_is_for_machines(ask: Ask) -> Iterator[tuple[str, str]]:
    """Messages are delivered raw to SQS, Firehose and HTTP(S) endpoints only."""
    if ask["rawMessageDelivery"] is True and ask["protocol"] not in ("sqs", "firehose", "http", "https"):
        yield "rawMessageDelivery", f"InvalidParameter: {ask['protocol']} does not support raw message delivery"


@alone(OBJECT_LOCK, source=f"{MODEL}: s3 DefaultRetention")
def lock_retention_is_days_or_years(ask: Ask) -> Iterator[tuple[str, str]]:
    """A default retention has a mode and either days or years."""
    for path, retention in ask.each("rule.defaultRetention"):
        if (retention.get("days") is None) == (retention.get("years") is None) or retention.get("mode") is None:
            yield path, "MalformedXML: a default retention has a mode and either days or years"


@across(OBJECT_LOCK, source=f"{S3}/object-lock-configure.html: versioning first; an existing bucket will do")
def lock_needs_versions(ask: Ask, cloud: Reader) -> Iterator[str]:
    """Object lock can be configured only in a bucket that was made with it, or keeps versions."""
    bucket = cloud.named(BUCKET, "", ask["bucket"])
    kept = [part(v.state, "versioningConfiguration").get("status") for v in cloud.all(VERSIONING, ask["bucket"])]
    if bucket and bucket.state.get("objectLockEnabled") is False and "Enabled" not in kept:
        message = "Versioning must be 'Enabled' on the bucket to apply a Object Lock configuration"
        yield error("S3", "PutObjectLockConfiguration", 409, "InvalidBucketState", message)


@across(VERSIONING, source=f"{SOURCES}/s3/bucket_versioning.go, CustomizeDiff")
def versioning_is_never_disabled_again(ask: Ask, _: Reader) -> Iterator[str]:
    """Versioning that was enabled or suspended cannot be set to `Disabled`."""
    before, now = (part(p, "versioningConfiguration").get("status") for p in (ask.old or {}, ask.props))
    if before in ("Enabled", "Suspended") and now == "Disabled":
        yield f"versioning_configuration.status cannot be updated from '{before}' to '{now}'"


@across(VERSIONING, source=f"{S3}/object-lock-managing.html")
def locked_bucket_keeps_versions(ask: Ask, cloud: Reader) -> Iterator[str]:
    """Versioning cannot be suspended in a bucket with object lock."""
    bucket = cloud.named(BUCKET, "", ask["bucket"])
    suspends = part(ask.props, "versioningConfiguration").get("status") == "Suspended"
    if bucket and suspends and bucket.state.get("objectLockEnabled") is True:
        message = "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed."
        yield error("S3", "PutBucketVersioning", 409, "InvalidBucketState", message)


@across(BUCKET_POLICY, source="hashicorp/terraform#23570")
def bucket_policy_is_about_its_bucket(ask: Ask, _: Reader) -> Iterator[str]:
    """A bucket policy's resources are the bucket or its objects."""
    own = re.compile(rf"arn:aws:s3:::{re.escape(str(ask['bucket']))}([/*].*)?|\*")
    for statement in statements(ask["policy"]):
        resources = statement.get("Resource", [])
        for resource in [resources] if isinstance(resources, str) else resources:
            if not own.fullmatch(str(resource)):
                yield error("S3", "PutBucketPolicy", 400, "MalformedPolicy", "Policy has invalid resource")


@across(ALIAS, source=f"{MODEL}: kms CreateAlias, a valid key is required")
def aliased_key_exists(ask: Ask, cloud: Reader) -> Iterator[str]:
    """An alias names a key that exists."""
    if not cloud.exists(KEY, ask["targetKeyId"].rsplit("/", 1)[-1]):
        yield error("KMS", "CreateAlias", 400, "NotFoundException", f"Key '{ask['targetKeyId']}' does not exist")


@across(DETECTOR, source=f"{MODEL}: guardduty CreateDetector")
def one_detector_per_region(ask: Ask, cloud: Reader) -> Iterator[str]:
    """An account has one GuardDuty detector per region."""
    region = ask.props.get("region")
    if not ask.id and cloud.all(DETECTOR, region if isinstance(region, str) else REGION):
        message = "The request is rejected because a detector already exists for the current account."
        yield error("GuardDuty", "CreateDetector", 400, "BadRequestException", message)
