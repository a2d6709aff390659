"""Atlas: a project's switches, audit log and maintenance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from policies.atlas import PROVIDERS, dedicated_clusters
from policies.checks import is_false, is_true, must
from policies.rule import NOWHERE, PRODUCTION, Severity, resource_rule, stack_rule, texts
from policies.tokens import (
    ADVANCED_CLUSTER,
    ATLAS_PROJECT,
    AUDITING,
    LOG_EXPORT,
    LOG_INTEGRATION,
    MAINTENANCE_WINDOW,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from policies.model import Finding, Resource, Stack

resource_rule(
    id="atlas-no-generative-ai",
    title="A project sends no data to a language model",
    risk="Customers' documents and queries leave the database through a convenience of the console.",
    fix="Set isDataExplorerGenAiFeaturesEnabled to false; Atlas's default is true.",
    severity=Severity.MEDIUM,
    audit="6.2 Compliance: data retention",
    cis="3.3",
    reads={ATLAS_PROJECT: ("isDataExplorerGenAiFeaturesEnabled",)},
    shows=("isDataExplorerGenAiFeaturesEnabled",),
)(must("isDataExplorerGenAiFeaturesEnabled", is_false))

resource_rule(
    id="atlas-no-sample-documents",
    title="A project's sample documents go to no language model",
    risk="Whole documents, customers' addresses among them, are sent along with a question.",
    fix="Remove isDataExplorerGenAiSampleDocumentPassingEnabled, or set it to false.",
    severity=Severity.HIGH,
    audit="6.2 Compliance: data retention",
    cis="3.3",
    reads={ATLAS_PROJECT: ("isDataExplorerGenAiSampleDocumentPassingEnabled",)},
    shows=("isDataExplorerGenAiSampleDocumentPassingEnabled",),
)(must("isDataExplorerGenAiSampleDocumentPassingEnabled", is_false, required=False))

resource_rule(
    id="atlas-no-reranking",
    title="A project's query results go to no reranking model",
    risk="A pipeline hands the documents that it found, customers' data among them, to a language model's maker.",
    fix="Remove isNativeRerankingEnabled, or set it to false.",
    severity=Severity.MEDIUM,
    audit="6.2 Compliance: data retention",
    cis="3.3",
    reads={ATLAS_PROJECT: ("isNativeRerankingEnabled",)},
    shows=("isNativeRerankingEnabled",),
)(must("isNativeRerankingEnabled", is_false, required=False))

resource_rule(
    id="atlas-no-data-explorer",
    title="Nobody reads or edits production's documents in the browser",
    risk="Whoever gets into the console reads every customer's data, under no database role and with no trace of it.",
    fix="Set isDataExplorerEnabled to false.",
    severity=Severity.MEDIUM,
    audit="6.2 Compliance: data retention",
    cis="3.3",
    applies=PRODUCTION,
    reads={ATLAS_PROJECT: ("isDataExplorerEnabled",)},
    shows=("isDataExplorerEnabled",),
)(must("isDataExplorerEnabled", is_false))


resource_rule(
    id="atlas-no-ai-assistant",
    title="A project's clusters have no AI assistant",
    risk="Schemas and queries, and what they say of customers, go to a language model.",
    fix="Set isClusterAiAssistantEnabled to false; Atlas's default is true.",
    severity=Severity.MEDIUM,
    audit="6.2 Compliance: data retention",
    cis="3.3",
    reads={ATLAS_PROJECT: ("isClusterAiAssistantEnabled",)},
    shows=("isClusterAiAssistantEnabled",),
)(must("isClusterAiAssistantEnabled", is_false))


@stack_rule(
    id="atlas-auditing",
    title="A production cluster's project keeps an audit log",
    risk="After an incident nobody can say who logged in, or who was given which right.",
    fix="Declare an Auditing for the project with enabled true.",
    severity=Severity.MEDIUM,
    audit="2.3 P2.15 Audit logging for sensitive actions",
    cis="8.2",
    equals=("prowler:projects_auditing_enabled", "mondoo:project-auditing-enabled", "arp:database auditing"),
    applies=PRODUCTION,
    reads={AUDITING: ("enabled", "projectId"), ADVANCED_CLUSTER: ("projectId", PROVIDERS), ATLAS_PROJECT: ()},
    shows=("enabled",),
)
def access_is_audited(stack: Stack) -> Iterator[Finding]:
    """On where it is declared, and declared for every dedicated cluster's project."""
    for auditing in stack.of(AUDITING):
        yield from must("enabled", is_true)(auditing)
    audited = {stack.group(one, "projectId", ATLAS_PROJECT) for one in stack.of(AUDITING)}
    for cluster in dedicated_clusters(stack):
        if stack.group(cluster, "projectId", ATLAS_PROJECT) not in audited:
            yield cluster.wants("is in a project without Auditing")


@resource_rule(
    id="atlas-audit-filter",
    title="An audit log says what it records, and that is who logged in and what was chosen",
    risk="Without a filter it records everything, at a price on every read; with an empty list in it, nothing.",
    fix="Set auditFilter to the events that matter: authenticate, and those of the config's list.",
    severity=Severity.LOW,
    mandatory=PRODUCTION,
    audit="2.3 P2.15 Audit logging for sensitive actions",
    cis="8.5",
    equals=("mondoo:project-audit-filter-configured",),
    reads={AUDITING: ("auditFilter", "enabled")},
    options={"events": texts(("authenticate",), "MongoDB's audit actions that the filter must name.")},
)
def audit_has_a_filter(auditing: Resource, *, events: Sequence[str]) -> Iterator[Finding]:
    """By their names in its text."""
    if auditing.value("enabled") is False:
        return
    if not auditing.has("auditFilter"):
        yield auditing.lacks("auditFilter")
    for _, filter_ in auditing.values("auditFilter"):
        missing = [event for event in events if isinstance(filter_, str) and f'"{event}"' not in filter_]
        if missing:
            yield auditing.lacks("auditFilter", f"does not name {', '.join(missing)}")


resource_rule(
    id="atlas-audit-successes",
    title="An audit log records what was allowed, not only what was refused",
    risk="A thief with a working password leaves no trace.",
    fix="Set auditAuthorizationSuccess to true, knowing that every read is then recorded and pays for it.",
    severity=Severity.LOW,
    mandatory=PRODUCTION,
    audit="Beyond the audit, and costly: asked only where a pack config says so",
    cis="8.5",
    equals=("mondoo:project-audit-authorization-success",),
    applies=NOWHERE,
    reads={AUDITING: ("auditAuthorizationSuccess",)},
    shows=("auditAuthorizationSuccess",),
)(must("auditAuthorizationSuccess", is_true))


@stack_rule(
    id="atlas-maintenance-window",
    title="A production cluster's nodes are restarted at an hour that we chose",
    risk="Atlas restarts them when it likes, at the till's busiest hour, too.",
    fix="Declare a MaintenanceWindow for the project with dayOfWeek and hourOfDay.",
    severity=Severity.LOW,
    mandatory=PRODUCTION,
    audit="11.1 no downtime on deploy",
    cis="4.1",
    equals=("arp:maintenance window",),
    applies=PRODUCTION,
    reads={
        MAINTENANCE_WINDOW: ("projectId", "dayOfWeek", "hourOfDay"),
        ADVANCED_CLUSTER: ("projectId", PROVIDERS),
        ATLAS_PROJECT: (),
    },
)
def maintenance_is_planned(stack: Stack) -> Iterator[Finding]:
    """Both day and hour, per project of a dedicated cluster."""
    planned: set[str] = set()
    for window in stack.of(MAINTENANCE_WINDOW):
        if window.has("dayOfWeek") and window.has("hourOfDay"):
            planned.add(stack.group(window, "projectId", ATLAS_PROJECT))
        else:
            yield window.lacks("dayOfWeek", "or hourOfDay is not set")
    windows = {stack.group(one, "projectId", ATLAS_PROJECT) for one in stack.of(MAINTENANCE_WINDOW)}
    for cluster in dedicated_clusters(stack):
        if stack.group(cluster, "projectId", ATLAS_PROJECT) not in planned | windows:
            yield cluster.wants("is in a project without a maintenance window")


@stack_rule(
    id="atlas-log-export",
    title="A production cluster's logs are kept outside of Atlas",
    risk="Atlas keeps them for 30 days; an intrusion is mostly noticed later.",
    fix="Declare a LogIntegration (or PushBasedLogExport) for the project.",
    severity=Severity.LOW,
    mandatory=PRODUCTION,
    audit="5.3 Phase 1 Log aggregation; asked once a bucket for logs exists",
    cis="8.9",
    equals=("mondoo:project-log-export-active", "mondoo:project-log-export-bucket-configured"),
    applies=NOWHERE,
    reads={
        LOG_INTEGRATION: ("projectId",),
        LOG_EXPORT: ("projectId",),
        ADVANCED_CLUSTER: ("projectId", PROVIDERS),
        ATLAS_PROJECT: (),
    },
)
def logs_are_exported(stack: Stack) -> Iterator[Finding]:
    """Per project of a dedicated cluster."""
    exports = [*stack.of(LOG_INTEGRATION), *stack.of(LOG_EXPORT)]
    exported = {stack.group(one, "projectId", ATLAS_PROJECT) for one in exports}
    for cluster in dedicated_clusters(stack):
        if stack.group(cluster, "projectId", ATLAS_PROJECT) not in exported:
            yield cluster.wants("is in a project whose logs stay in Atlas")
