"""Lists and deletes at the vendors, through their public APIs.

Base URLs and credentials come from the environment, in the variables that the vendors' own tools read.
"""

from __future__ import annotations

import base64
import json
import time
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from operations.https import is_secure
from operations.recover import aws
from operations.stacks import CommandError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

TIMEOUT_SECONDS = 30
ATTEMPTS = 4
LONGEST_WAIT_SECONDS = 60
REFUSALS = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.CONFLICT,
    HTTPStatus.PRECONDITION_FAILED,
    HTTPStatus.UNPROCESSABLE_ENTITY,
)
_ATLAS_VERSION = "application/vnd.atlas.2024-10-23+json"


class VendorRefusedError(CommandError):
    """The vendor has understood, and will not."""


@dataclass(frozen=True)
class Api:
    """One vendor's API."""

    name: str
    base: str
    headers: Mapping[str, str]

    def call(self, method: str, path: str, body: bytes = b"", **headers: str) -> Any:  # noqa: ANN401 any JSON value
        """One request, asked again when the vendor is busy; None where there is no such thing.

        A redirect is not followed: the token is for this host.

        Raises:
            CommandError: The vendor does not answer, or refuses.
        """
        for attempt in range(ATTEMPTS):
            status, wait, text = self._send(method, path, body, {**self.headers, **headers})
            if status != HTTPStatus.TOO_MANY_REQUESTS and status < HTTPStatus.INTERNAL_SERVER_ERROR:
                break
            time.sleep(min(wait or 2**attempt, LONGEST_WAIT_SECONDS) if attempt < ATTEMPTS - 1 else 0)
        if status == HTTPStatus.NOT_FOUND:
            return None
        if status >= HTTPStatus.BAD_REQUEST:
            error = VendorRefusedError if status in REFUSALS else CommandError
            raise error(f"{self.name} answered {status} to {method} {path.partition('?')[0]}.")
        try:
            return json.loads(text or "null")
        except ValueError:
            raise CommandError(f"{self.name} answered no JSON to {method} {path.partition('?')[0]}.") from None

    def _send(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[int, int, bytes]:
        address = urlsplit(self.base)
        if not is_secure(self.base):
            raise CommandError(
                f"{self.name}'s base URL must start with https://: the credential would travel in the clear."
            )
        connect = HTTPSConnection if address.scheme == "https" else HTTPConnection
        connection = connect(address.hostname or "", address.port, timeout=TIMEOUT_SECONDS)
        try:
            connection.request(method, f"{address.path.rstrip('/')}{path}", body or None, headers)
            response = connection.getresponse()
            wait = response.headers.get("Retry-After") or ""
            return response.status, int(wait) if wait.isdigit() else 0, response.read()
        except (OSError, HTTPException) as error:
            raise CommandError(f"{self.name} can't be asked: {type(error).__name__}. Try again.") from None
        finally:
            connection.close()


@dataclass
class Vendors:
    """The vendors' accounts. A list is asked for once, until `forget`."""

    environment: Mapping[str, str]
    _apis: dict[str, Api] = field(default_factory=dict)
    _lists: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    def listed(self, vendor: str, path: str, items: str) -> list[dict[str, Any]]:
        """Every object of a list, all pages of it; none where what they would be in does not exist.

        Raises:
            CommandError: The vendor does not answer, or a credential is missing.
        """
        if path not in self._lists:
            self._lists[path] = (
                aws.listed(self.environment, path) if vendor == "aws" else self._read(vendor, path, items)
            )
        return self._lists[path]

    def _read(self, vendor: str, path: str, items: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for page in _PAGES[vendor](self._api(vendor), path, items):
            found += [each for each in page if each not in found]
        return found

    def delete(self, vendor: str, path: str, body: Mapping[str, str]) -> None:
        """Delete one object; one that is gone is no error.

        Raises:
            CommandError: The vendor refuses.
        """
        sent = json.dumps(body).encode() if body else b""
        self._api(vendor).call("DELETE", path, sent, **{"Content-Type": "application/json"})

    def forget(self) -> None:
        """Ask for every list again: something has changed."""
        self._lists.clear()

    def _api(self, vendor: str) -> Api:
        if vendor not in self._apis:
            self._apis[vendor] = _APIS[vendor](self.environment)
        return self._apis[vendor]


def _needed(environment: Mapping[str, str], name: str) -> str:
    value = environment.get(name)
    if not value:
        raise CommandError(f"{name} is not set: give the credential that `pulumi up` uses.")
    return value


def _cloudflare(environment: Mapping[str, str]) -> Api:
    base = environment.get("CLOUDFLARE_BASE_URL") or "https://api.cloudflare.com/client/v4"
    return Api("Cloudflare", base, {"Authorization": f"Bearer {_needed(environment, 'CLOUDFLARE_API_TOKEN')}"})


def _atlas(environment: Mapping[str, str]) -> Api:
    """A service account's token, good for an hour."""
    base = environment.get("MONGODB_ATLAS_BASE_URL") or "https://cloud.mongodb.com"
    pair = ":".join(_needed(environment, f"MONGODB_ATLAS_CLIENT_{part}") for part in ("ID", "SECRET"))
    login = Api("Atlas", base, {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"})
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    token = login.call("POST", "/api/oauth/token", b"grant_type=client_credentials", **form)["access_token"]
    return Api("Atlas", base, {"Authorization": f"Bearer {token}", "Accept": _ATLAS_VERSION})


def _upstash(environment: Mapping[str, str]) -> Api:
    base = environment.get("UPSTASH_API_URL") or "https://api.upstash.com/v2"
    pair = f"{_needed(environment, 'UPSTASH_EMAIL')}:{_needed(environment, 'UPSTASH_API_KEY')}"
    return Api("Upstash", base, {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"})


def _doppler(environment: Mapping[str, str]) -> Api:
    base = environment.get("DOPPLER_API_HOST") or "https://api.doppler.com"
    return Api("Doppler", base, {"Authorization": f"Bearer {_needed(environment, 'DOPPLER_TOKEN')}"})


def _with(path: str, **query: object) -> str:
    return f"{path}{'&' if '?' in path else '?'}{urlencode(query)}"


def _cloudflare_pages(api: Api, path: str, items: str) -> Iterator[list[dict[str, Any]]]:
    """By page, or by cursor where the answer has one. 50 is the most that every list allows."""
    page, cursor = 1, ""
    while True:
        answer = api.call("GET", _with(path, per_page=50, **({"cursor": cursor} if cursor else {"page": page}))) or {}
        found = (answer.get("result") or {}).get(items) if items else answer.get("result")
        yield found or []
        about = answer.get("result_info") or {}
        cursor, page = about.get("cursor") or (about.get("cursors") or {}).get("after") or "", page + 1
        if not found or not (cursor or page <= (about.get("total_pages") or 0)):
            return


def _atlas_pages(api: Api, path: str, items: str) -> Iterator[list[dict[str, Any]]]:
    """By page, except the few lists that are a plain array, or one of several in an object.

    A project's Flex clusters are a list of their own.
    """
    seen, page = 0, 1
    while True:
        answer = api.call("GET", _with(path, itemsPerPage=500, pageNum=page)) or []
        found = answer if isinstance(answer, list) else answer[items or "results"]
        yield found
        seen, page = seen + len(found), page + 1
        if isinstance(answer, list) or items or not found or seen >= answer.get("totalCount", 0):
            break
    if path.endswith("/clusters"):
        yield from _atlas_pages(api, f"{path.removesuffix('/clusters')}/flexClusters", items)


def _upstash_pages(api: Api, path: str, _: str) -> Iterator[list[dict[str, Any]]]:
    yield api.call("GET", path) or []


def _doppler_pages(api: Api, path: str, items: str) -> Iterator[list[dict[str, Any]]]:
    """By page, until one brings nothing new: the list of tokens has no pages."""
    page, before = 1, None
    while True:
        found = (api.call("GET", _with(path, per_page=20, page=page)) or {}).get(items)
        if not found or found == before:
            return
        yield found
        page, before = page + 1, found


_APIS: dict[str, Callable[[Mapping[str, str]], Api]] = {
    "cloudflare": _cloudflare, "doppler": _doppler, "mongodbatlas": _atlas, "upstash": _upstash,
}  # fmt: skip
_PAGES: dict[str, Callable[[Api, str, str], Iterator[list[dict[str, Any]]]]] = {
    "cloudflare": _cloudflare_pages, "doppler": _doppler_pages, "mongodbatlas": _atlas_pages, "upstash": _upstash_pages,
}  # fmt: skip
