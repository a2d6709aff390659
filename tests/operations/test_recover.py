"""`recover` as a whole: a stand-in for the CLI, the sandbox's vendors over HTTP, and what a person reads."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from operations.recover import command, vendors
from sandbox.api.server import environment, reading
from sandbox.cloud import Cloud, Thing
from sandbox.faults import Faults, parse

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
ACCOUNT = "0" * 32
TOKEN, MONITOR, POOL = (
    f"cloudflare:index/{name[0].lower()}{name[1:]}:{name}"
    for name in ("AccountToken", "LoadBalancerMonitor", "LoadBalancerPool")
)
BUCKET = "cloudflare:index/r2Bucket:R2Bucket"
CLI = f"""#!{sys.executable}
import pathlib, shutil, sys, time
home, words = pathlib.Path(__file__).parent, sys.argv[1:]
with (home / "calls").open("a") as calls:
    print(*words, file=calls)
if words[:2] == ["stack", "ls"]:
    print((home / "stacks.json").read_text())
elif words[:2] == ["stack", "export"]:
    name = words[words.index("--stack") + 1].rsplit("/", 1)[-1]
    if not (home / name).exists():
        sys.exit(f"error: no stack named {{name}} found")
    print((home / name).read_text())
elif words[0] == "preview":
    print((home / "plan.jsonl").read_text())
else:
    if words[0] == "import":
        shutil.copy(words[words.index("--file") + 1], home / "imported")
    time.sleep(float((home / "seconds").read_text()) if (home / "seconds").exists() else 0)
    for after in (home / "after").glob("*"):
        shutil.copy(after, home / after.name)
    print("written down", file=(home / "calls").open("a"))
"""


def entry(type_: str, called: str, id_: str = "", stack: str = "staging", **inputs: Any) -> dict[str, Any]:
    urn = f"urn:pulumi:{stack}::shop::{type_}::{called}"
    return {"urn": urn, "type": type_, "id": id_, "inputs": {"accountId": ACCOUNT, **inputs}, "custom": True}


@dataclass(frozen=True)
class Project:
    """What the CLI would answer, and the vendors' accounts."""

    folder: Path
    cloud: Cloud

    def has(self, *resources: dict[str, Any], stack: str = "staging", pending: tuple[dict[str, Any], ...] = ()) -> None:
        operations = [{"resource": each, "type": "creating"} for each in pending]
        document = {"deployment": {"resources": list(resources), "pending_operations": operations}}
        (self.folder / stack).write_text(json.dumps(document))
        names = [each.name for each in self.folder.iterdir() if each.name in ("staging", "prod")]
        (self.folder / "stacks.json").write_text(json.dumps([{"name": f"organization/shop/{name}"} for name in names]))

    def plans(self, *resources: dict[str, Any], op: str = "create", folder: str = "") -> None:
        (self.folder / folder).mkdir(exist_ok=True)
        events = [{"resourcePreEvent": {"metadata": {"op": op, "new": each}}} for each in resources]
        lines = [json.dumps(each) for each in [{"sequence": 0}, *events]]
        (self.folder / folder / "plan.jsonl").write_text("\n".join(lines))

    def vendor_has(self, type_: str, id_: str, **state: Any) -> None:
        name = str(state.get("name", ""))
        thing = Thing(type_, f"{ACCOUNT}/{id_}", id_, ACCOUNT, name, {"accountId": ACCOUNT, **state}, {})
        self.cloud.put(thing)

    def ids(self, type_: str) -> list[str]:
        return sorted(each.id for each in self.cloud.everything(type_))

    def recover(self, *more: str) -> int:
        return command.main(self.arguments(*more))

    def arguments(self, *more: str) -> list[str]:
        return ["--stack", "staging", "--project", str(self.folder), "--pulumi", str(self.folder / "pulumi"), *more]

    @property
    def changes(self) -> list[str]:
        """The CLI's calls that change something."""
        calls = (self.folder / "calls").read_text().splitlines()
        return [each for each in calls if not each.startswith(("stack", "preview"))]


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Project]:
    (tmp_path / "pulumi").write_text(CLI)
    (tmp_path / "pulumi").chmod(0o700)
    cloud = Cloud(tmp_path / "cloud.db")
    monkeypatch.setattr(vendors.time, "sleep", lambda _: None)
    with ExitStack() as stack:
        port = stack.enter_context(reading(cloud, Faults(map(parse, ()))))
        for name, value in environment(port).items():
            monkeypatch.setenv(name, value)
        made = Project(tmp_path, cloud)
        made.has()
        made.plans()
        yield made
    cloud.close()


def test_where_nothing_is_lost_nothing_is_changed_and_that_is_said(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    project.has(entry(TOKEN, "key", "1", name="media-1"))
    project.vendor_has(TOKEN, "1", name="media-1")

    assert [project.recover("--yes"), project.recover("--yes")] == [0, 0]

    assert capsys.readouterr().out == "Nothing is lost.\n" * 2
    assert project.changes == []
    assert project.ids(TOKEN) == ["1"]


def test_a_stack_that_was_never_deployed_has_nothing(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    for stack in ("staging", "prod"):
        project.has(stack=stack)
        (project.folder / stack).write_text('{"version": 3, "deployment": null}')

    assert project.recover("--yes") == 0

    assert capsys.readouterr().out == "Nothing is lost.\n"


def test_a_name_copied_from_another_stack_costs_that_stack_nothing(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    project.has(
        entry(TOKEN, "key", "1", "prod", name="backups-1"),
        entry(BUCKET, "backups", "backups", "prod", name="backups"),
        stack="prod",
    )
    project.vendor_has(TOKEN, "1", name="backups-1")
    project.vendor_has(BUCKET, "backups", name="backups", jurisdiction="default")
    project.plans(entry(TOKEN, "key", name="backups-1"), entry(BUCKET, "backups", name="backups"))

    assert project.recover("--yes") == 1

    assert project.ids(TOKEN) == ["1"]
    assert project.changes == []
    said = "(backups): another stack has it; give this stack's another name in the stack file"
    assert said in capsys.readouterr().out


def test_without_every_other_stacks_state_nothing_is_done(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    (project.folder / "stacks.json").write_text(json.dumps([{"name": "organization/shop/prod"}]))
    project.plans(entry(TOKEN, "key", name="media-1"))
    project.vendor_has(TOKEN, "1", name="media-1")

    assert project.recover("--yes") == 2

    assert project.ids(TOKEN) == ["1"]
    assert "pulumi stack failed on stack organization/shop/prod" in capsys.readouterr().err


def test_what_a_vendor_does_not_delete_stops_nothing_else(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.has(entry(MONITOR, "monitor", "ours", description="health"), entry(TOKEN, "key", "1", name="media-1"))
    for id_ in ("ours", "used"):
        project.vendor_has(MONITOR, id_, description="health")
    project.vendor_has(POOL, "pool", name="by-hand", monitor="used")
    for id_ in ("1", "2"):
        project.vendor_has(TOKEN, id_, name="media-1")

    assert project.recover("--yes") == 1

    assert project.ids(MONITOR) == ["ours", "used"]
    assert project.ids(TOKEN) == ["1"]
    last = capsys.readouterr().out.splitlines()[-1]
    assert "used (monitor)" in last
    assert last.endswith("Something uses it: if that is the stack's, `up`, then this again")


def test_an_object_that_up_would_replace_is_told_before_it_is_lost(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = entry(BUCKET, "media", name="media", location="apac")
    project.vendor_has(BUCKET, "media", name="media", location="weur", jurisdiction="default")
    project.plans(wanted)
    project.plans(wanted, op="create-replacement", folder="after")
    taken_in = json.dumps({"deployment": {"resources": [{**wanted, "id": "media"}]}})
    (project.folder / "after" / "staging").write_text(taken_in)

    assert [project.recover("--yes"), project.recover("--yes")] == [1, 1]

    said = capsys.readouterr().out
    assert said.count("`up` would replace it, and so delete what is in it") == 2
    assert f"pulumi state delete '{wanted['urn']}' --stack staging" in said
    assert "Recovered" not in said
    assert "Nothing is lost" not in said


def test_what_held_data_and_is_gone_is_told_before_up_makes_an_empty_one(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    bucket = entry(BUCKET, "media", "media", name="media")
    project.has(bucket, pending=(entry(TOKEN, "key", name="media-1"),))
    project.plans(entry(BUCKET, "media", name="media"))
    (project.folder / "after").mkdir()
    (project.folder / "after" / "staging").write_text('{"deployment": {}}')

    assert project.recover("--yes") == 1

    assert "cloudflare R2Bucket media: its vendor no longer has it" in capsys.readouterr().out


def test_what_is_found_again_after_it_was_done_ends_it(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.vendor_has(BUCKET, "media", name="media", jurisdiction="default")
    project.plans(entry(BUCKET, "media", name="media"))

    assert project.recover("--yes") == 2

    assert "The same is found again after it was done" in capsys.readouterr().err
    assert [each.split()[0] for each in project.changes] == ["import", "written"]


def test_what_is_in_a_component_that_the_state_lacks_brings_it_along(project: Project) -> None:
    outer, inner, provider = (
        entry("shop:index:Outer", "outer"),
        entry("shop:index:Inner", "inner"),
        entry("pulumi:providers:cloudflare", "default"),
    )
    stack = entry("pulumi:pulumi:Stack", "shop-staging")
    parents = {"outer": stack, "inner": outer}
    components = [{**e, "custom": False, "parent": parents[n]["urn"]} for n, e in (("outer", outer), ("inner", inner))]
    bucket = entry(BUCKET, "media", name="media")
    lost = {**bucket, "parent": inner["urn"], "provider": f"{provider['urn']}::1"}
    project.has(provider)
    project.vendor_has(BUCKET, "media", name="media", jurisdiction="default")
    project.plans(*components, lost)
    project.plans(folder="after")
    (project.folder / "after" / "staging").write_text('{"deployment": {}}')

    assert project.recover("--yes") == 0

    imported = json.loads((project.folder / "imported").read_text())
    (provider_name,) = imported["nameTable"]
    around, within, taken = imported["resources"]
    assert imported["nameTable"] == {provider_name: provider["urn"]}
    assert (around["logicalName"], around["component"], "parent" in around) == ("outer", True, False)
    assert (within["logicalName"], within["component"], within["parent"]) == ("inner", True, around["name"])
    assert (taken["name"], taken["parent"], taken["provider"]) == ("media", within["name"], provider_name)
    assert taken["id"] == f"{ACCOUNT}/media/default"


def test_a_dry_run_names_what_a_cut_off_run_worked_on(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    project.has(pending=(entry(BUCKET, "media", name="media"),))

    assert project.recover() == 1

    assert "media: a run was cut off while it worked on this" in capsys.readouterr().out
    assert project.changes == []


def test_an_interrupt_waits_until_the_cli_has_written_down_what_it_did(project: Project) -> None:
    (project.folder / "seconds").write_text("1")
    project.has(pending=(entry(BUCKET, "media", name="media"),))
    child = subprocess.Popen(
        [sys.executable, "-m", "operations", "recover", "--yes", *project.arguments()],
        cwd=ROOT,
        env={**os.environ},
        stderr=subprocess.PIPE,
        text=True,
    )
    until = time.monotonic() + 30
    while "refresh" not in (project.folder / "calls").read_text() if (project.folder / "calls").exists() else True:
        assert time.monotonic() < until
        time.sleep(0.02)

    child.send_signal(signal.SIGINT)
    said = child.communicate(timeout=30)[1]

    assert child.returncode == 130
    assert said == "Interrupted. What was done is done; run it again for the rest.\n"
    assert project.changes[-1] == "written down"
