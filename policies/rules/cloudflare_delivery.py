"""Cloudflare: what caches may keep, and what browsers are told with every page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from policies.checks import number, text
from policies.cloudflare import (
    covers_every_path,
    enabled_rules,
    is_on,
    is_whole_site,
    matches_everything,
    rules_of,
)
from policies.expressions import truth
from policies.rule import PRODUCTION, Severity, resource_rule, stack_rule, texts, whole
from policies.tokens import MANAGED_TRANSFORMS, PAGE_RULE, RULESET, ZONE

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policies.expressions import Test
    from policies.model import Finding, Resource, Stack

_CACHE: Final = "http_request_cache_settings"
_ANSWERS: Final = "http_response_cache_settings"
_HEADERS: Final = "http_response_headers_transform"
_STRONG: Final = {"x-content-type-options": ("nosniff",), "x-frame-options": ("deny", "sameorigin")}
"""The only values that browsers heed; any other is as none (MDN)."""
_ADDS_HEADERS: Final = "add_security_headers"
_ADDED: Final = frozenset({"referrer-policy", "x-content-type-options", "x-frame-options"})
"""What Cloudflare's managed transform of that name sets: same-origin, nosniff and SAMEORIGIN."""
_WEAK: Final = ("unsafe-url", "no-referrer-when-downgrade")
"""Referrer policies that send a page's whole address to strangers."""
_FILES: Final = re.compile(
    r"/(_next/static|_astro|assets?|build|css|dist|fonts?|images?|img|js|static)(/|$)"
    r"|\.(avif|css|gif|ico|jpe?g|js|mjs|png|svg|ttf|txt|webp|woff2?)$"
)
"""Folders and endings of files that are the same for everybody."""
_REDIRECTS: Final = "http_request_dynamic_redirect"
_VISITORS_CHOICE: Final = re.compile(
    r'\s*(?:(?:lower|url_decode|concat|to_string)\s*\(\s*)*(?:"https?://"\s*,\s*)?(?:(?:lower|url_decode)\s*\(\s*)*'
    r"http\.(?:request\.uri\.(?:args|query)|request\.headers|request\.cookies|cookie|referer|x_forwarded_for)"
)
"""A target that begins with what the visitor sent, be it after the scheme."""
_PRIVATE: Final = ("cookie", "authorization")


@resource_rule(
    id="cache-is-narrow",
    title="No cache rule keeps the answer to every request",
    risk="One customer's basket is shown to the next.",
    fix="Give the rule an expression, or a page rule a target, that names the files it is for.",
    severity=Severity.HIGH,
    audit="3.4 CDN caching",
    cis="3.3",
    reads={
        RULESET: (
            "phase",
            "rules[].enabled",
            "rules[].expression",
            "rules[].actionParameters.cache",
            "rules[].actionParameters.public",
        ),
        PAGE_RULE: ("status", "target", "actions.cacheLevel", "actions.bypassCacheOnCookie"),
    },
)
def cache_is_narrow(ruleset: Resource) -> Iterator[Finding]:
    """A rule that caches, or calls answers public for every cache on the way, and matches everything."""
    if ruleset.type == PAGE_RULE and _keeps_everything(ruleset):
        yield ruleset.wants("is for the whole site", "target")
    for path, rule in rules_of(ruleset) if ruleset.type == RULESET else ():
        if is_on(rule) and _keeps(ruleset.value("phase"), rule) and matches_everything(rule):
            yield ruleset.wants("matches every request", f"{path}.expression")


def _keeps_everything(page_rule: Resource) -> bool:
    kept = page_rule.value("actions.cacheLevel") == "cache_everything" and page_rule.value("status") != "disabled"
    return kept and is_whole_site(page_rule) and not page_rule.has("actions.bypassCacheOnCookie")


def _keeps(phase: object, rule: dict[str, Any]) -> bool:
    return (phase == _CACHE and _caches(rule) is True) or (phase == _ANSWERS and _is_set(rule, "public"))


def _is_set(rule: dict[str, Any], directive: str) -> bool:
    parameters = rule.get("actionParameters")
    given = parameters.get(directive) if isinstance(parameters, dict) else None
    return isinstance(given, dict) and given.get("operation") == "set"


@stack_rule(
    id="cache-leaves-private",
    title="A zone that caches pages leaves requests with a session alone",
    risk="One customer's basket is shown to the next.",
    fix="Add an enabled cache rule with cache false whose expression tests the cookie and the authorization header.",
    severity=Severity.HIGH,
    audit="3.4 CDN caching",
    cis="3.3",
    reads={
        RULESET: ("phase", "zoneId", "kind", "rules[].enabled", "rules[].expression", "rules[].actionParameters.cache"),
        ZONE: (),
    },
)
def cache_leaves_private_requests(stack: Stack) -> Iterator[Finding]:
    """Only where some rule makes an answer cacheable that is no file: a style sheet is everybody's."""
    for zone in stack.of(ZONE):
        rules = enabled_rules(stack, zone, _CACHE)
        private = [rule for rule in rules if _caches(rule) is False and _tests_session(rule)]
        if any(_caches(rule) is True and not _is_for_files(rule) for rule in rules) and not private:
            yield zone.wants("caches answers to requests with a session")


def _is_for_files(rule: dict[str, Any]) -> bool:
    """Whether a rule's expression is false of whatever is not in a folder of files, and has no extension of one."""
    return truth(text(rule.get("expression")), lambda test: False if _names_files(test) else None) is False


def _names_files(test: Test) -> bool:
    of_files = test.texts and all(_FILES.search(one) for one in test.texts)
    return test.operator != "ne" and (test.field == "http.request.uri.path.extension" or bool(of_files))


def _caches(rule: dict[str, Any]) -> object:
    parameters = rule.get("actionParameters")
    return parameters.get("cache") if isinstance(parameters, dict) else None


def _tests_session(rule: dict[str, Any]) -> bool:
    expression = text(rule.get("expression")).lower()
    covers = matches_everything(rule) or any(word in expression for word in _PRIVATE)
    return rule.get("action") == "set_cache_settings" and covers


@resource_rule(
    id="cache-forgets-errors",
    title="A long cache time of our own does not hold for errors",
    risk="A file that is missing for a second during a deployment stays missing for as long as the file would be kept.",
    fix="Add to edgeTtl.statusCodeTtls an entry with statusCodeRange.from 400 and value -1, which keeps no error.",
    severity=Severity.MEDIUM,
    audit="3.4 CDN caching",
    cis="11.1",
    reads={
        RULESET: (
            "phase",
            "rules[].enabled",
            "rules[].actionParameters.cache",
            "rules[].actionParameters.edgeTtl.mode",
            "rules[].actionParameters.edgeTtl.default",
            "rules[].actionParameters.edgeTtl.statusCodeTtls[].statusCode",
            "rules[].actionParameters.edgeTtl.statusCodeTtls[].statusCodeRange.from",
            "rules[].actionParameters.edgeTtl.statusCodeTtls[].statusCodeRange.to",
            "rules[].actionParameters.edgeTtl.statusCodeTtls[].value",
        )
    },
    options={"max_seconds": whole(3_600, 0, 86_400, "The longest time that an error may be kept, in seconds.")},
)
def caches_forget_errors(ruleset: Resource, *, max_seconds: int) -> Iterator[Finding]:
    """Where the origin's own times are overridden: 404 and 500 stand for what is missing and what is broken."""
    for path, rule in rules_of(ruleset) if ruleset.value("phase") == _CACHE else ():
        given = rule["actionParameters"].get("edgeTtl") if _caches(rule) is True else None
        ttl = given if isinstance(given, dict) else {}
        overrides = ttl.get("mode") == "override_origin" and number(ttl.get("default")) > max_seconds
        if is_on(rule) and overrides and not all(_forgets(ttl, code, max_seconds) for code in (404, 500)):
            yield ruleset.wants("keeps errors as long as files", f"{path}.actionParameters.edgeTtl")


def _forgets(ttl: dict[str, Any], code: int, max_seconds: int) -> bool:
    entries = ttl.get("statusCodeTtls")
    return any(
        _covers(entry, code) and number(entry.get("value")) <= max_seconds
        for entry in (entries if isinstance(entries, list) else ())
        if isinstance(entry, dict)
    )


def _covers(entry: dict[str, Any], code: int) -> bool:
    given = entry.get("statusCodeRange")
    if not isinstance(given, dict):
        return entry.get("statusCode") == code
    return 0 < number(given.get("from")) <= code <= number(given.get("to", code))


@resource_rule(
    id="redirect-goes-where-written",
    title="A redirect leads to a host that the rule names, and over https",
    risk="A link to our own name takes a customer to a thief's sign-in page; http shows what was asked for.",
    fix="Begin the target with https:// and a host, or with http.host; what the visitor sent comes after it.",
    severity=Severity.HIGH,
    audit="Beyond the audit: open redirects, CWE-601",
    cis="16.10",
    reads={
        RULESET: (
            "phase",
            "rules[].enabled",
            "rules[].actionParameters.fromValue.targetUrl.value",
            "rules[].actionParameters.fromValue.targetUrl.expression",
        )
    },
    shows=("rules[].actionParameters.fromValue.targetUrl.value",),
)
def redirects_are_written(ruleset: Resource) -> Iterator[Finding]:
    """What a target begins with decides; a page that moved may say where it was in the rest."""
    for path, rule in rules_of(ruleset) if ruleset.value("phase") == _REDIRECTS else ():
        place, target = f"{path}.actionParameters.fromValue.targetUrl", _target(rule) if is_on(rule) else {}
        if text(target.get("value")).strip().lower().startswith("http://"):
            yield ruleset.violates(f"{place}.value", target.get("value"))
        if _VISITORS_CHOICE.match(text(target.get("expression"))):
            yield ruleset.wants("leads where the visitor says", f"{place}.expression")


def _target(rule: dict[str, Any]) -> dict[str, Any]:
    parameters = rule.get("actionParameters")
    moved = parameters.get("fromValue") if isinstance(parameters, dict) else None
    target = moved.get("targetUrl") if isinstance(moved, dict) else None
    return target if isinstance(target, dict) else {}


@stack_rule(
    id="zone-security-headers",
    title="A production zone tells browsers not to guess types, not to be framed, and not to tell others where one was",
    risk="A page of ours in a hostile frame takes clicks; an uploaded text is run as a script.",
    fix="Add an enabled rewrite rule to the zone's http_response_headers_transform Ruleset that sets the headers, or "
    "a ManagedTransforms with add_security_headers.",
    severity=Severity.MEDIUM,
    audit="6.2 Network security",
    cis="16.10",
    applies=PRODUCTION,
    reads={
        RULESET: (
            "phase",
            "zoneId",
            "kind",
            "rules[].enabled",
            "rules[].action",
            "rules[].expression",
            "rules[].actionParameters.headers",
        ),
        MANAGED_TRANSFORMS: ("zoneId", "managedResponseHeaders[].id", "managedResponseHeaders[].enabled"),
        ZONE: (),
    },
    options={
        "headers": texts(
            ("x-content-type-options", "x-frame-options", "referrer-policy"),
            "The headers that are set on every answer, in lower case.",
        )
    },
)
def security_headers_are_set(stack: Stack, *, headers: Sequence[str]) -> Iterator[Finding]:
    """On every path, to a value that browsers take for a limit; the app may set more."""
    for zone in stack.of(ZONE):
        enabled = enabled_rules(stack, zone, _HEADERS)
        rules = [rule for rule in enabled if rule.get("action") == "rewrite" and covers_every_path(rule)]
        kept: set[str] = set()
        for rule in rules:
            kept = (kept - {*_touched_by(rule)}) | {*_set_by(rule)}
        transforms = stack.companions(zone, MANAGED_TRANSFORMS, "zoneId")
        managed = [one for each in transforms for _, one in each.values("managedResponseHeaders[]")]
        if {"id": _ADDS_HEADERS, "enabled": True} in managed:
            kept |= _ADDED
        missing = sorted({*headers} - kept)
        if missing:
            yield zone.wants(f"does not set {', '.join(missing)}")


def _set_by(rule: dict[str, Any]) -> Iterator[str]:
    for name, header in _headers(rule).items():
        if isinstance(header, dict) and header.get("operation") == "set" and _limits(str(name), header.get("value")):
            yield str(name).lower()


def _touched_by(rule: dict[str, Any]) -> Iterator[str]:
    """What a rule sets or removes: of several rules the last one has the say."""
    return (str(name).lower() for name in _headers(rule))


def _headers(rule: dict[str, Any]) -> dict[str, Any]:
    parameters = rule.get("actionParameters")
    listed = parameters.get("headers") if isinstance(parameters, dict) else None
    return listed if isinstance(listed, dict) else {}


def _limits(name: str, value: object) -> bool:
    given = text(value).strip().lower()
    strong = _STRONG.get(name.lower())
    return given in strong if strong else given not in ("", *_WEAK)
