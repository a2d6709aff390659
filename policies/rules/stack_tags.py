"""The whole stack: whom a cost belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policies.checks import matches
from policies.model import STACK_TYPE
from policies.rule import PRODUCTION, Severity, resource_rule, stack_rule, texts
from policies.tokens import (
    ADVANCED_CLUSTER,
    ATLAS_PROJECT,
    EVENT_RULE,
    FLEX_CLUSTER,
    GUARDDUTY_DETECTOR,
    IAM_ROLE,
    KMS_KEY,
    OIDC_PROVIDER,
    S3_BUCKET,
    SNS_TOPIC,
)
from policies.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policies.model import Finding, Resource, Stack

TAGGED: Final = dict.fromkeys(
    (
        ATLAS_PROJECT,
        ADVANCED_CLUSTER,
        FLEX_CLUSTER,
        KMS_KEY,
        IAM_ROLE,
        OIDC_PROVIDER,
        S3_BUCKET,
        GUARDDUTY_DETECTOR,
        SNS_TOPIC,
        EVENT_RULE,
    ),
    ("tags",),
)


_KEYS: Final = texts(("environment", "project", "cost-center"), "The tags that must be there.")


@resource_rule(
    id="required-tags",
    title="Whatever can carry tags says its environment, project and cost center",
    risk="A cost that belongs to nobody is looked at by nobody.",
    fix="Add the missing keys to tags.",
    severity=Severity.MEDIUM,
    audit="4.3 Resource Tagging Strategy",
    cis="1.1",
    equals=("infracost:missingMandatoryTags",),
    reads=TAGGED,
    options={"keys": _KEYS},
)
def required_tags(resource: Resource, *, keys: Sequence[str]) -> Iterator[Finding]:
    """A tag may be unknown at preview, not empty."""
    for key in keys:
        if resource.value(f"tags.{key}") in (None, ""):
            yield resource.lacks(f"tags.{key}")


@resource_rule(
    id="tag-values",
    title="Tags use the audit's words for environment and cost center",
    risk="A report by cost center has one line for each spelling.",
    fix="Use one of the config's values.",
    severity=Severity.LOW,
    mandatory=PRODUCTION,
    audit="4.3 Resource Tagging Strategy",
    cis="1.1",
    equals=("infracost:invalidTags",),
    reads=TAGGED,
    options={
        "environments": texts(("production", "staging", "development"), "The values of the tag environment."),
        "cost_centers": texts(("infrastructure", "services", "ai"), "The values of the tag cost-center."),
    },
)
def tag_values_are_ours(
    resource: Resource, *, environments: Sequence[str], cost_centers: Sequence[str]
) -> Iterator[Finding]:
    """Where the tag is there; that it is, is another rule's."""
    for key, allowed in (("environment", environments), ("cost-center", cost_centers)):
        value = resource.value(f"tags.{key}")
        if value not in (None, "", UNKNOWN, *allowed):
            yield resource.lacks(f"tags.{key}", f"is none of {', '.join(allowed)}")


@stack_rule(
    id="stack-tagged",
    title="A stack has the tags of its environment, project and cost center",
    risk="Zones, Redis databases and secrets can carry no tags: what they cost belongs to nobody but their stack.",
    fix="Run `pulumi stack tag set KEY VALUE` for the missing keys.",
    severity=Severity.LOW,
    mandatory=PRODUCTION,
    audit="4.3 Resource Tagging Strategy",
    cis="1.1",
    reads={STACK_TYPE: ()},
    options={
        "keys": _KEYS,
        "stacks": texts(
            (), "The stacks that need all of them, by name; globs allowed. Any other needs them once it has one."
        ),
    },
)
def stack_is_tagged(stack: Stack, *, keys: Sequence[str], stacks: Sequence[str]) -> Iterator[Finding]:
    """A stack without any may be one in a sandbox; where no state says which tags it has, nobody can tell."""
    missing = sorted({*keys} - {key for key, value in (stack.tags or {}).items() if value})
    for root in stack.of(STACK_TYPE):
        asked = bool(stack.tags) or (stack.tags is not None and matches(root.environment.stack, stacks))
        if asked and missing:
            yield root.wants(f"has no stack tag {', '.join(missing)}")
