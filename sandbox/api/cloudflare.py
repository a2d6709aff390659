"""Cloudflare's API v4: lists of everything in a zone or an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.api.answer import CREDENTIAL, Answer, Api, ApiError, Request, page_of, public, removed, snake
from sandbox.vendors.cloudflare.api import BUCKET, SUBSCRIPTION, ZONE, token_of
from sandbox.vendors.cloudflare.zone import FREE_PLAN, plan_of

if TYPE_CHECKING:
    from sandbox.api.answer import Handler
    from sandbox.cloud import Cloud, Thing
    from sandbox.wire import Props, Value

SMALL, LARGE = (20, 50), (100, 5000)
IN_ZONE = {
    "dns_records": ("DnsRecord", LARGE),
    "rulesets": ("Ruleset", SMALL),
    "settings": ("ZoneSetting", LARGE),
    "load_balancers": ("LoadBalancer", SMALL),
    "healthchecks": ("Healthcheck", SMALL),
    "custom_hostnames": ("CustomHostname", SMALL),
    "firewall/lockdowns": ("ZoneLockdown", SMALL),
    "origin_tls_client_auth": ("AuthenticatedOriginPullsCertificate", SMALL),
}
REMOVABLE = ("dns_records", "load_balancers", "healthchecks", "custom_hostnames")
IN_ACCOUNT = {
    "tokens": ("AccountToken", SMALL),
    "load_balancers/pools": ("LoadBalancerPool", SMALL),
    "load_balancers/monitors": ("LoadBalancerMonitor", SMALL),
    "rules/lists": ("List", LARGE),
    "challenges/widgets": ("TurnstileWidget", SMALL),
    "alerting/v3/policies": ("NotificationPolicy", LARGE),
    "alerting/v3/destinations/webhooks": ("NotificationPolicyWebhooks", LARGE),
}


def _authorize(request: Request) -> None:
    if request.headers.get("authorization") != f"Bearer {CREDENTIAL}":
        raise ApiError(401, "Authentication error", "10000")


def _failure(error: ApiError, _: Request) -> Answer:
    codes = {400: 6003, 404: 7003, 429: 971}
    reason = {"code": int(error.code or codes.get(error.status, 10000)), "message": error.message}
    return Answer({"success": False, "errors": [reason], "messages": [], "result": None}, error.status)


def _item(thing: Thing) -> Props:
    return {"id": thing.id, **snake(public(thing))}


def _page(request: Request, items: list[Value], sizes: tuple[int, int]) -> Answer:
    size, number = request.number("per_page", *sizes), request.number("page", 1, 100000)
    found = page_of(items, number, size)
    info = {
        "page": number,
        "per_page": size,
        "count": len(found),
        "total_count": len(items),
        "total_pages": -(-len(items) // size),
    }
    return Answer({"success": True, "errors": [], "messages": [], "result": found, "result_info": info})


def _result(value: Value) -> Answer:
    return Answer({"success": True, "errors": [], "messages": [], "result": value})


def _zones(cloud: Cloud, request: Request, _: dict[str, str]) -> Answer:
    name, account = request.query.get("name"), request.query.get("account.id")
    zones = [
        _zone_item(cloud, zone)
        for zone in cloud.everything(ZONE)
        if name in (None, zone.name) and account in (None, zone.state["account"].get("id"))
    ]
    return _page(request, zones, SMALL)


def _zone_item(cloud: Cloud, zone: Thing) -> Props:
    plan = plan_of(cloud, zone.id)
    return {**_item(zone), "plan": {**snake(FREE_PLAN), "legacy_id": plan, "name": f"{plan.title()} Website"}}


def _zone(cloud: Cloud, _: Request, place: dict[str, str]) -> Answer:
    zone = cloud.by_id(ZONE, place["zone"])
    if zone is None:
        raise ApiError(404, "Could not route: the zone does not exist", "7003")
    return _result(_zone_item(cloud, zone))


def _subscription(cloud: Cloud, _: Request, place: dict[str, str]) -> Answer:
    subscription = cloud.by_id(SUBSCRIPTION, place["zone"])
    if subscription is None:
        raise ApiError(404, "Subscription not found", "1207")
    return _result(_item(subscription))


def _in_zone(class_name: str, sizes: tuple[int, int]) -> Handler:
    def handle(cloud: Cloud, request: Request, place: dict[str, str]) -> Answer:
        if not cloud.exists(ZONE, place["zone"]):
            raise ApiError(403, "Invalid zone identifier", "9109")
        return _page(request, [_item(t) for t in cloud.all(token_of(class_name), place["zone"])], sizes)

    return handle


def _in_account(class_name: str, sizes: tuple[int, int]) -> Handler:
    def handle(cloud: Cloud, request: Request, place: dict[str, str]) -> Answer:
        return _page(request, [_item(t) for t in cloud.all(token_of(class_name), place["account"])], sizes)

    return handle


def _removal(class_name: str, where: str) -> Handler:
    """Deletes an object of a zone or an account by its id."""

    def handle(cloud: Cloud, _: Request, place: dict[str, str]) -> Answer:
        found = [t for t in cloud.all(token_of(class_name), place[where]) if t.id == place["id"]]
        removed(cloud, found[0] if found else None)
        return _result({"id": place["id"]})

    return handle


def _domain_removal(cloud: Cloud, _: Request, place: dict[str, str]) -> Answer:
    removed(cloud, cloud.named(token_of("R2CustomDomain"), f"{place['account']}/{place['bucket']}", place["domain"]))
    return _result({"domain": place["domain"]})


def _buckets(cloud: Cloud, request: Request, place: dict[str, str]) -> Answer:
    """R2 pages by cursor: the name of the last bucket of the page before."""
    size, after = request.number("per_page", 20, 1000), request.query.get("cursor", "")
    buckets = sorted((b for b in cloud.all(BUCKET, place["account"]) if b.name > after), key=lambda b: b.name)
    items = [{"name": b.name, **snake(public(b)), "jurisdiction": b.state["jurisdiction"]} for b in buckets[:size]]
    info = {"per_page": size, "cursor": items[-1]["name"] if len(buckets) > size else ""}
    body = {"success": True, "errors": [], "messages": [], "result": {"buckets": items}, "result_info": info}
    return Answer(body)


def _of_bucket(class_name: str, plural: str) -> Handler:
    def handle(cloud: Cloud, _: Request, place: dict[str, str]) -> Answer:
        found = cloud.all(token_of(class_name), f"{place['account']}/{place['bucket']}")
        return _result({plural: [_item(t) for t in found]})

    return handle


def _list_items(cloud: Cloud, request: Request, place: dict[str, str]) -> Answer:
    found = cloud.all(token_of("ListItem"), f"{place['account']}/{place['list']}")
    return _page(request, [_item(t) for t in found], LARGE)


def _account_subscriptions(cloud: Cloud, request: Request, place: dict[str, str]) -> Answer:
    """What the account pays for: the plans of its zones."""
    zones = {z.id for z in cloud.everything(ZONE) if z.state["account"].get("id") == place["account"]}
    return _page(request, [_item(s) for s in cloud.everything(SUBSCRIPTION) if s.id in zones], SMALL)


API = Api(
    _authorize,
    (
        ("GET /zones", _zones),
        ("GET /zones/{zone}", _zone),
        ("GET /zones/{zone}/subscription", _subscription),
        *((f"GET /zones/{{zone}}/{path}", _in_zone(*kind)) for path, kind in IN_ZONE.items()),
        *((f"GET /accounts/{{account}}/{path}", _in_account(*kind)) for path, kind in IN_ACCOUNT.items()),
        *(
            (f"DELETE /accounts/{{account}}/{path}/{{id}}", _removal(class_name, "account"))
            for path, (class_name, _) in IN_ACCOUNT.items()
        ),
        *((f"DELETE /zones/{{zone}}/{path}/{{id}}", _removal(IN_ZONE[path][0], "zone")) for path in REMOVABLE),
        ("DELETE /accounts/{account}/r2/buckets/{bucket}/domains/custom/{domain}", _domain_removal),
        ("GET /accounts/{account}/rules/lists/{list}/items", _list_items),
        ("GET /accounts/{account}/subscriptions", _account_subscriptions),
        ("GET /accounts/{account}/r2/buckets", _buckets),
        ("GET /accounts/{account}/r2/buckets/{bucket}/domains/custom", _of_bucket("R2CustomDomain", "domains")),
    ),
    _failure,
)
