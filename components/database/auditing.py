"""What the database writes to its audit log."""

from __future__ import annotations

import json

AUTHENTICATION = ("authenticate",)

PRIVILEGES = (
    "createUser",
    "updateUser",
    "dropUser",
    "dropAllUsersFromDatabase",
    "grantRolesToUser",
    "revokeRolesFromUser",
    "createRole",
    "updateRole",
    "dropRole",
    "dropAllRolesFromDatabase",
    "grantRolesToRole",
    "revokeRolesFromRole",
    "grantPrivilegesToRole",
    "revokePrivilegesFromRole",
    "authCheck",  # refusals only, unless authorization success is audited too
)

SCHEMA = (
    "createDatabase",
    "dropDatabase",
    "createCollection",
    "renameCollection",
    "dropCollection",
    "createIndex",
    "dropIndex",
)


def audit_filter() -> str:
    """Atlas's filter document: who logged in, who was given or refused what, which collection or index came or went.

    Reads and writes of documents are left out: recording them is a cost on every operation, and the log would hold
    customers' data.
    """
    return json.dumps({"atype": {"$in": [*AUTHENTICATION, *PRIVILEGES, *SCHEMA]}})
