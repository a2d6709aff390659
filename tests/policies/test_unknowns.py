"""Where a mistake could be, a value that a preview does not know is told: by the rule itself, or by one for all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.policies.cases import CASES
from tests.policies.described import Described, Of
from tests.policies.estate import ASKED, ESTATE
from tests.policies.judging import findings

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.policies.changes import Case

LATER = "a document or name of this stack's own ids, which no first preview knows; `up` asks again before it makes it"
OF_STACK = "the id or name of a resource of this stack, or of its vendor"
MAY_BE_UNKNOWN = {
    "atlas-guard-rail-forbids": LATER,
    "atlas-key-for-atlas-alone": LATER,
    "atlas-audit-filter": LATER,
    "iam-federated-trust-bound": LATER,
    "iam-federated-trust-reviewed": LATER,
    "iam-policy-keys-bounded": LATER,
    "iam-policy-no-escalation": LATER,
    "iam-policy-no-whole-service": LATER,
    "iam-policy-not-everything": LATER,
    "iam-role-not-administrator": LATER,
    "iam-role-trust-bound": LATER,
    "kms-key-has-policy": LATER,
    "kms-key-not-public": LATER,
    "kms-key-policy-bounded": LATER,
    "s3-foretold-bucket-owned": LATER,
    "s3-policy-not-public": LATER,
    "s3-policy-own-accounts": LATER,
    "sns-topic-not-public": LATER,
    "token-least-privilege": LATER,
    "atlas-role-names-databases": OF_STACK,
    "atlas-user-no-admin-role": OF_STACK,
    "balancer-fallback-differs": OF_STACK,
    "dns-mail-host-current": OF_STACK,
    "dns-mail-target-is-name": OF_STACK,
    "dns-no-apex-cname": OF_STACK,
    "dns-no-internal-address": OF_STACK,
    "dns-target-ours": OF_STACK,
    "doppler-webhook-tls": OF_STACK,
    "oidc-provider-tls": OF_STACK,
    "public-host-watched": OF_STACK,
    "required-tags": OF_STACK,
    "ruleset-rules-have-refs": OF_STACK,
    "tag-values": OF_STACK,
    "atlas-user-password-rotates": "a password that nothing in the stack makes is for its maker to change",
    "plaintext-credential-text": "what is not known is not printed either, and is judged once it is",
    "plaintext-secret": "what is not known is not printed either, and is judged once it is",
}


def differences(good: Any, bad: Any, path: str = "") -> Iterator[str]:
    """Where two trees differ in a value that both have."""
    if isinstance(good, dict) and isinstance(bad, dict):
        for name in good.keys() & bad.keys():
            yield from differences(good[name], bad[name], f"{path}.{name}".lstrip("."))
    elif isinstance(good, list) and isinstance(bad, list) and len(good) == len(bad):
        for index, (one, other) in enumerate(zip(good, bad, strict=True)):
            yield from differences(one, other, f"{path}[{index}]")
    elif good != bad:
        yield path


def blurred(case: Case) -> Iterator[tuple[Described, ...]]:
    """The broken estate, with each value that the case changed unknown instead."""
    good, broken = {one.name: one for one in ESTATE}, case.broken()
    for one in broken:
        for path in differences(good[one.name].props, one.props) if one.name in good else ():
            yield tuple(other.having(path, Of("nobody")) if other is one else other for other in broken)


@pytest.mark.parametrize(
    "case", [one for one in CASES if one.rule not in MAY_BE_UNKNOWN], ids=lambda case: f"{case.rule}-{case.at[0]}"
)
def test_what_is_not_known_is_told(case: Case) -> None:
    for estate in blurred(case):
        found = {rule for rule, _ in findings(estate, config={**ASKED, **case.config}, outputs=case.outputs)}

        assert found, "nobody is told that this could not be judged"


def test_no_exception_is_left_over() -> None:
    silent = {case.rule for case in CASES for estate in blurred(case) if not findings(estate, config=ASKED)}

    assert {*MAY_BE_UNKNOWN} - silent == set()
