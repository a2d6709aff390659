"""What the domain says of itself in DNS: proofs for vendors, and who may send mail in its name."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi_cloudflare as cloudflare

from components.base import Component, ComponentArgs

if TYPE_CHECKING:
    import pulumi

    from settings import Edge, Mail, Resend, TextRecord

AUTOMATIC_TTL = 1
RESEND_SENDS_BY = "amazonses.com"
RETURN_PRIORITY = 10
"""What Resend asks for. Source: its Domain Connect template (resend.com.mail.json, version 6)."""


@dataclass(frozen=True, kw_only=True)
class RecordsArgs(ComponentArgs):
    """The records' content, and the zone they are in."""

    settings: Edge
    zone_id: pulumi.Input[str]


class Records(Component):
    """TXT and MX records of the zone.

    Owns proofs for vendors, and with `mail` set: SPF, DKIM and DMARC of the domain, and where undelivered mail goes.
    Leaves MX records of mailboxes alone: they belong to whoever hosts those. A domain with `receives: false` and no
    sender is parked: it says in every way there is that mail from it is forged (RFC 7505 for the null MX).

    SPF ends in -all, so that a sender that is not named is refused. Resend's return path has an SPF record of its
    own, as receivers look there, not at the sender's domain.
    """

    def __init__(self, name: str, args: RecordsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("edge:Records", name, args.deployment, opts)
        self._zone, self._zone_id = args.settings.zone, args.zone_id
        for record in args.settings.text_records:
            self._text(f"{name}-proof-{_mark(record)}", record.name, record.content)
        if args.settings.mail:
            self._authenticate(name, args.settings.mail)
        self.register_outputs({})

    def _authenticate(self, name: str, mail: Mail) -> None:
        self._text(f"{name}-spf", self._zone, spf(*mail.other_senders))
        self._text(f"{name}-dmarc", f"_dmarc.{self._zone}", dmarc(mail))
        if not mail.receives:
            self._exchange(f"{name}-null-mx", self._zone, ".", priority=0)
        if mail.resend:
            self._send_by_resend(f"{name}-resend", mail.resend)
        elif not mail.sends:
            self._text(f"{name}-no-dkim", f"*._domainkey.{self._zone}", "v=DKIM1; p=")

    def _send_by_resend(self, name: str, resend: Resend) -> None:
        returns_to = f"{resend.return_path}.{self._zone}"
        self._text(f"{name}-dkim", f"resend._domainkey.{self._zone}", f"p={resend.dkim_public_key}")
        self._text(f"{name}-spf", returns_to, spf(RESEND_SENDS_BY))
        self._exchange(
            f"{name}-mx", returns_to, f"feedback-smtp.{resend.region}.{RESEND_SENDS_BY}", priority=RETURN_PRIORITY
        )

    def _text(self, name: str, host: str, text: str) -> None:
        cloudflare.DnsRecord(
            name,
            zone_id=self._zone_id,
            name=host,
            type="TXT",
            content=f'"{text}"',  # Cloudflare adds missing quotes by itself, which would be a change on every run
            ttl=AUTOMATIC_TTL,
            opts=self.child(),
        )

    def _exchange(self, name: str, host: str, server: str, *, priority: int) -> None:
        cloudflare.DnsRecord(
            name,
            zone_id=self._zone_id,
            name=host,
            type="MX",
            content=server,
            priority=priority,
            ttl=AUTOMATIC_TTL,
            opts=self.child(),
        )


def _mark(record: TextRecord) -> str:
    """What tells a record from every other one, wherever it stands in the stack file: a name may have several."""
    return hashlib.sha256(f"{record.name} {record.content}".encode()).hexdigest()[:8]


def spf(*senders: str) -> str:
    """Who may send: these services' servers, and nobody else."""
    return " ".join(["v=spf1", *(f"include:{sender}" for sender in senders), "-all"])


def dmarc(mail: Mail) -> str:
    """What a receiver does with mail that fails both; subdomains included."""
    report = [f"rua=mailto:{mail.dmarc.report_to}"] if mail.dmarc.report_to else []
    return "; ".join(["v=DMARC1", f"p={mail.dmarc.policy}", f"sp={mail.dmarc.policy}", *report])
