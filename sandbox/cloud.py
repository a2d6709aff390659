"""The vendors' accounts: one SQLite database that every stack shares."""

from __future__ import annotations

import json
import sqlite3
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sandbox.wire import Props

TABLES = """
CREATE TABLE IF NOT EXISTS objects (
    type TEXT NOT NULL,
    key TEXT NOT NULL,
    id TEXT NOT NULL,
    scope TEXT NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    inputs TEXT NOT NULL,
    PRIMARY KEY (type, key)
);
CREATE INDEX IF NOT EXISTS by_name ON objects (type, scope, name);
CREATE INDEX IF NOT EXISTS by_id ON objects (type, id);
"""
COLUMNS = "type, key, id, scope, name, state, inputs"


@dataclass(frozen=True)
class Thing:
    """One object in a vendor's account.

    `state` is everything the vendor knows, `inputs` the part that was asked for. Names that start with `_` are the
    vendor's own and never answered.
    """

    type: str
    key: str
    id: str
    scope: str
    name: str
    state: Props
    inputs: Props


class Reader(Protocol):
    """What a rule may ask of an account."""

    def exists(self, type_: str, id_: str) -> bool:
        """Whether there is an object of a type with an id."""

    def by_id(self, type_: str, id_: str) -> Thing | None:
        """The first object of a type with an id."""

    def named(self, type_: str, scope: str, name: str) -> Thing | None:
        """The first object of a type with a name inside a scope."""

    def namesakes(self, type_: str, scope: str, name: str) -> list[Thing]:
        """Every object of a type with a name inside a scope."""

    def unsure(self, type_: str) -> bool:
        """Whether an object of a type is planned whose name or scope is not known."""

    def all(self, type_: str, scope: str) -> list[Thing]:
        """Every object of a type in a scope."""

    def count(self, type_: str, scope: str) -> int:
        """How many objects of a type a scope has."""


class Cloud:
    """All vendors' objects, safe to use from many threads; every change is one transaction."""

    def __init__(self, path: Path | str) -> None:
        self._db = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._lock = threading.RLock()
        self._db.executescript("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;" + TABLES)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All changes inside happen or none; other threads wait. May be nested."""
        with self._lock:
            if self._db.in_transaction:
                yield
                return
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def get(self, type_: str, key: str) -> Thing | None:
        """The object of a type with a key."""
        return self._one("type = ? AND key = ?", type_, key)

    def exists(self, type_: str, id_: str) -> bool:
        """Whether there is an object of a type with an id."""
        with self._lock:
            return bool(self._db.execute("SELECT 1 FROM objects WHERE type = ? AND id = ?", (type_, id_)).fetchone())

    def by_id(self, type_: str, id_: str) -> Thing | None:
        """The first object of a type with an id."""
        return self._one("type = ? AND id = ?", type_, id_)

    def named(self, type_: str, scope: str, name: str) -> Thing | None:
        """The first object of a type with a name inside a scope."""
        return self._one("type = ? AND scope = ? AND name = ?", type_, scope, name)

    def namesakes(self, type_: str, scope: str, name: str) -> list[Thing]:
        """Every object of a type with a name inside a scope."""
        return self._many("type = ? AND scope = ? AND name = ?", type_, scope, name)

    def unsure(self, _: str) -> bool:
        """Nothing is planned here: what the account has is known."""
        return False

    def all(self, type_: str, scope: str) -> list[Thing]:
        """Every object of a type in a scope, oldest first."""
        return self._many("type = ? AND scope = ?", type_, scope)

    def count(self, type_: str, scope: str) -> int:
        """How many objects of a type a scope has."""
        with self._lock:
            row = self._db.execute(
                "SELECT count(*) FROM objects WHERE type = ? AND scope = ?", (type_, scope)
            ).fetchone()
        return int(row[0])

    def everything(self, type_: str | None = None) -> list[Thing]:
        """Every object of every vendor, or of one type in all scopes, oldest first."""
        return self._many("1 = ?", 1) if type_ is None else self._many("type = ?", type_)

    def put(self, thing: Thing) -> None:
        """Writes an object, new or changed."""
        row = (
            *(getattr(thing, c) for c in ("type", "key", "id", "scope", "name")),
            _text(thing.state),
            _text(thing.inputs),
        )
        with self.transaction():
            self._db.execute(
                f"INSERT INTO objects ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (type, key) DO UPDATE SET "  # noqa: S608 a constant
                "id = excluded.id, scope = excluded.scope, name = excluded.name, state = excluded.state, "
                "inputs = excluded.inputs",
                row,
            )

    def remove(self, thing: Thing) -> None:
        """Removes one object."""
        with self.transaction():
            self._db.execute("DELETE FROM objects WHERE type = ? AND key = ?", (thing.type, thing.key))

    def close(self) -> None:
        """Writes what is pending and lets go of the file."""
        with self._lock:
            self._db.close()

    def _one(self, where: str, *values: object) -> Thing | None:
        with self._lock:
            row = self._db.execute(f"SELECT {COLUMNS} FROM objects WHERE {where} LIMIT 1", values).fetchone()  # noqa: S608 constants
        return _thing(row) if row else None

    def _many(self, where: str, *values: object) -> list[Thing]:
        with self._lock:
            rows = self._db.execute(f"SELECT {COLUMNS} FROM objects WHERE {where} ORDER BY rowid", values).fetchall()  # noqa: S608 constants
        return [_thing(row) for row in rows]


def _text(props: Props) -> str:
    return json.dumps(props, separators=(",", ":"))


def _thing(row: tuple[str, ...]) -> Thing:
    type_, key, id_, scope, name, state, inputs = row
    return Thing(type_, key, id_, scope, name, json.loads(state), json.loads(inputs))
