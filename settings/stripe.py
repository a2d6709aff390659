"""The addresses that Stripe sends webhooks from, as data with its source (`stripe_webhooks.json`)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

LIST_FILE = Path(__file__).with_name("stripe_webhooks.json")
MOST_DAYS_UNCOMPARED = 30
"""Stripe announces a change of the list seven days ahead; this is how long MadeBuy may not have looked (issue 6)."""


@dataclass(frozen=True)
class WebhookSources:
    """Stripe's published addresses as this repository last took them over.

    A payment whose webhook comes from an address that is not here would be lost in silence, so nothing is blocked by
    it until a person has compared it with Stripe's own. `retrieved` is the day since when these are the addresses.
    """

    addresses: tuple[str, ...]
    retrieved: date
    source: str

    @classmethod
    def load(cls, file: Path = LIST_FILE) -> WebhookSources:
        """Reads the list.

        Raises:
            ValueError: the addresses don't have the digest written beside them, so one of the two was edited alone.
        """
        content = json.loads(file.read_text(encoding="utf-8"))
        addresses = tuple(content["addresses"])
        if digest(addresses) != content["sha256"]:
            raise ValueError(
                f"{file.name}: the addresses have the digest {digest(addresses)}, the file says {content['sha256']}. "
                "One of the two was edited alone: `python -m operations stripe-addresses --record` writes both."
            )
        return cls(addresses, date.fromisoformat(content["retrieved"]), content["source"])


def digest(addresses: Iterable[str]) -> str:
    """SHA-256 of the addresses, one a line, sorted: `LC_ALL=C sort -u | sha256sum` of Stripe's file."""
    return hashlib.sha256("".join(f"{address}\n" for address in sorted(set(addresses))).encode()).hexdigest()
