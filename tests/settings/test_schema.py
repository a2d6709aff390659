"""The schema that editors check a stack file with, and the models that it is made of."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from annotated_types import Ge, Le
from pydantic import BaseModel, TypeAdapter

from settings import Organization, Profile, Promises, Stack
from settings.explain import example, model_in
from settings.schema import schemas

FIELDS = "model, name"


def models(root: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """A model and every model inside it."""
    yield root
    for field in root.model_fields.values():
        inner = model_in(field.annotation)
        if inner:
            yield from models(inner)


def _is_written(model: type[BaseModel], name: str) -> bool:
    """Whether a stack file can hold the field: not the stack's name, and of a profile only its own name."""
    return (model, name) not in {(Stack, "name"), (Organization, "name")} and model not in {Profile, Promises}


MODELS = sorted({*models(Stack), *models(Organization)}, key=lambda model: model.__name__)
ALL_FIELDS = [(model, name) for model in MODELS for name in model.model_fields]


@pytest.mark.parametrize("path", list(schemas()), ids=lambda path: path.name)
def test_the_committed_schema_is_what_the_models_say(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == schemas()[path], "run `python -m settings.schema`"


def test_the_schema_knows_every_key_and_refuses_others() -> None:
    schema = next(json.loads(text) for path, text in schemas().items() if path.name == "stack.schema.json")
    config = schema["properties"]["config"]

    assert set(config["properties"]) == {f"madebuy:{name}" for name in Stack.model_fields if name != "name"}
    assert config["additionalProperties"] is False
    assert "madebuy:recovery" not in config["required"]
    assert "madebuy:edge" in config["required"]


def test_the_schema_says_where_the_profile_decides() -> None:
    schema = next(json.loads(text) for path, text in schemas().items() if path.name == "stack.schema.json")
    max_tier = schema["$defs"]["Database"]["properties"]["max_tier"]

    assert 'minimal null, hardened "M20", high-availability "M20"' in max_tier["description"]
    assert "default" not in max_tier


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_every_model_is_closed_frozen_and_silent_about_values(model: type[BaseModel]) -> None:
    config = model.model_config

    assert (config["extra"], config["frozen"], config["hide_input_in_errors"]) == ("forbid", True, True)


@pytest.mark.parametrize(FIELDS, ALL_FIELDS)
def test_every_field_says_what_it_is(model: type[BaseModel], name: str) -> None:
    description = model.model_fields[name].description

    assert description
    assert description.endswith(".")


@pytest.mark.parametrize(FIELDS, [(model, name) for model, name in ALL_FIELDS if _is_written(model, name)])
def test_every_example_in_an_error_would_be_accepted(model: type[BaseModel], name: str) -> None:
    field = model.model_fields[name]
    text = example(field)

    assert text == "..." or TypeAdapter(field.rebuild_annotation()).validate_json(text, strict=True) is not field


@pytest.mark.parametrize(FIELDS, ALL_FIELDS)
def test_a_fields_name_is_a_text_in_yaml(model: type[BaseModel], name: str) -> None:
    """`on`, `off`, `yes` and `no` are truth values there: nobody could write such a field as it is documented."""
    assert yaml.safe_load(f"{name}: 1") == {name: 1}


@pytest.mark.parametrize(FIELDS, ALL_FIELDS)
def test_no_bound_of_a_field_is_replaced_by_one_of_its_type(model: type[BaseModel], name: str) -> None:
    kinds = [type(bound) for bound in model.model_fields[name].metadata if isinstance(bound, Ge | Le)]

    assert len(kinds) == len(set(kinds)), "pydantic keeps only the last of two bounds of one kind"
