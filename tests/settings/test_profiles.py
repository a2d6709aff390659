"""Profiles are defaults and promises: a stack file overrides the one, and reports hold it to the other."""

import pytest

from settings import AtlasTier, Environment, ProfileName
from settings.profiles import PROFILES, defaults, merge
from tests.settings.stack_files import loaded, rejects


def test_a_key_of_the_stack_file_overrides_the_profile_and_leaves_its_neighbours() -> None:
    database = loaded(
        changes={"madebuy:database.backups": {"daily_days": 14}, "madebuy:database.auditing": False}
    ).database

    assert database.backups is not None
    assert (database.backups.daily_days, database.backups.copy_region) == (14, "AP_SOUTHEAST_4")
    assert (database.auditing, database.customer_key) == (False, True)


def test_null_takes_away_what_the_profile_gives() -> None:
    assert loaded(changes={"madebuy:database.max_tier": None}).database.max_tier is None


def test_a_smaller_profile_with_a_load_balancer_written_has_one() -> None:
    edge = loaded("staging", {"madebuy:edge.load_balancer": {"interval_seconds": 30}}).edge

    assert edge.load_balancer is not None
    assert edge.load_balancer.detection_seconds == 45


@pytest.mark.parametrize("environment", [Environment.STAGING, Environment.DEVELOPMENT])
def test_only_the_smallest_profile_outside_production_takes_flex(environment: Environment) -> None:
    tiers = {profile: defaults(profile, environment)["database"]["tier"] for profile in ProfileName}

    assert tiers == {"minimal": AtlasTier.FLEX, "hardened": AtlasTier.M10, "high-availability": AtlasTier.M10}


@pytest.mark.parametrize("profile", list(ProfileName))
def test_only_production_is_protected_from_termination(profile: ProfileName) -> None:
    protected = {
        environment: defaults(profile, environment)["database"]["termination_protection"] for environment in Environment
    }

    assert [environment for environment, yes in protected.items() if yes] == [Environment.PRODUCTION]


def test_promises_grow_with_the_profile_and_the_money() -> None:
    ladder = [PROFILES[name] for name in ProfileName]

    assert [each.monthly_budget_usd for each in ladder] == [91, 180, 220]
    assert sorted(ladder, key=lambda each: each.uptime_percent) == ladder
    assert sorted(ladder, key=lambda each: -each.rto_minutes) == ladder


def test_merging_changes_neither_side() -> None:
    under, over = {"a": {"b": 1}}, {"a": {"c": 2}}

    assert merge(under, over) == {"a": {"b": 1, "c": 2}}
    assert (under, over) == ({"a": {"b": 1}}, {"a": {"c": 2}})


def test_rejects_an_unknown_profile_and_offers_the_nearest() -> None:
    rejects({"madebuy:profile": "hardend"}, at="madebuy:profile", says='Did you mean "hardened"?')


def test_rejects_a_profile_spelled_out_as_a_mapping() -> None:
    rejects({"madebuy:profile": {"name": "minimal"}}, at="madebuy:profile", says="Write one of: minimal")
