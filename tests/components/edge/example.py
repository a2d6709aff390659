"""MadeBuy's edge settings with one thing changed, for tests."""

from __future__ import annotations

from typing import Any

from components.base import Deployment
from settings import Accounts, Apps, Edge, Environment

ACCOUNT = "0123456789abcdef0123456789abcdef"
ZONE_ID = "fedcba9876543210fedcba9876543210"


WITHIN_FREE = {"sign_in_limit": None, "rate_limit": {"every_host": True}}
"""What a free zone has to be told to do without."""


def edge(**changes: Any) -> Edge:
    within = WITHIN_FREE if changes.get("plan") == "free" else {}
    return Edge.model_validate({"zone": "madebuy.com.au", "plan": "pro", **within, **changes})


def apps(*, origins: int = 2, address: str | None = None) -> Apps:
    return Apps.model_validate(
        {
            "web": {"host": "madebuy.com.au", "aliases": ["www.madebuy.com.au"], "tenants": "*.madebuy.com.au"},
            "admin": {"host": "dashboard.madebuy.com.au"},
            "origins": [
                {"name": f"sydney-{number}", "address": address or f"203.0.113.{9 + number}"}
                for number in range(1, origins + 1)
            ],
        }
    )


def deployment(*, protects_state: bool = True, **adopt: str) -> Deployment:
    return Deployment(
        environment=Environment.PRODUCTION,
        accounts=Accounts(cloudflare_account_id=ACCOUNT, atlas_organization_id="0" * 24, aws_account_id="0" * 12),
        tags={"environment": "production", "project": "madebuy", "cost-center": "infrastructure"},
        protects_state=protects_state,
        adopt=adopt,
    )
