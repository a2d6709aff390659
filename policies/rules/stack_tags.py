"""The whole stack: whom a cost belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policies.rule import Severity, resource_rule, texts
from policies.tokens import (
    ADVANCED_CLUSTER,
    ATLAS_PROJECT,
    FLEX_CLUSTER,
    GUARDDUTY_DETECTOR,
    IAM_ROLE,
    KMS_KEY,
    OIDC_PROVIDER,
    S3_BUCKET,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policies.model import Finding, Resource


@resource_rule(
    id="required-tags",
    title="Whatever can carry tags says its environment, project and cost center",
    risk="A cost that belongs to nobody is looked at by nobody.",
    fix="Add the missing keys to tags.",
    severity=Severity.MEDIUM,
    audit="4.3 Resource Tagging Strategy",
    cis="1.1",
    reads=dict.fromkeys(
        (
            ATLAS_PROJECT,
            ADVANCED_CLUSTER,
            FLEX_CLUSTER,
            KMS_KEY,
            IAM_ROLE,
            OIDC_PROVIDER,
            S3_BUCKET,
            GUARDDUTY_DETECTOR,
        ),
        ("tags",),
    ),
    options={"keys": texts(("environment", "project", "cost-center"), "The tags that every resource carries.")},
)
def required_tags(resource: Resource, *, keys: Sequence[str]) -> Iterator[Finding]:
    """A tag may be unknown at preview, not empty."""
    for key in keys:
        if resource.value(f"tags.{key}") in (None, ""):
            yield resource.lacks(f"tags.{key}")
