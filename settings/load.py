"""From the engine's configuration to settings: merged, checked, complete; or one error with every problem."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter, ValidationError

from settings.edge_rules import EDGE_RULES
from settings.errors import Path, Problem, SettingsError
from settings.explain import explain, missing, unknown
from settings.organization import Organization
from settings.plaintext import plaintext_secrets
from settings.profiles import ProfileName, defaults, merge
from settings.rules import ORGANIZATION_RULES, STACK_RULES, broken
from settings.stack import PROJECT, Stack
from settings.types import Environment

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from pydantic import BaseModel
    from pydantic.fields import FieldInfo

PROVIDERS = ("aws", "cloudflare", "doppler", "mongodbatlas", "pulumi", "random", "tls", "upstash")
"""Other namespaces that a stack file may use: the providers of the program, and the engine."""


def load(stack: str, config: Mapping[str, str], secret_keys: Collection[str] = ()) -> Stack:
    """Read a stack's settings from the engine's configuration.

    Args:
        stack: The Pulumi stack's name.
        config: Every key of the stack as the engine gives it: `{"madebuy:edge": '{"zone": ...}', ...}`.
        secret_keys: The keys that the engine keeps encrypted.

    Raises:
        SettingsError: with every problem of every key. It never repeats a value that may be secret.
    """
    written = _written(config)
    known, problems = _validated(Stack, merge(_profile_defaults(written), written))
    problems += broken((*STACK_RULES, *EDGE_RULES), {**known, "stack": stack, "written": written, "config": config})
    _refuse_all(stack, Stack, config, secret_keys, problems)
    return Stack(name=stack, **known)


def load_organization(stack: str, config: Mapping[str, str], secret_keys: Collection[str] = ()) -> Organization:
    """Read the organization project's settings. As `load`, for keys under the same `madebuy:`.

    Raises:
        SettingsError: with every problem of every key. It never repeats a value that may be secret.
    """
    known, problems = _validated(Organization, _written(config))
    problems += broken(ORGANIZATION_RULES, {**known, "stack": stack, "config": config})
    _refuse_all(stack, Organization, config, secret_keys, problems)
    return Organization(name=stack, **known)


def _refuse_all(
    stack: str,
    model: type[BaseModel],
    config: Mapping[str, str],
    secret_keys: Collection[str],
    problems: list[Problem],
) -> None:
    """Raise one error for everything, unless there is nothing. Where a secret is, no other problem matters."""
    secrets = [*plaintext_secrets(config, secret_keys), *_encrypted(config, secret_keys)]
    hidden = [problem.path for problem in secrets]
    visible = [problem for problem in problems if not any(_within(problem.path, path) for path in hidden)]
    everything = [*secrets, *visible, *_unknown_keys(model, config, hidden)]
    if everything:
        raise SettingsError(stack, dict.fromkeys(everything))


def _within(path: Path, parent: Path) -> bool:
    return path[: len(parent)] == parent


def _written(config: Mapping[str, str]) -> dict[str, Any]:
    """What the stack file says of ours, by the name after `madebuy:`."""
    return {key.partition(":")[2]: _value(text) for key, text in config.items() if key.partition(":")[0] == PROJECT}


def _value(text: str) -> Any:  # noqa: ANN401 - whatever the stack file holds
    """Structured values and numbers arrive as JSON, plain text arrives bare."""
    try:
        return json.loads(text)
    except ValueError:
        return text


def _profile_defaults(written: Mapping[str, Any]) -> dict[str, Any]:
    """The defaults to lay under a stack file. Where one of the two keys is wrong itself, those that ask for least."""
    profile, environment = written.get("profile"), written.get("environment")
    return defaults(
        ProfileName(profile) if profile in list(ProfileName) else ProfileName.MINIMAL,
        Environment(environment) if environment in list(Environment) else Environment.PRODUCTION,
    )


def _validated(model: type[BaseModel], values: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    """The concerns that are valid, each on its own so that one can't hide another's problems, and what is wrong."""
    known: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, field in _keys(model).items():
        key = f"{PROJECT}:{name}"
        if name not in values:
            if field.is_required():
                problems.append(Problem((key,), missing(field, key)))
            else:
                known[name] = field.get_default(call_default_factory=True)
            continue
        try:
            known[name] = _parse(model, name, values[name])
        except ValidationError as error:
            problems += explain(error, key, field)
            known |= _without_unknown_fields(model, name, values[name], error)
    return known, problems


def _without_unknown_fields(model: type[BaseModel], name: str, value: object, error: ValidationError) -> dict[str, Any]:
    """A concern whose only fault is unknown fields, without them: enough to check the others against it."""
    copy = json.loads(json.dumps(value))
    for found in error.errors():
        if found["type"] != "extra_forbidden":
            return {}
        *parents, last = found["loc"]
        place = copy
        for step in parents:
            place = place[step]
        del place[last]
    try:
        return {name: _parse(model, name, copy)}
    except ValidationError:
        return {}


def _parse(model: type[BaseModel], name: str, value: object) -> Any:  # noqa: ANN401 - a different model for each name
    return _adapter(model, name).validate_json(json.dumps(value), strict=True)


@cache
def _adapter(model: type[BaseModel], name: str) -> TypeAdapter[Any]:
    field = model.model_fields[name]
    return TypeAdapter(field.rebuild_annotation())


def _keys(model: type[BaseModel]) -> dict[str, FieldInfo]:
    return {name: field for name, field in model.model_fields.items() if name != "name"}


def _encrypted(config: Mapping[str, str], secret_keys: Collection[str]) -> Iterator[Problem]:
    for key in config:
        if key in secret_keys and key.startswith(f"{PROJECT}:"):
            yield Problem(
                (key,),
                "this is encrypted, but settings hold no secrets, and nobody could review a change of it. "
                "Write it in plain text; enter what is secret in Doppler.",
            )


def _unknown_keys(model: type[BaseModel], config: Mapping[str, str], hidden: list[Path]) -> Iterator[Problem]:
    ours = [f"{PROJECT}:{name}" for name in _keys(model)]
    for key in config:
        namespace = key.partition(":")[0]
        if key not in ours and namespace not in PROVIDERS and (key,) not in hidden:
            yield Problem((key,), unknown(key, ours))
