"""How long MadeBuy is away, and how much data is lost, after each kind of failure: `python -m operations recovery`.

Every number is a formula over a stack's settings, with its source. A restore of the database counts with MongoDB's
published figure until a drill has been recorded in the stack file (`madebuy:recovery.restore_drill`), and says so.
"""

from __future__ import annotations

import argparse
import math
import sys
import textwrap
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

WEEKLY_EXPORT_MINUTES = 7 * 24 * 60
"""What outlives every region: the apps' weekly export to R2. Source: audit 5.3, phase 2."""

FLEX_SNAPSHOT_MINUTES = 1440
"""Flex takes one snapshot a day. Source: https://www.mongodb.com/docs/atlas/backup/cloud-backup/flex-cluster-backup/."""

THREE_REGIONS = (
    "To keep it: 5 nodes in 3 regions (2 + 2 + 1) and origins in 2 of them. Costs 2 more nodes, $0.02 to 0.15 for "
    "each GB between regions, and a wait for another city in every write. No setting asks for it (docs/database.md)."
)
"""One electable node elsewhere is not enough: without the majority of nodes there is no primary.

Source: https://www.mongodb.com/docs/atlas/architecture/current/deployment-paradigms/multi-region/ (read 2026-11); the
price: https://www.mongodb.com/docs/atlas/billing/data-transfer-costs/ (read 2026-08).
"""

COPIES_ELSEWHERE = "To keep it: madebuy:database.backups.copy_region. Costs the copies' storage and traffic."

KEY_BESIDE_COPIES = (
    "To keep it: the key beside the copies, madebuy:recovery.region and aws:region: {region}, before the first `up`. "
    "Costs nothing; no node can start while AWS is away there (docs/database.md)."
)


@dataclass(frozen=True)
class Figure:
    """Some minutes, how they came about, and, where people could have fewer of them, what that takes and costs."""

    minutes: int
    formula: str
    remedy: str = ""


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
        Row("region", _elsewhere(), _lost_with_region(stack), measured=False),
    )


def worst(table: Sequence[Row]) -> tuple[Row, Row]:
    """The row that takes longest, and the row that loses most."""
    return max(table, key=lambda row: row.rto.minutes), max(table, key=lambda row: row.rpo.minutes)


@dataclass(frozen=True)
class Broken:
    """A promise that the worst row does not keep: which row, both numbers, and what would keep it."""

    what: str
    remedy: str


def broken_promises(stack: Stack) -> tuple[Broken, ...]:
    """Where the worst row is worse than what the stack's profile promises; empty if it keeps its word."""
    slowest, costliest = worst(rows(stack))
    name, promises = stack.profile.name, stack.profile.promises
    broken = []
    if slowest.rto.minutes > promises.rto_minutes:
        what = (
            f"RTO: {slowest.failure} takes {slowest.rto.minutes} minutes, and {name} promises {promises.rto_minutes}."
        )
        broken.append(Broken(what, slowest.rto.remedy))
    if costliest.rpo.minutes > promises.rpo_minutes:
        what = (
            f"RPO: {costliest.failure} can lose {costliest.rpo.minutes} minutes, and {name} promises "
            f"{promises.rpo_minutes}."
        )
        broken.append(Broken(what, costliest.rpo.remedy))
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
        return Figure(drill.minutes, f"measured on {drill.day}")
    backups = stack.database.backups
    if backups is None or backups.point_in_time_days is None:
        return Figure(RESTORE_ELSEWHERE_MINUTES, f"restore a snapshot {RESTORE_ELSEWHERE_MINUTES} min (unmeasured)")
    return Figure(RESTORE_MINUTES, f"point-in-time restore {RESTORE_MINUTES} min (unmeasured)")


def _elsewhere() -> Figure:
    return Figure(
        RESTORE_ELSEWHERE_MINUTES,
        f"new cluster in another region {RESTORE_ELSEWHERE_MINUTES} min (unmeasured)",
        THREE_REGIONS,
    )


def _lost(backups: Backups | None) -> Figure:
    if backups is None:
        return Figure(FLEX_SNAPSHOT_MINUTES, "since Flex's daily snapshot")
    if backups.point_in_time_days is None:
        return Figure(backups.hourly_interval * 60, f"since the last snapshot, one every {backups.hourly_interval} h")
    return Figure(POINT_IN_TIME_LOSS_MINUTES, f"oplog, any second of {backups.point_in_time_days} days")


def _lost_with_region(stack: Stack) -> Figure:
    """Snapshots in the region are lost with it. A copy elsewhere counts only if its key is elsewhere, too.

    A snapshot is restored with the key it was taken with. Source: "Encrypted Backups",
    https://www.mongodb.com/docs/atlas/security-kms-encryption/ (read 2026-11).
    """
    database = stack.database
    backups, copies = database.backups, database.backups.copy_region if database.backups else None
    if backups is None:
        return Figure(FLEX_SNAPSHOT_MINUTES, "since Flex's daily snapshot, if its region comes back")
    if copies is None:
        return Figure(WEEKLY_EXPORT_MINUTES, "since the weekly export to R2", COPIES_ELSEWHERE)
    if database.customer_key and stack.recovery.region == database.region.aws_name:
        formula = f"since the weekly export to R2: the key to the copies in {copies} is lost with the region"
        return Figure(WEEKLY_EXPORT_MINUTES, formula, KEY_BESIDE_COPIES.format(region=copies.aws_name))
    lost = _lost(backups)
    return Figure(lost.minutes, f"copies in {copies}: {lost.formula}")


def report(stack: Stack) -> str:
    """The table, the worst row against the promise, what would keep it, and what the numbers leave out."""
    lines = [f"Recovery of {stack.name} ({stack.profile.name})", ""]
    for row in rows(stack):
        lines.append(f"  {row.failure:<15} RTO {row.rto.minutes:>5} min  {row.rto.formula}")
        lines.append(f"  {'':<15} RPO {row.rpo.minutes:>5} min  {row.rpo.formula}")
    promises = stack.profile.promises
    lines += ["", f"Promised: RTO {promises.rto_minutes} min, RPO {promises.rpo_minutes} min."]
    for broken in broken_promises(stack):
        lines.append(f"NOT KEPT  {broken.what}")
        lines += [f"          {line}" for line in textwrap.wrap(broken.remedy, 100)]
    lines += [] if broken_promises(stack) else ["Kept by the worst row."]
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
