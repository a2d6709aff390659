"""A deployment that several files start from, made once."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.engine.running import World

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def _production(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("production")
    up = World(home).pulumi("prod", "up", "--yes", "--skip-preview")
    assert up.code == 0, up.text
    return home


@pytest.fixture(scope="module")
def production(_production: Path, tmp_path_factory: pytest.TempPathFactory) -> World:
    """Production as shipped, deployed, in a world of the file's own."""
    home = tmp_path_factory.mktemp("production") / "home"
    shutil.copytree(_production, home)
    return World(home)
