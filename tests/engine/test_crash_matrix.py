"""Every resource of staging fails once in every way; then `recover` and `up` give what a clean run gives.

The same for what the other stacks have and staging lacks, whose answers are lost.
"""

from __future__ import annotations

import random
import shutil
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING

import pytest
import yaml

from operations.recover.kinds import KINDS, NextUp, Way
from operations.recover.orphans import Step
from tests.engine.crashes import FAILURES, Chain, Deployment, failed
from tests.engine.running import ROOT, copied_program

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SEED, EACH = 4, 2
MOST_ROUNDS = 80
TWIN = (Step.REMOVE_TWIN, Step.LEAVE_TWIN)


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Deployment]:
    """Stacks deployed without failures, each once."""

    @cache
    def deploy(stack: str) -> Deployment:
        deployment = Deployment(tmp_path_factory.mktemp(stack), stack)
        up = deployment.up()
        assert up.code == 0, up.text
        return deployment

    return deploy


@pytest.fixture
def clean(deployed: Callable[[str], Deployment]) -> Deployment:
    """Staging deployed without failures."""
    return deployed("staging")


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Callable[[str], None]:
    """Progress that is seen while the test runs."""

    def seen(text: str) -> None:
        with capsys.disabled():
            print(f"\n  {text}", end="", flush=True)

    return seen


@pytest.mark.engine
@pytest.mark.parametrize("failure", ["lost answer", "killed run"])
def test_a_sample_is_recovered_to_the_result_of_a_clean_run(failure: str, clean: Deployment, tmp_path: Path) -> None:
    sample, leaves = random.Random(SEED), clean.leaves()
    chosen = frozenset(
        name
        for way in (Way.REPEAT, Way.IMPORT, Way.REMAKE)
        for name in sample.sample(sorted(name for name, type_ in leaves.items() if KINDS[type_].way is way), EACH)
    )
    chain = Chain(clean.without(tmp_path, chosen), failure, chosen)

    while chain.left:
        chain.fail()
        chain.recover()

    chain.end(clean)


@pytest.mark.engine
def test_a_replacement_whose_answer_is_lost_is_recovered(clean: Deployment, tmp_path: Path) -> None:
    stack_file = yaml.safe_load((ROOT / "Pulumi.staging.yaml").read_text())["config"]
    storage = stack_file["madebuy:storage"]
    storage["media"]["host"] = "pictures.madebuy-staging.com.au"
    shutil.copytree(clean.home, tmp_path / "home")
    moved = Deployment(
        tmp_path / "home", program=copied_program(tmp_path / "program", "staging", {"madebuy:storage": storage})
    )

    lost = moved.up("create:R2CustomDomain=lost")
    recovered = moved.recover()
    up = moved.up()

    assert failed(lost) == {"media-domain"}
    assert recovered.code == 0, recovered.text
    assert up.code == 0, up.text
    assert sum("R2CustomDomain" in each for each in moved.vendors_have()) == 1


@pytest.mark.engine
def test_names_copied_from_another_stacks_file_cost_that_stack_nothing(clean: Deployment, tmp_path: Path) -> None:
    settings = yaml.safe_load((ROOT / "Pulumi.prod.yaml").read_text())["config"]
    storage = settings["madebuy:storage"]
    storage["backups"]["bucket"] = "madebuy-staging-backups"
    changes = {"madebuy:cache": {"name": "madebuy-staging"}, "madebuy:storage": storage}
    shutil.copytree(clean.home, tmp_path / "home")
    other = Deployment(tmp_path / "home", "prod", copied_program(tmp_path / "program", "prod", changes))

    assert other.up().code != 0
    recovered = other.recover()

    assert recovered.code == 1, recovered.text
    assert Step.LEAVE_TO_OWNER in recovered.text
    assert clean.vendors_have() - other.vendors_have() == Counter()
    assert not {"cache-database", "backups-bucket"} & other.names()


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
@pytest.mark.parametrize("stack", ["staging", "prod", "organization"])
def test_the_next_up_after_a_lost_answer_does_what_the_table_says(
    stack: str, deployed: Callable[[str], Deployment], tmp_path: Path, say: Callable[[str], None]
) -> None:
    clean, staging = deployed(stack), deployed("staging")
    tried = clean.names() if clean is staging else clean.of_no_type_in(staging)
    chain = Chain(Deployment(tmp_path, stack), "lost answer", frozenset(tried))
    next_up = {name: KINDS[type_].next_up for name, type_ in clean.types().items()}

    met: set[str] = set()
    while chain.left and chain.rounds < MOST_ROUNDS:
        struck = chain.fail()
        refused = chain.next_up(clean.urns(struck)) & struck
        made = chain.deployment.names() & struck
        said = chain.recover_with_a_person()

        assert {next_up[name] for name in refused} <= {NextUp.REFUSED}
        assert {next_up[name] for name in made} <= {NextUp.SUCCEEDS, NextUp.TWIN}
        twins = {name for name in made if any(f"({name}): {step}" in said for step in TWIN)}
        assert twins == {name for name in made if next_up[name] is NextUp.TWIN}
        met |= refused | made
        say(f"next up, {stack}: {len(met)} met, {len(chain.hit)} of {len(chain.everything)} tried")
    chain.end(clean)

    assert {clean.types()[name] for name in met} == {clean.types()[name] for name in tried}
