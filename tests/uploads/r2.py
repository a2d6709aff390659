"""R2 as a browser and an S3 client meet it, made from what a deployment left in Cloudflare's account.

It takes nothing from the program: keys from the account tokens, rules from the bucket's CORS, public hosts from its
custom domains. Source: Cloudflare's R2 pages on authentication, presigned URLs, CORS and public buckets.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tests.uploads.signatures import Presigned, Refused, Request

if TYPE_CHECKING:
    from sandbox.cloud import Cloud

BUCKET_RESOURCE = "com.cloudflare.edge.r2.bucket."
READS = frozenset({"GET", "HEAD"})
MAY = {
    "6a018a9f2fc74eb6b293b0c548f38b39": READS,  # Workers R2 Storage Bucket Item Read
    "2efd5506f9c8494dacb1fa10a3e7d5b6": READS | {"PUT", "DELETE"},  # Workers R2 Storage Bucket Item Write
}


@dataclass(frozen=True)
class Response:
    """What goes back; `code` is R2's own word for a refusal."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    code: str = ""


@dataclass(frozen=True)
class Key:
    """An S3 credential: what Cloudflare knows of it."""

    secret: str
    expires_on: datetime
    allowed: dict[str, frozenset[str]]  # methods, by bucket


@dataclass(frozen=True)
class Cors:
    """One CORS rule of a bucket."""

    origins: frozenset[str]
    methods: frozenset[str]
    headers: frozenset[str]
    exposed: tuple[str, ...]
    max_age_seconds: int

    @classmethod
    def of(cls, rule: dict[str, Any]) -> Cors:
        """From the rule as Cloudflare's account holds it."""
        allowed = rule["allowed"]
        return cls(
            origins=frozenset(allowed["origins"]),
            methods=frozenset(allowed["methods"]),
            headers=frozenset(name.lower() for name in allowed.get("headers") or ()),
            exposed=tuple(rule.get("exposeHeaders") or ()),
            max_age_seconds=rule["maxAgeSeconds"],
        )


@dataclass
class R2:
    """One account's buckets behind its S3 address and its public hosts."""

    s3_host: str
    keys: dict[str, Key]
    cors: dict[str, list[Cors]]
    public: dict[str, str]  # bucket by host
    objects: dict[tuple[str, str], tuple[bytes, str]] = field(default_factory=dict)
    seen: list[tuple[Request, Response]] = field(default_factory=list)

    @classmethod
    def of(cls, cloud: Cloud, account: str) -> R2:
        """What a deployment left in an account."""
        tokens = cloud.everything("cloudflare:index/accountToken:AccountToken")
        cors = cloud.everything("cloudflare:index/r2BucketCors:R2BucketCors")
        hosts = cloud.everything("cloudflare:index/r2CustomDomain:R2CustomDomain")
        buckets = [thing.name for thing in cloud.everything("cloudflare:index/r2Bucket:R2Bucket")]
        rules = {thing.state["bucketName"]: [Cors.of(rule) for rule in thing.state["rules"]] for thing in cors}
        return cls(
            s3_host=f"{account}.r2.cloudflarestorage.com",
            keys={token.id: _key(token.state, account) for token in tokens},
            cors={bucket: rules.get(bucket, []) for bucket in buckets},
            public={thing.state["domain"]: thing.state["bucketName"] for thing in hosts if thing.state["enabled"]},
        )

    def answer(self, request: Request) -> Response:
        """Answer a request, and remember both."""
        try:
            bucket, key = self._place(request)
            response = (
                self._preflight(request, bucket) if request.method == "OPTIONS" else self._do(request, bucket, key)
            )
        except Refused as refused:
            response = Response(403, code=str(refused), body=f"<Error><Code>{refused}</Code></Error>".encode())
        self.seen.append((request, response))
        return response

    def _place(self, request: Request) -> tuple[str, str]:
        path = request.path.lstrip("/")
        if request.host in self.public:
            return self.public[request.host], path
        bucket, _, key = path.partition("/")
        if request.host != self.s3_host or bucket not in self.cors:
            raise Refused("NoSuchBucket")
        return bucket, key

    def _preflight(self, request: Request, bucket: str) -> Response:
        asked = request.headers.get("access-control-request-headers", "")
        names = {name.strip().lower() for name in asked.split(",") if name.strip()}
        rule = self._rule(bucket, request.headers.get("origin"), request.headers.get("access-control-request-method"))
        if rule is None or not names <= rule.headers:
            raise Refused("CORSNotAllowed")
        return Response(
            204,
            {
                "Access-Control-Allow-Origin": request.headers["origin"],
                "Access-Control-Allow-Methods": ", ".join(sorted(rule.methods)),
                "Access-Control-Allow-Headers": ", ".join(sorted(rule.headers)),
                "Access-Control-Max-Age": str(rule.max_age_seconds),
                "Vary": "Origin",
            },
        )

    def _rule(self, bucket: str, origin: str | None, method: str | None) -> Cors | None:
        return next((rule for rule in self.cors[bucket] if origin in rule.origins and method in rule.methods), None)

    def _do(self, request: Request, bucket: str, key: str) -> Response:
        if request.host == self.s3_host:
            self._authenticate(request, bucket)
        elif request.method not in READS:
            raise Refused("MethodNotAllowed")
        headers = self._exposed(request, bucket)
        if request.method == "PUT":
            self.objects[bucket, key] = (request.body, request.headers.get("content-type", ""))
            return Response(200, headers | {"ETag": _etag(request.body)})
        if (bucket, key) not in self.objects:
            return Response(404, headers, code="NoSuchKey")
        if request.method == "DELETE":
            del self.objects[bucket, key]
            return Response(204, headers)
        body, kind = self.objects[bucket, key]
        return Response(200, headers | {"ETag": _etag(body), "Content-Type": kind}, body)

    def _authenticate(self, request: Request, bucket: str) -> None:
        presigned = Presigned.of(request)
        key = self.keys.get(presigned.access_key_id)
        if key is None:
            raise Refused("InvalidAccessKeyId")
        now = datetime.now(UTC)
        presigned.check(request, key.secret, now)
        if now >= key.expires_on or request.method not in key.allowed.get(bucket, frozenset()):
            raise Refused("AccessDenied")

    def _exposed(self, request: Request, bucket: str) -> dict[str, str]:
        origin = request.headers.get("origin")
        rule = self._rule(bucket, origin, request.method)
        if rule is None or origin is None:
            return {}
        exposed = {"Access-Control-Expose-Headers": ", ".join(rule.exposed)} if rule.exposed else {}
        return {"Access-Control-Allow-Origin": origin, "Vary": "Origin", **exposed}


def _key(token: dict[str, Any], account: str) -> Key:
    allowed: dict[str, frozenset[str]] = {}
    for policy in token["policies"]:
        methods = frozenset().union(*(MAY.get(group["id"], frozenset()) for group in policy["permissionGroups"]))
        for resource in json.loads(policy["resources"]):
            bucket = resource.removeprefix(f"{BUCKET_RESOURCE}{account}_default_")
            if policy["effect"] == "allow" and bucket != resource:
                allowed[bucket] = allowed.get(bucket, frozenset()) | methods
    return Key(
        secret=hashlib.sha256(token["value"].encode()).hexdigest(),
        expires_on=datetime.fromisoformat(token["expiresOn"]),
        allowed=allowed,
    )


def _etag(body: bytes) -> str:
    return f'"{hashlib.md5(body, usedforsecurity=False).hexdigest()}"'
