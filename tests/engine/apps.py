"""MadeBuy's apps as the vendors see them: each starts with what Doppler says then, and goes on with it."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

USER = "mongodbatlas:index/databaseUser:DatabaseUser"
TOKEN = "cloudflare:index/accountToken:AccountToken"
SECRET = "doppler:index/secret:Secret"
SERVICE_TOKEN = "doppler:index/serviceToken:ServiceToken"


@dataclass(frozen=True)
class Vendors:
    """What the sandbox's vendors have, read behind Pulumi's back."""

    home: Path

    def all(self, type_: str) -> list[dict[str, Any]]:
        """Every object of a type: what was asked for and what the vendor made, with the id."""
        with closing(sqlite3.connect(self.home / "cloud.db")) as database:
            rows = database.execute("SELECT id, state FROM objects WHERE type = ?", (type_,)).fetchall()
        return [{**json.loads(state), "id": id_} for id_, state in rows]

    def config(self, name: str) -> dict[str, str]:
        """The variables of a Doppler config."""
        return {each["name"]: each["value"] for each in self.all(SECRET) if each["config"] == name}


@dataclass
class App:
    """A process that read its environment when it started, and a host that was given a token then."""

    name: str
    vendors: Vendors
    held: dict[str, str] = field(default_factory=dict)

    def start(self) -> None:
        """Read the newest of everything."""
        tokens = [each for each in self.vendors.all(SERVICE_TOKEN) if each["config"] == f"staging_{self.name}"]
        newest = max(tokens, key=lambda token: int(token["name"].rsplit("-", 1)[-1]))
        self.held = {**self.vendors.config(f"staging_{self.name}"), "DOPPLER_TOKEN": newest["key"]}

    def refused(self, today: date) -> list[str]:
        """The variables that their vendor no longer accepts."""
        opens = {
            "MONGODB_URI": self._opens_the_database,
            "R2_SECRET_ACCESS_KEY": lambda secret: self._opens_the_bucket(secret, today),
            "CLOUDFLARE_API_TOKEN": lambda value: any(each["value"] == value for each in self._tokens(today)),
            "DOPPLER_TOKEN": lambda key: any(each["key"] == key for each in self.vendors.all(SERVICE_TOKEN)),
        }
        return [name for name, accepts in opens.items() if name in self.held and not accepts(self.held[name])]

    def _opens_the_database(self, uri: str) -> bool:
        address = urlsplit(uri)
        users = {each["username"]: each["password"] for each in self.vendors.all(USER)}
        return users.get(address.username) == address.password

    def _opens_the_bucket(self, secret: str, today: date) -> bool:
        keys = {each["id"]: hashlib.sha256(each["value"].encode()).hexdigest() for each in self._tokens(today)}
        return keys.get(self.held["R2_ACCESS_KEY_ID"]) == secret

    def _tokens(self, today: date) -> list[dict[str, Any]]:
        return [each for each in self.vendors.all(TOKEN) if each["expiresOn"][:10] > today.isoformat()]
