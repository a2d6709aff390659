"""Cloudflare's own rulesets, which every paid zone may execute once each."""

from __future__ import annotations

import pulumi_cloudflare as cloudflare

from components.edge import expressions as ex

CLOUDFLARE_MANAGED = "efb7b8c949ac4650a09736fc376e9aee"
OWASP_CORE = "4814384a9e5d4991b9815dcfc25d2f1f"
OWASP_SCORE_RULE = "6179ae15870a4bb7b2d480d4843b323c"
"""Ids of the rulesets that every paid zone may execute, and of the rule that acts on OWASP's anomaly score. The same
in every account. Source: Cloudflare docs, waf/managed-rules (read 2026-08)."""

OWASP_SCORE_THRESHOLD = 40
OWASP_PARANOIA_OFF = ("paranoia-level-2", "paranoia-level-3", "paranoia-level-4")
"""Cloudflare's own defaults, stated so that a change by hand shows as drift: a higher paranoia level takes a maker's
product description for an attack."""


def managed_rules() -> list[cloudflare.RulesetRuleArgs]:
    """Both rulesets, for every request that no earlier rule let through."""
    return [
        cloudflare.RulesetRuleArgs(
            ref="cloudflare-managed",
            description="Cloudflare Managed Ruleset",
            expression=ex.EVERYTHING,
            action="execute",
            action_parameters=cloudflare.RulesetRuleActionParametersArgs(id=CLOUDFLARE_MANAGED),
            enabled=True,
        ),
        cloudflare.RulesetRuleArgs(
            ref="owasp-core",
            description="OWASP Core Ruleset, paranoia level 1",
            expression=ex.EVERYTHING,
            action="execute",
            action_parameters=cloudflare.RulesetRuleActionParametersArgs(
                id=OWASP_CORE,
                overrides=cloudflare.RulesetRuleActionParametersOverridesArgs(
                    categories=[
                        cloudflare.RulesetRuleActionParametersOverridesCategoryArgs(category=level, enabled=False)
                        for level in OWASP_PARANOIA_OFF
                    ],
                    rules=[
                        cloudflare.RulesetRuleActionParametersOverridesRuleArgs(
                            id=OWASP_SCORE_RULE, action="block", score_threshold=OWASP_SCORE_THRESHOLD
                        )
                    ],
                ),
            ),
            enabled=True,
        ),
    ]
