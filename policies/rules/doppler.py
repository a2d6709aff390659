"""Doppler: who may read an environment's secrets, and who may change them."""

from __future__ import annotations

from policies.checks import must, one_of
from policies.rule import Severity, resource_rule
from policies.tokens import DOPPLER_SERVICE_TOKEN

resource_rule(
    id="doppler-service-token-read-only",
    title="A service token reads secrets and does not change them",
    risk="An app that is taken over could replace every other app's credentials through its own token.",
    fix='Set access to "read".',
    severity=Severity.HIGH,
    audit="2.3 P0.2 Secrets management",
    cis="5.4",
    reads={DOPPLER_SERVICE_TOKEN: ("access",)},
    shows=("access",),
)(must("access", one_of("read"), required=False))
