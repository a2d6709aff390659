"""What every vendor's endpoints are made of: a request, an answer, a page of objects, a table of routes."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from sandbox import schema, vendors
from sandbox.kind import VendorError
from sandbox.wire import hidden
from sandbox.world import World

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.cloud import Cloud, Thing
    from sandbox.wire import Props, Value

REDACTED = "*" * 16
CREDENTIAL = "sandbox"
"""The token, client secret and API key that every simulated vendor takes; no other is."""


@dataclass(frozen=True)
class Request:
    """One request, without its vendor's prefix."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes = b""

    def number(self, name: str, default: int, highest: int) -> int:
        """A whole number from the query, within what the vendor allows.

        Raises:
            ApiError: the query has something else there.
        """
        return whole_number(self.query.get(name, default), name, highest)

    @property
    def document(self) -> Props:
        """The JSON object in the body, an empty one where there is no body.

        Raises:
            ApiError: it is no JSON object.
        """
        try:
            document = json.loads(self.body or b"{}")
        except ValueError:
            document = None
        if not isinstance(document, dict):
            raise ApiError(400, "The body must be a JSON object")
        return document


@dataclass(frozen=True)
class Answer:
    """What the vendor answers."""

    body: Value
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json"


class ApiError(Exception):
    """An HTTP status and the vendor's reason; the vendor's room gives it its form."""

    def __init__(self, status: int, message: str, code: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code


def whole_number(value: Value, name: str, highest: int, lowest: int = 1) -> int:
    """A number that a client has sent, as a number or as text.

    Raises:
        ApiError: it is none, or not within what the vendor allows.
    """
    text = str(value)
    if not (text.isascii() and text.isdigit()) or not lowest <= int(text) <= highest:
        raise ApiError(400, f"{name} must be between {lowest} and {highest}")
    return int(text)


Handler: TypeAlias = "Callable[[Cloud, Request, dict[str, str]], Answer]"


@dataclass(frozen=True)
class Api:
    """One vendor's endpoints: who may ask, what there is, how an error looks."""

    authorize: Callable[[Request], None]
    routes: tuple[tuple[str, Handler], ...]
    failure: Callable[[ApiError, Request], Answer]

    def answer(self, cloud: Cloud, request: Request) -> Answer:
        """Answers one request, errors in the vendor's form."""
        try:
            self.authorize(request)
            handler, place = self._route(f"{request.method} {request.path}")
            return handler(cloud, request, place)
        except ApiError as error:
            return self.failure(error, request)

    def _route(self, asked: str) -> tuple[Handler, dict[str, str]]:
        for pattern, handler in self.routes:
            match = re.fullmatch(re.sub(r"{(\w+)}", r"(?P<\1>[^/]+)", pattern), asked)
            if match:
                return handler, match.groupdict()
        raise ApiError(404, f"The sandbox has no endpoint {asked}")


def page_of(items: list[Value], number: int, size: int) -> list[Value]:
    """The items of one page, counted from 1."""
    return items[(number - 1) * size : number * size]


def public(thing: Thing) -> Props:
    """What a list endpoint shows of an object: no secret, nothing the vendor never returns, none of its own marks."""
    type_, kind = schema.lookup(thing.type), vendors.KINDS[thing.type]
    never = kind.unreadable | (type_.secret if type_ else frozenset())
    shown = {n: v for n, v in thing.state.items() if n not in never and not n.startswith("_")}
    for path in type_.nested_secrets if type_ else ():
        if path[0] in shown:
            shown[path[0]] = hidden(shown[path[0]], path[1:], lambda _: REDACTED)
    return shown


def removed(cloud: Cloud, thing: Thing | None) -> None:
    """Removes an object as its owner would at the vendor.

    Raises:
        ApiError: there is none, or the vendor refuses.
    """
    if thing is None:
        raise ApiError(404, "not found")
    try:
        World(cloud).remove(thing)
    except VendorError as refused:
        raise ApiError(409, str(refused)) from None


def snake(value: Value) -> Value:
    """The same value with every key in snake_case, as most vendors write them."""
    if isinstance(value, dict):
        return {re.sub(r"(?<!^)([A-Z])", r"_\1", k).lower(): snake(v) for k, v in value.items()}
    return [snake(v) for v in value] if isinstance(value, list) else value
