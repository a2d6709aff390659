"""AWS' list calls of the services in use, one answer each, in each service's own protocol.

The service is the one that the signature names; the signature itself is not checked.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs
from xml.sax.saxutils import escape

from sandbox.api.answer import Answer, Api, ApiError, Request
from sandbox.vendors.aws import ACCOUNT, BUCKET, DETECTOR, KEY, REGION, ROLE, RULE, TOPIC

if TYPE_CHECKING:
    from sandbox.api.answer import Handler
    from sandbox.cloud import Cloud, Thing

ALIAS, OIDC = "aws:kms/alias:Alias", "aws:iam/openIdConnectProvider:OpenIdConnectProvider"
XML = "text/xml"


def _service(request: Request) -> str:
    found = re.search(r"Credential=[^/]+/\d+/[^/]+/([a-z0-9-]+)/aws4_request", request.headers.get("authorization", ""))
    return found.group(1) if found else ""


def _authorize(request: Request) -> None:
    if not _service(request):
        raise ApiError(403, "Missing Authentication Token", "MissingAuthenticationToken")


def _failure(error: ApiError) -> Answer:
    text = (
        f"<ErrorResponse><Error><Code>{error.code or 'InvalidAction'}</Code><Message>{escape(error.message)}</Message>"
    )
    return Answer(f"{text}</Error></ErrorResponse>", error.status, content_type=XML)


def _query_list(action: str, members: str) -> Answer:
    result = f"<{action}Result>{members}<IsTruncated>false</IsTruncated></{action}Result>"
    return Answer(f"<{action}Response>{result}</{action}Response>", content_type=XML)


def _role(role: Thing) -> str:
    return f"<member><RoleName>{role.name}</RoleName><Arn>{role.state['arn']}</Arn></member>"


def _query(cloud: Cloud, request: Request, _: dict[str, str]) -> Answer:
    """The services that take a form with an action: IAM, SNS, STS."""
    action = parse_qs(request.body.decode()).get("Action", [request.query.get("Action", "")])[0]
    if action == "ListRoles":
        return _query_list(action, f"<Roles>{''.join(_role(r) for r in cloud.everything(ROLE))}</Roles>")
    if action == "ListOpenIDConnectProviders":
        found = "".join(f"<member><Arn>{p.id}</Arn></member>" for p in cloud.everything(OIDC))
        return _query_list(action, f"<OpenIDConnectProviderList>{found}</OpenIDConnectProviderList>")
    if action == "ListTopics":
        found = "".join(f"<member><TopicArn>{t.id}</TopicArn></member>" for t in cloud.everything(TOPIC))
        return _query_list(action, f"<Topics>{found}</Topics>")
    if action == "GetCallerIdentity":
        return _query_list(action, f"<Account>{ACCOUNT}</Account><Arn>arn:aws:iam::{ACCOUNT}:user/deployer</Arn>")
    raise ApiError(400, f"The action {action} is not valid for this web service.")


def _json(cloud: Cloud, request: Request) -> Answer:
    """The services that name their action in a header: KMS, EventBridge."""
    action = request.headers.get("x-amz-target", "").rsplit(".", 1)[-1]
    if action == "ListKeys":
        keys = [{"KeyId": k.id, "KeyArn": k.state["arn"]} for k in cloud.everything(KEY)]
        return Answer({"Keys": keys, "Truncated": False})
    if action == "ListAliases":
        aliases = [{"AliasName": a.name, "TargetKeyId": a.state["targetKeyId"]} for a in cloud.everything(ALIAS)]
        return Answer({"Aliases": aliases, "Truncated": False})
    if action == "ListRules":
        return Answer({"Rules": [{"Name": r.name, "Arn": r.state["arn"]} for r in cloud.everything(RULE)]})
    raise ApiError(400, f"The action {action} is not valid for this web service.")


def _post(cloud: Cloud, request: Request, place: dict[str, str]) -> Answer:
    return _json(cloud, request) if "x-amz-target" in request.headers else _query(cloud, request, place)


def _get(cloud: Cloud, request: Request, place: dict[str, str]) -> Answer:
    if _service(request) != "s3":
        return _query(cloud, request, place)
    buckets = "".join(f"<Bucket><Name>{b.name}</Name></Bucket>" for b in cloud.everything(BUCKET))
    return Answer(f"<ListAllMyBucketsResult><Buckets>{buckets}</Buckets></ListAllMyBucketsResult>", content_type=XML)


def _detectors(cloud: Cloud, _: Request, __: dict[str, str]) -> Answer:
    return Answer({"detectorIds": [d.id for d in cloud.all(DETECTOR, REGION)]})


ROUTES: tuple[tuple[str, Handler], ...] = (("GET /detector", _detectors), ("POST /", _post), ("GET /", _get))
API = Api(_authorize, ROUTES, _failure)
