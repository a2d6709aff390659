"""Atlas: who may do what in the database."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from policies.checks import between, is_false, must, none_of, one_of
from policies.rule import NOWHERE, PRODUCTION, Severity, resource_rule, stack_rule, texts
from policies.tokens import CUSTOM_DB_ROLE, DATABASE_USER, RANDOM_PASSWORD, X509_USER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policies.model import Finding, Resource, Stack

_ADMIN: Final = (
    "atlasAdmin",
    "backup",
    "clusterAdmin",
    "dbAdminAnyDatabase",
    "dbOwner",
    "enableSharding",
    "readAnyDatabase",
    "readWriteAnyDatabase",
    "restore",
    "root",
    "userAdminAnyDatabase",
)
_PASSWORDS: Final = ("password", "passwordWo")
_DESTRUCTIVE: Final = ("DROP_DATABASE", "DROP_COLLECTION", "SHUTDOWN", "COLL_MOD", "RENAME_COLLECTION_SAME_DB")

resource_rule(
    id="atlas-user-no-admin-role",
    title="A database user has no role over the whole cluster",
    risk="One injected query in the storefront reads, changes or deletes every database.",
    fix="Give the user a CustomDbRole, or readWrite on one database.",
    severity=Severity.HIGH,
    audit="2.3 Security recommendations: least privilege",
    cis="5.4",
    equals=("mondoo:project-dbuser-no-atlas-admin",),
    reads={DATABASE_USER: ("roles[].roleName",)},
    shows=("roles[].roleName",),
)(must("roles[].roleName", none_of(*_ADMIN), unknown=True))


@resource_rule(
    id="atlas-user-scoped",
    title="A database user works on named clusters only",
    risk="A user made for one cluster opens every later one in the project.",
    fix="List the cluster in scopes with type CLUSTER.",
    severity=Severity.MEDIUM,
    audit="2.3 Security recommendations: least privilege",
    cis="5.4",
    equals=("mondoo:project-dbuser-cluster-scoped",),
    reads={DATABASE_USER: ("scopes[].name", "scopes[].type")},
)
def user_is_scoped(user: Resource) -> Iterator[Finding]:
    """Every scope names a cluster; its name may be unknown yet."""
    scopes = list(user.values("scopes[]"))
    if not scopes:
        yield user.lacks("scopes")
    for path, scope in scopes:
        if isinstance(scope, dict) and not (scope.get("name") and scope.get("type") == "CLUSTER"):
            yield user.lacks(path, "names no cluster")


resource_rule(
    id="atlas-user-external-authentication",
    title="A database user has no password at all",
    risk="A password can be copied; a certificate or a cloud role is bound to who uses it.",
    fix='Set authDatabaseName to "$external" with x509Type, awsIamType or oidcAuthType.',
    severity=Severity.LOW,
    mandatory=PRODUCTION,
    audit="Beyond the audit: Railway gives apps no identity; asked only where a pack config says so",
    cis="6.7",
    equals=("mondoo:project-dbuser-external-auth",),
    applies=NOWHERE,
    reads={DATABASE_USER: ("authDatabaseName",)},
    shows=("authDatabaseName",),
)(must("authDatabaseName", one_of("$external")))


@stack_rule(
    id="atlas-user-password-rotates",
    title="A database user's password can be changed by the program",
    risk="The password of the first day is the password of every other: nothing that the program says makes a new one.",
    fix="Raise passwordWoVersion with every new passwordWo; give the RandomPassword of a password keepers, such as a "
    "generation.",
    severity=Severity.MEDIUM,
    audit="2.2 No secrets rotation policy",
    cis="5.3",
    reads={DATABASE_USER: ("password", "passwordWo", "passwordWoVersion"), RANDOM_PASSWORD: ("keepers",)},
)
def password_can_change(stack: Stack) -> Iterator[Finding]:
    """By what makes it. A password that a person or another program keeps is theirs to change."""
    for user in stack.of(DATABASE_USER):
        if user.has("passwordWo") and not user.has("passwordWoVersion"):
            yield user.lacks("passwordWoVersion", "is not set, so that Atlas never hears of a new passwordWo")
        for made in {one.urn: one for path in _PASSWORDS for one in stack.linked(user, path, RANDOM_PASSWORD)}.values():
            if not made.value("keepers"):
                yield made.lacks("keepers", "is empty, so that the password of a database user stays the same")


resource_rule(
    id="atlas-certificate-ends",
    title="A database user's certificate ends within a year",
    risk="A copied certificate works until it ends.",
    fix="Set monthsUntilExpiration to 12 or less, and plan its renewal.",
    severity=Severity.MEDIUM,
    audit="2.2 No secrets rotation policy",
    cis="5.3",
    reads={X509_USER: ("monthsUntilExpiration",)},
    shows=("monthsUntilExpiration",),
)(must("monthsUntilExpiration", between(1, 12), required=False))


@resource_rule(
    id="atlas-role-destroys-nothing",
    title="A custom role drops, renames and stops nothing",
    risk="An app that is taken over ends the shop's data instead of reading some of it.",
    fix="Remove the action; migrations run under a user of their own, for as long as they take.",
    severity=Severity.HIGH,
    audit="2.3 Security recommendations: least privilege",
    cis="5.4",
    equals=("mondoo:project-custom-role-no-dangerous-actions",),
    reads={CUSTOM_DB_ROLE: ("actions[].action",)},
    shows=("actions[].action",),
    options={"refused": texts(_DESTRUCTIVE, "Atlas's names of the actions that no role may have.")},
)
def role_destroys_nothing(role: Resource, *, refused: Sequence[str]) -> Iterator[Finding]:
    """By Atlas's action names."""
    yield from must("actions[].action", none_of(*refused), required=False)(role)


resource_rule(
    id="atlas-role-inherits-no-admin",
    title="A custom role inherits no role over the whole cluster",
    risk="A small list of actions hides that the role may do everything.",
    fix="Remove the inherited role and list the actions that are needed.",
    severity=Severity.HIGH,
    audit="2.3 Security recommendations: least privilege",
    cis="5.4",
    equals=("mondoo:project-custom-role-no-privileged-inheritance",),
    reads={CUSTOM_DB_ROLE: ("inheritedRoles[].roleName",)},
    shows=("inheritedRoles[].roleName",),
)(must("inheritedRoles[].roleName", none_of(*_ADMIN), required=False, unknown=True))


@resource_rule(
    id="atlas-role-names-databases",
    title="A custom role names the databases that it acts on",
    risk="Without a name the action reaches every database of the project.",
    fix="Set databaseName in every entry of actions[].resources.",
    severity=Severity.HIGH,
    audit="2.3 Security recommendations: least privilege",
    cis="5.4",
    reads={CUSTOM_DB_ROLE: ("actions[].resources[].databaseName", "actions[].resources[].cluster")},
)
def role_names_databases(role: Resource) -> Iterator[Finding]:
    """Actions on the cluster itself are another rule's."""
    for path, resource in role.values("actions[].resources[]"):
        if isinstance(resource, dict) and not resource.get("databaseName") and resource.get("cluster") is not True:
            yield role.lacks(f"{path}.databaseName")


resource_rule(
    id="atlas-role-not-cluster-wide",
    title="A custom role acts on databases, not on the cluster",
    risk="Actions on the cluster reach every database in it, other apps' included.",
    fix="Replace cluster true with databaseName and collectionName.",
    severity=Severity.MEDIUM,
    audit="2.3 Security recommendations: least privilege",
    cis="5.4",
    reads={CUSTOM_DB_ROLE: ("actions[].resources[].cluster",)},
    shows=("actions[].resources[].cluster",),
)(must("actions[].resources[].cluster", is_false, required=False))
