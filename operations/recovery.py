"""How long MadeBuy is away, and how much data is lost, after each kind of failure: `python -m operations recovery`.

Every number is a formula over a stack's settings, with its source. A restore of the database counts with MongoDB's
published figure until a drill has been recorded in the stack file (`madebuy:recovery.restore_drill`), and says so.
"""

from __future__ import annotations

import argparse
import math
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from operations.stacks import CommandError, read_stack, stack_file
from settings import SettingsError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from settings import Backups, Stack

FAILOVER_SECONDS = 30
"""From a pool marked unhealthy to every visitor elsewhere. Source: audit 5.3, phase 3."""

REBUILD_MINUTES = 60
"""A new origin by hand, from the machine to its DNS record. Source: audit 5.3, phase 4, scenario 1, the longer one."""

ROLLBACK_MINUTES = 10
"""The last good commit, built and started. Source: audit 5.3, phase 4, scenario 3, the longer figure."""

RESTORE_MINUTES = 15
"""A point-in-time restore into a running cluster: "less than 15 minutes when utilizing optimized restores".

Source: https://www.mongodb.com/docs/atlas/architecture/current/backups/, "PIT Recovery" (read 2026-08).
"""

RESTORE_ELSEWHERE_MINUTES = 45
"""A new cluster, the restore, the new address, the apps' restart. Source: audit 5.3, phase 4, scenario 2, the longer.

MongoDB's tier 1 says 30 minutes for the restore alone (same page as above, "Backup Policy").
"""

POINT_IN_TIME_LOSS_MINUTES = 1
"""What a point-in-time restore can lose. Source: the same page: "at least a one minute RPO"."""

FLEX_SNAPSHOT_MINUTES = 1440
"""Flex takes one snapshot a day. Source: https://www.mongodb.com/docs/atlas/backup/cloud-backup/flex-cluster-backup/."""


@dataclass(frozen=True)
class Figure:
    """Some minutes, and how they came about."""

    minutes: int
    formula: str


@dataclass(frozen=True)
class Row:
    """One kind of failure: until both apps answer again (RTO), and what is gone then (RPO).

    The clock starts with the failure, except where people first have to decide what to go back to: there it starts with
    that decision.
    """

    failure: str
    rto: Figure
    rpo: Figure
    measured: bool


def rows(stack: Stack) -> tuple[Row, ...]:
    """What each failure costs the stack, by its settings."""
    nothing = Figure(0, "no data is kept there")
    return (
        Row("origin", _origin(stack), nothing, measured=False),
        Row(
            "bad deployment",
            Figure(ROLLBACK_MINUTES, f"roll back and restart {ROLLBACK_MINUTES} min"),
            Figure(0, "the database is not touched"),
            measured=False,
        ),
        Row(
            "bad data",
            _restore(stack),
            _lost(stack.database.backups),
            measured=stack.recovery.restore_drill is not None,
        ),
        Row("region", _elsewhere(), _lost_with_region(stack.database.backups), measured=False),
    )


def worst(table: Sequence[Row]) -> tuple[Row, Row]:
    """The row that takes longest, and the row that loses most."""
    return max(table, key=lambda row: row.rto.minutes), max(table, key=lambda row: row.rpo.minutes)


def broken_promises(stack: Stack) -> tuple[str, ...]:
    """Where the worst row is worse than what the stack's profile promises; empty if it keeps its word."""
    slowest, costliest = worst(rows(stack))
    promises = stack.profile.promises
    broken = []
    if slowest.rto.minutes > promises.rto_minutes:
        broken.append(
            f"RTO: {slowest.failure} takes {slowest.rto.minutes} minutes, and {stack.profile.name} promises "
            f"{promises.rto_minutes}."
        )
    if costliest.rpo.minutes > promises.rpo_minutes:
        broken.append(
            f"RPO: {costliest.failure} can lose {costliest.rpo.minutes} minutes, and {stack.profile.name} promises "
            f"{promises.rpo_minutes}."
        )
    return tuple(broken)


def _origin(stack: Stack) -> Figure:
    balancer = stack.edge.load_balancer
    if balancer is None:
        return Figure(REBUILD_MINUTES, f"rebuild by hand {REBUILD_MINUTES} min")
    seconds = balancer.detection_seconds + FAILOVER_SECONDS
    formula = f"detection {balancer.detection_seconds} s + failover {FAILOVER_SECONDS} s"
    return Figure(math.ceil(seconds / 60), formula)


def _restore(stack: Stack) -> Figure:
    drill = stack.recovery.restore_drill
    if drill is not None:
        return Figure(drill.minutes, f"measured on {drill.on}")
    backups = stack.database.backups
    if backups is None or backups.point_in_time_days is None:
        return Figure(RESTORE_ELSEWHERE_MINUTES, f"restore a snapshot {RESTORE_ELSEWHERE_MINUTES} min (unmeasured)")
    return Figure(RESTORE_MINUTES, f"point-in-time restore {RESTORE_MINUTES} min (unmeasured)")


def _elsewhere() -> Figure:
    return Figure(
        RESTORE_ELSEWHERE_MINUTES, f"new cluster in another region {RESTORE_ELSEWHERE_MINUTES} min (unmeasured)"
    )


def _lost(backups: Backups | None) -> Figure:
    if backups is None:
        return Figure(FLEX_SNAPSHOT_MINUTES, "since Flex's daily snapshot")
    if backups.point_in_time_days is None:
        return Figure(backups.hourly_interval * 60, f"since the last snapshot, one every {backups.hourly_interval} h")
    return Figure(POINT_IN_TIME_LOSS_MINUTES, f"oplog, any second of {backups.point_in_time_days} days")


def _lost_with_region(backups: Backups | None) -> Figure:
    """Without a copy elsewhere the snapshots are lost with the region, or wait in it for as long as it is away."""
    if backups is None:
        return Figure(FLEX_SNAPSHOT_MINUTES, "since Flex's daily snapshot, if its region comes back")
    if backups.copy_region is None:
        weekly = 7 * 24 * 60
        return Figure(weekly, "since the weekly export to R2 (audit 5.3, phase 2)")
    lost = _lost(backups)
    return Figure(lost.minutes, f"copies in {backups.copy_region}: {lost.formula}")


def report(stack: Stack) -> str:
    """The table, the worst row against the promise, and what the numbers leave out."""
    lines = [f"Recovery of {stack.name} ({stack.profile.name})", ""]
    for row in rows(stack):
        lines.append(f"  {row.failure:<15} RTO {row.rto.minutes:>4} min  {row.rto.formula}")
        lines.append(f"  {'':<15} RPO {row.rpo.minutes:>4} min  {row.rpo.formula}")
    promises = stack.profile.promises
    lines += ["", f"Promised: RTO {promises.rto_minutes} min, RPO {promises.rpo_minutes} min."]
    lines += [f"NOT KEPT  {promise}" for promise in broken_promises(stack)] or ["Kept by the worst row."]
    lines += ["Bad data counts from the decision which second to go back to; every other row from the failure itself."]
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> int:
    """Print one stack's table; exit code 1 if the profile promises more, 2 if the stack file can't be used."""
    parser = argparse.ArgumentParser(prog="python -m operations recovery", description=main.__doc__)
    parser.add_argument("--stack", required=True, help="the stack, such as prod")
    name = parser.parse_args(arguments).stack
    try:
        stack = read_stack(stack_file(Path(), name))
    except (SettingsError, CommandError) as error:
        print(error, file=sys.stderr)
        return 2
    print(report(stack))
    return 1 if broken_promises(stack) else 0
