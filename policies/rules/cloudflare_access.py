"""Cloudflare Access and tunnels: who comes in, and what the way to the origin is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from policies.checks import each, is_false, text
from policies.rule import Severity, resource_rule, whole
from policies.tokens import ACCESS_POLICY, ACCESS_SERVICE_TOKEN, TUNNEL_CONFIG

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policies.model import Finding, Resource

_LETS_IN: Final = ("allow", "bypass", "non_identity")
_HERE: Final = ("localhost", "127.0.0.1", "::1")
_HOURS: Final = re.compile(r"(\d+)h")


@resource_rule(
    id="access-names-someone",
    title="An Access policy lets in people, groups or services that it names",
    risk="Everyone is everybody with a mailbox, or with nothing: the login in front of the application is decoration.",
    fix="Name e-mail domains, groups or service tokens in includes instead of everyone; if the decision is no bypass, "
    "what must hold besides may stand in requires.",
    severity=Severity.HIGH,
    audit="2.3 Security recommendations: least privilege",
    cis="6.8",
    reads={ACCESS_POLICY: ("decision", "includes[].everyone", "requires[]")},
)
def access_names_someone(policy: Resource) -> Iterator[Finding]:
    """One includes of everyone is enough: they are alternatives. A bypass asks nobody anything, requires or not."""
    decision = policy.value("decision")
    bound = decision != "bypass" and any(True for _ in policy.values("requires[]"))
    for path, _ in policy.values("includes[].everyone") if decision in _LETS_IN and not bound else ():
        yield policy.wants("lets in everybody", path)


@resource_rule(
    id="access-token-ends",
    title="An Access service token ends within a year",
    risk="A token that leaked from a build log opens the application for ever.",
    fix='Set duration to "8760h" or less, its default, and renew it before.',
    severity=Severity.MEDIUM,
    audit="2.2 No secrets rotation policy",
    cis="5.3",
    reads={ACCESS_SERVICE_TOKEN: ("duration",)},
    shows=("duration",),
    options={"max_hours": whole(8_784, 1, 43_830, "The longest life of a token, in hours.")},
)
def service_token_ends(token: Resource, *, max_hours: int) -> Iterator[Finding]:
    """In hours, as Cloudflare writes it; the word forever is no number of them."""

    def ends(duration: object) -> bool:
        hours = _HOURS.match(text(duration))
        return hours is not None and int(hours[1]) <= max_hours

    yield from each(token, "duration", ends, required=False)


@resource_rule(
    id="tunnel-checks-certificate",
    title="A tunnel checks the certificate of an origin on another machine",
    risk="Whoever answers in the origin's place, inside the network, reads and changes every request.",
    fix="Remove noTlsVerify; give caPool or originServerName where the origin's authority is your own.",
    severity=Severity.MEDIUM,
    audit="6.2 Network security",
    cis="3.10",
    reads={
        TUNNEL_CONFIG: (
            "config.originRequest.noTlsVerify",
            "config.ingresses[].service",
            "config.ingresses[].originRequest.noTlsVerify",
        )
    },
    shows=("config.originRequest.noTlsVerify",),
)
def tunnel_checks_certificates(tunnel: Resource) -> Iterator[Finding]:
    """A service on the same machine is reached over no network."""
    services = list(tunnel.values("config.ingresses[]"))
    ways = [(path, one) for path, one in services if isinstance(one, dict) and not _is_here(one.get("service"))]
    if ways or not services:
        yield from each(tunnel, "config.originRequest.noTlsVerify", is_false, required=False)
    for path, way in ways:
        request = way.get("originRequest")
        if isinstance(request, dict) and request.get("noTlsVerify") is True:
            yield tunnel.wants("is true", f"{path}.originRequest.noTlsVerify")


def _is_here(service: object) -> bool:
    try:
        parts = urlsplit(text(service))
    except ValueError:
        return False
    return parts.scheme != "https" or parts.hostname in _HERE
