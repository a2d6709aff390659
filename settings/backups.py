"""How far back MadeBuy's data can be restored, and who could prevent it."""

from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

from pydantic import Field

from settings.base import Setting, wrong
from settings.errors import Problem
from settings.types import AtlasRegion, Days, Email, S3BucketName

_WEEK, _MONTH = 7, 31


class LockedBucket(Setting):
    """An S3 bucket of MadeBuy's own, from which nobody deletes an object before its time."""

    bucket: S3BucketName = Field(description="The bucket's name.", examples=["madebuy-production-snapshots"])
    lock_days: Days = Field(28, description="Days in which S3 refuses to delete an object (Object Lock).")
    lock: Literal["GOVERNANCE", "COMPLIANCE"] = Field(
        "GOVERNANCE",
        description="GOVERNANCE: an administrator with a special right can still delete. COMPLIANCE: nobody can.",
    )
    keep_days: Days = Field(90, description="Days after which an object is deleted.")

    def contradictions(self) -> Iterator[Problem]:
        """S3 can't delete what it has locked."""
        if self.keep_days < self.lock_days:
            yield wrong(
                "keep_days",
                f"{self.keep_days} is shorter than lock_days ({self.lock_days}): S3 refuses to delete what is still "
                f"locked. Write {self.lock_days} or more.",
            )


class SnapshotExport(LockedBucket):
    """A full copy of the data outside Atlas.

    Atlas writes gzipped extended JSON, and bills $0.125 a GB (read 2026-08).
    """

    frequency: Literal["weekly", "monthly"] = Field("weekly", description="Which snapshots are exported.")


class CompliancePolicy(Setting):
    """Atlas's Backup Compliance Policy: from then on nobody can delete a snapshot or shorten the schedule.

    Nobody can switch it off either, MadeBuy included: only MongoDB's support can, after it has verified the authorized
    person. The project can't be deleted while it has snapshots, and a deleted cluster's name can't be used again.
    Source: https://www.mongodb.com/docs/atlas/backup/cloud-backup/backup-compliance-policy/ (read 2026-08).
    """

    irreversible: Literal[True] = Field(description="Write true: this can't be undone, and you know it.")
    authorized_email: Email = Field(
        description="The one person whom MongoDB's support will verify. A wrong address locks everyone out."
    )
    authorized_first_name: str = Field(min_length=1, max_length=80, description="That person's first name.")
    authorized_last_name: str = Field(min_length=1, max_length=80, description="That person's last name.")


class Backups(Setting):
    """How far back MadeBuy's data can be restored, and how much of it may be lost.

    Source: audit 5.3, phase 2. Limits: backup policy items of
    https://www.mongodb.com/docs/atlas/backup/cloud-backup/scheduling/ (read 2026-08).
    """

    hourly_interval: Literal[1, 2, 4, 6, 8, 12] = Field(6, description="Hours between two hourly snapshots.")
    hourly_days: Days = Field(7, description="Days an hourly snapshot is kept.")
    # Not `Days`: its own lower bound would replace this one without a word.
    daily_days: int = Field(7, ge=7, le=3650, description="Days a daily snapshot is kept; the audit asks for 7.")
    weekly_weeks: int = Field(4, ge=1, le=520, description="Weeks a weekly snapshot is kept.")
    monthly_months: int = Field(12, ge=1, le=120, description="Months a monthly snapshot is kept.")
    point_in_time_days: Days | None = Field(
        7, description="How many days back any second can be restored. null: snapshots only."
    )
    copy_region: AtlasRegion | None = Field(
        AtlasRegion.MELBOURNE, description="A second region for snapshots and oplog. null: no copy."
    )

    export: SnapshotExport | None = Field(None, description="A copy outside Atlas. null: none.")
    compliance_policy: CompliancePolicy | None = Field(
        None, description="Snapshots that nobody can delete. IRREVERSIBLE, for production only. null: off."
    )

    def contradictions(self) -> Iterator[Problem]:
        """Atlas restores to a second only from snapshots it still has, and keeps rarer snapshots at least as long."""
        if self.point_in_time_days and self.hourly_days < self.point_in_time_days:
            yield wrong(
                "hourly_days",
                f"{self.hourly_days} is shorter than point_in_time_days ({self.point_in_time_days}): Atlas restores to "
                "a second only inside the hourly snapshots it still has. "
                f"Write hourly_days: {self.point_in_time_days}.",
            )
        kept = {
            "hourly_days": self.hourly_days,
            "daily_days": self.daily_days,
            "weekly_weeks": self.weekly_weeks * _WEEK,
            "monthly_months": self.monthly_months * _MONTH,
        }
        for (often, shorter), (rarely, longer) in pairwise(kept.items()):
            if longer < shorter:
                yield wrong(
                    rarely,
                    f"this keeps rarer snapshots for {longer} days and {often} more frequent ones for {shorter}: Atlas "
                    f"refuses a schedule in which the rarer ones go first. Raise {rarely} or lower {often}.",
                )
