"""Writes one JSON file per provider: what the SDK says of each type, merged with the facts that SDKs do not carry."""

from __future__ import annotations

import importlib
import json
import warnings
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sandbox import schema
from sandbox.schema import sdk

HERE = Path(__file__).parent
PACKAGES = {
    "aws": ("pulumi_aws", "pulumi-aws"),
    "cloudflare": ("pulumi_cloudflare", "pulumi-cloudflare"),
    "doppler": ("pulumiverse_doppler", "pulumiverse-doppler"),
    "mongodbatlas": ("pulumi_mongodbatlas", "pulumi-mongodbatlas"),
    "random": ("pulumi_random", "pulumi-random"),
    "tls": ("pulumi_tls", "pulumi-tls"),
    "upstash": ("upstash_pulumi", "upstash-pulumi"),
}
# AWS has 1,500 types; these are the ones a Pulumi program of this repository may use.
AWS_RESOURCES = (
    "cloudwatch/eventRule:EventRule",
    "cloudwatch/eventTarget:EventTarget",
    "cloudwatch/logGroup:LogGroup",
    "guardduty/detector:Detector",
    "guardduty/detectorFeature:DetectorFeature",
    "iam/openIdConnectProvider:OpenIdConnectProvider",
    "iam/policy:Policy",
    "iam/role:Role",
    "iam/rolePolicy:RolePolicy",
    "iam/rolePolicyAttachment:RolePolicyAttachment",
    "kms/alias:Alias",
    "kms/key:Key",
    "s3/bucket:Bucket",
    "s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "s3/bucketLogging:BucketLogging",
    "s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
    "s3/bucketOwnershipControls:BucketOwnershipControls",
    "s3/bucketPolicy:BucketPolicy",
    "s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    "s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "s3/bucketVersioning:BucketVersioning",
    "ec2/vpcEndpoint:VpcEndpoint",
    "sns/topic:Topic",
    "sns/topicPolicy:TopicPolicy",
    "sns/topicSubscription:TopicSubscription",
)
AWS_FUNCTIONS = ("index/getCallerIdentity:getCallerIdentity", "index/getRegion:getRegion")
# Pulumi's name differs from Terraform's by more than its spelling.
RENAMED = {"doppler": {"branchconfig": "config"}}


def file_of(provider: str) -> Path:
    """Where the schema of a provider is stored."""
    return HERE / f"{provider}.json"


def generate(provider: str) -> str:
    """The schema of one provider as text: a header line, its settings, then one resource or function a line.

    Raises:
        LookupError: a fact names a property that the SDK does not have and is not listed as such.
    """
    package, distribution = PACKAGES[provider]
    module = importlib.import_module(package)
    facts = json.loads((HERE / "reference" / f"{provider}.json").read_text())
    for correction in json.loads((HERE / "reference" / "corrections.json").read_text()).get(provider, []):
        correct(facts, correction)
    by_name = {_plain(name): attributes for name, attributes in facts.items()}
    lines = [json.dumps({"provider": provider, "sdk": distribution, "version": version(distribution)})]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        settings = sdk.resource(importlib.import_module(f"{package}.provider").Provider)
        lines.append(_line("provider", schema.settings_token(provider), {**settings, "out": {}}))
        for token, spec in _resources(provider, module):
            attributes = by_name.get(_terraform_name(provider, token))
            if attributes is not None:
                merge(spec["in"], attributes)
                spec["facts"] = True
                spec["secret"] = sorted({*spec["secret"], *_sensitive(spec, attributes)})
            lines.append(_line("resource", token, spec))
        lines += [_line("function", token, spec) for token, spec in _functions(provider, module)]
    return "\n".join(lines) + "\n"


def _resources(provider: str, module: Any) -> list[tuple[str, sdk.Spec]]:  # noqa: ANN401 a module
    if provider == "aws":
        wanted = {f"aws:{name}" for name in AWS_RESOURCES}
        for name in AWS_RESOURCES:
            importlib.import_module(f"pulumi_aws.{name.split('/')[0]}")
        return sorted((token, sdk.resource(cls)) for token, cls in sdk.classes(module, wanted))
    return sorted(((token, sdk.resource(cls)) for token, cls in sdk.classes(module)), key=lambda pair: pair[0])


def _functions(provider: str, module: Any) -> list[tuple[str, sdk.Spec]]:  # noqa: ANN401 a module
    wanted = {f"aws:{name}" for name in AWS_FUNCTIONS} if provider == "aws" else None
    return sorted(sdk.functions(module, wanted), key=lambda pair: pair[0])


def _line(kind: str, token: str, spec: sdk.Spec) -> str:
    return json.dumps({"kind": kind, "token": token, **spec}, separators=(",", ":"))


def _plain(name: str) -> str:
    return name.replace("_", "").lower()


def _terraform_name(provider: str, token: str) -> str:
    _, path, name = token.split(":")
    module = path.split("/")[0]
    plain = _plain(name if module == "index" else module + name)
    return RENAMED.get(provider, {}).get(plain, plain)


def correct(facts: dict[str, Any], correction: dict[str, Any]) -> None:
    """Applies one correction of the extracted facts: set or drop what is at a path, or drop a default everywhere.

    Raises:
        KeyError: the facts do not have the resource, or the attribute to drop.
    """
    if correction["at"] == "*":
        _drop_default(facts, correction["drop_default"])
        return
    resource, *path, last = correction["at"].split(".")
    attributes = facts[resource]
    for name in path:
        attributes = attributes.setdefault(name, {}).setdefault("attributes", {})
    if correction.get("drop"):
        del attributes[last]
    else:
        attributes.setdefault(last, {}).update(correction["set"])


def _drop_default(attributes: dict[str, Any], value: object) -> None:
    for facts in attributes.values():
        if isinstance(facts, dict):
            if facts.get("default") == value and facts.get("type") in ("Int64", "Float64"):
                del facts["default"]
            _drop_default(facts, value)


def merge(properties: dict[str, sdk.Spec], attributes: dict[str, Any]) -> None:
    """Adds Terraform's facts to the properties of the same name, nested ones included."""
    names = {_plain(wire): wire for wire in properties}
    for name, facts in attributes.items():
        wire = _wire_name(names, _plain(name))
        if wire is not None:
            _merge_one(properties[wire], facts)


def _wire_name(names: dict[str, str], plain: str) -> str | None:
    for candidate in (plain, plain + "s", plain + "es", plain[:-1] + "ies"):
        if candidate in names:
            return names[candidate]
    return None


def _merge_one(prop: sdk.Spec, facts: dict[str, Any]) -> None:
    marks = {
        "replace": facts.get("replace") is not None,
        "computed": bool(facts.get("computed")) and not prop.get("required"),
        "secret": bool(facts.get("sensitive")),
        "set": str(facts.get("type", "")).startswith("Set"),
    }
    prop.update({name: True for name, holds in marks.items() if holds})
    if "default" in facts:
        prop["default"] = facts["default"]
    if "range" in facts or "min" in facts:
        prop["range"] = facts.get("range") or [facts["min"], None]
    innermost = prop
    while "items" in innermost:
        innermost = innermost["items"]
    innermost.update({name: facts[name] for name in ("enum", "caseless") if name in facts})
    if "attributes" in facts and "properties" in innermost:
        merge(innermost["properties"], facts["attributes"])


def _sensitive(spec: sdk.Spec, attributes: dict[str, Any]) -> set[str]:
    names = {_plain(wire): wire for wire in (*spec["in"], *spec["out"])}
    found = {_wire_name(names, _plain(n)) for n, facts in attributes.items() if facts.get("sensitive")}
    return {wire for wire in found if wire}
