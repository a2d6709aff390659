"""MadeBuy's own stacks pass the pack with nothing to say."""

import pytest

from tests.policies.shipped import STACKS, Shipped, judged

pytestmark = pytest.mark.engine


@pytest.mark.parametrize("stack", STACKS)
def test_a_shipped_stack_passes_with_no_finding(stacks: dict[str, Shipped], stack: str) -> None:
    outcome = stacks[stack].outcome

    assert outcome.findings == ()
    assert outcome.code == 0, outcome.text


@pytest.mark.parametrize("stack", STACKS)
def test_what_was_recorded_is_judged_the_same_in_this_process(stacks: dict[str, Shipped], stack: str) -> None:
    assert judged(stacks[stack].resources, stacks[stack].linked, {}) == []
