"""MadeBuy's own stacks, as the real engine shows them to a pack."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from google.protobuf import json_format
from pulumi.runtime.proto import analyzer_pb2 as wire

from policies.server import Analyzer
from tests.policies.engine import ROOT, Engine, Outcome
from tests.policies.judging import RULES, TODAY, reconciled

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

STACKS = ("prod", "staging", "organization")
RECORDER = ROOT / "tests" / "policies" / "programs" / "recorder"
_LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "tests", "docs", "node_modules")


@dataclass(frozen=True)
class Told:
    """Every message that the engine sent to a pack about one stack."""

    resources: tuple[wire.AnalyzeRequest, ...]
    linked: tuple[wire.AnalyzerResource, ...]


@dataclass(frozen=True)
class Shipped(Told):
    """One stack at its preview, and what the pack said of it."""

    outcome: Outcome


def preview(engine: Engine, stack: str, folder: Path) -> Shipped:
    """Preview a stack of this repository, on a copy of it, over the echo provider."""
    shutil.copytree(ROOT, folder / "repository", ignore=_LEFT_OUT)
    (folder / "repository" / ".venv").symlink_to(ROOT / ".venv")
    project = folder / "repository" / ("organization" if stack == "organization" else ".")
    record = folder / "record.jsonl"
    engine.cli(project, "stack", "init", stack)
    engine.set("RECORD_TO", str(record))
    outcome = engine.preview(project, (ROOT / "policies", RECORDER), folder / "events.json")
    told = recorded(record)
    return Shipped(told.resources, told.linked, outcome)


def recorded(record: Path) -> Told:
    """What the recorder wrote down."""
    messages = [json.loads(line) for line in record.read_text(encoding="utf-8").splitlines()]
    seen = [
        json_format.ParseDict(one["message"], wire.AnalyzeRequest()) for one in messages if one["kind"] == "resource"
    ]
    (whole,) = [one["message"] for one in messages if one["kind"] == "stack"]
    return Told(tuple(seen), tuple(json_format.ParseDict(whole, wire.AnalyzeStackRequest()).resources))


def judged(
    resources: Iterable[wire.AnalyzeRequest], linked: Iterable[wire.AnalyzerResource], config: Mapping[str, Any]
) -> list[wire.AnalyzeDiagnostic]:
    """What the pack says of messages like the engine's, in this process."""
    analyzer = Analyzer(RULES.values(), TODAY)
    analyzer.Configure(wire.ConfigureAnalyzerRequest(policyConfig=reconciled(analyzer, config)), None)
    found = [one for request in resources for one in analyzer.Analyze(request, None).diagnostics]
    return found + list(analyzer.AnalyzeStack(wire.AnalyzeStackRequest(resources=linked), None).diagnostics)
