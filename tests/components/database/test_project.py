"""The Atlas project and its access list."""

from __future__ import annotations

import pytest

from settings import AccessEntry, Role
from tests.components.database.deployments import TAGS, database, deploy_project, deployment


def test_the_project_carries_the_audits_tags() -> None:
    assert deploy_project()["project-project"].inputs["tags"] == TAGS


def test_atlas_makes_no_default_alerts_beside_ours() -> None:
    assert deploy_project()["project-project"].inputs["withDefaultAlertsSettings"] is False


@pytest.mark.parametrize("production", [True, False])
@pytest.mark.parametrize(
    "feature",
    [
        "isClusterAiAssistantEnabled",
        "isDataExplorerGenAiFeaturesEnabled",
        "isDataExplorerGenAiSampleDocumentPassingEnabled",
    ],
)
def test_no_language_model_sees_customers_documents(feature: str, production: bool) -> None:
    project = deploy_project(of=deployment(production=production))["project-project"]

    assert project.inputs[feature] is False


@pytest.mark.parametrize("production", [True, False])
def test_the_browsers_document_editor_is_off_in_production_alone(production: bool) -> None:
    project = deploy_project(of=deployment(production=production))["project-project"]

    assert project.inputs["isDataExplorerEnabled"] is not production


@pytest.mark.parametrize("production", [True, False])
def test_production_alone_protects_the_project(production: bool) -> None:
    assert deploy_project(of=deployment(production=production))["project-project"].protect is production


def test_an_adopted_project_is_imported_and_protected_in_any_environment() -> None:
    of = deployment(production=False, adopt={Role.ATLAS_PROJECT: "64b5f0c2a1d2e3f4a5b6c7d8"})
    project = deploy_project(of=of)["project-project"]

    assert (project.import_id, project.protect) == ("64b5f0c2a1d2e3f4a5b6c7d8", True)


def test_every_address_of_the_settings_is_let_in_with_its_comment() -> None:
    entries = deploy_project().of_type("ProjectIpAccessList")

    assert {(each.inputs["cidrBlock"], each.inputs["comment"]) for each in entries} == {
        ("203.0.113.10/32", "origin sydney-1"),
        ("203.0.113.11/32", "origin sydney-2"),
    }


def test_an_entry_keeps_its_name_when_another_one_comes_before_it() -> None:
    alone = deploy_project(database(access=(AccessEntry(cidr="203.0.113.11/32", comment="origin"),)))

    assert "project-access-203-0-113-11-32" in alone
    assert "project-access-203-0-113-11-32" in deploy_project()


def test_entries_are_written_one_after_the_other() -> None:
    deployed = deploy_project()

    assert "project-access-203-0-113-10-32" in deployed["project-access-203-0-113-11-32"].depends_on


def test_a_replaced_entry_is_deleted_before_its_successor_is_made() -> None:
    assert all(each.delete_before_replace for each in deploy_project().of_type("ProjectIpAccessList"))
