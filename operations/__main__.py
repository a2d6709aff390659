"""`python -m operations COMMAND`: what people and schedules run after a deployment."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from operations import environment, recovery, rotate, stripe_addresses
from operations.recover import command as recover

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

COMMANDS: Mapping[str, Callable[[Sequence[str]], int]] = {
    "environment": environment.main,
    "recover": recover.main,
    "recovery": recovery.main,
    "rotate": rotate.main,
    "stripe-addresses": stripe_addresses.main,
}


def main(arguments: Sequence[str]) -> int:
    """Run one command and return its exit code."""
    name, *rest = arguments or ("",)
    if name not in COMMANDS:
        print(f"usage: python -m operations {{{','.join(COMMANDS)}}} ...", file=sys.stderr)
        return 2
    return COMMANDS[name](rest)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
