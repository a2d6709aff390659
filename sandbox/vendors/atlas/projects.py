"""Projects and what each has: alerts, auditing, integrations, maintenance."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from sandbox.kind import Kind, OnDuplicate
from sandbox.vendors.atlas.api import (
    ACCESS_SETUP,
    CLUSTER,
    IN_PROJECT,
    OFF,
    ON,
    PROJECT,
    SOURCE,
    error,
    of_every_project,
    of_project,
    taken,
    token_of,
)
from sandbox.vendors.forms import constant, hexadecimal, in_days, now, text, the_id

if TYPE_CHECKING:
    from sandbox.cloud import Cloud, Thing
    from sandbox.kind import Making
    from sandbox.wire import Props


def _project_in_use(cloud: Cloud, project: Thing) -> str | None:
    clusters = cloud.all(CLUSTER, project.id)
    if clusters:
        message = "There are active clusters in this group."
        return error(
            "DELETE", f"groups/{project.id}", "409 Conflict", "CANNOT_CLOSE_GROUP_ACTIVE_ATLAS_CLUSTERS", message
        )
    return None


def _notification_ids(making: Making) -> None:
    for notification in making.state.get("notifications") or []:
        notification["notifierId"] = notification.get("notifierId") or secrets.token_hex(12)


TEAM = token_of("Team")


def _first_secret(making: Making) -> list[Props]:
    """A service account starts with one secret, unless it was asked to start without."""
    if making["withoutInitialSecret"]:
        return []
    made = {"secretId": secrets.token_hex(12), "createdAt": now(making), "expiresAt": in_days(90)(making)}
    return [
        {
            **made,
            "secret": f"mdb_sa_sk_{secrets.token_urlsafe(30)}",
            "maskedSecretValue": "mdb_sa_sk_...",
            "lastUsedAt": "",
        }
    ]


KINDS = (
    Kind(
        PROJECT,
        SOURCE,
        id=hexadecimal(24),
        scope=("orgId",),
        name=("name",),
        taken=taken("groups", "GROUP_ALREADY_EXISTS", 'A group with name "{name}" already exists.'),
        autoname="name",
        outputs={
            "created": now,
            "clusterCount": constant(0),
            "ipAddresses": constant({"services": {"clusters": []}}),
            "isClusterAiAssistantEnabled": ON,
            "isCollectDatabaseSpecificsStatisticsEnabled": ON,
            "isDataExplorerEnabled": ON,
            "isDataExplorerGenAiFeaturesEnabled": ON,
            "isDataExplorerGenAiSampleDocumentPassingEnabled": OFF,
            "isExtendedStorageSizesEnabled": OFF,
            "isNativeRerankingEnabled": OFF,
            "isPerformanceAdvisorEnabled": ON,
            "isRealtimePerformancePanelEnabled": ON,
            "isSchemaAdvisorEnabled": ON,
            "isSlowOperationThresholdingEnabled": ON,
            "regionUsageRestrictions": constant("NONE"),
            "withDefaultAlertsSettings": ON,
        },
        in_use=_project_in_use,
    ),
    of_every_project(
        "Auditing",
        outputs={
            "configurationType": constant("FILTER_JSON"),
            "enabled": OFF,
            "auditFilter": constant("{}"),
            "auditAuthorizationSuccess": OFF,
        },
    ),
    of_every_project(
        "MaintenanceWindow",
        outputs={
            "numberOfDeferrals": constant(0),
            "startAsap": OFF,
            "timeZoneId": constant("Etc/UTC"),
            "autoDefer": OFF,
            "autoDeferOnceEnabled": OFF,
            "defer": OFF,
        },
    ),
    of_project(
        "AlertConfiguration",
        outputs={"alertConfigurationId": the_id, "created": now, "updated": now, "enabled": OFF},
        fresh=frozenset({"updated"}),
        shape=_notification_ids,
    ),
    Kind(
        TEAM,
        SOURCE,
        id=hexadecimal(24),
        key="{orgId}-{id}",
        scope=("orgId",),
        name=("name",),
        taken=taken("orgs/{orgId}/teams", "TEAM_ALREADY_EXISTS", "A team with the name {name} already exists."),
        autoname="name",
        outputs={"teamId": the_id, "usernames": constant([])},
    ),
    of_project(
        "TeamProjectAssignment",
        id=text("{projectId}/{teamId}"),
        key="{projectId}/{teamId}",
        parents={**IN_PROJECT, "teamId": TEAM},
        on_duplicate=OnDuplicate.OVERWRITE,
    ),
    of_project(
        "ProjectServiceAccount",
        id=lambda _: f"mdb_sa_id_{secrets.token_hex(12)}",
        autoname="name",
        outputs={
            "clientId": the_id,
            "createdAt": now,
            "systemManaged": OFF,
            "secrets": _first_secret,
        },
        unreadable=frozenset({"secrets"}),
    ),
    of_project(
        "LogIntegration",
        key="{projectId}/{id}",
        parents={**IN_PROJECT, "iamRoleId": ACCESS_SETUP},
        outputs={"integrationId": the_id},
    ),
    of_project(
        "ThirdPartyIntegration",
        id=text("{projectId}-{type}"),
        key="{projectId}-{type}",
        name=("type",),
        taken=taken(
            "groups/{projectId}/integrations/{type}",
            "INTEGRATION_ALREADY_EXISTS",
            "A third-party integration of type {type} already exists.",
        ),
    ),
    Kind(
        token_of("ResourcePolicy"),
        SOURCE,
        id=hexadecimal(24),
        key="{orgId}-{id}",
        scope=("orgId",),
        name=("name",),
        taken=taken(
            "orgs/{orgId}/resourcePolicies", "RESOURCE_POLICY_NAME_TAKEN", "A resource policy named {name} exists."
        ),
        autoname="name",
        outputs={
            "createdDate": now,
            "lastUpdatedDate": now,
            "createdByUser": constant({"id": "0" * 24, "name": "owner@example.com"}),
            "lastUpdatedByUser": constant({"id": "0" * 24, "name": "owner@example.com"}),
            "version": constant("v1"),
        },
        fresh=frozenset({"lastUpdatedDate"}),
    ),
)
