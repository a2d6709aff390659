"""Atlas' tokens, errors and the two shapes that most of its types have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sandbox.kind import Kind, OnDuplicate
from sandbox.vendors.forms import constant, hexadecimal, text

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.kind import Making
    from sandbox.wire import Props, Value

SOURCE = "mongodb/terraform-provider-mongodbatlas v2.16.0 internal/service/*"
API = "https://cloud.mongodb.com/api/atlas/v2"


def token_of(name: str) -> str:
    """The type token of a resource by its Pulumi class name."""
    return f"mongodbatlas:index/{name[0].lower()}{name[1:]}:{name}"


PROJECT, CLUSTER, ACCESS_SETUP, ENCRYPTION, EXPORT_BUCKET, COMPLIANCE, SCHEDULE, USER, ROLE = (
    token_of(name)
    for name in (
        "Project",
        "AdvancedCluster",
        "CloudProviderAccessSetup",
        "EncryptionAtRest",
        "CloudBackupSnapshotExportBucket",
        "BackupCompliancePolicy",
        "CloudBackupSchedule",
        "DatabaseUser",
        "CustomDbRole",
    )
)
IN_PROJECT = {"projectId": PROJECT}
ON, OFF = constant(value=True), constant(value=False)


def error(method: str, path: str, status: str, code: str, detail: str) -> str:
    """An answer of the Admin API as the provider prints it."""
    reason = status.split(" ", 1)[1]
    return f'{API}/{path} {method}: HTTP {status} (Error code: "{code}") Detail: {detail} Reason: {reason}.'


def taken(path: str, code: str, detail: str) -> Callable[[Making], str]:
    """The API's answer to a name that is in use; property names in braces."""
    return lambda m: error("POST", path.format_map(m.state), "409 Conflict", code, detail.format_map(m.state))


def of_project(class_name: str, /, **more: Any) -> Kind:  # noqa: ANN401 the record's own fields
    """A project's object with an id of its own."""
    defaults = {
        "id": hexadecimal(24),
        "key": "{projectId}-{id}",
        "scope": ("projectId",),
        "inside": (PROJECT,),
        "parents": IN_PROJECT,
    }
    return Kind(token_of(class_name), SOURCE, **{**defaults, **more})


def of_every_project(class_name: str, /, **more: Any) -> Kind:  # noqa: ANN401 the record's own fields
    """What every project has exactly one of."""
    return of_project(
        class_name, **{"id": text("{projectId}"), "key": "{projectId}", "on_duplicate": OnDuplicate.OVERWRITE, **more}
    )


def is_flex(state: Props) -> bool:
    """Whether a cluster is a Flex cluster."""
    return bool(_provider(state) == "FLEX")


def is_free(state: Props) -> bool:
    """Whether a cluster is a free one, M0."""
    return bool(_provider(state) == "TENANT")


def is_shared(state: Props) -> bool:
    """Whether a cluster shares its machines with others: a free one or Flex."""
    return is_flex(state) or is_free(state)


def _provider(state: Props) -> Value:
    """Whose a cluster's first region is."""
    value: Value = state
    for name in ("replicationSpecs", "regionConfigs"):
        inner = value.get(name) if isinstance(value, dict) else None
        value = inner[0] if isinstance(inner, list) and inner else None
    return value.get("providerName") if isinstance(value, dict) else None
