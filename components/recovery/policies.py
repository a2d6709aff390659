"""The IAM documents of this room: who may use the database's key, who may look after it, who may write to a bucket."""

from __future__ import annotations

import json

USE = ("kms:Encrypt", "kms:Decrypt", "kms:DescribeKey")
"""What Atlas does with a customer's key, and no more (MongoDB: "Manage Customer Keys with AWS KMS")."""

ADMINISTER = (
    "kms:CancelKeyDeletion",
    "kms:CreateAlias",
    "kms:DeleteAlias",
    "kms:DescribeKey",
    "kms:DisableKey",
    "kms:DisableKeyRotation",
    "kms:EnableKey",
    "kms:EnableKeyRotation",
    "kms:GetKeyPolicy",
    "kms:GetKeyRotationStatus",
    "kms:ListAliases",
    "kms:ListResourceTags",
    "kms:PutKeyPolicy",
    "kms:ScheduleKeyDeletion",
    "kms:TagResource",
    "kms:UntagResource",
    "kms:UpdateAlias",
    "kms:UpdateKeyDescription",
)
"""What a deployment and an administrator do. Neither encrypts nor decrypts."""


def key_policy(account_id: str, role_name: str) -> str:
    """The key's own policy: the account looks after it through IAM, and only the Atlas role may use it.

    The role is named in a condition, not as a principal: KMS refuses a principal that it can't see yet, and a role just
    made is such a one. No IAM policy elsewhere in the account can widen the second statement.
    """
    account = {"AWS": f"arn:aws:iam::{account_id}:root"}
    return document(
        {
            "Sid": "AdministeredThroughIam",
            "Effect": "Allow",
            "Principal": account,
            "Action": list(ADMINISTER),
            "Resource": "*",
        },
        {
            "Sid": "UsedByAtlasAlone",
            "Effect": "Allow",
            "Principal": account,
            "Action": list(USE),
            "Resource": "*",
            "Condition": {"ArnEquals": {"aws:PrincipalArn": f"arn:aws:iam::{account_id}:role/{role_name}"}},
        },
    )


def trust_atlas(atlas_principal: str, external_id: str) -> str:
    """Let Atlas, on behalf of this one project, assume the role.

    The external id is what stops another Atlas customer from naming our role as theirs (AWS: "the confused deputy
    problem").
    """
    return document(
        {
            "Effect": "Allow",
            "Principal": {"AWS": atlas_principal},
            "Action": "sts:AssumeRole",
            "Condition": {"StringEquals": {"sts:ExternalId": external_id}},
        }
    )


def use_of_key(key_arn: str) -> str:
    """What the role may do: use this key."""
    return document({"Effect": "Allow", "Action": list(USE), "Resource": key_arn})


def write_to_bucket(bucket_arn: str) -> str:
    """What Atlas needs to add objects to a bucket, and no more (MongoDB's own Terraform modules grant the same)."""
    return document(
        {"Effect": "Allow", "Action": "s3:GetBucketLocation", "Resource": bucket_arn},
        {"Effect": "Allow", "Action": "s3:PutObject", "Resource": f"{bucket_arn}/*"},
    )


def only_encrypted_transport(bucket_arn: str) -> str:
    """A bucket's policy: whoever comes without TLS is refused, whatever else allows them in."""
    return document(
        {
            "Sid": "OnlyEncryptedTransport",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": [bucket_arn, f"{bucket_arn}/*"],
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        }
    )


def document(*statements: dict[str, object]) -> str:
    """An IAM policy document with these statements."""
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
