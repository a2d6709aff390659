from typing import Any

from components.edge import Records, RecordsArgs
from components.edge.records import spf
from tests.components.edge.example import ZONE_ID, deployment, edge
from tests.components.mocks import Deployed, deploy

KEY = f"MIGf{'A' * 212}"
RESEND = {"dkim_public_key": KEY}


def records(**changes: Any) -> Deployed:
    args = RecordsArgs(deployment=deployment(), settings=edge(**changes), zone_id=ZONE_ID)
    return deploy(lambda: Records("records", args))


def written(deployed: Deployed) -> set[tuple[str, str, str]]:
    return {
        (each.inputs["type"], each.inputs["name"], each.inputs["content"]) for each in deployed.of_type("DnsRecord")
    }


def test_nothing_is_said_about_mail_unless_asked() -> None:
    assert written(records()) == set()


def test_resend_may_send_and_nobody_else() -> None:
    mail = {"resend": RESEND, "dmarc": {"policy": "quarantine", "report_to": "dmarc@madebuy.com.au"}}

    assert written(records(mail=mail)) == {
        ("TXT", "madebuy.com.au", '"v=spf1 -all"'),
        ("TXT", "_dmarc.madebuy.com.au", '"v=DMARC1; p=quarantine; sp=quarantine; rua=mailto:dmarc@madebuy.com.au"'),
        ("TXT", "resend._domainkey.madebuy.com.au", f'"p={KEY}"'),
        ("TXT", "send.madebuy.com.au", '"v=spf1 include:amazonses.com -all"'),
        ("MX", "send.madebuy.com.au", "feedback-smtp.ap-northeast-1.amazonses.com"),
    }


def test_a_parked_domain_says_in_every_way_that_its_mail_is_forged() -> None:
    assert written(records(mail={"receives": False, "dmarc": {"policy": "reject"}})) == {
        ("TXT", "madebuy.com.au", '"v=spf1 -all"'),
        ("TXT", "_dmarc.madebuy.com.au", '"v=DMARC1; p=reject; sp=reject"'),
        ("TXT", "*._domainkey.madebuy.com.au", '"v=DKIM1; p="'),
        ("MX", "madebuy.com.au", "."),
    }


def test_mailboxes_elsewhere_keep_their_own_records() -> None:
    mail = {"other_senders": ["_spf.google.com"], "dmarc": {"policy": "reject"}}

    assert "MX" not in {type_ for type_, _, _ in written(records(mail=mail))}


def test_every_sender_is_named_before_the_rest_is_refused() -> None:
    assert spf("_spf.google.com", "sendgrid.net") == "v=spf1 include:_spf.google.com include:sendgrid.net -all"


def test_a_vendors_proof_is_written_as_it_is() -> None:
    proofs = [{"name": "_railway-verify.madebuy.com.au", "content": "railway-verify=1a2b"}]

    assert written(records(text_records=proofs)) == {("TXT", "_railway-verify.madebuy.com.au", '"railway-verify=1a2b"')}
