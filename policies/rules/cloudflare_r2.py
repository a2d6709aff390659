"""Cloudflare R2: who may read and write a bucket, and how long it keeps what it must."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from policies.checks import each, is_address, is_false, matches, must, number, one_of, text
from policies.rule import PRODUCTION, Severity, resource_rule, stack_rule, texts, whole
from policies.tokens import (
    R2_BUCKET,
    R2_BUCKET_CORS,
    R2_BUCKET_LIFECYCLE,
    R2_BUCKET_LOCK,
    R2_CUSTOM_DOMAIN,
    R2_MANAGED_DOMAIN,
)
from policies.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policies.model import Finding, Resource, Stack
    from policies.values import Value

_DAY = 86_400
_LOCK = (
    "bucketName",
    "rules[].enabled",
    "rules[].prefix",
    "rules[].condition.maxAgeSeconds",
    "rules[].condition.type",
)
_BACKUPS = texts(("*backup*",), "Globs of the names of buckets that hold backups.")


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
    named = "." in host and "*" not in host and not is_address(host) and not host.endswith(".localhost")
    bare = origin.lower() == f"https://{parts.netloc.lower()}" and "@" not in parts.netloc
    return bare and named and (not own_domains or any(fnmatchcase(host, glob) for glob in own_domains))


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
        yield from each(domain, "enabled", is_false)
    for bucket in stack.of(R2_BUCKET):
        if not stack.companions(bucket, R2_MANAGED_DOMAIN, "bucketName", "name"):
            yield bucket.wants("has no R2ManagedDomain")


resource_rule(
    id="r2-cors-methods",
    title="Browsers may read from and upload to a bucket, nothing else",
    risk="With DELETE or POST allowed, a script on one of our own pages can empty a bucket or fill it with anything.",
    fix="List only GET, HEAD and PUT in rules[].allowed.methods.",
    severity=Severity.MEDIUM,
    audit="6.1 Security: CORS for R2 bucket",
    cis="3.3",
    reads={R2_BUCKET_CORS: ("rules[].allowed.methods[]",)},
    shows=("rules[].allowed.methods[]",),
)(must("rules[].allowed.methods[]", one_of("GET", "HEAD", "PUT"), required=False))

resource_rule(
    id="r2-cors-headers",
    title="A bucket names the headers that browsers may send",
    risk="With '*' an upload may set any metadata, and R2 matches the wildcard unreliably.",
    fix="List the headers that a presigned upload signs, such as content-type.",
    severity=Severity.LOW,
    mandatory=PRODUCTION,
    audit="6.1 Security: CORS for R2 bucket",
    cis="3.3",
    reads={R2_BUCKET_CORS: ("rules[].allowed.headers[]",)},
    shows=("rules[].allowed.headers[]",),
)(must("rules[].allowed.headers[]", lambda header: isinstance(header, str) and "*" not in header, required=False))


@stack_rule(
    id="r2-backups-not-public",
    title="A bucket of backups has no domain of its own",
    risk="A copy of the whole database would be one guessed name away from anyone.",
    fix="Remove the R2CustomDomain of the backup bucket.",
    severity=Severity.CRITICAL,
    audit="5.3 Phase 2: backups",
    cis="3.3",
    reads={R2_CUSTOM_DOMAIN: ("bucketName",), R2_BUCKET: ("name",)},
    options={"backup_buckets": _BACKUPS},
)
def backups_are_not_public(stack: Stack, *, backup_buckets: Sequence[str]) -> Iterator[Finding]:
    """By the bucket's name, whether the bucket is of this stack or not."""
    for domain in stack.of(R2_CUSTOM_DOMAIN):
        name = text(domain.value("bucketName"))
        linked = [text(bucket.value("name")) for bucket in stack.linked(domain, "bucketName", R2_BUCKET)]
        if any(matches(one, backup_buckets) for one in (name, *linked)):
            yield domain.wants("serves a bucket of backups", "bucketName")


@stack_rule(
    id="r2-backups-locked",
    title="A bucket of backups can't be emptied for 28 days",
    risk="Whoever takes over the backup job's credentials deletes the backups first.",
    fix="Declare an R2BucketLock for the bucket with an enabled rule, condition type Age and maxAgeSeconds 2419200.",
    severity=Severity.HIGH,
    audit="5.3 Phase 2: four weekly backups",
    cis="11.3",
    reads={R2_BUCKET_LOCK: _LOCK, R2_BUCKET: ("name",)},
    options={"backup_buckets": _BACKUPS, "min_days": whole(28, 1, 3_650, "The days a backup is locked, at least.")},
)
def backups_are_locked(stack: Stack, *, backup_buckets: Sequence[str], min_days: int) -> Iterator[Finding]:
    """An enabled rule over the whole bucket: one for a prefix leaves the rest open."""
    for bucket in _backup_buckets(stack, backup_buckets):
        if max((seconds for prefix, seconds in _locks(stack, bucket) if prefix == ""), default=0) < min_days * _DAY:
            yield bucket.wants(f"has no lock of {min_days} days")


def _locks(stack: Stack, bucket: Resource) -> list[tuple[str | None, float]]:
    """Prefix and seconds of every lock rule that is switched on; None: of a prefix that is not known yet.

    Of several rules for one object, R2 keeps to the strictest.
    """
    rules = [
        rule
        for one in stack.companions(bucket, R2_BUCKET_LOCK, "bucketName", "name")
        for _, rule in one.values("rules[]")
        if isinstance(rule, dict) and rule.get("enabled") is True
    ]
    return [(_prefix(rule), _locked_seconds(rule)) for rule in rules]


def _prefix(rule: Value) -> str | None:
    """What the names begin with that a rule is for: nothing, where it says nothing."""
    given = rule.get("prefix") if isinstance(rule, dict) else UNKNOWN
    return "" if given is None else given if isinstance(given, str) else None


def _locked_seconds(rule: dict[str, Value]) -> float:
    condition = rule.get("condition")
    known = condition if isinstance(condition, dict) else {}
    if known.get("type") == "Indefinite":
        return float("inf")
    return number(known.get("maxAgeSeconds")) if known.get("type") == "Age" else 0


@stack_rule(
    id="r2-backups-outlive-lifecycle",
    title="A bucket of backups does not delete what it should keep",
    risk="If the backup job stops, a short lifecycle empties the bucket while nobody looks.",
    fix="Set deleteObjectsTransition.condition.maxAge to 28 days (2419200) or more, or remove the transition.",
    severity=Severity.HIGH,
    audit="5.3 Phase 2: four weekly backups",
    cis="11.3",
    reads={
        R2_BUCKET_LIFECYCLE: (
            "bucketName",
            "rules[].conditions.prefix",
            "rules[].deleteObjectsTransition.condition.maxAge",
            "rules[].deleteObjectsTransition.condition.type",
            "rules[].enabled",
        ),
        R2_BUCKET_LOCK: _LOCK,
        R2_BUCKET: ("name",),
    },
    options={"backup_buckets": _BACKUPS, "min_days": whole(28, 1, 3_650, "The days a backup is kept, at least.")},
)
def backups_outlive_the_lifecycle(stack: Stack, *, backup_buckets: Sequence[str], min_days: int) -> Iterator[Finding]:
    """Each deletion against the locks of the same names. One that is switched off deletes nothing."""
    for bucket in _backup_buckets(stack, backup_buckets):
        locks = _locks(stack, bucket)
        for lifecycle in stack.companions(bucket, R2_BUCKET_LIFECYCLE, "bucketName", "name"):
            for path, rule in lifecycle.values("rules[]"):
                if rule is UNKNOWN:
                    yield lifecycle.cannot_tell(path)
                if not isinstance(rule, dict) or rule.get("enabled") is False:
                    continue
                prefix = _prefix({} if rule.get("conditions") is None else rule.get("conditions"))
                keeps = max(min_days * _DAY, *(seconds for locked, seconds in locks if _meet(prefix, locked)), 0)
                if _deletes_after(rule.get("deleteObjectsTransition")) < keeps:
                    where = f"{path}.deleteObjectsTransition"
                    yield lifecycle.wants(f"deletes backups before {min_days} days, or before their lock ends", where)


def _meet(one: str | None, other: str | None) -> bool:
    """Whether some name can begin with both prefixes."""
    return one is None or other is None or one.startswith(other) or other.startswith(one)


def _deletes_after(transition: Value) -> float:
    """After how many seconds a transition deletes: a date instead of an age deletes all at once."""
    if transition is None:
        return float("inf")
    condition = transition.get("condition") if isinstance(transition, dict) else None
    known = condition if isinstance(condition, dict) else {}
    return number(known.get("maxAge")) if known.get("type") == "Age" else 0


@stack_rule(
    id="r2-abandoned-uploads-end",
    title="A bucket removes uploads that nobody finished",
    risk="Their parts cost money for ever, and no listing shows them.",
    fix="Declare an R2BucketLifecycle with an enabled rule that has abortMultipartUploadsTransition.",
    severity=Severity.LOW,
    mandatory=PRODUCTION,
    audit="4.2 Cost optimization",
    cis="3.5",
    reads={
        R2_BUCKET_LIFECYCLE: ("bucketName", "rules[].abortMultipartUploadsTransition", "rules[].enabled"),
        R2_BUCKET: ("name",),
    },
)
def abandoned_uploads_end(stack: Stack) -> Iterator[Finding]:
    """R2's own default goes away with the first lifecycle rule that is set."""
    for bucket in stack.of(R2_BUCKET):
        lifecycles = stack.companions(bucket, R2_BUCKET_LIFECYCLE, "bucketName", "name")
        rules = [rule for one in lifecycles for _, rule in one.values("rules[]") if isinstance(rule, dict)]
        if not any(rule.get("abortMultipartUploadsTransition") and rule.get("enabled") is True for rule in rules):
            yield bucket.wants("has no lifecycle rule for unfinished uploads")


@resource_rule(
    id="r2-region-allowed",
    title="A bucket's objects are asked to stay in the region that was chosen",
    risk="Customers' pictures and backups end up on another continent.",
    fix="Set location to a region of the config's list; it is heard once, when the bucket's name is first used.",
    severity=Severity.MEDIUM,
    audit="1.1 Railway (Sydney); data residency",
    cis="3.3",
    reads={R2_BUCKET: ("location",)},
    shows=("location",),
    options={"regions": texts((), "R2's names of the allowed regions; empty allows every one.")},
)
def region_is_allowed(bucket: Resource, *, regions: Sequence[str]) -> Iterator[Finding]:
    """R2 writes regions in either case."""
    if regions:
        allowed = one_of(*regions)
        yield from each(bucket, "location", lambda region: allowed(text(region).lower()))


def _backup_buckets(stack: Stack, globs: Sequence[str]) -> Iterator[Resource]:
    return (bucket for bucket in stack.of(R2_BUCKET) if matches(text(bucket.value("name")), globs))
