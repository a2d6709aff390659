"""Mutants of MadeBuy's own stacks, made from the SDKs' schemas and the stacks alone: nothing here knows a rule.

Each is one small mistake: a property or a resource left out, a switch flipped, a number or an enumeration stepped, a
list widened, a mark of secrecy lost. `mutants.tsv` says of each whether it weakens the stack, and which rules must say
so.
"""

from __future__ import annotations

import copy
import functools
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from google.protobuf import json_format, struct_pb2
from pulumi.runtime.proto import analyzer_pb2 as wire

from policies.adapter import _UNKNOWNS, read_linked, read_properties, read_resource
from policies.config import Config, Entry, parse
from policies.judge import Judge
from policies.model import Resource, Stack
from tests.policies.judging import RULES, SECRET, SIGNATURE, TODAY
from tests.policies.shipped import ROOT, Told

TABLE = Path(__file__).with_name("mutants.tsv")
SCHEMAS = ROOT / "sandbox" / "schema"
VENDORS = ("aws", "cloudflare", "doppler", "mongodbatlas", "upstash")
DEEPEST = 2
"""Switches that a stack leaves out are added down to this depth: most below it belong to other kinds of the type."""
WEAK_WORDS = frozenset({"allow", "disabled", "log", "none", "NONE", "off", "skip"})
"""Of an enumeration's words, the weak ones are always tried; of the others the first six are."""
WEAKER_TEXTS = {
    r"^strict$": ("full", "flexible", "off"),
    r"^1\.2$": ("1.0",),
    r"^lossless$": ("off",),
    r"\bp=quarantine\b": ("p=none",),
    r"\bsp=quarantine\b": ("sp=none",),
    r"-all\b": ("~all", "+all"),
    r"^SAMEORIGIN$": ("ALLOWALL",),
    r"^nosniff$": ("sniff",),
    r"^strict-origin-when-cross-origin$": ("unsafe-url",),
    r"^/api/health$": ("/",),
    r"^8\.0$": ("6.0",),
    r"^AP_SOUTHEAST_[24]$": ("US_EAST_1",),
    r"^FIND$": ("DROP_DATABASE",),
    r"^GREATER_THAN$": ("LESS_THAN",),
    r"^LESS_THAN$": ("GREATER_THAN",),
    r"^M10$": ("M0",),
    r"^M20$": ("M80",),
    r"^ap-southeast-2$": ("us-east-1",),
    r"^majority$": ("1",),
    r"^(weeks|months)$": ("days",),
}
OUR_HOST = re.compile(r"([a-z0-9-]+\.)+com(\.au)?")
Change = Callable[[dict[str, Any]], None]
Step = str | int


@dataclass(frozen=True)
class Mutant:
    """One mistake in one resource. `change` None: the resource is left out."""

    key: str
    type: str
    path: str
    urn: str
    change: Change | None
    unprotect: bool = False
    ignores: tuple[str, ...] = ()


def mutants(stack: Told) -> list[Mutant]:
    """Every mutant of one resource of each kind, by key."""
    made: dict[str, Mutant] = {}
    # Sorted: the order in which a program registers its resources is not the same in every run.
    for request in sorted(stack.resources, key=lambda one: one.urn):
        if request.type.partition(":")[0] in VENDORS:
            for mutant in _of_resource(request):
                made.setdefault(mutant.key, mutant)
    return [made[key] for key in sorted(made)]


def _of_resource(request: wire.AnalyzeRequest) -> Iterator[Mutant]:
    props = json_format.MessageToDict(request.properties)
    kind = _kind(request.type, props)
    make = functools.partial(Mutant, type=request.type, urn=request.urn)
    yield make(key=f"{kind}\t\tleft out", path="", change=None)
    if kind.partition("[")[0] in SERIES:
        kind = kind.partition("[")[0]
    if request.options.protect:
        yield make(key=f"{kind}\t\tunprotected", path="", change=lambda _: None, unprotect=True)
    yield make(key=f"{kind}\t\tall changes ignored", path="", change=lambda _: None, ignores=("*",))
    schema = {"type": "object", "properties": _schema(request.type)}
    for steps, how, change in _of_value((), props, schema):
        path = _path(steps, props)
        yield make(key=f"{kind}\t{path}\t{how}", path=_pattern(steps), change=change)


Made = Iterator[tuple[tuple[Step, ...], str, Change]]


def _of_value(at: tuple[Step, ...], value: Any, schema: dict[str, Any]) -> Made:
    """The mutants of a value, and of everything in it."""
    if isinstance(value, dict) and value.get(SIGNATURE) == SECRET:
        if value["value"] not in _UNKNOWNS:  # else it is for the deployment to say whether it is one
            yield at, "secret mark lost", _put(at, value["value"])
    elif isinstance(value, dict):
        yield from _of_object(at, value, schema)
    elif isinstance(value, list):
        yield from _of_list(at, value, schema)
    else:
        for how, other in _others(value, schema, str(at[-1])):
            if other != value:
                yield at, how, _put(at, other)


def _of_object(at: tuple[Step, ...], value: dict[str, Any], schema: dict[str, Any]) -> Made:
    known = schema.get("properties", {})
    for name, item in value.items():
        if not known.get(name, {}).get("required"):
            yield (*at, name), "left out", _remove((*at, name))
        yield from _of_value((*at, name), item, known.get(name, {}))
    for name, one in known.items() if len(at) < DEEPEST else ():
        if name not in value and one.get("type") == "boolean" and not one.get("required"):
            for switch in (True, False):
                yield (*at, name), f"added {switch}", _put((*at, name), switch)


def _of_list(at: tuple[Step, ...], value: list[Any], schema: dict[str, Any]) -> Made:
    if value:
        yield at, "emptied", _put(at, [])
    if value and isinstance(value[0], str):
        yield at, "widened by *", _put(at, [*value, "*"])
    for index, item in enumerate(value):
        if isinstance(item, dict) or len(value) > 1:
            yield (*at, index), "left out", _remove((*at, index))
        yield from _of_value((*at, index), item, schema.get("items", {}))


def _others(value: Any, schema: dict[str, Any], name: str) -> Iterator[tuple[str, Any]]:
    """Other values of the same type."""
    if isinstance(value, bool):
        yield f"flipped to {not value}", not value
    elif isinstance(value, int | float):
        yield "raised", value * 10 + 1
        yield "lowered", value // 10
        yield "raised by one", value + 1
        yield "lowered by one", value - 1
    elif isinstance(value, str) and value not in _UNKNOWNS:
        others = [one for one in schema.get("enum", ()) if one != value]
        for other in [*others[:6], *(one for one in others[6:] if one in WEAK_WORDS)]:
            yield f"stepped to {other}", other
        yield from _other_texts(value)
        yield from ((how, other) for how, other in _weaker_texts(value) if other not in others)
        if name == "roleName":
            yield "weakened to atlasAdmin", "atlasAdmin"


def _other_texts(value: str) -> Iterator[tuple[str, str]]:
    if re.fullmatch(r"\d+(\.\d+){3}/\d+", value):
        yield "widened to /16", f"{value.partition('/')[0]}/16"
        yield "widened to everything", "0.0.0.0/0"
    elif re.match(r"\d{4}-\d\d-\d\dT", value):
        yield "ten years later", f"{int(value[:4]) + 10}{value[4:]}"
    elif value.startswith("https://"):
        yield "without TLS", value.replace("https://", "http://")
    elif value in ("on", "off"):
        yield "switched over", "off" if value == "on" else "on"
    elif value.startswith('{"Version"'):
        yield from _other_documents(json.loads(value))
    elif value.startswith('{"'):
        yield from _other_filters(json.loads(value))
    elif " eq " in value or " in {" in value or "(http." in value:
        yield "widened to every request", "true"


def _weaker_texts(value: str) -> Iterator[tuple[str, str]]:
    """What the vendors' documentation calls weaker, of properties that the schema gives no words for."""
    for strong, weaker in WEAKER_TEXTS.items():
        for weak in weaker if re.search(strong, value) else ():
            yield f"weakened to {weak}", re.sub(strong, weak, value)
    if value == "true":
        yield "narrowed to one path", 'http.request.uri.path eq "/nowhere"'
    elif value.startswith("https://"):
        yield "of a stranger", "https://stranger.example"
    elif OUR_HOST.fullmatch(value):
        yield "of a stranger", "stranger.example"
    elif value.startswith('{"com.cloudflare.edge.r2.bucket.'):
        account = value.split("bucket.")[1].partition("_")[0]
        yield "widened to the account", json.dumps({f"com.cloudflare.api.account.{account}": "*"})


def _other_documents(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for number, statement in enumerate(document["Statement"]):
        for part, wide in (("Action", "*"), ("Resource", "*"), ("Principal", "*"), ("Condition", None)):
            if part in statement and statement[part] != wide:
                other = copy.deepcopy(document)
                other["Statement"][number][part] = wide
                if wide is None:
                    del other["Statement"][number][part]
                yield f"statement {number} without bounds on {part}", json.dumps(other)
        for operator, keys in statement.get("Condition", {}).items():
            for key in keys:
                other = copy.deepcopy(document)
                condition = other["Statement"][number]["Condition"]
                condition[operator.replace("Equals", "Like")] = condition.pop(operator) | {key: "*"}
                yield f"statement {number} with any {key}", json.dumps(other)


def _other_filters(document: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """A filter on events with one of its lists emptied, so that it lets nothing through."""
    for name, value in document.items():
        if isinstance(value, list):
            yield f"lets through no {name}", json.dumps({**document, name: []})
        elif isinstance(value, dict):
            yield from (
                (how, json.dumps({**document, name: json.loads(inner)})) for how, inner in _other_filters(value)
            )


def _put(at: tuple[Step, ...], value: Any) -> Change:
    def change(props: dict[str, Any]) -> None:
        place: Any = props
        for step in at[:-1]:
            place = place[step]
        place[at[-1]] = copy.deepcopy(value)

    return change


def _remove(at: tuple[Step, ...]) -> Change:
    def change(props: dict[str, Any]) -> None:
        place: Any = props
        for step in at[:-1]:
            place = place[step]
        del place[at[-1]]

    return change


SERIES = ("cloudflare:NotificationPolicy", "mongodbatlas:AlertConfiguration")
"""Types of which a stack has many that differ in one word: each may be left out, one of them is changed inside."""


NAMED = {"aws:Role": "name", "aws:RolePolicy": "role", "mongodbatlas:ResourcePolicy": "name"}
"""Types of which each has a job of its own, and the property that says which."""


def _kind(token: str, props: dict[str, Any]) -> str:
    """A type, and what tells resources of one type apart: a setting's id, a ruleset's phase, whose bucket."""
    short = token.replace("index/", "").partition(":")[0] + ":" + token.rpartition(":")[2]
    metric = props.get("metricThresholdConfig", {}).get("metricName")
    if metric:
        return f"{short}[{metric}]"
    for name in ("settingId", "phase", "alertType", "eventType"):
        if name in props:
            return f"{short}[{props[name]}]"
    if short in NAMED:
        return f"{short}[{re.sub(r'madebuy-((production|staging)-)?', '', props[NAMED[short]])}]"
    if short == "cloudflare:DnsRecord":
        more = props["data"]["tag"] if "data" in props else ""
        if props["type"] == "TXT":
            more = str(props["name"]).partition("madebuy")[0].strip(".") or "of the zone"
        return f"{short}[{props['type']} {more}]".replace(" ]", "]")
    if short.startswith("cloudflare:R2"):
        name = str(props.get("bucketName", props.get("name")))
        return f"{short}[{'backups' if 'backups' in name else 'media'}]"
    if short == "doppler:Secret":
        return f"{short}[{props['visibility']}]"
    return short


def _path(steps: tuple[Step, ...], props: dict[str, Any]) -> str:
    """The path, with list items called by their own ref or id where they have one."""
    text, place = "", props
    for step in steps:
        place = place[step] if isinstance(place, list) or (isinstance(place, dict) and step in place) else None
        if isinstance(step, str):
            text += f".{step}" if text else step
        else:
            text += f"[{(place.get('ref') or place.get('id') or step) if isinstance(place, dict) else step}]"
    return text


def _pattern(steps: tuple[Step, ...]) -> str:
    return "".join(f".{step}" if isinstance(step, str) else "[]" for step in steps).lstrip(".")


@functools.cache
def _schemas(vendor: str) -> dict[str, dict[str, Any]]:
    lines = (SCHEMAS / f"{vendor}.json").read_text(encoding="utf-8").splitlines()
    listed = [json.loads(line.rstrip(",")) for line in lines if '"token"' in line]
    return {one["token"]: one.get("in", {}) for one in listed}


def _schema(token: str) -> dict[str, Any]:
    return _schemas(token.partition(":")[0]).get(token, {})


class Bench:
    """A stack, read once, in which one resource at a time is replaced by its mutant."""

    def __init__(self, stack: Told) -> None:
        self._requests = {one.urn: one for one in stack.resources}
        self._linked = {one.urn: one for one in stack.linked}
        rules = RULES.values()
        defaults = json.loads((ROOT / "policies" / "config.json").read_text(encoding="utf-8"))
        self._config = Config(
            {name: Entry(one.level, one.options) for name, one in parse(defaults, rules).entries.items()}
        )
        judge = self._judge()
        self._read = {urn: self._whole(request, judge) for urn, request in self._requests.items()}
        for urn, sent in self._linked.items():
            if urn not in self._read:
                self._read[urn] = read_linked(sent, read_properties(sent.properties), judge.environment(urn))

    def findings(self, mutant: Mutant) -> set[str]:
        """The rules that refuse the mutant."""
        judge = self._judge()
        resources = dict(self._read)
        own = []
        if mutant.change is None:
            del resources[mutant.urn]
        else:
            resources[mutant.urn] = self._mutated(mutant, judge)
            own = judge.resource(resources[mutant.urn])
        verdicts = own + judge.stack(Stack(tuple(resources.values())))
        return {verdict.rule for verdict in verdicts}

    def _mutated(self, mutant: Mutant, judge: Judge) -> Resource:
        assert mutant.change is not None
        request = wire.AnalyzeRequest()
        request.CopyFrom(self._requests[mutant.urn])
        props = json_format.MessageToDict(request.properties)
        mutant.change(props)
        request.properties.CopyFrom(json_format.ParseDict(props, struct_pb2.Struct()))
        request.options.protect = request.options.protect and not mutant.unprotect
        request.options.ignoreChanges.extend(mutant.ignores)
        return self._whole(request, judge)

    def _whole(self, request: wire.AnalyzeRequest, judge: Judge) -> Resource:
        resource = read_resource(request, judge.environment(request.urn))
        sent = wire.AnalyzerResource()
        sent.CopyFrom(self._linked[request.urn])
        sent.options.protect = request.options.protect
        sent.options.ignoreChanges[:] = request.options.ignoreChanges
        for name in [name for name in sent.propertyDependencies if name not in resource.props]:
            del sent.propertyDependencies[name]
        return read_linked(sent, resource.props, resource.environment)

    def _judge(self) -> Judge:
        return Judge(RULES.values(), self._config, TODAY)
