"""Who uses the database, and what each may do in it."""

from __future__ import annotations

from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


class Client(StrEnum):
    """What connects to the database."""

    WEB = "web"
    ADMIN = "admin"
    BACKUP = "backup"


READ = ("FIND", "LIST_COLLECTIONS", "LIST_INDEXES")
WRITE = (*READ, "INSERT", "UPDATE")

ACTIONS: Mapping[Client, tuple[str, ...]] = MappingProxyType(
    {
        # The storefront takes orders; whatever a visitor manages to run in it deletes nothing.
        Client.WEB: WRITE,
        # Makers delete their own products, sessions expire, and the dashboard creates the indexes of audit 3.3.
        Client.ADMIN: (*WRITE, "REMOVE", "CREATE_COLLECTION", "CREATE_INDEX"),
        # What mongodump asks for; a stolen backup credential reads, and changes nothing.
        Client.BACKUP: (*READ, "COLL_STATS"),
    }
)
"""What each client may do on the collections of MadeBuy's database, in Atlas's names for MongoDB's actions."""
