"""Reads which variables a Doppler config has. Their values are never asked for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from operations.https import get, is_secure
from operations.stacks import CommandError

if TYPE_CHECKING:
    from collections.abc import Mapping

DEFAULT_HOST = "https://api.doppler.com"
MANAGED = "DOPPLER_"


@dataclass(frozen=True)
class Doppler:
    """Doppler's API, and the token that opens it.

    Source: https://docs.doppler.com/reference/secrets-names. A token of one config sees that config alone.
    """

    host: str
    token: str

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Doppler:
        """The one that DOPPLER_API_HOST and DOPPLER_TOKEN name.

        Raises:
            CommandError: There is no token, or it would travel in the clear.
        """
        host, token = environment.get("DOPPLER_API_HOST") or DEFAULT_HOST, environment.get("DOPPLER_TOKEN")
        if not is_secure(host):
            raise CommandError("DOPPLER_API_HOST must start with https://, or the token would travel in the clear.")
        if not token:
            raise CommandError("DOPPLER_TOKEN is not set: give one that may read the project's configs.")
        return cls(host, token)

    def names(self, project: str, config: str) -> frozenset[str]:
        """The names of the variables in a config, those that it inherits included and Doppler's own left out.

        Raises:
            CommandError: Doppler does not answer, or not with names.
        """
        wanted = {"project": project, "config": config, "include_managed_secrets": "false"}
        url = f"{self.host.rstrip('/')}/v3/configs/config/secrets/names?{urlencode(wanted)}"
        status, body = get(url, f"{project}/{config}", {"authorization": f"Bearer {self.token}"})
        if status in (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN):
            raise CommandError(f"Doppler does not let this DOPPLER_TOKEN read {project}/{config}. Give one that may.")
        if status in (HTTPStatus.NOT_FOUND, HTTPStatus.BAD_REQUEST):
            raise CommandError(f"Doppler knows no config {project}/{config}. `pulumi up` makes it.")
        try:
            names = frozenset(str(name) for name in json.loads(body)["names"])
        except (ValueError, KeyError, TypeError):
            raise CommandError(
                f"Doppler answered {status} and no names for {project}/{config}. Try again later."
            ) from None
        return frozenset(name for name in names if not name.startswith(MANAGED))
