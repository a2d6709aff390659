"""What the pack costs, as ratios of medians from interleaved runs: `python -m tests.policies.bench` (some minutes).

Beside it: no pack, a pack that does nothing, the plain way (`pulumi_policy`, 120 policies), and Checkov on as many
resources. The last two are installed from PyPI into a folder of this run alone; where that fails, their lines say so.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import grpc
from pulumi.runtime.proto import analyzer_pb2 as wire
from pulumi.runtime.proto import analyzer_pb2_grpc

from policies import tokens as t
from tests.policies import echo
from tests.policies.described import Described
from tests.policies.engine import ROOT, Engine
from tests.policies.judging import struct

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

PROGRAMS = ROOT / "tests" / "policies" / "programs"
STARTS = 7
ALLOWED_OVER_EMPTY, ALLOWED_GROWTH, ALLOWED_START = 1.25, 1.2, 0.7
"""Ratios, and seconds until the pack answers (issue 8)."""
FEW, MANY = 100, 10_000


def records(count: int) -> list[Described]:
    """Small resources, as in the measurements that the issue quotes."""
    return [
        Described(
            t.DNS_RECORD,
            f"record-{number}",
            {
                "zoneId": "0123456789abcdef0123456789abcdef",
                "name": f"host-{number}.madebuy.com.au",
                "type": "A",
                "content": "203.0.113.10",
                "proxied": True,
                "ttl": 1,
            },
        )
        for number in range(count)
    ]


def seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


@dataclass(frozen=True)
class Cost:
    """Seconds: of the clock, and of the processor in all processes of the preview."""

    clock: float
    processor: float


def cost(work: Callable[[], object]) -> Cost:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    clock = seconds(work)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(clock, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def previews(engine: Engine, packs: Mapping[str, list[Path]], count: int, rounds: int) -> dict[str, list[Cost]]:
    """The previews of each variant, taken in turns so that a noisy minute hits all of them."""
    folder = engine.project(records(count), {})
    engine.cli(folder, "stack", "select", "--create", "staging")
    taken: dict[str, list[Cost]] = {name: [] for name in packs}
    for _ in range(rounds):
        for name, chosen in packs.items():
            taken[name].append(cost(lambda name=name, chosen=chosen: _preview(engine, folder, name, chosen)))
    return taken


def median(costs: Iterable[Cost]) -> Cost:
    costs = list(costs)
    return Cost(statistics.median(one.clock for one in costs), statistics.median(one.processor for one in costs))


def added(taken: Sequence[Cost], floor: Sequence[Cost]) -> Cost:
    """What a pack adds to no pack, from the two previews of each round: a slow minute is in both."""
    pairs = zip(taken, floor, strict=True)
    return median(Cost(one.clock - least.clock, one.processor - least.processor) for one, least in pairs)


def _preview(engine: Engine, folder: Path, name: str, packs: list[Path]) -> None:
    outcome = engine.preview(folder, packs)
    if outcome.code != 0:
        sys.exit(f"The preview with {name} failed, so its time says nothing:\n{outcome.text}")


def per_resource(count: int) -> float:
    """Milliseconds of the pack's own server for one resource of `count`, over gRPC, the stack's rules included."""
    command = [sys.executable, "-u", "-m", "pulumi.policy", "127.0.0.1:1", "."]
    with subprocess.Popen(command, cwd=ROOT / "policies", stdout=subprocess.PIPE, text=True) as pack:
        assert pack.stdout is not None
        options = [("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1)]
        with grpc.insecure_channel(f"127.0.0.1:{pack.stdout.readline().strip()}", options=options) as channel:
            stub = analyzer_pb2_grpc.AnalyzerStub(channel)
            took = seconds(lambda: _ask(stub, records(count)))
        pack.terminate()
    return took / count * 1000


def _ask(stub: analyzer_pb2_grpc.AnalyzerStub, resources: list[Described]) -> None:
    sent = []
    for one in resources:
        urn, properties = f"urn:pulumi:staging::raw::{one.type}::{one.name}", struct(one.props)
        request = wire.AnalyzeRequest(type=one.type, name=one.name, urn=urn, properties=properties)
        stub.Remediate(request)
        stub.Analyze(request)
        sent.append(wire.AnalyzerResource(type=one.type, name=one.name, urn=urn, properties=properties))
    stub.AnalyzeStack(wire.AnalyzeStackRequest(resources=sent))


def install(folder: Path, *packages: str) -> bool:
    """Put packages into a folder of their own; False where no registry answers."""
    command = [sys.executable, "-m", "pip", "install", "-q", "--target", str(folder), *packages]
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def checkov(folder: Path, count: int) -> float | None:
    """Seconds of Checkov over as many resources, which it knows (it has no check for ours)."""
    packages, code = folder / "checkov", folder / "terraform"
    code.mkdir()
    keys = [f'resource "aws_kms_key" "key_{n}" {{\n  enable_key_rotation = true\n}}\n' for n in range(count)]
    (code / "main.tf").write_text("".join(keys))
    if not install(packages, "checkov"):
        return None
    command = [
        sys.executable,
        "-m",
        "checkov.main",
        "-d",
        str(code),
        "--framework",
        "terraform",
        "--quiet",
        "--compact",
    ]
    env = {**os.environ, "PYTHONPATH": str(packages), "LOG_LEVEL": "ERROR"}
    return seconds(lambda: subprocess.run(command, env=env, check=False, capture_output=True, cwd=code))


def main() -> int:
    """Print the ratios; 1 when one is over its budget."""
    parser = argparse.ArgumentParser(prog="python -m tests.policies.bench")
    parser.add_argument("--resources", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--without-checkov", action="store_true")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="bench-policies-"))
    server, port = echo.serve()
    engine = Engine(folder / "engine", port)
    packs = {"no pack": [], "a pack that does nothing": [PROGRAMS / "empty"], "this pack": [ROOT / "policies"]}
    if install(folder / "plain", "--no-deps", "pulumi_policy==1.21.0"):
        engine.set("PLAIN_PACKAGES", str(folder / "plain"))
        packs["the plain way, 120 policies"] = [PROGRAMS / "plain"]
    taken = previews(engine, packs, given.resources, given.rounds)
    server.stop(grace=None)
    ours, empty, floor = taken["this pack"], taken["a pack that does nothing"], taken["no pack"]
    over_empty = median(ours).clock / median(empty).clock
    print(f"Preview of {given.resources} small resources, medians of {given.rounds} interleaved runs:")
    for name, costs in taken.items():
        clock = median(costs).clock
        allowed = f" (allowed {ALLOWED_OVER_EMPTY})" if costs is ours else ""
        print(f"  {name:28} {clock:6.2f} s   {clock / median(empty).clock:5.2f} of the empty pack's{allowed}")
    more, least = added(ours, floor), added(empty, floor)
    print(f"What this pack adds to no pack ({more.clock:.2f} s), against what the empty one adds:", end=" ")
    print(f"{more.clock / least.clock:.2f} by the clock, {more.processor / least.processor:.2f} by the processor")
    # Of few one run takes a twentieth of a second, which says little alone.
    few, many = (statistics.median(per_resource(count) for _ in range(runs)) for count, runs in ((FEW, 15), (MANY, 3)))
    growth = many / few
    print(f"Server's time per resource: {few:.2f} ms of {FEW:,}, {many:.2f} ms of {MANY:,}:", end=" ")
    print(f"ratio {growth:.2f} (allowed {ALLOWED_GROWTH})")
    start = statistics.median(seconds(engine.start_pack) for _ in range(STARTS))
    print(f"Start-up to the port, median of {STARTS}: {start:.2f} s (allowed {ALLOWED_START})")
    if not given.without_checkov:
        took = checkov(folder, given.resources)
        print(f"Checkov on {given.resources} resources: " + (f"{took:.1f} s" if took else "could not be installed"))
    kept = over_empty <= ALLOWED_OVER_EMPTY and growth <= ALLOWED_GROWTH and start <= ALLOWED_START
    return int(not kept)


if __name__ == "__main__":
    sys.exit(main())
