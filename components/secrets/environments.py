"""One Doppler project per stack, one config per app, and every variable that the stack itself can write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

import pulumi
import pulumi_random as random
import pulumiverse_doppler as doppler

from components.base import Component, ComponentArgs
from settings import Role
from settings.contract import AppName, External, Generated, Provisioned, Variable, variables_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from settings import Secrets


@dataclass(frozen=True, kw_only=True)
class AppEnvironmentsArgs(ComponentArgs):
    """The settings, and for each app the values that other components provide, by variable name."""

    settings: Secrets
    provisioned: Mapping[AppName, Mapping[str, pulumi.Input[str]]]


class AppEnvironments(Component):
    """What each app finds in its environment when it starts.

    Owns the Doppler project, its environment, a branch config per app, the variables that the contract calls
    generated or provisioned, and one read-only service token per app. The root config holds nothing, because branches
    inherit it. Leaves external variables (Stripe, Resend, ...) alone: their owner enters them in Doppler, and no
    stack file carries them.

    Raises:
        ValueError: The contract and what the components provide disagree; nothing has been registered by then.
    """

    def __init__(self, name: str, args: AppEnvironmentsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        _refuse_disagreement(args.provisioned)
        super().__init__("secrets:AppEnvironments", name, args.deployment, opts)
        self._name = name
        self._settings = args.settings
        project = doppler.Project(
            f"{name}-project",
            name=args.settings.doppler_project,
            description=f"MadeBuy, {args.deployment.environment.value}",
            opts=self.child(stateful=True, adopt=Role.DOPPLER_PROJECT),
        )
        environment = doppler.Environment(
            f"{name}-environment",
            project=project.name,
            slug=args.deployment.environment.value,
            name=args.deployment.environment.value.capitalize(),
            opts=self.child(),
        )
        self.service_tokens: dict[str, pulumi.Output[str]] = {
            app.value: self._app(app, environment, args.provisioned[app]) for app in AppName
        }
        self.register_outputs({"service_tokens": self.service_tokens})

    def _app(
        self, app: AppName, environment: doppler.Environment, provisioned: Mapping[str, pulumi.Input[str]]
    ) -> pulumi.Output[str]:
        """Fill one app's config; the answer is the read-only token that opens it."""
        config = doppler.BranchConfig(
            f"{self._name}-{app.value}",
            project=environment.project,
            environment=environment.slug,
            name=pulumi.Output.concat(environment.slug, "_", app.value),
            opts=self.child(),
        )
        for variable in variables_of(app):
            value = self._value(app, variable, provisioned)
            if value is not None:
                doppler.Secret(
                    f"{self._name}-{app.value}-{variable.name.lower().replace('_', '-')}",
                    project=config.project,
                    config=config.name,
                    name=variable.name,
                    value=pulumi.Output.secret(value),
                    visibility="masked" if variable.secret else "unmasked",
                    opts=self.child(),
                )
        token = doppler.ServiceToken(
            f"{self._name}-{app.value}-token",
            project=config.project,
            config=config.name,
            name=f"{app.value}-runtime",
            access="read",
            opts=self.child(),
        )
        return pulumi.Output.secret(token.key)

    def _value(
        self, app: AppName, variable: Variable, provisioned: Mapping[str, pulumi.Input[str]]
    ) -> pulumi.Input[str] | None:
        match variable.source:
            case Generated(form, length):
                generated = random.RandomBytes(
                    f"{self._name}-{app.value}-{variable.name.lower().replace('_', '-')}-value",
                    length=length,
                    keepers={"generation": self._settings.started_on.isoformat()},
                    opts=self.child(),
                )
                return generated.base64 if form == "base64" else generated.hex
            case Provisioned():
                return provisioned.get(variable.name)
            case External():
                return None
        assert_never(variable.source)


def _refuse_disagreement(provisioned: Mapping[AppName, Mapping[str, pulumi.Input[str]]]) -> None:
    """Every required provisioned variable has a value, and every value a variable."""
    problems = []
    for app in AppName:
        contract = {v.name: v for v in variables_of(app) if isinstance(v.source, Provisioned)}
        given = provisioned.get(app, {})
        problems += [
            f"{app.value} needs {variable.name} from this stack and no component provides it"
            for variable in contract.values()
            if variable.required and variable.name not in given
        ]
        problems += [
            f"{app.value} is given {name}, which settings/contract.py does not name as provisioned for it"
            for name in given
            if name not in contract
        ]
    if problems:
        raise ValueError("The environment contract and the program disagree: " + "; ".join(problems) + ".")
