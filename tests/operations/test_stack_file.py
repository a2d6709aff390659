"""Generations in, every other byte as it was."""

from __future__ import annotations

from datetime import date

import pytest
import yaml

from operations.stack_file import with_generations
from operations.stacks import CommandError
from settings.rotation import Generation
from tests.settings.stack_files import ROOT

FIRST = Generation(generation=1, started=date(2026, 11, 1))
SECOND = Generation(generation=2, started=date(2027, 1, 30))
FILE = """\
# A stack
config:
  madebuy:secrets: # where they are
    doppler_project: madebuy   # two spaces more
    started_on: "2026-11-01" # its birthday

  # What follows is another concern
  madebuy:cache: {name: madebuy}
"""
WITH_ROTATION = FILE.replace(
    "birthday\n",
    """birthday
    rotation:
      # The bucket's
      media-key:
        - {generation: 1, started: "2026-11-01"}
        - {generation: 2, started: "2027-01-30"} # not yet everywhere
      # The zone's
      zone-token:
        - generation: 4
          started: "2027-02-01"
    period_days: 90
""",
)


def rotation(text: str) -> dict[str, list[dict[str, object]]]:
    return yaml.safe_load(text)["config"]["madebuy:secrets"]["rotation"]


def test_the_first_rotation_is_added_after_the_concerns_last_line() -> None:
    text = with_generations(FILE, {"media-key": (FIRST, SECOND)})

    assert text == FILE.replace(
        "birthday\n",
        'birthday\n    rotation:\n      media-key:\n        - {generation: 1, started: "2026-11-01"}\n'
        '        - {generation: 2, started: "2027-01-30"}\n',
    )


def test_a_secret_that_is_there_is_changed_in_place() -> None:
    recorded = SECOND.model_copy(update={"redeployed": ("admin",)})
    text = with_generations(WITH_ROTATION, {"media-key": (recorded,)})

    removed = """\
        - {generation: 1, started: "2026-11-01"}
        - {generation: 2, started: "2027-01-30"} # not yet everywhere
"""
    added = '        - {generation: 2, started: "2027-01-30", redeployed: [admin]}\n'
    assert text == WITH_ROTATION.replace(removed, added)


def test_another_layout_of_a_generation_is_replaced_whole() -> None:
    text = with_generations(WITH_ROTATION, {"zone-token": (SECOND,)})

    assert text == WITH_ROTATION.replace(
        '        - generation: 4\n          started: "2027-02-01"\n',
        '        - {generation: 2, started: "2027-01-30"}\n',
    )


def test_a_new_secret_comes_after_the_others() -> None:
    text = with_generations(WITH_ROTATION, {"cron-secret": (SECOND,)})

    assert list(rotation(text)) == ["media-key", "zone-token", "cron-secret"]
    assert text.replace('      cron-secret:\n        - {generation: 2, started: "2027-01-30"}\n', "") == WITH_ROTATION


@pytest.mark.parametrize("empty", ["rotation: {}", "rotation:", "rotation: null", "rotation: ~ # none yet"])
def test_an_empty_rotation_is_filled(empty: str) -> None:
    text = with_generations(FILE.replace("birthday\n", f"birthday\n    {empty}\n"), {"media-key": (SECOND,)})

    assert rotation(text) == {"media-key": [{"generation": 2, "started": "2027-01-30"}]}


@pytest.mark.parametrize("style", ["|", ">", "|-"])
def test_a_text_of_several_lines_at_the_end_stays_whole_and_what_follows_too(style: str) -> None:
    before = (
        f"config:\n  madebuy:secrets:\n    doppler_project: {style}\n      madebuy\n      prod\n  madebuy:cache: {{}}\n"
    )
    after = with_generations(before, {"media-key": (SECOND,)})

    added = '    rotation:\n      media-key:\n        - {generation: 2, started: "2027-01-30"}\n'
    assert after == before.replace("  madebuy:cache", f"{added}  madebuy:cache")


def test_a_file_without_a_line_break_at_its_end_gets_one() -> None:
    text = with_generations('config:\n  madebuy:secrets:\n    started_on: "2026-11-01"', {"media-key": (SECOND,)})

    assert rotation(text)["media-key"][0]["generation"] == 2


@pytest.mark.parametrize("stack", ["staging", "prod"])
def test_a_shipped_file_keeps_every_line(stack: str) -> None:
    before = (ROOT / f"Pulumi.{stack}.yaml").read_text(encoding="utf-8")
    after = with_generations(before, {"media-key": (FIRST, SECOND), "zone-token": (SECOND,)})

    assert [line for line in after.splitlines() if line in before.splitlines()] == before.splitlines()


@pytest.mark.parametrize(
    "text",
    [
        "config:\n  madebuy:secrets: {started_on: '2026-11-01'}\n",
        "config:\n  madebuy:secrets:\n    rotation: {media-key: [{generation: 1, started: '2026-11-01'}]}\n",
        "config: {}\n",
        "",
    ],
)
def test_rejects_a_layout_that_has_no_line_of_its_own_for_each_key(text: str) -> None:
    with pytest.raises(CommandError, match="not written one key a line"):
        with_generations(text, {"media-key": (SECOND,)})
