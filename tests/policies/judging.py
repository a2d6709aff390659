"""Judging described resources in this process, through the real servicer and its protobuf."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from google.protobuf import json_format, struct_pb2
from pulumi.runtime.proto import analyzer_pb2 as wire

from policies.config import ALL, PACK, PACK_SCHEMA, default_level, schema
from policies.model import STACK_TYPE
from policies.rule import load
from policies.server import Analyzer
from tests.policies.described import Described, Marked, Of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

TODAY = dt.date(2026, 11, 22)
RULES = {rule.id: rule for rule in load()}
UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
SIGNATURE = "4dabf18193072939515e22adb298388d"
SECRET = "1b47061264138c4ac30d75fd1eb44270"
LEVELS = {
    "advisory": wire.ADVISORY,
    "mandatory": wire.MANDATORY,
    "disabled": wire.DISABLED,
    "remediate": wire.REMEDIATE,
}


def urn_of(one: Described, stack: str = "prod", project: str = "raw") -> str:
    return f"urn:pulumi:{stack}::{project}::{one.type}::{one.name}"


def diagnostics(
    resources: Iterable[Described],
    *,
    stack: str = "prod",
    config: Mapping[str, Any] | None = None,
    outputs: Mapping[str, Any] | None = None,
    tags: Mapping[str, str] | None = None,
    today: dt.date = TODAY,
) -> list[wire.AnalyzeDiagnostic]:
    """What the pack says of a program with these resources, at preview: every id is unknown."""
    analyzer = Analyzer(RULES.values(), today)
    analyzer.ConfigureStack(wire.AnalyzerStackConfigureRequest(stack=stack, tags=tags or {}), None)
    analyzer.Configure(wire.ConfigureAnalyzerRequest(policyConfig=reconciled(analyzer, config or {})), None)
    listed = list(resources)
    by_name = {one.name: urn_of(one, stack) for one in listed}
    found: list[wire.AnalyzeDiagnostic] = []
    for one in listed:
        options = wire.AnalyzerResourceOptions(protect=one.protect, ignoreChanges=one.ignores)
        request = wire.AnalyzeRequest(
            type=one.type, name=one.name, urn=by_name[one.name], properties=struct(one.props), options=options
        )
        found += analyzer.Analyze(request, None).diagnostics
    root = wire.AnalyzerResource(
        type=STACK_TYPE,
        urn=f"urn:pulumi:{stack}::raw::{STACK_TYPE}::raw-{stack}",
        properties=struct(outputs or {}),
    )
    sent = [root, *(_linked(one, by_name) for one in listed)]
    return found + list(analyzer.AnalyzeStack(wire.AnalyzeStackRequest(resources=sent), None).diagnostics)


def findings(resources: Iterable[Described], **options: Any) -> set[tuple[str, str]]:
    """(rule, name of the resource) of every finding."""
    return {(one.policyName, one.urn.rpartition("::")[2]) for one in diagnostics(resources, **options)}


def struct(props: Mapping[str, Any]) -> struct_pb2.Struct:
    return json_format.ParseDict({name: _plain(item) for name, item in props.items()}, struct_pb2.Struct())


def _plain(value: Any) -> Any:
    if isinstance(value, Of):
        return UNKNOWN_TEXT
    if isinstance(value, Marked):
        return {SIGNATURE: SECRET, "value": _plain(value.value)}
    if isinstance(value, dict):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value


def _linked(one: Described, by_name: Mapping[str, str]) -> wire.AnalyzerResource:
    links = {
        name: wire.AnalyzerPropertyDependencies(urns=sorted({by_name[to] for to in _named(value) if to in by_name}))
        for name, value in one.props.items()
        if any(to in by_name for to in _named(value))
    }
    return wire.AnalyzerResource(
        type=one.type,
        urn=by_name[one.name],
        name=one.name,
        properties=struct(one.props),
        options=wire.AnalyzerResourceOptions(protect=one.protect, ignoreChanges=one.ignores),
        propertyDependencies=links,
    )


def _named(value: Any) -> Iterable[str]:
    if isinstance(value, Of):
        yield value.name
    elif isinstance(value, Marked):
        yield from _named(value.value)
    elif isinstance(value, dict | list | tuple):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _named(item)


def reconciled(analyzer: Analyzer, config: Mapping[str, Any]) -> dict[str, wire.PolicyConfig]:
    """What the engine sends to Configure: declared defaults, then the pack's own config, then the user's file."""
    info = analyzer.GetAnalyzerInfo(wire.ConfigureAnalyzerRequest(), None)
    levels = {rule.id: default_level(rule).value for rule in RULES.values()} | {PACK: "mandatory"}
    options = {rule.id: {name: one["default"] for name, one in schema(rule).items()} for rule in RULES.values()} | {
        PACK: {name: one["default"] for name, one in PACK_SCHEMA.items()}
    }
    for name, entry in info.initialConfig.items():
        options[name] |= json_format.MessageToDict(entry.properties)
        levels[name] = wire.EnforcementLevel.Name(entry.enforcementLevel).lower()
    if ALL in config:
        levels = dict.fromkeys([*levels, ALL], config[ALL])
        options[ALL] = {}
    for name, given in config.items():
        if isinstance(given, str):
            levels[name] = given
        else:
            options[name] |= {key: value for key, value in given.items() if key != "enforcementLevel"}
            levels[name] = given.get("enforcementLevel", levels[name])
    return {
        name: wire.PolicyConfig(enforcementLevel=LEVELS[level], properties=struct(options[name]))
        for name, level in levels.items()
    }
