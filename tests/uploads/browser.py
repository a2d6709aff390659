"""A headless Chromium that sees one web of this test's own: every host, over TLS, is one server on this machine.

The page that it opens does what it was told to with `fetch` and posts what came of it; no driver is needed.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import ssl
import subprocess
import tempfile
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.uploads.r2 import R2, Response
from tests.uploads.signatures import Request

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PATIENCE_SECONDS = 60
QUIET = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
    "--ignore-certificate-errors",
)  # fmt: skip
PAGE = """<!doctype html><script>
async function attempt({name, url, method, headers, body}) {
  try {
    const answer = await fetch(url, {method, headers, body, cache: "no-store"});
    return {name, status: answer.status, etag: answer.headers.get("etag"), text: await answer.text()};
  } catch (error) {
    return {name, error: String(error)};
  }
}
(async () => {
  const results = [];
  for (const each of PLAN) results.push(await attempt(each));
  await fetch("/results", {method: "POST", body: JSON.stringify(results)});
})();
</script>"""


@dataclass(frozen=True)
class Attempt:
    """One `fetch` of a page."""

    name: str
    url: str
    method: str = "PUT"
    headers: dict[str, str] = field(default_factory=dict)
    body: str | None = None


@dataclass(frozen=True)
class Outcome:
    """What the page saw: an answer, or that the browser gave it none."""

    status: int | None = None
    etag: str | None = None
    text: str = ""
    error: str = ""


class Web:
    """R2's hosts, and any other host as a site whose page does the attempts."""

    def __init__(self, r2: R2) -> None:
        self._r2 = r2
        self._plan: Sequence[Attempt] = ()
        self._results: queue.Queue[list[dict[str, Any]]] = queue.Queue()
        self.port = 0

    def visit(self, chromium: str, origin: str, attempts: Sequence[Attempt]) -> dict[str, Outcome]:
        """Open a page of `origin` and let it do the attempts, in order."""
        self._plan = attempts
        with (
            tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile,
            (Path(profile) / "log").open("wb") as log,
        ):
            resolver = f"--host-resolver-rules=MAP * 127.0.0.1:{self.port}"
            command = [chromium, *QUIET, resolver, f"--user-data-dir={profile}", f"{origin}/page"]
            child = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
            try:
                results = self._results.get(timeout=PATIENCE_SECONDS)
            except queue.Empty:
                said = (Path(profile) / "log").read_text(errors="replace")[-2000:]
                raise AssertionError(f"the page never answered; Chromium said: {said}") from None
            finally:
                os.killpg(child.pid, signal.SIGKILL)
                child.wait()
        return {result.pop("name"): Outcome(**result) for result in results}

    def answer(self, request: Request) -> Response:
        """Answer one request of the browser."""
        if request.host == self._r2.s3_host or request.host in self._r2.public:
            return self._r2.answer(request)
        if (request.method, request.path) == ("POST", "/results"):
            self._results.put(json.loads(request.body))
            return Response(204)
        if request.path != "/page":
            return Response(404)
        plan = json.dumps([vars(attempt) for attempt in self._plan]).replace("<", "\\u003c")
        return Response(200, {"Content-Type": "text/html"}, PAGE.replace("PLAN", plan).encode())


@contextmanager
def serving(r2: R2, folder: Path) -> Iterator[Web]:
    """Serve the web over TLS while the block runs; the certificate is made here and trusted by nobody else."""
    web = Web(r2)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"web": web}))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*_certificate(folder))
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    web.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield web
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    web: Web

    def _handle(self) -> None:
        path, _, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers.get("content-length", 0)))
        host = headers.get("host", "").partition(":")[0]
        response = self.web.answer(Request(self.command, host, path, query, headers, body))
        self.send_response(response.status)
        for name, value in response.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(response.body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = do_OPTIONS = _handle  # noqa: N815 - the names it looks for

    def log_message(self, *_: object) -> None:
        """Say nothing: what was asked is in `R2.seen`."""


def _certificate(folder: Path) -> tuple[Path, Path]:
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-days", "2", "-subj", "/CN=localhost"]
    subprocess.run([*command, "-out", certificate, "-keyout", key], check=True, capture_output=True)
    return certificate, key
