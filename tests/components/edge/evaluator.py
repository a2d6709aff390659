"""Answers whether a rule's expression matches a request, for the part of Cloudflare's rule language that our rules use.

    matches('http.host eq "a.example" and not starts_with(http.request.uri.path, "/x")', Request(host="a.example"))

No library evaluates expressions (octorules_wirefilter parses them only). Whatever this one doesn't know it refuses, so
that a rule can't pass its test by being misread; every expression is parsed by Cloudflare's own grammar first.

Source: Cloudflare docs, ruleset-engine/rules-language (operators, functions, fields; read 2026-11). `not` binds
tightest, then `and`, `xor`, `or`; comparisons are case-sensitive; a missing header makes its comparison false.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from octorules_wirefilter import parse_expression

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

TOKEN = re.compile(
    r"""\s*(?:(?P<text>"(?:[^"\\]|\\.)*")
    |(?P<address>\d+(?:\.\d+){3}(?:/\d+)?|[0-9a-fA-F]*:[0-9a-fA-F:]+(?:/\d+)?)
    |(?P<number>\d+)
    |(?P<name>[A-Za-z_][\w.]*)
    |(?P<mark>\[\*\]|[(){}\[\],]))""",
    re.VERBOSE,
)
COMPARISONS = ("eq", "ne", "in", "contains", "ge", "gt", "le", "lt")
MISSING = object()


@dataclass(frozen=True)
class Request:
    """A request, and the origin's response where a rule looks at one."""

    host: str = "madebuy.com.au"
    path: str = "/"
    query: str = ""
    method: str = "GET"
    source: str = "198.51.100.7"
    country: str = "AU"
    user_agent: str = "Mozilla/5.0"
    cookie: str = ""
    headers: dict[str, str] = field(default_factory=dict)  # names in lower case, as Cloudflare gives them
    status: int = 200
    response_headers: dict[str, str] = field(default_factory=dict)

    def value(self, name: str) -> Any:
        return {
            "http.host": self.host,
            "http.cookie": self.cookie,
            "http.user_agent": self.user_agent,
            "http.request.method": self.method,
            "http.request.uri.path": self.path,
            "http.request.uri.query": self.query,
            "http.request.uri.args.names": list(parse_qs(self.query, keep_blank_values=True)),
            "http.request.headers": {name: [text] for name, text in self.headers.items()},
            "http.request.headers.names": list(self.headers),
            "http.response.code": self.status,
            "http.response.headers": {name: [text] for name, text in self.response_headers.items()},
            "http.response.headers.names": list(self.response_headers),
            "ip.src": ipaddress.ip_address(self.source),
            "ip.src.country": self.country,
        }[name]


def matches(expression: str, request: Request) -> bool:
    """Whether the rule acts on the request.

    Raises:
        ValueError: Cloudflare's grammar refuses the expression, or it uses what this evaluator doesn't know.
    """
    if expression == "true":
        return True
    problem = parse_expression(expression).get("error")
    if problem:
        raise ValueError(problem)
    parser = _Parser(_tokens(expression), request)
    result = parser.disjunction()
    if parser.rest:
        raise ValueError(f"not understood from {parser.rest[0][1]!r} on: {expression}")
    return result


def _tokens(expression: str) -> list[tuple[str, str]]:
    found, position = [], 0
    while position < len(expression.rstrip()):
        token = TOKEN.match(expression, position)
        if not token or not token.lastgroup:
            raise ValueError(f"not understood: {expression[position:]!r}")
        found.append((token.lastgroup, token.group(token.lastgroup)))
        position = token.end()
    return found


class _Parser:
    """Recursive descent, evaluating on the way: both sides of `and` and `or` are always read."""

    def __init__(self, tokens: Sequence[tuple[str, str]], request: Request) -> None:
        self.rest = list(tokens)
        self._request = request

    def disjunction(self) -> bool:
        return self._chain("or", lambda: self._chain("xor", lambda: self._chain("and", self._negation, all), _odd), any)

    def _chain(self, operator: str, part: Callable[[], bool], combine: Callable[[list[bool]], bool]) -> bool:
        parts = [part()]
        while self._next_is(operator):
            self._take()
            parts.append(part())
        return combine(parts)

    def _negation(self) -> bool:
        if self._next_is("not"):
            self._take()
            return not self._negation()
        if self._next_is("("):
            self._take()
            result = self.disjunction()
            self._take(")")
            return result
        return self._comparison()

    def _comparison(self) -> bool:
        left = self._operand()
        if isinstance(left, bool) and not (self.rest and self.rest[0][1] in COMPARISONS):
            return left
        operator = self._take(*COMPARISONS)
        right = self._set() if operator == "in" else self._literal()
        if isinstance(left, list):
            raise TypeError("a comparison over every element needs any(...)")
        return _compare(left, operator, right)

    def _operand(self) -> Any:
        name = self._take()
        if not self._next_is("("):
            return self._indexed(self._request.value(name))
        self._take("(")
        result = getattr(self, f"_call_{name}", self._unknown(name))()
        self._take(")")
        return result

    def _indexed(self, value: Any) -> Any:
        while self._next_is("[") or self._next_is("[*]"):
            if self._take() == "[*]":
                return list(value) if value is not MISSING else []
            value = value.get(self._literal(), MISSING) if value is not MISSING else MISSING
            self._take("]")
        return value

    def _call_lower(self) -> str:
        return str(self._operand()).lower()

    def _call_starts_with(self) -> bool:
        return self._two_texts(str.startswith)

    def _call_ends_with(self) -> bool:
        return self._two_texts(str.endswith)

    def _call_any(self) -> bool:
        elements = self._operand()
        operator = self._take(*COMPARISONS)
        right = self._set() if operator == "in" else self._literal()
        return any(_compare(element, operator, right) for element in elements)

    def _two_texts(self, test: Callable[[str, str], bool]) -> bool:
        left = self._operand()
        self._take(",")
        return test(str(left), str(self._literal()))

    @staticmethod
    def _unknown(name: str) -> Callable[[], Any]:
        def refuse() -> Any:
            raise ValueError(f"the evaluator doesn't know the function {name}")

        return refuse

    def _set(self) -> list[Any]:
        self._take("{")
        members = []
        while not self._next_is("}"):
            members.append(self._literal())
        self._take("}")
        return members

    def _literal(self) -> Any:
        kind, text = self.rest.pop(0)
        match kind:
            case "text":
                return re.sub(r"\\(.)", r"\1", text[1:-1])
            case "number":
                return int(text)
            case "address":
                return ipaddress.ip_network(text)
        raise ValueError(f"{text!r} is no literal")

    def _next_is(self, text: str) -> bool:
        return bool(self.rest) and self.rest[0][0] != "text" and self.rest[0][1] == text

    def _take(self, *expected: str) -> str:
        text = self.rest.pop(0)[1]
        if expected and text not in expected:
            raise ValueError(f"expected one of {expected}, found {text!r}")
        return text


def _compare(left: Any, operator: str, right: Any) -> bool:
    if left is MISSING:
        return False
    if operator == "in":
        return any(_equal(left, member) for member in right)
    tests: dict[str, Callable[[], bool]] = {
        "eq": lambda: _equal(left, right),
        "ne": lambda: not _equal(left, right),
        "contains": lambda: right in left,
        "ge": lambda: left >= right,
        "gt": lambda: left > right,
        "le": lambda: left <= right,
        "lt": lambda: left < right,
    }
    return tests[operator]()


def _equal(left: Any, right: Any) -> bool:
    if isinstance(right, ipaddress.IPv4Network | ipaddress.IPv6Network):
        return left in right
    return bool(left == right)


def _odd(values: list[bool]) -> bool:
    return sum(values) % 2 == 1
