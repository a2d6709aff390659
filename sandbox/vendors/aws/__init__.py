"""AWS: the types MadeBuy uses of KMS, IAM, S3, GuardDuty, EventBridge and SNS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.kind import TOO_MANY, Vendor
from sandbox.vendors.aws import identity, storage, watch
from sandbox.vendors.aws.api import ACCOUNT, BUCKET, REGION, ROLE, error

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.cloud import Cloud
    from sandbox.kind import Kind
    from sandbox.wire import Props


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


VENDOR = Vendor((*identity.KINDS, *storage.KINDS, *watch.KINDS), _no_parent, _not_found, _broken, FUNCTIONS)
