"""What several commands are asked in the same words."""

from __future__ import annotations

import argparse
from datetime import UTC, date, datetime


def add_today(parser: argparse.ArgumentParser) -> None:
    """Let a command be told which day it is: schedules leave it out, tests and rehearsals don't."""
    parser.add_argument(
        "--today", type=_day, default=datetime.now(UTC).date(), help="YYYY-MM-DD (default today in UTC)"
    )


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f'"{text}" is no day: write it as 2026-11-01') from None
