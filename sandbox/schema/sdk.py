"""What the installed Python SDKs know about their provider's types: names, types, what is required, what is secret.

The SDKs are generated from the providers' own schemas, so reading them back gives those schemas without downloading a
plugin. What the SDKs drop (replace marks, enums, ranges, defaults) is merged in by `generate`.
"""

from __future__ import annotations

import collections.abc
import importlib
import inspect
import json
import re
import sys
import typing
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import pulumi
from pulumi import _types

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

Spec = dict[str, Any]
SCALARS = {str: "string", bool: "boolean", int: "integer", float: "number", Any: "any", object: "any"}


@dataclass
class Recorded:
    """What one call into an SDK would have sent to the engine."""

    token: str = ""
    names: dict[str, str] = field(default_factory=dict)
    secrets: list[str] = field(default_factory=list)
    computed: list[str] = field(default_factory=list)
    replace: list[str] = field(default_factory=list)
    delete_first: bool = False


class _Stop(BaseException):
    """Ends a recorded call where the engine would have been asked."""


def classes(package: ModuleType, wanted: set[str] | None = None) -> Iterator[tuple[str, type]]:
    """Every resource token of a package with its class; only `wanted` tokens where a set is given."""
    source = inspect.getsource(package)
    found = re.search(r'resource_modules="""(.*?)"""', source, re.DOTALL)
    for module in json.loads(found.group(1)) if found else []:
        for token, name in module["classes"].items():
            if wanted is None or token in wanted:
                yield token, getattr(importlib.import_module(module["fqn"]), name)


def resource(cls: type) -> Spec:
    """Inputs, outputs and secret outputs of one resource class."""
    arguments = _arguments_class(cls)
    recorded = _record_resource(cls, arguments)
    inputs = _object(arguments, ())
    outputs = {n: spec_of(t, ()) for n, t in _types._raw_return_hints(cls).items() if n not in inputs}  # noqa: SLF001 no public reader exists
    spec: Spec = {"in": inputs, "out": outputs, "secret": recorded.secrets}
    if recorded.replace:
        spec["replaceOnChanges"] = recorded.replace
    return spec


def _arguments_class(cls: type) -> type:
    module = sys.modules[cls.__module__]
    for suffix in ("InitArgs", "Args"):
        found: type | None = getattr(module, cls.__name__ + suffix, None)
        if found is not None and found.__module__ == cls.__module__:
            return found
    raise LookupError(f"{cls.__module__}: {cls.__name__} has no argument class")


def _required(cls: type) -> set[str]:
    parameters = inspect.signature(cls.__init__).parameters.values()  # type: ignore[misc]  # read only, never called
    return {p.name for p in parameters if p.kind is p.KEYWORD_ONLY and p.default is p.empty}


def _object(cls: type, within: tuple[type, ...]) -> dict[str, Spec]:
    """The properties of an input or output class by wire name."""
    if within.count(cls) > 1:
        return {}
    required = _required(cls) if _types.is_input_type(cls) else set()
    python = {wire: name for name, wire in _types._py_to_pulumi_names_from_py_properties(cls).items()}  # noqa: SLF001 no public reader exists
    properties: dict[str, Spec] = {}
    for wire, hint in _types._raw_return_hints(cls).items():  # noqa: SLF001 no public reader exists
        properties[wire] = spec_of(hint, (*within, cls))
        if python.get(wire, wire) in required:
            properties[wire]["required"] = True
    return properties


def spec_of(hint: Any, within: tuple[type, ...]) -> Spec:  # noqa: ANN401 a type hint has no common type
    """A type hint as a property specification: wrappers for inputs and outputs removed, nested classes spelled out."""
    hint = _unwrap(hint)
    if hint in SCALARS:
        return {"type": SCALARS[hint]}
    origin = typing.get_origin(hint)
    if origin in (collections.abc.Sequence, list):
        return {"type": "list", "items": spec_of(typing.get_args(hint)[0], within)}
    if origin in (collections.abc.Mapping, dict):
        return {"type": "map", "items": spec_of(typing.get_args(hint)[1], within)}
    if isinstance(hint, type) and (_types.is_input_type(hint) or _types.is_output_type(hint)):
        return {"type": "object", "properties": _object(hint, within)}
    return {"type": "any"}


def _unwrap(hint: Any) -> Any:  # noqa: ANN401 a type hint has no common type
    while True:
        origin = typing.get_origin(hint)
        if origin is pulumi.Output:
            hint = typing.get_args(hint)[0]
        elif origin is typing.Union:
            hint = next((a for a in typing.get_args(hint) if _plain(a)), Any)
        else:
            return hint


def _plain(hint: Any) -> bool:  # noqa: ANN401 a type hint has no common type
    return hint is not type(None) and typing.get_origin(hint) not in (pulumi.Output, collections.abc.Awaitable)


@contextmanager
def _recording(recorded: Recorded) -> Iterator[None]:
    """Replaces the SDK's three ways to the engine by ones that only write down what they are given."""

    def record_resource(_self: object, t: str, _name: str, props: Any, opts: Any, *_: object, **__: object) -> None:  # noqa: ANN401 as the SDK calls it
        recorded.token = t
        recorded.secrets = list(opts.additional_secret_outputs or [])
        recorded.replace = list(opts.replace_on_changes or [])
        recorded.computed = [n for n, v in props.__dict__.items() if v is None]
        raise _Stop

    def record_invoke(tok: str, props: dict[str, str], **_: object) -> None:
        recorded.token = tok
        recorded.names = {value: wire for wire, value in props.items() if isinstance(value, str)}
        raise _Stop

    with (
        patch.object(pulumi.CustomResource, "__init__", record_resource),
        patch.object(pulumi.Output, "secret", lambda value: value),
        patch.object(pulumi.runtime, "invoke", record_invoke),
        suppress(_Stop),
    ):
        yield


def _record_resource(cls: type, arguments: type) -> Recorded:
    recorded = Recorded()
    with _recording(recorded):
        cls("x", **dict.fromkeys(_required(arguments), "x"))
    return recorded


def functions(package: ModuleType, wanted: set[str] | None = None) -> Iterator[tuple[str, Spec]]:
    """Every function token of a package with its arguments and results; only `wanted` tokens where a set is given."""
    for name in dir(package):
        if name.startswith("get_") and hasattr(package, name + "_output") and not name.endswith("_output"):
            token, spec = _function(package, name)
            if wanted is None or token in wanted:
                yield token, spec


def _function(package: ModuleType, name: str) -> tuple[str, Spec]:
    call = getattr(package, name)
    hints = inspect.signature(call).parameters
    arguments = [p for p in hints if p != "opts"]
    recorded = Recorded()
    with _recording(recorded):
        call(**{a: a for a in arguments})
    scope = sys.modules[call.__module__].__dict__
    inputs: dict[str, Spec] = {}
    optional = _optional_arguments(getattr(package, name + "_output"))
    for argument in arguments:
        hint = hints[argument].annotation
        wire = recorded.names[argument]
        inputs[wire] = spec_of(_resolve(hint, scope), ())
        if argument not in optional:
            inputs[wire]["required"] = True
    result = _resolve(inspect.signature(call).return_annotation, scope)
    results = next(c for c in result.__mro__ if _types.is_output_type(c))
    return recorded.token, {"in": inputs, "out": _object(results, ()), "secret": []}


def _optional_arguments(call: Any) -> set[str]:  # noqa: ANN401 a generated function
    """Arguments that may be left out.

    All have the default None; the generator wraps a required one's type in one `Optional` and an optional one's in two.
    """
    source = inspect.getsource(call).split(") ->", maxsplit=1)[0]
    return set(re.findall(r"(\w+): pulumi\.Input\[Optional\[Optional\[", source))


def _resolve(hint: Any, scope: dict[str, Any]) -> Any:  # noqa: ANN401 a type hint has no common type
    try:
        return typing.get_type_hints(type("Holder", (), {"__annotations__": {"x": hint}}), scope)["x"]
    except NameError:
        return Any
