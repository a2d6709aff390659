"""What AWS' services share: names, ARNs, policy documents, and how an error reads."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING, Any

from sandbox.kind import Kind
from sandbox.vendors.forms import constant

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.kind import Making

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
TAGS = frozenset({"tagsAll"})
DOCUMENT, TRUST = frozenset({"policy"}), frozenset({"assumeRolePolicy"})
"""Compared as verify.SuppressEquivalentPolicyDiffs does: hashicorp/awspolicyequivalence."""


def error(service: str, operation: str, status: int, code: str, message: str) -> str:
    """An answer of an AWS API as the provider prints it."""
    return (
        f"operation error {service}: {operation}, https response error StatusCode: {status}, "
        f"RequestID: {secrets.token_hex(8)}, {code}: {message}"
    )


def arn(service: str, resource: str, *, of_region: bool = True) -> Callable[[Making], str]:
    """Makes the ARN of an object; a part in braces is a property of it."""

    def make(making: Making) -> str:
        region = (making["region"] or REGION) if of_region else ""
        return f"arn:aws:{service}:{region}:{ACCOUNT}:{resource.format_map({**making.state, 'id': making.id})}"

    return make


def regional(token: str, **more: Any) -> Kind:  # noqa: ANN401 the record's own fields
    """An object of a region; the program may say which."""
    outputs = {"region": constant(REGION), **more.pop("outputs", {})}
    return Kind(token, SOURCE, outputs=outputs, **more)


def tagged(outputs: dict[str, Callable[[Making], Any]]) -> dict[str, Callable[[Making], Any]]:
    """The outputs, and what an object with tags has besides."""
    return {**outputs, "tagsAll": lambda making: making["tags"] or {}}


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
