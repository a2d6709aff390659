import json
from datetime import date, timedelta
from pathlib import Path

import pytest

from components.edge.stripe import LIST_FILE, WebhookSources


def test_the_committed_list_has_the_digest_it_claims() -> None:
    assert len(WebhookSources.load().addresses) == 15


def test_a_list_edited_without_its_digest_is_refused(tmp_path: Path) -> None:
    content = json.loads(LIST_FILE.read_text())
    edited = tmp_path / "list.json"
    edited.write_text(json.dumps({**content, "addresses": [*content["addresses"], "203.0.113.1"]}))

    with pytest.raises(ValueError, match="Compare them with"):
        WebhookSources.load(edited)


def test_a_comparison_made_before_the_list_was_taken_over_vouches_for_nothing() -> None:
    sources = WebhookSources.load()

    assert not sources.is_verified(sources.retrieved - timedelta(days=1))
    assert sources.is_verified(sources.retrieved)


def test_a_list_nobody_compared_is_unverified() -> None:
    assert not WebhookSources((), date(2026, 1, 1), "", "").is_verified(None)
