"""Which output of which component each provisioned variable is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from settings.contract import AppName

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pulumi

    from components.cache import RedisCache
    from components.database import Cluster
    from components.edge import Turnstile, Zone
    from components.secrets.zone_token import ZoneToken
    from components.storage import BucketCredentials, MediaStorage
    from settings import Stack


@dataclass(frozen=True, kw_only=True)
class Sources:
    """The components whose outputs the apps read."""

    stack: Stack
    zone: Zone
    zone_token: ZoneToken
    database: Cluster
    media: MediaStorage
    media_key: BucketCredentials
    cache: RedisCache
    turnstile: Turnstile | None


def provisioned(sources: Sources) -> dict[AppName, Mapping[str, pulumi.Input[str]]]:
    """For each app, the value of each variable that the contract calls provisioned."""
    stack = sources.stack
    both: dict[str, pulumi.Input[str]] = {
        "MONGODB_DB": stack.database.name,
        "R2_PUBLIC_URL": sources.media.public_url,
        "UPSTASH_REDIS_REST_URL": sources.cache.rest_url,
        "UPSTASH_REDIS_REST_TOKEN": sources.cache.rest_token,
    }
    admin: dict[str, pulumi.Input[str]] = {
        "MONGODB_URI": sources.database.connection_strings["admin"],
        "NEXTAUTH_URL": f"https://{stack.apps.admin.host}",
        "R2_ACCOUNT_ID": stack.accounts.cloudflare_account_id,
        "R2_ACCESS_KEY_ID": sources.media_key.access_key_id,
        "R2_SECRET_ACCESS_KEY": sources.media_key.secret_access_key,
        "R2_BUCKET_NAME": sources.media.bucket_name,
        "CLOUDFLARE_API_TOKEN": sources.zone_token.value,
        "CLOUDFLARE_MADEBUY_ZONE_ID": sources.zone.zone_id,
    }
    web: dict[str, pulumi.Input[str]] = {
        "MONGODB_URI": sources.database.connection_strings["web"],
        "DEFAULT_FROM_EMAIL": f"orders@{stack.edge.zone}",
    }
    if sources.turnstile:
        web["NEXT_PUBLIC_TURNSTILE_SITE_KEY"] = sources.turnstile.sitekey
        web["TURNSTILE_SECRET_KEY"] = sources.turnstile.secret
    return {AppName.ADMIN: both | admin, AppName.WEB: both | web}
