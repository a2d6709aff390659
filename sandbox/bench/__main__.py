"""Prints two ratios from one run of interleaved previews on the real CLI.

What the sandbox adds to a preview of 200 resources, against a provider that returns its inputs; and its time per
resource at 5,000 against that at 200 (per resource: the time for n less the time for none, divided by n). Issue 4
allows 1.15 and 1.3. Each ratio is given in time on the clock and in processor time of the whole preview, which other
work on the machine disturbs less; both from medians.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from sandbox.api.server import reading
from sandbox.bench.echo import echoing
from sandbox.cloud import Cloud
from sandbox.faults import Faults
from sandbox.server import serving
from sandbox.workspace import Stack, Workspace, pulumi
from sandbox.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator

FEW, MANY = 200, 5000
ALLOWED_OVER_FLOOR, ALLOWED_GROWTH = 1.15, 1.3
# Python's garbage collector takes half of such a program's preview, and more the larger it is, so it is off: what is
# left is the CLI and the provider. The floor that the sandbox is held against gets lower by it, too.
PROGRAM = """
import gc
gc.disable()
import pulumi, pulumi_cloudflare as cloudflare
zone = cloudflare.Zone("zone", account={"id": "0" * 32}, name="bench.example")
for n in range(pulumi.Config().require_int("records")):
    cloudflare.DnsRecord(f"r{n}", zone_id=zone.id, name=f"r{n}.bench.example", type="A", ttl=1, content="192.0.2.1")
"""


@contextmanager
def _sandbox(home: Path) -> Iterator[str]:
    cloud, faults = Cloud(home / "cloud.db"), Faults()
    with serving(World(cloud), faults) as providers, reading(cloud, faults):
        yield providers
    cloud.close()


def _project(folder: Path, records: int) -> Path:
    project = folder / f"bench-{records}"
    project.mkdir()
    interpreter = Path(sys.prefix)
    (project / "Pulumi.yaml").write_text(
        f"name: bench-{records}\nruntime:\n  name: python\n  options:\n    virtualenv: {interpreter}\n"
    )
    (project / "Pulumi.bench.yaml").write_text(f'config:\n  bench-{records}:records: "{records}"\n')
    (project / "__main__.py").write_text(PROGRAM)
    return project


class Cost(NamedTuple):
    """Seconds of one preview, start-up of the CLI and the program included."""

    clock: float
    processor: float

    def __str__(self) -> str:
        return f"{self.clock:.2f} s, of processor {self.processor:.2f} s"


def _preview(stack: Stack, providers: str) -> Cost:
    environment = stack.workspace.environment(providers, {})
    command = [pulumi(), "preview", "--non-interactive", "--suppress-progress"]
    stack.prepare(command[0], environment)
    started, used = time.monotonic(), _processor()
    done = subprocess.run(  # noqa: S603 the CLI of this repository
        [*command, *stack.arguments(command)],
        cwd=stack.project,
        env=environment,
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        sys.exit(done.stdout + done.stderr)
    return Cost(time.monotonic() - started, _processor() - used)


def _processor() -> float:
    """Processor seconds of this process, which serves, and of its children, which ask."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def main(runs: int, runs_of_many: int) -> int:
    """Measures, prints both ratios and returns 1 where they are above what is allowed in both units."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        workspace = Workspace.at(home / "home")
        stacks = {n: Stack(workspace, _project(home, n), "bench") for n in (0, FEW, MANY)}
        costs: dict[tuple[str, int], list[Cost]] = {}
        with echoing() as echo, _sandbox(home) as sandbox:
            for run in range(runs):
                for name, providers in (("echo", echo), ("sandbox", sandbox)):
                    for records in (0, FEW, MANY) if run < runs_of_many else (0, FEW):
                        taken = _preview(stacks[records], providers)
                        costs.setdefault((name, records), []).append(taken)
                        print(f"run {run + 1}: {name}, {records} records: {taken}", flush=True)
    on_clock = _report("on the clock", {key: median(cost.clock for cost in found) for key, found in costs.items()})
    on_processor = _report(
        "of processor", {key: median(cost.processor for cost in found) for key, found in costs.items()}
    )
    return 0 if on_clock or on_processor else 1


def _report(unit: str, taken: dict[tuple[str, int], float]) -> bool:
    """Prints the two ratios in one unit and says whether both are within what is allowed."""
    over_floor = taken["sandbox", FEW] / taken["echo", FEW]
    each = {(name, n): (taken[name, n] - taken[name, 0]) / n for name, n in taken if n}
    growth, floor = (each[name, MANY] / each[name, FEW] for name in ("sandbox", "echo"))
    print(f"preview of {FEW} against its floor, {unit}: {over_floor:.2f} (allowed {ALLOWED_OVER_FLOOR})")
    print(
        f"per resource at {MANY} against {FEW}, {unit}: {growth:.2f} (allowed {ALLOWED_GROWTH}; the floor's own "
        f"{floor:.2f}), {each['sandbox', MANY] * 1000:.1f} ms against {each['sandbox', FEW] * 1000:.1f} ms"
    )
    return over_floor <= ALLOWED_OVER_FLOOR and growth <= ALLOWED_GROWTH


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m sandbox.bench", description=__doc__)
    parser.add_argument("--runs", type=int, default=7, help="previews of each size and provider (default 7)")
    parser.add_argument("--runs-of-many", type=int, default=3, help=f"previews of {MANY} records (default 3)")
    arguments = parser.parse_args()
    os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
    sys.exit(main(arguments.runs, arguments.runs_of_many))
