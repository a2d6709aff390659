"""What the domain says of itself in DNS: who may send mail in its name, and proofs for vendors."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field

from settings.base import Setting, wrong
from settings.errors import Problem
from settings.types import DkimPublicKey, Email, RecordName, Slug


class Resend(Setting):
    """The domain at Resend, by which the apps send: the records that its dashboard asks for."""

    dkim_public_key: DkimPublicKey = Field(
        description='The key of resend._domainkey, as Resend shows it after "p=". It is public: anyone may look it up.',
        examples=[f"MIGf{'A' * 212}"],
    )
    region: Literal["us-east-1", "eu-west-1", "sa-east-1", "ap-northeast-1"] = Field(
        "ap-northeast-1", description="The region chosen at Resend; none is in Australia."
    )
    return_path: Slug = Field("send", description="The label below the zone to which undelivered mail comes back.")


class Dmarc(Setting):
    """What a receiver does with mail that claims to be the domain's and proves nothing.

    The way up: none while the reports show who sends, then quarantine, then reject.
    """

    policy: Literal["none", "quarantine", "reject"] = Field(
        description="none: deliver and report. quarantine: to the junk folder. reject: refuse.", examples=["reject"]
    )
    report_to: Email | None = Field(None, description="The address to which receivers send their daily reports.")

    def contradictions(self) -> Iterator[Problem]:
        """A step that teaches nothing."""
        if self.policy == "none" and self.report_to is None:
            yield wrong(
                "report_to",
                'policy "none" changes nothing by itself, it only asks for reports, and nobody would get them. '
                "Write report_to, or a policy that protects.",
            )


class Mail(Setting):
    """The domain's mail records (SPF, DKIM, DMARC). Mailboxes stay where they are."""

    resend: Resend | None = Field(None, description="The apps' sender. null: nothing of ours sends.")
    other_senders: tuple[RecordName, ...] = Field(
        (),
        max_length=9,
        description="What other services that send as the domain ask for after SPF's include:, such as a mailbox host.",
        examples=[["_spf.google.com"]],
    )
    receives: bool = Field(
        True,
        description="Whether the domain has mailboxes somewhere; their MX records are left alone. false: none at all.",
    )
    dmarc: Dmarc = Field(description="What receivers do with forged mail.", examples=[{"policy": "reject"}])

    @property
    def sends(self) -> bool:
        """Whether anybody may send in the domain's name."""
        return self.resend is not None or bool(self.other_senders)

    def contradictions(self) -> Iterator[Problem]:
        """A domain that sends nothing has nothing to be careful about."""
        if not self.sends and self.dmarc.policy != "reject":
            yield Problem(
                ("dmarc", "policy"),
                "nobody sends as this domain, so all such mail is forged. Write policy: reject, or add resend or "
                "other_senders.",
            )


class TextRecord(Setting):
    """A TXT record that a vendor asks for to see that the domain is ours, such as Railway's."""

    name: RecordName = Field(description="The record's full name.", examples=["_railway-verify.madebuy.com.au"])
    content: str = Field(
        min_length=1,
        max_length=2048,
        pattern=r"^[ -!#-\[\]-~]+$",
        description="The text, without quotes around it.",
        examples=["railway-verify=1234"],
    )
