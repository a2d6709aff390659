"""Cloudflare's rule expressions, read far enough to say of whom they are true, whatever way they are written.

An expression is a tree of `and`, `or`, `xor` and `not` over comparisons. Whoever asks says what is known of a single
comparison: true, false, or neither; the tree is then true, false, or neither, too.
"""

from __future__ import annotations

import functools
import ipaddress
import itertools
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final, TypeAlias

Truth: TypeAlias = bool | None
Known: TypeAlias = Callable[["Test"], Truth]

_TOKEN: Final = re.compile(
    r'r(?P<hashes>#*)"(?s:.*?)"(?P=hashes)|"(?:[^"\\]|\\.)*"|&&|\|\||\^\^|[!=<>]=|[(){}\[\],!<>~]|[^\s(){}\[\],!=<>~"&|^]+'
)
_JOINED: Final = (("or", "||"), ("xor", "^^"), ("and", "&&"))
_NEGATIONS: Final = ("not", "!")
_SIGNS: Final = {"==": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge", "~": "matches"}
_SAME: Final = frozenset({"lower", "upper", "url_decode"})
"""Functions that leave what a field is about as it is."""
_SAMPLES: Final = {
    "http.host": ("a.example", "b-9.c.example"),
    "http.request.uri.path": ("/", "/Zq9", "/a/b.html"),
    "http.request.uri": ("/", "/Zq9?x=1", "/a/b.html"),
    "http.request.full_uri": ("https://a.example/", "https://b-9.c.example/Zq9?x=1"),
    "http.request.method": ("GET", "POST", "PUT"),
}
"""Values that have nothing in common but what every value of the field has."""
_PATHS: Final = ("http.request.uri.path", "http.request.uri.path.extension")
_ADDRESSES_OF_PAGES: Final = ("http.request.uri", "http.request.full_uri")
"""They end in the query, where a visitor writes what it likes behind any path."""
_ANCHORED: Final = re.compile(r"(https?://[^/]+)?/.")
"""A beginning that goes beyond the host."""
_VERIFIED: Final = (
    "cf.bot_management.verified_bot",
    "cf.client.bot",
    "cf.tls_client_auth.cert_fingerprint_sha256",
    "cf.tls_client_auth.cert_verified",
    "cf.verified_bot_category",
    "cf.worker.upstream_zone",
)
"""What Cloudflare itself has made sure of: a search engine's address, a client's certificate, the Worker that asks."""
_PROOFS: Final = ("is_timed_hmac_valid_v0",)
_CHOICES: Final = frozenset({"", "contains", "ends_with", "eq", "in", "matches", "starts_with", "wildcard"})
"""What picks something out. Anything else, such as an order, leaves a stranger on either side."""
_ADDRESSES: Final = frozenset({"ip.src", "ip.addr"})
_WIDEST: Final = {4: 8, 6: 16}
"""Prefixes of networks that are no longer somebody's."""
_PUBLIC_LISTS: Final = "$cf."
"""Cloudflare's own lists are of anonymizers, open proxies and VPNs: whoever pays for one is on it."""
_SHARED: Final = ("http.cookie", "http.request.cookies", "http.request.headers", "http.request.uri.query")
_PASSWORD: Final = 16
"""A text of so many characters, in one of those, may be one that strangers can't guess."""
_MOST_TESTS: Final = 8
"""With more comparisons than these, all combinations take too long to try."""


@dataclass(frozen=True, slots=True)
class Test:
    """One comparison: a field or a function of one, an operator, and values."""

    words: tuple[str, ...]

    @property
    def field(self) -> str:
        """The field that it is about: the first dotted name, or a flag such as `ssl`. As sent is as it is (`raw.`)."""
        names = (word for word in self.words if re.match(r"(http|ip|cf|tcp|udp|raw)\.|ssl$", word))
        return next(names, "").removeprefix("raw.")

    @property
    def operator(self) -> str:
        """What is asked of the field, in words."""
        first = self.words[0]
        if first in ("starts_with", "ends_with") and self.words[1:2] == ("(",):
            return first
        return next((_SIGNS.get(word, word) for word in self.words if word in _OPERATORS), "")

    @property
    def texts(self) -> tuple[str, ...]:
        """The quoted texts in it, but for names of headers and cookies."""
        pairs = zip(("", *self.words), self.words, strict=False)
        return tuple(_unquoted(word) for before, word in pairs if word.startswith(('"', 'r"', "r#")) and before != "[")

    @property
    def is_plain(self) -> bool:
        """Whether nothing is done to the field that could change what a text says of it."""
        calls = {word for word, after in itertools.pairwise(self.words) if after == "("}
        return calls <= {*_SAME, "starts_with", "ends_with"}

    def networks(self) -> Iterator[ipaddress.IPv4Network | ipaddress.IPv6Network]:
        """The networks that it names."""
        for word in self.words:
            try:
                yield ipaddress.ip_network(word, strict=False)
            except ValueError:
                continue


_OPERATORS: Final = frozenset({*_SIGNS, *_SIGNS.values(), "contains", "in", "wildcard"})
Node: TypeAlias = "Test | tuple[str, tuple[Node, ...]]"


def _unquoted(word: str) -> str:
    if word.startswith("r"):
        return word[1:].strip("#")[1:-1]
    return re.sub(r"\\(.)", r"\1", word[1:-1])


@functools.lru_cache(maxsize=1_024)
def parse(expression: str) -> Node | None:
    """The tree of an expression; None where it is none that this reader understands."""
    words = [found.group() for found in _TOKEN.finditer(expression)]
    try:
        tree = _either(words, 0)
    except (IndexError, RecursionError):
        return None
    return tree if not words else None


def _either(words: list[str], level: int) -> Node:
    """What is joined by the operators of a level, the weakest first. Takes what it reads from the list."""
    if level == len(_JOINED):
        return _single(words)
    parts = [_either(words, level + 1)]
    while words and words[0].lower() in _JOINED[level]:
        words.pop(0)
        parts.append(_either(words, level + 1))
    return (_JOINED[level][0], tuple(parts)) if len(parts) > 1 else parts[0]


def _single(words: list[str]) -> Node:
    if words[0].lower() in _NEGATIONS:
        words.pop(0)
        return ("not", (_single(words),))
    if words[0] == "(":
        words.pop(0)
        inner = _either(words, 0)
        if words.pop(0) != ")":
            raise IndexError
        return inner
    return _test(words)


def _test(words: list[str]) -> Test:
    """Everything up to the next operator that joins, outside of a function's brackets."""
    taken: list[str] = []
    depth = 0
    ends = {name for names in _JOINED for name in names}
    while words and (depth or (words[0] != ")" and words[0].lower() not in ends)):
        word = words.pop(0)
        depth += (word in "([{") - (word in ")]}")
        taken.append(word)
    if not taken:
        raise IndexError
    return Test(tuple(taken))


def truth(expression: str, known: Known) -> Truth:
    """What an expression is, by what is known of its comparisons; neither where it can't be read."""
    tree = parse(expression)
    return None if tree is None else _truth(tree, known)


def _truth(node: Node, known: Known) -> Truth:
    if isinstance(node, Test):
        return known(node)
    kind, inner = node
    found = [_truth(one, known) for one in inner]
    if kind == "not":
        return None if found[0] is None else not found[0]
    if kind == "xor":
        return None if None in found else sum(map(bool, found)) % 2 == 1
    decides = kind == "or"
    if decides in found:
        return decides
    return None if None in found else not decides


@functools.lru_cache(maxsize=1_024)
def always(expression: str) -> bool:
    """Whether an expression is true of every request."""
    return _in_every_case(expression) is True


@functools.lru_cache(maxsize=1_024)
def never(expression: str) -> bool:
    """Whether an expression is true of no request."""
    return _in_every_case(expression) is False


def _in_every_case(expression: str) -> Truth:
    tree = parse(expression)
    if tree is None:
        return None
    found = {_truth(tree, known) for known in _cases(tree, _of_all)}
    return found.pop() if len(found) == 1 else None


def _cases(tree: Node, known: Known) -> Iterator[Known]:
    """Every way in which the comparisons that are neither may turn out."""
    open_ = sorted({test for test in _tests(tree) if known(test) is None}, key=lambda test: test.words)
    if len(open_) > _MOST_TESTS:
        yield known
        return
    for values in itertools.product((True, False), repeat=len(open_)):
        yield functools.partial(_told, dict(zip(open_, values, strict=True)), known)


def _told(case: Mapping[Test, bool], known: Known, test: Test) -> Truth:
    return case[test] if test in case else known(test)


def _tests(node: Node) -> Iterator[Test]:
    if isinstance(node, Test):
        yield node
    else:
        for one in node[1]:
            yield from _tests(one)


def _of_all(test: Test) -> Truth:
    """What a comparison is for every request there is."""
    if test.words in (("true",), ("false",)):
        return test.words == ("true",)
    if len(test.words) == 3 and test.operator == "eq" and test.words[0] == test.words[2]:
        return True
    if test.field in _ADDRESSES and test.operator == "in":
        return True if _is_everybody(test) else None
    if test.words[0] == "len":
        return _of_every_length(test)
    return _of_samples(test)


def _is_everybody(test: Test) -> bool:
    of_four = [one for one in test.networks() if one.version == 4]
    return any(one.prefixlen == 0 for one in ipaddress.collapse_addresses(of_four))


def _of_every_length(test: Test) -> Truth:
    filled = test.field in _SAMPLES
    asked = (test.operator, test.words[-1])
    return True if asked == ("ge", "0") or (filled and asked in (("gt", "0"), ("ge", "1"), ("ne", "0"))) else None


def _of_samples(test: Test) -> Truth:
    samples, texts = _SAMPLES.get(test.field, ()), test.texts
    if not samples or len(texts) != 1 or not test.is_plain:
        return None
    if test.operator == "eq" and not texts[0]:
        return False
    if test.operator == "ne":
        return True if not texts[0] else None
    holds = _HOLDS.get(test.operator)
    return True if holds and all(holds(sample, texts[0]) for sample in samples) else None


def _matches(sample: str, pattern: str) -> bool:
    try:
        return re.search(pattern, sample) is not None
    except re.error:
        return False


_HOLDS: Final[dict[str, Callable[[str, str], bool]]] = {
    "contains": lambda sample, given: given in sample,
    "starts_with": lambda sample, given: sample.startswith(given),
    "ends_with": lambda sample, given: sample.endswith(given),
    "wildcard": lambda sample, given: fnmatchcase(sample.lower(), given.lower().replace("[", "[[]")),
    "matches": _matches,
}


def may_be_for(expression: str, word: str) -> bool:
    """Whether something that an expression names, such as a path, can be what makes it true."""
    tree = parse(expression)
    naming = {test for test in _tests(tree) if word in " ".join(test.words)} if tree else set()
    cases = (functools.partial(_told, {one: True}, _of_all) for one in naming)
    return tree is not None and any(_truth(tree, case) is not False for case in cases)


def takes_anyone(expression: str, known: Known = lambda _: None) -> bool:
    """Whether a stranger who asks for nothing that is named, from nowhere that is named, can make an expression true.

    A path, an address, somebody whom Cloudflare has verified and a text too long to guess name something. All else is
    the stranger's: to say (hosts, browsers, cookies), to buy (countries, networks of a cloud), or to happen to be
    (a score, a minute). So is what can't be read, or has too many comparisons to try them all.
    """
    tree = parse(expression)
    if tree is None:
        return True

    def stranger(test: Test) -> Truth:
        told = known(test)
        return told if told is not None else _of_stranger(test)

    return any(_truth(tree, case) is not False for case in _cases(tree, stranger))


def _of_stranger(test: Test) -> Truth:
    """Neither, unless it names something: then the stranger is not that."""
    told = _of_all(test)
    if told is not None or not _names(test):
        return told
    return test.operator == "ne"


def _names(test: Test) -> bool:
    field, texts = test.field, test.texts
    if test.words[0] in _PROOFS:
        return True
    if field.startswith(_SHARED) and any(len(text) >= _PASSWORD for text in texts):
        return True
    if field == "http.request.method" and texts == ("OPTIONS",):
        return True  # a browser's question before the request, without a body
    if "" in texts or "false" in test.words or test.operator not in {*_CHOICES, "ne"} or not test.is_plain:
        return False
    if field in _ADDRESSES:
        return _is_somebodys(test)
    if field in _ADDRESSES_OF_PAGES:
        return _is_anchored(test)
    return field in _VERIFIED or (field in _PATHS and bool(texts))


def _is_somebodys(test: Test) -> bool:
    lists = [word for word in test.words if word.startswith("$")]
    networks = list(test.networks())
    wide = any(one.prefixlen < _WIDEST[one.version] for one in networks)
    return bool(networks or lists) and not wide and not any(name.startswith(_PUBLIC_LISTS) for name in lists)


def _is_anchored(test: Test) -> bool:
    """Whether all that it allows begins with a path that is named."""
    if test.operator == "wildcard":
        begins = tuple(text.partition("*")[0] for text in test.texts)
    else:
        begins = test.texts if test.operator == "starts_with" else ()
    is_whole = test.operator in ("eq", "in", "ne") and bool(test.texts)
    return is_whole or (bool(begins) and all(_ANCHORED.match(text) for text in begins))
