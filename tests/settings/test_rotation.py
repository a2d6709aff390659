"""What rotates, which generations are live, and what a stack file may say about them."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from settings import Pair
from settings.contract import CONTRACT, AppName, External, Generated, Provisioned
from settings.rotation import BACKUP_KEY, DATABASE_USERS, MEDIA_KEY, ROTATING, Kind
from tests.settings.stack_files import loaded, rejects

ROTATION = "madebuy:secrets.rotation"
FIRST = {"generation": 1, "started": "2026-11-01"}
SECOND = {"generation": 2, "started": "2027-01-30"}


def test_every_secret_of_the_contract_rotates_and_no_public_variable_does() -> None:
    rotating = {name for each in ROTATING.values() for name in each.variables}

    assert rotating == {variable.name for variable in CONTRACT if variable.secret}


def test_a_secret_rotates_in_one_way_only() -> None:
    ways = Counter(name for each in ROTATING.values() for name in each.variables)

    # Two buckets, two keys: one for the dashboard, one for the backup job.
    assert {name for name, count in ways.items() if count > 1} == {"R2_ACCESS_KEY_ID", "R2_SECRET_ACCESS_KEY"}


@pytest.mark.parametrize(
    ("source", "kinds"),
    [(Generated, {Kind.CUTOVER}), (External, {Kind.VENDOR}), (Provisioned, {Kind.PAIR, Kind.VENDOR})],
)
def test_how_a_secret_rotates_follows_from_where_it_comes_from(source: type, kinds: set[Kind]) -> None:
    names = {variable.name for variable in CONTRACT if variable.secret and isinstance(variable.source, source)}

    assert {each.kind for each in ROTATING.values() if names & set(each.variables)} == kinds


def test_the_old_one_of_a_pair_waits_for_every_app_that_goes_on_with_it() -> None:
    apps = {name: set(each.apps) for name, each in ROTATING.items() if each.kind is Kind.PAIR}

    assert apps[DATABASE_USERS] == {AppName.ADMIN, AppName.WEB}
    assert apps[MEDIA_KEY] == {AppName.ADMIN}
    assert apps[BACKUP_KEY] == set()  # the job reads its environment anew at each run
    assert apps["service-token-backup"] == {AppName.BACKUP}  # but its host must be given the token


def test_what_a_stack_file_does_not_list_is_in_its_first_generation() -> None:
    secrets = loaded().secrets

    assert [each.number for each in secrets.live(MEDIA_KEY)] == [1]
    assert secrets.pair(DATABASE_USERS) == Pair(generation=1, previous="retired")


def test_two_generations_are_live_while_a_pair_changes_over() -> None:
    secrets = loaded(changes={ROTATION: {MEDIA_KEY: [FIRST, SECOND], DATABASE_USERS: [FIRST, SECOND]}}).secrets

    assert [each.number for each in secrets.live(MEDIA_KEY)] == [1, 2]
    assert secrets.pair(DATABASE_USERS) == Pair(generation=2, previous="valid")


def test_a_retired_generation_is_no_longer_live() -> None:
    secrets = loaded(changes={ROTATION: {MEDIA_KEY: [SECOND], DATABASE_USERS: [SECOND]}}).secrets

    assert [each.number for each in secrets.live(MEDIA_KEY)] == [2]
    assert secrets.pair(DATABASE_USERS) == Pair(generation=2, previous="retired")


@pytest.mark.parametrize(("period", "overlap"), [(90, 14), (30, 8), (365, 60)])
def test_a_credential_outlives_two_missed_periods_and_its_overlap_by_thirty_days(period: int, overlap: int) -> None:
    ages = {"madebuy:secrets.period_days": period, "madebuy:secrets.overlap_days": overlap}
    secrets = loaded(changes={**ages, ROTATION: {MEDIA_KEY: [SECOND]}}).secrets
    (generation,) = secrets.generations(MEDIA_KEY)
    (live,) = secrets.live(MEDIA_KEY)

    assert live.expires_on == generation.started + timedelta(days=3 * period + overlap + 30)


@pytest.mark.parametrize(("name", "days"), [(MEDIA_KEY, 60), ("nextauth-secret", 90), ("stripe", 365)])
def test_each_kind_has_a_period_of_its_own(name: str, days: int) -> None:
    secrets = loaded(changes={"madebuy:secrets.period_days": 60}).secrets

    assert secrets.due_on(name) == secrets.started_on + timedelta(days=days)


@pytest.mark.parametrize("name", list(ROTATING))
def test_a_generation_of_anything_that_rotates_is_no_secret_in_plain_text(name: str) -> None:
    assert loaded(changes={ROTATION: {name: [SECOND]}}).secrets.generations(name)[0].generation == 2


@pytest.mark.parametrize(
    ("rotation", "at", "says"),
    [
        ({"media-kye": [FIRST]}, ".media-kye", 'Did you mean "media-key"?'),
        ({MEDIA_KEY: []}, ".media-key", "0 generations are live"),
        ({MEDIA_KEY: [FIRST, SECOND, {**SECOND, "generation": 3, "started": "2027-05-01"}]}, ".media-key", "3 gen"),
        ({"nextauth-secret": [FIRST, SECOND]}, ".nextauth-secret", "a cutover has 1:"),
        ({MEDIA_KEY: [FIRST, {**SECOND, "generation": 3}]}, ".media-key[1]", "does not follow 1"),
        ({MEDIA_KEY: [SECOND, {**FIRST, "generation": 3}]}, ".media-key[1]", "and no older"),
        ({MEDIA_KEY: [{**FIRST, "redeployed": ["web"]}]}, ".media-key[0].redeployed", "web does not hold media-key"),
        ({MEDIA_KEY: [{**FIRST, "generation": 0}]}, ".media-key[0].generation", "0 is too small"),
        ({MEDIA_KEY: [{**FIRST, "started": "soon"}]}, ".media-key[0].started", "Write for example"),
    ],
)
def test_rejects_generations_that_are_none(rotation: dict[str, Any], at: str, says: str) -> None:
    rejects({ROTATION: rotation}, at=f"{ROTATION}{at}", says=says)


def test_rejects_a_rotation_period_shorter_than_its_overlap() -> None:
    rejects(
        {"madebuy:secrets.period_days": 14, "madebuy:secrets.overlap_days": 15},
        at="madebuy:secrets.overlap_days",
        says="15 is not shorter than period_days (14)",
    )


def test_rejects_an_overlap_that_a_weekly_job_can_sleep_through() -> None:
    rejects({"madebuy:secrets.overlap_days": 7}, at="madebuy:secrets.overlap_days", says="between two backups")


class TestAPair:
    """Two credentials that take turns."""

    @pytest.mark.parametrize(("generation", "current"), [(1, "a"), (2, "b"), (3, "a"), (4, "b")])
    def test_the_two_take_turns(self, generation: int, current: str) -> None:
        assert Pair(generation=generation).current == current

    @pytest.mark.parametrize("generation", [1, 2, 3, 8])
    def test_a_rotation_makes_the_idle_one_anew_and_leaves_the_other_alone(self, generation: int) -> None:
        before, after = Pair(generation=generation), Pair(generation=generation + 1)
        handed_out, idle = before.current, after.current

        assert after.keeper(handed_out) == before.keeper(handed_out)
        assert after.keeper(idle) != before.keeper(idle)

    @pytest.mark.parametrize("generation", [2, 3, 8])
    def test_retiring_changes_the_one_before_and_leaves_the_one_in_use_alone(self, generation: int) -> None:
        valid, retired = Pair(generation=generation), Pair(generation=generation, previous="retired")
        previous = Pair(generation=generation - 1).current

        assert retired.keeper(valid.current) == valid.keeper(valid.current)
        assert retired.keeper(previous) != valid.keeper(previous)

    def test_no_password_is_ever_used_twice(self) -> None:
        states = [Pair(generation=g, previous=p) for g in range(1, 9) for p in ("valid", "retired")]
        keepers = {slot: [state.keeper(slot) for state in states] for slot in ("a", "b")}

        for history in keepers.values():
            changes = [now for was, now in zip([None, *history], history, strict=False) if now != was]
            assert len(changes) == len(set(changes))
