"""What Doppler refuses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sandbox.rules.record import Ask, across, alone
from sandbox.vendors.doppler import CONFIG, ENVIRONMENT, SECRET, SERVICE_TOKEN, WEBHOOK

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.cloud import Reader

OWN_SECRETS = frozenset({"DOPPLER_CONFIG", "DOPPLER_ENVIRONMENT", "DOPPLER_PROJECT"})
BRANCHES = "docs.doppler.com/docs/branch-configs"


@alone(SECRET, source="docs.doppler.com/docs/secrets, secret names; Doppler's own three are from knowledge")
def secret_name_is_upper_snake(ask: Ask) -> Iterator[tuple[str, str]]:
    """A secret's name is UPPER_SNAKE, and none of the three that Doppler itself puts into a config."""
    if not re.fullmatch(r"[A-Z_][A-Z0-9_]*", ask["name"]):
        yield "name", "Secret names must be upper case letters, digits and underscores and start with no digit"
    elif ask["name"] in OWN_SECRETS:
        yield "name", "The secret is one of Doppler's own"


@alone(CONFIG, source=BRANCHES)
def branch_is_named_after_its_environment(ask: Ask) -> Iterator[tuple[str, str]]:
    """A branch config's name starts with its environment and an underscore."""
    for path, name in ask.each("name"):
        if not name.startswith(f"{ask['environment']}_"):
            yield path, "Config name must start with the environment's slug and an underscore"


@alone(ENVIRONMENT, source="docs.doppler.com/reference, environments (from knowledge)")
def environment_slug_is_plain(ask: Ask) -> Iterator[tuple[str, str]]:
    """An environment's slug has only lower case letters, digits, `-` and `_`."""
    if not re.fullmatch(r"[a-z0-9_-]+", ask["slug"]):
        yield "slug", "Environment slug must be lower case letters, digits, hyphens and underscores"


@alone(WEBHOOK, source="Doppler's OpenAPI document, CreateWebhookRequest: must be https")
def webhook_is_https(ask: Ask) -> Iterator[tuple[str, str]]:
    """A webhook's URL starts with https://."""
    if not ask["url"].startswith("https://"):
        yield "url", "Webhook URL must start with https://"


@across(SECRET, SERVICE_TOKEN, source=BRANCHES)
def config_exists(ask: Ask, cloud: Reader) -> Iterator[str]:
    """The config is an environment's root or one of its branches."""
    project, config = ask["project"], ask["config"]
    if cloud.named(ENVIRONMENT, project, config) is None and cloud.named(CONFIG, project, config) is None:
        yield f"Doppler Error: Could not find requested config '{config}'"


@across(CONFIG, source=BRANCHES)
def environment_of_the_branch_exists(ask: Ask, cloud: Reader) -> Iterator[str]:
    """A branch config's environment exists."""
    if cloud.named(ENVIRONMENT, ask["project"], ask["environment"]) is None:
        yield f"Doppler Error: Could not find requested environment '{ask['environment']}'"
