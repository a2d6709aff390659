"""AWS S3: the other doors to a bucket, and the buckets whose names anybody can foretell."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from policies.checks import is_true, must, text
from policies.iam import DOCUMENTS, documents
from policies.rule import NOWHERE, PRODUCTION, Severity, resource_rule, stack_rule
from policies.tokens import S3_ACCESS_POINT, S3_BUCKET, S3_MULTI_REGION_ACCESS_POINT, S3_NOTIFICATION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policies.iam import Statement
    from policies.model import Finding, Resource, Stack

_BLOCKS: Final = ("blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets")
_BLOCKS_OF: Final = {
    S3_ACCESS_POINT: tuple(f"publicAccessBlockConfiguration.{block}" for block in _BLOCKS),
    S3_MULTI_REGION_ACCESS_POINT: tuple(f"details.publicAccessBlock.{block}" for block in _BLOCKS),
}
_ACCOUNT: Final = r"(\d{12}|\*)"
_REGION: Final = r"([a-z]{2}(-[a-z]+)+-\d|\*)"
_FORETOLD: Final = re.compile(
    "|".join(
        rf"{start}(\*|{end})"
        for start, end in (
            ("aws-glue-assets-", f"{_ACCOUNT}-{_REGION}"),
            ("sagemaker-", f"{_REGION}-{_ACCOUNT}"),
            ("cf-templates-", rf"[a-z0-9*]+-{_REGION}"),
            ("aws-emr-studio-", f"{_ACCOUNT}-{_REGION}"),
            ("aws-codestar-", f"{_REGION}-{_ACCOUNT}"),
            ("cdk-", rf"[a-z0-9*]+-assets-{_ACCOUNT}-{_REGION}"),
            ("elasticbeanstalk-", f"{_REGION}-{_ACCOUNT}"),
            ("aws-athena-query-results-", f"{_ACCOUNT}-{_REGION}"),
        )
    )
)
"""The names that AWS's services make up from an account's number and a region, whole or with wildcards.

The first five are Prowler's list; the others are in the documentation of CDK, Elastic Beanstalk and Athena.
"""
_WHOSE: Final = {"aws:resourceaccount", "s3:resourceaccount", "aws:resourceorgid", "aws:resourceorgpaths"}


@resource_rule(
    id="s3-access-point-private",
    title="No access point of a bucket can be made public",
    risk="What the bucket refuses, its second door lets in, and AWS never lets this door's setting be changed again.",
    fix="Remove the four settings, which AWS then sets to true, or set them to true.",
    severity=Severity.HIGH,
    audit="5.3 Phase 2: backups",
    cis="3.3",
    equals=(
        "prowler:s3_access_point_public_access_block",
        "prowler:s3_multi_region_access_point_public_access_block",
    ),
    reads=_BLOCKS_OF,
    shows=tuple(path for paths in _BLOCKS_OF.values() for path in paths),
)
def access_point_is_private(point: Resource) -> Iterator[Finding]:
    """All four; true is AWS's default for access points, unlike for buckets' own blocks."""
    for path in _BLOCKS_OF[point.type]:
        yield from must(path, is_true, required=False)(point)


@stack_rule(
    id="s3-foretold-bucket-owned",
    title="A policy that opens a bucket whose name anybody can foretell says whose bucket it must be",
    risk="Whoever made a bucket of that name first gets what our service writes, or gives it code to run.",
    fix='Add "Condition": {"StringEquals": {"aws:ResourceAccount": ...}} with the own account, or declare the bucket.',
    severity=Severity.HIGH,
    audit="Beyond the audit: known from Prowler",
    cis="3.3",
    equals=("prowler:s3_bucket_shadow_resource_vulnerability",),
    reads={**DOCUMENTS, S3_BUCKET: ("bucket",)},
)
def foretold_bucket_is_owned(stack: Stack) -> Iterator[Finding]:
    """A bucket that the program itself declares is the account's own: AWS gives a name to one account alone."""
    declared = {text(bucket.value("bucket")) for bucket in stack.of(S3_BUCKET)}
    for resource in stack.of(*DOCUMENTS):
        for path, statement in documents(resource):
            named = _foretold(statement) - declared
            if named and statement.allows and not statement.conditions & _WHOSE:
                yield resource.wants("opens a bucket of a name that anybody can foretell, whoever owns it", path)


def _foretold(statement: Statement) -> set[str]:
    """The names of such buckets among a statement's resources. A bare wildcard names none."""
    buckets = {one.partition(":::")[2].partition("/")[0] for one in statement.resources if ":s3:::" in one}
    return {bucket for bucket in buckets if _FORETOLD.fullmatch(bucket)}


@stack_rule(
    id="s3-events-sent",
    title="A bucket tells of what happens to its objects",
    risk="What should be scanned, counted or copied as it arrives waits for somebody to look.",
    fix="Declare a BucketNotification for the bucket with eventbridge true, or with a queue, topic or function.",
    severity=Severity.LOW,
    mandatory=PRODUCTION,
    audit="Beyond the audit: known from Prowler; an event that nothing waits for protects nothing, so it is asked only "
    "where a pack config says so",
    cis="8.2",
    equals=("prowler:s3_bucket_event_notifications_enabled",),
    applies=NOWHERE,
    reads={S3_NOTIFICATION: ("bucket", "eventbridge", "lambdaFunctions", "queues", "topics"), S3_BUCKET: ("bucket",)},
)
def bucket_sends_events(stack: Stack) -> Iterator[Finding]:
    """To anyone: a notification without a receiver switches all off."""
    for bucket in stack.of(S3_BUCKET):
        if not any(_tells(one) for one in stack.companions(bucket, S3_NOTIFICATION, "bucket", "bucket")):
            yield bucket.wants("tells nobody of its objects")


def _tells(notification: Resource) -> bool:
    listed = any(notification.value(path) for path in ("lambdaFunctions", "queues", "topics"))
    return listed or notification.value("eventbridge") is True
