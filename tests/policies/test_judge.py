"""Levels, environments, exceptions, and rules that break: what the judge makes of a finding."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest
from pulumi.runtime.proto import analyzer_pb2 as wire

from policies import tokens as t
from policies.config import PACK, Config, Level, defaults, parse, problems
from policies.judge import Judge
from policies.model import Environment, Finding, Resource, Stack
from policies.rule import Rule, Scope, Severity, Where
from policies.server import BrokenPackError
from policies.values import Secret
from tests.policies.described import Described, Marked
from tests.policies.judging import RULES, TODAY, diagnostics, findings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TLS_OFF = Described(
    t.REDIS_DATABASE,
    "redis",
    {"tls": False, "eviction": False, "budget": 20, "primaryRegion": "ap-southeast-2"},
    protect=True,
)
SWITCHES = {"isDataExplorerGenAiFeaturesEnabled": False, "isClusterAiAssistantEnabled": False}
UNREFERENCED = Described(
    t.RULESET, "limits", {"kind": "zone", "phase": "http_ratelimit", "rules": [{"action": "block", "enabled": True}]}
)
ACCEPTED = {
    "rule": "redis-tls",
    "urn": "urn:pulumi:prod::raw::*::redis",
    "reason": "The old client speaks no TLS.",
    "ticket": "INFRA-7",
    "expires": "2026-11-22",
}


def levels(one: Described, **options: Any) -> dict[str, str]:
    return {d.policyName: wire.EnforcementLevel.Name(d.enforcementLevel).lower() for d in diagnostics([one], **options)}


def made_up(check: Callable[..., Iterator[Finding]], **record: Any) -> Rule:
    fields = {
        "id": "made-up",
        "title": "A thing holds",
        "risk": "Harm.",
        "fix": "Mend it.",
        "severity": Severity.HIGH,
        "audit": "1",
        "reads": {"t": ("secret", "public", "nested.secret")},
        "scope": Scope.RESOURCE,
        "check": check,
    }
    return Rule(**{**fields, **record})


def resource(**props: Any) -> Resource:
    environment = Environment("prod", production=True, high_availability=False, today=TODAY)
    return Resource("urn:pulumi:prod::p::t::one", "t", props, environment)


def judged(rule: Rule, one: Resource) -> list[str]:
    return [verdict.message for verdict in Judge([rule], Config({}), TODAY).resource(one)]


# Levels


def test_a_mandatory_rule_blocks_by_default() -> None:
    assert levels(TLS_OFF) == {"redis-tls": "mandatory"}


@pytest.mark.parametrize("level", ["advisory", "mandatory"])
def test_one_level_for_all_is_every_rules_level(level: str) -> None:
    assert levels(TLS_OFF, config={"all": level}) == {"redis-tls": level}


def test_a_rules_own_level_wins_over_the_one_for_all() -> None:
    assert levels(TLS_OFF, config={"all": "mandatory", "redis-tls": "advisory"}) == {"redis-tls": "advisory"}


def test_a_disabled_rule_is_not_asked() -> None:
    assert levels(TLS_OFF, config={"redis-tls": "disabled"}) == {}


def test_a_rule_that_is_mandatory_in_production_advises_elsewhere() -> None:
    assert levels(UNREFERENCED)["ruleset-rules-have-refs"] == "mandatory"
    assert levels(UNREFERENCED, stack="staging")["ruleset-rules-have-refs"] == "advisory"


def test_mandatory_for_all_means_in_every_environment() -> None:
    found = levels(UNREFERENCED, stack="staging", config={"all": "mandatory"})

    assert found["ruleset-rules-have-refs"] == "mandatory"


def test_where_a_rule_blocks_can_be_configured() -> None:
    wider = {"ruleset-rules-have-refs": {"mandatoryIn": "everywhere"}}

    assert levels(UNREFERENCED, stack="staging", config=wider)["ruleset-rules-have-refs"] == "mandatory"


def test_an_unknown_value_does_not_make_a_mandatory_rule_advisory() -> None:
    from tests.policies.described import Of

    unknown = TLS_OFF.having("tls", Of("nobody"))

    assert levels(unknown) == {"redis-tls": "mandatory"}
    assert "is not known before deployment" in diagnostics([unknown])[0].message


# Environments


def test_a_rule_for_production_is_not_asked_elsewhere() -> None:
    loose = Described(t.REDIS_DATABASE, "redis", {**TLS_OFF.props, "tls": True})

    assert findings([loose], stack="prod") == {("stateful-protected", "redis")}
    assert findings([loose], stack="staging") == set()


def test_the_config_says_which_stacks_are_production() -> None:
    loose = Described(t.REDIS_DATABASE, "redis", {**TLS_OFF.props, "tls": True})

    assert findings([loose], stack="live-1", config={"pack": {"production": ["live-*"]}}) == {
        ("stateful-protected", "redis")
    }
    assert findings([loose], stack="prod", config={"pack": {"production": ["live-*"]}}) == set()


@pytest.mark.parametrize(
    ("stack", "production"),
    [
        ("prod", True),
        ("Production", True),
        ("prod-eu", True),
        ("production-2", True),
        ("preprod", False),
        ("non-prod", False),
        ("staging", False),
        ("product", False),
    ],
)
def test_a_stack_is_production_by_its_name(stack: str, production: bool) -> None:
    assert defaults([]).environment(stack, TODAY).production is production
    assert Config({}).environment(stack, TODAY).production is production


def test_a_stack_without_a_zone_is_not_asked_for_a_zones_settings() -> None:
    detector = Described(t.GUARDDUTY_DETECTOR, "detector", {"enable": True, "tags": {"environment": "production"}})

    assert {rule for rule, _ in findings([detector], stack="organization")} == {
        "guardduty-findings-told",
        "guardduty-watches-s3",
        "required-tags",
    }


def test_two_stacks_in_one_state_are_each_judged_as_what_they_are() -> None:
    here, there = (
        Environment(stack, production=stack == "prod", high_availability=False, today=TODAY)
        for stack in ("prod", "staging")
    )
    zones = tuple(
        Resource(f"urn:pulumi:{one.stack}::p::{t.ZONE}::{one.stack}", t.ZONE, {"name": "x.au"}, one)
        for one in (here, there)
    )
    rule = made_up(lambda stack: (zone.wants("is bad") for zone in stack.of(t.ZONE)), scope=Scope.STACK, reads={})
    config = Config({})

    only_production = Judge([Rule(**{**vars(rule), "applies": Where.PRODUCTION})], config, TODAY)
    assert [verdict.urn for verdict in only_production.stack(Stack(zones))] == [zones[0].urn]


# Exceptions


def test_an_exception_in_force_excuses_and_is_printed() -> None:
    found = diagnostics([TLS_OFF], config={"pack": {"exceptions": [ACCEPTED]}})

    assert [(one.policyName, one.enforcementLevel) for one in found] == [(PACK, wire.ADVISORY)]
    assert "INFRA-7: The old client speaks no TLS.) is in force until 2026-11-22" in found[0].message


def test_an_exception_excuses_on_its_last_day_and_not_after() -> None:
    config = {"pack": {"exceptions": [ACCEPTED]}}

    assert "redis-tls" not in {rule for rule, _ in findings([TLS_OFF], config=config, today=dt.date(2026, 11, 22))}
    assert "redis-tls" in {rule for rule, _ in findings([TLS_OFF], config=config, today=dt.date(2026, 11, 23))}


def test_an_expired_exception_blocks_by_itself() -> None:
    found = diagnostics([TLS_OFF], config={"pack": {"exceptions": [{**ACCEPTED, "expires": "2026-01-01"}]}})

    (about,) = [one for one in found if one.policyName == PACK]
    assert about.enforcementLevel == wire.MANDATORY
    assert "expired on 2026-01-01" in about.message


def test_an_exception_that_excuses_nothing_is_reported() -> None:
    fine = TLS_OFF.having("tls", True)

    (about,) = diagnostics([fine], config={"pack": {"exceptions": [ACCEPTED]}})

    assert (about.policyName, about.enforcementLevel) == (PACK, wire.ADVISORY)
    assert "excuses nothing any more" in about.message


def test_an_exception_for_another_stack_is_not_this_stacks_business() -> None:
    assert (
        diagnostics([TLS_OFF.having("tls", True)], stack="staging", config={"pack": {"exceptions": [ACCEPTED]}}) == []
    )


def test_an_exception_excuses_one_rule_on_one_resource() -> None:
    other = Described(t.REDIS_DATABASE, "other", TLS_OFF.props, protect=True)

    found = findings([TLS_OFF, other], config={"pack": {"exceptions": [ACCEPTED]}})

    assert ("redis-tls", "other") in found
    assert ("redis-tls", "redis") not in found


def test_an_exception_from_a_rule_that_there_is_not_is_refused() -> None:
    slip = {**ACCEPTED, "rule": "redis-tsl"}

    (problem,) = problems(parse({"pack": {"exceptions": [slip]}}, RULES.values()), RULES.values())

    assert problem == "there is no rule to except from called redis-tsl; did you mean redis-tls?"


def test_an_exception_until_a_day_that_there_is_not_is_refused_by_its_ticket() -> None:
    config = parse({"pack": {"exceptions": [{**ACCEPTED, "expires": "2027-02-30"}]}}, [])

    with pytest.raises(ValueError, match="the exception INFRA-7 expires on 2027-02-30, which is no day"):
        Judge([], config, TODAY)


# Rules that break


def test_a_broken_rule_is_a_mandatory_finding_with_its_name_and_the_resource() -> None:
    def breaks(one: Resource) -> Iterator[Finding]:
        raise ZeroDivisionError(one.props["public"])

    (verdict,) = Judge([made_up(breaks)], Config({}), TODAY).resource(resource(public="s3cret-text"))

    assert (verdict.rule, verdict.level) == (PACK, Level.MANDATORY)
    assert "made-up broke on urn:pulumi:prod::p::t::one (ZeroDivisionError at test_judge.py:" in verdict.message
    assert "s3cret-text" not in verdict.message


def test_a_broken_rule_silences_no_other() -> None:
    def breaks(one: Resource) -> Iterator[Finding]:
        yield one.wants("is half judged")
        raise KeyError

    good = made_up(lambda one: iter((one.wants("is bad"),)), id="other-rule")

    verdicts = Judge([made_up(breaks), good], Config({}), TODAY).resource(resource())

    assert [verdict.rule for verdict in verdicts] == ["made-up", PACK, "other-rule"]


def test_a_rule_that_breaks_on_the_stack_is_reported_there() -> None:
    def breaks(stack: Stack) -> Iterator[Finding]:
        raise RuntimeError

    rule = made_up(breaks, scope=Scope.STACK)

    (verdict,) = Judge([rule], Config({}), TODAY).stack(Stack((resource(),)))

    assert (verdict.rule, verdict.urn) == (PACK, "urn:pulumi:prod::p::t::one")


def test_a_pack_that_breaks_outside_of_a_rule_says_where_and_nothing_of_what_it_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def breaks(*_: object) -> None:
        raise KeyError("s3cret-text")

    monkeypatch.setattr("policies.server.read_resource", breaks)

    with pytest.raises(BrokenPackError) as caught:
        diagnostics([TLS_OFF])

    assert str(caught.value).startswith("the policy pack broke: KeyError at test_judge.py:")
    assert caught.value.__suppress_context__


def test_a_stack_of_nothing_has_no_findings() -> None:
    def breaks(stack: Stack) -> Iterator[Finding]:
        raise RuntimeError

    assert Judge([made_up(breaks, scope=Scope.STACK)], Config({}), TODAY).stack(Stack(())) == []


# Messages


def test_a_resource_is_called_by_its_whole_name() -> None:
    one = Resource("urn:pulumi:prod::p::t::a::b", "t", {}, resource().environment)

    (message,) = judged(made_up(lambda one: iter((one.wants("is bad"),))), one)

    assert message.startswith("a::b is bad.")


@pytest.mark.parametrize("value", ["https://web:hunter22@madebuy.com.au", Secret("abc"), [Secret("abc")]])
def test_a_public_property_with_a_credential_or_a_short_secret_in_it_is_not_printed(value: object) -> None:
    def check(one: Resource) -> Iterator[Finding]:
        for path, found in one.values("public[]"):
            yield one.violates(path, found)

    rule = made_up(check, shows=("public[]",), reads={"t": ("public[]",)})
    (message,) = judged(rule, resource(public=value))

    assert "hunter22" not in message
    assert "abc" not in message


def test_a_message_names_resource_property_what_must_hold_and_the_fix() -> None:
    (message,) = judged(made_up(lambda one: iter((one.lacks("public"),))), resource())

    assert message == "one: public is not set. Must hold: A thing holds. Fix: Mend it."


def test_a_value_is_printed_only_if_the_rule_lists_its_path_as_public() -> None:
    def check(one: Resource) -> Iterator[Finding]:
        yield one.violates("public", one.value("public"))

    assert 'one: public is "0.0.0.0/0".' in judged(made_up(check, shows=("public",)), resource(public="0.0.0.0/0"))[0]
    assert "0.0.0.0/0" not in judged(made_up(check), resource(public="0.0.0.0/0"))[0]


def test_a_public_property_that_someone_marked_secret_is_not_printed() -> None:
    def check(one: Resource) -> Iterator[Finding]:
        yield one.violates("public", one.value("public"))

    (message,) = judged(made_up(check, shows=("public",)), resource(public=Secret("hush-hush")))

    assert "hush-hush" not in message


def test_a_secret_in_a_rules_own_words_is_cut_out() -> None:
    def check(one: Resource) -> Iterator[Finding]:
        yield one.wants(f"uses {one.value('nested.secret')}")

    (message,) = judged(made_up(check), resource(nested={"secret": Secret("hush-hush")}))

    assert "one uses [secret]." in message


# Corrections


def test_nothing_is_corrected_unless_the_config_says_so() -> None:
    assert corrected(TLS_OFF, {}) == {}
    assert corrected(TLS_OFF, {"all": "mandatory"}) == {}


def test_tls_is_switched_on_and_the_rest_left_as_it_is() -> None:
    marked = TLS_OFF.having("databaseName", Marked("x"))

    found = corrected(marked, {"redis-tls": "remediate"})

    assert found["redis-tls"]["tls"] is True
    assert found["redis-tls"]["databaseName"]["value"] == "x", "still marked secret"


def test_a_nested_property_is_made_where_it_is_missing() -> None:
    cluster = Described(t.ADVANCED_CLUSTER, "cluster", {"name": "c"})

    found = corrected(cluster, {"atlas-minimum-tls": "remediate"})

    assert found["atlas-minimum-tls"]["advancedConfiguration"] == {"minimumEnabledTlsProtocol": "TLS1_2"}


def test_tags_are_filled_from_the_urn_and_the_cost_center_is_asked_for() -> None:
    project = Described(t.ATLAS_PROJECT, "project", dict(SWITCHES, tags={}))
    config = {"required-tags": "remediate"}

    assert corrected(project, config, "staging")["required-tags"]["tags"] == {
        "environment": "staging",
        "project": "raw",
    }
    assert findings([project], stack="staging", config=config) == {("required-tags", "project")}


def test_nothing_is_written_into_what_is_marked_secret() -> None:
    project = Described(t.ATLAS_PROJECT, "project", dict(SWITCHES, tags=Marked({"cost-center": "services"})))

    assert corrected(project, {"required-tags": "remediate"}) == {}


def test_what_is_right_or_unknown_is_not_touched() -> None:
    from tests.policies.described import Of

    assert corrected(TLS_OFF.having("tls", True), {"redis-tls": "remediate"}) == {}
    assert corrected(TLS_OFF.having("tls", Of("x")), {"redis-tls": "remediate"}) == {}


def corrected(one: Described, config: dict[str, Any], stack: str = "prod") -> dict[str, Any]:
    from google.protobuf import json_format

    from policies.server import Analyzer
    from tests.policies.judging import RULES, reconciled, struct, urn_of

    analyzer = Analyzer(RULES.values(), TODAY)
    analyzer.Configure(wire.ConfigureAnalyzerRequest(policyConfig=reconciled(analyzer, config)), None)
    request = wire.AnalyzeRequest(type=one.type, urn=urn_of(one, stack), properties=struct(one.props))
    answers = analyzer.Remediate(request, None).remediations
    return {answer.policyName: json_format.MessageToDict(answer.properties) for answer in answers}
