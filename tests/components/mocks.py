"""Runs components without an engine and shows exactly what they registered.

    deployed = deploy(lambda: Zone("zone", ZoneArgs(...)), answers={"zone-zone": {"nameServers": [...]}})
    deployed["zone-zone"].inputs["name"]

What Pulumi's own mocks hide is kept: parent, protection, import id, dependencies, and which inputs went out as secrets.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NoReturn

import pulumi
from pulumi.runtime import mocks, rpc
from pulumi.runtime.stack import run_pulumi_func
from pulumi.runtime.sync_await import _ensure_event_loop, _sync_await

STACK = "pulumi:pulumi:Stack"
SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270"
SIGNATURE_KEY = "4dabf18193072939515e22adb298388d"


@dataclass(frozen=True)
class Registered:
    """One registration, as the engine would have received it."""

    type: str
    name: str
    parent: str  # the parent's logical name; "" under the stack itself
    inputs: dict[str, Any]  # with secrets unwrapped
    secrets: frozenset[str]  # dotted paths of the inputs that were secret
    protect: bool
    retain: bool  # at the vendor, when Pulumi drops it
    import_id: str
    depends_on: frozenset[str]  # logical names, of explicit and implicit dependencies
    ignore_changes: tuple[str, ...]
    additional_secret_outputs: tuple[str, ...]
    delete_before_replace: bool
    error_hooks: tuple[str, ...]


@dataclass
class Deployed(Mapping[str, Registered]):
    """Everything one program registered, by logical name."""

    resources: dict[str, Registered] = field(default_factory=dict)
    outputs: dict[str, dict[str, Any]] = field(default_factory=dict)  # of components, by name, secrets unwrapped
    secret_outputs: dict[str, frozenset[str]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Registered:
        """The resource of that logical name; a KeyError lists what there is."""
        if name not in self.resources:
            raise KeyError(f"{name}: the program registered {sorted(self.resources)}")
        return self.resources[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.resources)

    def __len__(self) -> int:
        return len(self.resources)

    def of_type(self, type_: str) -> list[Registered]:
        """Every resource of a type; `type_` is a whole token or its last part (`Zone`)."""
        return [each for each in self.resources.values() if type_ in (each.type, each.type.rsplit(":", 1)[-1])]


def deploy(
    program: Callable[[], object], *, answers: Mapping[str, Mapping[str, Any]] | None = None, preview: bool = False
) -> Deployed:
    """Runs `program` and returns what it registered.

    Args:
        program: Builds components; what it returns is ignored.
        answers: What a vendor would compute, by type token or logical name, in camelCase: merged over the inputs. Ids
            are `f"{name}-id"` unless the answer has an `id`.
        preview: Leave ids and computed outputs unknown, as the engine's preview does for new resources.

    Raises:
        Exception: whatever the program raises; an invoke is refused, as components read nothing from a vendor.
    """
    deployed = Deployed()
    vendor = _Vendor(answers or {}, preview=preview)
    monitor = _RecordingMonitor(vendor, deployed)
    pulumi.runtime.settings.reset_options()
    mocks.set_mocks(vendor, project="madebuy", stack="test", preview=preview, monitor=monitor)
    _ensure_event_loop().set_exception_handler(_is_raised_already)
    _sync_await(run_pulumi_func(lambda: _ignore(program())))
    return deployed


def _is_raised_already(_: object, __: object) -> None:
    """A refused program leaves futures that nobody asks; its error is what `deploy` raises.

    Otherwise the garbage collector logs each one's traceback whenever it comes by. To format one, Python 3.11 parses
    source, and that breaks an `ast.parse` under way with "AST constructor recursion depth mismatch".
    """


def _ignore(_: object) -> None:
    """A component is not awaitable; what a program returns is not waited for."""


class _Vendor(mocks.Mocks):
    def __init__(self, answers: Mapping[str, Mapping[str, Any]], *, preview: bool) -> None:
        self._answers = answers
        self._preview = preview

    def call(self, args: mocks.MockCallArgs) -> NoReturn:
        raise AssertionError(f"{args.token} was invoked: components read nothing from a vendor")

    def new_resource(self, args: mocks.MockResourceArgs) -> tuple[str, dict[str, Any]]:
        if self._preview:
            return "", args.inputs
        answer = {**self._answers.get(args.typ, {}), **self._answers.get(args.name, {})}
        id_ = answer.pop("id", f"{args.name}-id")
        return id_, {**args.inputs, **answer}


class _RecordingMonitor(mocks.MockMonitor):
    def __init__(self, vendor: mocks.Mocks, deployed: Deployed) -> None:
        super().__init__(vendor)
        self._deployed = deployed

    def RegisterResource(self, request: Any) -> Any:  # noqa: N802 - the name of the call
        if request.type == STACK:
            return super().RegisterResource(request)
        self._record(request)
        response = super().RegisterResource(request)
        for output in set(request.additionalSecretOutputs) & set(response.object):
            value = copy.deepcopy(response.object.fields[output])  # not a reference: it would come to contain itself
            marked = response.object.get_or_create_struct(output)
            marked.update({SIGNATURE_KEY: SECRET_SIGNATURE})
            marked.fields["value"].CopyFrom(value)
        return response

    def RegisterResourceOutputs(self, request: Any) -> Any:  # noqa: N802 - the name of the call
        if not _is_stack(request.urn):
            values, secrets = _unwrap(rpc.deserialize_properties(request.outputs, keep_unknowns=True))
            self._deployed.outputs[_logical_name(request.urn)] = values
            self._deployed.secret_outputs[_logical_name(request.urn)] = frozenset(secrets)
        return super().RegisterResourceOutputs(request)

    def _record(self, request: Any) -> None:
        inputs, secrets = _unwrap(rpc.deserialize_properties(request.object, keep_unknowns=True))
        if request.name in self._deployed.resources:
            raise AssertionError(f"{request.name} was registered twice; components keep logical names unique")
        self._deployed.resources[request.name] = Registered(
            type=request.type,
            name=request.name,
            parent="" if _is_stack(request.parent) else _logical_name(request.parent),
            inputs=inputs,
            secrets=frozenset(secrets),
            protect=request.protect,
            retain=request.retainOnDelete,
            import_id=request.importId,
            depends_on=frozenset(_logical_name(urn) for urn in request.dependencies),
            ignore_changes=tuple(request.ignoreChanges),
            additional_secret_outputs=tuple(request.additionalSecretOutputs),
            delete_before_replace=request.deleteBeforeReplace,
            error_hooks=tuple(request.hooks.on_error),
        )


def _logical_name(urn: str) -> str:
    return urn.rsplit("::", 1)[-1]


def _is_stack(urn: str) -> bool:
    return urn.split("::")[-2:-1] == [STACK]


def _unwrap(value: Any, path: str = "") -> tuple[Any, list[str]]:
    """The plain value, and the paths at which it was secret."""
    if isinstance(value, dict):
        if value.get(SIGNATURE_KEY) == SECRET_SIGNATURE:
            return value["value"], [path]
        found = {key: _unwrap(inner, f"{path}.{key}".lstrip(".")) for key, inner in value.items()}
        return {key: inner for key, (inner, _) in found.items()}, [p for _, paths in found.values() for p in paths]
    if isinstance(value, list):
        items = [_unwrap(inner, f"{path}[{index}]") for index, inner in enumerate(value)]
        return [inner for inner, _ in items], [p for _, paths in items for p in paths]
    return value, []
