"""Every rule: an estate that passes, a mistake that it alone (or with those that share it) refuses, and its fix."""

import pytest

from policies.rule import NOWHERE, Scope
from tests.policies.cases import CASES
from tests.policies.changes import Case
from tests.policies.described import Marked
from tests.policies.estate import ASKED, ESTATE
from tests.policies.judging import RULES, findings


def name_of(case: Case) -> str:
    return f"{case.rule}-{'-'.join(case.at)}"


def test_the_good_estate_passes_every_rule() -> None:
    assert findings(ESTATE, config=ASKED) == set()


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_a_mistake_is_refused_by_exactly_the_rules_that_claim_it(case: Case) -> None:
    found = findings(case.broken(), config={**ASKED, **case.config}, outputs=case.outputs, tags=case.tags)

    assert found == case.expected


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_the_documented_fix_passes(case: Case) -> None:
    secret = {name: Marked(value) for name, value in case.outputs.items()}
    outputs = secret if case.mended_outputs is None else case.mended_outputs

    asked = {**ASKED, **case.config}
    assert findings(case.mended(), config=asked, outputs=outputs, tags=case.mended_tags) == set()


def test_every_rule_has_a_mistake_and_its_fix() -> None:
    assert {case.rule for case in CASES} == set(RULES)


def test_every_rule_reads_only_types_that_the_good_estate_has_or_a_case_adds() -> None:
    present = {one.type for case in CASES for one in (*ESTATE, *case.broken(), *case.mended())}

    unread = {kind for rule in RULES.values() for kind in rule.reads} - present
    assert unread == {
        "*",
        "pulumi:pulumi:Stack",
        "aws:iam/policy:Policy",
        "cloudflare:index/apiToken:ApiToken",
        "mongodbatlas:index/pushBasedLogExport:PushBasedLogExport",
        "mongodbatlas:index/serverlessInstance:ServerlessInstance",
    }, "a type that no case has is one that no case can break"


def test_there_are_more_rules_than_the_catalogues_have() -> None:
    assert len(RULES) >= 120


@pytest.mark.parametrize("rule", RULES.values(), ids=lambda rule: rule.id)
def test_a_rule_says_what_why_how_and_on_whose_word(rule) -> None:
    for sentence in (rule.risk, rule.fix):
        assert sentence.endswith("."), "a full sentence"
        assert len(sentence) >= 12
    assert not rule.title.endswith(".")
    assert rule.audit
    assert rule.cis
    assert rule.reads


@pytest.mark.parametrize("rule", [one for one in RULES.values() if one.applies is NOWHERE], ids=lambda rule: rule.id)
def test_a_rule_that_is_off_says_in_its_audit_line_who_can_switch_it_on(rule) -> None:
    assert "asked" in rule.audit


def test_stack_rules_are_few_enough_to_read_in_one_go() -> None:
    assert sum(rule.scope is Scope.STACK for rule in RULES.values()) < len(RULES) / 2
