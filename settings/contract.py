"""The environment contract: every variable that MadeBuy's apps read when they start, and where its value comes from.

Source: audit, appendix B. It is data, so that the component that writes Doppler, the check for missing variables and
the `.env.example` of each app all say the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal


class AppName(StrEnum):
    """MadeBuy's two Next.js apps, by the name of their folder under `apps/`."""

    ADMIN = "admin"
    WEB = "web"


@dataclass(frozen=True)
class Generated:
    """Random bytes that the stack makes and nobody types, written in the form the app expects."""

    form: Literal["base64", "hex"]
    length: int = 32


@dataclass(frozen=True)
class Provisioned:
    """An output or a fact of the stack itself."""


@dataclass(frozen=True)
class External:
    """A value from a person's account at a vendor, entered in Doppler by that person."""

    vendor: str


@dataclass(frozen=True)
class Variable:
    """One variable of the contract.

    `required` is the audit's word: without it the app does not start, or a customer can't pay. `secret` decides whether
    Doppler masks it; a variable whose name starts with NEXT_PUBLIC_ ends up in every visitor's browser, never secret.
    """

    name: str
    apps: tuple[AppName, ...]
    source: Generated | Provisioned | External
    required: bool
    secret: bool


ADMIN = (AppName.ADMIN,)
WEB = (AppName.WEB,)
BOTH = (AppName.ADMIN, AppName.WEB)

CONTRACT: tuple[Variable, ...] = (
    Variable("MONGODB_URI", BOTH, Provisioned(), required=True, secret=True),
    Variable("MONGODB_DB", BOTH, Provisioned(), required=True, secret=False),
    Variable("NEXTAUTH_URL", ADMIN, Provisioned(), required=True, secret=False),
    Variable("NEXTAUTH_SECRET", ADMIN, Generated("base64"), required=True, secret=True),
    Variable("CRON_SECRET", ADMIN, Generated("hex"), required=False, secret=True),
    Variable("R2_ACCOUNT_ID", ADMIN, Provisioned(), required=True, secret=False),
    Variable("R2_ACCESS_KEY_ID", ADMIN, Provisioned(), required=True, secret=True),
    Variable("R2_SECRET_ACCESS_KEY", ADMIN, Provisioned(), required=True, secret=True),
    Variable("R2_BUCKET_NAME", ADMIN, Provisioned(), required=True, secret=False),
    Variable("R2_PUBLIC_URL", BOTH, Provisioned(), required=True, secret=False),
    Variable("CLOUDFLARE_API_TOKEN", ADMIN, Provisioned(), required=False, secret=True),
    Variable("CLOUDFLARE_MADEBUY_ZONE_ID", ADMIN, Provisioned(), required=False, secret=False),
    Variable("UPSTASH_REDIS_REST_URL", BOTH, Provisioned(), required=True, secret=False),
    Variable("UPSTASH_REDIS_REST_TOKEN", BOTH, Provisioned(), required=True, secret=True),
    Variable("NEXT_PUBLIC_TURNSTILE_SITE_KEY", WEB, Provisioned(), required=False, secret=False),
    Variable("TURNSTILE_SECRET_KEY", WEB, Provisioned(), required=False, secret=True),
    Variable("DEFAULT_FROM_EMAIL", WEB, Provisioned(), required=False, secret=False),
    Variable("STRIPE_SECRET_KEY", WEB, External("Stripe"), required=True, secret=True),
    Variable("STRIPE_PUBLISHABLE_KEY", WEB, External("Stripe"), required=True, secret=False),
    Variable("STRIPE_WEBHOOK_SECRET", WEB, External("Stripe"), required=True, secret=True),
    Variable("STRIPE_PRICE_MAKER_MONTHLY", WEB, External("Stripe"), required=True, secret=False),
    Variable("STRIPE_PRICE_PROFESSIONAL_MONTHLY", WEB, External("Stripe"), required=True, secret=False),
    Variable("STRIPE_PRICE_STUDIO_MONTHLY", WEB, External("Stripe"), required=True, secret=False),
    Variable("RESEND_API_KEY", WEB, External("Resend"), required=False, secret=True),
    Variable("OPENAI_API_KEY", ADMIN, External("OpenAI"), required=False, secret=True),
    Variable("INSTAGRAM_CLIENT_ID", ADMIN, External("Instagram"), required=False, secret=False),
    Variable("INSTAGRAM_CLIENT_SECRET", ADMIN, External("Instagram"), required=False, secret=True),
    Variable("LATE_API_KEY", ADMIN, External("Late"), required=False, secret=True),
    Variable("SENTRY_DSN", BOTH, External("Sentry"), required=False, secret=False),
    Variable("SENTRY_ORG", BOTH, External("Sentry"), required=False, secret=False),
    Variable("SENTRY_PROJECT", BOTH, External("Sentry"), required=False, secret=False),
    Variable("SENTRY_AUTH_TOKEN", BOTH, External("Sentry"), required=False, secret=True),
    Variable("LOGTAIL_SOURCE_TOKEN", BOTH, External("Better Stack"), required=False, secret=True),
)


def variables_of(app: AppName) -> tuple[Variable, ...]:
    """The variables that `app` reads, in the contract's order."""
    return tuple(variable for variable in CONTRACT if app in variable.apps)
