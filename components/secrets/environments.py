"""One Doppler project per stack, one config per app, and every variable that the stack itself can write."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, assert_never

import pulumi
import pulumi_random as random
import pulumiverse_doppler as doppler

from components.base import Component, ComponentArgs
from components.secrets.origin_environment import OriginEnvironment, OriginEnvironmentArgs
from settings import Role
from settings.contract import AppName, External, Generated, Provisioned, Variable, value_problem, variables_of
from settings.rotation import MADE_HERE, generated, service_token

if TYPE_CHECKING:
    from collections.abc import Mapping

    from components.edge import OriginCertificates
    from settings import Secrets


@dataclass(frozen=True, kw_only=True)
class AppEnvironmentsArgs(ComponentArgs):
    """The settings, what other components provide for each app by variable name, and for origins, where they do."""

    settings: Secrets
    provisioned: Mapping[AppName, Mapping[str, pulumi.Input[str]]]
    origin_certificates: OriginCertificates | None = None


class AppEnvironments(Component):
    """What each app finds in its environment when it starts.

    Owns the Doppler project, its environment, a branch config per app, the variables that the contract calls
    generated or provisioned, the public ones that the stack file gives, and each app's read-only service token, one for
    each live generation; and a config for the origins, where MadeBuy runs them itself. The root config holds nothing,
    because branches inherit it. Leaves other external variables (Stripe's keys, Resend's, ...) alone: their owner
    enters them in Doppler, and no stack file carries them.

    `generations` says which generation of each secret an app that starts now would get. It is known only when Doppler
    has all of them: an `up` that failed halfway does not say so.

    Raises:
        RunError: The contract and what the components provide disagree; nothing has been registered by then.
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
            # Renamed in place, it would take from under its environment the name by which that one finds it.
            opts=self.child(stateful=True, adopt=Role.DOPPLER_PROJECT, replace_on_changes=["name"]),
        )
        environment = doppler.Environment(
            f"{name}-environment",
            project=project.name,
            slug=args.deployment.environment.value,
            name=args.deployment.environment.value.capitalize(),
            opts=self.child(stateful=True),
        )
        if args.origin_certificates:
            origin = OriginEnvironmentArgs(
                deployment=args.deployment, environment=environment, certificates=args.origin_certificates
            )
            OriginEnvironment(f"{name}-origin", origin, self.child())
        self._written: list[pulumi.Output[str]] = []
        self.service_tokens: dict[str, pulumi.Output[str]] = {
            app.value: self._app(app, environment, args.provisioned[app]) for app in AppName
        }
        self.generations: pulumi.Output[dict[str, int]] = pulumi.Output.all(*self._written).apply(
            lambda _: {name: args.settings.generations(name)[-1].generation for name in MADE_HERE}
        )
        self.register_outputs({"service_tokens": self.service_tokens, "generations": self.generations})

    def _app(
        self, app: AppName, environment: doppler.Environment, provisioned: Mapping[str, pulumi.Input[str]]
    ) -> pulumi.Output[str]:
        """Fill one app's config; the answer is the read-only token that opens it."""
        config = doppler.BranchConfig(
            f"{self._name}-{app.value}",
            project=environment.project,
            environment=environment.slug,
            name=pulumi.Output.concat(environment.slug, "_", app.value),
            opts=self.child(stateful=True),  # what its owner entered is nowhere else
        )
        for variable in variables_of(app):
            value = self._value(app, variable, provisioned)
            if value is not None:
                secret = doppler.Secret(
                    f"{self._name}-{app.value}-{_dashed(variable)}",
                    project=config.project,
                    config=config.name,
                    name=variable.name,
                    value=pulumi.Output.secret(value),
                    visibility="masked" if variable.secret else "unmasked",
                    opts=self.child(),
                )
                self._written.append(secret.id)
        return self._token(app, config)

    def _token(self, app: AppName, config: doppler.BranchConfig) -> pulumi.Output[str]:
        tokens = [
            doppler.ServiceToken(
                f"{self._name}-{app.value}-token-{generation.number}",
                project=config.project,
                config=config.name,
                name=f"{app.value}-runtime-{generation.number}",
                access="read",
                opts=self.child(),
            )
            for generation in self._settings.live(service_token(app))
        ]
        self._written += [token.id for token in tokens]
        return pulumi.Output.secret(tokens[-1].key)

    def _value(
        self, app: AppName, variable: Variable, provisioned: Mapping[str, pulumi.Input[str]]
    ) -> pulumi.Input[str] | None:
        match variable.source:
            case Generated(form, length):
                made = random.RandomBytes(
                    f"{self._name}-{app.value}-{_dashed(variable)}-value",
                    length=length,
                    keepers={"generation": str(self._settings.live(generated(variable.name))[-1].number)},
                    opts=self.child(),
                )
                return made.base64 if form == "base64" else made.hex
            case Provisioned():
                value = provisioned.get(variable.name)
                return None if value is None else _literal(app, variable.name, value)
            case External():
                return self._settings.public_values.get(app, {}).get(variable.name)
        assert_never(variable.source)


def _dashed(variable: Variable) -> str:
    return variable.name.lower().replace("_", "-")


def _literal(app: AppName, name: str, value: pulumi.Input[str]) -> pulumi.Output[str]:
    """The value, refused once it is known to be one that Doppler would change."""

    def check(known: str) -> str:
        problem = value_problem(known)
        if problem:
            raise pulumi.RunError(f"{name} of {app.value}: {problem}")
        return known

    return pulumi.Output.from_input(value).apply(check)


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
        raise pulumi.RunError("The environment contract and the program disagree: " + "; ".join(problems) + ".")
