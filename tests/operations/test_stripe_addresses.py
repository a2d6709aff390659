"""Comparing Stripe's list, against a small server that publishes one."""

from __future__ import annotations

import json
import shutil
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
import yaml

from operations.__main__ import main
from settings.stripe import LIST_FILE, WebhookSources
from tests.settings.stack_files import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

OURS = WebhookSources.load().addresses
NEW = "198.51.100.9"
ADDRESS = "http://127.0.0.1"


@dataclass
class Stripe:
    """What Stripe publishes, and the paths it was asked for."""

    addresses: tuple[str, ...] = OURS
    status: int = 200
    text: str | None = None
    asked: list[str] = field(default_factory=list)

    def answer(self, path: str) -> str:
        self.asked.append(path)
        return "\n".join(self.addresses) if self.text is None else self.text


@pytest.fixture
def stripe(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stripe]:
    vendor = Stripe()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = vendor.answer(self.path)
            self.send_response(vendor.status)
            if vendor.status == 302:
                self.send_header("location", f"{ADDRESS}:1/elsewhere")
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("STRIPE_FILES_URL", f"{ADDRESS}:{server.server_port}/files/ips/")
    yield vendor
    server.shutdown()
    server.server_close()


@dataclass(frozen=True)
class Repository:
    """A copy of the list and of one stack file."""

    folder: Path

    @property
    def list(self) -> Path:
        return self.folder / "stripe_webhooks.json"

    def compare(self, *arguments: str, today: str = "2026-11-23") -> int:
        places = ("--list", str(self.list), "--project", str(self.folder), "--today", today)
        return main(["stripe-addresses", *places, *arguments])

    def vouch(self, verified_on: str) -> None:
        path = self.folder / "Pulumi.prod.yaml"
        document = yaml.safe_load(path.read_text())
        document["config"]["madebuy:edge"]["firewall"] = {"stripe_list_verified_on": verified_on}
        path.write_text(yaml.safe_dump(document))


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    shutil.copy(LIST_FILE, tmp_path)
    shutil.copy(ROOT / "Pulumi.prod.yaml", tmp_path)
    return Repository(tmp_path)


def test_the_list_that_stripe_publishes_is_current(
    stripe: Stripe, repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    assert repository.compare() == 0
    assert stripe.asked == ["/files/ips/ips_webhooks.txt"]
    assert "The 15 addresses of 2026-10-04 are the ones that Stripe publishes.\n" in capsys.readouterr().out


def test_order_spaces_and_empty_lines_are_no_difference(stripe: Stripe, repository: Repository) -> None:
    stripe.text = "\r\n".join([*reversed(OURS), "", f"  {OURS[0]} ", ""])

    assert repository.compare() == 0


def test_an_address_more_or_less_is_named_with_what_it_costs_and_what_to_do(
    stripe: Stripe, repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    stripe.addresses = (*OURS[1:], NEW)

    assert repository.compare() == 1
    out = capsys.readouterr().out
    assert f"  + {NEW}: a payment reported from it is lost" in out
    assert f"  - {OURS[0]}: whoever has it now passes for Stripe" in out
    assert "stripe-addresses --record`, have the change reviewed" in out


def test_each_stack_says_what_it_does_with_the_list(
    stripe: Stripe, repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.compare()
    unverified = capsys.readouterr().out
    repository.vouch("2026-11-20")
    repository.compare()
    verified = capsys.readouterr().out

    setting = "madebuy:edge.firewall.stripe_list_verified_on"
    assert (
        f'prod: anyone may call /api/webhooks/stripe. To keep others out, write {setting}: "2026-11-23"' in unverified
    )
    assert "prod: keeps others off /api/webhooks/stripe; compare again by 2026-12-20" in verified


@pytest.mark.parametrize(("today", "code"), [("2026-12-20", 0), ("2026-12-21", 1)])
def test_a_block_by_a_comparison_of_more_than_thirty_days_ago_needs_a_person(
    stripe: Stripe, repository: Repository, capsys: pytest.CaptureFixture[str], today: str, code: int
) -> None:
    repository.vouch("2026-11-20")

    assert repository.compare(today=today) == code
    assert ("or null, and deploy" in capsys.readouterr().out) is (code == 1)


def test_a_new_list_is_recorded_with_its_digest_and_its_day(
    stripe: Stripe, repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    stripe.addresses = (*OURS, NEW)

    assert repository.compare("--record") == 0
    recorded = WebhookSources.load(repository.list)
    assert set(recorded.addresses) == {*OURS, NEW}
    assert str(recorded.retrieved) == "2026-11-23"
    assert json.loads(repository.list.read_text())["compared"] == "2026-11-23"
    printed = capsys.readouterr().out
    assert 'madebuy:edge.firewall.stripe_list_verified_on: "2026-11-23"\n' in printed
    assert "policies/rules/cloudflare_stripe.py" in printed


def test_a_list_that_is_still_stripes_keeps_its_day_and_gets_that_of_the_comparison(
    stripe: Stripe, repository: Repository
) -> None:
    assert repository.compare("--record") == 0

    content = json.loads(repository.list.read_text())
    assert (content["retrieved"], content["compared"]) == ("2026-10-04", "2026-11-23")
    assert WebhookSources.load(repository.list).addresses == OURS


def test_what_was_recorded_is_current(stripe: Stripe, repository: Repository) -> None:
    stripe.addresses = (*OURS, NEW)
    repository.compare("--record")

    assert repository.compare() == 0


def test_a_comparison_alone_changes_nothing(stripe: Stripe, repository: Repository) -> None:
    stripe.addresses = (NEW,)
    before = repository.list.read_bytes()
    repository.compare()

    assert repository.list.read_bytes() == before


@pytest.mark.parametrize(
    ("status", "text", "says"),
    [
        (200, "<!DOCTYPE html>", "line 1 is no IPv4 address"),
        (200, f"{OURS[0]}\n0.0.0.0/0\n", "line 2 is no IPv4 address"),
        (200, "\n\n", "it is empty"),
        (200, "\udcff".encode("utf-8", "surrogatepass").decode("latin-1"), "line 1 is no IPv4 address"),
        (302, "", "answered 302 and no list"),
        (404, "", "answered 404 and no list"),
        (503, "", "answered 503 and no list"),
    ],
)
def test_rejects_an_answer_that_is_no_list_and_records_nothing(
    stripe: Stripe, repository: Repository, capsys: pytest.CaptureFixture[str], status: int, text: str, says: str
) -> None:
    stripe.status, stripe.text = status, text
    before = repository.list.read_bytes()

    assert repository.compare("--record") == 2
    assert says in capsys.readouterr().err
    assert repository.list.read_bytes() == before


def test_a_server_that_does_not_answer_is_told(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("STRIPE_FILES_URL", f"{ADDRESS}:1")

    assert repository.compare() == 2
    assert "can't be asked for ips_webhooks.txt: ConnectionRefusedError" in capsys.readouterr().err


@pytest.mark.parametrize("url", ["http://stripe.com/files/ips", "ftp://127.0.0.1", "stripe.com"])
def test_rejects_a_place_where_anyone_on_the_way_could_write_the_list(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], url: str
) -> None:
    monkeypatch.setenv("STRIPE_FILES_URL", url)

    assert repository.compare() == 2
    assert "must start with https://" in capsys.readouterr().err


def test_rejects_a_day_before_the_list_was_taken_over(
    stripe: Stripe, repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    assert repository.compare(today="2026-10-03") == 2
    assert "one of them is wrong" in capsys.readouterr().err


def test_rejects_a_list_that_was_edited_without_its_digest(
    stripe: Stripe, repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    content = json.loads(repository.list.read_text())
    repository.list.write_text(json.dumps({**content, "addresses": [NEW]}))

    assert repository.compare() == 2
    assert "One of the two was edited alone" in capsys.readouterr().err
