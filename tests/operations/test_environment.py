"""What is missing in Doppler, against a small server that answers as Doppler does."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from operations.__main__ import main
from settings.contract import AppName, variables_of
from tests.settings.stack_files import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

TOKEN = "dp.ct." + "not-a-token"
ROOT_CONFIG = "staging"


@dataclass
class Vendor:
    """Doppler's answers, by config, and what it was asked."""

    configs: dict[str, list[str]]
    status: int = 200
    asked: list[tuple[str, dict[str, list[str]], str | None]] = field(default_factory=list)

    def answer(self, path: str, query: dict[str, list[str]], authorization: str | None) -> tuple[int, object]:
        self.asked.append((path, query, authorization))
        config = query["config"][0]
        if self.status != 200:
            return self.status, {"success": False, "messages": ["no"]}
        if config not in self.configs:
            return 404, {"success": False, "messages": [f"Could not find requested config '{config}'"]}
        return 200, {"names": self.configs[config]}


@pytest.fixture
def doppler(monkeypatch: pytest.MonkeyPatch) -> Iterator[Vendor]:
    names = {f"staging_{app}": [variable.name for variable in variables_of(app)] for app in AppName}
    vendor = Vendor({ROOT_CONFIG: [], **names})

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            address = urlsplit(self.path)
            status, body = vendor.answer(address.path, parse_qs(address.query), self.headers["authorization"])
            self.send_response(status)
            self.end_headers()
            self.wfile.write(json.dumps(body).encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("DOPPLER_API_HOST", f"http://127.0.0.1:{server.server_port}/")
    monkeypatch.setenv("DOPPLER_TOKEN", TOKEN)
    yield vendor
    server.shutdown()
    server.server_close()


def environment() -> int:
    return main(["environment", "--stack", "staging", "--project", str(ROOT)])


def test_complete_environments_are_complete(doppler: Vendor, capsys: pytest.CaptureFixture[str]) -> None:
    assert environment() == 0
    assert capsys.readouterr().out == "".join(f"madebuy-staging/staging_{app}: complete\n" for app in AppName)


def test_doppler_is_asked_for_the_names_in_each_config_and_for_no_value(doppler: Vendor) -> None:
    environment()

    assert {path for path, _, _ in doppler.asked} == {"/v3/configs/config/secrets/names"}
    assert {query["project"][0] for _, query, _ in doppler.asked} == {"madebuy-staging"}
    assert [query["config"][0] for _, query, _ in doppler.asked] == [
        ROOT_CONFIG, "staging_admin", "staging_web", "staging_backup",
    ]  # fmt: skip
    assert {authorization for _, _, authorization in doppler.asked} == {f"Bearer {TOKEN}"}


def test_a_missing_required_variable_is_named_with_who_enters_it(
    doppler: Vendor, capsys: pytest.CaptureFixture[str]
) -> None:
    doppler.configs["staging_web"].remove("STRIPE_SECRET_KEY")
    doppler.configs["staging_admin"].remove("NEXTAUTH_SECRET")

    assert environment() == 1
    out = capsys.readouterr().out
    assert "staging_web: 1 missing\n  missing   STRIPE_SECRET_KEY: from Stripe; enter it in Doppler\n" in out
    assert "staging_admin: 1 missing\n  missing   NEXTAUTH_SECRET: the stack writes it; run `pulumi up`\n" in out


def test_what_an_app_can_do_without_is_told_and_is_no_failure(
    doppler: Vendor, capsys: pytest.CaptureFixture[str]
) -> None:
    doppler.configs["staging_web"].remove("SENTRY_DSN")

    assert environment() == 0
    assert "left out  SENTRY_DSN: from Sentry; enter it in Doppler, or in madebuy:secrets" in capsys.readouterr().out


def test_an_option_that_nobody_switched_on_is_not_promised_by_the_next_up(
    doppler: Vendor, capsys: pytest.CaptureFixture[str]
) -> None:
    doppler.configs["staging_web"].remove("UPSTASH_PAGES_REDIS_REST_URL")

    assert environment() == 0
    assert "UPSTASH_PAGES_REDIS_REST_URL: the stack writes it where a setting asks for it\n" in capsys.readouterr().out


def test_what_doppler_itself_adds_to_every_config_is_no_variable_of_ours(
    doppler: Vendor, capsys: pytest.CaptureFixture[str]
) -> None:
    for names in doppler.configs.values():
        names.append("DOPPLER_CONFIG")

    assert environment() == 0
    assert "DOPPLER_CONFIG" not in capsys.readouterr().out


def test_a_name_that_no_contract_has_is_told(doppler: Vendor, capsys: pytest.CaptureFixture[str]) -> None:
    doppler.configs["staging_web"].append("STRIPE_SECRET_KEY_OLD")

    assert environment() == 0
    assert "unknown   STRIPE_SECRET_KEY_OLD" in capsys.readouterr().out


def test_the_root_config_must_hold_nothing_because_every_app_inherits_it(
    doppler: Vendor, capsys: pytest.CaptureFixture[str]
) -> None:
    doppler.configs[ROOT_CONFIG].append("OPENAI_API_KEY")

    assert environment() == 1
    assert (
        "madebuy-staging/staging: every app inherits these; take them out\n  OPENAI_API_KEY" in capsys.readouterr().out
    )


@pytest.mark.parametrize(
    ("status", "says"),
    [(401, "does not let this DOPPLER_TOKEN read"), (403, "does not let"), (404, "knows no config"), (503, "503")],
)
def test_an_answer_without_names_is_no_answer(
    doppler: Vendor, capsys: pytest.CaptureFixture[str], status: int, says: str
) -> None:
    doppler.status = status

    assert environment() == 2
    error = capsys.readouterr().err
    assert says in error
    assert TOKEN not in error


def test_a_config_that_is_not_there_yet_is_made_by_up(doppler: Vendor, capsys: pytest.CaptureFixture[str]) -> None:
    del doppler.configs["staging_backup"]

    assert environment() == 2
    assert "no config madebuy-staging/staging_backup. `pulumi up` makes it" in capsys.readouterr().err


@pytest.mark.parametrize("host", ["http://api.doppler.com", "ftp://127.0.0.1", "api.doppler.com"])
def test_rejects_a_host_that_would_hear_the_token_in_the_clear(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], host: str
) -> None:
    monkeypatch.setenv("DOPPLER_API_HOST", host)
    monkeypatch.setenv("DOPPLER_TOKEN", TOKEN)

    assert environment() == 2
    assert "must start with https://" in capsys.readouterr().err


def test_rejects_a_run_without_a_token(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("DOPPLER_TOKEN", raising=False)

    assert environment() == 2
    assert "DOPPLER_TOKEN is not set" in capsys.readouterr().err


def test_a_host_that_does_not_answer_is_told_without_the_token(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DOPPLER_API_HOST", "http://127.0.0.1:1")
    monkeypatch.setenv("DOPPLER_TOKEN", TOKEN)

    assert environment() == 2
    error = capsys.readouterr().err
    assert "can't be asked for madebuy-staging/staging: ConnectionRefusedError" in error
    assert TOKEN not in error
