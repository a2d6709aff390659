"""Every resource of staging fails once in every way; then `recover` and `up` give what a clean run gives."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from operations.recover.kinds import KINDS, NextUp, Way
from operations.recover.orphans import Step
from tests.engine.crashes import FAILURES, Chain, Deployment

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SEED, EACH = 4, 2
MOST_ROUNDS = 80


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Deployment:
    """Staging deployed without failures."""
    deployment = Deployment(tmp_path_factory.mktemp("clean"))
    up = deployment.up()
    assert up.code == 0, up.text
    return deployment


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Progress that is seen while the test runs."""

    def seen(text: str) -> None:
        with capsys.disabled():
            print(f"\n  {text}", end="", flush=True)

    return seen


@pytest.mark.engine
def test_a_sample_of_lost_answers_is_recovered_to_the_result_of_a_clean_run(clean: Deployment, tmp_path: Path) -> None:
    sample, leaves = random.Random(SEED), clean.leaves()
    chosen = frozenset(
        name
        for way in (Way.REPEAT, Way.IMPORT, Way.REMAKE)
        for name in sample.sample(sorted(name for name, type_ in leaves.items() if KINDS[type_].way is way), EACH)
    )
    chain = Chain(clean.without(tmp_path, chosen), "lost answer", chosen)

    chain.fail()
    chain.recover()

    assert chain.left == set()
    chain.end(clean)


@pytest.mark.faults
@pytest.mark.parametrize("failure", FAILURES)
def test_every_resource_survives(failure: str, clean: Deployment, tmp_path: Path, say: Callable[[str], None]) -> None:
    chain = Chain(Deployment(tmp_path), failure, frozenset(clean.names()))

    while chain.left and chain.rounds < MOST_ROUNDS:
        struck = chain.fail()
        chain.recover()
        say(f"{failure}: {len(chain.hit)} of {len(chain.everything)} tried, {len(struck)} in round {chain.rounds}")
    chain.end(clean)

    unchanged = chain.deployment.unchanged()
    assert unchanged.code == 0, unchanged.text
    assert chain.left == set()
    say(f"{failure}: {len(chain.hit)} tried, {len(chain.hit)} survived")


@pytest.mark.faults
def test_the_next_up_after_a_lost_answer_does_what_the_table_says(
    clean: Deployment, tmp_path: Path, say: Callable[[str], None]
) -> None:
    chain = Chain(Deployment(tmp_path), "lost answer", frozenset(clean.names()))
    next_up = {name: KINDS[type_].next_up for name, type_ in clean.types().items()}

    met: set[str] = set()

    while chain.left and chain.rounds < MOST_ROUNDS:
        struck = chain.fail()
        refused = chain.next_up(clean.urns(struck)) & struck
        made = chain.deployment.names() & struck
        said = chain.recover().text

        assert {next_up[name] for name in refused} <= {NextUp.REFUSED}
        assert {next_up[name] for name in made} <= {NextUp.SUCCEEDS, NextUp.TWIN}
        twins = {name for name in made if f"({name}): {Step.REMOVE_TWIN}" in said}
        assert twins == {name for name in made if next_up[name] is NextUp.TWIN}
        met |= refused | made
        say(f"next up: {len(met)} met, {len(chain.hit)} of {len(chain.everything)} tried")
    chain.end(clean)

    assert {clean.types()[name] for name in met} == set(clean.types().values())
