"""The addresses that Stripe sends webhooks from, as data with its source (`stripe_webhooks.json`)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

LIST_FILE = Path(__file__).with_name("stripe_webhooks.json")


@dataclass(frozen=True)
class WebhookSources:
    """Stripe's published addresses as this repository last took them over.

    Stripe changes the list with seven days' notice. A payment whose webhook comes from an address that is not here
    would be lost in silence, so nothing is blocked by it until a person has compared it with Stripe's own.
    """

    addresses: tuple[str, ...]
    retrieved: date
    source: str
    sha256: str

    @classmethod
    def load(cls, file: Path = LIST_FILE) -> WebhookSources:
        """Reads the list.

        Raises:
            ValueError: the addresses don't have the digest written beside them, so one of the two was edited alone.
        """
        content = json.loads(file.read_text())
        addresses = tuple(content["addresses"])
        if digest(addresses) != content["sha256"]:
            raise ValueError(
                f"{file.name}: the addresses have the digest {digest(addresses)}, the file says {content['sha256']}. "
                f"Compare them with {content['source']}, then write the digest and the date of that comparison."
            )
        return cls(addresses, date.fromisoformat(content["retrieved"]), content["source"], content["sha256"])

    def is_verified(self, verified_on: date | None) -> bool:
        """Whether a person compared this very list: a date before it was taken over is about an older one."""
        return verified_on is not None and verified_on >= self.retrieved


def digest(addresses: tuple[str, ...]) -> str:
    """SHA-256 of the addresses, one a line, sorted: the form in which a scheduled check compares Stripe's file."""
    return hashlib.sha256("".join(f"{address}\n" for address in sorted(set(addresses))).encode()).hexdigest()
