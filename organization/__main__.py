"""What exists once per account, so that no two stacks fight over it: a project of its own on the same components."""

import sys
from pathlib import Path

import pulumi

# Pulumi runs a program from its own folder; the rooms it is built from are beside that folder.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from components import organization as shared
from components.base import Deployment, begin
from components.edge import AccountAlerts, AccountAlertsArgs
from settings import Environment, load_organization

settings = begin(load_organization)
# What is shared counts as production: staging's mistakes must not reach it.
of = Deployment(
    environment=Environment.PRODUCTION,
    accounts=settings.accounts,
    tags=settings.tag_map,
    protects_state=True,
    adopt={},
)

threats = shared.ThreatDetection(
    "threats", shared.ThreatDetectionArgs(deployment=of, settings=settings.monitoring, region=settings.region)
)
AccountAlerts("account-alerts", AccountAlertsArgs(deployment=of, monitoring=settings.monitoring))
identity = shared.DeploymentIdentity(
    "deployment", shared.DeploymentIdentityArgs(deployment=of, settings=settings.deployment)
)
if settings.guard_rails:
    shared.GuardRails("guard-rails", shared.GuardRailsArgs(deployment=of, allowed_regions=settings.allowed_regions))

pulumi.export("detector_id", threats.detector_id)
pulumi.export("deployment_role_arns", identity.role_arns)
