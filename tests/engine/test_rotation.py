"""Dates move, the stack file follows, and no app ever holds a credential that its vendor refuses."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from operations.__main__ import main
from operations.stacks import read_stack
from settings.rotation import ROTATING, Kind
from tests.engine.apps import App, Vendors
from tests.engine.running import CLI, PACK, Run, World, copied_program

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.engine

FIRST_DAY = date(2026, 11, 1)
PERIOD, OVERLAP = 90, 14
PAIRS = {name for name, each in ROTATING.items() if each.kind is Kind.PAIR}
CUTOVERS = {name for name, each in ROTATING.items() if each.kind is Kind.CUTOVER}
QUARTERS = (1, 2, 3, 4)
FAILURES = (
    "update:DatabaseUser:database-web-user-b=refuse",
    "create:AccountToken:zone-token-token-2=refuse",
    "update:Secret:environments-web-mongodb-uri=die-after",
)
"""Each `up` gets one further than the last; what the third one did is never answered."""


@dataclass
class Estate:
    """A deployed staging stack with its apps running, and a calendar."""

    world: World
    apps: dict[str, App]
    today: date = FIRST_DAY
    refused: list[str] = field(default_factory=list)

    @classmethod
    def at(cls, folder: Path) -> Estate:
        project = copied_program(folder / "project", "staging", {})
        world = World(folder / "home", project)
        apps = {name: App(name, Vendors(world.home)) for name in ("admin", "web", "backup")}
        estate = cls(world, apps)
        assert estate.up().code == 0
        for app in apps.values():
            app.start()
        return estate

    def up(self, *options: str) -> Run:
        run = self.world.pulumi("staging", "up", "--yes", "--skip-preview", *options)
        self.after_up()
        return run

    def failing_up(self, *faults: str) -> Run:
        broken = [option for fault in faults for option in ("--fault", fault)]
        command = ("--", str(CLI), "up", "--yes", "--skip-preview")
        run = self.world.sandbox(*broken, "--stack", "staging", "--project", str(self.world.project), *command)
        self.after_up()
        return run

    def after_up(self) -> None:
        (self.world.home / "outputs.json").unlink(missing_ok=True)  # only an `up` changes them
        self.look()

    def look(self) -> None:
        """Ask every vendor whether it still accepts what each running app holds."""
        for app in self.apps.values():
            self.refused += [f"{self.today} {app.name} {name}" for name in app.refused(self.today)]

    def rotate(self, *options: str) -> int:
        arguments = ["rotate", "--stack", "staging", "--project", str(self.world.project)]
        return main([*arguments, "--today", self.today.isoformat(), *options])

    def start(self, name: str) -> int:
        """Start an app anew, and try to record it."""
        self.apps[name].start()
        self.look()
        outputs = self.world.home / "outputs.json"
        if not outputs.exists():
            said = self.world.pulumi("staging", "stack", "output", "--json").text
            outputs.write_text(said[said.index("{") :])
        return self.rotate("--redeployed", name, "--outputs", str(outputs))

    def wait(self, days: int) -> None:
        self.today += timedelta(days=days)

    def unchanged(self) -> bool:
        return self.world.pulumi("staging", "preview", "--expect-no-changes").code == 0

    def live(self) -> dict[str, list[int]]:
        secrets = read_stack(self.world.project / "Pulumi.staging.yaml").secrets
        return {name: [each.generation for each in secrets.generations(name)] for name in PAIRS | CUTOVERS}


def generations(pair: list[int], cutover: list[int]) -> dict[str, list[int]]:
    return dict.fromkeys(PAIRS, pair) | dict.fromkeys(CUTOVERS, cutover)


def test_over_four_quarters_both_of_a_pair_work_until_the_old_one_is_retired(tmp_path: Path) -> None:
    estate = Estate.at(tmp_path)
    held = [dict(estate.apps["admin"].held)]

    for quarter in QUARTERS:
        estate.wait(PERIOD - (estate.today - FIRST_DAY).days % PERIOD)
        assert estate.rotate() == 0
        assert estate.live() == generations([quarter, quarter + 1], [quarter + 1])
        assert estate.up().code == 0

        estate.start("admin")
        estate.wait(OVERLAP)
        # The shop was forgotten: what it shares is not retired, whatever the day.
        assert estate.rotate() == 1
        assert estate.live()["database-users"] == [quarter, quarter + 1]
        for name in ("web", "backup"):
            estate.start(name)
        estate.rotate()
        assert estate.live() == generations([quarter + 1], [quarter + 1])
        assert estate.up().code == 0
        held.append(dict(estate.apps["admin"].held))

    assert estate.refused == []
    for name in ("MONGODB_URI", "R2_SECRET_ACCESS_KEY", "CLOUDFLARE_API_TOKEN", "DOPPLER_TOKEN", "NEXTAUTH_SECRET"):
        assert len({each[name] for each in held}) == 1 + len(QUARTERS), name
    for old in held[:-1]:
        gone = App("admin", estate.apps["admin"].vendors, old).refused(estate.today)
        assert gone == ["MONGODB_URI", "R2_SECRET_ACCESS_KEY", "CLOUDFLARE_API_TOKEN", "DOPPLER_TOKEN"]


def test_a_day_on_which_nothing_is_due_changes_nothing(tmp_path: Path) -> None:
    estate = Estate.at(tmp_path)
    file = estate.world.project / "Pulumi.staging.yaml"
    before = file.read_bytes()

    for days in (1, 40, 48):
        estate.wait(days)
        assert estate.rotate() == 0

    assert file.read_bytes() == before
    assert estate.unchanged()


def test_a_run_two_periods_late_starts_one_generation_and_an_up_that_fails_is_finished_by_the_next(
    tmp_path: Path,
) -> None:
    estate = Estate.at(tmp_path)
    estate.wait(3 * PERIOD)
    assert estate.rotate() == 0

    for number in range(len(FAILURES)):
        assert estate.failing_up(*FAILURES[number:]).code != 0
        assert estate.rotate() == 0
        assert estate.live() == generations([1, 2], [2])
        assert estate.start("web") == 1  # it may have started with the old one
        assert estate.refused == []

    assert estate.up().code == 0
    assert estate.unchanged()
    assert [estate.start(name) for name in estate.apps] == [0, 0, 0]
    estate.wait(OVERLAP)
    estate.rotate()
    assert estate.live() == generations([2], [2])
    assert estate.up().code == 0
    assert estate.refused == []


def test_a_leaked_token_and_a_leaked_session_secret_are_gone_the_same_day_and_the_policies_let_them(
    tmp_path: Path,
) -> None:
    estate = Estate.at(tmp_path)
    leaked = App("admin", estate.apps["admin"].vendors, dict(estate.apps["admin"].held))

    estate.rotate("--now", "zone-token", "--now", "nextauth-secret")
    both_live = estate.up(*PACK)
    assert both_live.code == 0, both_live.text
    assert estate.rotate("--now", "zone-token") == 1  # the dashboard still holds it
    estate.start("admin")
    assert estate.rotate("--now", "zone-token") == 0
    assert estate.up().code == 0

    assert leaked.refused(estate.today) == ["CLOUDFLARE_API_TOKEN"]
    assert estate.apps["admin"].held["NEXTAUTH_SECRET"] != leaked.held["NEXTAUTH_SECRET"]
    assert estate.refused == []
