"""The vendors' objects behind Pulumi's back: list, show, change, remove, as a person in the vendor's console would."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from sandbox import check, schema, vendors
from sandbox.kind import VendorError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.cloud import Thing
    from sandbox.wire import Props, Value
    from sandbox.world import World

COMMANDS = {
    "objects": "objects [TYPE]                   list what the vendors have",
    "show": "show TYPE KEY                    one object as JSON; secrets stay hidden",
    "set": "set TYPE KEY PATH=VALUE...       change it; VALUE is JSON, or text; PATH as in a[0].b",
    "remove": "remove TYPE KEY                  remove it and what is in it",
}


class NoSuchObjectError(Exception):
    """The vendors have no such object, or the command does not say which."""


def run(world: World, arguments: list[str]) -> Iterator[str]:
    """Runs one command and yields its output.

    Raises:
        NoSuchObjectError: there is no such type or object, or an argument is missing.
        VendorError: the vendor refuses the change.
    """
    command, *rest = arguments
    if command == "objects":
        wanted = token_of(rest[0]) if rest else None
        for thing in world.cloud.everything(wanted):
            yield f"{thing.type.rsplit(':', 1)[-1]:<34} {thing.key}"
        return
    if len(rest) < (3 if command == "set" else 2):
        raise NoSuchObjectError(f"usage: python -m sandbox {COMMANDS[command]}")
    thing = _find(world, rest[0], rest[1])
    if command == "show":
        yield json.dumps(_shown(thing), indent=2)
    elif command == "set":
        change(world, thing, rest[2:])
        yield f"changed {thing.type.rsplit(':', 1)[-1]} {thing.key}"
    else:
        world.remove(thing)
        yield f"removed {thing.type.rsplit(':', 1)[-1]} {thing.key}"


def token_of(name: str) -> str:
    """The token of a type by its token, its class name, or `provider:ClassName` where two have the name.

    Raises:
        NoSuchObjectError: no simulated type, or more than one, has the name.
    """
    provider, _, label = name.rpartition(":")
    found = [t for t, k in vendors.KINDS.items() if name == t or (k.label == label and provider in ("", k.provider))]
    if len(found) != 1:
        raise NoSuchObjectError(
            f"{name} names {len(found)} simulated types: {', '.join(found) or 'see docs/SANDBOX.md'}"
        )
    return found[0]


def _find(world: World, name: str, key: str) -> Thing:
    token = token_of(name)
    thing = world.cloud.get(token, key) or world.cloud.by_id(token, key)
    if thing is None:
        raise NoSuchObjectError(f"no {name} {key}: `python -m sandbox objects {name}` lists them")
    return thing


def _shown(thing: Thing) -> Props:
    type_ = schema.lookup(thing.type)
    secret = type_.secret if type_ else frozenset()
    return {"type": thing.type, "id": thing.id, **{n: "[secret]" if n in secret else v for n, v in thing.state.items()}}


def change(world: World, thing: Thing, assignments: list[str]) -> None:
    """Changes an object as its vendor would on a person's word.

    Raises:
        NoSuchObjectError: an assignment has no `=`.
        VendorError: the vendor refuses the value, or the change.
    """
    state = json.loads(json.dumps(thing.state))
    for assignment in assignments:
        path, equals, text = assignment.partition("=")
        if not equals:
            raise NoSuchObjectError(f"{assignment}: write PATH=VALUE")
        _assign(state, path, _value(text))
    type_ = schema.lookup(thing.type)
    if type_ is not None:
        asked = {n: v for n, v in state.items() if n in type_.inputs}
        found = check.problems(type_, asked, thing.type.rsplit(":", 1)[-1])
        if found:
            raise VendorError("\n".join(found))
    world.amend(replace(thing, state=state))


def _value(text: str) -> Value:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _assign(state: Props, path: str, value: Value) -> None:
    """Sets, or with null removes, the value at a path such as `a[0].b`."""
    *steps, last = path.replace("]", "").replace("[", ".").split(".")
    target: Value = state
    for step in steps:
        target = target[int(step)] if isinstance(target, list) else target.setdefault(step, {})
    if isinstance(target, list):
        target[int(last)] = value
    elif value is None:
        target.pop(last, None)
    else:
        target[last] = value
