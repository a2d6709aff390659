"""One message for everything that is wrong, with the place, the reason and the way out; and never a secret in it."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import settings as effort
from hypothesis import strategies as st

from settings import SettingsError, load, load_organization, read_stack_file
from tests.settings.stack_files import REMOVED, ROOT, changed, loaded, refusal, rejects


def test_rejects_many_mistakes_in_one_message() -> None:
    error = refusal(
        "prod",
        {
            "madebuy:edge.zone": "shop.madebuy.com.au",
            "madebuy:edge.rate_limit": {"requests": "20"},
            "madebuy:database.access[0].cidr": "0.0.0.0/0",
            "madebuy:database.tyre": "M10",
            "madebuy:apps.web.host": REMOVED,
            "madebuy:environment": "prod",
            "madebuy:profile": "huge",
            "madebuy:monitoring": REMOVED,
            "madebuy:storge": {},
            "cloudflare:apiToken": "anything",
        },
    )

    places = [line.split(": ")[0].split(". ", 1)[1] for line in str(error).splitlines()[2:]]
    assert places == [
        "cloudflare:apiToken",
        "madebuy:apps.web.host",
        "madebuy:database.access[0].cidr",
        "madebuy:database.tyre",
        "madebuy:edge.rate_limit.requests",
        "madebuy:edge.zone",
        "madebuy:environment",
        "madebuy:monitoring",
        "madebuy:profile",
        "madebuy:storge",
    ]


def test_a_broken_concern_does_not_hide_what_is_wrong_between_the_others() -> None:
    error = refusal("prod", {"madebuy:cache": "hello", "madebuy:apps.web.host": "madebuy.net"})

    assert {problem.path[0] for problem in error.problems} == {"madebuy:cache", "madebuy:apps"}


def test_an_unknown_field_does_not_hide_what_is_wrong_between_concerns() -> None:
    error = refusal("prod", {"madebuy:edge.colour": "blue", "madebuy:apps.web.host": "madebuy.net"})

    assert {problem.path[0] for problem in error.problems} == {"madebuy:edge", "madebuy:apps"}


def test_a_broken_profile_does_not_blame_the_concerns_for_it() -> None:
    rejects({"madebuy:profile": REMOVED}, at="madebuy:profile", says="this is missing")


def test_rejects_an_unknown_key_and_lists_the_known_ones() -> None:
    rejects({"madebuy:edg": {}}, at="madebuy:edg", says='Did you mean "madebuy:edge"? There is: madebuy:accounts, ')


def test_rejects_an_unknown_namespace() -> None:
    rejects({"madbuy:edge": {}}, at="madbuy:edge", says='Did you mean "madebuy:edge"?')


def test_rejects_the_stacks_name_as_a_key() -> None:
    rejects({"madebuy:name": "prod"}, at="madebuy:name", says="there is no such setting")


def test_rejects_an_unknown_field_and_lists_the_known_ones() -> None:
    rejects({"madebuy:edge.zoen": "x"}, at="madebuy:edge.zoen", says='Did you mean "zone"? There is: ')


def test_rejects_a_missing_key_with_an_example_of_it() -> None:
    rejects({"madebuy:cache": REMOVED}, at="madebuy:cache", says='{"name": "madebuy-production"}')


def test_rejects_a_missing_field_with_an_example_of_it() -> None:
    place = "madebuy:database.project"
    rejects(
        {place: REMOVED}, at=place, says="this is missing. The Atlas project's name, unique in the organization. Add"
    )


@pytest.mark.parametrize(
    ("place", "value", "says"),
    [
        ("madebuy:edge.rate_limit", {"requests": "20"}, "Write it without quotes: 20"),
        ("madebuy:edge.rate_limit", {"requests": 1.5}, "a whole number is needed, not the number 1.5"),
        ("madebuy:edge.rate_limit", {"requests": True}, "a whole number is needed, not true"),
        ("madebuy:edge.rate_limit", {"paths": "/api/"}, "a list is needed"),
        ("madebuy:edge.turnstile", "yes", "true or false, without quotes, is needed"),
        ("madebuy:edge.zone", 3, "a text, in quotes, is needed, not the number 3"),
        ("madebuy:edge.tls", "strict", "a mapping of fields is needed"),
        ("madebuy:edge", None, "a mapping of fields is needed, not nothing"),
        ("madebuy:adopt", ["zone"], "a mapping of fields is needed, not a list"),
        ("madebuy:database.mongodb_version", 8.0, 'Write one of: "7.0", "8.0"'),
        ("madebuy:database.node_count", 4, "Write one of: 3, 5, 7"),
        ("madebuy:database.tier", "m10", 'Did you mean "M10"?'),
        ("madebuy:database.cluster", "a-name-that-is-longer-than-it-may-be", "at most 23 fit"),
        ("madebuy:edge.rate_limit", {"requests": 0}, "Write 1 or more"),
        ("madebuy:edge.rate_limit", {"requests": 100_000}, "Write 10000 or less"),
    ],
)
def test_rejects_a_wrong_type_in_words_of_a_person(place: str, value: object, says: str) -> None:
    error = refusal("prod", {place: value})

    assert says in str(error)
    assert "Input should" not in str(error)
    assert len(error.problems) == 1


def test_one_wrong_entry_of_a_list_is_one_problem() -> None:
    place = "madebuy:edge.rate_limit"
    rejects({place: {"paths": ["api"]}}, at=f"{place}.paths[0]", says="is no plain path")


def test_rejects_an_empty_configuration_with_every_key_it_needs() -> None:
    with pytest.raises(SettingsError) as caught:
        load("staging", {})

    assert {str(problem.path[0]) for problem in caught.value.problems} >= {"madebuy:edge", "madebuy:profile"}


def test_settings_can_not_be_changed_afterwards() -> None:
    stack = loaded()

    with pytest.raises(ValueError, match="frozen"):
        stack.edge.zone = "other.com.au"  # type: ignore[misc] # that it is refused is the point


def test_the_tags_are_the_audits_three() -> None:
    assert loaded().tag_map == {"environment": "production", "project": "madebuy", "cost-center": "infrastructure"}


def test_the_organization_is_read_by_the_same_rules() -> None:
    config, _ = read_stack_file(ROOT / "organization" / "Pulumi.organization.yaml")
    organization = load_organization("organization", config)

    assert organization.deployment.environments == ("staging", "production")
    with pytest.raises(SettingsError, match="a GitHub repository"):
        load_organization("organization", config | {"madebuy:deployment": '{"repository": "madebuy"}'})
    with pytest.raises(SettingsError, match="Write ap-southeast-2 in both"):
        load_organization("organization", config | {"aws:region": "us-east-1"})
    with pytest.raises(SettingsError, match="there is no such setting"):
        load_organization("organization", config | {"madebuy:edge": "{}"})


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=8,
)
_CONCERNS = ["accounts", "apps", "edge", "database", "storage", "cache", "secrets", "recovery", "monitoring", "adopt"]


@effort(deadline=None)
@given(concern=st.sampled_from(_CONCERNS), value=_JSON)
def test_whatever_a_key_holds_the_answer_is_settings_or_one_error(concern: str, value: object) -> None:
    config = changed("prod", {}) | {f"madebuy:{concern}": json.dumps(value)}
    with suppress(SettingsError):
        assert load("prod", config)
