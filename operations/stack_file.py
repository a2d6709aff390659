"""Writes generations into a stack file and leaves every other byte of it as its author wrote it, comments included."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from operations.stacks import CommandError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from settings.rotation import Generation, Generations

_CONCERN = "madebuy:secrets"
_ROTATION = "rotation"
_STEP = 2


def with_generations(text: str, changes: Mapping[str, Generations]) -> str:
    """The stack file's text with other live generations of some secrets.

    Raises:
        CommandError: The file is laid out in a way that can't be changed line by line.
    """
    for name, live in changes.items():
        text = _with_one(text if text.endswith("\n") else f"{text}\n", name, live)
    return text


def _with_one(text: str, name: str, live: Generations) -> str:
    concern = _mapping(_mapping(yaml.compose(text), "config"), _CONCERN)
    key, rotation = _entry(concern, _ROTATION)
    if key is None or rotation is None:
        column, after = concern.value[0][0].start_mark.column, _last_line(concern)
        return _replaced(text, after + 1, after, _rotation(column, name, live))
    if _is_empty(rotation):
        entry = _rotation(key.start_mark.column, name, live)
        return _replaced(text, key.start_mark.line, _last_line(rotation), entry)
    block = _mapping(concern, _ROTATION)
    column = block.value[0][0].start_mark.column
    key, generations = _entry(block, name)
    if key is None or generations is None:
        after = _last_line(block)
        return _replaced(text, after + 1, after, _lines(column, name, live))
    return _replaced(text, key.start_mark.line, _last_line(generations), _lines(column, name, live))


def _replaced(text: str, first: int, last: int, new: list[str]) -> str:
    """The text with the lines `first` to `last` (both counted from 0, both included) replaced."""
    lines = text.splitlines(keepends=True)
    return "".join([*lines[:first], *new, *lines[last + 1 :]])


def _rotation(column: int, name: str, live: Generations) -> list[str]:
    return [f"{' ' * column}{_ROTATION}:\n", *_lines(column + _STEP, name, live)]


def _lines(column: int, name: str, live: Generations) -> list[str]:
    listed = [f"{' ' * (column + _STEP)}- {_written(generation)}\n" for generation in live]
    return [f"{' ' * column}{name}:\n", *listed]


def _written(generation: Generation) -> str:
    redeployed = f", redeployed: [{', '.join(generation.redeployed)}]" if generation.redeployed else ""
    return f'{{generation: {generation.generation}, started: "{generation.started}"{redeployed}}}'


def _mapping(parent: yaml.Node | None, name: str) -> yaml.MappingNode:
    _, node = _entry(parent, name)
    if isinstance(node, yaml.MappingNode) and not node.flow_style:
        return node
    raise CommandError(f"{name} in the stack file is not written one key a line, so it can't be changed. Write it so.")


def _entry(parent: yaml.Node | None, name: str) -> tuple[yaml.Node, yaml.Node] | tuple[None, None]:
    pairs = parent.value if isinstance(parent, yaml.MappingNode) else ()
    return next(((key, value) for key, value in pairs if key.value == name), (None, None))


def _is_empty(node: yaml.Node) -> bool:
    return not node.value or (isinstance(node, yaml.ScalarNode) and node.tag.endswith(":null"))


def _last_line(node: yaml.Node) -> int:
    """The line on which a node's own text ends; a block's end mark is already at what comes after it."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _last_line(last[1] if isinstance(last, tuple) else last)
    ends_before_mark = isinstance(node, yaml.ScalarNode) and node.style in ("|", ">")
    return int(node.end_mark.line) - ends_before_mark
