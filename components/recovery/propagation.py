"""Waiting for AWS to tell all of itself about a role that was just made."""

from __future__ import annotations

import asyncio

import pulumi

ASSUME_ROLE_FAILED = "CANNOT_ASSUME_ROLE"
"""Atlas's code when AWS does not let it assume a role; MongoDB's provider meets it in its own tests now and then."""

WAITS_SECONDS = (1, 2, 4, 8, 16, 30, 30, 30)
"""Two minutes in all: IAM is eventually consistent, and MongoDB's own Terraform modules sleep 30 s at this place."""


def retry_until_role_is_known(name: str) -> pulumi.ResourceHookBinding:
    """Retry Atlas's first use of a new role, for that one error and for two minutes.

    Any other failure, and this one after the last wait, is final: it is then a wrong trust policy, which waiting won't
    mend.
    """
    return pulumi.ResourceHookBinding(on_error=[pulumi.ErrorHook(f"{name}-wait-for-iam", wait_for_iam)])


async def wait_for_iam(failure: pulumi.ErrorHookArgs) -> bool:
    """Whether to try again; waits first. `failure.errors` holds every error so far, the newest first."""
    tried = len(failure.errors)
    if tried > len(WAITS_SECONDS) or ASSUME_ROLE_FAILED not in failure.errors[0]:
        return False
    await asyncio.sleep(WAITS_SECONDS[tried - 1])
    return True
