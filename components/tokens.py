"""Cloudflare account tokens: each for one use, with the least permission, and an end."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import TYPE_CHECKING

import pulumi
import pulumi_cloudflare as cloudflare

if TYPE_CHECKING:
    from collections.abc import Sequence

    from settings import Live


class PermissionGroup(StrEnum):
    """Permission groups by id, which is the same in every account.

    Constants, so that no look-up makes a preview depend on the network.

    Source: Cloudflare's API token permissions page, and `GET /accounts/{id}/tokens/permission_groups`.
    """

    R2_BUCKET_ITEM_READ = "6a018a9f2fc74eb6b293b0c548f38b39"
    R2_BUCKET_ITEM_WRITE = "2efd5506f9c8494dacb1fa10a3e7d5b6"
    DNS_WRITE = "4755a26eedb94da69e1066d98aa820be"


def account_token(
    resource_name: str,
    *,
    account_id: str,
    name: pulumi.Input[str],
    permissions: Sequence[PermissionGroup],
    resource: pulumi.Input[str],
    live: Sequence[Live],
    opts: pulumi.ResourceOptions,
) -> cloudflare.AccountToken:
    """Make a token that may use `permissions` on one `resource`, one for each live generation, and return the newest.

    Each is a resource of its own, so that a new one never takes the place of one in use, and one that is retired is
    revoked. It stops working by itself at midnight UTC of its generation's last day. Its `value` is known when it is
    created and never again: losing it means making a new one.
    """
    tokens = [
        cloudflare.AccountToken(
            f"{resource_name}-{generation.number}",
            account_id=account_id,
            name=pulumi.Output.concat(name, "-", str(generation.number)),
            policies=[
                cloudflare.AccountTokenPolicyArgs(
                    effect="allow",
                    permission_groups=[
                        cloudflare.AccountTokenPolicyPermissionGroupArgs(id=group.value) for group in permissions
                    ],
                    # A JSON string, not a map, since v5.13 of the Terraform provider underneath.
                    resources=pulumi.Output.from_input(resource).apply(lambda key: json.dumps({key: "*"})),
                )
            ],
            expires_on=f"{generation.expires_on.isoformat()}T00:00:00Z",
            opts=opts,
        )
        for generation in live
    ]
    return tokens[-1]
