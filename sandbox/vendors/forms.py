"""The forms of what vendors compute: ids, times, tokens."""

from __future__ import annotations

import base64
import secrets
import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.kind import Making


def hexadecimal(digits: int) -> Callable[[Making], str]:
    """A random id of so many hexadecimal digits."""
    return lambda _: secrets.token_hex(digits // 2)


def copy(name: str) -> Callable[[Making], Any]:
    """The value of another property."""
    return lambda making: making.state.get(name)


def text(template: str) -> Callable[[Making], str]:
    """Other properties, and `{id}`, in a template."""
    return lambda making: template.format_map({**making.state, "id": making.id})


def constant(value: Any) -> Callable[[Making], Any]:  # noqa: ANN401 any JSON value
    """Always the same."""
    return lambda _: value


def the_id(making: Making) -> str:
    """The object's id again, under another name."""
    return making.id


def now(_: Making) -> str:
    """This moment as RFC 3339, UTC."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def in_days(days: int) -> Callable[[Making], str]:
    """A moment so many days from now."""
    return lambda _: (datetime.now(UTC) + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ")


def token(length: int) -> Callable[[Making], str]:
    """A random token of letters, digits, `-` and `_`."""
    return lambda _: secrets.token_urlsafe(length)[:length]


def unique(_: Making) -> str:
    """A random UUID."""
    return str(uuid.uuid4())


def base64_of(size: int) -> str:
    """Random bytes as base64."""
    return base64.b64encode(secrets.token_bytes(size)).decode()
