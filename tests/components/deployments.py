"""The deployment that component tests build in."""

from __future__ import annotations

from components.base import Deployment
from settings import Accounts, Environment, Role

ACCOUNTS = Accounts(
    cloudflare_account_id="0123456789abcdef0123456789abcdef",
    atlas_organization_id="5f0c2a1d2e3f4a5b6c7d8e9f",
    aws_account_id="123456789012",
)
TAGS = {"environment": "production", "project": "madebuy", "cost-center": "infrastructure"}


def deployment(*, production: bool = True, adopt: dict[Role, str] | None = None) -> Deployment:
    """Production, or with `production=False` staging, which protects nothing."""
    return Deployment(
        environment=Environment.PRODUCTION if production else Environment.STAGING,
        accounts=ACCOUNTS,
        tags=TAGS,
        protects_state=production,
        adopt=adopt or {},
    )
