"""Everything that a stack file says, complete."""

from pydantic import Field

from settings.accounts import Accounts, Tags
from settings.adopt import Adoptions
from settings.apps import Apps
from settings.base import Setting
from settings.cache import Cache
from settings.database import Database
from settings.edge import Edge
from settings.monitoring import Monitoring
from settings.profiles import NamedProfile
from settings.recovery import Recovery
from settings.secrets import Secrets
from settings.storage import Storage
from settings.types import Environment

PROJECT = "madebuy"


class Stack(Setting):
    """One stack's settings: the stack file over its profile's defaults, checked as a whole. Made by `settings.load`."""

    name: str = Field(description="The Pulumi stack's name.")
    environment: Environment = Field(description="What the stack is for.", examples=["staging"])
    profile: NamedProfile = Field(
        description="The audit's option (12.2): the defaults of every concern, and its promises.", examples=["minimal"]
    )
    accounts: Accounts = Field(description="The vendors' accounts that the stack is built in.")
    tags: Tags = Field(default_factory=Tags, description="The tags that every resource carries.")
    apps: Apps = Field(description="The two apps and the origins that run them.")
    edge: Edge = Field(description="The Cloudflare zone and what it does with a request.")
    database: Database = Field(description="The Atlas project and its cluster.")
    storage: Storage = Field(description="The R2 buckets.")
    cache: Cache = Field(description="The Upstash Redis.")
    secrets: Secrets = Field(description="The Doppler project and the age of secrets.")
    recovery: Recovery = Field(default_factory=Recovery, description="The AWS key of the database.")
    monitoring: Monitoring = Field(description="Who is told when something breaks.")
    adopt: Adoptions = Field(
        default_factory=dict,
        description="Objects that exist already, by role: imported and protected, never made anew. Name one before the "
        "first `up` that has its role, and leave it: outside production Pulumi deletes its own for one that is named "
        "later, even where they are the same.",
    )

    @property
    def is_production(self) -> bool:
        """Whether customers depend on this stack."""
        return self.environment is Environment.PRODUCTION

    @property
    def tag_map(self) -> dict[str, str]:
        """The three tags of the audit (4.3)."""
        return tag_map(self.environment, self.tags)


def tag_map(environment: Environment, tags: Tags) -> dict[str, str]:
    """The audit's three tags (4.3), in its spelling."""
    return {"environment": environment.value, "project": PROJECT, "cost-center": tags.cost_center.value}
