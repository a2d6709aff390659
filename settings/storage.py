"""The two R2 buckets: what makers upload, and where backups go."""

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from settings.base import Setting, wrong
from settings.errors import Problem
from settings.types import BucketName, CloudflareId, Fqdn, HttpsOrigin


class MediaBucket(Setting):
    """The bucket behind the media host, which browsers upload to and everyone reads."""

    bucket: BucketName = Field(description="The bucket's name, unique in the account.", examples=["madebuy-media"])
    host: Fqdn = Field(description="The host in the zone that serves the bucket.", examples=["media.madebuy.com.au"])
    upload_origins: tuple[HttpsOrigin, ...] = Field(
        min_length=1,
        description="The pages that browsers may upload from: https origins of this stack's own hosts.",
        examples=[["https://dashboard.madebuy.com.au"]],
    )
    infrequent_access_after_days: Annotated[int, Field(ge=30, le=3650)] | None = Field(
        None,
        description="Days after which an upload moves to R2's Infrequent Access, or null to leave it in Standard. "
        "US$0.010 instead of 0.015 per GB a month, but US$0.01 for each GB read, 2.5 times the price per request, and "
        "30 days billed at least: dearer for anything that visitors still look at.",
    )
    event_queue: CloudflareId | None = Field(
        None,
        description="The id of the Cloudflare Queue that is told of every object that comes or goes, or null. Whoever "
        "reads the queue owns it; this stack only sends to it.",
    )


class BackupBucket(Setting):
    """The bucket that nothing but the backup job reaches (audit 5.3: four weekly backups)."""

    bucket: BucketName = Field(description="The bucket's name, unique in the account.", examples=["madebuy-backups"])
    lock_days: int = Field(28, ge=28, le=3650, description="Days in which nobody can delete or overwrite a backup.")
    keep_days: int = Field(
        90,
        ge=90,
        le=3650,
        description="Days before R2 itself deletes a backup, so that a stopped job can't empty the bucket.",
    )

    def contradictions(self) -> Iterator[Problem]:
        """R2's lock wins over its lifecycle."""
        if self.keep_days < self.lock_days:
            yield wrong(
                "keep_days",
                f"{self.keep_days} is shorter than lock_days ({self.lock_days}): the lock wins, so nothing would be "
                f"deleted on that day. Write at least {self.lock_days}.",
            )


class Storage(Setting):
    """MadeBuy's buckets at Cloudflare R2."""

    media: MediaBucket = Field(description="What makers upload.")
    backups: BackupBucket = Field(description="Where the weekly backups go.")
    location: Literal["oc", "apac", "weur", "eeur", "wnam", "enam"] = Field(
        "oc",
        description="Where R2 should put the data: oc is Oceania. A wish, heard once per bucket name, and no promise; "
        "another one changes nothing about a bucket that exists.",
    )

    def contradictions(self) -> Iterator[Problem]:
        """The media bucket is public and its objects are replaced; backups are neither."""
        if self.media.bucket == self.backups.bucket:
            yield Problem(
                ("backups", "bucket"),
                "this is the media bucket, which the whole world can read. Write a bucket of its own.",
            )
