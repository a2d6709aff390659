"""Findings as SARIF or JUnit, so that code scanning shows them on a pull request.

    pulumi preview --policy-pack policies --event-log events.json   (with PULUMI_DEBUG_COMMANDS=1)
    pulumi policy analyze --policy-pack policies --file state.json --json > events.json
    python -m policies.report sarif < events.json > policies.sarif

Reads the engine's event stream from standard input, one JSON object a line. A stream that does not end in a summary is
refused: a preview that died half-way has no findings, which must not look like a good one.
"""

from __future__ import annotations

import argparse
import json
import sys
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from policies.rule import Severity, load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from policies.rule import Rule

_SCORES: Final = {Severity.LOW: "2.0", Severity.MEDIUM: "5.0", Severity.HIGH: "8.0", Severity.CRITICAL: "9.5"}
"""GitHub's `security-severity` is a number from 0 to 10, and its own four bands are the middle of these."""


@dataclass(frozen=True, slots=True)
class Reported:
    """One finding as the engine reported it."""

    rule: str
    urn: str
    blocks: bool
    message: str


def read(lines: Iterable[str]) -> list[Reported]:
    """The findings of an event stream.

    Raises:
        ValueError: a line is no event of the engine's, or the stream ends without a summary.
    """
    findings: list[Reported] = []
    complete = False
    for number, line in enumerate(lines, 1):
        if line.strip():
            event = _event(line, number)
            complete = complete or "summaryEvent" in event
            if "policyEvent" in event:
                findings.append(_reported(event["policyEvent"]))
    if not complete:
        raise ValueError("the event stream ends without a summary, so nobody can tell what the run would have found")
    return findings


def _event(line: str, number: int) -> dict[str, Any]:
    try:
        event = json.loads(line)
    except ValueError:
        event = None
    if not isinstance(event, dict):
        raise ValueError(  # noqa: TRY004 the line is wrong, whatever it holds
            f"line {number} of the event stream is no event, so nobody can tell what else is missing"
        )
    return event


def _reported(event: Mapping[str, Any]) -> Reported:
    return Reported(
        rule=event["policyName"],
        urn=event.get("resourceUrn", ""),
        blocks=event["enforcementLevel"] == "mandatory",
        message=event["message"].strip(),
    )


def sarif(findings: Sequence[Reported], artifact: str) -> str:
    """SARIF 2.1.0. A resource has no line in a file, so each result points to the program and names the urn."""
    rules = load()
    index = {rule.id: position for position, rule in enumerate(rules)}
    driver = {"name": "madebuy-policies", "rules": [_sarif_rule(rule) for rule in rules]}
    run = {"tool": {"driver": driver}, "results": [_sarif_result(one, index, artifact) for one in findings]}
    schema = "https://json.schemastore.org/sarif-2.1.0.json"
    return json.dumps({"$schema": schema, "version": "2.1.0", "runs": [run]}, indent=2)


def _sarif_rule(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": f"{rule.title}. {rule.risk}"},
        "help": {"text": rule.fix},
        "properties": {"security-severity": _SCORES[rule.severity], "tags": ["security", f"cis-8.1/{rule.cis}"]},
    }


def _sarif_result(one: Reported, index: Mapping[str, int], artifact: str) -> dict[str, Any]:
    place = {"artifactLocation": {"uri": artifact}, "region": {"startLine": 1}}
    result = {
        "ruleId": one.rule,
        "level": "error" if one.blocks else "warning",
        "message": {"text": one.message},
        "locations": [{"physicalLocation": place, "logicalLocations": [{"fullyQualifiedName": one.urn}]}],
        "partialFingerprints": {"ruleAndResource": f"{one.rule} {one.urn}"},
    }
    return result | ({"ruleIndex": index[one.rule]} if one.rule in index else {})


def junit(findings: Sequence[Reported], artifact: str) -> str:
    """JUnit: one test case per rule, failed by its blocking findings; advice goes to its output."""
    names = [rule.id for rule in load()]
    names += sorted({one.rule for one in findings} - {*names})
    failed = {one.rule for one in findings if one.blocks}
    attributes = {"name": f"policies of {artifact}", "tests": str(len(names)), "failures": str(len(failed))}
    suite = ET.Element("testsuite", attributes)
    for name in names:
        case = ET.SubElement(suite, "testcase", {"classname": "policies", "name": name})
        for blocks, tag in ((True, "failure"), (False, "system-out")):
            texts = [f"{one.urn}: {one.message}" for one in findings if one.rule == name and one.blocks is blocks]
            if texts:
                ET.SubElement(case, tag).text = "\n".join(texts)
    ET.indent(suite)
    return ET.tostring(suite, encoding="unicode", xml_declaration=True)


_FORMATS: Final[Mapping[str, Callable[[Sequence[Reported], str], str]]] = {"sarif": sarif, "junit": junit}


def main(arguments: Sequence[str] | None = None) -> int:
    """Convert standard input to standard output. 2: the stream can't be trusted."""
    parser = argparse.ArgumentParser(prog="python -m policies.report", description="Findings as SARIF or JUnit.")
    parser.add_argument("format", choices=_FORMATS)
    parser.add_argument("--artifact", default="__main__.py", help="the file that results point to")
    given = parser.parse_args(arguments)
    try:
        findings = read(sys.stdin)
    except ValueError as error:
        sys.stderr.write(f"policies.report: {error}\n")
        return 2
    sys.stdout.write(_FORMATS[given.format](findings, given.artifact) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
