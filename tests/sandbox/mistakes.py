"""What a mistake is: which rule it breaks, in which good resource, beside what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.sandbox.account import Account


class Case(NamedTuple):
    """A mistake: which rule it breaks, in which good resource, by which changes, beside what."""

    rule: str
    of: str
    changes: dict[str, Any]
    beside: Callable[[Account, dict[str, Any]], object] = lambda _account, _inputs: None


SPECS = "replicationSpecs[0].regionConfigs"
LONG = {"frequencyInterval": 1, "retentionUnit": "days", "retentionValue": 30}


def upgrade(plan: str) -> Callable[[Account, dict[str, Any]], object]:
    return lambda account, inputs: account.make(
        "ZoneSubscription", {"zoneId": inputs["zoneId"], "ratePlan": {"id": plan}}
    )


def another(of: str, **changes: Any) -> Callable[[Account, dict[str, Any]], object]:
    return lambda account, inputs: account.make(of, {**inputs, **changes})
