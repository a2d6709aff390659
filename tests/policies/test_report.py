"""Findings of a preview or an analysis, as SARIF and as JUnit."""

from __future__ import annotations

import io
import json
import xml.etree.ElementTree as ET

import pytest

from policies import report
from tests.policies.estate import ESTATE
from tests.policies.judging import RULES

URN = "urn:pulumi:prod::madebuy::upstash:index/redisDatabase:RedisDatabase::redis"
BLOCKED = {"policyName": "redis-tls", "resourceUrn": URN, "enforcementLevel": "mandatory", "message": "tls is off\n"}
ADVISED = {**BLOCKED, "policyName": "redis-keeps-entries", "enforcementLevel": "advisory", "message": "decide"}
BROKEN = {**BLOCKED, "policyName": "pack", "message": "The rule x broke"}
STREAM = [{"policyEvent": BLOCKED}, {"resourcePreEvent": {}}, {"policyEvent": ADVISED}, {"summaryEvent": {}}]


def lines(*events: dict) -> list[str]:
    return [json.dumps(event) for event in events]


def test_a_blocking_finding_is_an_error_and_advice_a_warning() -> None:
    document = json.loads(report.sarif(report.read(lines(*STREAM)), "__main__.py"))

    results = document["runs"][0]["results"]
    assert [(one["ruleId"], one["level"]) for one in results] == [
        ("redis-tls", "error"),
        ("redis-keeps-entries", "warning"),
    ]
    assert results[0]["locations"][0]["logicalLocations"] == [{"fullyQualifiedName": URN}]


def test_sarif_describes_every_rule_and_points_to_it() -> None:
    run = json.loads(report.sarif(report.read(lines(*STREAM)), "__main__.py"))["runs"][0]

    rules = run["tool"]["driver"]["rules"]
    assert [one["id"] for one in rules] == list(RULES)
    assert rules[run["results"][0]["ruleIndex"]]["id"] == "redis-tls"


def test_a_rule_is_a_test_case_that_its_blocking_finding_fails() -> None:
    suite = ET.fromstring(report.junit(report.read(lines(*STREAM)), "__main__.py"))

    assert [case.get("name") for case in suite if case.find("failure") is not None] == ["redis-tls"]
    assert suite.get("failures") == "1"
    assert len(suite) == len(RULES)


def test_what_the_pack_says_of_itself_is_reported_too() -> None:
    findings = report.read(lines({"policyEvent": BROKEN}, {"summaryEvent": {}}))

    assert json.loads(report.sarif(findings, "x"))["runs"][0]["results"][0]["ruleId"] == "pack"
    assert ET.fromstring(report.junit(findings, "x")).find("testcase[@name='pack']/failure") is not None


def test_a_stream_without_a_summary_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines({"policyEvent": BLOCKED}))))

    assert report.main(["sarif"]) == 2
    assert "ends without a summary" in capsys.readouterr().err


def test_what_is_no_json_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("Previewing update"))

    assert report.main(["junit"]) == 2


@pytest.mark.parametrize("line", ["[]", "7", '"summaryEvent"', "null"])
def test_what_is_no_event_is_refused_by_its_line(line: str) -> None:
    with pytest.raises(ValueError, match="line 2 of the event stream is no event"):
        report.read([*lines({"policyEvent": BLOCKED}), line])


@pytest.mark.engine
def test_a_real_previews_events_become_a_report(engine) -> None:
    broken = [one.having("tls", False) if one.name == "redis" else one for one in ESTATE if one.name == "redis"]
    engine.run(broken)

    findings = report.read(engine.events.read_text().splitlines())

    assert [(one.rule, one.blocks) for one in findings] == [("redis-tls", True)]
