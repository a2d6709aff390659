"""One mistake per rule, put together into as few programs as possible, so that the real CLI shows every rule."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.policies.cases import CASES
from tests.policies.estate import ASKED, ESTATE
from tests.policies.judging import RULES, diagnostics

if TYPE_CHECKING:
    from tests.policies.changes import Case, Estate


@dataclass
class Batch:
    """Mistakes that do not get into each other's way: together they give each rule's finding once."""

    estate: Estate = ESTATE
    rules: set[str] = field(default_factory=set)
    outputs: dict[str, Any] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    config: dict[str, Any] = field(default_factory=lambda: dict(ASKED))

    def takes(self, case: Case) -> bool:
        """Add a case, unless a rule would then fire twice or not at all."""
        wanted = self.rules | {rule for rule, _ in case.expected}
        try:
            estate = case.breaks(self.estate)
        except (AssertionError, IndexError, KeyError, TypeError):
            return False
        outputs, config = {**self.outputs, **case.outputs}, {**self.config, **case.config}
        tags = {**self.tags, **case.tags}
        found = Counter(one.policyName for one in diagnostics(estate, config=config, outputs=outputs, tags=tags))
        if found != Counter(dict.fromkeys(wanted, 1)):
            return False
        self.estate, self.rules, self.outputs, self.config, self.tags = estate, wanted, outputs, config, tags
        return True


def batches() -> list[Batch]:
    """Every rule's first case that fits, in batches."""
    made: list[Batch] = []
    for rule in RULES:
        cases = [case for case in CASES if case.rule == rule]
        if not any(rule in batch.rules or any(batch.takes(case) for case in cases) for batch in made):
            made.append(Batch())
            assert any(made[-1].takes(case) for case in cases), f"no case of {rule} gives one finding"
    return made
