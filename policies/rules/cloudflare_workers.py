"""Cloudflare Workers and Pages: what a program in front of everything knows, and where it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policies.checks import text
from policies.credentials import looks_like_credential, names_credential
from policies.rule import Severity, resource_rule, stack_rule
from policies.tokens import PAGES_PROJECT, WORKER, WORKER_DOMAIN, WORKER_ROUTE, WORKER_SUBDOMAIN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policies.model import Finding, Resource, Stack

_PLAIN: Final = "plain_text"
_HIDDEN: Final = "secret_text"


@resource_rule(
    id="worker-secrets-hidden",
    title="A Worker's or Pages project's credentials are of the type secret_text, and marked secret",
    risk="A variable of the type plain_text is read by everybody with a look into the dashboard, and stays in every "
    "version of the script.",
    fix='Set its type to "secret_text", and mark the value secret; rotate it if it was deployed.',
    severity=Severity.CRITICAL,
    audit="2.2 Production secrets exposed in codebase",
    cis="3.11",
    reads={
        WORKER: ("bindings[].name", "bindings[].type", "bindings[].text"),
        PAGES_PROJECT: (
            "deploymentConfigs.preview.envVars",
            "deploymentConfigs.production.envVars",
        ),
    },
)
def credentials_are_hidden(program: Resource) -> Iterator[Finding]:
    """By the variable's name, its type, and the shape of its value; the type that is not set is plain."""
    held = {leaf.path: leaf for leaf in program.leaves if isinstance(leaf.value, str)}
    for path, name, kind, place in _variables(program):
        value = held.get(place)
        shaped = value is not None and looks_like_credential(value.value)
        if kind in (None, _PLAIN) and (names_credential(name) or shaped):
            yield program.wants("is a credential of the type plain_text", path)
        elif kind == _HIDDEN and value is not None and not value.secret:
            yield program.wants("is of the type secret_text and not marked secret", path)


def _variables(program: Resource) -> Iterator[tuple[str, str, object, str]]:
    """Path, name, type, and where the value is."""
    if program.type == WORKER:
        for path, binding in program.values("bindings[]"):
            if isinstance(binding, dict) and binding.get("type") in (_PLAIN, _HIDDEN):
                yield path, text(binding.get("name")), binding["type"], f"{path}.text"
        return
    for place in ("preview", "production"):
        for path, variables in program.values(f"deploymentConfigs.{place}.envVars"):
            for name, one in variables.items() if isinstance(variables, dict) else ():
                if isinstance(one, dict):
                    yield f"{path}.{name}", str(name), one.get("type"), f"{path}.{name}.value"


@stack_rule(
    id="worker-one-way-in",
    title="A Worker that serves a host of a zone answers nowhere else",
    risk="At its workers.dev name the same program answers past the zone's firewall, rate limits and Access.",
    fix="Set enabled of its WorkersScriptSubdomain to false.",
    severity=Severity.MEDIUM,
    audit="6.2 Network security",
    cis="13.10",
    reads={
        WORKER_SUBDOMAIN: ("scriptName", "enabled"),
        WORKER_ROUTE: ("script",),
        WORKER_DOMAIN: ("service",),
        WORKER: ("scriptName",),
    },
    shows=("enabled",),
)
def worker_has_one_way_in(stack: Stack) -> Iterator[Finding]:
    """Of the stack's own routes and domains: a Worker without one may live there."""
    served = {
        stack.group(one, prop, WORKER)
        for kind, prop in ((WORKER_ROUTE, "script"), (WORKER_DOMAIN, "service"))
        for one in stack.of(kind)
    }
    names = {text(script.value("scriptName")) for script in stack.of(WORKER) if script.urn in served}
    for subdomain in stack.of(WORKER_SUBDOMAIN):
        of_script = {stack.group(subdomain, "scriptName", WORKER), text(subdomain.value("scriptName"))}
        if subdomain.value("enabled") is True and of_script & (served | names):
            yield subdomain.violates("enabled", found=True)
