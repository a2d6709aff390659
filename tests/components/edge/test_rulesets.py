import pulumi
import pulumi_cloudflare as cloudflare
import pytest

from components.edge.rulesets import entry_point
from tests.components.edge.example import ZONE_ID


def rule(ref: str | None) -> cloudflare.RulesetRuleArgs:
    return cloudflare.RulesetRuleArgs(ref=ref, expression="true", action="block")


@pytest.mark.parametrize(
    ("refs", "reason"),
    [((None,), "a ref of its own"), (("a", "a"), "a ref of its own"), (("a", "b", "c"), "plan allows 2 rules")],
)
def test_rules_that_would_drift_or_not_fit_the_plan_are_refused(refs: tuple[str | None, ...], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        entry_point(
            "x",
            zone_id=ZONE_ID,
            phase="http_ratelimit",
            rules=[rule(ref) for ref in refs],
            limit=2,
            opts=pulumi.ResourceOptions(),
        )
