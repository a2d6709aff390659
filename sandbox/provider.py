"""Pulumi's provider protocol in front of the world: messages to values and back, refusals to errors."""

# ruff: noqa: D102, N802 the protocol names its methods and documents them

from __future__ import annotations

import traceback
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from sandbox import check, package, schema, vendors
from sandbox.diff import changes
from sandbox.faults import Call, Faults, ProviderDiedError
from sandbox.kind import VendorError
from sandbox.wire import Props, decode, encode, hidden

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from google.protobuf import struct_pb2
    from grpc import ServicerContext

    from sandbox.kind import Kind
    from sandbox.schema import Type
    from sandbox.world import World

Asked = TypeVar("Asked")
Answered = TypeVar("Answered")
DIFF_KINDS = {
    ("add", False): provider_pb2.PropertyDiff.ADD,
    ("add", True): provider_pb2.PropertyDiff.ADD_REPLACE,
    ("delete", False): provider_pb2.PropertyDiff.DELETE,
    ("delete", True): provider_pb2.PropertyDiff.DELETE_REPLACE,
    ("update", False): provider_pb2.PropertyDiff.UPDATE,
    ("update", True): provider_pb2.PropertyDiff.UPDATE_REPLACE,
}
OF_ANY = ("version", "pluginDownloadURL")
"""What the engine itself adds to every provider's settings."""
NONE, SOME = provider_pb2.DiffResponse.DIFF_NONE, provider_pb2.DiffResponse.DIFF_SOME


def _guarded(
    method: Callable[[Provider, Asked, ServicerContext], Answered],
) -> Callable[[Provider, Asked, ServicerContext], Answered]:
    """The method, but a fault of the sandbox's own is named by its place: its text may hold a value of the program."""

    @wraps(method)
    def call(provider: Provider, request: Asked, context: ServicerContext) -> Answered:
        try:
            return method(provider, request, context)
        except Exception as fault:
            if context.code() is not None:  # type: ignore[attr-defined]  # set by `abort`; the stubs forget it
                raise
            place = traceback.extract_tb(fault.__traceback__)[-1]
            where = f"{Path(place.filename).name}:{place.lineno}"
            context.abort(grpc.StatusCode.INTERNAL, f"a fault of the sandbox itself: {type(fault).__name__} at {where}")

    return call


class Provider(provider_pb2_grpc.ResourceProviderServicer):
    """Serves one SDK's types from the shared world."""

    def __init__(self, name: str, version: str, world: World, faults: Faults) -> None:
        self.name = name
        self.version = version
        self.world = world
        self.faults = faults
        self.die: Callable[[], object] = lambda: None
        self._instances: set[str] = set()  # of the run that goes on

    def Attach(self, _request: plugin_pb2.PluginAttach, _context: ServicerContext) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    def GetPluginInfo(self, _request: empty_pb2.Empty, _context: ServicerContext) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=self.version)

    @_guarded
    def GetSchema(
        self, _request: provider_pb2.GetSchemaRequest, _context: ServicerContext
    ) -> provider_pb2.GetSchemaResponse:
        return provider_pb2.GetSchemaResponse(schema=package.document(self.name))

    def Cancel(self, _request: empty_pb2.Empty, _context: ServicerContext) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    def CheckConfig(self, request: provider_pb2.CheckRequest, _context: ServicerContext) -> provider_pb2.CheckResponse:
        self._begin(request.urn)
        found = _unknown_settings(self.name, request)
        return provider_pb2.CheckResponse(inputs=None if found else request.news, failures=_failures(found))

    def DiffConfig(self, request: provider_pb2.DiffRequest, _context: ServicerContext) -> provider_pb2.DiffResponse:
        return provider_pb2.DiffResponse(changes=NONE if request.old_inputs == request.news else SOME)

    def Configure(
        self, _request: provider_pb2.ConfigureRequest, _context: ServicerContext
    ) -> provider_pb2.ConfigureResponse:
        return provider_pb2.ConfigureResponse(acceptSecrets=False, supportsPreview=True, acceptResources=False)

    @_guarded
    def Check(self, request: provider_pb2.CheckRequest, context: ServicerContext) -> provider_pb2.CheckResponse:
        type_, kind = _known(request.type, context)
        news = decode(request.news)
        _name(kind, request, news)
        found = self.world.problems(type_, news, request.name)
        if found:
            return provider_pb2.CheckResponse(failures=_failures(found))
        return provider_pb2.CheckResponse(inputs=encode(news))

    @_guarded
    def Diff(self, request: provider_pb2.DiffRequest, context: ServicerContext) -> provider_pb2.DiffResponse:
        type_, kind = _known(request.type, context)
        state, asked, asking = decode(request.olds), decode(request.old_inputs), decode(request.news)
        self.world.has(request.urn, kind, request.id, state)
        found = changes(type_, kind, self.world.cloud, state, asked, asking)
        replaces = sorted({_top(c.path) for c in found if c.replaces})
        return provider_pb2.DiffResponse(
            changes=SOME if found else NONE,
            replaces=replaces,
            diffs=sorted({_top(c.path) for c in found}),
            deleteBeforeReplace=bool(replaces) and _deletes_first(kind, asked, asking),
            detailedDiff={
                c.path: provider_pb2.PropertyDiff(kind=DIFF_KINDS[c.kind, c.replaces], inputDiff=True) for c in found
            },
            hasDetailedDiff=True,
        )

    @_guarded
    def Create(self, request: provider_pb2.CreateRequest, context: ServicerContext) -> provider_pb2.CreateResponse:
        type_, kind = _known(request.type, context)
        inputs = decode(request.properties)
        if request.preview:
            with _refusals(context):
                state = self.world.preview_create(type_, kind, request.urn, inputs)
            return provider_pb2.CreateResponse(properties=_answer(type_, state))
        with _refusals(context), self._failing(Call("create", kind.token, request.name), context):
            thing = self.world.create(type_, kind, inputs)
        return provider_pb2.CreateResponse(id=thing.id, properties=_answer(type_, thing.state))

    @_guarded
    def Read(self, request: provider_pb2.ReadRequest, context: ServicerContext) -> provider_pb2.ReadResponse:
        type_, kind = _known(request.type, context)
        with _refusals(context), self._failing(Call("read", kind.token, request.name), context):
            found = self.world.read(type_, kind, request.id, decode(request.properties), decode(request.inputs))
        if found is None:
            # Without properties, so that the engine does not take an empty object for one that is there.
            return provider_pb2.ReadResponse()
        return provider_pb2.ReadResponse(
            id=found.id, properties=_answer(type_, found.state), inputs=encode(found.inputs, type_.secret)
        )

    @_guarded
    def Update(self, request: provider_pb2.UpdateRequest, context: ServicerContext) -> provider_pb2.UpdateResponse:
        type_, kind = _known(request.type, context)
        olds, news = decode(request.olds), decode(request.news)
        if request.preview:
            with _refusals(context):
                state = self.world.preview_update(type_, kind, request.urn, request.id, olds, news)
            return provider_pb2.UpdateResponse(properties=_answer(type_, state))
        with _refusals(context), self._failing(Call("update", kind.token, request.name), context):
            state = self.world.update(type_, kind, request.id, olds, news)
        return provider_pb2.UpdateResponse(properties=_answer(type_, state))

    @_guarded
    def Delete(self, request: provider_pb2.DeleteRequest, context: ServicerContext) -> empty_pb2.Empty:
        _, kind = _known(request.type, context)
        with _refusals(context), self._failing(Call("delete", kind.token, request.name), context):
            self.world.delete(kind, request.id, decode(request.properties))
        return empty_pb2.Empty()

    @_guarded
    def Invoke(self, request: provider_pb2.InvokeRequest, context: ServicerContext) -> provider_pb2.InvokeResponse:
        type_, function = schema.lookup(request.tok), vendors.FUNCTIONS.get(request.tok)
        if type_ is None or function is None:
            context.abort(grpc.StatusCode.UNIMPLEMENTED, f"the sandbox does not simulate the function {request.tok}")
        arguments = decode(request.args)
        found = check.problems(type_, arguments, request.tok.rsplit(":", 1)[-1])
        if found:
            return provider_pb2.InvokeResponse(failures=_failures(found))
        response = provider_pb2.InvokeResponse()
        with _refusals(context), self._failing(Call("invoke", request.tok, ""), context):
            answer = encode(function(self.world.cloud, arguments), type_.secret)
        getattr(response, "return").CopyFrom(answer)  # the protocol's field is a Python keyword
        return response

    def _begin(self, urn: str) -> None:
        """Hears of a provider resource of the program: one that is known, or of another stack, begins another run."""
        stack = urn.rsplit("::", 2)[0]
        if urn in self._instances or any(not known.startswith(stack) for known in self._instances):
            self.world.forget_plans(self.name)
            self._instances.clear()
        self._instances.add(urn)

    @contextmanager
    def _failing(self, call: Call, context: ServicerContext) -> Iterator[None]:
        """The vendor's work with the faults of this run around it."""
        struck = self.faults.strike(call)
        try:
            self.faults.before(struck, lambda status: _broken(call, status))
            yield
            self.faults.after(struck)
        except ProviderDiedError:
            self.die()
            context.abort(grpc.StatusCode.UNAVAILABLE, "error reading from server: EOF")


@contextmanager
def _refusals(context: ServicerContext) -> Iterator[None]:
    """Hands the vendor's words to the engine as they are."""
    try:
        yield
    except VendorError as refused:
        context.abort(grpc.StatusCode.UNKNOWN, str(refused))


def _broken(call: Call, status: int) -> str:
    """The vendor's words when it can't do what it was asked."""
    kind = vendors.KINDS.get(call.type)
    return (
        vendors.vendor_of(kind).broken(kind, status) if kind else f"invoking {call.type}: the vendor answered {status}"
    )


def _known(token: str, context: ServicerContext) -> tuple[Type, Kind]:
    type_ = schema.lookup(token)
    if type_ is None:
        context.abort(grpc.StatusCode.UNIMPLEMENTED, f"no provider has a resource type {token}")
    kind = vendors.KINDS.get(token)
    if kind is None:
        message = f"the sandbox does not simulate {token}: docs/SANDBOX.md lists what it does"
        context.abort(grpc.StatusCode.UNIMPLEMENTED, message)
    return type_, kind


def _unknown_settings(provider: str, request: provider_pb2.CheckRequest) -> list[str]:
    """Settings that the provider does not have, in the bridge's words for a stack's file and for a program."""
    known, name = schema.settings(provider).inputs, request.urn.rsplit("::", 1)[-1]
    unknown = [key for key in request.news.fields if key not in known and key not in OF_ANY and key[:2] != "__"]
    where = (
        f"Check `pulumi config get {provider}:%s`." if name.startswith("default") else f"Examine values at '{name}.%s'."
    )
    return [f"could not validate provider configuration: Invalid or unknown key. {where % key}" for key in unknown]


def _failures(reasons: list[str]) -> list[provider_pb2.CheckFailure]:
    """Check failures without a property: one that names it makes the CLI print its value, secrets too."""
    return [provider_pb2.CheckFailure(property="", reason=reason) for reason in reasons]


def _name(kind: Kind, request: provider_pb2.CheckRequest, news: Props) -> None:
    """Gives an unnamed resource a name from its logical one, the same for as long as it lives, as the bridge does."""
    name = kind.autoname
    if name is None or news.get(name) is not None or news.get(name + "Prefix") is not None:
        return
    news[name] = decode(request.olds).get(name) or f"{request.name}-{request.randomSeed.hex()[:7]}"
    news["__defaults"] = [name]


def _deletes_first(kind: Kind, asked: Props, asking: Props) -> bool:
    """As the bridge answers: a name that was chosen and kept can't belong to two objects at once."""
    name = kind.autoname
    return name is not None and name not in asked.get("__defaults", []) and asked.get(name) == asking.get(name)


def _answer(type_: Type, state: Props) -> struct_pb2.Struct:
    """The state without the vendor's own marks, with what is secret marked, inside lists and objects too."""
    shown = {n: v for n, v in state.items() if not n.startswith("_")}
    for path in type_.nested_secrets:
        if path[0] in shown:
            shown[path[0]] = hidden(shown[path[0]], path[1:])
    return encode(shown, type_.secret)


def _top(path: str) -> str:
    return path.split(".", 1)[0].split("[", 1)[0]
