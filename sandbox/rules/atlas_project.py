"""What Atlas refuses in projects, alerts, integrations and maintenance windows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sandbox.rules.record import Ask, across, alone
from sandbox.vendors.atlas.api import PROJECT, error, token_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.cloud import Reader

ALERT, INTEGRATION, WINDOW, LINK_SERVICE, LOGS = (
    token_of(n)
    for n in (
        "AlertConfiguration",
        "ThirdPartyIntegration",
        "MaintenanceWindow",
        "PrivateLinkEndpointService",
        "LogIntegration",
    )
)
ALERTS = "TFA: docs/resources/alert_configuration.md"
NEEDED = {
    "DATADOG": ("datadogApiKey",),
    "EMAIL": ("emailAddress",),
    "MICROSOFT_TEAMS": ("microsoftTeamsWebhookUrl",),
    "OPS_GENIE": ("opsGenieApiKey",),
    "PAGER_DUTY": ("serviceKey",),
    "SLACK": ("apiToken", "channelName"),
    "SMS": ("mobileNumber",),
    "TEAM": ("teamId",),
    "USER": ("username",),
    "VICTOR_OPS": ("victorOpsApiKey",),
    "WEBHOOK": ("webhookUrl",),
}
INTEGRATION_NEEDS = {
    "DATADOG": ("apiKey", "region"),
    "MICROSOFT_TEAMS": ("microsoftTeamsWebhookUrl",),
    "OPS_GENIE": ("apiKey", "region"),
    "PAGER_DUTY": ("serviceKey",),
    "PROMETHEUS": ("userName", "password", "serviceDiscovery"),
    "VICTOR_OPS": ("apiKey",),
    "WEBHOOK": ("url",),
}
LINKS = "Admin API: POST groups/{groupId}/privateEndpoint/{cloudProvider}/endpointService/{endpointServiceId}/endpoint"
LOGS_NEED = {
    "AZURE_LOG_EXPORT": ("prefixPath", "roleId", "storageAccountName", "storageContainerName"),
    "DATADOG_LOG_EXPORT": ("apiKey", "region"),
    "GCS_LOG_EXPORT": ("bucketName", "prefixPath", "roleId"),
    "OTEL_LOG_EXPORT": ("otelEndpoint", "otelSuppliedHeaders"),
    "S3_LOG_EXPORT": ("bucketName", "iamRoleId", "prefixPath"),
    "SPLUNK_LOG_EXPORT": ("hecToken", "hecUrl"),
}
METRIC_EVENTS = frozenset(
    {"OUTSIDE_METRIC_THRESHOLD", "OUTSIDE_SERVERLESS_METRIC_THRESHOLD", "OUTSIDE_FLEX_METRIC_THRESHOLD"}
)
NO_EVENTS = frozenset({"DISK_SPACE_USED_EXCEEDS"})


@alone(ALERT, source=ALERTS)
def alert_event_exists(ask: Ask) -> Iterator[tuple[str, str]]:
    """An alert's event type is one that Atlas has."""
    event = ask["eventType"]
    if event in NO_EVENTS or not event.isupper():
        yield "eventType", "INVALID_ENUM_VALUE: no such event type"


@alone(ALERT, source=ALERTS)
def metric_alert_has_a_metric(ask: Ask) -> Iterator[tuple[str, str]]:
    """An alert on a metric says which metric and threshold; no other alert does."""
    has, needs = ask["metricThresholdConfig"] is not None, ask["eventType"] in METRIC_EVENTS
    if has != needs:
        what = "is needed for" if needs else "must not be set for"
        yield "metricThresholdConfig", f"metric_threshold_config {what} this event type"


@alone(ALERT, source=ALERTS)
def notification_says_where(ask: Ask) -> Iterator[tuple[str, str]]:
    """A notification has what its type needs, or an integration that has it."""
    for path, notification in ask.each("notifications[]"):
        if notification.get("integrationId") is None:
            for name in NEEDED.get(str(notification.get("typeName")), ()):
                if notification.get(name) is None:
                    yield f"{path}.{name}", f"a notification of type {notification['typeName']} needs {name}"


@alone(INTEGRATION, source="TFA: docs/resources/third_party_integration.md")
def integration_has_what_its_type_needs(ask: Ask) -> Iterator[tuple[str, str]]:
    """An integration has the keys of its type."""
    for name in INTEGRATION_NEEDS.get(ask["type"], ()):
        if ask.props.get(name) is None:
            yield name, f"an integration of type {ask['type']} needs {name}"
    if ask["type"] not in INTEGRATION_NEEDS:
        yield "type", f"Attribute type value must be one of: [{' '.join(sorted(INTEGRATION_NEEDS))}]"


@alone(LOGS, source="pulumi_mongodbatlas 4.18.0, LogIntegration: required for type; otel_endpoint must be HTTPS")
def log_integration_has_what_its_type_needs(ask: Ask) -> Iterator[tuple[str, str]]:
    """A log integration has the properties of its type, some logs to send, and sends them over HTTPS."""
    needed = LOGS_NEED.get(ask["type"])
    if needed is None:
        yield "type", f"Attribute type value must be one of: [{' '.join(sorted(LOGS_NEED))}]"
    for name in needed or ():
        if ask.props.get(name) is None:
            yield name, f"a log integration of type {ask['type']} needs {name}"
    if not ask["logTypes"]:
        yield "logTypes", "a log integration sends at least one type of log"
    for path, endpoint in ask.each("otelEndpoint"):
        if not endpoint.startswith("https://"):
            yield path, "the endpoint must be HTTPS"


@alone(WINDOW, source="pulumi_mongodbatlas 4.18.0, MaintenanceWindow: must be set together")
def maintenance_day_and_hour_go_together(ask: Ask) -> Iterator[tuple[str, str]]:
    """A maintenance window has both a day and an hour, or neither."""
    if ("dayOfWeek" in ask.props) != ("hourOfDay" in ask.props):
        yield "dayOfWeek", "day_of_week and hour_of_day must be set together"


@alone(PROJECT, source="mongodb-js/mongodb-mcp-server, src/tools/args.ts: project names")
def project_name_has_its_form(ask: Ask) -> Iterator[tuple[str, str]]:
    """A project's name has at most 64 letters, digits, spaces and `( ) @ & + : . _ - ' ,`."""
    for path, name in ask.each("name"):
        if not re.fullmatch(r"[A-Za-z0-9\s()@&+:._',-]{1,64}", name):
            yield path, "INVALID_GROUP_NAME: at most 64 letters, digits, spaces and ( ) @ & + : . _ - ' ,"


@alone(LINK_SERVICE, source="pulumi_mongodbatlas 4.18.0, PrivateLinkEndpointService: required for GCP, for AZURE")
def link_service_has_what_its_cloud_needs(ask: Ask) -> Iterator[tuple[str, str]]:
    """A private endpoint on Azure has its address, one on Google Cloud its project."""
    needed = {"AZURE": "privateEndpointIpAddress", "GCP": "gcpProjectId"}.get(ask["providerName"])
    if needed and ask.props.get(needed) is None:
        yield needed, f"a private endpoint of {ask['providerName']} needs {needed}"


@across(LINK_SERVICE, source=f"{LINKS}: an endpoint is made below its project, its cloud and its link")
def link_service_is_of_its_project(ask: Ask, cloud: Reader) -> Iterator[str]:
    """A private endpoint's link belongs to the same project and cloud."""
    link = cloud.by_id(token_of("PrivateLinkEndpoint"), ask["privateLinkId"])
    if link and (link.state["projectId"], link.state["providerName"]) != (ask["projectId"], ask["providerName"]):
        path = f"groups/{ask['projectId']}/privateEndpoint"
        yield error("POST", path, "404 Not Found", "PRIVATE_ENDPOINT_SERVICE_NOT_FOUND", "No such endpoint service.")
