"""Doppler's API v3: projects, environments, configs, the names of secrets and tokens; never a value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.api.answer import CREDENTIAL, Answer, Api, ApiError, Request, page_of, removed
from sandbox.vendors.doppler import CONFIG, ENVIRONMENT, PROJECT, SECRET, SERVICE_TOKEN

if TYPE_CHECKING:
    from sandbox.cloud import Cloud, Thing
    from sandbox.wire import Props, Value

PAGE = 20


def _authorize(request: Request) -> None:
    if request.headers.get("authorization") != f"Bearer {CREDENTIAL}":
        raise ApiError(401, "Invalid Auth token")


def _failure(error: ApiError, _: Request) -> Answer:
    return Answer({"messages": [error.message], "success": False}, error.status)


def _page(request: Request, name: str, items: list[Value]) -> Answer:
    size, number = request.number("per_page", PAGE, PAGE), request.number("page", 1, 100000)
    return Answer({name: page_of(items, number, size), "page": number, "success": True})


def _wanted(request: Request, name: str) -> str:
    value = request.query.get(name)
    if value is None:
        raise ApiError(400, f"{name} is required")
    return value


def _project(cloud: Cloud, request: Request) -> str:
    name = _wanted(request, "project")
    if not cloud.exists(PROJECT, name):
        raise ApiError(404, "Could not find requested project")
    return name


def _projects(cloud: Cloud, request: Request, _: dict[str, str]) -> Answer:
    items = [
        {"id": p.id, "slug": p.id, "name": p.name, "description": p.state.get("description", "")}
        for p in cloud.everything(PROJECT)
    ]
    return _page(request, "projects", items)


def _environment_item(environment: Thing) -> Props:
    return {
        "id": environment.name,
        "slug": environment.name,
        "name": environment.state["name"],
        "project": environment.scope,
    }


def _environments(cloud: Cloud, request: Request, _: dict[str, str]) -> Answer:
    return _page(
        request, "environments", [_environment_item(e) for e in cloud.all(ENVIRONMENT, _project(cloud, request))]
    )


def _configs(cloud: Cloud, request: Request, _: dict[str, str]) -> Answer:
    """Every environment's root config and its branches."""
    project = _project(cloud, request)
    roots = [{"name": e.name, "environment": e.name, "root": True} for e in cloud.all(ENVIRONMENT, project)]
    branches = [
        {"name": c.name, "environment": c.state["environment"], "root": False} for c in cloud.all(CONFIG, project)
    ]
    return _page(request, "configs", [{**c, "project": project} for c in roots + branches])


def _config(cloud: Cloud, request: Request) -> str:
    project, config = _project(cloud, request), _wanted(request, "config")
    if cloud.named(ENVIRONMENT, project, config) is None and cloud.named(CONFIG, project, config) is None:
        raise ApiError(404, "Could not find requested config")
    return f"{project}/{config}"


def _secret_names(cloud: Cloud, request: Request, _: dict[str, str]) -> Answer:
    """A config's own secrets, what a branch has from its root, and Doppler's own three."""
    place = _config(cloud, request)
    project, config = place.split("/", 1)
    branch = cloud.named(CONFIG, project, config)
    scopes = [place, f"{project}/{branch.state['environment']}"] if branch else [place]
    names = {secret.name for scope in scopes for secret in cloud.all(SECRET, scope)}
    managed = request.query.get("include_managed_secrets") != "false"
    own = {"DOPPLER_CONFIG", "DOPPLER_ENVIRONMENT", "DOPPLER_PROJECT"} if managed else set()
    return Answer({"names": sorted(names | own), "success": True})


def _tokens(cloud: Cloud, request: Request, _: dict[str, str]) -> Answer:
    tokens = cloud.all(SERVICE_TOKEN, _config(cloud, request))
    items = [{"slug": t.id, "name": t.state["name"], "access": t.state["access"]} for t in tokens]
    return Answer({"tokens": items, "success": True})


def _token_removal(cloud: Cloud, request: Request, _: dict[str, str]) -> Answer:
    """By slug; Doppler takes project, config and slug in the body."""
    wanted = request.document
    place = f"{wanted.get('project')}/{wanted.get('config')}"
    found = [t for t in cloud.all(SERVICE_TOKEN, place) if t.id == wanted.get("slug")]
    removed(cloud, found[0] if found else None)
    return Answer({"success": True})


API = Api(
    _authorize,
    (
        ("GET /v3/projects", _projects),
        ("GET /v3/environments", _environments),
        ("GET /v3/configs", _configs),
        ("GET /v3/configs/config/secrets/names", _secret_names),
        ("GET /v3/configs/config/tokens", _tokens),
        ("DELETE /v3/configs/config/tokens/token", _token_removal),
    ),
    _failure,
)
