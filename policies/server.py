# ruff: noqa: N802, ARG002 the method names and arguments are the protocol's
"""The engine's side of the pack: CrossGuard's gRPC service over `Judge`. The only file that knows the protocol.

Why not `pulumi_policy`: docs/decisions/0003. It hides what is secret, fixes a rule's level before the stack is
known, turns a mandatory rule advisory on an unknown value, and decodes every resource again for every rule.
"""

from __future__ import annotations

import datetime as dt
import functools
import gc
import signal
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, ParamSpec, TypeVar

import grpc
import yaml
from google.protobuf import empty_pb2, json_format, struct_pb2
from pulumi.runtime.proto import analyzer_pb2 as wire
from pulumi.runtime.proto import analyzer_pb2_grpc, plugin_pb2

from policies import config as configs
from policies.adapter import read_linked, read_properties, read_resource
from policies.config import PACK, PACK_SCHEMA, Config, Entry, Level
from policies.judge import PACK_TITLE, Judge, Verdict, where
from policies.model import STACK_TYPE, Resource, Stack
from policies.remedies import correct
from policies.rule import Rule, Scope, Severity, load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from google.protobuf.message import Message

P = ParamSpec("P")
T = TypeVar("T")

_MANIFEST: Final = Path(__file__).with_name("PulumiPolicy.yaml")
_LEVELS: Final = {
    Level.ADVISORY: wire.ADVISORY,
    Level.MANDATORY: wire.MANDATORY,
    Level.DISABLED: wire.DISABLED,
    Level.REMEDIATE: wire.REMEDIATE,
}
_SEVERITIES: Final = {
    Severity.LOW: wire.POLICY_SEVERITY_LOW,
    Severity.MEDIUM: wire.POLICY_SEVERITY_MEDIUM,
    Severity.HIGH: wire.POLICY_SEVERITY_HIGH,
    Severity.CRITICAL: wire.POLICY_SEVERITY_CRITICAL,
}
# A stack of 10,000 resources arrives in one message; gRPC's own limit is 4 MB.
_OPTIONS: Final = (("grpc.max_receive_message_length", -1), ("grpc.max_send_message_length", -1))


def _without_values(answer: Callable[P, T]) -> Callable[P, T]:
    """Keep an error's text in this process: gRPC would send and log it, and it may quote a property."""

    @functools.wraps(answer)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return answer(*args, **kwargs)
        except Exception as error:
            raise BrokenPackError(f"the policy pack broke: {where(error)}") from None

    return guarded


class BrokenPackError(Exception):
    """The pack itself failed, outside of any rule. Says where, and nothing of what it looked at."""


class Analyzer(analyzer_pb2_grpc.AnalyzerServicer):
    """One run of the pack: the engine tells the config, then every resource, then the whole stack."""

    def __init__(self, rules: Iterable[Rule], today: dt.date) -> None:
        self._rules = tuple(rules)
        self._today = today
        self._manifest: dict[str, str] = yaml.safe_load(_MANIFEST.read_text(encoding="utf-8"))
        self._judge = Judge(self._rules, configs.defaults(self._rules), today)
        self._seen: dict[str, Resource] = {}
        self._stack_tags: dict[str, str] | None = None

    def Handshake(self, request: Message, context: grpc.ServicerContext) -> wire.AnalyzerHandshakeResponse:
        """Nothing to agree on: the pack calls no engine service."""
        return wire.AnalyzerHandshakeResponse()

    def ConfigureStack(
        self, request: wire.AnalyzerStackConfigureRequest, context: grpc.ServicerContext
    ) -> wire.AnalyzerStackConfigureResponse:
        """Take the stack's tags, and nothing else: under `policy analyze` this never comes, so urns say the rest."""
        self._stack_tags = dict(request.tags)
        return wire.AnalyzerStackConfigureResponse()

    def GetPluginInfo(self, request: Message, context: grpc.ServicerContext) -> plugin_pb2.PluginInfo:
        """The pack's version."""
        return plugin_pb2.PluginInfo(version=self._manifest["version"])

    def GetAnalyzerInfo(self, request: Message, context: grpc.ServicerContext) -> wire.AnalyzerInfo:
        """The rules, the schema of what may be configured, and the pack's own config."""
        defaults = configs.defaults(self._rules)
        return wire.AnalyzerInfo(
            name=self._manifest["name"],
            version=self._manifest["version"],
            description=self._manifest["description"],
            supportsConfig=True,
            policies=[_pack_info(), *(_info(rule) for rule in self._rules)],
            initialConfig={
                name: wire.PolicyConfig(enforcementLevel=_LEVELS[entry.level], properties=_struct(entry.options))
                for name, entry in defaults.entries.items()
            },
        )

    def Configure(self, request: wire.ConfigureAnalyzerRequest, context: grpc.ServicerContext) -> empty_pb2.Empty:
        """Take the config that the engine merged and checked."""
        levels = {number: level for level, number in _LEVELS.items()}
        config = Config(
            {
                name: Entry(levels[given.enforcementLevel], read_properties(given.properties))
                for name, given in request.policyConfig.items()
            }
        )
        try:
            self._judge = Judge(self._rules, config, self._today)
            wrong = ". ".join(configs.problems(config, self._rules))
        except ValueError as error:
            wrong = str(error)
        if wrong:
            context.abort(grpc.StatusCode.INVALID_ARGUMENT, f"the pack's config: {wrong}")
        return empty_pb2.Empty()

    @_without_values
    def Remediate(self, request: wire.AnalyzeRequest, context: grpc.ServicerContext) -> wire.RemediateResponse:
        """Correct what rules at level `remediate` can correct. Without such a level, which is the default, nothing."""
        response = wire.RemediateResponse()
        for rule in self._judge.remediating(request.type):
            resource = read_resource(request, self._judge.environment(request.urn))
            if correct(rule.id, resource, request.properties):
                response.remediations.append(
                    wire.Remediation(
                        policyName=rule.id,
                        policyPackName=self._manifest["name"],
                        policyPackVersion=self._manifest["version"],
                        description=rule.title,
                        properties=request.properties,
                    )
                )
        return response

    @_without_values
    def Analyze(self, request: wire.AnalyzeRequest, context: grpc.ServicerContext) -> wire.AnalyzeResponse:
        """Judge one resource, before anything is done to it."""
        resource = read_resource(request, self._judge.environment(request.urn))
        self._seen[request.urn] = resource
        return self._response(self._judge.resource(resource))

    @_without_values
    def AnalyzeStack(self, request: wire.AnalyzeStackRequest, context: grpc.ServicerContext) -> wire.AnalyzeResponse:
        """Judge the stack as a whole, on the inputs that were seen, linked."""
        stack = Stack(tuple(self._linked(sent) for sent in request.resources), self._stack_tags)
        return self._response(self._judge.stack(stack))

    def Cancel(self, request: Message, context: grpc.ServicerContext) -> empty_pb2.Empty:
        """Nothing runs long enough to be cancelled."""
        return empty_pb2.Empty()

    def _linked(self, sent: wire.AnalyzerResource) -> Resource:
        # The engine sends outputs here, where providers add defaults and drop secrets. What the program asked for
        # was seen before; only the stack's own outputs exist nowhere else, and a resource left out by --target was
        # not seen.
        seen = self._seen.get(sent.urn)
        if seen is None or sent.type == STACK_TYPE:
            return read_linked(sent, read_properties(sent.properties), self._judge.environment(sent.urn))
        return read_linked(sent, seen.props, seen.environment)

    def _response(self, verdicts: list[Verdict]) -> wire.AnalyzeResponse:
        return wire.AnalyzeResponse(diagnostics=[self._diagnostic(verdict) for verdict in verdicts])

    def _diagnostic(self, verdict: Verdict) -> wire.AnalyzeDiagnostic:
        return wire.AnalyzeDiagnostic(
            policyName=verdict.rule,
            policyPackName=self._manifest["name"],
            policyPackVersion=self._manifest["version"],
            description=verdict.description,
            message=verdict.message,
            enforcementLevel=_LEVELS[verdict.level],
            severity=_SEVERITIES[verdict.severity],
            urn=verdict.urn,
        )


def _info(rule: Rule) -> wire.PolicyInfo:
    return wire.PolicyInfo(
        name=rule.id,
        displayName=rule.title,
        description=f"{rule.title}. {rule.risk}",
        enforcementLevel=_LEVELS[configs.default_level(rule)],
        policy_type=wire.POLICY_TYPE_STACK if rule.scope is Scope.STACK else wire.POLICY_TYPE_RESOURCE,
        severity=_SEVERITIES[rule.severity],
        remediation_steps=rule.fix,
        configSchema=wire.PolicyConfigSchema(properties=_struct(configs.schema(rule))),
        framework=wire.PolicyComplianceFramework(name="CIS Controls", version="8.1", reference=rule.cis)
        if rule.cis
        else None,
    )


def _pack_info() -> wire.PolicyInfo:
    return wire.PolicyInfo(
        name=PACK,
        displayName=PACK_TITLE,
        description=PACK_TITLE,
        enforcementLevel=wire.MANDATORY,
        policy_type=wire.POLICY_TYPE_STACK,
        severity=wire.POLICY_SEVERITY_HIGH,
        configSchema=wire.PolicyConfigSchema(properties=_struct(PACK_SCHEMA)),
    )


def _struct(plain: Mapping[str, Any]) -> struct_pb2.Struct:
    return json_format.ParseDict(dict(plain), struct_pb2.Struct())


def serve() -> None:
    """Serve the pack until the engine ends it; the first line on stdout is the port."""
    # Before gRPC starts its threads: a signal that comes first would end in a traceback.
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    server = grpc.server(ThreadPoolExecutor(max_workers=4), options=_OPTIONS)
    today = dt.datetime.now(tz=dt.UTC).date()
    analyzer_pb2_grpc.add_AnalyzerServicer_to_server(Analyzer(load(), today), server)
    port = server.add_insecure_port("127.0.0.1:0")
    # What was seen stays to the end, without cycles (measured: the same memory): a collector walks it for nothing.
    gc.disable()
    server.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    stopped.wait()
    server.stop(grace=None)
