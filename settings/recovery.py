"""The AWS side of recovery: the key that the database is encrypted with."""

from pydantic import Field

from settings.base import Setting
from settings.types import AwsRegion


class Recovery(Setting):
    """Where the key lives, and how long a mistake with it can be undone."""

    region: AwsRegion = Field("ap-southeast-2", description="The AWS region of the key; the database's own is best.")
    key_deletion_days: int = Field(
        30,
        ge=7,
        le=30,
        description="Days between asking AWS to delete the key and its end, with every backup made with it.",
    )
