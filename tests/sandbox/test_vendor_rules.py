"""Every rule refuses its mistake, alone and by name, and what is right passes all of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from sandbox import check, rules, schema, vendors
from sandbox.kind import VendorError
from sandbox.objects import token_of
from sandbox.rules import Ask
from sandbox.wire import UNKNOWN
from tests.sandbox.account import Account, with_changes
from tests.sandbox.good import GOOD, class_of
from tests.sandbox.mistakes_across import ACROSS, UPDATES
from tests.sandbox.mistakes_alone import ALONE

if TYPE_CHECKING:
    from sandbox.cloud import Thing
    from tests.sandbox.mistakes import Case


SECRET = "hunter2-and-more"


def named(case: Case) -> str:
    return f"{case.rule}-{class_of(case.of)}"


def asked(account: Account, case: Case) -> dict[str, Any]:
    inputs = with_changes(GOOD[case.of](account), case.changes)
    case.beside(account, inputs)
    return inputs


def fired(account: Account, of: str, inputs: dict[str, Any]) -> set[str]:
    type_ = schema.lookup(token_of(class_of(of)))
    assert check.problems(type_, inputs, "x") == [], "the schema would refuse it first"
    ask = Ask(type_, inputs)
    return {rule for rule, *_ in rules.breaches(ask)} | {rule for rule, _ in rules.refusals(ask, account.cloud)}


@pytest.mark.parametrize("case", ALONE, ids=named)
def test_a_rule_about_one_resource_refuses_its_mistake(case: Case) -> None:
    account = Account()

    type_, inputs = schema.lookup(token_of(class_of(case.of))), asked(account, case)

    assert check.problems(type_, inputs, "x") == [], "the schema would refuse it first"
    assert {rule for rule, *_ in rules.breaches(Ask(type_, inputs))} == {case.rule}


@pytest.mark.parametrize("case", ALONE, ids=named)
def test_a_check_failure_ends_with_the_path_and_shows_no_value(case: Case) -> None:
    account = Account()

    for found in account.problems(schema.lookup(token_of(class_of(case.of))), asked(account, case), "mine"):
        assert "Examine values at 'mine." in found
        assert found.endswith("'.")


def test_what_has_no_form_and_what_a_rule_refuses_are_told_at_once() -> None:
    account = Account()
    inputs = {**GOOD["DnsRecord"](account), "colour": 1, "proxied": True, "ttl": 300, "priority": "10"}

    assert account.problems(schema.lookup(token_of("DnsRecord")), inputs, "www") == [
        "Invalid or unknown key 'colour'. Examine values at 'www.colour'.",
        "expected number type, got string type. Examine values at 'www.priority'.",
        "ttl must be set to 1 when `proxied` is true. Examine values at 'www.ttl'.",
    ]


@pytest.mark.parametrize("of", GOOD)
def test_a_property_without_its_form_breaks_no_rule(of: str) -> None:
    account = Account()
    inputs = GOOD[of](account)
    type_ = schema.lookup(token_of(class_of(of)))

    for name in inputs:
        for wrong in (None, 7, SECRET, [SECRET], {"key": SECRET}):
            changed = {n: v for n, v in {**inputs, name: wrong}.items() if v is not None}
            for text in account.problems(type_, changed, "x"):
                assert "Examine values at 'x." in text
                assert SECRET not in text


@pytest.mark.parametrize("case", ACROSS, ids=named)
def test_a_rule_across_objects_refuses_the_create_and_its_preview(case: Case) -> None:
    account = Account()
    inputs = asked(account, case)

    assert fired(account, case.of, inputs) == {case.rule}
    with pytest.raises(VendorError) as refused:
        account.make(class_of(case.of), inputs)
    with pytest.raises(VendorError) as foreseen:
        account.preview(class_of(case.of), inputs)
    assert str(refused.value)
    assert str(foreseen.value)


@pytest.mark.parametrize("case", UPDATES, ids=named)
def test_a_rule_about_a_change_refuses_the_update(case: Case) -> None:
    account = Account()
    thing = account.make(class_of(case.of), GOOD[case.of](account))
    inputs = with_changes(thing.inputs, case.changes)

    found = rules.refusals(Ask(schema.lookup(thing.type), inputs, thing.state, thing.id), account.cloud)

    assert {rule for rule, _ in found} == {case.rule}
    with pytest.raises(VendorError):
        account.edit(thing, inputs)


@pytest.mark.parametrize("of", GOOD)
def test_what_is_right_passes_every_rule(of: str) -> None:
    account = Account()

    assert fired(account, of, GOOD[of](account)) == set()


def test_every_rule_has_a_mistake_and_a_source() -> None:
    tried = {case.rule for case in (*ALONE, *ACROSS, *UPDATES)}

    assert tried == set(rules.RULES)
    assert all(rule.source and rule.title for rule in rules.RULES.values())


def test_a_bucket_that_keeps_versions_may_be_locked_later() -> None:
    account = Account()
    account.make("aws:Bucket", {"bucket": "plain"})
    account.make("BucketVersioning", {"bucket": "plain", "versioningConfiguration": {"status": "Enabled"}})

    assert account.make("BucketObjectLockConfiguration", {"bucket": "plain"})


def places(value: object, path: str = "") -> list[str]:
    """The path of every value inside another one."""
    if isinstance(value, dict):
        inner = [(f"{path}.{name}" if path else name, item) for name, item in value.items()]
    elif isinstance(value, list):
        inner = [(f"{path}[{index}]", item) for index, item in enumerate(value)]
    else:
        return []
    return [place for at, item in inner for place in (at, *places(item, at))]


@pytest.mark.parametrize("of", GOOD)
def test_an_unknown_value_anywhere_neither_breaks_a_rule_nor_is_refused(of: str) -> None:
    account = Account()
    inputs = GOOD[of](account)

    for place in places(inputs):
        unknown = with_changes(inputs, {place: UNKNOWN})
        type_ = schema.lookup(token_of(class_of(of)))
        assert account.problems(type_, unknown, "x") == [], place
        account.preview(class_of(of), unknown)


@pytest.mark.parametrize("of", GOOD)
def test_a_wrong_value_anywhere_is_never_printed_by_a_check(of: str) -> None:
    account = Account()
    inputs = GOOD[of](account)
    type_ = schema.lookup(token_of(class_of(of)))

    for place in places(inputs):
        for wrong in (SECRET, [SECRET], {"key": SECRET}):
            found = account.problems(type_, with_changes(inputs, {place: wrong}), "x")
            assert all(SECRET not in text for text in found), place


def at(value: Any, path: str) -> Any:
    for step in path.replace("]", "").replace("[", ".").split("."):
        value = value[int(step)] if isinstance(value, list) else value[step]
    return value


def is_named_by(neighbour: Thing, inputs: dict[str, Any], path: str) -> bool:
    """Whether a value holds what the vendor made up for the neighbour: a program can't know it before that is there."""
    own = [neighbour.id, *(v for n, v in neighbour.state.items() if n not in neighbour.inputs and isinstance(v, str))]
    made_up = {v for v in own if len(v) >= 16 and v not in json.dumps(neighbour.inputs)}
    value = at(inputs, path)
    return isinstance(value, str) and any(each in value for each in made_up)


@pytest.mark.parametrize("of", GOOD)
def test_what_is_right_is_not_refused_beside_a_neighbour_that_is_only_planned(of: str) -> None:
    account = Account()
    inputs = GOOD[of](account)

    for neighbour in account.cloud.everything():
        account.cloud.remove(neighbour)
        account.preview(neighbour.type, neighbour.inputs, "urn:neighbour")
        unknown = with_changes(inputs, {p: UNKNOWN for p in places(inputs) if is_named_by(neighbour, inputs, p)})
        account.preview(class_of(of), unknown)
        account.cloud.put(neighbour)
        account.forget_plans(neighbour.type.split(":", 1)[0])
        account.forget_plans(token_of(class_of(of)).split(":", 1)[0])


@pytest.mark.parametrize("of", GOOD)
def test_what_is_right_is_not_refused_beside_a_neighbour_that_will_be_anything(of: str) -> None:
    account = Account()
    inputs = GOOD[of](account)

    for neighbour in account.cloud.everything():
        type_, kind = schema.lookup(neighbour.type), vendors.KINDS[neighbour.type]
        for place in places(neighbour.inputs):
            unknown = with_changes(neighbour.inputs, {place: UNKNOWN})
            account.preview_update(type_, kind, "urn:neighbour", neighbour.id, neighbour.state, unknown)
            account.preview(class_of(of), inputs)
            account.forget_plans(kind.provider)
            account.forget_plans(token_of(class_of(of)).split(":", 1)[0])
