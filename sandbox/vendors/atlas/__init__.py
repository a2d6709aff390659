"""MongoDB Atlas: projects, clusters, backups, access, encryption, alerts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.kind import TOO_MANY, Vendor
from sandbox.vendors.atlas import access, clusters, projects
from sandbox.vendors.atlas.api import PROJECT, error

if TYPE_CHECKING:
    from sandbox.kind import Kind


def _no_parent(kind: Kind, parent: str, value: str) -> str:
    """Atlas' words for a project, role or private link that is not there."""
    what = kind.token.rsplit(":", 1)[-1]
    if parent == PROJECT:
        return error("POST", f"groups/{value}/{what}", "404 Not Found", "GROUP_NOT_FOUND", f"No group with ID {value}.")
    name = parent.rsplit(":", 1)[-1]
    return error("POST", what, "404 Not Found", "RESOURCE_NOT_FOUND", f"Cannot find {name} {value}.")


def _not_found(kind: Kind, key: str) -> str:
    """Atlas' words for an object that is not there."""
    return error(
        "PATCH", key, "404 Not Found", "RESOURCE_NOT_FOUND", f"Cannot find {kind.token.rsplit(':', 1)[-1]} {key}."
    )


def _broken(kind: Kind, status: int) -> str:
    """Atlas' words when it can't, or is asked too often."""
    if status == TOO_MANY:
        return error(
            "POST",
            kind.label,
            "429 Too Many Requests",
            "RATE_LIMITED",
            "Resource is limited to 100 requests every 1 minutes.",
        )
    return error("POST", kind.label, f"{status} Internal Server Error", "UNEXPECTED_ERROR", "Unexpected error.")


VENDOR = Vendor((*projects.KINDS, *clusters.KINDS, *access.KINDS), _no_parent, _not_found, _broken)
