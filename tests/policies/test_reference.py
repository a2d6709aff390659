"""The generated page about the rules is the one in docs/, and what it says of other tools is true."""

import pytest

from policies import catalogues, reference
from tests.policies.engine import ROOT
from tests.policies.judging import RULES

KNOWN = catalogues.read()
ANSWERED = {check for rule in RULES.values() for check in rule.equals}


def test_the_page_is_not_stale() -> None:
    assert reference.DOCUMENT.read_text(encoding="utf-8") == reference.document(), "python -m policies.reference"


def test_every_rule_is_on_the_page() -> None:
    page = reference.document()

    assert [rule for rule in RULES if f"### `{rule}`" not in page] == []


def test_a_rule_names_only_checks_that_exist() -> None:
    assert ANSWERED - KNOWN.known == set()


def test_every_known_check_is_answered_by_a_rule_or_has_a_reason() -> None:
    reasons = {**KNOWN.without_form, **KNOWN.without_rule}

    assert KNOWN.known - ANSWERED - {*reasons} == set()
    assert {*reasons} - KNOWN.known == set()
    assert [check for check, reason in reasons.items() if not reason.endswith(".")] == []


def test_a_check_is_in_one_list_alone() -> None:
    assert KNOWN.without_form.keys() & KNOWN.without_rule.keys() == set()
    assert ANSWERED & {*KNOWN.without_form, *KNOWN.without_rule} == set()


@pytest.mark.parametrize(("prefix", "count"), [("prowler", 29 + 10), ("mondoo", 23 + 40 + 8)])
def test_the_rivals_lists_are_whole(prefix: str, count: int) -> None:
    """As many as their own catalogues have for Cloudflare, Atlas and DNS; of Prowler's AWS, those of our services."""
    of_aws = ("kms_", "s3_", "sns_", "iam_", "guardduty_")
    listed = {check for check in KNOWN.known if check.startswith(f"{prefix}:")}

    assert len([check for check in listed if not check.removeprefix(f"{prefix}:").startswith(of_aws)]) == count


def test_the_pack_alone_asks_for_what_this_repository_pins() -> None:
    alone = (ROOT / "policies" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    pinned = (ROOT / "requirements.txt").read_text(encoding="utf-8").lower().splitlines()

    assert [line for line in alone if f"{line.lower()} \\" not in pinned] == []
