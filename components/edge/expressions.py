"""Cloudflare's rule language, written by functions that can't get quoting wrong.

Every text that goes into a rule passes through `quoted`. Cloudflare returns an expression as it was sent, so the same
settings must give the same text: sets are sorted, and there is one way to write each thing.

Source: https://developers.cloudflare.com/ruleset-engine/rules-language/expressions/ (read 2026-11).
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

HOST = "http.host"
PATH = "http.request.uri.path"
METHOD = "http.request.method"
ADDRESS = "ip.src"
COUNTRY = "ip.src.country"
USER_AGENT = "http.user_agent"
COOKIES = "http.cookie"
STATUS = "http.response.code"
EVERYTHING = "true"


def quoted(text: str) -> str:
    """A string literal.

    Raises:
        ValueError: the text has a control character, which no host, path or header of ours has.
    """
    if not text.isprintable():
        raise ValueError(f"{text!r} has a control character; write the text without it")
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def lower(field: str) -> str:
    """The field in lower case, for what an attacker may spell in capitals."""
    return f"lower({field})"


def equals(field: str, text: str) -> str:
    """The field is exactly this text."""
    return f"{field} eq {quoted(text)}"


def number_equals(field: str, number: int) -> str:
    """The field is exactly this number."""
    return f"{field} eq {number}"


def one_of(field: str, texts: Iterable[str]) -> str:
    """The field is exactly one of these texts."""
    return f"{field} in {{{' '.join(quoted(text) for text in _sorted(texts))}}}"


def ends_with(field: str, suffix: str) -> str:
    """The field ends with this text."""
    return f"ends_with({field}, {quoted(suffix)})"


def from_addresses(addresses: Iterable[str]) -> str:
    """The request comes from one of these IP addresses or CIDR blocks.

    Raises:
        ValueError: one of them is neither.
    """
    networks = sorted((ipaddress.ip_network(address) for address in set(addresses)), key=lambda net: (net.version, net))
    return f"{ADDRESS} in {{{' '.join(_address(network) for network in networks)}}}"


def starts_with(field: str, *prefixes: str) -> str:
    """The field starts with one of these texts."""
    return any_of(*(f"starts_with({field}, {quoted(prefix)})" for prefix in _sorted(prefixes)))


def contains_any(field: str, texts: Iterable[str]) -> str:
    """One of these texts is somewhere in the field."""
    return any_of(*(f"{field} contains {quoted(text)}" for text in _sorted(texts)))


def has_header(*names: str, of: str = "request") -> str:
    """The request, or the origin's response, has a header of one of these names, which are in lower case."""
    return f"any(http.{of}.headers.names[*] in {{{' '.join(quoted(name) for name in _sorted(names))}}})"


def negation(term: str) -> str:
    """The term does not hold."""
    return f"not ({term})"


def all_of(*terms: str) -> str:
    """Every term holds."""
    return _joined("and", terms)


def any_of(*terms: str) -> str:
    """At least one term holds."""
    return _joined("or", terms)


def _joined(operator: str, terms: tuple[str, ...]) -> str:
    if not terms:
        raise ValueError(f"an empty list of {operator!r} terms would match every request or none")
    if len(terms) == 1:
        return terms[0]
    return f" {operator} ".join(f"({term})" for term in terms)


def _sorted(texts: Iterable[str]) -> list[str]:
    found = sorted(set(texts))
    if not found:
        raise ValueError("an empty set would never match; leave the rule out instead")
    return found


def _address(network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> str:
    return str(network.network_address) if network.num_addresses == 1 else str(network)
