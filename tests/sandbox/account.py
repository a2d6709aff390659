"""Accounts with something in them, and a resource of each kind that every vendor accepts."""

from __future__ import annotations

import copy
import json
from typing import Any

from sandbox import schema, vendors
from sandbox.cloud import Cloud, Thing
from sandbox.kind import VendorError
from sandbox.objects import _assign as assign
from sandbox.objects import token_of
from sandbox.world import World

ACCOUNT, OTHER_ACCOUNT, ORG = "a" * 32, "b" * 32, "c" * 24
ATLAS_AWS = "arn:aws:iam::536727724300:root"


def trust(external_id: str) -> str:
    condition = {"StringEquals": {"sts:ExternalId": external_id}}
    statement = {"Effect": "Allow", "Principal": {"AWS": ATLAS_AWS}, "Action": "sts:AssumeRole", "Condition": condition}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def allow(actions: list[str], resource: str) -> str:
    statement = {"Effect": "Allow", "Action": actions, "Resource": resource}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def region(size: str = "M10", **more: Any) -> dict[str, Any]:
    specs = {"instanceSize": size, "nodeCount": 3}
    return {"priority": 7, "providerName": "AWS", "regionName": "AP_SOUTHEAST_2", "electableSpecs": specs, **more}


FLEX = {"priority": 7, "providerName": "FLEX", "backingProviderName": "AWS", "regionName": "AP_SOUTHEAST_2"}


class Account(World):
    """A world in memory with shortcuts to what rules need around them."""

    def __init__(self) -> None:
        super().__init__(Cloud(":memory:"))

    def make(self, name: str, inputs: dict[str, Any]) -> Thing:
        token = token_of(name)
        return self.create(schema.lookup(token), vendors.KINDS[token], inputs)

    def preview(self, name: str, inputs: dict[str, Any], urn: str = "urn:new") -> dict[str, Any]:
        token = token_of(name)
        return self.preview_create(schema.lookup(token), vendors.KINDS[token], urn, inputs)

    def edit(self, thing: Thing, inputs: dict[str, Any]) -> dict[str, Any]:
        return self.update(schema.lookup(thing.type), vendors.KINDS[thing.type], thing.id, thing.state, inputs)

    def drop(self, thing: Thing) -> None:
        self.delete(vendors.KINDS[thing.type], thing.id, thing.state)

    def reread(self, thing: Thing) -> Any:
        return self.read(schema.lookup(thing.type), vendors.KINDS[thing.type], thing.id, thing.state, thing.inputs)

    def zone(self, plan: str = "free", name: str = "shop.example", account: str = ACCOUNT) -> str:
        zone = self.make("Zone", {"account": {"id": account}, "name": name})
        if plan != "free":
            self.make("ZoneSubscription", {"zoneId": zone.id, "ratePlan": {"id": plan}})
        return zone.id

    def project(self, name: str = "shop") -> str:
        return self.make("mongodbatlas:Project", {"orgId": ORG, "name": name}).id

    def cluster(self, project: str, *regions: dict[str, Any], **more: Any) -> Thing:
        specs = [{"regionConfigs": list(regions) or [region()]}]
        inputs = {"projectId": project, "name": "main", "clusterType": "REPLICASET", "replicationSpecs": specs}
        return self.make("AdvancedCluster", {**inputs, **more})

    def flex(self, project: str) -> Thing:
        return self.cluster(project, FLEX)

    def authorized_role(self, project: str, actions: list[str], resource: str) -> str:
        """An AWS role that trusts Atlas and is known to it; the id that Atlas gave it."""
        setup = self.make("CloudProviderAccessSetup", {"projectId": project, "providerName": "AWS"})
        external = setup.state["awsConfigs"][0]["atlasAssumedRoleExternalId"]
        role = self.make("aws:Role", {"name": "atlas", "assumeRolePolicy": trust(external)})
        self.make("RolePolicy", {"role": "atlas", "name": "use", "policy": allow(actions, resource)})
        asked = {"projectId": project, "roleId": setup.id, "aws": {"iamAssumedRoleArn": role.state["arn"]}}
        try:
            self.make("CloudProviderAccessAuthorization", asked)
        except VendorError:
            self.make("CloudProviderAccessAuthorization", asked)
        return setup.id

    def doppler(self) -> str:
        self.make("doppler:Project", {"name": "shop"})
        self.make("Environment", {"project": "shop", "slug": "prd", "name": "Production"})
        return "shop"


def with_changes(inputs: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """A copy with other values at some paths; None removes one."""
    changed = copy.deepcopy(inputs)
    for path, value in changes.items():
        assign(changed, path, copy.deepcopy(value))
    return changed
