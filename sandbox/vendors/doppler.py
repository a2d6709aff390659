"""Doppler: projects, environments, configs, secrets, tokens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.kind import Kind, OnDuplicate
from sandbox.vendors.forms import copy, text, token, unique

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.cloud import Cloud, Thing
    from sandbox.kind import Making
    from sandbox.wire import Props

SOURCE = "providers.md 4; DopplerHQ/terraform-provider-doppler v1.10.0 doppler/resource_*.go"
PROJECT = "doppler:index/project:Project"
ENVIRONMENT = "doppler:index/environment:Environment"
CONFIG = "doppler:index/branchConfig:BranchConfig"
SECRET = "doppler:index/secret:Secret"  # noqa: S105 a type token


def _taken(what: str) -> Callable[[Making], str]:
    return lambda making: f"Doppler Error: {what} already exists with the name {making['name'] or making['slug']}"


def _service_token(making: Making) -> str:
    return f"dp.st.{making['config']}.{token(43)(making)}"


KINDS = (
    Kind(PROJECT, SOURCE, id=text("{name}"), name=("name",), taken=_taken("Project"), outputs={}),
    Kind(
        ENVIRONMENT,
        SOURCE,
        id=text("{project}.{slug}"),
        scope=("project",),
        name=("slug",),
        taken=_taken("Environment"),
        parents={"project": PROJECT},
    ),
    Kind(
        CONFIG,
        SOURCE,
        id=text("{project}.{environment}.{name}"),
        scope=("project",),
        name=("name",),
        taken=_taken("Config"),
        parents={"project": PROJECT},
        autoname="name",
    ),
    Kind(
        SECRET,
        SOURCE,
        id=text("{project}.{config}.{name}"),
        scope=("project", "config"),
        name=("name",),
        on_duplicate=OnDuplicate.OVERWRITE,
        parents={"project": PROJECT},
        outputs={"computed": copy("value")},
        fresh=frozenset({"computed"}),
    ),
    Kind(
        "doppler:index/serviceToken:ServiceToken",
        SOURCE,
        id=unique,
        key="{project}/{config}/{id}",
        scope=("project", "config"),
        parents={"project": PROJECT},
        outputs={"key": _service_token},
        unreadable=frozenset({"key"}),
        importable=False,
    ),
    Kind(
        "doppler:index/webhook:Webhook",
        SOURCE,
        id=lambda making: f"{making['project']}.{unique(making)}",
        scope=("project",),
        parents={"project": PROJECT},
        outputs={"slug": lambda making: making.id.rsplit(".", 1)[-1]},
        unreadable=frozenset({"secret", "authentication"}),
    ),
)
FUNCTIONS: dict[str, Callable[[Cloud, Props], Props]] = {}


def no_parent(kind: Kind, parent: str, value: str) -> str:  # noqa: ARG001 every vendor's signature
    """Doppler's words for a parent that is not there."""
    return f"Doppler Error: Could not find requested {parent.rsplit(':', 1)[-1].lower()} '{value}'"


def not_found(kind: Kind, key: str) -> str:
    """Doppler's words for an object that is not there."""
    return f"Doppler Error: Could not find requested {kind.token.rsplit(':', 1)[-1].lower()} '{key}'"


def scope_of(thing: Thing) -> str | None:
    """A project takes all it has with it, a config its secrets and tokens."""
    if thing.type == PROJECT:
        return thing.id
    if thing.type in (CONFIG, ENVIRONMENT):
        return f"{thing.scope}/{thing.name}"
    return None
