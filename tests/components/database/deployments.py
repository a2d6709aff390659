"""What the tests of the database room deploy: a production cluster, a staging one, and what Atlas would answer."""

from __future__ import annotations

from typing import Any

from components.base import Deployment
from components.database import Cluster, ClusterArgs, Project, ProjectArgs
from settings import AccessEntry, Accounts, AtlasTier, Backups, Database, Environment, Pair, Role
from tests.components.mocks import Deployed, deploy

PROJECT_ID = "64b5f0c2a1d2e3f4a5b6c7d8"
TAGS = {"environment": "production", "project": "madebuy", "cost-center": "infrastructure"}
ACCESS = (
    AccessEntry(cidr="203.0.113.11/32", comment="origin sydney-2"),
    AccessEntry(cidr="203.0.113.10/32", comment="origin sydney-1"),
)
ANSWERS = {
    "database-cluster": {
        "clusterId": "64b5f0c2a1d2e3f4a5b6c7d9",
        "connectionStrings": {"standardSrv": "mongodb+srv://madebuy.ab1cd.mongodb.net"},
        "replicationSpecs": [{"zoneId": "zone-1", "regionConfigs": []}],
    },
    "database-endpoint-link": {"endpointServiceName": "com.amazonaws.vpce.service", "privateLinkId": "link"},
    "random:index/randomPassword:RandomPassword": {"result": "p/ss w@rd"},
}


def deployment(*, production: bool = True, adopt: dict[Role, str] | None = None) -> Deployment:
    return Deployment(
        environment=Environment.PRODUCTION if production else Environment.STAGING,
        accounts=Accounts(
            cloudflare_account_id="0" * 32, atlas_organization_id="5f0c2a1d2e3f4a5b6c7d8e9f", aws_account_id="0" * 12
        ),
        tags=TAGS,
        protects_state=production,
        adopt=adopt or {},
    )


def database(**changes: Any) -> Database:
    """Production's settings at the hardened profile, with `changes`."""
    values: dict[str, Any] = {
        "project": "madebuy-production",
        "tier": AtlasTier.M10,
        "max_tier": AtlasTier.M20,
        "access": ACCESS,
        "backups": Backups(),
        "customer_key": True,
        "auditing": True,
        "termination_protection": True,
    }
    return Database(**(values | changes))


def flex() -> Database:
    return database(
        tier=AtlasTier.FLEX,
        max_tier=None,
        backups=None,
        customer_key=False,
        auditing=False,
        termination_protection=False,
    )


def deploy_cluster(settings: Database | None = None, of: Deployment | None = None, **more: Any) -> Deployed:
    values: dict[str, Any] = {"users": Pair(), "project_id": PROJECT_ID} | more
    args = ClusterArgs(deployment=of or deployment(), settings=settings or database(), **values)
    return deploy(lambda: Cluster("database", args), answers=ANSWERS)


def deploy_project(settings: Database | None = None, of: Deployment | None = None) -> Deployed:
    args = ProjectArgs(
        deployment=of or deployment(),
        settings=settings or database(),
    )
    return deploy(lambda: Project("project", args))
