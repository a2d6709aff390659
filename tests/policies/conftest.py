"""One engine for all tests of the real CLI."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.policies import echo, shipped
from tests.policies.deployed import Deployed
from tests.policies.engine import Engine

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="session")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    server, port = echo.serve()
    yield Engine(tmp_path_factory.mktemp("engine"), port)
    server.stop(grace=None)


@pytest.fixture(scope="session")
def stacks(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> dict[str, shipped.Shipped]:
    """MadeBuy's own stacks, previewed once."""
    return {name: shipped.preview(engine, name, tmp_path_factory.mktemp(name)) for name in shipped.STACKS}


@pytest.fixture(scope="session")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    """The same stacks, deployed once in a sandbox."""
    return Deployed(tmp_path_factory.mktemp("deployed"))
