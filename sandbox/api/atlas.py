"""The Atlas Admin API v2: lists of everything in a project, and what the organization owes."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from sandbox.api.answer import CREDENTIAL, Answer, Api, ApiError, Request, page_of, public, removed
from sandbox.vendors.atlas.api import ACCESS_SETUP, CLUSTER, EXPORT_BUCKET, PROJECT, SCHEDULE, is_flex, token_of

if TYPE_CHECKING:
    from sandbox.api.answer import Handler
    from sandbox.cloud import Cloud, Thing
    from sandbox.wire import Props, Value

OF_PROJECT = {
    "accessList": "ProjectIpAccessList",
    "alertConfigs": "AlertConfiguration",
    "backup/exportBuckets": "CloudBackupSnapshotExportBucket",
    "customDBRoles/roles": "CustomDbRole",
    "databaseUsers": "DatabaseUser",
    "integrations": "ThirdPartyIntegration",
    "logIntegrations": "LogIntegration",
}
REMOVABLE = ("alertConfigs", "backup/exportBuckets", "logIntegrations")
API_NAMES = {
    "AlertConfiguration": {
        "eventType": "eventTypeName",
        "metricThresholdConfig": "metricThreshold",
        "thresholdConfig": "threshold",
    },
    "DatabaseUser": {"authDatabaseName": "databaseName"},
}
"""Where the API names a property otherwise than the provider. Source: Atlas Admin API v2, 2024-10-23."""
HOURLY = {"M0": 0.0, "M10": 0.08, "M20": 0.2, "M30": 0.54, "FLEX": 0.011}
"""Dollars an hour, an estimate good for tests.

Source: mongodb/docs content/atlas/source/billing/atlas-flex-costs.txt and invoice-breakdown.txt, August 2026; M20 is
mongodb.com/pricing from knowledge.
"""
HOURS_A_MONTH = 730
BEARER = "sandbox-access-token"


def _authorize(request: Request) -> None:
    """A service account's token from /api/oauth/token, for everything else."""
    if request.path != "/api/oauth/token" and request.headers.get("authorization") != f"Bearer {BEARER}":
        raise ApiError(401, "You are not authorized for this resource.", "UNAUTHORIZED")


def _failure(error: ApiError, _: Request) -> Answer:
    reasons = {400: "Bad Request", 401: "Unauthorized", 404: "Not Found", 429: "Too Many Requests"}
    reason = reasons.get(error.status, "Internal Server Error")
    code = error.code or reason.upper().replace(" ", "_")
    return Answer({"detail": error.message, "error": error.status, "errorCode": code, "reason": reason}, error.status)


def _token(_: Cloud, request: Request, __: dict[str, str]) -> Answer:
    kind, ___, text = request.headers.get("authorization", "").partition(" ")
    expected = base64.b64encode(f"{CREDENTIAL}:{CREDENTIAL}".encode()).decode()
    if kind != "Basic" or text != expected:
        raise ApiError(401, "Invalid client credentials.", "INVALID_CLIENT")
    return Answer({"access_token": BEARER, "expires_in": 3600, "token_type": "Bearer"})


def _page(request: Request, items: list[Value]) -> Answer:
    size, number = request.number("itemsPerPage", 100, 500), request.number("pageNum", 1, 100000)
    return Answer({"links": [], "results": page_of(items, number, size), "totalCount": len(items)})


def _item(thing: Thing) -> Props:
    names = API_NAMES.get(thing.type.rsplit(":", 1)[-1], {})
    shown = {names.get(name, name): value for name, value in public(thing).items()}
    return {"_id" if thing.type == EXPORT_BUCKET else "id": thing.id, **shown}


def _groups(cloud: Cloud, request: Request, _: dict[str, str]) -> Answer:
    projects = cloud.everything(PROJECT)
    return _page(request, [{**_item(p), "clusterCount": cloud.count(CLUSTER, p.id)} for p in projects])


def _in_group(cloud: Cloud, place: dict[str, str]) -> str:
    if not cloud.exists(PROJECT, place["group"]):
        raise ApiError(404, f"No group with ID {place['group']}.", "GROUP_NOT_FOUND")
    return place["group"]


def _of_project(class_name: str) -> Handler:
    def handle(cloud: Cloud, request: Request, place: dict[str, str]) -> Answer:
        return _page(request, [_item(t) for t in cloud.all(token_of(class_name), _in_group(cloud, place))])

    return handle


def _removal(class_name: str) -> Handler:
    def handle(cloud: Cloud, _: Request, place: dict[str, str]) -> Answer:
        found = [t for t in cloud.all(token_of(class_name), _in_group(cloud, place)) if t.id == place["id"]]
        removed(cloud, found[0] if found else None)
        return Answer({})

    return handle


def _access_roles(cloud: Cloud, _: Request, place: dict[str, str]) -> Answer:
    """A list per cloud, without pages."""
    roles = [_access_role(cloud, setup) for setup in cloud.all(ACCESS_SETUP, _in_group(cloud, place))]
    return Answer({"awsIamRoles": roles, "azureServicePrincipals": [], "gcpServiceAccounts": []})


def _access_role(cloud: Cloud, setup: Thing) -> Props:
    """A role as Atlas was told of it, with AWS' name for it once it is authorized."""
    role = {"roleId": setup.id, "providerName": setup.state["providerName"], "createdDate": setup.state["createdDate"]}
    authorized = cloud.by_id(token_of("CloudProviderAccessAuthorization"), setup.id)
    if authorized is None:
        return {**role, "featureUsages": []}
    return {
        **role,
        "authorizedDate": authorized.state["authorizedDate"],
        "featureUsages": authorized.state["featureUsages"],
        "iamAssumedRoleArn": (authorized.state.get("aws") or {}).get("iamAssumedRoleArn"),
    }


def _clusters(*, flex: bool) -> Handler:
    def handle(cloud: Cloud, request: Request, place: dict[str, str]) -> Answer:
        clusters = [c for c in cloud.all(CLUSTER, _in_group(cloud, place)) if is_flex(c.state) is flex]
        return _page(request, [_item(c) for c in clusters])

    return handle


def _schedule(cloud: Cloud, _: Request, place: dict[str, str]) -> Answer:
    schedule = cloud.get(SCHEDULE, f"{_in_group(cloud, place)}-{place['cluster']}")
    if schedule is None:
        raise ApiError(404, f"No cluster named {place['cluster']} exists in group.", "CLUSTER_NOT_FOUND")
    return Answer(_item(schedule))


def _policies(cloud: Cloud, _: Request, place: dict[str, str]) -> Answer:
    return Answer([_item(t) for t in cloud.all(token_of("ResourcePolicy"), place["org"])])


def _pending_invoice(cloud: Cloud, _: Request, place: dict[str, str]) -> Answer:
    """A month of every cluster at its list price, in cents."""
    lines: list[Props] = []
    for project in cloud.all(PROJECT, place["org"]):
        for cluster in cloud.all(CLUSTER, project.id):
            cents = round(_hourly(cluster.state) * HOURS_A_MONTH * 100)
            lines.append(
                {"clusterName": cluster.name, "groupId": project.id, "totalPriceCents": cents, "sku": "CLUSTER"}
            )
    owed = sum(line["totalPriceCents"] for line in lines)
    return Answer({"orgId": place["org"], "statusName": "PENDING", "lineItems": lines, "subtotalCents": owed})


def _hourly(state: Props) -> float:
    if is_flex(state):
        return HOURLY["FLEX"]
    regions = [region for spec in state["replicationSpecs"] for region in spec["regionConfigs"]]
    sizes = [str((region.get("electableSpecs") or {}).get("instanceSize", "M10")) for region in regions]
    return sum(HOURLY.get(size.split("_", 1)[0], HOURLY["M30"]) for size in sizes[:1])


ROOT = "/api/atlas/v2"
API = Api(
    _authorize,
    (
        ("POST /api/oauth/token", _token),
        (f"GET {ROOT}/groups", _groups),
        (f"GET {ROOT}/groups/{{group}}/clusters", _clusters(flex=False)),
        (f"GET {ROOT}/groups/{{group}}/flexClusters", _clusters(flex=True)),
        (f"GET {ROOT}/groups/{{group}}/clusters/{{cluster}}/backup/schedule", _schedule),
        *((f"GET {ROOT}/groups/{{group}}/{path}", _of_project(name)) for path, name in OF_PROJECT.items()),
        (f"GET {ROOT}/groups/{{group}}/cloudProviderAccess", _access_roles),
        *((f"DELETE {ROOT}/groups/{{group}}/{path}/{{id}}", _removal(OF_PROJECT[path])) for path in REMOVABLE),
        (f"GET {ROOT}/orgs/{{org}}/resourcePolicies", _policies),
        (f"GET {ROOT}/orgs/{{org}}/invoices/pending", _pending_invoice),
    ),
    _failure,
)
