"""Each client's role, its two users and its connection string."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.database import Client, connection_uri
from settings import ConnectionPool, Pair
from tests.components.database.deployments import deploy_cluster

CLIENTS = pytest.mark.parametrize("client", list(Client))
SLOTS = pytest.mark.parametrize("slot", ["a", "b"])
BEYOND_A_CLIENT = {
    "DROP_COLLECTION",
    "DROP_DATABASE",
    "DROP_INDEX",
    "COLL_MOD",
    "BYPASS_DOCUMENT_VALIDATION",
    "KILL_OP",
    "SHUTDOWN",
}


def actions(client: str) -> set[str]:
    return {each["action"] for each in deploy_cluster()[f"database-{client}-role"].inputs["actions"]}


@CLIENTS
def test_a_client_acts_on_madebuys_database_and_no_other(client: Client) -> None:
    role = deploy_cluster()[f"database-{client}-role"].inputs

    assert all(each["resources"] == [{"databaseName": "madebuy", "collectionName": ""}] for each in role["actions"])


@CLIENTS
def test_a_client_can_neither_drop_nor_administer_anything(client: Client) -> None:
    assert not actions(client) & BEYOND_A_CLIENT


def test_the_storefront_deletes_nothing_and_the_dashboard_may() -> None:
    assert {"FIND", "INSERT", "UPDATE"} <= actions("web") & actions("admin")
    assert "REMOVE" not in actions("web")
    assert "REMOVE" in actions("admin")


def test_the_backup_reads_and_changes_nothing() -> None:
    assert actions("backup") == {"FIND", "LIST_COLLECTIONS", "LIST_INDEXES", "COLL_STATS"}


@CLIENTS
@SLOTS
def test_a_user_has_its_clients_role_alone_and_only_on_this_cluster(client: Client, slot: str) -> None:
    user = deploy_cluster()[f"database-{client}-user-{slot}"].inputs

    assert user["username"] == f"{client}-{slot}"
    assert user["authDatabaseName"] == "admin"
    assert user["roles"] == [{"roleName": f"madebuy-{client}", "databaseName": "admin"}]
    assert user["scopes"] == [{"name": "madebuy", "type": "CLUSTER"}]


@CLIENTS
@SLOTS
def test_a_password_is_born_secret_and_is_long_and_plain(client: Client, slot: str) -> None:
    deployed = deploy_cluster()
    password = deployed[f"database-{client}-password-{slot}"].inputs

    assert (password["length"], password["special"]) == (32, False)
    assert "password" in deployed[f"database-{client}-user-{slot}"].secrets


@CLIENTS
@pytest.mark.parametrize(("generation", "slot"), [(1, "a"), (2, "b"), (3, "a")])
def test_the_user_whose_turn_it_is_is_handed_out(client: Client, generation: int, slot: str) -> None:
    outputs = deploy_cluster(users=Pair(generation=generation)).outputs["database"]

    assert outputs["users"][client] == f"{client}-{slot}"
    assert urlsplit(outputs["connection_strings"][client]).username == f"{client}-{slot}"


def test_a_rotation_changes_the_password_of_the_idle_user_alone() -> None:
    def keeper(generation: int, slot: str) -> object:
        deployed = deploy_cluster(users=Pair(generation=generation))
        return deployed[f"database-web-password-{slot}"].inputs["keepers"]

    assert keeper(2, "a") == keeper(1, "a")
    assert keeper(2, "b") != keeper(1, "b")


def test_connection_strings_are_secret_outputs_and_names_of_users_are_not() -> None:
    assert deploy_cluster().secret_outputs["database"] == {"connection_strings"}


@pytest.mark.parametrize("client", [Client.WEB, Client.ADMIN])
def test_a_connection_string_carries_the_audits_pool_options(client: Client) -> None:
    uri = urlsplit(deploy_cluster().outputs["database"]["connection_strings"][client])

    assert (uri.scheme, uri.hostname, uri.path) == ("mongodb+srv", "madebuy.ab1cd.mongodb.net", "/madebuy")
    assert parse_qs(uri.query) == {
        "retryWrites": ["true"],
        "w": ["majority"],
        "maxPoolSize": ["50"],
        "minPoolSize": ["10"],
        "maxIdleTimeMS": ["30000"],
        "appName": [client],
    }


def test_the_backup_spares_the_primary() -> None:
    uri = urlsplit(deploy_cluster().outputs["database"]["connection_strings"]["backup"])

    assert parse_qs(uri.query)["readPreference"] == ["secondaryPreferred"]


@given(username=st.text(min_size=1), password=st.text(min_size=1))
def test_any_credential_survives_the_connection_string(username: str, password: str) -> None:
    uri = urlsplit(
        connection_uri("mongodb+srv://h.mongodb.net", username, password, "db", Client.WEB, ConnectionPool())
    )

    assert uri.hostname == "h.mongodb.net"
    assert (unquote(uri.username or ""), unquote(uri.password or "")) == (username, password)
