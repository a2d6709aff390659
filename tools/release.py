"""The Pulumi release that this repository runs on, at least: its version and the digests of its archives."""

VERSION = "3.259.0"
RELEASES = "https://get.pulumi.com/releases/sdk"
# SHA-256 of each platform's archive; docs/decisions/0001 says where they come from.
ARCHIVES = {
    "linux-x64": "94ba357acac23d01474084c4b00098dc0f7bc70ce13f34c777459254a5f718e5",
    "linux-arm64": "edc8327463a72160bb36cf82cf5062da9c8a244290a706d9980988e7bf486853",
    "darwin-x64": "eaca4c3b8277bfa3ab061fa3b270d1c66358a0b2e613da8c5587a04b7226c534",
    "darwin-arm64": "57c27f179e527e2cf9f62b841a448af72a020e44b2fb4ee0d9bd85556c00c864",
}
HOST = "pulumi-language-python"
EXECUTOR = "pulumi-language-python-exec"


class UnavailableError(Exception):
    """A source of the CLI that this machine can't use, and why. The next one is tried."""


def archive_url(machine: str) -> str:
    """Where a platform's archive is."""
    return f"{RELEASES}/pulumi-v{VERSION}-{machine}.tar.gz"


def parsed(version: str) -> tuple[int, int, int, bool]:
    """A version such as 3.260.0-alpha.1 as something to compare: a pre-release comes before its release."""
    number, _, _build = version.partition("+")
    number, dash, _ = number.partition("-")
    major, minor, patch = (int(part) for part in number.split("."))
    return major, minor, patch, not dash


def platform_name(system: str, machine: str) -> str:
    """Pulumi's name for a platform, such as linux-x64, from Python's names for it."""
    processor = {"x86_64": "x64", "amd64": "x64", "aarch64": "arm64"}.get(machine.lower(), machine.lower())
    return f"{system.lower()}-{processor}"
