"""The AWS side of recovery, and what is known of how long it takes."""

from pydantic import Field

from settings.base import Setting
from settings.types import AwsRegion, Date


class Drill(Setting):
    """A restore that people tried, with a clock."""

    day: Date = Field(description="The day of the drill.", examples=["2026-12-01"])
    minutes: int = Field(
        ge=1,
        le=10_080,
        description="Minutes from the decision to restore until both apps answered on the restored data.",
    )


class Recovery(Setting):
    """Where the key lives, how long a mistake with it can be undone, and when a restore was last tried."""

    region: AwsRegion = Field(
        "ap-southeast-2",
        description="The AWS region of the key, the database's or its copies', and of the buckets. A key can't move.",
    )
    key_deletion_days: int = Field(
        30,
        ge=7,
        le=30,
        description="Days between asking AWS to delete the key and its end, with every backup made with it.",
    )
    restore_drill: Drill | None = Field(
        None, description="The last restore that was tried. null: none, so recovery times rest on the vendor's word."
    )
