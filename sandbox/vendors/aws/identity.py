"""AWS KMS and IAM: keys, roles and what they may do."""

from __future__ import annotations

import json
import secrets
from typing import TYPE_CHECKING

from sandbox.kind import Kind, OnDuplicate
from sandbox.vendors.aws.api import (
    ACCOUNT,
    ATTACHMENT,
    DOCUMENT,
    KEY,
    POLICY,
    REGION,
    ROLE,
    ROLE_POLICY,
    SOURCE,
    TAGS,
    TRUST,
    arn,
    error,
    regional,
    tagged,
)
from sandbox.vendors.forms import constant, now, text, unique

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.cloud import Cloud, Thing
    from sandbox.kind import Making


def _key_policy(making: Making) -> str:
    root = {
        "Sid": "Enable IAM User Permissions",
        "Effect": "Allow",
        "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
        "Action": "kms:*",
        "Resource": "*",
    }
    return making["policy"] or json.dumps({"Id": "key-default-1", "Statement": [root], "Version": "2012-10-17"})


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


def _unique_id(prefix: str) -> Callable[[Making], str]:
    return lambda _: prefix + secrets.token_hex(9).upper()[:17]


KINDS = (
    regional(
        KEY,
        id=unique,
        outputs=tagged(
            {
                "arn": arn("kms", "key/{id}"),
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
    regional(
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
            "arn": arn("kms", "{name}"),
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
        outputs=tagged(
            {
                "arn": arn("iam", "role{path}{name}", of_region=False),
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
        id=arn("iam", "policy{path}{name}", of_region=False),
        name=("name",),
        taken=lambda m: error(
            "IAM", "CreatePolicy", 409, "EntityAlreadyExists", f"A policy called {m['name']} already exists."
        ),
        outputs=tagged(
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
        outputs=tagged(
            {"arn": lambda m: m.id, "thumbprintLists": constant(["1c58a3a8518e8759bf075b76b750d4f2df264fcd"])}
        ),
        fresh=TAGS,
    ),
)
