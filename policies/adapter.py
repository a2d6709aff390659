"""The engine's protobuf -> `Resource`, decoded once and with nothing lost: what is secret or unknown stays so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policies.model import Environment, Resource
from policies.tokens import FORMER
from policies.values import UNKNOWN, Secret, Value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from google.protobuf.struct_pb2 import Struct
    from google.protobuf.struct_pb2 import Value as WireValue
    from pulumi.runtime.proto.analyzer_pb2 import AnalyzeRequest, AnalyzerResource

# Signatures of Pulumi's wire format (sdk/go/common/resource/sig and plugin/rpc.go).
_SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
_SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 a marker, not a secret
_OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
_UNKNOWNS: Final = frozenset(
    {
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # bool
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # number
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",  # string
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # array
        "030794c1-ac77-496b-92df-f27374a8bd58",  # asset
        "e48ece36-62e2-4504-bad9-02848725956a",  # archive
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # object
    }
)


def read_properties(struct: Struct) -> dict[str, Value]:
    """Decode a property map."""
    return {name: _value(item) for name, item in struct.fields.items()}


def is_marked(struct: Struct) -> bool:
    """Whether an object of the wire stands for something else: a secret, an output, an asset."""
    return _SIGNATURE in struct.fields


def _value(item: WireValue) -> Value:
    kind = item.WhichOneof("kind")
    if kind == "string_value":
        return UNKNOWN if item.string_value in _UNKNOWNS else item.string_value
    if kind == "struct_value":
        return _object(item.struct_value)
    if kind == "number_value":
        number = item.number_value
        return int(number) if number.is_integer() else number
    if kind == "bool_value":
        return item.bool_value
    if kind == "list_value":
        return [_value(one) for one in item.list_value.values]
    return None


def _object(struct: Struct) -> Value:
    signature = struct.fields[_SIGNATURE].string_value if _SIGNATURE in struct.fields else ""
    if signature == _SECRET:
        return Secret(_value(struct.fields["value"]))
    if signature == _OUTPUT:
        value = _value(struct.fields["value"]) if "value" in struct.fields else UNKNOWN
        secret = "secret" in struct.fields and struct.fields["secret"].bool_value
        return Secret(value) if secret else value
    return read_properties(struct)


def read_resource(request: AnalyzeRequest, environment: Environment) -> Resource:
    """The resource that the engine asks about, as the program wants it. Its links come with the stack."""
    return Resource(
        urn=request.urn,
        type=FORMER.get(request.type, request.type),
        props=read_properties(request.properties),
        environment=environment,
        parent=request.options.parent,
        protect=request.options.protect,
        ignores=tuple(request.options.ignoreChanges),
    )


def read_linked(sent: AnalyzerResource, props: Mapping[str, Value], environment: Environment) -> Resource:
    """The resource in its stack: the properties already read, with parent, protection and links."""
    return Resource(
        urn=sent.urn,
        type=FORMER.get(sent.type, sent.type),
        props=props,
        environment=environment,
        parent=sent.parent,
        protect=sent.options.protect,
        ignores=tuple(sent.options.ignoreChanges),
        links={name: frozenset(found.urns) for name, found in sent.propertyDependencies.items()},
    )
