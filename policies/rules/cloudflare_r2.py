"""Cloudflare R2: who may read and write a bucket, and how long it keeps what it must."""

from __future__ import annotations

import ipaddress
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from policies.checks import is_false, must
from policies.rule import Severity, resource_rule, stack_rule, texts
from policies.tokens import R2_BUCKET, R2_BUCKET_CORS, R2_MANAGED_DOMAIN
from policies.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policies.model import Finding, Resource, Stack
    from policies.values import Value


@resource_rule(
    id="r2-cors-own-origins",
    title="Browsers use a bucket from named https origins only",
    risk="Any page a visitor opens can read from the bucket or upload to it in their name.",
    fix="List your own https origins in rules[].allowed.origins: no '*', no http, no address, no localhost, no other "
    "domain.",
    severity=Severity.HIGH,
    audit="6.1 Security: CORS for R2 bucket",
    cis="3.3",
    reads={R2_BUCKET_CORS: ("rules[].allowed.origins[]",)},
    shows=("rules[].allowed.origins[]",),
    options={"own_domains": texts((), "Globs of the hosts that are ours; empty means that any named host may be.")},
)
def cors_names_own_origins(cors: Resource, *, own_domains: Sequence[str]) -> Iterator[Finding]:
    """An origin is a scheme and one host; R2 compares it as text."""
    for path, origin in cors.values("rules[].allowed.origins[]"):
        if origin is UNKNOWN:
            yield cors.cannot_tell(path)
        elif not is_named_https_origin(origin, own_domains):
            yield cors.violates(path, origin)


def is_named_https_origin(origin: Value, own_domains: Sequence[str]) -> bool:
    """Whether an origin is https, one host with a name, and ours."""
    if not isinstance(origin, str):
        return False
    try:
        parts = urlsplit(origin)
        host = parts.hostname or ""
    except ValueError:
        return False
    named = "." in host and "*" not in host and not _is_address(host) and not host.endswith(".localhost")
    bare = origin.lower() == f"https://{parts.netloc.lower()}" and "@" not in parts.netloc
    return bare and named and (not own_domains or any(fnmatchcase(host, glob) for glob in own_domains))


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


@stack_rule(
    id="r2-dev-domain-closed",
    title="A bucket is not served from the r2.dev domain",
    risk="Objects are public there past the zone's WAF, rate limits and logs.",
    fix="Declare an R2ManagedDomain with enabled false for the bucket, so that switching it on by hand shows as drift.",
    severity=Severity.HIGH,
    audit="6.1 Security: R2",
    cis="3.3",
    equals=("mondoo:r2-buckets-not-public",),
    reads={R2_MANAGED_DOMAIN: ("enabled", "bucketName"), R2_BUCKET: ("name",)},
    shows=("enabled",),
)
def buckets_close_the_dev_domain(stack: Stack) -> Iterator[Finding]:
    """Off where it is declared, and declared for every bucket."""
    for domain in stack.of(R2_MANAGED_DOMAIN):
        yield from must("enabled", is_false)(domain)
    for bucket in stack.of(R2_BUCKET):
        if not stack.companions(bucket, R2_MANAGED_DOMAIN, "bucketName", "name"):
            yield bucket.wants("has no R2ManagedDomain")
