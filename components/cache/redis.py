"""MadeBuy's Redis database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
import upstash_pulumi as upstash

from components.base import Component, ComponentArgs
from settings import Role

if TYPE_CHECKING:
    from settings import Cache


@dataclass(frozen=True, kw_only=True)
class RedisCacheArgs(ComponentArgs):
    """The database's settings."""

    settings: Cache


class RedisCache(Component):
    """One Upstash global database with its primary in Sydney, always over TLS.

    Owns the database. Leaves eviction off by default: it holds sessions and rate-limit counters beside the cache, and
    an evicted session is a visitor logged out. Region, name and a change of TLS replace the database, and so empty
    it: that is why it is protected in production.
    """

    def __init__(self, name: str, args: RedisCacheArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("cache:RedisCache", name, args.deployment, opts)
        database = upstash.RedisDatabase(
            f"{name}-database",
            database_name=args.settings.name,
            region="global",
            primary_region=args.settings.region,
            tls=True,  # the provider's default is off, though Upstash itself always answers on
            eviction=args.settings.eviction,
            budget=args.settings.budget_usd,
            ip_allowlists=list(args.settings.allowed_cidrs) or None,
            opts=self.child(stateful=True, adopt=Role.REDIS),
        )
        self.rest_url = pulumi.Output.concat("https://", database.endpoint)
        self.rest_token: pulumi.Output[str] = pulumi.Output.secret(database.rest_token)
        self.register_outputs({"rest_url": self.rest_url, "rest_token": self.rest_token})
