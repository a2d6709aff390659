"""What exists once per account and must not be fought over by two stacks."""

from components.organization.deployment_identity import DeploymentIdentity, DeploymentIdentityArgs
from components.organization.guard_rails import GuardRails, GuardRailsArgs
from components.organization.threat_detection import ThreatDetection, ThreatDetectionArgs

__all__ = [
    "DeploymentIdentity",
    "DeploymentIdentityArgs",
    "GuardRails",
    "GuardRailsArgs",
    "ThreatDetection",
    "ThreatDetectionArgs",
]
