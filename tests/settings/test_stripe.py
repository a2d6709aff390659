import json
from pathlib import Path

import pytest

from settings.stripe import LIST_FILE, WebhookSources
from tests.settings.stack_files import loaded, rejects


def test_the_committed_list_has_the_digest_it_claims() -> None:
    assert len(WebhookSources.load().addresses) == 15


def test_a_list_edited_without_its_digest_is_refused(tmp_path: Path) -> None:
    content = json.loads(LIST_FILE.read_text())
    edited = tmp_path / "list.json"
    edited.write_text(json.dumps({**content, "addresses": [*content["addresses"], "203.0.113.1"]}))

    with pytest.raises(ValueError, match="One of the two was edited alone"):
        WebhookSources.load(edited)


SETTING = "madebuy:edge.firewall.stripe_list_verified_on"


def test_rejects_a_comparison_made_before_the_list_was_taken_over() -> None:
    rejects({SETTING: "2026-10-03"}, at=SETTING, says="on 2026-10-03 another list was compared")


def test_a_comparison_of_the_day_on_which_the_list_was_taken_over_vouches_for_it() -> None:
    retrieved = WebhookSources.load().retrieved

    assert loaded("prod", {SETTING: str(retrieved)}).edge.firewall.stripe_list_verified_on == retrieved
