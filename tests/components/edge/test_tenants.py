from components.edge import CustomDomains, CustomDomainsArgs
from settings import TenantDomains, Tls
from tests.components.edge.example import ZONE_ID, apps, deployment
from tests.components.mocks import Deployed, deploy


def domains(*hosts: str) -> Deployed:
    args = CustomDomainsArgs(
        deployment=deployment(),
        settings=TenantDomains(hosts=hosts),
        tls=Tls(minimum_version="1.3"),
        apps=apps(),
        zone_id=ZONE_ID,
    )
    return deploy(lambda: CustomDomains("makers", args))


def test_visitors_of_every_makers_domain_come_to_the_web_app() -> None:
    deployed = domains("shop.example.com", "pots.example.net")

    assert deployed["makers-fallback"].inputs["origin"] == "madebuy.com.au"
    assert {each.inputs["hostname"] for each in deployed.of_type("CustomHostname")} == {
        "shop.example.com",
        "pots.example.net",
    }
    assert deployed.outputs["makers"] == {"target": "madebuy.com.au"}


def test_a_makers_domain_is_as_strict_about_tls_as_the_zone() -> None:
    ssl = domains("shop.example.com")["makers-shop.example.com"].inputs["ssl"]

    assert ssl == {"method": "http", "type": "dv", "settings": {"minTlsVersion": "1.3", "http2": "on"}}


def test_a_domain_waits_for_the_way_to_be_there() -> None:
    assert "makers-fallback" in domains("shop.example.com")["makers-shop.example.com"].depends_on
