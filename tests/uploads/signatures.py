"""AWS Signature Version 4 in a query string, checked as a server does it.

Written from Amazon's description ("Authenticating Requests: Using Query Parameters"), apart from botocore, which signs
the URLs in these tests: what two implementations agree on is no mistake of one.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote

if TYPE_CHECKING:
    from collections.abc import Mapping

ALGORITHM = "AWS4-HMAC-SHA256"
LONGEST_SECONDS = 604_800
SCOPE = re.compile(r"(?P<key>[^/]+)/(?P<date>\d{8})/(?P<region>auto|us-east-1)/s3/aws4_request")


class Refused(Exception):  # noqa: N818 - the server's answer, not a fault of the program
    """The code that R2 answers with."""


@dataclass(frozen=True)
class Request:
    """An HTTP request as it came over the wire; names of headers are lower case."""

    method: str
    host: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True)
class Presigned:
    """The parts of a presigned request that it is checked with."""

    access_key_id: str
    scope: str
    signed_at: datetime
    expires: timedelta
    signed_headers: tuple[str, ...]
    signature: str

    @classmethod
    def of(cls, request: Request) -> Presigned:
        """Read them off a request, or refuse one that is not wholly signed."""
        pairs = parse_qsl(request.query, keep_blank_values=True)
        query = dict(pairs)
        credential = SCOPE.fullmatch(query.get("X-Amz-Credential", ""))
        if len(query) < len(pairs) or credential is None or query.get("X-Amz-Algorithm") != ALGORITHM:
            raise Refused("AuthorizationQueryParametersError")
        seconds = int(query["X-Amz-Expires"])
        signed = tuple(query["X-Amz-SignedHeaders"].split(";"))
        unsigned = {name for name in request.headers if name.startswith("x-amz-")} - set(signed)
        in_time = query["X-Amz-Date"].startswith(credential["date"]) and 1 <= seconds <= LONGEST_SECONDS
        if "host" not in signed or unsigned or not in_time:
            raise Refused("AuthorizationQueryParametersError")
        return cls(
            access_key_id=credential["key"],
            scope=credential[0].split("/", 1)[1],
            signed_at=datetime.strptime(query["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC),
            expires=timedelta(seconds=seconds),
            signed_headers=signed,
            signature=query["X-Amz-Signature"],
        )

    def check(self, request: Request, secret: str, now: datetime) -> None:
        """Refuse a request whose signature is of another key or another request, or that came too late."""
        key = f"AWS4{secret}".encode()
        for part in self.scope.split("/"):
            key = _hmac(key, part)
        stamp = self.signed_at.strftime("%Y%m%dT%H%M%SZ")
        canonical = hashlib.sha256(self._canonical(request).encode()).hexdigest()
        expected = _hmac(key, "\n".join((ALGORITHM, stamp, self.scope, canonical))).hex()
        if not hmac.compare_digest(expected, self.signature):
            raise Refused("SignatureDoesNotMatch")
        if now > self.signed_at + self.expires:
            raise Refused("ExpiredRequest")

    def _canonical(self, request: Request) -> str:
        pairs = parse_qsl(request.query, keep_blank_values=True)
        signed = sorted((_encoded(n), _encoded(v)) for n, v in pairs if n != "X-Amz-Signature")
        headers = [f"{name}:{' '.join(request.headers.get(name, '').split())}" for name in self.signed_headers]
        query = "&".join(f"{name}={value}" for name, value in signed)
        names = ";".join(self.signed_headers)
        return "\n".join((request.method, request.path, query, *headers, "", names, "UNSIGNED-PAYLOAD"))


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def _encoded(text: str) -> str:
    return quote(text, safe="-_.~")
