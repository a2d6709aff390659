"""The generated page about the rules is the one in docs/."""

from policies import reference
from policies.catalogues import WITHOUT_FORM
from tests.policies.engine import ROOT
from tests.policies.judging import RULES


def test_the_page_is_not_stale() -> None:
    assert reference.DOCUMENT.read_text(encoding="utf-8") == reference.document(), "python -m policies.reference"


def test_every_rule_is_on_the_page() -> None:
    page = reference.document()

    assert [rule for rule in RULES if f"### `{rule}`" not in page] == []


def test_a_check_is_either_answered_by_a_rule_or_has_a_reason() -> None:
    answered = {check for rule in RULES.values() for check in rule.equals}

    assert answered.isdisjoint(check for check, _ in WITHOUT_FORM)


def test_the_pack_alone_asks_for_what_this_repository_pins() -> None:
    alone = (ROOT / "policies" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pinned = (ROOT / "requirements.txt").read_text(encoding="utf-8").lower().splitlines()

    assert [line for line in alone if f"{line.lower()} \\" not in pinned] == []
