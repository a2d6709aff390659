"""Turnstile: the check that a person, not a script, orders, signs up or signs in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi_cloudflare as cloudflare

from components.base import Component, ComponentArgs

if TYPE_CHECKING:
    import pulumi

    from settings import Apps, Edge


@dataclass(frozen=True, kw_only=True)
class TurnstileArgs(ComponentArgs):
    """The hosts that may show the widget."""

    settings: Edge
    apps: Apps


class Turnstile(Component):
    """The widget that both apps show on high-risk actions (audit 2.3, P2).

    Owns the widget and its keys. A listed host covers the hosts below it (Cloudflare docs, turnstile hostname
    management), so the tenants' wildcard needs no entry of its own. Leaves asking for it, and checking the token, to
    the apps: a widget that the server doesn't verify protects nothing.
    """

    def __init__(self, name: str, args: TurnstileArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("edge:Turnstile", name, args.deployment, opts)
        widget = cloudflare.TurnstileWidget(
            f"{name}-widget",
            account_id=args.deployment.accounts.cloudflare_account_id,
            name=args.settings.zone,
            domains=sorted({app.host for app in args.apps.apps().values()}),
            mode="managed",
            region="world",
            opts=self.child(),
        )
        self.sitekey = widget.sitekey
        self.secret = widget.secret
        self.register_outputs({"sitekey": self.sitekey, "secret": self.secret})
