"""What a killed run leaves in the sandbox's own folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sandbox.workspace import Stack, Workspace

if TYPE_CHECKING:
    from pathlib import Path

WHOLE, OLDER = '{"version":3,"checkpoint":{"latest":{}}}', '{"version":3,"checkpoint":{}}'


def prepared(folder: Path, state: str) -> str:
    """The state file after a stack is made ready, where a run left this one and the CLI's backup of the one before."""
    (folder / "Pulumi.yaml").write_text("name: shop\nruntime: python\n")
    stack = Stack(Workspace.at(folder / "home"), folder, "dev")
    path = folder / "home" / "state" / ".pulumi" / "stacks" / "shop" / "dev.json"
    path.parent.mkdir(parents=True)
    path.write_text(state)
    path.with_suffix(".json.bak").write_text(OLDER)
    stack.prepare("no CLI is needed", {})
    return path.read_text()


@pytest.mark.parametrize("half", ["", WHOLE[:20]])
def test_a_state_that_was_half_written_is_taken_from_its_backup(tmp_path: Path, half: str) -> None:
    assert prepared(tmp_path, half) == OLDER


def test_a_whole_state_is_left_alone(tmp_path: Path) -> None:
    assert prepared(tmp_path, WHOLE) == WHOLE
