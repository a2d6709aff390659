"""Upstash: the Redis that holds sessions, rate-limit counters and cached pages."""

from components.cache.redis import RedisAccess, RedisCache, RedisCacheArgs

__all__ = ["RedisAccess", "RedisCache", "RedisCacheArgs"]
