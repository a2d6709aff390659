"""Objects that exist already and are imported in place of being made."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator

from settings.base import refuse
from settings.errors import Problem


class Role(StrEnum):
    """What an existing object is to the stack."""

    ZONE = "zone"
    ATLAS_PROJECT = "atlas-project"
    CLUSTER = "cluster"
    MEDIA_BUCKET = "media-bucket"
    BACKUP_BUCKET = "backup-bucket"
    REDIS = "redis"
    DOPPLER_PROJECT = "doppler-project"
    KMS_KEY = "kms-key"


_BUCKET = (r"[0-9a-f]{32}/[a-z0-9-]{3,63}/(default|eu|fedramp)", '"<account id>/<bucket>/default"')
_FORMS = {
    Role.ZONE: (r"[0-9a-f]{32}", "the zone's id: 32 hexadecimal characters"),
    Role.ATLAS_PROJECT: (r"[0-9a-f]{24}", "the project's id: 24 hexadecimal characters"),
    Role.CLUSTER: (r"[0-9a-f]{24}-[A-Za-z0-9-]{1,64}", '"<project id>-<cluster name>"'),
    Role.MEDIA_BUCKET: _BUCKET,
    Role.BACKUP_BUCKET: _BUCKET,
    Role.REDIS: (r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "the database's id: a UUID"),
    Role.DOPPLER_PROJECT: (r"[a-z0-9_-]{1,64}", "the project's name"),
    Role.KMS_KEY: (r"(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})", "the key's id: a UUID"),
}
"""The form in which each provider's import takes an id. Source: the import line in each resource's SDK docstring; for
Upstash, which has none, `resourceDatabaseRead` of its Terraform provider."""


def _well_formed(roles: Mapping[Role, str]) -> Mapping[Role, str]:
    refuse(
        tuple(
            Problem((role.value,), f"this is not what the import of a {role} takes. Write {_FORMS[role][1]}.")
            for role, vendor_id in roles.items()
            if not re.fullmatch(_FORMS[role][0], vendor_id)
        )
    )
    return roles


Adoptions = Annotated[Mapping[Role, str], AfterValidator(_well_formed)]
