"""`python -m operations COMMAND`: what people and schedules run after a deployment."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from operations import environment, recovery, rotate, stripe_addresses
from operations.recover import command as recover

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

COMMANDS: Mapping[str, tuple[Callable[[Sequence[str]], int], str]] = {
    "environment": (environment.main, "the variables that an app would miss if it started now"),
    "recover": (recover.main, "after a run that was cut off: takes in what the stack lost at the vendors"),
    "recovery": (recovery.main, "how long each kind of failure takes, and what it loses, against the promise"),
    "rotate": (rotate.main, "moves the secrets that are due, in the stack file"),
    "stripe-addresses": (stripe_addresses.main, "whether the addresses that pass for Stripe are Stripe's"),
}
USAGE = "\n".join(
    (
        "usage: python -m operations COMMAND [--help]",
        "",
        *(f"  {name:<17} {says}" for name, (_, says) in COMMANDS.items()),
    )
)


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    name, *rest = arguments or ("",)
    if name in {"-h", "--help"}:
        print(USAGE)
        return 0
    if name not in COMMANDS:
        print(USAGE, file=sys.stderr)
        return 2
    command, _ = COMMANDS[name]
    return command(rest)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
