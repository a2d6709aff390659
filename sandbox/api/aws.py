"""AWS' list calls of the services in use, one answer each, in each service's own protocol.

Service and region are those that the signature names; the signature itself is not checked.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from sandbox.api.answer import Answer, Api, ApiError, Request, whole_number
from sandbox.vendors.aws.api import ACCOUNT, BUCKET, DETECTOR, KEY, ROLE, RULE, TOPIC

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.api.answer import Handler
    from sandbox.cloud import Cloud, Thing

ALIAS, OIDC = "aws:kms/alias:Alias", "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
PAGE, LARGEST_PAGE = 100, 1000
XML = "text/xml"
SCOPE = re.compile(r"Credential=[^/]+/\d+/([^/]+)/([a-z0-9-]+)/aws4_request")


def _signed(request: Request) -> tuple[str, str]:
    """The region and the service of a request's signature."""
    found = SCOPE.search(request.headers.get("authorization", ""))
    return (found.group(1), found.group(2)) if found else ("", "")


def _authorize(request: Request) -> None:
    if not all(_signed(request)):
        raise ApiError(403, "Missing Authentication Token", "MissingAuthenticationToken")


def _failure(error: ApiError, request: Request) -> Answer:
    """In JSON from the services that speak it, else in XML; S3 has a form of its own."""
    _, service = _signed(request)
    code = error.code or ("Throttling" if error.status == 429 else "InvalidAction")
    if service in JSON_SERVICES:
        return Answer({"__type": code, "message": error.message}, error.status)
    text = f"<Error><Code>{code}</Code><Message>{escape(error.message)}</Message></Error>"
    whole = text if service == "s3" else f"<ErrorResponse>{text}</ErrorResponse>"
    return Answer(whole, error.status, content_type=XML)


def _in_region(cloud: Cloud, request: Request, type_: str) -> list[Thing]:
    region, _ = _signed(request)
    return [thing for thing in cloud.everything(type_) if thing.state["region"] == region]


def _page(things: list[Thing], marker: object, size: object) -> tuple[list[Thing], str]:
    """One page of a list, and where the next one starts; a marker is the number of the first object."""
    start = whole_number(marker or 0, "marker", len(things), lowest=0)
    end = start + whole_number(size or PAGE, "limit", LARGEST_PAGE)
    return things[start:end], str(end) if end < len(things) else ""


def _query_list(action: str, members: str, marker: str = "") -> Answer:
    more = f"<IsTruncated>true</IsTruncated><Marker>{marker}</Marker>" if marker else "<IsTruncated>false</IsTruncated>"
    result = f"<{action}Result>{members}{more}</{action}Result>"
    return Answer(f"<{action}Response>{result}</{action}Response>", content_type=XML)


def _role(role: Thing) -> str:
    return f"<member><RoleName>{role.name}</RoleName><Arn>{role.state['arn']}</Arn></member>"


def _query(cloud: Cloud, request: Request) -> Answer:
    """The services that take a form with an action: IAM, SNS, STS."""
    form = {**request.query, **dict(parse_qsl(request.body.decode(errors="replace")))}
    action = form.get("Action", "")
    if action == "ListRoles":
        roles, marker = _page(cloud.everything(ROLE), form.get("Marker"), form.get("MaxItems"))
        return _query_list(action, f"<Roles>{''.join(_role(r) for r in roles)}</Roles>", marker)
    if action == "ListOpenIDConnectProviders":
        found = "".join(f"<member><Arn>{p.id}</Arn></member>" for p in cloud.everything(OIDC))
        return _query_list(action, f"<OpenIDConnectProviderList>{found}</OpenIDConnectProviderList>")
    if action == "ListTopics":
        topics = _in_region(cloud, request, TOPIC)
        found = "".join(f"<member><TopicArn>{t.id}</TopicArn></member>" for t in topics)
        return _query_list(action, f"<Topics>{found}</Topics>")
    if action == "GetCallerIdentity":
        return _query_list(action, f"<Account>{ACCOUNT}</Account><Arn>arn:aws:iam::{ACCOUNT}:user/deployer</Arn>")
    raise ApiError(400, f"The action {action} is not valid for this web service.")


def _json(cloud: Cloud, request: Request) -> Answer:
    """The services that name their action in a header: KMS, EventBridge."""
    action = request.headers["x-amz-target"].rsplit(".", 1)[-1]
    asked = request.document
    if action == "ListKeys":
        keys = _in_region(cloud, request, KEY)
        return _kms_page("Keys", keys, asked, lambda k: {"KeyId": k.id, "KeyArn": k.state["arn"]})
    if action == "ListAliases":
        aliases = _in_region(cloud, request, ALIAS)
        return _kms_page("Aliases", aliases, asked, _alias)
    if action == "DescribeKey":
        found = [k for k in _in_region(cloud, request, KEY) if asked.get("KeyId") in (k.id, k.state["arn"])]
        if not found:
            raise ApiError(400, f"Key '{asked.get('KeyId')}' does not exist", "NotFoundException")
        return Answer({"KeyMetadata": _key(found[0])})
    if action == "ListRules":
        rules = _in_region(cloud, request, RULE)
        return Answer({"Rules": [{"Name": r.name, "Arn": r.state["arn"]} for r in rules]})
    raise ApiError(400, f"The action {action} is not valid for this web service.", "UnknownOperationException")


def _key(key: Thing) -> dict[str, Any]:
    return {
        "KeyId": key.id,
        "Arn": key.state["arn"],
        "AWSAccountId": ACCOUNT,
        "Description": key.state["description"],
        "Enabled": key.state.get("isEnabled", True),
        "KeyManager": "CUSTOMER",
        "KeyState": "Enabled" if key.state.get("isEnabled", True) else "Disabled",
    }


def _alias(alias: Thing) -> dict[str, Any]:
    return {"AliasName": alias.name, "TargetKeyId": alias.state["targetKeyId"]}


def _kms_page(name: str, things: list[Thing], asked: dict[str, Any], show: Callable[[Thing], dict[str, Any]]) -> Answer:
    page, marker = _page(things, asked.get("Marker"), asked.get("Limit"))
    more = {"NextMarker": marker} if marker else {}
    return Answer({name: [show(thing) for thing in page], "Truncated": bool(marker), **more})


def _post(cloud: Cloud, request: Request, _: dict[str, str]) -> Answer:
    return _json(cloud, request) if "x-amz-target" in request.headers else _query(cloud, request)


def _get(cloud: Cloud, request: Request, _: dict[str, str]) -> Answer:
    if _signed(request)[1] != "s3":
        return _query(cloud, request)
    buckets = "".join(f"<Bucket><Name>{b.name}</Name></Bucket>" for b in cloud.everything(BUCKET))
    return Answer(f"<ListAllMyBucketsResult><Buckets>{buckets}</Buckets></ListAllMyBucketsResult>", content_type=XML)


def _detectors(cloud: Cloud, request: Request, _: dict[str, str]) -> Answer:
    return Answer({"detectorIds": [d.id for d in _in_region(cloud, request, DETECTOR)]})


JSON_SERVICES = ("events", "guardduty", "kms")
ROUTES: tuple[tuple[str, Handler], ...] = (("GET /detector", _detectors), ("POST /", _post), ("GET /", _get))
API = Api(_authorize, ROUTES, _failure)
