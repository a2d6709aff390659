"""A provider's schema in the form of a Pulumi package, for the languages that ask a provider for it, such as YAML."""

from __future__ import annotations

import json
from functools import cache
from typing import TYPE_CHECKING, Any

from sandbox import schema

if TYPE_CHECKING:
    from sandbox.schema import Spec

Json = dict[str, Any]
MODULES = "(.*)(?:/[^/]*)"
"""How a token's middle names a module, as every bridged provider says: `index/zone` is in `index`."""
ANY = {"$ref": "pulumi.json#/Any"}


@cache
def document(provider: str) -> str:
    """Every type and function that a provider's SDK knows, as JSON."""
    types: Json = {}
    resources, functions = {}, {}
    for token in schema.tokens(provider):
        known = schema.lookup(token)
        assert known is not None  # noqa: S101 the token was just listed
        place = _Place(token, types, known.secret)
        if known.token.rsplit(":", 1)[-1].startswith("get"):
            functions[token] = {"inputs": place.object(known.inputs), "outputs": place.object(known.outputs)}
        else:
            asked, all_of = place.object(known.inputs), place.object({**known.inputs, **known.outputs})
            resources[token] = _resource(asked, all_of)
    settings = schema.settings(provider)
    asked = _Place(f"{provider}:index/settings:Settings", types, settings.secret).object(settings.inputs)
    meta = {"moduleFormat": MODULES}
    package = {"name": provider, "version": schema.sdk_version(provider), "meta": meta, "config": _config(asked)}
    told = {"types": types, "provider": _resource(asked, asked), "resources": resources, "functions": functions}
    return json.dumps({**package, **told})


def _resource(asked: Json, all_of: Json) -> Json:
    return {
        "inputProperties": asked["properties"],
        "requiredInputs": asked["required"],
        "properties": all_of["properties"],
        "required": asked["required"],
    }


def _config(asked: Json) -> Json:
    """The same settings as a stack's own file names them."""
    return {"variables": asked["properties"], "defaults": asked["required"]}


class _Place:
    """Where a schema is: its token so far, and the types that objects inside it are written to."""

    def __init__(self, token: str, types: Json, secret: frozenset[str]) -> None:
        provider, middle, self._name = token.split(":")
        self._module = f"{provider}:{middle.split('/')[0]}"
        self._types = types
        self._secret = secret

    def object(self, specs: dict[str, Spec], path: str = "") -> Json:
        properties = {name: self._property(spec, path, name) for name, spec in specs.items()}
        return {
            "type": "object",
            "properties": properties,
            "required": sorted(name for name, spec in specs.items() if spec.get("required")),
        }

    def _property(self, spec: Spec, path: str, name: str) -> Json:
        found = self._type(spec, path + name[0].upper() + name[1:])
        hidden = spec.get("secret") or (not path and name in self._secret)
        return {**found, "secret": True} if hidden else found

    def _type(self, spec: Spec, path: str) -> Json:
        kind = spec["type"]
        if kind == "any":
            return ANY
        if kind == "list":
            return {"type": "array", "items": self._type(spec["items"], path)}
        if kind == "map":
            return {"type": "object", "additionalProperties": self._type(spec["items"], path)}
        if kind != "object":
            return {"type": kind}
        name = self._name + path
        token = f"{self._module}/{name}:{name}"
        self._types[token] = self.object(spec["properties"], path)
        return {"$ref": f"#/types/{token}"}
