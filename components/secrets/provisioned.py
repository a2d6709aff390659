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
    from components.edge import Edge
    from components.secrets.zone_token import ZoneToken
    from components.storage import BackupStorage, BucketCredentials, MediaStorage
    from settings import Stack


@dataclass(frozen=True, kw_only=True)
class Sources:
    """The components whose outputs the apps read."""

    stack: Stack
    edge: Edge
    zone_token: ZoneToken
    database: Cluster
    media: MediaStorage
    media_key: BucketCredentials
    backups: BackupStorage
    backup_key: BucketCredentials
    restore_key: BucketCredentials
    cache: RedisCache


def provisioned(sources: Sources) -> dict[AppName, Mapping[str, pulumi.Input[str]]]:
    """For each app, the value of each variable that the contract calls provisioned."""
    stack = sources.stack
    both: dict[str, pulumi.Input[str]] = {
        "R2_PUBLIC_URL": sources.media.public_url,
        "UPSTASH_REDIS_REST_URL": sources.cache.rest_url,
        "UPSTASH_REDIS_REST_TOKEN": sources.cache.rest_token,
    }
    if sources.cache.pages:
        both["UPSTASH_PAGES_REDIS_REST_URL"] = sources.cache.pages.rest_url
        both["UPSTASH_PAGES_REDIS_REST_TOKEN"] = sources.cache.pages.rest_token
    if sources.edge.turnstile:
        both["NEXT_PUBLIC_TURNSTILE_SITE_KEY"] = sources.edge.turnstile.sitekey
        both["TURNSTILE_SECRET_KEY"] = sources.edge.turnstile.secret
    admin: dict[str, pulumi.Input[str]] = {
        "NEXTAUTH_URL": f"https://{stack.apps.admin.host}",
        "CLOUDFLARE_API_TOKEN": sources.zone_token.value,
        "CLOUDFLARE_MADEBUY_ZONE_ID": sources.edge.zone_id,
        **_bucket(stack, sources.media.bucket_name, sources.media_key),
    }
    web: dict[str, pulumi.Input[str]] = {"DEFAULT_FROM_EMAIL": f"orders@{stack.edge.zone}"}
    own = {
        AppName.ADMIN: both | admin,
        AppName.WEB: both | web,
        AppName.BACKUP: {
            **_bucket(stack, sources.backups.bucket_name, sources.backup_key),
            "R2_RESTORE_ACCESS_KEY_ID": sources.restore_key.access_key_id,
            "R2_RESTORE_SECRET_ACCESS_KEY": sources.restore_key.secret_access_key,
        },
    }
    return {app: _database(sources, app) | values for app, values in own.items()}


def _database(sources: Sources, app: AppName) -> dict[str, pulumi.Input[str]]:
    uri = sources.database.connection_strings[app.value]
    return {"MONGODB_URI": uri, "MONGODB_DB": sources.stack.database.name}


def _bucket(stack: Stack, name: pulumi.Input[str], key: BucketCredentials) -> dict[str, pulumi.Input[str]]:
    """What an S3 client needs for one bucket."""
    return {
        "R2_ACCOUNT_ID": stack.accounts.cloudflare_account_id,
        "R2_ACCESS_KEY_ID": key.access_key_id,
        "R2_SECRET_ACCESS_KEY": key.secret_access_key,
        "R2_BUCKET_NAME": name,
    }
