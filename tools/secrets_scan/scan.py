"""`make secrets-scan`: no secret in any file of the tree, nor in any line that the history ever had.

The scanner is detect-secrets. What it takes for a secret and is none is listed in allowed.toml, by the value's
fingerprint and with a reason; a fingerprint tells nobody the value. Nothing is asked of any network.
"""

import hashlib
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from detect_secrets.core.scan import scan_file
from detect_secrets.settings import transient_settings

ROOT = Path(__file__).resolve().parents[2]
ALLOWED = "tools/secrets_scan/allowed.toml"
SHAPES = Path(__file__).with_name("shapes.py")

_DETECTORS = (
    "AWSKeyDetector", "AzureStorageKeyDetector", "Base64HighEntropyString", "BasicAuthDetector", "GitHubTokenDetector",
    "GitLabTokenDetector", "HexHighEntropyString", "JwtTokenDetector", "KeywordDetector", "NpmDetector",
    "OpenAIDetector", "PrivateKeyDetector", "PypiTokenDetector", "SendGridDetector", "SlackDetector", "StripeDetector",
    "TelegramBotTokenDetector", "TwilioKeyDetector",
)  # fmt: skip
# Left out: `is_line_allowlisted`, since a comment beside a secret is no reason, and the one that asks vendors online.
_FILTERS = (
    "is_sequential_string", "is_potential_uuid", "is_likely_id_string", "is_templated_secret",
    "is_prefixed_with_dollar_sign", "is_indirect_reference", "is_not_alphanumeric_string",
)  # fmt: skip


class ScanError(Exception):
    """Something that keeps the scan from meaning anything, in one line."""


@dataclass(frozen=True, order=True)
class Finding:
    """Where something looks like a secret. Never the secret itself."""

    path: str
    line: int  # 0 when only the history has it
    kind: str
    fingerprint: str

    def __str__(self) -> str:
        where = f"{self.path}:{self.line}" if self.line else f"{self.path} (in the history)"
        return f"{where}: {self.kind}, fingerprint {self.fingerprint}"


def fingerprint(value: str) -> str:
    """What stands for a value in allowed.toml: 48 bits of its SHA-256, in a form that is no secret's."""
    digest = hashlib.sha256(value.encode()).hexdigest()
    return "-".join((digest[:4], digest[4:8], digest[8:12]))


def allowed(file: Path) -> frozenset[str]:
    """The fingerprints that are no secrets.

    Raises:
        ScanError: an entry has no reason or no fingerprints, or a fingerprint is there twice.
    """
    entries = tomllib.loads(file.read_text())["allowed"] if file.exists() else []
    for number, entry in enumerate(entries, 1):
        if not (entry.get("reason", "").strip() and entry.get("fingerprints")):
            raise ScanError(f"{ALLOWED}: entry {number} needs a reason and fingerprints")
    listed = [one for entry in entries for one in entry["fingerprints"]]
    if twice := sorted({one for one in listed if listed.count(one) > 1}):
        raise ScanError(f"{ALLOWED}: listed twice: {', '.join(twice)}")
    return frozenset(listed)


def findings(root: Path) -> Iterator[Finding]:
    """Everything in the files that git has or would take, then what only the history has."""
    files = [name for name in _git(root, "ls-files", "-z", "-co", "--exclude-standard").split("\0") if name]
    present: set[str] = set()
    with _scanner():
        for name in files:
            if name != ALLOWED and (root / name).is_file():
                for finding in _scan(root / name, name):
                    present.add(finding.fingerprint)
                    yield finding
        with tempfile.TemporaryDirectory() as folder:
            for name, lines in _gone(root):
                copy = Path(folder, name)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_text("\n".join(lines))
                for finding in _scan(copy, name):
                    if finding.fingerprint not in present:
                        yield Finding(name, 0, finding.kind, finding.fingerprint)


def _scan(file: Path, name: str) -> Iterator[Finding]:
    for secret in scan_file(str(file)):
        yield Finding(name, secret.line_number, secret.type, fingerprint(secret.secret_value or ""))


def _scanner() -> AbstractContextManager[object]:
    plugins = [{"name": name} for name in _DETECTORS]
    plugins.append({"name": "VendorTokenDetector", "path": f"file://{SHAPES}"})
    filters = [{"path": f"detect_secrets.filters.heuristic.{name}"} for name in _FILTERS]
    filters.append({"path": f"file://{SHAPES}::is_word_beside_a_keyword"})
    return transient_settings({"plugins_used": plugins, "filters_used": filters})


def _gone(root: Path) -> Iterator[tuple[str, Iterable[str]]]:
    """Each path that the history knows, with the lines that it once had and has no more."""
    lines: dict[str, dict[str, None]] = {}
    path = ""
    log = _git(root, "log", "-p", "-m", "--format=", "--unified=0", "--no-renames", "--no-color", "HEAD")
    for line in log.split("\n"):
        if line.startswith("+++ "):
            path = line.removeprefix("+++ ").removeprefix("b/")
        elif line.startswith("+"):
            lines.setdefault(path, {})[line[1:]] = None
    for name, added in lines.items():
        now = root / name
        kept = set(now.read_text(errors="replace").split("\n")) if now.is_file() else set()
        if name != ALLOWED and (gone := [line for line in added if line not in kept]):
            yield name, gone


def _git(root: Path, *arguments: str) -> str:
    command = ["git", "-c", "core.quotePath=off", "-C", str(root), *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True, errors="replace")  # noqa: S603 - git
    if done.returncode:
        raise ScanError(f"git {arguments[0]} failed: {done.stderr.strip().splitlines()[0]}")
    return done.stdout


def main(root: Path = ROOT) -> int:
    """Scans and returns the process's exit code."""
    try:
        known = allowed(root / ALLOWED)
        found = sorted(findings(root))
        shallow = _git(root, "rev-parse", "--is-shallow-repository").strip() == "true"
    except ScanError as error:
        print(f"secrets-scan: {error}", file=sys.stderr)
        return 1
    new = [finding for finding in found if finding.fingerprint not in known]
    unused = sorted(known - {finding.fingerprint for finding in found})
    return _report(new, [] if shallow else unused, shallow=shallow)


def _report(new: Sequence[Finding], unused: Sequence[str], *, shallow: bool) -> int:
    if shallow:
        print("secrets-scan: this clone is shallow, so most of the history was not seen: git fetch --unshallow")
    for finding in new:
        print(finding)
    if new:
        print(
            f"secrets-scan: {len(new)} that may be secrets. A real one: revoke it at its vendor first, it counts as "
            f"known; then take it out. None: list its fingerprint in {ALLOWED}, with the reason."
        )
    if unused:
        print(f"secrets-scan: {ALLOWED} allows what is nowhere any more, remove it: {', '.join(unused)}")
    return 1 if new else 0
