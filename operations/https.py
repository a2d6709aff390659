"""One question to a vendor's server, for commands that read one."""

from __future__ import annotations

from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from operations.stacks import CommandError

if TYPE_CHECKING:
    from collections.abc import Mapping

TIMEOUT_SECONDS = 20
MOST_BYTES = 1_000_000
_LOOPBACK = ("127.0.0.1", "::1", "localhost")


def is_secure(url: str) -> bool:
    """Whether nobody on the way can read or change what goes there: https, or this very machine."""
    address = urlsplit(url)
    return address.scheme == "https" or (address.scheme == "http" and address.hostname in _LOOPBACK)


def get(url: str, what: str, headers: Mapping[str, str] | None = None) -> tuple[int, bytes]:
    """The status and body of one answer, of at most `MOST_BYTES` bytes.

    A redirect is not followed: the headers, and the trust in what comes back, are for this host.

    Raises:
        CommandError: The server does not answer within `TIMEOUT_SECONDS`.
    """
    address = urlsplit(url)
    connect = HTTPSConnection if address.scheme == "https" else HTTPConnection
    connection = connect(address.hostname or "", address.port, timeout=TIMEOUT_SECONDS)
    try:
        connection.request("GET", address._replace(scheme="", netloc="").geturl(), headers=dict(headers or {}))
        response = connection.getresponse()
        return response.status, response.read(MOST_BYTES)
    except (OSError, HTTPException) as error:
        server = f"{address.scheme}://{address.netloc}"
        raise CommandError(f"{server} can't be asked for {what}: {type(error).__name__}. Try again.") from None
    finally:
        connection.close()
