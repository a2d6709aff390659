"""What Cloudflare refuses in zones, their plans and their settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sandbox.rules.record import Ask, across, alone, part
from sandbox.vendors.cloudflare.api import SUBSCRIPTION, ZONE, error, token_of
from sandbox.vendors.cloudflare.zone import plan_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sandbox.cloud import Reader
    from sandbox.wire import Value

SETTING, BOTS, LOCKDOWN, HEALTHCHECK, HOSTNAME = (
    token_of(n) for n in ("ZoneSetting", "BotManagement", "ZoneLockdown", "Healthcheck", "CustomHostname")
)
PLANS = ("free", "pro", "business", "enterprise")
SETTINGS = "TFC: docs/resources/zone_setting.md"

ON_OFF = frozenset({"on", "off"})
SWITCHES = [
    "0rtt",
    "always_online",
    "always_use_https",
    "automatic_https_rewrites",
    "brotli",
    "browser_check",
    "development_mode",
    "early_hints",
    "email_obfuscation",
    "hotlink_protection",
    "http2",
    "http3",
    "ip_geolocation",
    "ipv6",
    "mirage",
    "opportunistic_encryption",
    "opportunistic_onion",
    "orange_to_orange",
    "origin_error_page_pass_thru",
    "privacy_pass",
    "replace_insecure_js",
    "response_buffering",
    "rocket_loader",
    "server_side_exclude",
    "sort_query_string_for_cache",
    "tls_client_auth",
    "true_client_ip_header",
    "waf",
    "webp",
    "websockets",
]
CHOICES: dict[str, frozenset[str]] = {
    **dict.fromkeys(SWITCHES, ON_OFF),
    "cache_level": frozenset({"aggressive", "basic", "simplified"}),
    "min_tls_version": frozenset({"1.0", "1.1", "1.2", "1.3"}),
    "origin_max_http_version": frozenset({"1", "2"}),
    "polish": frozenset({"off", "lossless", "lossy"}),
    "prefetch_preload": ON_OFF,
    "pseudo_ipv4": frozenset({"off", "add_header", "overwrite_header"}),
    "security_level": frozenset({"off", "essentially_off", "low", "medium", "high", "under_attack"}),
    "ssl": frozenset({"off", "flexible", "full", "strict"}),
    "tls_1_3": frozenset({"on", "off", "zrt"}),
}
TYPED: dict[str, type | tuple[type, ...]] = {
    "aegis": dict,
    "automatic_platform_optimization": dict,
    "browser_cache_ttl": int,
    "challenge_ttl": int,
    "ciphers": list,
    "max_upload": int,
    "minify": dict,
    "mobile_redirect": dict,
    "nel": dict,
    "proxy_read_timeout": (int, float),
    "security_header": dict,
    "ssl_recommender": (str, dict),
}
READ_ONLY = frozenset({"advanced_ddos"})
LOWEST_PLAN = {
    "mirage": "pro",
    "polish": "pro",
    "prefetch_preload": "enterprise",
    "proxy_read_timeout": "enterprise",
    "response_buffering": "enterprise",
    "sort_query_string_for_cache": "enterprise",
    "true_client_ip_header": "enterprise",
    "webp": "pro",
}
BOT_PLANS = {
    "sbfmDefinitelyAutomated": "pro",
    "sbfmVerifiedBots": "pro",
    "sbfmStaticResourceProtection": "pro",
    "optimizeWordpress": "pro",
    "sbfmLikelyAutomated": "business",
    "autoUpdateModel": "enterprise",
    "bmCookieEnabled": "enterprise",
    "suppressSessionScore": "enterprise",
}
LOCKDOWNS = {"free": 0, "pro": 3, "business": 10, "enterprise": 200}


def reaches(plan: str, lowest: str) -> bool:
    """Whether a plan includes what another one starts to offer."""
    return PLANS.index(plan) >= PLANS.index(lowest)


@alone(SETTING, source=SETTINGS)
def zone_setting_exists(ask: Ask) -> Iterator[tuple[str, str]]:
    """A zone setting's id is one that the API has and lets a program change."""
    id_ = ask["settingId"]
    if id_ in READ_ONLY:
        yield "settingId", f"The setting {id_} is read-only"
    elif id_ not in CHOICES and id_ not in TYPED:
        yield "settingId", "Undefined zone setting"


@alone(SETTING, source=SETTINGS)
def zone_setting_has_a_value_of_its_kind(ask: Ask) -> Iterator[tuple[str, str]]:
    """A zone setting's value is one of its words, or of its type."""
    id_, value = ask["settingId"], ask["value"]
    if id_ in CHOICES and (not isinstance(value, str) or value not in CHOICES[id_]):
        listed = " ".join(f'"{word}"' for word in sorted(CHOICES[id_]))
        yield "value", f"Invalid value for zone setting {id_}: must be one of [{listed}]"
    elif id_ in TYPED and not _is(value, TYPED[id_]):
        yield "value", f"Invalid value for zone setting {id_}: it is of another type"


def _is(value: Value, kind: type | tuple[type, ...]) -> bool:
    return isinstance(value, kind) and not isinstance(value, bool)


@alone(SETTING, source="cloudflare/terraform-provider-cloudflare#6436")
def hsts_is_nested(ask: Ask) -> Iterator[tuple[str, str]]:
    """HSTS is given inside `strict_transport_security`."""
    value = ask["value"]
    if ask["settingId"] == "security_header" and isinstance(value, dict) and "strict_transport_security" not in value:
        yield "value", "security_header must hold a `strict_transport_security` object"


@alone(SETTING, source="pulumi_cloudflare 6.23.1, ZoneSetting: enabled, ssl-recommender enrollment setting")
def only_the_recommender_is_enabled(ask: Ask) -> Iterator[tuple[str, str]]:
    """`enabled` is for the setting `ssl_recommender` alone."""
    if ask.props.get("enabled") is not None and ask["settingId"] != "ssl_recommender":
        yield "enabled", "is for the setting ssl_recommender"


@across(HOSTNAME, source="CD: cloudflare-for-platforms/cloudflare-for-saas/plans.mdx; CD: plans/index.json")
def custom_hostname_extras_need_enterprise(ask: Ask, cloud: Reader) -> Iterator[str]:
    """A wildcard or a certificate of one's own for a custom hostname needs Enterprise."""
    ssl = part(ask.props, "ssl")
    own = any(ssl.get(name) for name in ("wildcard", "customCertificate", "customCertBundles", "customCsrId"))
    if own and plan_of(cloud, ask["zoneId"]) != "enterprise":
        path = f"zones/{ask['zoneId']}/custom_hostnames"
        yield error("POST", path, "403 Forbidden", 1413, "not entitled to wildcards or custom certificates")


@across(SETTING, source=SETTINGS)
def zone_setting_needs_its_plan(ask: Ask, cloud: Reader) -> Iterator[str]:
    """A setting above the zone's plan is not editable."""
    id_, lowest = ask["settingId"], LOWEST_PLAN.get(ask["settingId"], "free")
    if id_ == "http2" and ask["value"] == "off":
        lowest = "pro"
    if not reaches(plan_of(cloud, ask["zoneId"]), lowest):
        message = f"Not allowed to edit setting for {id_}: the zone needs the {lowest} plan"
        yield error("PATCH", f"zones/{ask['zoneId']}/settings/{id_}", "403 Forbidden", 1015, message)


@across(SUBSCRIPTION, source="cloudflare/terraform-provider-cloudflare#7083")
def free_plan_has_no_subscription(ask: Ask, _: Reader) -> Iterator[str]:
    """A zone's free plan cannot be subscribed to."""
    if part(ask.props, "ratePlan").get("id") == "free" and ask.old is None:
        path = f"zones/{ask.props.get('zoneId')}/subscription"
        yield error("POST", path, "404 Not Found", 1207, "No rate plan was found for the given id.")


@across(ZONE, source="CD: dns/zone-setups/subdomain-setup")
def zone_is_not_below_another(ask: Ask, cloud: Reader) -> Iterator[str]:
    """A zone below another one of the account needs Enterprise."""
    labels = str(ask["name"]).lower().split(".")
    for start in range(1, len(labels) - 1):
        parent = cloud.named(ZONE, "", ".".join(labels[start:]))
        if parent is not None and ask.old is None and plan_of(cloud, parent.id) != "enterprise":
            message = f"Please ensure you are not providing a subdomain: {parent.name} is a zone of this account."
            yield error("POST", "zones", "400 Bad Request", 1116, message)


@across(ZONE, source="TFC: docs/resources/zone.md, vanity_name_servers")
def vanity_name_servers_need_business(ask: Ask, cloud: Reader) -> Iterator[str]:
    """Custom name servers need the Business plan, which a new zone does not have."""
    if ask["vanityNameServers"] and not reaches(plan_of(cloud, ask.id), "business"):
        message = "Custom nameservers require a Business or Enterprise plan"
        yield error("PATCH", f"zones/{ask.id}", "403 Forbidden", 1003, message)


@across(BOTS, source="CD: bots/plans/pro.mdx, bots/plans/biz-and-ent.mdx")
def bot_settings_need_their_plan(ask: Ask, cloud: Reader) -> Iterator[str]:
    """Super Bot Fight Mode needs Pro, likely bots Business, Bot Management Enterprise."""
    plan = plan_of(cloud, ask["zoneId"])
    for name, lowest in BOT_PLANS.items():
        if ask.props.get(name) is not None and ask[name] is not None and not reaches(plan, lowest):
            path = f"zones/{ask['zoneId']}/bot_management"
            yield error("PUT", path, "403 Forbidden", 10000, f"{name} needs the {lowest} plan")


@across(LOCKDOWN, source="CD: waf/tools/zone-lockdown.mdx")
def zone_lockdowns_are_counted_by_plan(ask: Ask, cloud: Reader) -> Iterator[str]:
    """A zone has no lockdown rule on Free, 3 on Pro, 10 on Business."""
    limit = LOCKDOWNS[plan_of(cloud, ask["zoneId"])]
    if not ask.id and cloud.count(LOCKDOWN, ask["zoneId"]) >= limit:
        path = f"zones/{ask['zoneId']}/firewall/lockdowns"
        yield error("POST", path, "403 Forbidden", 10016, f"zonelockdown.api.max_rules_exceeded: {limit}")


@across(token_of("RegionalTieredCache"), source="CD: cache/how-to/tiered-cache.mdx")
def regional_tiered_cache_needs_enterprise(ask: Ask, cloud: Reader) -> Iterator[str]:
    """Regional Tiered Cache needs Enterprise."""
    if ask["value"] == "on" and plan_of(cloud, ask["zoneId"]) != "enterprise":
        path = f"zones/{ask['zoneId']}/cache/regional_tiered_cache"
        yield error("PATCH", path, "403 Forbidden", 1135, "The zone is not entitled to Regional Tiered Cache")
