"""One HTTP server for all vendors' read endpoints, and the environment that points a client at it."""

from __future__ import annotations

import json
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

from sandbox.api import atlas, aws, cloudflare, doppler, upstash
from sandbox.api.answer import CREDENTIAL, Answer, Api, ApiError, Request
from sandbox.faults import Call, Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.cloud import Cloud
    from sandbox.faults import Faults

APIS: dict[str, Api] = {
    "atlas": atlas.API,
    "aws": aws.API,
    "cloudflare": cloudflare.API,
    "doppler": doppler.API,
    "upstash": upstash.API,
}


def environment(port: int) -> dict[str, str]:
    """Base URLs and credentials of the simulated vendors, in the variables that the vendors' own tools read."""
    base = f"http://127.0.0.1:{port}"
    return {
        "AWS_ACCESS_KEY_ID": CREDENTIAL,
        "AWS_ENDPOINT_URL": f"{base}/aws",
        "AWS_SECRET_ACCESS_KEY": CREDENTIAL,
        "CLOUDFLARE_API_TOKEN": CREDENTIAL,
        "CLOUDFLARE_BASE_URL": f"{base}/cloudflare",
        "DOPPLER_API_HOST": f"{base}/doppler",
        "DOPPLER_TOKEN": CREDENTIAL,
        "MONGODB_ATLAS_BASE_URL": f"{base}/atlas",
        "MONGODB_ATLAS_CLIENT_ID": CREDENTIAL,
        "MONGODB_ATLAS_CLIENT_SECRET": CREDENTIAL,
        "UPSTASH_API_KEY": CREDENTIAL,
        "UPSTASH_API_URL": f"{base}/upstash/v2",
        "UPSTASH_EMAIL": "owner@example.com",
    }


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, cloud: Cloud, faults: Faults) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.cloud = cloud
        self.faults = faults


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._respond("GET")

    def do_POST(self) -> None:
        self._respond("POST")

    def do_DELETE(self) -> None:
        self._respond("DELETE")

    def do_HEAD(self) -> None:
        self._respond("HEAD")

    def do_PATCH(self) -> None:
        self._respond("PATCH")

    def do_PUT(self) -> None:
        self._respond("PUT")

    def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 the base class' name
        """Says nothing: the output belongs to the command."""

    def _respond(self, method: str) -> None:
        url = urlsplit(self.path)
        vendor, _, path = url.path.lstrip("/").partition("/")
        request = Request(
            method,
            "/" + unquote(path),
            dict(parse_qsl(url.query)),
            {name.lower(): value for name, value in self.headers.items()},
            self._body(),
        )
        self._send(self._answer(vendor, request))

    def _body(self) -> bytes:
        """What came with the request; nothing, and no other request after it, where its length makes no sense."""
        length = self.headers.get("Content-Length") or "0"
        if not (length.isascii() and length.isdigit()):
            self.close_connection = True
            return b""
        return self.rfile.read(int(length))

    def _answer(self, vendor: str, request: Request) -> Answer:
        api = APIS.get(vendor)
        if api is None:
            return Answer({"error": f"no vendor {vendor}: one of {', '.join(APIS)}"}, 404)
        for fault in self.server.faults.strike(Call("list", f":{vendor}", request.path)):
            failed = _failed(api, request, fault)
            if failed:
                return failed
        return api.answer(self.server.cloud, request)

    def _send(self, answer: Answer) -> None:
        body = answer.body if answer.content_type != "application/json" else json.dumps(answer.body)
        data = str(body).encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(data)))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)


def _failed(api: Api, request: Request, fault: Fault) -> Answer | None:
    """What a fault answers in place of the vendor, None where it only takes its time."""
    if fault.action == "throttle":
        answer = api.failure(ApiError(429, "Too many requests"), request)
        return Answer(answer.body, 429, {"Retry-After": str(round(fault.seconds) or 1)}, answer.content_type)
    if fault.action in ("latency", "timeout"):
        time.sleep(fault.seconds)
        return api.failure(ApiError(504, "Gateway timeout"), request) if fault.action == "timeout" else None
    return api.failure(ApiError(fault.status, "Internal error"), request)


@contextmanager
def reading(cloud: Cloud, faults: Faults) -> Iterator[int]:
    """Serves the read endpoints on a loopback port, which it yields, until the block ends."""
    server = _Server(cloud, faults)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
