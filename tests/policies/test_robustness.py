"""Properties of any shape: no rule breaks, hangs, or prints a secret."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from policies.config import PACK, Config, Entry, Level
from policies.judge import Judge
from policies.model import STACK_TYPE, Environment, Resource, Stack
from policies.rule import ANY_TYPE
from policies.values import UNKNOWN, Secret
from tests.policies.judging import RULES, TODAY

CANARY = "canary-7Qx2-credential"
"""Only ever marked: what is plain, without the shape or the name of a credential, nobody can know for one."""
SHAPED = "dp.st." + "canary7Qx2" * 2
TYPES = [*sorted({kind for rule in RULES.values() for kind in rule.reads} - {ANY_TYPE}), "made:up:Type"]
NAMES = sorted(
    {
        step
        for rule in RULES.values()
        for paths in rule.reads.values()
        for path in paths
        for step in path.replace("[]", "").split(".")
    }
    | {"password", "policies", "Statement", "condition", "strict_transport_security", "data", "overrides", "settings"}
)
TEXTS = [
    "",
    "on",
    "strict",
    "*",
    "0.0.0.0/0",
    "300.1.1.1",
    "::/0",
    "http_ratelimit",
    "http_request_firewall_managed",
    "https://[",
    "M10",
    "FLEX",
    "skip",
    "execute",
    "CNAME",
    "2026-02-30",
    "9999-12-31T23:59:59Z",
    '{"Statement": [{"Effect": "Allow", "Action": {"a": 1}, "Principal": [1]}]}',
    '{"Statement": 7}',
    "not json",
    "days",
    "security_header",
    'http.host ne "" or not ip.src in {0.0.0.0/0',
    "http_config_settings",
    "whitelist",
    SHAPED,
    f"mongodb://u:{CANARY}@h/",
]
PATHS = {kind: sorted({path for rule in RULES.values() for path in rule.reads.get(kind, ())}) for kind in TYPES}
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=True),
    st.sampled_from(TEXTS),
    st.text(max_size=12),
    st.just(UNKNOWN),
    st.just(Secret(CANARY)),
    st.just(Secret(UNKNOWN)),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
        inner.map(Secret),
    ),
    max_leaves=12,
)


@st.composite
def shaped(draw: st.DrawFn, kind: str) -> dict[str, Any]:
    """Properties at the very paths that rules read, with anything there; and anything anywhere else."""
    props: dict[str, Any] = draw(st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=3))
    for path in draw(st.lists(st.sampled_from(PATHS[kind]), max_size=6)) if PATHS[kind] else ():
        placed(props, path, draw(VALUES))
    return props


def placed(props: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """The properties, with a value at a path."""
    place = props
    *around, last = path.split(".")
    for step in around:
        inner: dict[str, Any] = {}
        place[step.removesuffix("[]")] = [inner] if step.endswith("[]") else inner
        place = inner
    place[last.removesuffix("[]")] = [value] if last.endswith("[]") else value
    return props


@st.composite
def stacks(draw: st.DrawFn) -> Stack:
    """A few resources of any shape, linked in any way, to themselves and to nothing too."""
    production, promised = draw(st.booleans()), draw(st.booleans())
    environment = Environment("s", production=production, high_availability=promised, today=TODAY)
    kinds = draw(st.lists(st.sampled_from(TYPES), min_size=1, max_size=6))
    urns = [f"urn:pulumi:s::p::{kind}::r{number}" for number, kind in enumerate(kinds)]
    return Stack(
        tuple(
            Resource(
                urn,
                kind,
                draw(shaped(kind)),
                environment,
                protect=draw(st.booleans()),
                links=draw(
                    st.dictionaries(
                        st.sampled_from(NAMES),
                        st.frozensets(st.sampled_from([*urns, "urn:gone"]), max_size=2),
                        max_size=4,
                    )
                ),
            )
            for urn, kind in zip(urns, kinds, strict=True)
        )
    )


EVERYWHERE = Config({rule: Entry(Level.MANDATORY, {"appliesIn": "everywhere"}) for rule in RULES})


@settings(max_examples=400, deadline=2_000, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(stack=stacks())
def test_no_shape_breaks_a_rule_and_no_secret_is_printed(stack: Stack) -> None:
    judge = Judge(RULES.values(), EVERYWHERE, TODAY)

    verdicts = [verdict for one in stack.resources for verdict in judge.resource(one)] + judge.stack(stack)

    assert [verdict.message for verdict in verdicts if verdict.rule == PACK] == []
    assert [verdict for verdict in verdicts if CANARY in verdict.message or SHAPED in verdict.message] == []


def test_the_root_stack_is_among_the_types() -> None:
    assert STACK_TYPE in TYPES


@pytest.mark.parametrize("value", [{}, {"a": 1}, [], [{}], [[1]], 3, 1.5, True, "x"], ids=repr)
def test_no_type_of_value_at_a_path_that_rules_read_breaks_one(value: Any) -> None:
    environment = Environment("s", production=True, high_availability=True, today=TODAY)
    others = {kind: Resource(f"urn:pulumi:s::p::{kind}::other", kind, {}, environment) for kind in TYPES}
    broken = []
    for kind in TYPES:
        for path in PATHS[kind]:
            odd = Resource(f"urn:pulumi:s::p::{kind}::odd", kind, placed({}, path, value), environment)
            judge = Judge(RULES.values(), EVERYWHERE, TODAY)
            verdicts = judge.resource(odd) + judge.stack(Stack((odd, *others.values())))
            broken += [f"{kind} {path}: {verdict.message}" for verdict in verdicts if verdict.rule == PACK]

    assert broken == []
