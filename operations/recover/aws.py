"""AWS' lists, through botocore: it signs, asks again, reads pages, and finds a credential where AWS' own tools do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import botocore.session
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from operations.https import is_secure
from operations.stacks import CommandError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

ANY_REGION = "us-east-1"
"""Signs the requests of the services that have no regions."""
ATTEMPTS = 4
_CREDENTIAL = {
    "aws_access_key_id": "AWS_ACCESS_KEY_ID",
    "aws_secret_access_key": "AWS_SECRET_ACCESS_KEY",
    "aws_session_token": "AWS_SESSION_TOKEN",
}


def listed(environment: Mapping[str, str], path: str) -> list[dict[str, Any]]:
    """Every object of a list such as `kms/ap-southeast-2/keys`: the service, the region where it has any, the list.

    Raises:
        CommandError: AWS does not answer, refuses, or no credential is found.
    """
    service, *region, name = path.split("/")
    if not is_secure(environment.get("AWS_ENDPOINT_URL") or "https://"):
        raise CommandError("AWS_ENDPOINT_URL must start with https://: anybody on the way could answer for AWS.")
    try:
        return _READERS[name](_client(environment, service, *region))
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code", "an error")
        raise CommandError(f"AWS answered {code} to {error.operation_name}.") from None
    except BotoCoreError as error:
        raise CommandError(f"AWS can't be asked for {path}: {type(error).__name__}.") from None


def _client(environment: Mapping[str, str], service: str, region: str = ANY_REGION) -> Any:  # noqa: ANN401 made at run time
    given = {argument: environment.get(variable) for argument, variable in _CREDENTIAL.items()}
    return botocore.session.get_session().create_client(
        service,
        region,
        endpoint_url=environment.get("AWS_ENDPOINT_URL"),
        config=Config(retries={"total_max_attempts": ATTEMPTS}, s3={"addressing_style": "path"}),
        **given,
    )


def _pages(client: Any, operation: str, items: str) -> list[Any]:  # noqa: ANN401 made at run time
    return list(client.get_paginator(operation).paginate().build_full_result().get(items, []))


def _aliases(client: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    return _pages(client, "list_aliases", "Aliases")


def _buckets(client: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    return _pages(client, "list_buckets", "Buckets")


def _detectors(client: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    """A region has one at most, which is known by nothing else."""
    return [{"Id": id_, "Region": client.meta.region_name} for id_ in _pages(client, "list_detectors", "DetectorIds")]


def _keys(client: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    """The usable keys that the credential may look at: it is allowed to see those of its own environment."""
    found = []
    for key in _pages(client, "list_keys", "Keys"):
        try:
            described = client.describe_key(KeyId=key["KeyId"])["KeyMetadata"]
        except ClientError as error:
            if error.response.get("Error", {}).get("Code") != "AccessDeniedException":
                raise
        else:
            found += [described] if described["KeyState"] == "Enabled" else []
    return found


def _identity_providers(client: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    """An ARN ends with the provider's URL without its scheme."""
    found = client.list_open_id_connect_providers()["OpenIDConnectProviderList"]
    return [{**each, "Url": f"https://{each['Arn'].partition('/')[2]}"} for each in found]


def _roles(client: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    return _pages(client, "list_roles", "Roles")


_READERS: Mapping[str, Callable[[Any], list[dict[str, Any]]]] = {
    "aliases": _aliases,
    "buckets": _buckets,
    "detectors": _detectors,
    "identity-providers": _identity_providers,
    "keys": _keys,
    "roles": _roles,
}
