"""Types and properties that rules read exist in the installed SDKs, so that a rename upstream breaks the build."""

import pytest

from policies import tokens
from policies.model import STACK_TYPE
from policies.rule import ANY_TYPE
from policies.values import pattern
from tests.policies import sdk
from tests.policies.cases import CASES
from tests.policies.estate import ASKED, ESTATE
from tests.policies.judging import RULES, findings

READ = sorted({(kind, path) for rule in RULES.values() for kind, paths in rule.reads.items() for path in paths})
TOKENS = sorted({kind for rule in RULES.values() for kind in rule.reads} - {ANY_TYPE, STACK_TYPE})


@pytest.mark.parametrize("token", TOKENS)
def test_a_type_that_a_rule_reads_is_in_the_sdk(token: str) -> None:
    assert sdk.properties(token)


@pytest.mark.parametrize(("token", "path"), READ, ids=lambda part: str(part).rpartition("/")[2])
def test_a_property_that_a_rule_reads_is_in_the_sdk(token: str, path: str) -> None:
    assert sdk.has(token, path)


def test_a_renamed_property_would_be_noticed() -> None:
    assert not sdk.has(tokens.REDIS_DATABASE, "tlsEnabled")
    assert not sdk.has(tokens.R2_BUCKET_CORS, "rules[].allowed.origin[]")


@pytest.mark.parametrize("one", ESTATE, ids=lambda one: one.name)
def test_the_estate_uses_the_sdks_own_names(one) -> None:
    unknown = [name for name in one.props if name not in sdk.properties(one.type)]

    assert unknown == [] or (one.name, unknown) == ("project", ["description"])


def test_a_rule_reads_no_property_that_it_does_not_declare(monkeypatch: pytest.MonkeyPatch) -> None:
    from policies import model

    asked: set[tuple[str, str, str]] = set()
    running: list[str] = []
    walk, find = model.walk, type(next(iter(RULES.values()))).find

    def noted_find(self, subject, options):
        running.append(self.id)
        try:
            yield from find(self, subject, options)
        finally:
            running.pop()

    def noted(resource, path):
        if running:
            asked.add((running[-1], resource.type, pattern(path)))
        return walk(resource.props, path)

    monkeypatch.setattr(type(next(iter(RULES.values()))), "find", noted_find)
    monkeypatch.setattr(model.Resource, "values", lambda self, path: ((f.path, f.value) for f in noted(self, path)))
    monkeypatch.setattr(model.Resource, "value", lambda self, path: next((f.value for f in noted(self, path)), None))
    for case in CASES:
        findings(case.broken(), config={**ASKED, **case.config})

    undeclared = {
        (rule, kind, path)
        for rule, kind, path in asked
        if ANY_TYPE not in RULES[rule].reads and not _declared(rule, kind, path)
    }
    assert undeclared == set()


def _declared(rule: str, kind: str, path: str) -> bool:
    declared = RULES[rule].reads.get(kind, ())
    bare = path.replace("[]", "")
    return any(
        one.replace("[]", "") == bare or one.replace("[]", "").startswith(f"{bare}.") or bare.startswith(one)
        for one in declared
    )
