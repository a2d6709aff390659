"""The words of a stack file: host names, vendors' ids, address blocks, dates. Each is checked once, here.

Validators are pure: no network, no clock. A refusal says what was asked, the rule, the consequence and what to write.
Source of the forms: each vendor's documentation, named where the form is not obvious.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core.core_schema import no_info_after_validator_function

from settings.errors import shown
from settings.limits import PUBLIC_SUFFIXES
from settings.ranges import not_of_the_internet

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
    from pydantic.json_schema import JsonSchemaValue
    from pydantic_core import CoreSchema


class Environment(StrEnum):
    """What a stack is for (audit 4.3). Rules differ by it; `production` allows least."""

    PRODUCTION = "production"
    STAGING = "staging"
    DEVELOPMENT = "development"


class AtlasRegion(StrEnum):
    """AWS regions near MadeBuy's customers, in Atlas's spelling.

    Source: https://www.mongodb.com/docs/atlas/reference/amazon-aws/ (read 2026-08). All four have M10 and up.
    """

    SYDNEY = "AP_SOUTHEAST_2"
    MELBOURNE = "AP_SOUTHEAST_4"
    AUCKLAND = "AP_SOUTHEAST_6"
    SINGAPORE = "AP_SOUTHEAST_1"

    @property
    def aws_name(self) -> str:
        """The same region in AWS's spelling, such as `ap-southeast-2`."""
        return self.value.lower().replace("_", "-")


_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_FQDN = re.compile(rf"(?:{_LABEL}\.)+[a-z][a-z0-9-]*[a-z0-9]")
_FQDN_LENGTH = 253
_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@(.+)")
_ENGINE_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?: 00:00:00 \+0000 UTC|T00:00:00Z)?")
_WIDEST_PREFIX = 24


def _fqdn(value: str) -> str:
    if _FQDN.fullmatch(value) and len(value) <= _FQDN_LENGTH:
        return value
    bare = re.sub(r"^[a-z]+://|[/:].*$|\.$", "", value.strip().lower().replace("https://", ""))
    better = f'"{bare}"' if _FQDN.fullmatch(bare) else 'a name such as "madebuy.com.au"'
    raise ValueError(
        f'"{shown(value)}" is no host name: lower case, dots between labels, no scheme, port, path, wildcard or dot at '
        f"the end. No DNS record or certificate can be made for it. Write {better}."
    )


def _zone(value: str) -> str:
    name = _fqdn(value)
    registered = _registered_name(name)
    if name == registered:
        return name
    if registered is None:
        raise ValueError(f'"{name}" is an ending under which names are sold, and nobody\'s own. Write a name below it.')
    raise ValueError(
        f'"{name}" is below {registered}, and Cloudflare hosts no zone below another one on ordinary plans (subdomain '
        f"set-up is Enterprise's). Write {registered}, or register a domain of its own, such as "
        f"{registered.replace('.', '-staging.', 1)}."
    )


def _registered_name(name: str) -> str | None:
    """The name that was bought at a registrar, or None for an ending like com.au. Unknown endings have two labels."""
    labels = name.split(".")
    for size in (2, 1):
        if ".".join(labels[-size:]) in PUBLIC_SUFFIXES:
            return ".".join(labels[-size - 1 :]) if len(labels) > size else None
    return ".".join(labels[-3:])


def _wildcard(value: str) -> str:
    if value.startswith("*.") and _FQDN.fullmatch(value[2:]):
        return value
    raise ValueError(
        f'"{shown(value)}" is no wildcard: one "*." and then a host name. Makers\' shops would not resolve. '
        'Write "*." and the zone, such as "*.madebuy.com.au".'
    )


def _host_or_wildcard(value: str) -> str:
    return _wildcard(value) if value.startswith("*") else _fqdn(value)


def _https_origin(value: str) -> str:
    if value.startswith("https://") and _FQDN.fullmatch(value.removeprefix("https://")):
        return value
    raise ValueError(
        f'"{shown(value)}" is no https origin: a browser sends scheme and host, with no path, slash at the end or '
        'wildcard, so no upload would match it, or any page\'s would. Write one such as "https://dashboard.madebuy.com.au".'
    )


def _email(value: str) -> str:
    match = _EMAIL.fullmatch(value)
    if match and _FQDN.fullmatch(match[1].lower()):
        return value
    raise ValueError(
        f'"{shown(value)}" is no e-mail address, so alerts would reach nobody. '
        'Write one such as "oncall@madebuy.com.au".'
    )


def _cidr(value: str) -> str:
    try:
        network = ipaddress.IPv4Network(value, strict=False)
    except ValueError:
        raise ValueError(
            f'"{shown(value)}" is no IPv4 address block, the only kind that the allow lists of this stack take. '
            'Write an address and its prefix length, such as "203.0.113.10/32".'
        ) from None
    if "/" not in value:
        raise ValueError(
            f'"{value}" has no prefix length, so it could mean one address or a network. '
            f'Write "{value}/32" for that one address.'
        )
    if network.prefixlen < _WIDEST_PREFIX:
        reach = "the whole internet" if network.prefixlen == 0 else f"{network.num_addresses:,} addresses"
        raise ValueError(
            f'"{shown(value)}" lets in {reach}: a stolen password would be enough to read all data. '
            f"/{_WIDEST_PREFIX} is the widest allowed (audit 6.1). "
            'Write one "/32" for each address that the origins leave from.'
        )
    if str(network) != value:
        raise ValueError(
            f'"{shown(value)}" is an address inside a block, so it is unclear which of the two is meant. '
            f'Write "{network}" for the block or "{value.split("/")[0]}/32" for the address.'
        )
    reason = not_of_the_internet(network)
    if reason:
        raise ValueError(
            f'"{value}" {reason} Write the public addresses that the origins leave from, such as "203.0.113.10/32".'
        )
    return value


def _origin_address(value: str) -> str:
    try:
        address = ipaddress.IPv4Network(f"{value}/32")
    except ValueError:
        if re.fullmatch(r"[\d.]+|[0-9a-fA-F:]*:[0-9a-fA-F:]+", value):
            raise ValueError(
                f'"{shown(value)}" is no IPv4 address, so Cloudflare could not connect to the origin. '
                'Write one such as "203.0.113.10", or the origin\'s own host name.'
            ) from None
        return _fqdn(value)
    reason = not_of_the_internet(address)
    if reason:
        raise ValueError(f'"{value}" {reason} Write the public address that the origin listens on.')
    return value


def _path(value: str) -> str:
    if re.fullmatch(r"/[A-Za-z0-9._~/-]*", value) and "//" not in value:
        return value
    raise ValueError(
        f'"{shown(value)}" is no plain path: it starts with "/" and has letters, digits and . _ ~ - / only. Anything '
        'else could change the meaning of the Cloudflare rule it is put into. Write one such as "/api/health".'
    )


def _date(value: object) -> object:
    """A YAML date without quotes arrives as `2026-01-05 00:00:00 +0000 UTC`: the engine writes it so (v3.259)."""
    match = _ENGINE_DATE.fullmatch(value) if isinstance(value, str) else None
    try:
        return date.fromisoformat(match[1]) if match else value
    except ValueError:
        return value


@dataclass(frozen=True)
class _Form:
    """A check of a form. Its message leaves the value out: an id field is where a pasted token ends up."""

    pattern: str
    what: str
    write: str

    def __get_pydantic_core_schema__(self, source: object, handler: GetCoreSchemaHandler) -> CoreSchema:
        return no_info_after_validator_function(self._check, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {**handler(schema), "pattern": f"^{self.pattern}$"}

    def _check(self, value: str) -> str:
        if re.fullmatch(self.pattern, value):
            return value
        raise ValueError(
            f"this is not {self.what} (it has {len(value)} characters), so the vendor would refuse it. "
            f"Write {self.write}."
        )


Fqdn = Annotated[str, AfterValidator(_fqdn), Field(json_schema_extra={"format": "hostname"})]
Zone = Annotated[str, AfterValidator(_zone), Field(json_schema_extra={"format": "hostname"})]
Wildcard = Annotated[str, AfterValidator(_wildcard)]
HostOrWildcard = Annotated[str, AfterValidator(_host_or_wildcard)]
HttpsOrigin = Annotated[str, AfterValidator(_https_origin)]
Email = Annotated[str, AfterValidator(_email), Field(json_schema_extra={"format": "email"})]
Cidr = Annotated[str, AfterValidator(_cidr)]
OriginAddress = Annotated[str, AfterValidator(_origin_address)]
UrlPath = Annotated[str, AfterValidator(_path)]
Date = Annotated[date, BeforeValidator(_date)]
Days = Annotated[int, Field(ge=1, le=3650)]
Seconds = Annotated[int, Field(ge=1, le=86_400)]

CloudflareId = Annotated[
    str,
    _Form(
        r"[0-9a-f]{32}", "a Cloudflare id", "the 32 hexadecimal characters from the dashboard's address bar, in quotes"
    ),
]
AtlasId = Annotated[
    str,
    _Form(r"[0-9a-f]{24}", "an Atlas id", "the 24 hexadecimal characters from the Atlas settings page, in quotes"),
]
AwsAccountId = Annotated[
    str,
    _Form(r"[0-9]{12}", "an AWS account id", 'the 12 digits in quotes, such as "123456789012"'),
]
AwsRegion = Annotated[
    str,
    _Form(r"[a-z]{2}-[a-z]+-[1-9]", "an AWS region", 'one in AWS\'s spelling, such as "ap-southeast-2" for Sydney'),
]
BucketName = Annotated[
    str,
    _Form(
        r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]",
        "an R2 bucket name",
        '3 to 63 lower-case letters, digits and hyphens, no hyphen at either end, such as "madebuy-media"',
    ),
]
S3BucketName = Annotated[
    str,
    _Form(
        r"[a-z0-9][a-z0-9-]{1,61}[a-z0-9]",
        "an S3 bucket name (ours have no dots: they break its certificate)",
        '3 to 63 lower-case letters, digits and hyphens that nobody else has, such as "madebuy-production-snapshots"',
    ),
]
VpcId = Annotated[str, _Form(r"vpc-[0-9a-f]{8,17}", "a VPC's id", 'it as AWS shows it: "vpc-0a1b2c3d4e5f60718"')]
SubnetId = Annotated[
    str, _Form(r"subnet-[0-9a-f]{8,17}", "a subnet's id", 'it as AWS shows it: "subnet-0a1b2c3d4e5f60718"')
]
SecurityGroupId = Annotated[
    str, _Form(r"sg-[0-9a-f]{8,17}", "a security group's id", 'it as AWS shows it: "sg-0a1b2c3d4e5f60718"')
]
Slug = Annotated[
    str,
    _Form(
        r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?",
        "a short name",
        'up to 63 lower-case letters, digits and hyphens, no hyphen at either end, such as "sydney-1"',
    ),
]
Repository = Annotated[
    str,
    _Form(r"[A-Za-z0-9-]{1,39}/[A-Za-z0-9._-]{1,100}", "a GitHub repository", 'it as "owner/name"'),
]
Country = Annotated[str, _Form(r"[A-Z]{2}", "a country", 'its two capital letters (ISO 3166), such as "AU"')]
CookieName = Annotated[
    str,
    _Form(
        r"[A-Za-z0-9._-]{3,64}", "part of a cookie's name", 'it in letters, digits and . _ -, such as "session-token"'
    ),
]
RecordName = Annotated[
    str,
    _Form(
        r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]",
        "the full name of a DNS record",
        'it with the zone at its end and no dot after it, such as "_railway-verify.madebuy.com.au"',
    ),
]
DkimPublicKey = Annotated[
    str,
    _Form(
        r"MI(?:Gf|I[BC])[A-Za-z0-9+/]{100,800}={0,2}",
        "a DKIM public key (a private one starts otherwise)",
        'what Resend shows after "p=" for resend._domainkey',
    ),
]
