from typing import Any

import pytest

from components.edge import Bots, BotsArgs
from tests.components.edge.example import ZONE_ID, deployment, edge
from tests.components.mocks import Deployed, deploy

SUPER = {"sbfmDefinitelyAutomated", "sbfmVerifiedBots", "sbfmStaticResourceProtection", "optimizeWordpress"}


def bots(**changes: Any) -> Deployed:
    args = BotsArgs(deployment=deployment(), settings=edge(**changes), zone_id=ZONE_ID)
    return deploy(lambda: Bots("bots", args))


def management(**changes: Any) -> dict[str, Any]:
    return bots(**changes)["bots-management"].inputs


@pytest.mark.parametrize("plan", ["free", "pro", "business"])
def test_the_mode_that_no_rule_can_except_webhooks_from_is_off(plan: str) -> None:
    assert management(plan=plan)["fightMode"] is False


@pytest.mark.parametrize(
    ("plan", "sent"), [("free", set()), ("pro", SUPER), ("business", SUPER | {"sbfmLikelyAutomated"})]
)
def test_only_what_the_plan_has_is_sent(plan: str, sent: set[str]) -> None:
    assert set(management(plan=plan)) - {"zoneId", "fightMode", "enableJs", "aiBotsProtection"} == sent


def test_programs_are_challenged_and_search_engines_are_not() -> None:
    sent = management(plan="business")

    assert (sent["sbfmDefinitelyAutomated"], sent["sbfmLikelyAutomated"]) == ("managed_challenge", "managed_challenge")
    assert sent["sbfmVerifiedBots"] == "allow"


def test_what_the_settings_say_wins() -> None:
    sent = management(bots={"automated": "block", "ai_crawlers": "disabled"})

    assert (sent["sbfmDefinitelyAutomated"], sent["aiBotsProtection"]) == ("block", "disabled")


def test_the_dashboard_is_told_of_leaked_passwords_once_they_are_looked_for() -> None:
    deployed = bots()
    header = deployed["bots-leaked-credentials-header"]

    assert deployed["bots-leaked-credentials"].inputs["enabled"] is True
    assert header.inputs["managedRequestHeaders"] == [{"id": "add_waf_credential_check_status_header", "enabled": True}]
    assert "bots-leaked-credentials" in header.depends_on
