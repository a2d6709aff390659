"""The vendors' objects behind Pulumi's back: list, show, change, remove, as a person in the vendor's console would."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from sandbox import check, rules, schema, vendors
from sandbox.kind import VendorError
from sandbox.rules import Ask
from sandbox.wire import hidden

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

TELLING = ("type", "phase", "alertType", "eventType", "name")
"""Properties by which objects of one type differ; none of them is ever secret."""


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
            yield f"{_label(thing.type):<34} {thing.key:<68} {_told_apart(thing)}".rstrip()
        return
    if len(rest) < (3 if command == "set" else 2):
        raise NoSuchObjectError(f"usage: python -m sandbox {COMMANDS[command]}")
    thing = _find(world, rest[0], rest[1])
    if command == "show":
        yield json.dumps(_shown(thing), indent=2)
    elif command == "set":
        change(world, thing, rest[2:])
        yield f"changed {_label(thing.type)} {thing.key}"
    else:
        world.remove(thing)
        yield f"removed {_label(thing.type)} {thing.key}"


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


def _label(token: str) -> str:
    """The shortest name that `token_of` takes."""
    kind = vendors.KINDS[token]
    alike = [other for other in vendors.KINDS.values() if other.label == kind.label]
    of_provider = [other for other in alike if other.provider == kind.provider]
    return kind.label if len(alike) == 1 else f"{kind.provider}:{kind.label}" if len(of_provider) == 1 else token


def _told_apart(thing: Thing) -> str:
    """What a person knows an object by where its key does not say it: a record's type and name, a ruleset's phase."""
    said = (str(thing.state.get(name) or "") for name in TELLING)
    return " ".join(word for word in said if word and word not in thing.key)


def _find(world: World, name: str, key: str) -> Thing:
    token = token_of(name)
    thing = world.cloud.get(token, key) or world.cloud.by_id(token, key)
    if thing is None:
        raise NoSuchObjectError(f"no {name} {key}: `python -m sandbox objects {name}` lists them")
    return thing


def _shown(thing: Thing) -> Props:
    type_, shown = schema.lookup(thing.type), dict(thing.state)
    secret: list[tuple[str, ...]] = [(name,) for name in vendors.KINDS[thing.type].unreadable]
    secret += [*((name,) for name in type_.secret), *type_.nested_secrets] if type_ else []
    for path in secret:
        if path[0] in shown:
            shown[path[0]] = hidden(shown[path[0]], path[1:], lambda _: "[secret]")
    return {"type": thing.type, "id": thing.id, **shown}


def change(world: World, thing: Thing, assignments: list[str]) -> None:
    """Changes an object as its vendor would on a person's word.

    Raises:
        NoSuchObjectError: an assignment has no `=`, or its path leads nowhere.
        VendorError: the vendor refuses the value, or the change.
    """
    state = json.loads(json.dumps(thing.state))
    for assignment in assignments:
        path, equals, text = assignment.partition("=")
        if not equals or not path:
            raise NoSuchObjectError(f"{assignment}: write PATH=VALUE")
        try:
            _assign(state, path, _value(text))
        except (AttributeError, IndexError, KeyError, TypeError, ValueError):
            raise NoSuchObjectError(f"{path}: there is no such place; `show` has the object") from None
    _refuse(thing, state, {assignment.partition("=")[0] for assignment in assignments})
    world.amend(replace(thing, state=state))


def _refuse(thing: Thing, state: Props, paths: set[str]) -> None:
    """What no vendor would hold at the paths; elsewhere its own computed values may be what a program may not ask for.

    Raises:
        VendorError: something would not.
    """
    type_, name = schema.lookup(thing.type), vendors.KINDS[thing.type].label
    if type_ is None:
        return
    unknown = [n for n in state if n not in (*type_.inputs, *type_.outputs, *thing.state) and not n.startswith("_")]
    asked = {n: v for n, v in state.items() if n in type_.inputs}
    found = [f"Invalid or unknown key '{n}'. Examine values at '{name}.{n}'." for n in unknown]
    found += check.problems(type_, asked, name)
    found += [
        f"{text}. Examine values at '{name}.{path}'."
        for _, path, text in ([] if found else rules.breaches(Ask(type_, asked)))
        if path in paths
    ]
    if found:
        raise VendorError("\n".join(found))


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
