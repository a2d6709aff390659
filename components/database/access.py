"""One client's way into the database: a role, two users that take turns, and the connection string to start with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

import pulumi
import pulumi_mongodbatlas as mongodbatlas
import pulumi_random as random

from components.base import Component, ComponentArgs
from components.database.privileges import ACTIONS, Client

if TYPE_CHECKING:
    from settings import ConnectionPool, Database, Pair
    from settings.rotation import Slot

SLOTS: tuple[Slot, ...] = ("a", "b")
PASSWORD_LENGTH = 32
"""62 symbols to the power of 32: 190 bits."""


@dataclass(frozen=True, kw_only=True)
class AccessArgs(ComponentArgs):
    """Who connects, with which of two users, to which cluster, and the host to find it by."""

    settings: Database
    users: Pair
    client: Client
    cluster: mongodbatlas.AdvancedCluster
    srv: pulumi.Output[str]


class Access(Component):
    """What one client needs to use the database, and nothing else on the cluster.

    Owns the client's custom role and its users `<client>-a` and `<client>-b`. An Atlas user has one password, so a
    rotation without an outage needs two users: `users` says which one is handed out, and the other one's
    password stays as it was until it is retired. Leaves handing it out to `secrets`.
    """

    def __init__(self, name: str, args: AccessArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("database:Access", name, args.deployment, opts)
        self._args = args
        database, pair = args.settings.name, args.users
        role = mongodbatlas.CustomDbRole(
            f"{name}-role",
            project_id=args.cluster.project_id,
            role_name=f"madebuy-{args.client}",  # "backup" alone is a built-in role, and Atlas takes no second one
            actions=[_on_every_collection(action, database) for action in ACTIONS[args.client]],
            opts=self.child(),
        )
        users = {slot: self._user(name, slot, role) for slot in SLOTS}
        user, password = users[pair.current]
        self.username = user.username
        self.connection_string: pulumi.Output[str] = pulumi.Output.secret(
            pulumi.Output.all(args.srv, user.username, password.result).apply(
                lambda known: connection_uri(known[0], known[1], known[2], database, args.client, args.settings.pool)
            )
        )
        self.register_outputs({"username": self.username, "connection_string": self.connection_string})

    def _user(
        self, name: str, slot: Slot, role: mongodbatlas.CustomDbRole
    ) -> tuple[mongodbatlas.DatabaseUser, random.RandomPassword]:
        cluster = self._args.cluster
        password = random.RandomPassword(
            f"{name}-password-{slot}",
            length=PASSWORD_LENGTH,
            special=False,  # connection strings get pasted into shells
            keepers={"generation": self._args.users.keeper(slot)},
            opts=self.child(),
        )
        user = mongodbatlas.DatabaseUser(
            f"{name}-user-{slot}",
            project_id=cluster.project_id,
            username=f"{self._args.client.value}-{slot}",
            password=password.result,
            auth_database_name="admin",
            roles=[mongodbatlas.DatabaseUserRoleArgs(role_name=role.role_name, database_name="admin")],
            scopes=[mongodbatlas.DatabaseUserScopeArgs(name=cluster.name, type="CLUSTER")],
            opts=self.child(),
        )
        return user, password


def connection_uri(srv: str, username: str, password: str, database: str, client: Client, pool: ConnectionPool) -> str:
    """The string that a client gives to its MongoDB driver.

    Args:
        srv: Atlas's SRV address: scheme and host without credentials.
        username: The database user.
        password: Its password.
        database: The database of a collection that is named without one.
        client: Named beside its operations in Atlas and the logs. The backup reads from a secondary: it is in no hurry.
        pool: The audit's pool options (3.3).
    """
    scheme, host = srv.split("://", 1)
    options = {
        "retryWrites": "true",
        "w": "majority",
        "maxPoolSize": pool.max_size,
        "minPoolSize": pool.min_size,
        "maxIdleTimeMS": pool.max_idle_ms,
        "appName": client.value,
    }
    if client is Client.BACKUP:
        options |= {"minPoolSize": 0, "readPreference": "secondaryPreferred"}
    credentials = f"{quote(username, safe='')}:{quote(password, safe='')}"
    return f"{scheme}://{credentials}@{host.rstrip('/')}/{quote(database, safe='')}?{urlencode(options)}"


def _on_every_collection(action: str, database: str) -> mongodbatlas.CustomDbRoleActionArgs:
    """An empty collection name is Atlas's word for all of them."""
    resource = mongodbatlas.CustomDbRoleActionResourceArgs(database_name=database, collection_name="")
    return mongodbatlas.CustomDbRoleActionArgs(action=action, resources=[resource])
