"""Upstash's developer API v2: databases, and what each has cost this month."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from sandbox.api.answer import CREDENTIAL, Answer, Api, ApiError, Request, public, snake
from sandbox.vendors.upstash import REDIS

if TYPE_CHECKING:
    from sandbox.cloud import Cloud, Thing
    from sandbox.wire import Props

PROD_PACK = 200
"""Dollars a month. Source: upstash/docs redis/overall/billing.mdx, August 2026."""


def _authorize(request: Request) -> None:
    """Basic authentication with the owner's address and the API key."""
    kind, _, text = request.headers.get("authorization", "").partition(" ")
    try:
        _, _, key = base64.b64decode(text).decode().partition(":")
    except ValueError:
        key = ""
    if kind != "Basic" or key != CREDENTIAL:
        raise ApiError(401, "Unauthorized")


def _failure(error: ApiError, _: Request) -> Answer:
    return Answer(error.message, error.status)


def _item(database: Thing) -> Props:
    return {"database_id": database.id, **snake(public(database))}


def _databases(cloud: Cloud, _: Request, __: dict[str, str]) -> Answer:
    return Answer([_item(database) for database in cloud.everything(REDIS)])


def _found(cloud: Cloud, place: dict[str, str]) -> Thing:
    database = cloud.by_id(REDIS, place["database"])
    if database is None:
        raise ApiError(404, "database not found")
    return database


def _database(cloud: Cloud, _: Request, place: dict[str, str]) -> Answer:
    return Answer(_item(_found(cloud, place)))


def _stats(cloud: Cloud, _: Request, place: dict[str, str]) -> Answer:
    billed = PROD_PACK if _found(cloud, place).state.get("prodPack") else 0
    return Answer({"total_monthly_billing": billed, "total_monthly_requests": 0, "total_monthly_storage": 0})


API = Api(
    _authorize,
    (
        ("GET /v2/redis/databases", _databases),
        ("GET /v2/redis/database/{database}", _database),
        ("GET /v2/redis/stats/{database}", _stats),
    ),
    _failure,
)
