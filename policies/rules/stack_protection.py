"""The whole stack: what holds data can't be destroyed by a slip, and what the program says is made so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policies.rule import ANY_TYPE, PRODUCTION, Severity, resource_rule
from policies.tokens import (
    ADVANCED_CLUSTER,
    ATLAS_PROJECT,
    DOPPLER_PROJECT,
    FLEX_CLUSTER,
    KMS_KEY,
    R2_BUCKET,
    REDIS_DATABASE,
    S3_BUCKET,
    ZONE,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from policies.model import Finding, Resource

STATEFUL = (
    ZONE,
    R2_BUCKET,
    ATLAS_PROJECT,
    ADVANCED_CLUSTER,
    FLEX_CLUSTER,
    REDIS_DATABASE,
    DOPPLER_PROJECT,
    KMS_KEY,
    S3_BUCKET,
)


@resource_rule(
    id="stateful-protected",
    title="In production, what holds data is protected from deletion by Pulumi itself",
    risk="A renamed resource or a wrong destroy deletes data that no second deployment brings back.",
    fix="Give the resource the option protect=True; lift it with `pulumi state unprotect` when it really must go.",
    severity=Severity.HIGH,
    audit="5.1 Backup status",
    cis="11.3",
    applies=PRODUCTION,
    reads=dict.fromkeys(STATEFUL, ()),
)
def stateful_is_protected(resource: Resource) -> Iterator[Finding]:
    """The option, not a property: the engine sends it with the resource."""
    if not resource.protect:
        yield resource.wants("is not protected")


@resource_rule(
    id="changes-are-made",
    title="No resource leaves all of its changes alone",
    risk="A setting made safer in the program stays as it was, and what someone changed by hand is never put back.",
    fix="Name in the option ignoreChanges the single properties that somebody else changes.",
    severity=Severity.MEDIUM,
    audit="Beyond the audit: drift",
    cis="4.1",
    reads={ANY_TYPE: ()},
)
def changes_are_made(resource: Resource) -> Iterator[Finding]:
    """The option, not a property: the engine sends it with the resource."""
    if "*" in resource.ignores:
        yield resource.wants("ignores every change")
