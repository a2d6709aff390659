"""Every small mistake in MadeBuy's own stacks is refused by exactly the rules that claim it; no other by any."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.policies.judging import RULES
from tests.policies.mutants import TABLE, Bench, Mutant, mutants

if TYPE_CHECKING:
    from tests.policies.deployed import Deployed
    from tests.policies.shipped import Shipped

pytestmark = pytest.mark.engine

BY_THE_VENDOR = "refused by the vendor"
"""How the reason begins where the sandbox refuses. Where only the real vendor does: "refused by the real vendor"."""
BY_THE_ENGINE = "refused by the engine"

Found = dict[str, tuple[Mutant, frozenset[str]]]


@pytest.fixture(scope="module")
def found(stacks: dict[str, Shipped], deployed: Deployed) -> Found:
    """Key -> the mutant and the rules that refuse it. A mistake that several stacks have is made in the first.

    What a preview does not know (a document with another object's name in it) gets its mutants at deployment.
    """
    order = ("prod", "organization", "staging")
    judged: Found = {}
    for stack in [stacks[name] for name in order] + [deployed.told[name] for name in order]:
        bench = Bench(stack)
        for mutant in mutants(stack):
            if mutant.key not in judged:
                judged[mutant.key] = (mutant, frozenset(bench.findings(mutant)))
    return judged


@pytest.fixture(scope="module")
def table() -> dict[str, tuple[str, str]]:
    """Key -> class, and the rules that refuse it or why it does no harm."""
    rows = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines()[1:]]
    return {"\t".join(row[:3]): (row[3], row[4]) for row in rows}


def test_every_mutant_is_classed(found: Found, table: dict[str, tuple[str, str]]) -> None:
    unclassed = [f"{key}\t?\t{','.join(sorted(rules))}" for key, (_, rules) in found.items() if key not in table]

    assert unclassed == [], "review these, write weakening or harmless for ?, and add them to mutants.tsv"


def test_a_weakening_is_refused_by_exactly_the_rules_that_claim_it(
    found: Found, table: dict[str, tuple[str, str]]
) -> None:
    wrong = {
        key: sorted(rules)
        for key, (_, rules) in found.items()
        if table.get(key, ("", ""))[0] == "weakening" and rules != frozenset(table[key][1].split(","))
    }

    assert wrong == {}


def test_what_does_no_harm_is_refused_by_no_rule(found: Found, table: dict[str, tuple[str, str]]) -> None:
    refused = {
        key: sorted(rules) for key, (_, rules) in found.items() if table.get(key, ("", ""))[0] == "harmless" and rules
    }

    assert refused == {}


def test_the_table_gives_a_reason_for_every_harmless_one(table: dict[str, tuple[str, str]]) -> None:
    assert {kind for kind, _ in table.values()} == {"weakening", "harmless"}
    assert [key for key, (_, reason) in table.items() if len(reason) < 5] == []


def test_what_a_vendor_is_said_to_refuse_it_refuses_and_no_more(
    found: Found, table: dict[str, tuple[str, str]], deployed: Deployed
) -> None:
    changes = {key: mutant for key, (mutant, _) in found.items() if mutant.change and table[key][0] == "harmless"}

    refused = {key for key, mutant in changes.items() if deployed.refusal(mutant)}

    assert refused == {key for key in changes if table[key][1].startswith(BY_THE_VENDOR)}


def test_what_the_engine_is_said_to_refuse_others_refer_to(
    found: Found, table: dict[str, tuple[str, str]], stacks: dict[str, Shipped]
) -> None:
    said = {mutant.urn for key, (mutant, _) in found.items() if table[key][1].startswith(BY_THE_ENGINE)}
    referred = {
        urn
        for shipped in stacks.values()
        for one in shipped.linked
        for links in one.propertyDependencies.values()
        for urn in links.urns
    }

    assert said <= referred


def test_there_are_enough_of_both(
    found: Found, table: dict[str, tuple[str, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    weakening = [mutant for key, (mutant, _) in found.items() if table.get(key, ("",))[0] == "weakening"]
    harmless = len(found) - len(weakening)
    pairs = {(mutant.type, mutant.path) for mutant in weakening}
    with capsys.disabled():
        counted = f"{len(found)} mutants: {len(weakening)} weakening, {harmless} harmless"
        print(f"\n{counted}; {len(pairs)} (type, property) pairs under {len(RULES)} rules")

    assert len(found) >= 400
    assert len(weakening) >= 200
    assert harmless >= 200
