"""What exists once per account: threat detection, guard rails, the deployment's identity."""

from __future__ import annotations

import json
from typing import Any

import pytest

from components.organization import (
    DeploymentIdentity,
    DeploymentIdentityArgs,
    GuardRails,
    GuardRailsArgs,
    ThreatDetection,
    ThreatDetectionArgs,
)
from settings import AtlasRegion, Monitoring
from settings.organization import Deployment as Workflow
from tests.components.deployments import deployment
from tests.components.mocks import Deployed, deploy

ACCOUNT = "123456789012"
OF = deployment()


def deploy_detection() -> Deployed:
    people = Monitoring(emails=("security@madebuy.com.au", "owner@madebuy.com.au"))
    args = ThreatDetectionArgs(deployment=OF, settings=people, region="ap-southeast-2")
    answers = {"threats-topic": {"arn": "arn:topic"}, "threats-findings": {"arn": "arn:rule"}}
    return deploy(lambda: ThreatDetection("threats", args), answers=answers)


def guard_rails() -> dict[str, str]:
    regions = (AtlasRegion.SYDNEY, AtlasRegion.MELBOURNE)
    args = GuardRailsArgs(deployment=OF, allowed_regions=regions)
    policies = deploy(lambda: GuardRails("rails", args)).of_type("ResourcePolicy")
    return {each.inputs["name"]: each.inputs["policies"][0]["body"] for each in policies}


def deploy_identity() -> Deployed:
    args = DeploymentIdentityArgs(deployment=OF, settings=Workflow(repository="madebuy/infrastructure"))
    return deploy(lambda: DeploymentIdentity("deploy", args), answers={"deploy-github": {"arn": "arn:provider"}})


def statements(document: str) -> list[dict[str, Any]]:
    return list(json.loads(document)["Statement"])


def test_the_account_and_its_buckets_are_watched() -> None:
    deployed = deploy_detection()

    assert deployed["threats-detector"].inputs["enable"] is True
    assert deployed["threats-s3"].inputs["name"] == "S3_DATA_EVENTS"
    assert deployed["threats-s3"].inputs["status"] == "ENABLED"


def test_findings_that_matter_reach_every_person() -> None:
    deployed = deploy_detection()
    pattern = json.loads(deployed["threats-findings"].inputs["eventPattern"])
    subscribers = deployed.of_type("TopicSubscription")

    assert pattern["source"] == ["aws.guardduty"]
    assert pattern["detail"]["severity"] == [{"numeric": [">=", 4]}]
    assert deployed["threats-target"].inputs["arn"] == "arn:topic"
    assert {(each.inputs["protocol"], each.inputs["endpoint"]) for each in subscribers} == {
        ("email", "security@madebuy.com.au"),
        ("email", "owner@madebuy.com.au"),
    }


def test_the_topic_takes_messages_from_that_rule_alone() -> None:
    (allowed,) = statements(deploy_detection()["threats-topic-policy"].inputs["policy"])

    assert (allowed["Principal"], allowed["Resource"]) == ({"Service": "events.amazonaws.com"}, "arn:topic")
    assert allowed["Condition"] == {"ArnEquals": {"aws:SourceArn": "arn:rule"}}


def test_atlas_refuses_a_database_open_to_the_world() -> None:
    assert 'ipAccessList.contains(ip("0.0.0.0/0"))' in guard_rails()["madebuy-no-open-access-list"]


def test_atlas_keeps_clusters_in_australia() -> None:
    assert guard_rails()["madebuy-allowed-regions"].endswith(
        'unless { [ResourcePolicy::Region::"aws:ap-southeast-2", ResourcePolicy::Region::"aws:ap-southeast-4"]'
        ".containsAll(context.cluster.regions) };"
    )


def test_atlas_refuses_the_two_weak_versions_of_tls_and_not_a_newer_one() -> None:
    policy = guard_rails()["madebuy-no-weak-tls"]

    assert '"tls1_0"' in policy
    assert '"tls1_1"' in policy
    assert "tls1_2" not in policy


def test_every_guard_rail_only_forbids() -> None:
    assert all(
        body.startswith("forbid (principal, action == ") and body.endswith(";") for body in guard_rails().values()
    )


@pytest.mark.parametrize("environment", ["staging", "production"])
def test_a_role_is_given_to_its_own_github_environment_of_this_repository_alone(environment: str) -> None:
    (trust,) = statements(deploy_identity()[f"deploy-{environment}"].inputs["assumeRolePolicy"])

    assert trust["Principal"] == {"Federated": "arn:provider"}
    assert trust["Condition"]["StringEquals"] == {
        "token.actions.githubusercontent.com:aud": "sts.amazonaws.com",
        "token.actions.githubusercontent.com:sub": f"repo:madebuy/infrastructure:environment:{environment}",
    }


@pytest.mark.parametrize("environment", ["staging", "production"])
def test_a_deployment_changes_nothing_in_iam_and_no_other_environments_key(environment: str) -> None:
    allowed = statements(deploy_identity()[f"deploy-{environment}-permissions"].inputs["policy"])
    iam = {action for each in allowed for action in each["Action"] if action.startswith("iam:")}
    administer = next(each for each in allowed if each["Sid"] == "AdministerOwnKeys")

    assert all(action.startswith(("iam:Get", "iam:List")) for action in iam)
    assert administer["Condition"] == {"StringEquals": {"aws:ResourceTag/environment": environment}}
