"""The Atlas project of one stack, and the addresses that may reach it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi_mongodbatlas as mongodbatlas

from components.base import Component, ComponentArgs
from settings import Environment, Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pulumi

    from settings import AccessEntry, Database


@dataclass(frozen=True, kw_only=True)
class ProjectArgs(ComponentArgs):
    """The project's name, and who may connect."""

    settings: Database


class Project(Component):
    """One Atlas project per stack, so that a mistake in staging can't reach production.

    Owns the project, its switches and its IP access list. Leaves alerts to `Alerts`: Atlas's own default alerts go to
    whoever owns the project, are set only when it is made, and would double ours. Leaves people to the owner: who may
    log in to Atlas is the organization's business.
    """

    def __init__(self, name: str, args: ProjectArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("database:Project", name, args.deployment, opts)
        is_production = args.deployment.environment is Environment.PRODUCTION
        project = mongodbatlas.Project(
            f"{name}-project",
            org_id=args.deployment.accounts.atlas_organization_id,
            name=args.settings.project,
            tags=self.tags,
            with_default_alerts_settings=False,
            # Customers' documents stay out of a language model's context, whatever the environment.
            is_cluster_ai_assistant_enabled=False,
            is_data_explorer_gen_ai_features_enabled=False,
            is_data_explorer_gen_ai_sample_document_passing_enabled=False,
            # The browser's document editor knows no roles of ours. Without it the Atlas console can neither kill a slow
            # operation nor create a suggested index; in production that is mongosh's work, under a named user.
            is_data_explorer_enabled=not is_production,
            # Create-only: an adopted project keeps what it was made with.
            opts=self.child(stateful=True, adopt=Role.ATLAS_PROJECT, ignore_changes=["withDefaultAlertsSettings"]),
        )
        self._allow(name, project, args.settings.access)
        self.project_id = project.id
        self.register_outputs({"project_id": self.project_id})

    def _allow(self, name: str, project: mongodbatlas.Project, entries: Sequence[AccessEntry]) -> None:
        """Let each address in, one after the other: Atlas's access list takes no two writes at once."""
        previous: list[mongodbatlas.ProjectIpAccessList] = []
        for entry in sorted(entries, key=lambda each: each.cidr):
            resource = mongodbatlas.ProjectIpAccessList(
                f"{name}-access-{re.sub('[./:]', '-', entry.cidr)}",
                project_id=project.id,
                cidr_block=entry.cidr,
                comment=entry.comment,
                # Atlas adopts a duplicate silently: made before the old one is deleted, a replacement would vanish with
                # it.
                opts=self.child(depends_on=previous, delete_before_replace=True),
            )
            previous = [resource]
