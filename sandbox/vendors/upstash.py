"""Upstash: Redis databases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.kind import TOO_MANY, Kind, Vendor
from sandbox.vendors.forms import constant, hexadecimal, the_id, token, unique

if TYPE_CHECKING:
    from sandbox.kind import Making
    from sandbox.wire import Props

REDIS = "upstash:index/redisDatabase:RedisDatabase"
SOURCE = "upstash/terraform-provider-upstash upstash/redis/database/resource.go"


def _taken(making: Making) -> str:
    return f"Create database failed, status code: 400 response: database name {making['databaseName']} already exists"


def _endpoint(making: Making) -> str:
    return f"{making['databaseName'].lower().replace('_', '-')}-{int(making.id[:4], 16)}.upstash.io"


def _tls(making: Making) -> None:
    """The API makes every database with TLS, whatever was asked, and says so."""
    making.state["tls"] = True


def _replaces(old: Props, new: Props) -> set[str]:
    """TLS and zones are turned off in a new database; leaving one out asks for that: off is the provider's default."""
    return {name for name in ("tls", "multizone") if old.get(name) and not new.get(name)}


KINDS = (
    Kind(
        REDIS,
        SOURCE,
        id=unique,
        name=("databaseName",),
        shape=_tls,
        replaces=_replaces,
        taken=_taken,
        outputs={
            "databaseId": the_id,
            "endpoint": _endpoint,
            "port": constant(6379),
            "password": hexadecimal(32),
            "restToken": token(60),
            "readOnlyRestToken": token(60),
            "state": constant("active"),
            "databaseType": constant("Pay as You Go"),
            "userEmail": constant("owner@example.com"),
            "creationTime": constant(1767225600),
            "dbDailyBandwidthLimit": constant(-1),
            "dbDiskThreshold": constant(268435456),
            "dbMaxClients": constant(10000),
            "dbMaxCommandsPerSecond": constant(10000),
            "dbMaxEntrySize": constant(104857600),
            "dbMaxRequestSize": constant(10485760),
            "dbMemoryThreshold": constant(3221225472),
        },
    ),
)


def _no_parent(kind: Kind, parent: str, value: str) -> str:
    """Upstash has no objects inside objects here."""
    return f"{kind.token}: no {parent} {value}"


def _not_found(kind: Kind, key: str) -> str:  # noqa: ARG001 every vendor's signature
    """Upstash's words for a database that is not there."""
    return f"Get database failed, status code: 404 response: database {key} not found"


def _broken(_: Kind, status: int) -> str:
    """Upstash's words when it can't, or is asked too often."""
    reason = "too many requests" if status == TOO_MANY else "internal error"
    return f"Create database failed, status code: {status} response: {reason}"


VENDOR = Vendor(KINDS, _no_parent, _not_found, _broken)
