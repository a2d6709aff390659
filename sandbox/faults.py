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
import math
import threading
import time
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from sandbox import vendors
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
OF_A_LIST = ("refuse", "throttle", "timeout", "latency")
WITH_LISTS = ("atlas", "aws", "cloudflare", "doppler", "upstash")
SETTINGS: dict[str, tuple[str, Callable[[str], float], float, float]] = {
    "@": ("nth", int, 1, math.inf),
    "seconds": ("seconds", float, 0, 3600),
    "share": ("share", float, 0, 1),
    "status": ("status", int, 400, 599),
    "times": ("times", int, 1, math.inf),
}
"""Field, reader, lowest and highest value."""
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
    text: str = field(default="", compare=False)

    def hits(self, call: Call) -> bool:
        """Whether a call is one that this fault is about."""
        return (
            self.call in ("*", call.operation)
            and fnmatchcase(_label(call.type), self.type)
            and fnmatchcase(call.name, self.name)
        )


def _label(token: str) -> str:
    return token.rsplit(":", 1)[-1]


def parse(text: str) -> Fault:
    """Reads one fault.

    Raises:
        ValueError: the text is no fault; says what it should be.
    """
    where, _, what = text.strip().partition("=")
    where, numbered, nth = where.partition("@")
    parts = where.split(":", 2)
    action, *settings = what.split(",")
    if not 2 <= len(parts) <= 3 or parts[0] not in (*CALLS, "*") or action not in ACTIONS:
        raise ValueError(f"{text!r} is no fault: write CALL:TYPE[:NAME][@N]=ACTION with one of {', '.join(ACTIONS)}")
    if not any(fnmatchcase(_label(token), parts[1]) for token in _types(parts[0])):
        raise ValueError(f"{text!r} is no fault: nothing that the sandbox answers to {parts[0]} is named {parts[1]}")
    if parts[0] == "list" and action not in OF_A_LIST:
        raise ValueError(f"{text!r} is no fault: a list can {', '.join(OF_A_LIST)}")
    fault = Fault(parts[0], parts[1], parts[2] if parts[2:] else "*", action, text=text.strip())
    for setting in [*settings, *([f"@={nth}"] if numbered else [])]:
        name, _, value = setting.partition("=")
        if name not in SETTINGS:
            raise ValueError(f"{text!r} is no fault: {name} is no setting of one; it has seconds, status, times, share")
        field_, read, low, high = SETTINGS[name]
        try:
            number = read(value)
        except ValueError:
            number = math.nan
        if not low <= number <= high:
            said, most = f"@{value}" if name == "@" else name, "" if high == math.inf else f" and at most {high}"
            raise ValueError(f"{text!r} is no fault: {said} must be a number, at least {low}{most}")
        fault = replace(fault, **{field_: number})  # type: ignore[arg-type]  # each reader fits its field
    return fault


def _types(call: str) -> Iterable[str]:
    """What calls of a kind are about: vendors, functions or types."""
    by_call: dict[str, Iterable[str]] = {"list": WITH_LISTS, "invoke": vendors.FUNCTIONS}
    return [*WITH_LISTS, *vendors.FUNCTIONS, *vendors.KINDS] if call == "*" else by_call.get(call, vendors.KINDS)


def parse_all(lines: Iterable[str]) -> list[Fault]:
    """Reads faults, one a line, comments and empty lines left out."""
    return [parse(line) for line in (text.split("#", 1)[0].strip() for text in lines) if line]


class Faults:
    """The faults of one run, and how often each was asked."""

    def __init__(self, faults: Iterable[Fault] = (), seed: int = 0) -> None:
        self._faults = tuple(faults)
        self._seed = seed
        self._asked = [0] * len(self._faults)
        self._met: set[int] = set()
        self._lock = threading.Lock()
        self.interrupt: Callable[[], None] = lambda: None
        self.kill: Callable[[], None] = lambda: None

    def idle(self) -> list[str]:
        """The faults that no call has met, as they were written."""
        return [fault.text for index, fault in enumerate(self._faults) if index not in self._met]

    def strike(self, call: Call) -> list[Fault]:
        """The faults that hit this call; counts it."""
        if not self._faults:
            return []
        with self._lock:
            due = [index for index, fault in enumerate(self._faults) if fault.hits(call) and self._due(index, call)]
            self._met.update(due)
        return [self._faults[index] for index in due]

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
