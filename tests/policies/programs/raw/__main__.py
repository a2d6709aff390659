"""Registers whatever resources.json describes, untyped, so that a test can be as wrong as it likes."""

import json
from pathlib import Path
from typing import Any

import pulumi

made: dict[str, pulumi.CustomResource] = {}


def value_of(described: Any) -> Any:
    if isinstance(described, list):
        return [value_of(item) for item in described]
    if not isinstance(described, dict):
        return described
    if "$of" in described:
        return made[described["$of"]].id
    if "$secret" in described:
        return pulumi.Output.secret(value_of(described["$secret"]))
    return {name: value_of(item) for name, item in described.items()}


document = json.loads(Path("resources.json").read_text(encoding="utf-8"))
for one in document["resources"]:
    options = pulumi.ResourceOptions(protect=one["protect"], ignore_changes=one["ignores"])
    made[one["name"]] = pulumi.CustomResource(one["type"], one["name"], value_of(one["props"]), options)
for name, described in document["outputs"].items():
    pulumi.export(name, value_of(described))
