import re
from pathlib import Path

import pytest

from tools.release import ARCHIVES, VERSION, parsed, platform_name

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        ("3.99.0", "3.259.0"),
        ("3.259.0-alpha.1", "3.259.0"),
        ("3.259.0", "3.260.0-dev.0"),
        ("3.259.0", "3.259.1+dirty"),
        ("3.259.9", "4.0.0"),
    ],
)
def test_versions_are_compared_as_numbers_and_a_pre_release_comes_first(older: str, newer: str) -> None:
    assert parsed(older) < parsed(newer)


def test_build_metadata_makes_no_version_newer() -> None:
    assert parsed("3.259.0+dirty") == parsed("3.259.0")


@pytest.mark.parametrize(
    ("system", "machine", "name"),
    [
        ("Linux", "x86_64", "linux-x64"),
        ("Linux", "aarch64", "linux-arm64"),
        ("Darwin", "arm64", "darwin-arm64"),
        ("Darwin", "x86_64", "darwin-x64"),
        ("Linux", "riscv64", "linux-riscv64"),
    ],
)
def test_a_platform_has_pulumis_name(system: str, machine: str, name: str) -> None:
    assert platform_name(system, machine) == name


def test_every_platform_with_a_download_has_a_digest_of_its_own() -> None:
    assert set(ARCHIVES) == {"linux-x64", "linux-arm64", "darwin-x64", "darwin-arm64"}
    assert len(set(ARCHIVES.values())) == len(ARCHIVES)
    assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in ARCHIVES.values())


@pytest.mark.parametrize("module", ["pkg", "sdk"])
def test_a_build_makes_the_version_that_a_download_has(module: str) -> None:
    go_mod = (ROOT / "tools" / "go" / "go.mod").read_text()

    assert re.search(rf"github.com/pulumi/pulumi/{module}/v3 v(\S+)", go_mod).group(1) == VERSION
