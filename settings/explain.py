"""Pydantic's findings in a person's words: what was found, what is needed, what to write."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, get_args, get_origin

from pydantic import BaseModel

from settings.base import CONTRADICTIONS
from settings.errors import Problem, nearest, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pydantic import ValidationError
    from pydantic.fields import FieldInfo
    from pydantic_core import ErrorDetails

Model = type[BaseModel]


def explain(error: ValidationError, key: str, field: FieldInfo) -> Iterator[Problem]:
    """Every problem of one key of the stack file, with its path in the file."""
    for details in error.errors(include_url=False):
        steps = tuple(step for step in details["loc"] if step != "[key]")  # its mark of a bad name in a mapping
        if details["type"] == CONTRADICTIONS:
            yield from (problem.under(key, *steps) for problem in details["ctx"]["problems"])
        elif not _is_echo(details):
            yield Problem((key, *steps), _sentence(_Finding.at(field, steps, details)))


def unknown(name: str, known: Iterable[str]) -> str:
    """What to say about a name that is none of the known ones."""
    names = sorted(known)
    return f"there is no such setting, so it would change nothing. {nearest(name, names)}There is: {', '.join(names)}."


def missing(field: FieldInfo, name: str) -> str:
    """What to say about a setting that has no default and was not written."""
    return f"this is missing. {field.description} Add it, for example {name}: {example(field)}"


def example(field: FieldInfo) -> str:
    """A value for a field, as small as it can be, as JSON, which is YAML too; `...` where there is no example."""
    return json.dumps(_example(field), default=str).replace(f'"{_NONE}"', _NONE)


_NONE = "..."


def _example(field: FieldInfo) -> Any:  # noqa: ANN401 - any value that a stack file can hold
    if field.examples:
        return field.examples[0]
    model = model_in(field.annotation)
    if not field.is_required():
        value = field.get_default(call_default_factory=True)
        return value.model_dump(mode="json") if isinstance(value, BaseModel) else value
    if model is None:
        return _NONE
    required = {name: _example(each) for name, each in model.model_fields.items() if each.is_required()}
    return [required] if get_origin(field.annotation) is tuple else required


def model_in(annotation: object) -> Model | None:
    """The model that an annotation is made of: `Backups` for `Backups | None` or `tuple[Backups, ...]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, (model_in(part) for part in get_args(annotation))), None)


@dataclass(frozen=True)
class _Finding:
    """One of pydantic's findings, with the field it is about and the model around that field."""

    kind: str
    name: str
    value: object
    context: dict[str, Any]
    owner: Model | None
    field: FieldInfo | None

    @classmethod
    def at(cls, field: FieldInfo, steps: tuple[str | int, ...], details: ErrorDetails) -> _Finding:
        owner: Model | None = None
        there: FieldInfo | None = field
        for step in steps:
            if isinstance(step, str) and there is not None:
                owner = model_in(there.annotation)
                names_an_entry = get_origin(there.annotation) is Mapping
                there = owner.model_fields.get(step, there if names_an_entry else None) if owner else there
        name = str(steps[-1]) if steps else ""
        return cls(details["type"], name, details["input"], details.get("ctx", {}), owner, there)

    @property
    def meaning(self) -> str:
        return f"{self.field.description} " if self.field else ""

    @property
    def found(self) -> str:
        match self.value:
            case bool():
                return str(self.value).lower()
            case int() | float():
                return f"the number {shown(self.value)}"
            case "":  # the engine's word for null
                return "nothing"
            case str():
                return f'the text "{shown(self.value)}"'
            case list():
                return "a list"
            case dict():
                return "a mapping"
            case _:
                return "nothing"

    @property
    def advice(self) -> str:
        if self.field is None:
            return "Remove it."
        if self.kind == "int_type" and isinstance(self.value, str) and self.value.isdigit():
            return f"Write it without quotes: {shown(self.value)}"
        return f"Write for example: {example(self.field)}"


def _is_echo(details: ErrorDetails) -> bool:
    """Pydantic does not count invalid entries, and then also says that there are too few."""
    return details["type"] == "too_short" and len(details["input"]) >= details["ctx"]["min_length"]


def _sentence(finding: _Finding) -> str:
    say = _SENTENCES.get(finding.kind)
    return say(finding) if say else f"{finding.found} does not fit here. {finding.meaning}{finding.advice}"


def _missing(finding: _Finding) -> str:
    return missing(finding.field, finding.name) if finding.field else "this is missing."


def _unknown(finding: _Finding) -> str:
    return unknown(finding.name, finding.owner.model_fields if finding.owner else ())


def _own_words(finding: _Finding) -> str:
    return str(finding.context["error"])


def _choice(finding: _Finding) -> str:
    allowed = _choices(finding.field.annotation if finding.field else None)
    hint = nearest(str(finding.value), map(str, allowed))
    choices = ", ".join(json.dumps(choice) for choice in allowed)
    return f"{finding.found} is not allowed here. {finding.meaning}{hint}Write one of: {choices}."


def _needs(what: str) -> Callable[[_Finding], str]:
    return lambda finding: f"{what} is needed, not {finding.found}. {finding.meaning}{finding.advice}"


def _too_small(finding: _Finding) -> str:
    return f"{shown(finding.value)} is too small. {finding.meaning}Write {finding.context['ge']} or more."


def _too_large(finding: _Finding) -> str:
    return f"{shown(finding.value)} is too large. {finding.meaning}Write {finding.context['le']} or less."


def _too_short(finding: _Finding) -> str:
    least = finding.context["min_length"]
    return f"there is too little here, at least {least} is needed. {finding.meaning}{finding.advice}"


def _too_long(finding: _Finding) -> str:
    return f"there is too much here, at most {finding.context['max_length']} fit. {finding.meaning}Shorten it."


_SENTENCES: dict[str, Callable[[_Finding], str]] = {
    "missing": _missing,
    "extra_forbidden": _unknown,
    "value_error": _own_words,
    "enum": _choice,
    "literal_error": _choice,
    "greater_than_equal": _too_small,
    "less_than_equal": _too_large,
    "too_short": _too_short,
    "string_too_short": _too_short,
    "string_too_long": _too_long,
    "int_type": _needs("a whole number"),
    "bool_type": _needs("true or false, without quotes,"),
    "string_type": _needs("a text, in quotes,"),
    "tuple_type": _needs("a list"),
    "model_type": _needs("a mapping of fields"),
    "dict_type": _needs("a mapping of fields"),
    "date_type": _needs("a date in quotes, year first,"),
}


def _choices(annotation: object) -> list[Any]:
    """The values of an enumeration or a Literal, also inside `| None` or a mapping's keys."""
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return [member.value for member in annotation]
    choices: list[Any] = []
    for part in get_args(annotation):
        choices += [part] if isinstance(part, str | int) else _choices(part)
    return choices
