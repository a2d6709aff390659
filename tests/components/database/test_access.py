"""Each app's role, user and connection string."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.database import connection_uri
from settings import ConnectionPool
from tests.components.database.deployments import deploy_cluster

APPS = pytest.mark.parametrize("app", ["web", "admin"])
BEYOND_AN_APP = {
    "DROP_COLLECTION",
    "DROP_DATABASE",
    "DROP_INDEX",
    "COLL_MOD",
    "BYPASS_DOCUMENT_VALIDATION",
    "KILL_OP",
    "SHUTDOWN",
}


def actions(app: str) -> set[str]:
    return {each["action"] for each in deploy_cluster()[f"database-{app}-role"].inputs["actions"]}


@APPS
def test_an_app_reads_and_writes_madebuys_database_and_no_other(app: str) -> None:
    role = deploy_cluster()[f"database-{app}-role"].inputs

    assert {"FIND", "INSERT", "UPDATE"} <= actions(app)
    assert all(each["resources"] == [{"databaseName": "madebuy", "collectionName": ""}] for each in role["actions"])


@APPS
def test_an_app_can_neither_drop_nor_administer_anything(app: str) -> None:
    assert not actions(app) & BEYOND_AN_APP


def test_the_storefront_deletes_nothing_and_the_dashboard_may() -> None:
    assert "REMOVE" not in actions("web")
    assert "REMOVE" in actions("admin")


@APPS
def test_a_user_has_its_apps_role_alone_and_only_on_this_cluster(app: str) -> None:
    user = deploy_cluster()[f"database-{app}-user-a"].inputs

    assert user["username"] == f"{app}-a"
    assert user["authDatabaseName"] == "admin"
    assert user["roles"] == [{"roleName": app, "databaseName": "admin"}]
    assert user["scopes"] == [{"name": "madebuy", "type": "CLUSTER"}]


@APPS
def test_a_password_is_born_secret_and_is_long_and_plain(app: str) -> None:
    deployed = deploy_cluster()
    password = deployed[f"database-{app}-password-a"].inputs

    assert (password["length"], password["special"]) == (32, False)
    assert "password" in deployed[f"database-{app}-user-a"].secrets


@APPS
def test_a_connection_string_is_a_secret_and_carries_the_audits_pool_options(app: str) -> None:
    deployed = deploy_cluster()
    uri = urlsplit(deployed.outputs["database"]["connection_strings"][app])

    assert "connection_strings" in deployed.secret_outputs["database"]
    assert (uri.scheme, uri.hostname, uri.path) == ("mongodb+srv", "madebuy.ab1cd.mongodb.net", "/madebuy")
    assert parse_qs(uri.query) == {
        "retryWrites": ["true"],
        "w": ["majority"],
        "maxPoolSize": ["50"],
        "minPoolSize": ["10"],
        "maxIdleTimeMS": ["30000"],
        "appName": [app],
    }


@given(username=st.text(min_size=1), password=st.text(min_size=1))
def test_any_credential_survives_the_connection_string(username: str, password: str) -> None:
    uri = urlsplit(connection_uri("mongodb+srv://h.mongodb.net", username, password, "db", "web", ConnectionPool()))

    assert uri.hostname == "h.mongodb.net"
    assert (unquote(uri.username or ""), unquote(uri.password or "")) == (username, password)
