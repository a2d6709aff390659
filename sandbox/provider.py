"""The vendors behind Pulumi's provider protocol: check, diff, create, read, update, delete, invoke."""

# ruff: noqa: N802 the protocol names its methods in capitals

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import grpc
from google.protobuf import empty_pb2
from pulumi.runtime.proto import plugin_pb2, provider_pb2, provider_pb2_grpc

from sandbox import check, schema, vendors
from sandbox.cloud import Thing
from sandbox.diff import changes
from sandbox.kind import Kind, Making, OnDelete, OnDuplicate, Refusal
from sandbox.state import as_asked, filled, unknown_outputs, visible
from sandbox.wire import UNKNOWN, Props, decode, encode

if TYPE_CHECKING:
    from sandbox.cloud import Cloud
    from sandbox.schema import Type

log = logging.getLogger(__name__)
DIFF_KINDS = {
    ("add", False): provider_pb2.PropertyDiff.ADD,
    ("add", True): provider_pb2.PropertyDiff.ADD_REPLACE,
    ("delete", False): provider_pb2.PropertyDiff.DELETE,
    ("delete", True): provider_pb2.PropertyDiff.DELETE_REPLACE,
    ("update", False): provider_pb2.PropertyDiff.UPDATE,
    ("update", True): provider_pb2.PropertyDiff.UPDATE_REPLACE,
}


class Provider(provider_pb2_grpc.ResourceProviderServicer):
    """Serves every vendor's types from the shared cloud."""

    def __init__(self, cloud: Cloud, version: str) -> None:
        self.cloud = cloud
        self.version = version

    # What the engine asks before it asks for resources.

    def Attach(self, request: Any, context: grpc.ServicerContext) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    def GetPluginInfo(self, request: Any, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        return plugin_pb2.PluginInfo(version=self.version)

    def Cancel(self, request: Any, context: grpc.ServicerContext) -> empty_pb2.Empty:
        return empty_pb2.Empty()

    def CheckConfig(
        self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext
    ) -> provider_pb2.CheckResponse:
        return provider_pb2.CheckResponse(inputs=request.news)

    def DiffConfig(self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext) -> provider_pb2.DiffResponse:
        same = request.old_inputs == request.news
        return provider_pb2.DiffResponse(
            changes=provider_pb2.DiffResponse.DIFF_NONE if same else provider_pb2.DiffResponse.DIFF_SOME
        )

    def Configure(
        self,
        request: provider_pb2.ConfigureRequest,
        context: grpc.ServicerContext,
    ) -> provider_pb2.ConfigureResponse:
        return provider_pb2.ConfigureResponse(acceptSecrets=False, supportsPreview=True, acceptResources=False)

    # Resources.

    def Check(self, request: provider_pb2.CheckRequest, context: grpc.ServicerContext) -> provider_pb2.CheckResponse:
        type_, kind = self._known(request.type, context)
        news = decode(request.news)
        self._name(kind, request, news)
        found = check.problems(type_, news, request.name)
        if found:
            # A failure that names its property makes the CLI print the property's value, secrets too.
            failures = [provider_pb2.CheckFailure(property="", reason=reason) for reason in found]
            return provider_pb2.CheckResponse(failures=failures)
        return provider_pb2.CheckResponse(inputs=encode(news))

    def Diff(self, request: provider_pb2.DiffRequest, context: grpc.ServicerContext) -> provider_pb2.DiffResponse:
        type_, kind = self._known(request.type, context)
        old, new = decode(request.old_inputs), decode(request.news)
        found = changes(type_.inputs, decode(request.olds), old, new)
        if not found:
            return provider_pb2.DiffResponse(changes=provider_pb2.DiffResponse.DIFF_NONE, hasDetailedDiff=True)
        replaces = sorted({_top(c.path) for c in found if c.replaces})
        return provider_pb2.DiffResponse(
            changes=provider_pb2.DiffResponse.DIFF_SOME,
            replaces=replaces,
            diffs=sorted({_top(c.path) for c in found}),
            deleteBeforeReplace=bool(replaces) and self._deletes_first(kind, old, new),
            detailedDiff={
                c.path: provider_pb2.PropertyDiff(kind=DIFF_KINDS[c.kind, c.replaces], inputDiff=True) for c in found
            },
            hasDetailedDiff=True,
        )

    def Create(self, request: provider_pb2.CreateRequest, context: grpc.ServicerContext) -> provider_pb2.CreateResponse:
        type_, kind = self._known(request.type, context)
        inputs = decode(request.properties)
        if request.preview:
            state = filled(type_.inputs, inputs, None, preview=True)
            unknown_outputs(type_, kind, state)
            return provider_pb2.CreateResponse(id="", properties=encode(state, type_.secret))
        try:
            thing = self._create(type_, kind, inputs)
        except Refusal as refused:
            context.abort(grpc.StatusCode.UNKNOWN, str(refused))
        return provider_pb2.CreateResponse(id=thing.id, properties=self._answer(type_, thing.state))

    def Read(self, request: provider_pb2.ReadRequest, context: grpc.ServicerContext) -> provider_pb2.ReadResponse:
        type_, kind = self._known(request.type, context)
        known, inputs = decode(request.properties), decode(request.inputs)
        importing = not known
        if importing and not kind.importable:
            context.abort(
                grpc.StatusCode.UNKNOWN, f"{request.type} can't be imported: the provider has no import for it"
            )
        key = request.id if importing else kind.key_of(known, request.id)
        if kind.stateless:
            return provider_pb2.ReadResponse(id=request.id, properties=request.properties, inputs=request.inputs)
        thing = self.cloud.get(request.type, key)
        if thing is None:
            return provider_pb2.ReadResponse()
        state = visible(kind, thing.state, known)
        asked = visible(kind, thing.inputs, {}) if importing else as_asked(type_.inputs, kind, inputs, thing.state)
        return provider_pb2.ReadResponse(id=thing.id, properties=self._answer(type_, state), inputs=encode(asked))

    def Update(self, request: provider_pb2.UpdateRequest, context: grpc.ServicerContext) -> provider_pb2.UpdateResponse:
        type_, kind = self._known(request.type, context)
        olds, news = decode(request.olds), decode(request.news)
        if request.preview:
            state = {**_outputs_only(type_, olds), **filled(type_.inputs, news, olds, preview=True)}
            state.update(dict.fromkeys(kind.fresh, UNKNOWN))
            return provider_pb2.UpdateResponse(properties=encode(state, type_.secret))
        try:
            state = self._update(type_, kind, kind.key_of(olds, request.id), news)
        except Refusal as refused:
            context.abort(grpc.StatusCode.UNKNOWN, str(refused))
        return provider_pb2.UpdateResponse(properties=self._answer(type_, visible(kind, state, {**olds, **news})))

    def Delete(self, request: provider_pb2.DeleteRequest, context: grpc.ServicerContext) -> empty_pb2.Empty:
        _, kind = self._known(request.type, context)
        if kind.on_delete is OnDelete.REMOVE and not kind.stateless:
            try:
                self._delete(kind, kind.key_of(decode(request.properties), request.id))
            except Refusal as refused:
                context.abort(grpc.StatusCode.UNKNOWN, str(refused))
        return empty_pb2.Empty()

    def Invoke(self, request: provider_pb2.InvokeRequest, context: grpc.ServicerContext) -> provider_pb2.InvokeResponse:
        type_, function = schema.lookup(request.tok), vendors.FUNCTIONS.get(request.tok)
        if type_ is None or function is None:
            context.abort(grpc.StatusCode.UNIMPLEMENTED, f"the sandbox does not simulate the function {request.tok}")
        arguments = decode(request.args)
        found = check.problems(type_, arguments, request.tok.rsplit(":", 1)[-1])
        if found:
            failures = [provider_pb2.CheckFailure(property="", reason=reason) for reason in found]
            return provider_pb2.InvokeResponse(failures=failures)
        try:
            answer = function(self.cloud, arguments)
        except Refusal as refused:
            context.abort(grpc.StatusCode.UNKNOWN, str(refused))
        return provider_pb2.InvokeResponse(**{"return": encode(answer, type_.secret)})

    # What the vendor does.

    @staticmethod
    def _known(token: str, context: grpc.ServicerContext) -> tuple[Type, Kind]:
        type_ = schema.lookup(token)
        if type_ is None:
            context.abort(grpc.StatusCode.UNIMPLEMENTED, f"no provider has a resource type {token}")
        kind = vendors.KINDS.get(token)
        if kind is None:
            context.abort(
                grpc.StatusCode.UNIMPLEMENTED,
                f"the sandbox does not simulate {token}: docs/SANDBOX.md lists what it does",
            )
        return type_, kind

    @staticmethod
    def _name(kind: Kind, request: provider_pb2.CheckRequest, news: Props) -> None:
        """Gives an unnamed resource a name from its logical one, the same one for as long as it lives."""
        if (
            kind.autoname is None
            or news.get(kind.autoname) is not None
            or news.get(kind.autoname + "Prefix") is not None
        ):
            return
        before = decode(request.olds).get(kind.autoname)
        news[kind.autoname] = before or f"{request.name}-{request.randomSeed.hex()[:7]}"
        news["__defaults"] = [kind.autoname]

    @staticmethod
    def _deletes_first(kind: Kind, old: Props, new: Props) -> bool:
        """As the bridge answers: a name the user chose and kept can't belong to two objects at once."""
        name = kind.autoname
        return name is not None and name not in old.get("__defaults", []) and old.get(name) == new.get(name)

    def _create(self, type_: Type, kind: Kind, inputs: Props) -> Thing:
        state = filled(type_.inputs, inputs, None, preview=False)
        making = Making(self.cloud, kind, inputs, state)
        if kind.stateless:
            self._compute(making, kind.outputs)
            return Thing(kind.token, "", kind.id(making), "", "", state, inputs)
        with self.cloud.transaction():
            self._needs_parents(kind, state)
            scope, name = kind.join(kind.scope, state), kind.join(kind.name, state)
            twin = self.cloud.named(kind.token, scope, name) if kind.name else None
            if twin is not None and kind.on_duplicate is OnDuplicate.REFUSE:
                raise Refusal(kind.taken(making) if kind.taken else f"{kind.token}: {name} already exists")
            if twin is not None and kind.on_duplicate is OnDuplicate.ADOPT:
                return twin
            making.id = twin.id if twin else kind.id(making)
            self._compute(making, kind.outputs)
            thing = Thing(kind.token, kind.key_of(state, making.id), making.id, scope, name, state, inputs)
            if kind.on_duplicate is OnDuplicate.OVERWRITE:
                self.cloud.put(thing)
            elif self.cloud.get(kind.token, thing.key) is not None:
                raise Refusal(kind.taken(making) if kind.taken else f"{kind.token}: {thing.key} already exists")
            else:
                self.cloud.put(thing)
        return thing

    @staticmethod
    def _compute(making: Making, names: Any) -> None:  # noqa: ANN401 any iterable of names
        for name in names:
            if making.state.get(name) is None or name in making.kind.fresh:
                making.state[name] = making.kind.outputs[name](making)
        if making.kind.shape is not None:
            making.kind.shape(making)

    def _needs_parents(self, kind: Kind, state: Props) -> None:
        for path, parent in kind.parents.items():
            vendors.require(self.cloud, kind, state, path, parent)

    def _update(self, type_: Type, kind: Kind, key: str, news: Props) -> Props:
        with self.cloud.transaction():
            thing = self.cloud.get(kind.token, key)
            if thing is None:
                raise Refusal(vendors.missing(kind, key))
            state = {**_outputs_only(type_, thing.state), **filled(type_.inputs, news, thing.state, preview=False)}
            making = Making(self.cloud, kind, news, state, thing.id, thing.state)
            self._needs_parents(kind, state)
            self._compute(making, kind.fresh)
            scope, name = kind.join(kind.scope, state), kind.join(kind.name, state)
            if name != thing.name and kind.name and self.cloud.named(kind.token, scope, name):
                raise Refusal(kind.taken(making) if kind.taken else f"{kind.token}: {name} already exists")
            if kind.key_of(state, thing.id) != key:
                self.cloud.remove(thing)
            self.cloud.put(Thing(kind.token, kind.key_of(state, thing.id), thing.id, scope, name, state, news))
        return state

    def _delete(self, kind: Kind, key: str) -> None:
        with self.cloud.transaction():
            thing = self.cloud.get(kind.token, key)
            if thing is None:
                return
            reason = kind.in_use(self.cloud, thing.state) if kind.in_use else None
            if reason:
                raise Refusal(reason)
            self.cloud.remove(thing)
            vendors.cascade(self.cloud, thing)

    def _answer(self, type_: Type, state: Props) -> Any:  # noqa: ANN401 a protobuf Struct
        return encode({n: v for n, v in state.items() if not n.startswith("_")}, type_.secret)


def _outputs_only(type_: Type, state: Props) -> Props:
    return {n: v for n, v in state.items() if n not in type_.inputs}


def _top(path: str) -> str:
    return path.split(".", 1)[0].split("[", 1)[0]
