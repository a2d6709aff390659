"""One resource of each vendor through the real CLI: made, unchanged, drifted, broken, refused, removed."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tests.engine.running import ROOT, Run, World
from tests.sandbox.programs import ONE_OF_EACH, Program, program, secrets_in

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.engine


def zone(options: str = "") -> str:
    """A program with one zone."""
    return (
        "import pulumi, pulumi_cloudflare as cloudflare\n"
        f'zone = cloudflare.Zone("zone", account={{"id": "a" * 32}}, name="shop.example", {options})\n'
    )


RECORD = f"""{zone()}
cloudflare.DnsRecord("www", zone_id=zone.id, name="www.shop.example", type="A", ttl=1, content="192.0.2.1")
"""
RAW = 'import pulumi\npulumi.CustomResource("{}", "bad", {})\n'


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> tuple[Program, Run]:
    """One of each, made once, and what the CLI said to it."""
    made = program(tmp_path_factory.mktemp("each"), ONE_OF_EACH)
    return made, made.up()


@pytest.fixture
def each(template: tuple[Program, Run], tmp_path: Path) -> Program:
    """The same, for one test to change."""
    source = template[0].world.project.parent
    shutil.copytree(source, tmp_path / "copy")
    return Program(World(tmp_path / "copy" / "home", tmp_path / "copy" / "shop"))


def test_one_of_each_vendor_is_made_without_a_warning(template: tuple[Program, Run]) -> None:
    assert template[1].code == 0, template[1].text
    assert "warning" not in template[1].text
    assert len(template[0].state()) == 12


def test_the_next_preview_and_the_next_refresh_find_nothing(each: Program) -> None:
    for command in (("preview",), ("refresh", "--yes")):
        run = each.pulumi(*command, "--expect-no-changes")
        assert run.code == 0, run.text


def test_the_state_marks_what_is_secret_and_nothing_else(each: Program) -> None:
    marked = {r["urn"].rsplit("::", 1)[-1]: sorted(secrets_in(r.get("outputs", {}))) for r in each.state()}

    assert {name: paths for name, paths in marked.items() if paths} == {
        "password": ["bcryptHash", "result"],
        "private": ["privateKeyOpenssh", "privateKeyPem", "privateKeyPemPkcs8"],
        "redis": ["password", "readOnlyRestToken", "restToken"],
        "secret": ["computed", "value"],
        "token": ["value"],
        "user": ["password"],
    }


DRIFT = {
    "DnsRecord": "content=192.0.2.9",
    "DatabaseUser": 'roles[0].roleName="read"',
    "RedisDatabase": "eviction=true",
    "Secret": "visibility=unmasked",
    "Key": "enableKeyRotation=false",
}


def test_drift_of_every_vendor_is_found_by_refresh_and_repaired_by_up(each: Program) -> None:
    keys = {of: each.objects(of)[0] for of in DRIFT}
    before = [_without_times(each.world.sandbox("show", of, key).text) for of, key in keys.items()]
    for of, assignment in DRIFT.items():
        assert each.world.sandbox("set", of, keys[of], assignment).code == 0

    found = each.pulumi("refresh", "--yes", "--skip-preview")
    repaired = each.up()

    assert "~ 5 updated" in found.text, found.text
    assert "~ 5 updated" in repaired.text, repaired.text
    assert [_without_times(each.world.sandbox("show", of, key).text) for of, key in keys.items()] == before


def _without_times(shown: str) -> dict[str, object]:
    return {name: value for name, value in json.loads(shown).items() if not name.startswith("modified")}


def test_what_is_removed_behind_pulumis_back_comes_back(each: Program) -> None:
    (key,) = each.objects("DnsRecord")
    each.world.sandbox("remove", "DnsRecord", key)

    run = each.pulumi("up", "--yes", "--skip-preview", "--refresh")

    assert run.code == 0, run.text
    assert len(each.objects("DnsRecord")) == 1


def test_destroy_leaves_nothing_at_any_vendor(each: Program) -> None:
    assert each.pulumi("destroy", "--yes", "--skip-preview").code == 0

    assert each.world.sandbox("objects").text == ""


def test_an_import_of_what_is_not_there_fails(tmp_path: Path) -> None:
    made = program(tmp_path, zone("opts=pulumi.ResourceOptions(import_='0' * 32)"))

    run = made.up()

    assert run.code != 0
    assert "does not exist" in run.text


def test_an_object_that_is_there_is_imported_and_then_unchanged(tmp_path: Path) -> None:
    first = program(tmp_path, zone(), name="first")
    first.up()
    (key,) = first.objects("Zone")
    adopted = zone(f"opts=pulumi.ResourceOptions(import_='{key}')")
    second = program(tmp_path, adopted, name="second", home=first.world.home)

    assert "= 1 imported" in second.up().text
    assert second.preview("--expect-no-changes").code == 0


@pytest.mark.parametrize(
    ("token", "inputs", "words"),
    [
        ("doppler:index/secret:Secret", {"value": ["hunter2"]}, "expected string type, got list type"),
        ("cloudflare:index/web3Hostname:Web3Hostname", {"name": "hunter2"}, "the sandbox does not simulate"),
    ],
)
def test_a_refusal_says_what_is_wrong_and_shows_no_value(
    tmp_path: Path, token: str, inputs: dict[str, object], words: str
) -> None:
    run = program(tmp_path, RAW.format(token, inputs)).preview()

    assert run.code != 0
    assert words in run.text
    assert "hunter2" not in run.text


def test_two_programs_share_one_account(tmp_path: Path) -> None:
    first = program(tmp_path, RECORD, name="first")
    second = program(tmp_path, RECORD, name="second", home=first.world.home)
    assert first.up().code == 0

    refused = second.preview()

    assert refused.code != 0
    assert "shop.example already exists" in refused.text


def test_a_lost_answer_leaves_the_object_and_the_next_up_meets_it(tmp_path: Path) -> None:
    made = program(tmp_path, RECORD)

    lost = made.up(faults=("create:DnsRecord=lost",))
    again = made.up()

    assert lost.code != 0
    assert "unexpected EOF" in lost.text
    assert "An identical record already exists" in again.text
    assert len(made.objects("DnsRecord")) == 1


def test_a_throttled_create_is_waited_out(tmp_path: Path) -> None:
    made = program(tmp_path, RECORD)

    assert made.up(faults=("create:*=throttle,times=1,seconds=0.1",)).code == 0


@pytest.mark.parametrize(("action", "made_by_vendor"), [("die-before", 0), ("die-after", 1)])
def test_a_provider_that_dies_ends_the_run_and_the_cloud_is_whole(
    tmp_path: Path, action: str, made_by_vendor: int
) -> None:
    made = program(tmp_path, RECORD)

    died = made.up(faults=(f"create:DnsRecord={action}",))

    assert died.code != 0
    assert len(made.objects("DnsRecord")) == made_by_vendor
    assert (made.up().code == 0) is (made_by_vendor == 0)


def test_an_interrupted_cli_finishes_what_has_begun_and_the_next_up_goes_on(tmp_path: Path) -> None:
    made = program(tmp_path, RECORD)

    interrupted = made.up(faults=("create:Zone=interrupt",))

    assert interrupted.code != 0
    assert made.up().code == 0
    assert (len(made.objects("Zone")), len(made.objects("DnsRecord"))) == (1, 1)


def test_a_killed_cli_leaves_a_pending_create_that_the_next_up_only_warns_about(tmp_path: Path) -> None:
    made = program(tmp_path, RECORD)

    made.up(faults=("create:Zone=kill",))
    again = made.up()

    assert len(made.objects("Zone")) == 1, "the vendor had begun and finished"
    assert "pending CREATE" in again.text
    assert "already exists" in again.text


def test_an_interrupt_of_the_sandbox_reaches_its_child(tmp_path: Path) -> None:
    waiting = "import time, sys; print('ready', flush=True); time.sleep(60)"
    command = [sys.executable, "-m", "sandbox", "--home", str(tmp_path), "--", sys.executable, "-c", waiting]
    running = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert running.stdout
    assert running.stdout.readline() == b"ready\n"

    started = time.monotonic()
    running.send_signal(signal.SIGINT)
    running.communicate(timeout=20)

    assert running.returncode != 0
    assert time.monotonic() - started < 20
