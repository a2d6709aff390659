"""S3 credentials for one bucket and one use."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

import pulumi

from components.base import Component, ComponentArgs
from components.tokens import PermissionGroup, account_token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from settings import Live


class BucketAccess(Enum):
    """What a credential may do with the objects of its bucket."""

    READ = (PermissionGroup.R2_BUCKET_ITEM_READ,)
    READ_WRITE = (PermissionGroup.R2_BUCKET_ITEM_READ, PermissionGroup.R2_BUCKET_ITEM_WRITE)


@dataclass(frozen=True, kw_only=True)
class BucketCredentialsArgs(ComponentArgs):
    """The bucket, what its user may do with it, and the generations that must work now, oldest first."""

    bucket_name: pulumi.Input[str]
    access: BucketAccess
    live: Sequence[Live]


class BucketCredentials(Component):
    """An access key pair for R2's S3 API that opens one bucket and nothing else.

    Owns one account token for each live generation, and hands out the newest. R2 derives the pair from it: the access
    key id is the token's id, the secret access key is the SHA-256 of its value, in hex (Cloudflare's R2 authentication
    page). Leaves the delivery to `secrets`.
    """

    def __init__(self, name: str, args: BucketCredentialsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("storage:BucketCredentials", name, args.deployment, opts)
        account_id = args.deployment.accounts.cloudflare_account_id
        token = account_token(
            f"{name}-token",
            account_id=account_id,
            name=pulumi.Output.concat(args.bucket_name, "-", args.access.name.lower().replace("_", "-")),
            permissions=args.access.value,
            resource=pulumi.Output.concat("com.cloudflare.edge.r2.bucket.", account_id, "_default_", args.bucket_name),
            live=args.live,
            opts=self.child(),
        )
        self.endpoint = f"https://{account_id}.r2.cloudflarestorage.com"
        self.bucket_name: pulumi.Output[str] = pulumi.Output.from_input(args.bucket_name)
        self.access_key_id = token.id
        self.secret_access_key: pulumi.Output[str] = pulumi.Output.secret(
            token.value.apply(lambda value: hashlib.sha256(value.encode()).hexdigest())
        )
        self.register_outputs(
            {
                "endpoint": self.endpoint,
                "bucket_name": self.bucket_name,
                "access_key_id": self.access_key_id,
                "secret_access_key": self.secret_access_key,
            }
        )
