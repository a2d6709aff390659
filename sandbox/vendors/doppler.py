"""Doppler: projects, environments, configs, secrets, tokens."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sandbox.kind import TOO_MANY, Kind, OnDuplicate, Vendor
from sandbox.vendors.forms import now, text, the_id, token, unique

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.cloud import Thing
    from sandbox.kind import Making

SOURCE = "DopplerHQ/terraform-provider-doppler v1.10.0 doppler/resource_*.go"
PROJECT = "doppler:index/project:Project"
ENVIRONMENT = "doppler:index/environment:Environment"
CONFIG = "doppler:index/branchConfig:BranchConfig"
SECRET = "doppler:index/secret:Secret"  # noqa: S105 a type token
SERVICE_TOKEN = "doppler:index/serviceToken:ServiceToken"  # noqa: S105 a type token
SERVICE_ACCOUNT, GROUP = "doppler:index/serviceAccount:ServiceAccount", "doppler:index/group:Group"
WEBHOOK = "doppler:index/webhook:Webhook"


def _taken(what: str) -> Callable[[Making], str]:
    return lambda making: f"Doppler Error: {what} already exists with the name {making['name'] or making['slug']}"


def _service_token(making: Making) -> str:
    return f"dp.st.{making['config']}.{token(43)(making)}"


def _expanded(making: Making) -> str:
    """The value with `${NAME}`, `${config.NAME}`, `${project.config.NAME}` replaced; unknown ones vanish."""

    def value_of(match: re.Match[str]) -> str:
        *place, name = match.group(1).split(".")
        project, config = [making["project"], making["config"]][: 2 - len(place)] + place
        secret = making.cloud.named(SECRET, f"{project}/{config}", name)
        return str(secret.state["computed"]) if secret else ""

    return re.sub(r"\$\{([A-Za-z0-9_.-]+)\}", value_of, making["value"])


def _last_part(making: Making) -> str:
    return making.id.rsplit(".", 1)[-1]


def _config_scope(thing: Thing) -> str:
    return f"{thing.scope}/{thing.name}"


KINDS = (
    Kind(PROJECT, SOURCE, id=text("{name}"), name=("name",), taken=_taken("Project"), outputs={}),
    Kind(
        ENVIRONMENT,
        SOURCE,
        id=text("{project}.{slug}"),
        scope=("project",),
        inside=(PROJECT,),
        inner=_config_scope,
        name=("slug",),
        taken=_taken("Environment"),
        parents={"project": PROJECT},
    ),
    Kind(
        CONFIG,
        SOURCE,
        id=text("{project}.{environment}.{name}"),
        scope=("project",),
        inside=(PROJECT,),
        inner=_config_scope,
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
        inside=(ENVIRONMENT, CONFIG),
        name=("name",),
        on_duplicate=OnDuplicate.OVERWRITE,
        parents={"project": PROJECT},
        outputs={"computed": _expanded},
        fresh=frozenset({"computed"}),
    ),
    Kind(
        SERVICE_TOKEN,
        SOURCE,
        id=unique,
        key="{project}/{config}/{id}",
        scope=("project", "config"),
        inside=(ENVIRONMENT, CONFIG),
        parents={"project": PROJECT},
        outputs={"key": _service_token},
        unreadable=frozenset({"key"}),
        importable=False,
    ),
    Kind(
        GROUP,
        SOURCE,
        id=unique,
        name=("name",),
        taken=_taken("Group"),
        outputs={"slug": the_id},
    ),
    Kind(
        "doppler:index/projectRole:ProjectRole",
        SOURCE,
        id=lambda making: str(making["name"]).lower().replace(" ", "_"),
        name=("name",),
        taken=_taken("Role"),
        outputs={"identifier": the_id, "isCustomRole": lambda _: True},
    ),
    Kind(
        SERVICE_ACCOUNT,
        SOURCE,
        id=unique,
        name=("name",),
        taken=_taken("Service account"),
        outputs={"slug": the_id},
    ),
    Kind(
        "doppler:index/serviceAccountToken:ServiceAccountToken",
        SOURCE,
        id=lambda making: f"{making['serviceAccountSlug']}.{unique(making)}",
        scope=("serviceAccountSlug",),
        inside=(SERVICE_ACCOUNT,),
        parents={"serviceAccountSlug": SERVICE_ACCOUNT},
        outputs={"slug": _last_part, "createdAt": now, "apiKey": lambda making: f"dp.sa.{token(40)(making)}"},
        unreadable=frozenset({"apiKey"}),
        importable=False,
    ),
    Kind(
        "doppler:projectMember/serviceAccount:ServiceAccount",
        SOURCE,
        id=text("{project}.service_account.{serviceAccountSlug}"),
        scope=("project",),
        inside=(PROJECT,),
        parents={"project": PROJECT, "serviceAccountSlug": SERVICE_ACCOUNT},
        on_duplicate=OnDuplicate.OVERWRITE,
    ),
    Kind(
        "doppler:projectMember/group:Group",
        SOURCE,
        id=text("{project}.group.{groupSlug}"),
        scope=("project",),
        inside=(PROJECT,),
        parents={"project": PROJECT, "groupSlug": GROUP},
        on_duplicate=OnDuplicate.OVERWRITE,
    ),
    Kind(
        WEBHOOK,
        SOURCE,
        id=lambda making: f"{making['project']}.{unique(making)}",
        scope=("project",),
        inside=(PROJECT,),
        parents={"project": PROJECT},
        outputs={"slug": _last_part},
        unreadable=frozenset({"secret", "authentication"}),
    ),
)


def _no_parent(kind: Kind, parent: str, value: str) -> str:  # noqa: ARG001 every vendor's signature
    """Doppler's words for a parent that is not there."""
    return f"Doppler Error: Could not find requested {parent.rsplit(':', 1)[-1].lower()} '{value}'"


def _not_found(kind: Kind, key: str) -> str:
    """Doppler's words for an object that is not there."""
    return f"Doppler Error: Could not find requested {kind.token.rsplit(':', 1)[-1].lower()} '{key}'"


def _broken(_: Kind, status: int) -> str:
    """Doppler's words when it can't, or is asked too often."""
    return (
        "Doppler Error: Too many requests" if status == TOO_MANY else f"Doppler Error: Internal Server Error ({status})"
    )


VENDOR = Vendor(KINDS, _no_parent, _not_found, _broken)
