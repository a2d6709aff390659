"""Who is told when something breaks."""

from pydantic import Field

from settings.base import Setting
from settings.types import Email


class Monitoring(Setting):
    """The people whom alerts reach."""

    emails: tuple[Email, ...] = Field(
        min_length=1, description="The addresses that alerts go to.", examples=[["oncall@madebuy.com.au"]]
    )
