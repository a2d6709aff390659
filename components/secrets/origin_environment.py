"""What the servers in front of the apps are set up with, where MadeBuy runs them itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
import pulumiverse_doppler as doppler

from components.base import Component, ComponentArgs

if TYPE_CHECKING:
    from components.edge import OriginCertificates

KEY = "ORIGIN_PRIVATE_KEY"


@dataclass(frozen=True, kw_only=True)
class OriginEnvironmentArgs(ComponentArgs):
    """The Doppler environment of the stack, and the certificates to hand over in it."""

    environment: doppler.Environment
    certificates: OriginCertificates


class OriginEnvironment(Component):
    """The certificate that an origin shows, its key, and the certificate to ask Cloudflare for.

    Owns the config `<environment>_origin` and what is in it. It is apart from the apps' configs, because an app that is
    broken into must not hold the key of the host that it is behind. No service token opens it: the certificate is
    installed once in its life, by a person or a deployment with a Doppler login of their own.
    """

    def __init__(self, name: str, args: OriginEnvironmentArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("secrets:OriginEnvironment", name, args.deployment, opts)
        config = doppler.BranchConfig(
            f"{name}-config",
            project=args.environment.project,
            environment=args.environment.slug,
            name=pulumi.Output.concat(args.environment.slug, "_origin"),
            opts=self.child(stateful=True),
        )
        values: dict[str, pulumi.Input[str] | None] = {
            "ORIGIN_CERTIFICATE": args.certificates.certificate,
            KEY: args.certificates.private_key,
            "ORIGIN_CLIENT_CERTIFICATE": args.certificates.client_certificate,
        }
        for variable, value in values.items():
            if value is None:
                continue
            doppler.Secret(
                f"{name}-{variable.removeprefix('ORIGIN_').lower().replace('_', '-')}",
                project=config.project,
                config=config.name,
                name=variable,
                value=pulumi.Output.secret(value),
                visibility="masked" if variable == KEY else "unmasked",
                opts=self.child(),
            )
        self.config_name = config.name
        self.register_outputs({"config_name": self.config_name})
