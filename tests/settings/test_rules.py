"""What two concerns cannot be together, and the least that production takes."""

import pytest

from settings import AtlasTier, Environment, ProfileName, SettingsError, load
from tests.settings.stack_files import FREE, REMOVED, changed, loaded, refusal, rejects


@pytest.mark.parametrize("stack", ["staging", "preview"])
def test_rejects_production_under_another_stack_name(stack: str) -> None:
    with pytest.raises(SettingsError, match="only stacks called prod or production are guarded as such"):
        load(stack, changed("prod", {}))


def test_rejects_a_production_name_for_something_else() -> None:
    error = refusal("prod", {"madebuy:environment": "staging"})

    assert "its name says production" in str(error)


def test_rejects_flex_in_production() -> None:
    changes = {"madebuy:profile": "minimal", "madebuy:edge.load_balancer": None}
    flex = {"madebuy:database.tier": "FLEX", "madebuy:database.backups": None}
    small = {"madebuy:database.pool": {"max_size": 20}}
    rejects(changes | flex | small, at="madebuy:database.tier", says="production loses orders on it")


def test_rejects_production_without_point_in_time_restore() -> None:
    place = "madebuy:database.backups"
    changes = {"madebuy:profile": "minimal", place: {"point_in_time_days": None}}
    rejects(changes, at=f"{place}.point_in_time_days", says="Write point_in_time_days: 7")


def test_rejects_production_without_termination_protection() -> None:
    place = "madebuy:database.termination_protection"
    rejects({place: False}, at=place, says="one click deletes production's data")


def test_rejects_production_on_the_free_plan() -> None:
    rejects(FREE, at="madebuy:edge.plan", says="Write plan: pro")


@pytest.mark.parametrize("hour", [0, 12, 19])
def test_rejects_maintenance_while_customers_are_awake(hour: int) -> None:
    place = "madebuy:database.maintenance"
    rejects({place: {"hour": hour}}, at=f"{place}.hour", says="is not at night in Sydney")


def test_rejects_eviction_of_sessions_in_production() -> None:
    place = "madebuy:cache.eviction"
    rejects({place: True}, at=place, says="sessions and rate-limit counters")


def test_staging_may_have_what_production_may_not() -> None:
    changes = FREE | {
        "madebuy:cache.eviction": True,
        "madebuy:database.tier": "M10",
        "madebuy:database.backups": {"point_in_time_days": None},
        "madebuy:database.maintenance": {"hour": 3},
    }

    assert loaded("staging", changes).environment is Environment.STAGING


@pytest.mark.parametrize(
    ("place", "host"),
    [
        ("madebuy:apps.web.host", "madebuy.net"),
        ("madebuy:apps.web.aliases[0]", "www.madebuy.net"),
        ("madebuy:storage.media.host", "media.madebuy.net"),
        ("madebuy:storage.media.host", "mediamadebuy.com.au"),
    ],
)
def test_rejects_a_host_outside_the_zone(place: str, host: str) -> None:
    rejects({place: host}, at=place, says="is not in the zone madebuy.com.au")


@pytest.mark.parametrize("place", ["madebuy:apps.web.aliases[0]", "madebuy:storage.media.host"])
def test_rejects_a_host_that_the_zones_certificate_does_not_cover(place: str) -> None:
    rejects({place: "a.b.madebuy.com.au"}, at=place, says="Universal SSL covers one level")


@pytest.mark.parametrize("wildcard", ["*.madebuy.net", "*.shops.madebuy.com.au"])
def test_rejects_a_wildcard_outside_the_zone(wildcard: str) -> None:
    place = "madebuy:apps.web.tenants"
    rejects({place: wildcard}, at=place, says='Write "*.madebuy.com.au"')


@pytest.mark.parametrize("address", ["madebuy.com.au", "origin.madebuy.com.au"])
def test_rejects_an_origin_that_is_itself_proxied(address: str) -> None:
    place = "madebuy:apps.origins[0].address"
    rejects({place: address}, at=place, says="in a circle")


def test_rejects_a_load_balancer_over_one_origin() -> None:
    rejects(
        {"madebuy:apps.origins[1]": REMOVED}, at="madebuy:apps.origins", says="there is a load balancer and 1 origin"
    )


def test_rejects_high_availability_without_a_load_balancer() -> None:
    place = "madebuy:edge.load_balancer"
    rejects({place: None}, at=place, says="Leave load_balancer out, or write madebuy:profile: hardened")


def test_rejects_backups_that_break_the_profiles_promise() -> None:
    place = "madebuy:database.backups"
    changes = {"madebuy:profile": "hardened", place: {"point_in_time_days": None, "hourly_interval": 6}}
    rejects(changes, at=f"{place}.hourly_interval", says="can lose 360 minutes", stack="staging")


@pytest.mark.parametrize("host", ["madebuy.com.au", "www.madebuy.com.au", "dashboard.madebuy.com.au"])
def test_rejects_a_media_host_that_is_an_apps(host: str) -> None:
    place = "madebuy:storage.media.host"
    rejects({place: host}, at=place, says="is also a host of an app")


@pytest.mark.parametrize("origin", ["https://evil.example", "https://dashboard.madebuy-staging.com.au"])
def test_rejects_uploads_from_hosts_that_are_not_the_stacks_own(origin: str) -> None:
    place = "madebuy:storage.media.upload_origins[0]"
    rejects({place: origin}, at=place, says="Write one of: https://dashboard.madebuy.com.au,")


@pytest.mark.parametrize("blocked", ["/api", "/api/webhooks/", "/"])
def test_rejects_a_blocked_path_that_stops_payments_or_health_checks(blocked: str) -> None:
    place = "madebuy:edge.firewall.blocked_paths"
    error = refusal("prod", {place: [blocked]})

    assert f'madebuy:edge.firewall.blocked_paths[0]: "{blocked}" also blocks /api/webhooks/stripe' in str(error)


def test_rejects_more_connections_than_the_tier_takes_and_says_which_number_to_lower() -> None:
    place = "madebuy:database.pool"
    error = refusal("prod", {place: {"max_size": 100}})

    assert "2 origins x 8 workers of both apps x 102 connections (1,632) are more than a node of M10 takes (1,490)" in (
        str(error)
    )
    assert "Write max_size: 91" in str(error)


def test_the_number_it_says_is_the_largest_that_fits() -> None:
    place = "madebuy:database.pool"

    assert loaded(changes={place: {"max_size": 91}}).database.pool.max_size == 91
    rejects({place: {"max_size": 92}}, at=f"{place}.max_size", says="Write max_size: 91")


def test_rejects_more_workers_than_flex_takes_connections() -> None:
    error = refusal("staging", {"madebuy:apps.web.workers": 4})

    assert "more than a node of FLEX takes (500)" in str(error)


def test_rejects_processes_that_no_pool_is_small_enough_for() -> None:
    error = refusal("staging", {"madebuy:apps.web.workers": 64, "madebuy:apps.admin.workers": 64})

    assert "fewer workers in madebuy:apps" in str(error)


def test_rejects_a_key_where_neither_the_data_nor_its_copies_are() -> None:
    place = "madebuy:recovery.region"
    changes = {place: "ap-southeast-1", "aws:region": "ap-southeast-1"}
    rejects(changes, at=place, says="Write region: ap-southeast-2 or ap-southeast-4")


def test_the_key_may_be_beside_the_copies() -> None:
    changes = {"madebuy:recovery.region": "ap-southeast-4", "aws:region": "ap-southeast-4"}

    assert loaded(changes=changes).recovery.region == "ap-southeast-4"


def test_rejects_a_provider_that_works_in_another_region() -> None:
    rejects({"aws:region": "us-east-1"}, at="aws:region", says="Write ap-southeast-2 in both")


def test_rejects_an_adopted_bucket_that_is_not_the_one_in_the_settings() -> None:
    other = "00000000000000000000000000000001/other-bucket/default"
    rejects({"madebuy:adopt": {"media-bucket": other}}, at="madebuy:adopt.media-bucket", says="madebuy-media/default")


def test_rejects_an_adopted_cluster_without_its_project() -> None:
    cluster = "0123456789abcdef01234567-madebuy"
    rejects(
        {"madebuy:adopt": {"cluster": cluster}},
        at="madebuy:adopt.cluster",
        says="Add atlas-project: 0123456789abcdef01234567",
    )


def test_rejects_an_adopted_cluster_of_another_name() -> None:
    project = "0123456789abcdef01234567"
    rejects(
        {"madebuy:adopt": {"atlas-project": project, "cluster": f"{project}-cluster0"}},
        at="madebuy:adopt.cluster",
        says="Write cluster: cluster0 in madebuy:database",
    )


def test_rejects_an_adopted_doppler_project_of_another_name() -> None:
    rejects(
        {"madebuy:adopt": {"doppler-project": "shop"}},
        at="madebuy:adopt.doppler-project",
        says="Write doppler_project: shop in madebuy:secrets",
    )


@pytest.mark.parametrize("profile", list(ProfileName))
@pytest.mark.parametrize("stack", ["staging", "prod"])
def test_every_profile_fits_every_shipped_stack(stack: str, profile: ProfileName) -> None:
    settings = loaded(stack, {"madebuy:profile": profile.value})

    assert settings.profile.name is profile
    assert (settings.edge.load_balancer is not None) is (profile is ProfileName.HIGH_AVAILABILITY)


def test_production_keeps_its_floor_in_the_smallest_profile() -> None:
    database = loaded(changes={"madebuy:profile": "minimal"}).database

    assert database.tier is AtlasTier.M10
    assert database.backups is not None
    assert database.backups.point_in_time_days == 7
    assert database.termination_protection
    assert (database.customer_key, database.auditing, database.backups.copy_region) == (False, False, None)
