"""Failures on purpose: which call fails, how, and when; the same seed gives the same failures.

One fault is one line, on the command line or in a file (where `#` starts a comment):

    CALL:TYPE[:NAME][@N]=ACTION[,seconds=S][,status=CODE][,times=T][,share=P]

CALL is create, read, update, delete, invoke or list (the HTTP read endpoints; their TYPE is the vendor, NAME the path);
TYPE is a class name such as DnsRecord, NAME a resource's name; each may have `*`. `@N` waits for the N-th such call,
and `times` (1) says how many fail from there on. With `share` that part of all matching calls fails, chosen by the seed
and the resource, not by the order of calls.
"""

from __future__ import annotations

import hashlib
import threading
import time
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from sandbox.kind import VendorError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

CALLS = ("create", "read", "update", "delete", "invoke", "list")
ACTIONS = {
    "refuse": "the vendor answers with an error and does nothing",
    "throttle": "the vendor answers 429 with retry-after; the provider waits and asks again, three times at most",
    "timeout": "no answer for some seconds, then an error; the vendor did nothing",
    "latency": "the answer comes some seconds late",
    "lost": "the vendor does the work, but the answer is lost on the way",
    "die-before": "the provider dies before the vendor did the work",
    "die-after": "the provider dies after the vendor did the work",
    "interrupt": "the CLI gets an interrupt while the vendor works",
    "kill": "the CLI is killed while the vendor works",
}
RETRIES = 3
FIRST_FEW = 2**32


class ProviderDiedError(Exception):
    """The provider is gone in the middle of a call."""


@dataclass(frozen=True)
class Call:
    """One call that a fault may hit."""

    operation: str
    type: str
    name: str


@dataclass(frozen=True)
class Fault:
    """What fails, how and when."""

    call: str
    type: str
    name: str
    action: str
    nth: int = 1
    times: int = 1
    seconds: float = 1.0
    status: int = 500
    share: float | None = None

    def hits(self, call: Call) -> bool:
        """Whether a call is one that this fault is about."""
        label = call.type.rsplit(":", 1)[-1]
        return (
            self.call in ("*", call.operation) and fnmatchcase(label, self.type) and fnmatchcase(call.name, self.name)
        )


def parse(text: str) -> Fault:
    """Reads one fault.

    Raises:
        ValueError: the text is no fault; says what it should be.
    """
    where, _, what = text.strip().partition("=")
    where, _, nth = where.partition("@")
    parts = where.split(":", 2)
    action, *settings = what.split(",")
    if not 2 <= len(parts) <= 3 or parts[0] not in (*CALLS, "*") or action not in ACTIONS:
        raise ValueError(f"{text!r} is no fault: write CALL:TYPE[:NAME][@N]=ACTION with one of {', '.join(ACTIONS)}")
    fault = Fault(parts[0], parts[1], parts[2] if parts[2:] else "*", action, nth=int(nth or 1))
    readers: dict[str, Callable[[str], object]] = {"seconds": float, "status": int, "times": int, "share": float}
    for setting in settings:
        name, _, value = setting.partition("=")
        if name not in readers:
            raise ValueError(f"{text!r}: {name} is no setting of a fault; it has {', '.join(readers)}")
        fault = replace(fault, **{name: readers[name](value)})  # type: ignore[arg-type]  # each reader fits its field
    return fault


def parse_all(lines: Iterable[str]) -> list[Fault]:
    """Reads faults, one a line, comments and empty lines left out."""
    return [parse(line) for line in (text.split("#", 1)[0].strip() for text in lines) if line]


class Faults:
    """The faults of one run, and how often each was asked."""

    def __init__(self, faults: Iterable[Fault] = (), seed: int = 0) -> None:
        self._faults = tuple(faults)
        self._seed = seed
        self._asked = [0] * len(self._faults)
        self._lock = threading.Lock()
        self.interrupt: Callable[[], None] = lambda: None
        self.kill: Callable[[], None] = lambda: None

    def strike(self, call: Call) -> list[Fault]:
        """The faults that hit this call; counts it."""
        if not self._faults:
            return []
        with self._lock:
            return [fault for index, fault in enumerate(self._faults) if fault.hits(call) and self._due(index, call)]

    def _due(self, index: int, call: Call) -> bool:
        fault = self._faults[index]
        self._asked[index] += 1
        if fault.share is not None:
            text = f"{self._seed}/{call.operation}/{call.type}/{call.name}"
            return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") < fault.share * FIRST_FEW
        return fault.nth <= self._asked[index] < fault.nth + fault.times

    def before(self, struck: list[Fault], words: Callable[[int], str]) -> None:
        """What happens before the vendor works; `words` gives the vendor's text for an HTTP status.

        Raises:
            VendorError: the vendor's answer, or that there was none in time.
            ProviderDiedError: the provider is gone.
        """
        for fault in struck:
            if fault.action in ("latency", "timeout"):
                time.sleep(fault.seconds)
            if fault.action == "timeout":
                raise VendorError("context deadline exceeded (Client.Timeout exceeded while awaiting headers)")
            if fault.action == "refuse":
                raise VendorError(words(fault.status))
            if fault.action == "throttle":
                time.sleep(fault.seconds * min(fault.times, RETRIES))
                if fault.times > RETRIES:
                    raise VendorError(words(429))
            if fault.action == "die-before":
                raise ProviderDiedError
            if fault.action in ("interrupt", "kill"):
                (self.interrupt if fault.action == "interrupt" else self.kill)()
                time.sleep(fault.seconds)

    @staticmethod
    def after(struck: list[Fault]) -> None:
        """What happens after the vendor worked and before the answer arrives.

        Raises:
            VendorError: the answer is lost.
            ProviderDiedError: the provider is gone.
        """
        for fault in struck:
            if fault.action == "lost":
                raise VendorError("unexpected EOF: the connection was closed before the answer arrived")
            if fault.action == "die-after":
                raise ProviderDiedError
