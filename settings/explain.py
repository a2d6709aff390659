"""Pydantic's findings in a person's words: what was found, what is needed, what to write."""

from __future__ import annotations

import json
from difflib import get_close_matches
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_origin

from pydantic import BaseModel

from settings.base import CONTRADICTIONS
from settings.errors import Problem, shown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pydantic import ValidationError
    from pydantic.fields import FieldInfo
    from pydantic_core import ErrorDetails

Model = type[BaseModel]


def explain(error: ValidationError, key: str, field: FieldInfo) -> Iterator[Problem]:
    """Every problem of one key of the stack file, with its path in the file."""
    for found in error.errors(include_url=False):
        steps = tuple(step for step in found["loc"] if step != "[key]")
        owner, there = _at(field, steps)
        if found["type"] == CONTRADICTIONS:
            yield from (problem.under(key, *steps) for problem in found["ctx"]["problems"])
        else:
            yield Problem((key, *steps), _sentence(found, owner, there))


def unknown(name: str, known: Iterable[str]) -> str:
    """What to say about a name that is none of the known ones."""
    names = sorted(known)
    near = get_close_matches(name, names, n=1)
    hint = f'Did you mean "{near[0]}"? ' if near else ""
    return f"there is no such setting, so it would change nothing. {hint}Write one of: {', '.join(names)}."


def missing(field: FieldInfo, written: str) -> str:
    """What to say about a setting that has no default and was not written."""
    return f"this is missing. {field.description} Add it, for example {written}: {json.dumps(example(field))}"


def example(field: FieldInfo) -> Any:  # noqa: ANN401 - any value that a stack file can hold
    """A value for a field, as small as it can be."""
    if field.examples:
        return field.examples[0]
    model = model_in(field.annotation)
    if model is None:
        return field.get_default(call_default_factory=True) if not field.is_required() else ""
    required = {name: example(each) for name, each in model.model_fields.items() if each.is_required()}
    return [required] if _is_tuple(field.annotation) else required


def model_in(annotation: object) -> Model | None:
    """The model that an annotation is made of: `Backups` for `Backups | None` or `tuple[Backups, ...]`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, (model_in(part) for part in get_args(annotation))), None)


def _is_tuple(annotation: object) -> bool:
    return get_origin(annotation) is tuple


def _at(field: FieldInfo, steps: tuple[str | int, ...]) -> tuple[Model | None, FieldInfo | None]:
    """The model in which a path ends, and the field it names there; a field is None where there is none of that name."""
    owner: Model | None = None
    there: FieldInfo | None = field
    for step in steps:
        if isinstance(step, int) or there is None:
            continue
        owner = model_in(there.annotation)
        there = owner.model_fields.get(step) if owner else there
    return owner, there


def _sentence(found: ErrorDetails, owner: Model | None, field: FieldInfo | None) -> str:
    say = _SENTENCES.get(found["type"])
    if say is None:
        return f"{_found(found['input'])} does not fit here. {_means(field)}{_write(field)}"
    return say(found, owner, field)


def _missing(found: ErrorDetails, owner: Model | None, field: FieldInfo | None) -> str:
    assert field is not None, "pydantic misses only fields that exist"  # noqa: S101 - narrows the type
    return missing(field, str(found["loc"][-1]))


def _unknown(found: ErrorDetails, owner: Model | None, field: FieldInfo | None) -> str:
    return unknown(str(found["loc"][-1]), owner.model_fields if owner else ())


def _value(found: ErrorDetails, owner: Model | None, field: FieldInfo | None) -> str:
    return str(found["ctx"]["error"])


def _needs(what: str) -> Callable[[ErrorDetails, Model | None, FieldInfo | None], str]:
    def say(found: ErrorDetails, owner: Model | None, field: FieldInfo | None) -> str:
        return f"{what} is needed, not {_found(found['input'])}. {_means(field)}{_write(field)}"

    return say


def _choice(found: ErrorDetails, owner: Model | None, field: FieldInfo | None) -> str:
    allowed = _choices(field.annotation if field else None)
    near = get_close_matches(str(found["input"]), allowed, n=1)
    hint = f'Did you mean "{near[0]}"? ' if near else ""
    return f"{_found(found['input'])} is not allowed here. {_means(field)}{hint}Write one of: {', '.join(allowed)}."


def _bound(word: str, limit: str) -> Callable[[ErrorDetails, Model | None, FieldInfo | None], str]:
    def say(found: ErrorDetails, owner: Model | None, field: FieldInfo | None) -> str:
        bound = found["ctx"][limit]
        return f"{shown(found['input'])} is too {word}. {_means(field)}Write {bound} or {_OPPOSITE[word]}."

    return say


_OPPOSITE = {"small": "more", "large": "less"}


def _length(found: ErrorDetails, owner: Model | None, field: FieldInfo | None) -> str:
    limits = found["ctx"]
    if "min_length" in limits:
        return f"at least {limits['min_length']} is needed. {_means(field)}{_write(field)}"
    return f"at most {limits['max_length']} characters or entries fit. {_means(field)}Shorten it."


_SENTENCES: dict[str, Callable[[ErrorDetails, Model | None, FieldInfo | None], str]] = {
    "missing": _missing,
    "extra_forbidden": _unknown,
    "value_error": _value,
    "enum": _choice,
    "literal_error": _choice,
    "greater_than_equal": _bound("small", "ge"),
    "less_than_equal": _bound("large", "le"),
    "too_short": _length,
    "too_long": _length,
    "string_too_short": _length,
    "string_too_long": _length,
    "int_type": _needs("a whole number"),
    "int_from_float": _needs("a whole number"),
    "bool_type": _needs("true or false, without quotes,"),
    "string_type": _needs("a text, in quotes,"),
    "tuple_type": _needs("a list"),
    "model_type": _needs("a mapping of fields"),
    "mapping_type": _needs("a mapping of fields"),
    "date_type": _needs("a date in quotes"),
    "date_parsing": _needs("a date in quotes, year first,"),
    "date_from_datetime_parsing": _needs("a date in quotes, year first,"),
    "date_from_datetime_inexact": _needs("a date in quotes, without a time,"),
}


def _means(field: FieldInfo | None) -> str:
    return f"{field.description} " if field and field.description else ""


def _write(field: FieldInfo | None) -> str:
    if field is None:
        return "Remove it."
    value = example(field)
    if isinstance(value, BaseModel):
        value = value.model_dump(mode="json")
    return f"Write for example: {json.dumps(value, default=str)}"


def _found(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case int() | float():
            return f"the number {shown(value)}"
        case str():
            return f'the text "{shown(value)}"'
        case list():
            return "a list"
        case dict():
            return "a mapping"
        case None:
            return "nothing"
        case _:
            return "this"


def _choices(annotation: object) -> list[str]:
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return [str(member.value) for member in annotation]
    if get_origin(annotation) is Annotated:
        return _choices(get_args(annotation)[0])
    return [
        choice
        for part in get_args(annotation)
        if part is not type(None)
        for choice in ([str(part)] if isinstance(part, str | int) else _choices(part))
    ]
