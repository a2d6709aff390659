"""The cluster: what is asked of Atlas, per tier and environment."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pulumi_mongodbatlas.outputs import (
    AdvancedClusterConnectionStrings,
    AdvancedClusterConnectionStringsPrivateEndpoint,
)

from components.database.cluster import address
from settings import Database, PrivateEndpoint, Role
from tests.components.database.deployments import PROJECT_ID, TAGS, database, deploy_cluster, deployment, flex


def cluster(settings: Database | None = None, **more: Any) -> dict[str, Any]:
    return deploy_cluster(settings, **more)["database-cluster"].inputs


def region(settings: Database | None = None) -> dict[str, Any]:
    (spec,) = cluster(settings)["replicationSpecs"]
    (config,) = spec["regionConfigs"]
    return dict(config)


def test_three_electable_nodes_are_in_sydney() -> None:
    config = region()

    assert (config["providerName"], config["regionName"], config["priority"]) == ("AWS", "AP_SOUTHEAST_2", 7)
    assert config["electableSpecs"] == {"instanceSize": "M10", "nodeCount": 3}


def test_the_tier_grows_to_its_maximum_and_shrinks_back() -> None:
    assert region()["autoScaling"] == {
        "diskGbEnabled": True,
        "computeEnabled": True,
        "computeScaleDownEnabled": True,
        "computeMinInstanceSize": "M10",
        "computeMaxInstanceSize": "M20",
    }


def test_a_cluster_without_a_largest_tier_keeps_its_size_and_lets_the_disk_grow() -> None:
    assert region(database(max_tier=None))["autoScaling"] == {
        "diskGbEnabled": True,
        "computeEnabled": False,
        "computeScaleDownEnabled": False,
    }


def test_atlas_own_scaling_is_no_drift() -> None:
    assert cluster()["useEffectiveFields"] is True


def test_the_database_accepts_no_tls_below_1_2_and_runs_no_javascript() -> None:
    assert cluster()["advancedConfiguration"] == {
        "minimumEnabledTlsProtocol": "TLS1_2",
        "javascriptEnabled": False,
        "defaultWriteConcern": "majority",
    }


def test_the_logs_hold_no_customers_data() -> None:
    assert cluster()["redactClientLogData"] is True


def test_the_cluster_carries_the_audits_tags() -> None:
    assert cluster()["tags"] == TAGS


@pytest.mark.parametrize("production", [True, False])
def test_production_keeps_its_snapshots_when_the_cluster_is_deleted(production: bool) -> None:
    of = deployment(production=production)

    assert cluster(of=of)["retainBackupsEnabled"] is production
    assert deploy_cluster(of=of)["database-cluster"].protect is production


@pytest.mark.parametrize("protected", [True, False])
def test_termination_protection_is_the_settings_word(protected: bool) -> None:
    assert cluster(database(termination_protection=protected))["terminationProtectionEnabled"] is protected


@pytest.mark.parametrize(("encryption", "provider"), [("AWS", "AWS"), (None, "NONE")])
def test_the_customers_key_is_named_or_refused_explicitly(encryption: str | None, provider: str) -> None:
    assert cluster(encryption=encryption)["encryptionAtRestProvider"] == provider


def test_an_adopted_cluster_is_imported() -> None:
    of = deployment(production=False, adopt={Role.CLUSTER: f"{PROJECT_ID}-madebuy"})

    assert deploy_cluster(of=of)["database-cluster"].import_id == f"{PROJECT_ID}-madebuy"


def test_flex_is_a_cluster_of_the_same_kind_so_that_it_can_be_upgraded_in_place() -> None:
    assert region(flex()) == {
        "providerName": "FLEX",
        "backingProviderName": "AWS",
        "regionName": "AP_SOUTHEAST_2",
        "priority": 7,
    }


def test_flex_is_asked_for_nothing_that_it_lacks() -> None:
    assert set(cluster(flex())) == {
        "projectId",
        "name",
        "clusterType",
        "replicationSpecs",
        "terminationProtectionEnabled",
        "tags",
    }


@pytest.mark.parametrize("type_", ["CloudBackupSchedule", "MaintenanceWindow", "Auditing"])
def test_flex_has_none_of_the_features_of_m10(type_: str) -> None:
    assert deploy_cluster(flex()).of_type(type_) == []
    assert len(deploy_cluster().of_type(type_)) == 1


def test_maintenance_waits_a_week_when_atlas_allows_it() -> None:
    window = deploy_cluster()["database-maintenance"]

    assert window.inputs["autoDeferOnceEnabled"] is True
    assert "autoDefer" not in window.inputs
    assert "database-cluster" in window.depends_on


def test_the_audit_log_names_logins_privileges_and_schema_and_no_reads() -> None:
    auditing = deploy_cluster()["database-auditing"].inputs
    recorded = set(json.loads(auditing["auditFilter"])["atype"]["$in"])

    assert auditing["enabled"] is True
    assert auditing["auditAuthorizationSuccess"] is False
    assert {"authenticate", "createUser", "grantRolesToUser", "dropCollection", "dropIndex"} <= recorded
    assert not {"find", "insert", "update", "remove"} & recorded


def test_auditing_costs_nothing_when_it_is_off() -> None:
    assert deploy_cluster(database(auditing=False)).of_type("Auditing") == []


def test_nodes_for_reads_are_said_to_be_none_so_that_the_last_one_can_go() -> None:
    assert region()["readOnlySpecs"] == {"instanceSize": "M10", "nodeCount": 0}
    assert region()["analyticsSpecs"] == {"instanceSize": "M10", "nodeCount": 0}


def test_reads_across_tenants_can_have_nodes_of_their_own() -> None:
    config = region(database(read_only_nodes=1, analytics_nodes=2))

    assert (config["readOnlySpecs"]["nodeCount"], config["analyticsSpecs"]["nodeCount"]) == (1, 2)
    assert config["analyticsAutoScaling"] == config["autoScaling"]


ENDPOINT = PrivateEndpoint(
    vpc_id="vpc-0a1b2c3d4e5f60718",
    subnet_ids=("subnet-0a1b2c3d4e5f60718",),
    security_group_ids=("sg-0a1b2c3d4e5f60718",),
)


def test_a_private_endpoint_stands_before_the_cluster_and_joins_the_vpc_to_atlas() -> None:
    deployed = deploy_cluster(database(private_endpoint=ENDPOINT))
    vpc_side = deployed["database-endpoint-endpoint"]

    assert "database-endpoint-service" in deployed["database-cluster"].depends_on
    assert "database-endpoint-link" in vpc_side.depends_on
    assert (vpc_side.inputs["vpcId"], vpc_side.inputs["vpcEndpointType"]) == (ENDPOINT.vpc_id, "Interface")
    assert deployed["database-endpoint-service"].inputs["endpointServiceId"] == "database-endpoint-endpoint-id"


def test_without_a_private_endpoint_there_is_none() -> None:
    assert deploy_cluster().of_type("PrivateLinkEndpoint") == []


@pytest.mark.parametrize(
    ("private", "found"),
    [
        (["mongodb+srv://madebuy-pl-0.ab1cd.mongodb.net"], "mongodb+srv://madebuy-pl-0.ab1cd.mongodb.net"),
        ([], "mongodb+srv://madebuy.ab1cd.mongodb.net"),
    ],
)
def test_a_client_takes_the_private_way_where_there_is_one(private: list[str], found: str) -> None:
    endpoints = [AdvancedClusterConnectionStringsPrivateEndpoint(srv_connection_string=each) for each in private]
    strings = AdvancedClusterConnectionStrings(
        standard_srv="mongodb+srv://madebuy.ab1cd.mongodb.net", private_endpoints=endpoints
    )

    assert address(strings) == found


def test_a_cluster_without_an_address_is_not_handed_out() -> None:
    with pytest.raises(ValueError, match="it is not up yet"):
        address(AdvancedClusterConnectionStrings())
