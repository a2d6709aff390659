"""MadeBuy's Redis database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pulumi
import upstash_pulumi as upstash

from components.base import Component, ComponentArgs
from settings import Role

if TYPE_CHECKING:
    from settings import Cache, PageCache


@dataclass(frozen=True, kw_only=True)
class RedisCacheArgs(ComponentArgs):
    """The database's settings."""

    settings: Cache


@dataclass(frozen=True, kw_only=True)
class RedisAccess:
    """How an app reaches one database: Upstash's REST API, or any Redis client with `url` (rediss, so TLS)."""

    rest_url: pulumi.Output[str]
    rest_token: pulumi.Output[str]
    url: pulumi.Output[str]

    @classmethod
    def to(cls, database: upstash.RedisDatabase) -> RedisAccess:
        """The addresses of a database, each secret that opens it by itself."""
        url = pulumi.Output.format("rediss://default:{0}@{1}:{2}", database.password, database.endpoint, database.port)
        return cls(
            rest_url=pulumi.Output.concat("https://", database.endpoint),
            rest_token=pulumi.Output.secret(database.rest_token),
            url=pulumi.Output.secret(url),
        )


class RedisCache(Component):
    """One Upstash global database with its primary in Sydney, always over TLS; a second one only where it is asked for.

    Owns the databases. Leaves eviction off in the first: it holds sessions and rate-limit counters beside the cache,
    and an evicted session is a visitor logged out. The second, `pages`, evicts. Region, name and a change of TLS
    replace a database, and so empty it: that is why both are protected in production, the second too, because an origin
    without its cache is slow for everyone at once.
    """

    def __init__(self, name: str, args: RedisCacheArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        super().__init__("cache:RedisCache", name, args.deployment, opts)
        settings = args.settings
        database = upstash.RedisDatabase(
            f"{name}-database",
            database_name=settings.name,
            region="global",
            primary_region=settings.region,
            read_regions=list(settings.read_regions) or None,
            tls=True,  # the provider's default is off, though Upstash itself always answers on
            eviction=settings.eviction,
            budget=settings.budget_usd,
            prod_pack=settings.prod_pack,
            ip_allowlists=list(settings.allowed_cidrs) or None,
            opts=self.child(stateful=True, adopt=Role.REDIS),
        )
        access = RedisAccess.to(database)
        self.rest_url, self.rest_token, self.url = access.rest_url, access.rest_token, access.url
        self.pages = self._pages(f"{name}-pages", settings, settings.pages) if settings.pages else None
        outputs = {"rest_url": self.rest_url, "rest_token": self.rest_token, "url": self.url}
        if self.pages:
            outputs |= {"pages_rest_url": self.pages.rest_url, "pages_rest_token": self.pages.rest_token}
        self.register_outputs(outputs)

    def _pages(self, name: str, settings: Cache, pages: PageCache) -> RedisAccess:
        database = upstash.RedisDatabase(
            name,
            database_name=pages.name,
            region="global",
            primary_region=settings.region,
            tls=True,
            eviction=True,
            budget=pages.budget_usd,
            ip_allowlists=list(settings.allowed_cidrs) or None,
            opts=self.child(stateful=True),
        )
        return RedisAccess.to(database)
