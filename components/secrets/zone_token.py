"""The Cloudflare token that the maker dashboard holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi

from components.base import Component, ComponentArgs
from components.tokens import PermissionGroup, account_token
from settings.rotation import ZONE_TOKEN

if TYPE_CHECKING:
    from settings import Secrets


@dataclass(frozen=True, kw_only=True)
class ZoneTokenArgs(ComponentArgs):
    """The zone whose records the token may write, and its live generations."""

    settings: Secrets
    zone_id: pulumi.Input[str]


class ZoneToken(Component):
    """CLOUDFLARE_API_TOKEN of the admin app: DNS records of MadeBuy's own zone, and nothing else.

    It takes the place of the leaked one (audit 2.2), which could do anything in the account.
    """

    def __init__(self, name: str, args: ZoneTokenArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("secrets:ZoneToken", name, args.deployment, opts)
        token = account_token(
            f"{name}-token",
            account_id=args.deployment.accounts.cloudflare_account_id,
            name=f"{args.settings.doppler_project}-dashboard",
            permissions=[PermissionGroup.DNS_WRITE],
            resource=pulumi.Output.concat("com.cloudflare.api.account.zone.", args.zone_id),
            live=args.settings.live(ZONE_TOKEN),
            opts=self.child(),
        )
        self.value: pulumi.Output[str] = pulumi.Output.secret(token.value)
        self.register_outputs({"value": self.value})
