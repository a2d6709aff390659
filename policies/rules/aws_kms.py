"""AWS KMS: the key that everything else hangs on."""

from __future__ import annotations

from policies.checks import is_true, must
from policies.rule import Severity, resource_rule
from policies.tokens import KMS_KEY

resource_rule(
    id="kms-key-rotation",
    title="A KMS key's material is rotated every year",
    risk="Whatever is learnt of one year's key opens every later year's data.",
    fix="Set enableKeyRotation to true.",
    severity=Severity.HIGH,
    audit="2.2 No secrets rotation policy",
    cis="3.11",
    equals=("prowler:kms_cmk_rotation_enabled", "checkov:CKV_AWS_7", "trivy:AWS-0065"),
    reads={KMS_KEY: ("enableKeyRotation",)},
    shows=("enableKeyRotation",),
)(must("enableKeyRotation", is_true))
