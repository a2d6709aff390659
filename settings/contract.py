"""The environment contract: every variable that MadeBuy's apps read when they start, and where its value comes from.

Source: audit, appendix B. It is data, so that the component that writes Doppler, the check for missing variables and
the `.env.example` of each app all say the same.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from settings.errors import shown

_NAME = re.compile(r"[A-Z][A-Z0-9_]*")
_LONGEST_NAME = 200
_RESERVED = re.compile(r"DOPPLER_.*|NODE_ENV|NODE_OPTIONS|PATH|HOME|LD_PRELOAD")
REFERENCE = "${"


class AppName(StrEnum):
    """What starts with an environment of its own.

    MadeBuy's two Next.js apps, by the name of their folder under `apps/`, and the backup job, by what it does.
    """

    ADMIN = "admin"
    WEB = "web"
    BACKUP = "backup"


ADMIN = (AppName.ADMIN,)
WEB = (AppName.WEB,)
BACKUP = (AppName.BACKUP,)
BOTH = (AppName.ADMIN, AppName.WEB)
ALL = tuple(AppName)
KEEPS_RUNNING = BOTH
"""Apps that go on with what they read at their last start. The job reads anew at each run."""


@dataclass(frozen=True)
class Generated:
    """Random bytes that the stack makes and nobody types, written in the form the app expects."""

    form: Literal["base64", "hex"]
    length: int = 32
    period_days: int = 90


@dataclass(frozen=True)
class Provisioned:
    """An output or a fact of the stack itself."""


@dataclass(frozen=True)
class External:
    """A value from a person's account at a vendor. A secret one is entered in Doppler by that person."""

    vendor: str


@dataclass(frozen=True)
class Variable:
    """One variable of the contract.

    `required` is the audit's word: without it the app does not start, or a customer can't pay. `secret` decides whether
    Doppler masks it. A variable whose name starts with NEXT_PUBLIC_ ends up in every visitor's browser: never a secret.

    Raises:
        ValueError: Doppler, or the program that reads it, would not take the name.
    """

    name: str
    apps: tuple[AppName, ...]
    source: Generated | Provisioned | External
    required: bool
    secret: bool

    def __post_init__(self) -> None:
        problem = name_problem(self.name)
        if problem:
            raise ValueError(problem)


def name_problem(name: str) -> str | None:
    """Why a variable can't have this name, and what to write; None when it can.

    Source: Doppler refuses other characters and keeps DOPPLER_ for itself (https://docs.doppler.com/docs/secrets).
    """
    if not _NAME.fullmatch(name) or len(name) > _LONGEST_NAME:
        return (
            f'"{shown(name)}" is no name of a variable: Doppler takes capital letters, digits and underscores, a '
            "letter first. Write one such as SENTRY_DSN."
        )
    if _RESERVED.fullmatch(name):
        return f'"{name}" is reserved: Doppler, Node or the system sets it itself. Write another name.'
    return None


def value_problem(value: str) -> str | None:
    """Why a variable can't have this value, without repeating it; None when it can.

    Source: Doppler replaces `${NAME}` in a value by another secret's (https://docs.doppler.com/docs/secrets#referencing-secrets).
    """
    if REFERENCE in value:
        return f'there is "{REFERENCE}" in the value, which Doppler would replace by another secret. Leave it out.'
    return None if value else "the value is empty: the app would take the variable as set. Leave the variable out."


CONTRACT: tuple[Variable, ...] = (
    Variable("MONGODB_URI", ALL, Provisioned(), required=True, secret=True),
    Variable("MONGODB_DB", ALL, Provisioned(), required=True, secret=False),
    Variable("NEXTAUTH_URL", ADMIN, Provisioned(), required=True, secret=False),
    Variable("NEXTAUTH_SECRET", ADMIN, Generated("base64"), required=True, secret=True),
    Variable("CRON_SECRET", ADMIN, Generated("hex"), required=False, secret=True),
    Variable("R2_ACCOUNT_ID", ADMIN + BACKUP, Provisioned(), required=True, secret=False),
    Variable("R2_ACCESS_KEY_ID", ADMIN + BACKUP, Provisioned(), required=True, secret=True),
    Variable("R2_SECRET_ACCESS_KEY", ADMIN + BACKUP, Provisioned(), required=True, secret=True),
    Variable("R2_BUCKET_NAME", ADMIN + BACKUP, Provisioned(), required=True, secret=False),
    Variable("R2_RESTORE_ACCESS_KEY_ID", BACKUP, Provisioned(), required=True, secret=True),
    Variable("R2_RESTORE_SECRET_ACCESS_KEY", BACKUP, Provisioned(), required=True, secret=True),
    Variable("R2_PUBLIC_URL", BOTH, Provisioned(), required=True, secret=False),
    Variable("CLOUDFLARE_API_TOKEN", ADMIN, Provisioned(), required=False, secret=True),
    Variable("CLOUDFLARE_MADEBUY_ZONE_ID", ADMIN, Provisioned(), required=False, secret=False),
    Variable("UPSTASH_REDIS_REST_URL", BOTH, Provisioned(), required=True, secret=False),
    Variable("UPSTASH_REDIS_REST_TOKEN", BOTH, Provisioned(), required=True, secret=True),
    Variable("UPSTASH_PAGES_REDIS_REST_URL", BOTH, Provisioned(), required=False, secret=False),
    Variable("UPSTASH_PAGES_REDIS_REST_TOKEN", BOTH, Provisioned(), required=False, secret=True),
    Variable("NEXT_PUBLIC_TURNSTILE_SITE_KEY", BOTH, Provisioned(), required=False, secret=False),
    Variable("TURNSTILE_SECRET_KEY", BOTH, Provisioned(), required=False, secret=True),
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
    # A heartbeat's address is all that it takes to send one.
    Variable("BACKUP_HEARTBEAT_URL", BACKUP, External("Better Stack"), required=False, secret=True),
)


def variables_of(app: AppName) -> tuple[Variable, ...]:
    """The variables that `app` reads, in the contract's order."""
    return tuple(variable for variable in CONTRACT if app in variable.apps)
