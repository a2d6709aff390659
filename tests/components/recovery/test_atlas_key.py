"""The customer's key and the chain of trust from Atlas to it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pulumi
import pytest
from pulumi_mongodbatlas.outputs import EncryptionAtRestAwsKmsConfig

from components.recovery import AtlasKey, AtlasKeyArgs, propagation
from components.recovery.atlas_key import refuse_unusable
from settings import Recovery
from tests.components.deployments import deployment
from tests.components.mocks import Deployed, deploy

ACCOUNT = "123456789012"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/madebuy-production-atlas-key"
KEY = f"arn:aws:kms:ap-southeast-2:{ACCOUNT}:key/1"
ANSWERS = {
    "key-access-setup": {
        "roleId": "64b5f0c2a1d2e3f4a5b6c7d8",
        "awsConfigs": [
            {"atlasAwsAccountArn": "arn:aws:iam::536727724300:root", "atlasAssumedRoleExternalId": "external-id"}
        ],
    },
    "key-access-role": {"arn": ROLE},
    "key-key": {"arn": KEY, "keyId": "1"},
}


def deploy_key(*, production: bool = True) -> Deployed:
    of = deployment(production=production)
    args = AtlasKeyArgs(deployment=of, settings=Recovery(), project_id="project")
    return deploy(lambda: AtlasKey("key", args), answers=ANSWERS)


def statements(document: str) -> list[dict[str, Any]]:
    return list(json.loads(document)["Statement"])


def test_the_key_rotates_and_waits_before_it_is_deleted() -> None:
    key = deploy_key()["key-key"].inputs

    assert (key["enableKeyRotation"], key["deletionWindowInDays"]) == (True, 30)


@pytest.mark.parametrize("production", [True, False])
def test_production_alone_protects_the_key(production: bool) -> None:
    assert deploy_key(production=production)["key-key"].protect is production


def test_nobody_but_the_atlas_role_may_use_the_key() -> None:
    administer, use = statements(deploy_key()["key-key"].inputs["policy"])

    assert use["Condition"] == {"ArnEquals": {"aws:PrincipalArn": ROLE}}
    assert set(use["Action"]) == {"kms:Encrypt", "kms:Decrypt", "kms:DescribeKey"}
    assert not {"kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:*"} & set(administer["Action"])


def test_the_role_trusts_atlas_alone_and_only_for_this_project() -> None:
    (trust,) = statements(deploy_key()["key-access-role"].inputs["assumeRolePolicy"])

    assert trust["Principal"] == {"AWS": "arn:aws:iam::536727724300:root"}
    assert trust["Condition"] == {"StringEquals": {"sts:ExternalId": "external-id"}}


def test_the_role_may_do_nothing_but_use_this_key() -> None:
    (allowed,) = statements(deploy_key()["key-access-permission"].inputs["policy"])

    assert allowed == {
        "Effect": "Allow",
        "Action": ["kms:Encrypt", "kms:Decrypt", "kms:DescribeKey"],
        "Resource": KEY,
    }


def test_atlas_is_authorized_after_the_role_has_its_permission() -> None:
    assert "key-access-permission" in deploy_key()["key-access-authorization"].depends_on


def test_atlas_encrypts_with_this_key_in_its_own_spelling_of_the_region() -> None:
    assert deploy_key()["key-encryption"].inputs["awsKmsConfig"] == {
        "enabled": True,
        "customerMasterKeyId": "1",
        "region": "AP_SOUTHEAST_2",
        "roleId": "64b5f0c2a1d2e3f4a5b6c7d8",
    }


def test_a_key_that_atlas_cannot_use_stops_everything_behind_it() -> None:
    with pytest.raises(pulumi.RunError, match="key is not valid"):
        refuse_unusable(EncryptionAtRestAwsKmsConfig(valid=False))


def test_a_key_that_atlas_can_use_stops_nothing() -> None:
    refuse_unusable(EncryptionAtRestAwsKmsConfig(valid=True))


def test_a_cluster_that_takes_the_keys_project_waits_for_the_encryption() -> None:
    def program() -> None:
        of = deployment(production=False)
        args = AtlasKeyArgs(deployment=of, settings=Recovery(), project_id="project")
        key = AtlasKey("key", args)
        pulumi.CustomResource("test:index:Cluster", "cluster", {"projectId": key.project_id})

    assert "key-encryption" in deploy(program, answers=ANSWERS)["cluster"].depends_on


@pytest.mark.parametrize("name", ["key-access-authorization", "key-encryption"])
def test_the_first_use_of_a_new_role_is_retried(name: str) -> None:
    assert deploy_key()[name].error_hooks == ("key-access-wait-for-iam",)


def failure(*errors: str) -> pulumi.ErrorHookArgs:
    return pulumi.ErrorHookArgs(urn="", id="", name="", type="", failed_operation="create", errors=list(errors))


def retried(failed: pulumi.ErrorHookArgs) -> bool:
    loop = asyncio.new_event_loop()  # asyncio.run would take the thread's own loop away, and Pulumi's tests need it
    try:
        return loop.run_until_complete(propagation.wait_for_iam(failed))
    finally:
        loop.close()


NOT_YET = 'HTTP 400 Bad Request (Error code: "CANNOT_ASSUME_ROLE") Detail: AWS did not let Atlas assume the role.'


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    seconds: list[float] = []

    async def sleep(duration: float) -> None:
        seconds.append(duration)

    monkeypatch.setattr(propagation.asyncio, "sleep", sleep)
    return seconds


def test_a_role_that_aws_does_not_know_yet_is_waited_for(waited: list[float]) -> None:
    assert retried(failure(NOT_YET)) is True
    assert waited == [1]


def test_the_wait_ends_after_two_minutes(waited: list[float]) -> None:
    errors = [NOT_YET]
    while retried(failure(*errors)):
        errors.append(NOT_YET)

    assert 110 <= sum(waited) <= 130


def test_any_other_error_is_final(waited: list[float]) -> None:
    assert retried(failure("HTTP 403 Forbidden", NOT_YET)) is False
    assert waited == []
