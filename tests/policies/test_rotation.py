"""While a token is rotated two of them work, and only the newer one is in Doppler."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.policies.estate import ASKED, ESTATE
from tests.policies.judging import findings

if TYPE_CHECKING:
    from tests.policies.described import Described

(TOKEN,) = [one for one in ESTATE if one.name == "token"]
OLD = replace(TOKEN, name="old-token").having("expiresOn", "2026-12-15T00:00:00Z")


def found(*more: Described) -> set[tuple[str, str]]:
    return findings((*ESTATE, *more), config=ASKED)


def test_the_generation_before_the_one_in_doppler_may_still_work() -> None:
    assert found(OLD) == set()


@pytest.mark.parametrize(
    "other",
    [
        OLD.having("expiresOn", "2027-03-16T00:00:00Z"),
        OLD.having("policies[0].permissionGroups[0].id", "2efd5506f9c8494dacb1fa10a3e7d5b6"),
    ],
    ids=["ends later", "may do more"],
)
def test_a_token_that_is_no_older_generation_must_reach_doppler(other: Described) -> None:
    assert ("credentials-reach-doppler", "old-token") in found(other)
