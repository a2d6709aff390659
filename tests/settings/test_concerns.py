"""What one concern cannot ask of itself, of its plan or of its tier."""

from itertools import pairwise

import pytest

from settings import AtlasTier, CloudflarePlan, LoadBalancer
from tests.settings.stack_files import FREE, REMOVED, loaded, refusal, rejects


def test_rejects_two_origins_of_one_name() -> None:
    rejects({"madebuy:apps.origins[1].name": "sydney-1"}, at="madebuy:apps.origins", says='called "sydney-1"')


def test_rejects_one_machine_listed_as_two_origins() -> None:
    rejects(
        {"madebuy:apps.origins[1].address": "203.0.113.10"},
        at="madebuy:apps.origins",
        says='"203.0.113.10" is listed as two origins',
    )


def test_rejects_a_host_that_leads_to_both_apps() -> None:
    changes = {"madebuy:apps.admin.host": "madebuy.com.au"}
    rejects(changes, at="madebuy:apps.web", says='"madebuy.com.au" is listed twice')


def test_rejects_a_stack_without_an_origin() -> None:
    rejects({"madebuy:apps.origins": []}, at="madebuy:apps.origins", says="at least 1 is needed")


def test_rejects_no_workers() -> None:
    rejects({"madebuy:apps.web.workers": 0}, at="madebuy:apps.web.workers", says="Write 1 or more")


def test_rejects_full_tls_without_a_reason() -> None:
    rejects({"madebuy:edge.tls.mode": "full"}, at="madebuy:edge.tls.mode", says="needs a reason and an end")


def test_rejects_a_reason_for_an_exception_that_is_not_made() -> None:
    exception = {"reason": "Railway presents its own certificate.", "ticket": "INFRA-12", "expires": "2027-01-31"}
    rejects({"madebuy:edge.tls.exception": exception}, at="madebuy:edge.tls.exception", says="Remove exception")


def test_full_tls_is_possible_with_reason_ticket_and_end() -> None:
    exception = {"reason": "Railway presents its own certificate.", "ticket": "INFRA-12", "expires": "2027-01-31"}

    stack = loaded(changes={"madebuy:edge.tls": {"mode": "full", "exception": exception}})

    everywhere = stack.edge.tls.exception_for("madebuy.com.au")
    assert everywhere is not None
    assert everywhere.expires.isoformat() == "2027-01-31"


def test_rejects_a_tls_version_older_than_the_audit_allows() -> None:
    place = "madebuy:edge.tls.minimum_version"
    rejects({place: "1.1"}, at=place, says='Write one of: "1.2", "1.3"')


@pytest.mark.parametrize(
    "hsts", [{"max_age_days": 30, "preload": True}, {"include_subdomains": False, "preload": True}]
)
def test_rejects_hsts_preload_that_browsers_would_not_list(hsts: dict[str, object]) -> None:
    rejects(
        {"madebuy:edge.tls.hsts": hsts}, at="madebuy:edge.tls.hsts.preload", says="the browsers' list takes no zone"
    )


@pytest.mark.parametrize(
    ("plan", "field", "seconds"),
    [
        ("free", "period_seconds", 60),
        ("free", "mitigation_seconds", 60),
        ("pro", "period_seconds", 120),
        ("pro", "period_seconds", 11),
        ("pro", "mitigation_seconds", 86_400),
        ("business", "period_seconds", 900),
    ],
)
def test_rejects_a_rate_limit_that_the_plan_does_not_take(plan: str, field: str, seconds: int) -> None:
    place = f"madebuy:edge.rate_limit.{field}"
    changes = FREE if plan == "free" else {"madebuy:edge.plan": plan}
    rejects(changes | {place: seconds}, at=place, says=f"plan {plan} does not take {seconds} seconds", stack="staging")


def test_a_larger_plan_takes_longer_periods() -> None:
    stack = loaded(changes={"madebuy:edge.plan": "business", "madebuy:edge.rate_limit.period_seconds": 600})

    assert stack.edge.plan is CloudflarePlan.BUSINESS


def test_rejects_checks_more_often_than_the_plan_allows() -> None:
    rejects(
        {"madebuy:edge.load_balancer": {"interval_seconds": 10, "retries": 0}},
        at="madebuy:edge.load_balancer.interval_seconds",
        says="no more often than every 15 seconds",
    )


def test_rejects_checks_that_overlap() -> None:
    rejects(
        {"madebuy:edge.load_balancer": {"interval_seconds": 15, "retries": 2, "timeout_seconds": 10}},
        at="madebuy:edge.load_balancer.interval_seconds",
        says="can take 30 s",
    )


def test_a_dead_origin_is_noticed_after_one_interval_and_every_try() -> None:
    assert LoadBalancer(interval_seconds=60, retries=2, timeout_seconds=5).detection_seconds == 75


@pytest.mark.parametrize(
    ("field", "value"),
    [("backups", {}), ("customer_key", True), ("auditing", True), ("max_tier", "M10")],
)
def test_rejects_on_flex_what_atlas_has_on_dedicated_tiers_only(field: str, value: object) -> None:
    place = f"madebuy:database.{field}"
    rejects({place: value}, at=place, says="tier: M10", stack="staging")


@pytest.mark.parametrize("field", ["node_count", "mongodb_version", "maintenance"])
def test_rejects_on_flex_what_would_change_nothing(field: str) -> None:
    place = f"madebuy:database.{field}"
    values = {"node_count": 5, "mongodb_version": "8.0", "maintenance": {"day": 1}}
    rejects({place: values[field]}, at=place, says="it would change nothing", stack="staging")


def test_rejects_flex_where_atlas_has_none() -> None:
    place = "madebuy:database.region"
    rejects({place: "AP_SOUTHEAST_4"}, at=place, says="no Flex in AP_SOUTHEAST_4", stack="staging")


@pytest.mark.parametrize(("tier", "max_tier"), [("M20", "M10"), ("M20", "M20"), ("M10", "FLEX")])
def test_rejects_autoscaling_to_a_tier_that_is_not_larger(tier: str, max_tier: str) -> None:
    rejects(
        {"madebuy:database.tier": tier, "madebuy:database.max_tier": max_tier},
        at="madebuy:database.max_tier",
        says=f"{max_tier} is not larger than tier ({tier})",
    )


def test_rejects_a_dedicated_cluster_without_backups() -> None:
    rejects({"madebuy:database.backups": None}, at="madebuy:database.backups", says="has no backup")


def test_rejects_a_point_in_time_window_longer_than_hourly_snapshots_are_kept() -> None:
    rejects(
        {"madebuy:database.backups": {"hourly_days": 3}},
        at="madebuy:database.backups.hourly_days",
        says="Write hourly_days: 7",
    )


@pytest.mark.parametrize(
    ("backups", "field"),
    [
        ({"hourly_days": 10}, "daily_days"),
        ({"daily_days": 40}, "weekly_weeks"),
        ({"weekly_weeks": 60}, "monthly_months"),
    ],
)
def test_rejects_rarer_snapshots_that_go_before_more_frequent_ones(backups: dict[str, int], field: str) -> None:
    rejects(
        {"madebuy:database.backups": backups}, at=f"madebuy:database.backups.{field}", says="the rarer ones go first"
    )


def test_rejects_fewer_daily_snapshots_than_the_audit_asks_for() -> None:
    place = "madebuy:database.backups"
    rejects({place: {"daily_days": 6}}, at=f"{place}.daily_days", says="Write 7 or more")


def test_rejects_a_copy_beside_the_original() -> None:
    rejects(
        {"madebuy:database.backups": {"copy_region": "AP_SOUTHEAST_2"}},
        at="madebuy:database.backups",
        says="if that region is lost, so is the copy",
    )


def test_rejects_two_halves_that_together_are_too_wide() -> None:
    entries = [{"cidr": f"203.0.{part}.0/24", "comment": "office"} for part in (112, 113)]
    rejects({"madebuy:database.access": entries}, at="madebuy:database.access", says="together let in 203.0.112.0/23")


def test_blocks_that_do_not_touch_are_not_added_up() -> None:
    entries = [{"cidr": f"203.0.{part}.0/24", "comment": "office"} for part in (111, 113)]

    assert len(loaded(changes={"madebuy:database.access": entries}).database.access) == 2


@pytest.mark.parametrize("second", ["203.0.113.10/32", "203.0.113.0/28"])
def test_rejects_an_entry_that_another_one_already_lets_in(second: str) -> None:
    place = "madebuy:database.access"
    entries = [{"cidr": cidr, "comment": "origin"} for cidr in ("203.0.113.10/32", second)]
    error = refusal("prod", {place: entries})

    assert "is already let in by" in str(error)
    assert len(error.problems) == 1


def test_rejects_an_empty_access_list() -> None:
    rejects({"madebuy:database.access": []}, at="madebuy:database.access", says="at least 1 is needed")


def test_rejects_an_entry_that_does_not_say_whose_it_is() -> None:
    place = "madebuy:database.access[0].comment"
    rejects({place: REMOVED}, at=place, says="this is missing")


def test_rejects_a_pool_whose_least_is_more_than_its_most() -> None:
    rejects(
        {"madebuy:database.pool": {"max_size": 5, "min_size": 10}},
        at="madebuy:database.pool.min_size",
        says="the driver refuses to start",
    )


def test_rejects_a_backup_bucket_that_is_the_public_one() -> None:
    place = "madebuy:storage.backups.bucket"
    rejects({place: "madebuy-media"}, at=place, says="the whole world can read")


@pytest.mark.parametrize(("field", "value", "least"), [("lock_days", 27, 28), ("keep_days", 89, 90)])
def test_rejects_backups_that_go_sooner_than_four_weekly_ones_last(field: str, value: int, least: int) -> None:
    place = f"madebuy:storage.backups.{field}"
    rejects({place: value}, at=place, says=f"Write {least} or more")


def test_rejects_a_lifecycle_that_the_lock_would_overrule() -> None:
    rejects(
        {"madebuy:storage.backups.lock_days": 120},
        at="madebuy:storage.backups.keep_days",
        says="the lock wins",
    )


def test_rejects_a_region_that_upstash_does_not_have() -> None:
    place = "madebuy:cache.region"
    rejects({place: "ap-southeast-4"}, at=place, says='no primary region "ap-southeast-4"')


def test_rejects_cache_addresses_that_together_are_too_wide() -> None:
    place = "madebuy:cache.allowed_cidrs"
    rejects({place: ["203.0.112.0/24", "203.0.113.0/24"]}, at=place, says="together let in 203.0.112.0/23")


def test_rejects_a_rotation_period_shorter_than_its_overlap() -> None:
    rejects(
        {"madebuy:secrets.period_days": 14, "madebuy:secrets.overlap_days": 14},
        at="madebuy:secrets.overlap_days",
        says="a third secret would be due",
    )


@pytest.mark.parametrize("days", [6, 31])
def test_rejects_a_key_deletion_window_that_aws_does_not_have(days: int) -> None:
    rejects(
        {"madebuy:recovery.key_deletion_days": days},
        at="madebuy:recovery.key_deletion_days",
        says="Days between asking AWS to delete the key",
    )


def test_rejects_alerts_that_go_to_nobody() -> None:
    rejects({"madebuy:monitoring.emails": []}, at="madebuy:monitoring.emails", says="at least 1 is needed")


@pytest.mark.parametrize(
    ("role", "vendor_id"),
    [("zone", "madebuy.com.au"), ("redis", "madebuy"), ("media-bucket", "madebuy-media"), ("kms-key", "alias/madebuy")],
)
def test_rejects_an_adopted_id_that_its_import_does_not_take(role: str, vendor_id: str) -> None:
    rejects({"madebuy:adopt": {role: vendor_id}}, at=f"madebuy:adopt.{role}", says=f"the import of a {role} takes")


def test_rejects_a_role_that_no_component_adopts() -> None:
    rejects({"madebuy:adopt": {"zoen": "0" * 32}}, at="madebuy:adopt.zoen", says='Did you mean "zone"?')


def test_tiers_are_in_the_order_of_their_size() -> None:
    sizes = list(AtlasTier)

    assert all(larger.is_larger_than(smaller) for smaller, larger in pairwise(sizes))
    assert all(larger.connections >= smaller.connections for smaller, larger in pairwise(sizes))
