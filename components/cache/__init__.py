"""Upstash: the Redis that holds sessions, rate-limit counters and cached pages."""

from components.cache.redis import RedisCache, RedisCacheArgs

__all__ = ["RedisCache", "RedisCacheArgs"]
