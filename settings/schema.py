"""The JSON schema of the stack files, for editors: `python -m settings.schema` writes it to docs/."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from settings.load import PROVIDERS
from settings.organization import Organization
from settings.profiles import ProfileName, defaults
from settings.stack import PROJECT, Stack
from settings.types import Environment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pydantic import BaseModel

Schema = dict[str, Any]

_DOCS = Path(__file__).parent.parent / "docs"
_ENGINE_KEYS = {
    "encryptionsalt": "Written by the engine: the salt of the stack's passphrase. Not a secret.",
    "encryptedkey": "Written by the engine: the stack's data key, encrypted by the secrets provider.",
    "secretsprovider": "Written by the engine: what encrypts the stack's secrets.",
}


def schemas() -> dict[Path, str]:
    """Each schema file and what it should hold."""
    return {
        _DOCS / "stack.schema.json": _text(_with_profiles(_stack_file(Stack, "A MadeBuy stack"))),
        _DOCS / "organization.schema.json": _text(_stack_file(Organization, "MadeBuy's organization stack")),
    }


def _stack_file(model: type[BaseModel], title: str) -> Schema:
    """The whole file, with our concerns under `config`."""
    ours = model.model_json_schema()
    keys = {name: schema for name, schema in ours["properties"].items() if name != "name"}
    config = {
        "type": "object",
        "description": "What this stack says, by concern.",
        "properties": {f"{PROJECT}:{name}": schema for name, schema in keys.items()},
        "patternProperties": {
            f"^({'|'.join(PROVIDERS)}):": {"description": "Configuration of a provider. Secrets only as `secure:`."}
        },
        "required": [f"{PROJECT}:{name}" for name in ours["required"] if name in keys],
        "additionalProperties": False,
    }
    engine = {key: {"type": "string", "description": description} for key, description in _ENGINE_KEYS.items()}
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "title": title,
        "type": "object",
        "properties": {"config": config, **engine},
        "required": ["config"],
        "additionalProperties": False,
        "$defs": ours["$defs"],
    }


def _with_profiles(schema: Schema) -> Schema:
    """Say of each field that a profile sets what it sets there: the model's own default never applies."""
    for path in sorted({path for profile in ProfileName for path in _paths(_set_by(profile))}):
        place = _place(schema, path)
        place.pop("default", None)
        values = ", ".join(f"{profile} {_shown(_set_by(profile), path)}" for profile in ProfileName)
        place["description"] += f" Left out, the profile decides; in production: {values}."
    return schema


def _set_by(profile: ProfileName) -> Mapping[str, Any]:
    return defaults(profile, Environment.PRODUCTION)


def _paths(values: Mapping[str, Any], above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, value in values.items():
        if isinstance(value, dict) and value:
            yield from _paths(value, (*above, name))
        else:
            yield (*above, name)


def _shown(values: Any, path: tuple[str, ...]) -> str:  # noqa: ANN401 - any value that a profile can set
    for name in path:
        values = values[name]
    return json.dumps(values)


def _place(schema: Schema, path: tuple[str, ...]) -> Schema:
    """The schema of a field of a concern, found through references."""
    concern, *fields = path
    place: Schema = schema["properties"]["config"]["properties"][f"{PROJECT}:{concern}"]
    for field in fields:
        choices = [place, *place.get("anyOf", ())]
        reference = next(choice["$ref"] for choice in choices if "$ref" in choice)
        place = schema["$defs"][reference.removeprefix("#/$defs/")]["properties"][field]
    return place


def _text(schema: Schema) -> str:
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    """Write both schemas."""
    for path, text in schemas().items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
