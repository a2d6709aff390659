"""`python -m operations environment`: what each app would miss if it started now. Names only, never a value."""

from __future__ import annotations

import argparse
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from operations.doppler import Doppler
from operations.stacks import CommandError, read_stack, stack_file
from settings import SettingsError
from settings.contract import AppName, External, variables_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from settings import Stack
    from settings.contract import Variable

COMPLETE, INCOMPLETE, REFUSED = 0, 1, 2


@dataclass(frozen=True)
class Environment:
    """One app's config, and the names of what is in it."""

    app: AppName
    config: str
    names: frozenset[str]

    @property
    def missing(self) -> tuple[Variable, ...]:
        """The variables that the app needs and would not find."""
        return tuple(v for v in variables_of(self.app) if v.required and v.name not in self.names)

    @property
    def left_out(self) -> tuple[Variable, ...]:
        """The variables that the app can do without, and does."""
        return tuple(v for v in variables_of(self.app) if not v.required and v.name not in self.names)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Names that the contract does not have: nobody rotates them, and nobody knows who reads them."""
        return tuple(sorted(self.names - {v.name for v in variables_of(self.app)}))


def main(arguments: Sequence[str]) -> int:
    """Exit code 0: every app has what it needs; 1: one has not; 2: that could not be found out."""
    parser = argparse.ArgumentParser(prog="python -m operations environment", description=main.__doc__)
    parser.add_argument("--stack", required=True, help="the stack, such as prod")
    parser.add_argument("--project", type=Path, default=Path(), help="the folder of the stack file (default here)")
    options = parser.parse_args(arguments)
    try:
        stack = read_stack(stack_file(options.project, options.stack))
        doppler = Doppler.of(os.environ)
        inherited = doppler.names(stack.secrets.doppler_project, stack.environment.value)
        environments = [_environment(stack, doppler, app) for app in AppName]
    except (CommandError, SettingsError) as error:
        print(error, file=sys.stderr)
        return REFUSED
    for line in _report(stack, inherited, environments):
        print(line)
    return INCOMPLETE if inherited or any(each.missing for each in environments) else COMPLETE


def _environment(stack: Stack, doppler: Doppler, app: AppName) -> Environment:
    config = f"{stack.environment}_{app}"
    return Environment(app, config, doppler.names(stack.secrets.doppler_project, config))


def _report(stack: Stack, inherited: frozenset[str], environments: Sequence[Environment]) -> Iterator[str]:
    for each in environments:
        state = f"{len(each.missing)} missing" if each.missing else "complete"
        yield f"{stack.secrets.doppler_project}/{each.config}: {state}"
        yield from (f"  missing   {variable.name}: {_way(variable)}" for variable in each.missing)
        yield from (f"  left out  {variable.name}: {_way(variable)}" for variable in each.left_out)
        yield from (f"  unknown   {name}: no contract has it; remove it, or add it there" for name in each.unknown)
    if inherited:
        yield f"{stack.secrets.doppler_project}/{stack.environment}: every app inherits these; take them out"
        yield from (f"  {name}" for name in sorted(inherited))


def _way(variable: Variable) -> str:
    if not isinstance(variable.source, External):
        when = "; run `pulumi up`" if variable.required else " where a setting asks for it"
        return f"the stack writes it{when}"
    where = "enter it in Doppler" if variable.secret else "enter it in Doppler, or in madebuy:secrets.public_values"
    return f"from {variable.source.vendor}; {where}"
