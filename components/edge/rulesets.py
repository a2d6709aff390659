"""One ruleset per phase: Cloudflare allows a zone one entry point in each, so each phase has one owner here."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pulumi_cloudflare as cloudflare

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pulumi


def entry_point(
    name: str,
    *,
    zone_id: pulumi.Input[str],
    phase: str,
    rules: Sequence[cloudflare.RulesetRuleArgs],
    limit: int,
    opts: pulumi.ResourceOptions,
) -> cloudflare.Ruleset:
    """The zone's ruleset of a phase, with every rule of it.

    Without a `ref` of its own a rule gets a new id whenever one before it is added or moved, which shows as a change of
    every rule after it and cuts its history in the security log.

    Args:
        name: The logical name; the phase's name is the physical one, as changing it would replace the ruleset.
        zone_id: The zone that the ruleset is for.
        phase: Cloudflare's name of the phase.
        rules: In the order in which they run.
        limit: How many rules of this phase the zone's plan allows.
        opts: From the component that owns the phase.

    Raises:
        ValueError: a rule has no `ref`, two share one, or there are more than the plan allows.
    """
    refs = [rule.ref for rule in rules]
    if None in refs or len(set(refs)) != len(refs):
        raise ValueError(f"{phase}: every rule needs a ref of its own, but they are {refs}")
    if len(refs) > limit:
        raise ValueError(f"{phase}: the zone's plan allows {limit} rules, but there are {len(refs)}: {refs}")
    return cloudflare.Ruleset(name, zone_id=zone_id, kind="zone", phase=phase, name=phase, rules=list(rules), opts=opts)
