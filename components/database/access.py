"""One app's way into the database: a role, a user, and the connection string it starts with."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

import pulumi
import pulumi_mongodbatlas as mongodbatlas
import pulumi_random as random

from components.base import Component, ComponentArgs
from settings.contract import AppName

if TYPE_CHECKING:
    from collections.abc import Mapping

    from settings import ConnectionPool, Database

READ = ("FIND", "LIST_COLLECTIONS", "LIST_INDEXES")
WRITE = (*READ, "INSERT", "UPDATE")

ACTIONS: Mapping[AppName, tuple[str, ...]] = MappingProxyType(
    {
        # The storefront takes orders; whatever a visitor manages to run in it deletes nothing.
        AppName.WEB: WRITE,
        # Makers delete their own products, sessions expire, and the dashboard's deployment creates the indexes of audit
        # 3.3.
        AppName.ADMIN: (*WRITE, "REMOVE", "CREATE_COLLECTION", "CREATE_INDEX"),
    }
)
"""What each app may do on the collections of MadeBuy's database, in Atlas's names for MongoDB's actions."""

PASSWORD_LENGTH = 32
"""62 symbols to the power of 32: 190 bits."""


@dataclass(frozen=True, kw_only=True)
class AppAccessArgs(ComponentArgs):
    """Which app, and the cluster it connects to."""

    settings: Database
    app: AppName
    cluster: mongodbatlas.AdvancedCluster


class AppAccess(Component):
    """What one app needs to use the database, and nothing else on the cluster.

    Owns the app's custom role, its user `<app>-a` and that user's password. The letter leaves room for a second user
    beside it: Atlas gives a user one password, so that rotation without an outage needs two.
    """

    def __init__(self, name: str, args: AppAccessArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("database:AppAccess", name, args.deployment, opts)
        database, cluster = args.settings.name, args.cluster
        role = mongodbatlas.CustomDbRole(
            f"{name}-role",
            project_id=cluster.project_id,
            role_name=args.app.value,
            actions=[_on_every_collection(action, database) for action in ACTIONS[args.app]],
            opts=self.child(),
        )
        password = random.RandomPassword(
            f"{name}-password-a",
            length=PASSWORD_LENGTH,
            special=False,  # connection strings get pasted into shells
            opts=self.child(),
        )
        user = mongodbatlas.DatabaseUser(
            f"{name}-user-a",
            project_id=cluster.project_id,
            username=f"{args.app.value}-a",
            password=password.result,
            auth_database_name="admin",
            roles=[mongodbatlas.DatabaseUserRoleArgs(role_name=role.role_name, database_name="admin")],
            scopes=[mongodbatlas.DatabaseUserScopeArgs(name=cluster.name, type="CLUSTER")],
            opts=self.child(),
        )
        self.username = user.username
        self.connection_string: pulumi.Output[str] = pulumi.Output.secret(
            pulumi.Output.all(
                cluster.connection_strings.apply(lambda strings: strings.standard_srv), user.username, password.result
            ).apply(
                lambda known: connection_uri(known[0], known[1], known[2], database, args.app.value, args.settings.pool)
            )
        )
        self.register_outputs({"username": self.username, "connection_string": self.connection_string})


def connection_uri(srv: str, username: str, password: str, database: str, app: str, pool: ConnectionPool) -> str:
    """The string an app gives to its MongoDB driver.

    Args:
        srv: Atlas's `standard_srv`: scheme and host without credentials.
        username: The database user.
        password: Its password.
        database: The database of a collection that the app names without one.
        app: Shown beside the app's operations in Atlas and in the logs.
        pool: The audit's pool options (3.3).
    """
    scheme, host = srv.split("://", 1)
    options = {
        "retryWrites": "true",
        "w": "majority",
        "maxPoolSize": pool.max_size,
        "minPoolSize": pool.min_size,
        "maxIdleTimeMS": pool.max_idle_ms,
        "appName": app,
    }
    credentials = f"{quote(username, safe='')}:{quote(password, safe='')}"
    return f"{scheme}://{credentials}@{host.rstrip('/')}/{quote(database, safe='')}?{urlencode(options)}"


def _on_every_collection(action: str, database: str) -> mongodbatlas.CustomDbRoleActionArgs:
    """An empty collection name is Atlas's word for all of them."""
    resource = mongodbatlas.CustomDbRoleActionResourceArgs(database_name=database, collection_name="")
    return mongodbatlas.CustomDbRoleActionArgs(action=action, resources=[resource])
