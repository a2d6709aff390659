"""What exists once per account, and belongs to no single stack."""

from pydantic import Field

from settings.accounts import Accounts, Tags
from settings.base import Setting
from settings.monitoring import Monitoring
from settings.stack import tag_map
from settings.types import AtlasRegion, AwsRegion, Environment, Repository, Slug


class Deployment(Setting):
    """Which repository may deploy, without a stored key (GitHub's OIDC).

    Which branch may is each GitHub environment's own setting: GitHub's token names the environment, and no branch.
    """

    repository: Repository = Field(description="The GitHub repository.", examples=["madebuy/infrastructure"])
    environments: tuple[Slug, ...] = Field(
        ("staging", "production"), min_length=1, description="The GitHub environments whose jobs may take the role."
    )


class Organization(Setting):
    """The settings of the organization project. Made by `settings.load_organization`."""

    name: str = Field(description="The Pulumi stack's name.")
    accounts: Accounts = Field(description="The vendors' accounts.")
    tags: Tags = Field(default_factory=Tags, description="The tags that every resource carries.")
    region: AwsRegion = Field("ap-southeast-2", description="The AWS region of what has one.")
    deployment: Deployment = Field(description="Which repository may deploy.")
    guard_rails: bool = Field(
        False,
        description="Whether Atlas itself refuses open access lists, other regions and old TLS, in every project.",
    )
    allowed_regions: tuple[AtlasRegion, ...] = Field(
        (AtlasRegion.SYDNEY, AtlasRegion.MELBOURNE),
        min_length=1,
        description="The regions that the guard rails let clusters into.",
    )
    monitoring: Monitoring = Field(description="Who is told about findings.")

    @property
    def tag_map(self) -> dict[str, str]:
        """The three tags of the audit (4.3); what is shared counts as production."""
        return tag_map(Environment.PRODUCTION, self.tags)
