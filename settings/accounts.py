"""Whose accounts pay, and how a bill is split."""

from enum import StrEnum

from pydantic import Field

from settings.base import Setting
from settings.types import AtlasId, AwsAccountId, CloudflareId


class Accounts(Setting):
    """The vendors' accounts that a stack is built in. Identifiers, not secrets; only the owner has them."""

    cloudflare_account_id: CloudflareId = Field(
        description="The Cloudflare account that owns the zone and the buckets.",
        examples=["0123456789abcdef0123456789abcdef"],
    )
    atlas_organization_id: AtlasId = Field(
        description="The MongoDB Atlas organization that owns the project.", examples=["0123456789abcdef01234567"]
    )
    aws_account_id: AwsAccountId = Field(
        description="The AWS account that holds the encryption key of the database.", examples=["123456789012"]
    )


class CostCenter(StrEnum):
    """The audit's three cost centres (4.3)."""

    INFRASTRUCTURE = "infrastructure"
    SERVICES = "services"
    AI = "ai"


class Tags(Setting):
    """The tags that every resource carries, beside environment and project (audit 4.3)."""

    cost_center: CostCenter = Field(
        CostCenter.INFRASTRUCTURE, description="The cost centre that the stack's resources are booked to."
    )
