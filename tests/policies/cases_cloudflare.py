"""How each Cloudflare rule is broken, and its fix."""

from __future__ import annotations

import json

from policies import tokens as t
from tests.policies.changes import Case, adds, all_of, drops, missing, restores, sets, surplus, unset, unsets, wrong
from tests.policies.described import Described, Of
from tests.policies.estate_base import ACCOUNT, COMPARED, DAY, STRIPE

HSTS = "value.strict_transport_security"
LIMIT = "rules[0].ratelimit"


NOWHERE = 'http.request.uri.path eq "/nowhere"'
YEAR = {"mode": "override_origin", "default": 365 * DAY}
HEADERS = {
    name: {"operation": "set", "value": value}
    for name, value in (
        ("x-frame-options", "DENY"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "same-origin"),
        ("permissions-policy", "camera=()"),
    )
}

SETS_HEADERS = {
    "ref": "security",
    "action": "rewrite",
    "expression": "true",
    "actionParameters": {"headers": HEADERS},
}


SPARE = Described(
    t.LOAD_BALANCER_POOL,
    "spare",
    {
        "accountId": ACCOUNT,
        "name": "spare",
        "monitor": Of("monitor"),
        "origins": [{"name": "a", "address": "203.0.113.20"}, {"name": "b", "address": "203.0.113.21"}],
    },
)

ADDS_HEADERS = {"zoneId": Of("zone"), "managedResponseHeaders": [{"id": "add_security_headers", "enabled": False}]}


def record(name: str, host: str, kind: str, **props: object) -> Described:
    return Described(
        t.DNS_RECORD, name, {"zoneId": Of("zone"), "name": host, "type": kind, "ttl": 1, "comment": "x", **props}
    )


def public(name: str) -> Described:
    return record("public", name, "A", content="203.0.113.13", proxied=True)


def check(address: str, host: str = "") -> Described:
    header = {"header": {"Host": [host]}} if host else {}
    props = {"zoneId": Of("zone"), "name": "new", "address": address, "type": "HTTPS"}
    return Described(t.HEALTHCHECK, "new-check", {**props, "httpConfig": {"path": "/api/health", **header}})


def years(count: int) -> dict[str, object]:
    return {"condition": {"type": "Age", "maxAgeSeconds": count * 365 * DAY}}


LOCK = {"id": "keep", "enabled": True, "condition": {"type": "Age", "maxAgeSeconds": 28 * DAY}}
UNWATCHED = {("public-host-watched", "www")}


def excepting(described: str, mended: str, mode: str = "full") -> Case:
    """A configuration rule that leaves certificates unchecked, by what it says of itself."""

    def rules(description: str, ssl: str) -> list[dict[str, object]]:
        rule = {"ref": "full", "description": description, "expression": "true", "action": "set_config"}
        return [{**rule, "actionParameters": {"ssl": ssl}}]

    props = {"zoneId": Of("zone"), "kind": "zone", "phase": "http_config_settings", "rules": rules(described, mode)}
    added = Described(t.RULESET, "configuration", props)
    mends = sets("configuration", "rules", rules(mended, "full"))
    return Case("tls-exception-ends", adds(added), mends, ("configuration",))


TLS = (
    wrong("zone-ssl-strict", "ssl", "value", "full", "strict"),
    excepting("Full until 2026-11-21", "Full until 2026-11-22"),
    excepting("Full until we find the time", "Full until 2026-12-31, INFRA-12"),
    excepting("Full until 2030-01-01", "Full until 2027-11-01"),
    excepting("Flexible until 2026-12-31", "Full until 2026-12-31", mode="flexible"),
    missing("zone-ssl-strict", "ssl", at="zone"),
    wrong("zone-minimum-tls", "min-tls", "value", "1.1", "1.2"),
    missing("zone-minimum-tls", "min-tls", at="zone"),
    wrong("r2-domain-minimum-tls", "media-domain", "minTls", "1.0", "1.3"),
    unset("r2-domain-minimum-tls", "media-domain", "minTls", "1.2"),
    wrong("zone-tls-1-3", "tls13", "value", "off", "on"),
    missing("zone-tls-1-3", "tls13", at="zone"),
    wrong("zone-no-early-data", "early-data", "value", "on", "off"),
    wrong("zone-always-https", "https", "value", "off", "on"),
    missing("zone-always-https", "https", at="zone"),
    wrong("zone-https-rewrites", "rewrites", "value", "off", "on"),
    wrong("zone-opportunistic-encryption", "opportunistic", "value", "off", "on"),
    wrong("zone-universal-ssl", "universal-ssl", "enabled", False, True),
    wrong("zone-dnssec", "dnssec", "status", "disabled", "active"),
    missing("zone-dnssec", "dnssec", at="zone"),
    wrong("zone-hsts", "hsts", f"{HSTS}.enabled", False, True),
    wrong("zone-hsts", "hsts", f"{HSTS}.max_age", 3600, 365 * DAY),
    missing("zone-hsts", "hsts", at="zone"),
    wrong("zone-hsts-subdomains", "hsts", f"{HSTS}.include_subdomains", False, True),
    wrong("zone-hsts-preload", "hsts", f"{HSTS}.preload", False, True),
)


ZONE = (
    Case(
        "zone-paid-plan",
        # Free has one limit of 10 seconds: the second one is refused for being there, and for nothing else.
        all_of(
            sets("plan", "ratePlan.id", "free"),
            sets(
                "limits",
                "rules[1].ratelimit",
                {"period": 10, "requestsPerPeriod": 1, "characteristics": ["cf.colo.id", "ip.src"]},
            ),
        ),
        sets("plan", "ratePlan.id", "pro"),
        ("plan",),
        frozenset({("plan-allows-rate-limit", "limits")}),
    ),
    Case(
        "zone-paid-plan",
        all_of(sets("ssl", "zoneId", Of("zone")), drops("plan")),
        restores("plan"),
        ("zone",),
        frozenset({("plan-allows-rate-limit", "limits")}),
    ),
    wrong("zone-not-paused", "zone", "paused", True, False),
    wrong("zone-browser-check", "browser-check", "value", "off", "on"),
    wrong("zone-security-level", "security-level", "value", "essentially_off", "medium"),
    wrong("zone-security-level", "security-level", "value", "under_attack", "high"),
    wrong("zone-development-mode-off", "development-mode", "value", "on", "off"),
    wrong("zone-always-online-off", "always-online", "value", "on", "off"),
    wrong("zone-email-obfuscation", "email-obfuscation", "value", "off", "on"),
    wrong("zone-hotlink-protection", "hotlink", "value", "off", "on"),
    wrong("zone-ip-geolocation", "geolocation", "value", "off", "on"),
    wrong("zone-challenge-passage", "challenge-ttl", "value", 86400, 1800),
    wrong("zone-leaked-credentials", "leaked", "enabled", False, True),
    wrong("zone-urls-normalized", "paths", "scope", "none", "both"),
    wrong("zone-urls-normalized", "paths", "type", "rfc3986", "cloudflare"),
    missing("turnstile-exists", "turnstile", "turnstile-secret", at="zone"),
    wrong("turnstile-own-domains", "turnstile", "domains", ["*"], ["madebuy.com.au"]),
    wrong("turnstile-own-domains", "turnstile", "domains[0]", "stranger.example", "www.madebuy.com.au"),
    wrong("zone-bots-fought", "bots", "fightMode", False, True),
    missing("zone-bots-exist", "bots", at="zone"),
    Case(
        "zone-bots-detected-by-javascript",
        all_of(
            sets("bots", "fightMode", False),
            sets("bots", "sbfmDefinitelyAutomated", "block"),
            sets("bots", "enableJs", False),
        ),
        sets("bots", "enableJs", True),
        ("bots",),
    ),
    wrong("zone-verified-bots-pass", "bots", "sbfmVerifiedBots", "block", "allow"),
    missing("zone-leaked-credentials-exist", "leaked", at="zone"),
)

WAF = (
    missing("zone-rate-limit", "limits", at="zone"),
    wrong(
        "zone-blocks-something",
        "custom",
        "kind",
        "custom",
        "zone",
        at="zone",
        also={("stripe-webhook-restricted", "zone")},
    ),
    Case(
        "zone-rate-limit",
        all_of(*(sets("limits", f"rules[{rule}].enabled", False) for rule in (0, 1))),
        all_of(*(sets("limits", f"rules[{rule}].enabled", True) for rule in (0, 1))),
        ("zone",),
        frozenset({("waf-rules-switched-on", "limits")}),
    ),
    wrong("zone-rate-limit-anonymous", "limits", f"{LIMIT}.requestsPerPeriod", 20, 10),
    wrong("zone-rate-limit-anonymous", "limits", f"{LIMIT}.characteristics", ["cf.colo.id"], ["cf.colo.id", "ip.src"]),
    wrong("plan-allows-rate-limit", "limits", f"{LIMIT}.mitigationTimeout", 86400, 3600),
    *(
        wrong(
            "plan-allows-rate-limit",
            "limits",
            f"{LIMIT}.characteristics",
            ["ip.src", "cf.colo.id", foreign],
            ["ip.src", "cf.colo.id"],
        )
        for foreign in ("cf.unique_visitor_id", 'http.request.headers["authorization"]')
    ),
    Case(
        "plan-allows-rate-limit",
        sets("limits", f"{LIMIT}.period", 25),
        sets("limits", f"{LIMIT}.period", 20),
        ("limits",),
        config={"zone-rate-limit-anonymous": {"enforcementLevel": "disabled"}},
    ),
    wrong(
        "plan-allows-rate-limit",
        "limits",
        "rules[0].expression",
        'starts_with(http.request.uri.path, "/api/") and http.request.method eq "POST"',
        'starts_with(http.request.uri.path, "/api/")',
    ),
    Case(
        "plan-allows-custom-rules",
        sets(
            "custom",
            "rules",
            [{"ref": f"r{n}", "action": "block", "expression": f"ip.src eq 203.0.113.{n}"} for n in range(21)],
        ),
        sets(
            "custom",
            "rules",
            [
                {
                    "ref": "r",
                    "description": COMPARED,
                    "action": "block",
                    "expression": f'http.request.uri.path eq "/stripe" and not (ip.src in {{{STRIPE}}})',
                }
            ],
        ),
        ("custom",),
        frozenset({("stripe-webhook-restricted", "zone")}),
    ),
    wrong(
        "zone-managed-rules",
        "managed",
        "rules[0].actionParameters.id",
        "00000000000000000000000000000000",
        "efb7b8c949ac4650a09736fc376e9aee",
        at="zone",
    ),
    missing("zone-managed-rules", "managed", at="zone", also={("zone-owasp-rules", "zone")}),
    wrong(
        "zone-owasp-rules",
        "managed",
        "rules[1].actionParameters.id",
        "00000000000000000000000000000000",
        "4814384a9e5d4991b9815dcfc25d2f1f",
        at="zone",
    ),
    wrong("managed-rules-act", "managed", "rules[0].actionParameters.overrides", {"action": "log"}, {}),
    wrong("managed-rules-act", "managed", "rules[0].actionParameters.overrides", {"enabled": False}, {}),
    wrong(
        "managed-rules-act",
        "managed",
        "rules[1].actionParameters.overrides.categories[0].category",
        "sqli",
        "paranoia-level-3",
    ),
    wrong(
        "waf-skip-is-narrow",
        "custom",
        "rules[0].expression",
        "true",
        f'http.request.uri.path eq "/stripe" and ip.src in {{{STRIPE}}}',
    ),
    *(
        wrong(
            "waf-skip-is-narrow",
            "custom",
            "rules[0].expression",
            wide,
            f'http.request.uri.path eq "/stripe" and ip.src in {{{STRIPE}}}',
        )
        for wide in (
            'http.host ne ""',
            'starts_with(http.request.uri.path, "/")',
            "ip.src in {0.0.0.0/1 128.0.0.0/1}",
            'http.user_agent contains "UptimeRobot"',
            'http.host eq "madebuy.com.au" or ip.src eq 203.0.113.9',
        )
    ),
    Case(
        "zone-blocks-something",
        unsets("custom", "rules[1]"),
        sets(
            "custom",
            "rules",
            [
                {
                    "ref": "a",
                    "description": COMPARED,
                    "action": "block",
                    "expression": f'http.request.uri.path eq "/stripe" and not ip.src in {{{STRIPE}}}',
                }
            ],
        ),
        ("zone",),
        frozenset({("stripe-webhook-restricted", "zone")}),
    ),
    wrong("waf-rules-switched-on", "custom", "rules[0].enabled", False, True),
    wrong("waf-rules-switched-on", "custom", "rules[0].action", "log", "skip"),
    wrong(
        "waf-rules-switched-on",
        "limits",
        "rules[0].action",
        "execute",
        "block",
        also={("zone-rate-limit-anonymous", "limits")},
    ),
    wrong(
        "managed-rules-act",
        "managed",
        "rules[1].actionParameters.overrides.rules",
        [{"id": "6179ae15870a4bb7b2d480d4843b323c", "scoreThreshold": 400}],
        [{"id": "6179ae15870a4bb7b2d480d4843b323c", "scoreThreshold": 40}],
    ),
    wrong(
        "waf-block-is-narrow",
        "custom",
        "rules[1].expression",
        "true",
        f'http.request.uri.path eq "/stripe" and not (ip.src in {{{STRIPE}}})',
        also={("stripe-webhook-restricted", "zone")},
    ),
    wrong(
        "rate-limits-limit",
        "limits",
        f"{LIMIT}.requestsPerPeriod",
        5000,
        10,
        also={("zone-rate-limit-anonymous", "limits")},
    ),
    Case(
        "waf-block-is-narrow",
        all_of(sets("limits", f"{LIMIT}.requestsPerPeriod", 5), sets("limits", "rules[0].expression", "true")),
        sets("limits", f"{LIMIT}.requestsPerPeriod", 10),
        ("limits",),
    ),
    wrong("rate-limit-on-passwords", "limits", "rules[1].ratelimit.requestsPerPeriod", 20, 5, at="zone"),
    wrong(
        "rate-limit-on-passwords",
        "limits",
        "rules[1].expression",
        'not http.request.uri.path in {"/api/auth/callback/credentials"}',
        'http.request.uri.path in {"/api/auth/callback/credentials"}',
        at="zone",
    ),
    wrong(
        "zone-rate-limit-anonymous",
        "limits",
        "rules[0].expression",
        'not starts_with(http.request.uri.path, "/api/")',
        'starts_with(http.request.uri.path, "/api/")',
    ),
    *(
        wrong(
            "zone-security-headers",
            "headers",
            "rules",
            [SETS_HEADERS, {**SETS_HEADERS, "ref": "undone", "actionParameters": {"headers": undone}}],
            [SETS_HEADERS],
            at="zone",
        )
        for undone in (
            {"x-frame-options": {"operation": "remove"}},
            {"Referrer-Policy": {"operation": "set", "value": "unsafe-url"}},
        )
    ),
    wrong("waf-skip-logged", "custom", "rules[0].logging", {"enabled": False}, {"enabled": True}),
    wrong("cache-is-narrow", "cache", "rules[1].expression", "true", 'http.request.uri.path eq "/logo.svg"'),
    surplus(
        "cache-is-narrow",
        Described(
            t.RULESET,
            "answers",
            {
                "zoneId": Of("zone"),
                "kind": "zone",
                "phase": "http_response_cache_settings",
                "name": "answers",
                "rules": [
                    {
                        "ref": "all",
                        "action": "set_cache_control",
                        "expression": "true",
                        "actionParameters": {"public": {"operation": "set"}},
                    }
                ],
            },
        ),
    ),
    Case(
        "cache-leaves-private",
        sets("cache", "rules[0].expression", 'http.host eq "madebuy.com.au"'),
        sets("cache", "rules[0].expression", "true"),
        ("zone",),
    ),
    *(
        wrong(
            "cache-forgets-errors",
            "cache",
            "rules[1].actionParameters",
            {"cache": True, "edgeTtl": {**YEAR, "statusCodeTtls": keeps}},
            {"cache": True, "edgeTtl": {**YEAR, "statusCodeTtls": forgets}},
        )
        for keeps, forgets in (
            ([], [{"statusCodeRange": {"from": 400}, "value": -1}]),
            ([{"statusCode": 404, "value": 60}], [{"statusCode": 404, "value": 60}, {"statusCode": 500, "value": 0}]),
            (
                [{"statusCodeRange": {"from": 500, "to": 599}, "value": 0}],
                [{"statusCodeRange": {"from": 404}, "value": 0}],
            ),
        )
    ),
    wrong("cache-leaves-private", "cache", "rules[0].actionParameters.cache", True, False, at="zone"),
    wrong("cache-leaves-private", "cache", "rules[0].enabled", False, True, at="zone"),
    missing("zone-security-headers", "headers", at="zone"),
    Case(
        "zone-security-headers",
        all_of(drops("headers"), adds(Described(t.MANAGED_TRANSFORMS, "transforms", ADDS_HEADERS))),
        sets("transforms", "managedResponseHeaders[0].enabled", True),
        ("zone",),
        config={"zone-security-headers": {"headers": ["x-content-type-options", "x-frame-options", "referrer-policy"]}},
    ),
    wrong(
        "zone-security-headers",
        "headers",
        "rules[0].expression",
        NOWHERE,
        'http.host eq "www.madebuy.com.au"',
        at="zone",
    ),
    *(
        wrong(
            "zone-security-headers",
            "headers",
            f"rules[0].actionParameters.headers.{name}.value",
            weak,
            strong,
            at="zone",
        )
        for name, weak, strong in (
            ("X-Frame-Options", "ALLOW-FROM https://a.example", "SAMEORIGIN"),
            ("X-Content-Type-Options", "sniff", "nosniff"),
            ("Referrer-Policy", "unsafe-url", "no-referrer"),
        )
    ),
    wrong("zone-managed-rules", "managed", "rules[0].expression", NOWHERE, "true", at="zone"),
    wrong("zone-owasp-rules", "managed", "rules[1].expression", NOWHERE, "true", at="zone"),
    wrong(
        "rate-limit-on-passwords",
        "limits",
        "rules[1].ratelimit.characteristics",
        ["cf.colo.id"],
        ["cf.colo.id", "ip.src"],
        at="zone",
    ),
    wrong("zone-security-headers", "headers", "rules[0].actionParameters.headers", {}, HEADERS, at="zone"),
    wrong("ruleset-rules-have-refs", "custom", "rules[1].ref", "stripe", "stripe-only"),
    unset("ruleset-rules-have-refs", "limits", "rules[0].ref", "api"),
    surplus(
        "one-ruleset-per-phase",
        Described(
            t.RULESET,
            "second",
            {"zoneId": Of("zone"), "kind": "zone", "phase": "http_request_firewall_custom", "name": "b", "rules": []},
        ),
    ),
    wrong(
        "stripe-skip-names-addresses",
        "custom",
        "rules[0].expression",
        'http.request.uri.path eq "/api/webhooks/stripe"',
        f'http.request.uri.path eq "/api/webhooks/stripe" and ip.src in {{{STRIPE}}}',
    ),
    wrong(
        "stripe-skip-names-addresses",
        "custom",
        "rules[0].expression",
        f'http.request.uri.path eq "/api/webhooks/stripe" and not ip.src in {{{STRIPE}}}',
        f'http.request.uri.path eq "/api/webhooks/stripe" and ip.src in {{{STRIPE}}}',
    ),
    wrong(
        "stripe-addresses-current",
        "custom",
        "rules[0].expression",
        'http.request.uri.path eq "/api/webhooks/stripe" and ip.src in {3.18.12.63 203.0.113.9}',
        f'http.request.uri.path eq "/api/webhooks/stripe" and ip.src in {{{STRIPE}}}',
    ),
    wrong("stripe-addresses-current", "custom", "rules[1].description", "list compared on 2026-10-22", COMPARED),
    unset("stripe-addresses-current", "custom", "rules[1].description", "list compared on 2026-10-23"),
    wrong(
        "stripe-webhook-restricted",
        "custom",
        "rules[1].expression",
        'http.request.uri.path eq "/wp-login.php"',
        f'http.request.uri.path eq "/api/webhooks/stripe" and not ip.src in {{{STRIPE}}}',
        at="zone",
    ),
)

DNS = (
    wrong("dns-record-proxied", "www", "proxied", False, True),
    wrong("dns-no-internal-address", "direct", "content", "10.0.0.7", "203.0.113.10"),
    surplus(
        "dns-no-wildcard",
        record("wild", "*.shops.madebuy.com.au", "CNAME", content="madebuy.com.au", proxied=True),
    ),
    wrong("dns-target-ours", "www", "content", "gone.herokuapp.com", "madebuy.com.au", also=UNWATCHED),
    wrong("dns-target-ours", "www", "content", "nothere.madebuy.com.au", "madebuy.com.au", also=UNWATCHED),
    wrong("dns-no-apex-cname", "www", "name", "madebuy.com.au", "www.madebuy.com.au"),
    wrong("dns-no-apex-cname", "www", "name", "@", "www.madebuy.com.au"),
    missing("dns-caa", "caa", at="zone"),
    wrong("dns-caa-known", "caa", "data.value", "stranger.example", "letsencrypt.org; validationmethods=dns-01"),
    wrong(
        "dns-spf", "spf", "content", "v=spf1 include:amazonses.com ~all", "v=spf1 include:amazonses.com -all", at="zone"
    ),
    wrong("dns-dmarc", "dmarc", "content", "v=DMARC1; p=none", "v=DMARC1; p=reject", at="zone"),
    wrong(
        "dns-dmarc", "dmarc", "content", "v=DMARC1; p=reject; sp=none", "v=DMARC1; p=quarantine; sp=reject", at="zone"
    ),
    wrong("dns-dmarc", "dmarc", "content", "v=DMARC1; p=none; sp=reject", "v=DMARC1;p=reject", at="zone"),
    surplus("dns-spf-closed", record("open", "send.madebuy.com.au", "TXT", content='"v=spf1 include:a.example +all"')),
    missing("dns-dkim", "dkim", at="zone"),
    wrong(
        "dns-mail-target-is-name",
        "mail",
        "content",
        "203.0.113.9",
        "feedback.up.railway.app",
        also={("dns-target-ours", "mail")},
    ),
    wrong(
        "dns-mail-host-current",
        "mail",
        "content",
        "mail.outlook.com",
        "feedback.up.railway.app",
        also={("dns-target-ours", "mail")},
    ),
    wrong(
        "dns-mail-host-current",
        "mail",
        "content",
        "relay.l.google.com",
        "feedback.up.railway.app",
        also={("dns-target-ours", "mail")},
    ),
    unset("dns-record-comment", "www", "comment", "the shop"),
    wrong("dns-ttl", "spf", "ttl", 30, 300),
    missing("dns-delegation-redundant", "ns-two", at="ns-one"),
)

R2 = (
    wrong("r2-cors-own-origins", "media-cors", "rules[0].allowed.origins[0]", "*", "https://dashboard.madebuy.com.au"),
    wrong(
        "r2-cors-own-origins", "media-cors", "rules[0].allowed.origins[0]", "https://evil.com", "https://madebuy.com.au"
    ),
    wrong("r2-cors-methods", "media-cors", "rules[0].allowed.methods[0]", "DELETE", "GET"),
    wrong("r2-cors-headers", "media-cors", "rules[0].allowed.headers[0]", "*", "content-type"),
    wrong("r2-region-allowed", "media", "location", "enam", "oc"),
    unset("r2-region-allowed", "media", "location", "OC"),
    wrong("r2-dev-domain-closed", "media-dev", "enabled", True, False),
    missing("r2-dev-domain-closed", "backups-dev", at="backups"),
    surplus(
        "r2-backups-not-public",
        Described(
            t.R2_CUSTOM_DOMAIN,
            "backups-domain",
            {
                "accountId": ACCOUNT,
                "bucketName": "madebuy-backups",
                "domain": "backups.madebuy.com.au",
                "enabled": True,
                "minTls": "1.2",
                "zoneId": Of("zone"),
            },
        ),
    ),
    wrong("r2-backups-locked", "backups-lock", "rules[0].condition.maxAgeSeconds", 7 * DAY, 28 * DAY, at="backups"),
    wrong("r2-backups-locked", "backups-lock", "rules[0].enabled", False, True, at="backups"),
    missing("r2-backups-locked", "backups-lock", at="backups"),
    wrong("r2-backups-locked", "backups-lock", "rules[0].prefix", Of("zone"), "", at="backups"),
    Case(
        "r2-backups-locked",
        sets("backups-lock", "rules[0].prefix", "daily/"),
        sets("backups-lock", "rules", [{**LOCK, "prefix": "daily/"}, {**LOCK, "prefix": ""}]),
        ("backups",),
    ),
    Case(
        "r2-backups-locked",
        sets("backups-lock", "rules", [{**LOCK, "prefix": "a/"}, {**LOCK, "enabled": False}]),
        sets("backups-lock", "rules", [{**LOCK, "prefix": "a/"}, LOCK]),
        ("backups",),
    ),
    wrong("r2-backups-locked", "backups-lock", "rules[0].condition.type", "Date", "Age", at="backups"),
    wrong(
        "r2-backups-outlive-lifecycle",
        "backups-lifecycle",
        "rules[1].deleteObjectsTransition.condition.maxAge",
        7 * DAY,
        90 * DAY,
    ),
    Case(
        "r2-backups-outlive-lifecycle",
        sets("backups-lock", "rules[0].condition.maxAgeSeconds", 120 * DAY),
        sets("backups-lifecycle", "rules[1].deleteObjectsTransition.condition.maxAge", 120 * DAY),
        ("backups-lifecycle",),
    ),
    *(
        Case(
            "r2-backups-outlive-lifecycle",
            all_of(
                sets("backups-lock", "rules", [LOCK, {**LOCK, "prefix": "yearly/", **years(1)}]),
                sets("backups-lifecycle", "rules[1].conditions", {"prefix": prefix}),
            ),
            sets("backups-lifecycle", "rules[1].conditions", {"prefix": "weekly/"}),
            ("backups-lifecycle",),
        )
        for prefix in ("", "year", "yearly/", "yearly/2026/")
    ),
    missing("r2-abandoned-uploads-end", "media-lifecycle", at="media"),
    wrong("r2-abandoned-uploads-end", "media-lifecycle", "rules[0].enabled", False, True, at="media"),
)

BALANCING = (
    wrong("pool-two-origins", "pool", "origins[1].address", "203.0.113.10", "203.0.113.11"),
    wrong("pool-two-origins", "pool", "origins[1].enabled", False, True),
    wrong("pool-two-origins", "pool", "origins[1].weight", 0, 1),
    wrong(
        "promised-availability-has-balancer",
        "balancer",
        "enabled",
        False,
        True,
        at="zone",
        also={("balancer-enabled", "balancer")},
    ),
    wrong(
        "balancer-enabled",
        "balancer",
        "enabled",
        False,
        True,
        also={("promised-availability-has-balancer", "zone")},
    ),
    Case(
        "balancer-fallback-differs",
        all_of(sets("balancer", "fallbackPool", Of("pool")), drops("notice")),
        all_of(restores("notice"), sets("balancer", "fallbackPool", Of("notice"))),
        ("balancer",),
    ),
    Case(
        "balancer-fallback-differs",
        all_of(
            sets("balancer", "defaultPools", ["a1", Of("pool")]),
            sets("balancer", "fallbackPool", "a1"),
            drops("notice"),
        ),
        sets("balancer", "fallbackPool", "b2"),
        ("balancer",),
    ),
    Case(
        "pool-two-origins",
        sets("pool", "origins[1].enabled", False),
        sets("balancer", "defaultPools", [Of("pool"), Of("notice")]),
        ("pool",),
        config={"balancer-fallback-differs": {"appliesIn": "nowhere"}},
    ),
    wrong("ruleset-known", "cache", "rules[1].actionParameters", {"cache": Of("zone")}, {"cache": False}),
    wrong("balancer-has-pool", "balancer", "defaultPools", [], [Of("pool")], also={("pool-used", "pool")}),
    surplus("pool-used", SPARE),
    wrong("monitor-asks-health", "monitor", "path", "/", "/api/health"),
    unset("monitor-asks-health", "healthcheck", "httpConfig.path", "/api/health"),
    wrong("pool-minimum-origins", "pool", "minimumOrigins", 2, 1),
    Case(
        "promised-availability-has-balancer",
        all_of(drops("balancer", "notice"), sets("www", "content", "api.madebuy.com.au")),
        restores("balancer", "notice"),
        ("zone",),
        frozenset({("recovery-time", "zone"), ("pool-used", "pool")}),
    ),
    unset("pool-monitored", "pool", "monitor", Of("monitor")),
    wrong("pool-enabled", "pool", "enabled", False, True),
    wrong("pool-minimum-origins", "pool", "minimumOrigins", 0, 1),
    wrong("balancer-proxied", "balancer", "proxied", False, True),
    wrong("monitor-over-tls", "monitor", "type", "http", "https"),
    wrong("monitor-checks-certificate", "monitor", "allowInsecure", True, False),
    wrong("monitor-checks-certificate", "healthcheck", "httpConfig.allowInsecure", True, False),
    Case(
        "monitor-checks-certificate",
        all_of(sets("monitor", "allowInsecure", True), sets("monitor", "description", "any until 2026-11-21")),
        sets("monitor", "description", "any until 2026-12-31"),
        ("monitor",),
    ),
    wrong("monitor-stays-on-path", "monitor", "followRedirects", True, False),
    wrong("monitor-stays-on-path", "healthcheck", "httpConfig.followRedirects", True, False),
    unset("monitor-expects-success", "monitor", "expectedCodes", "2xx"),
    wrong("monitor-detects-in-time", "monitor", "interval", 600, 60),
    wrong("monitor-detects-in-time", "healthcheck", "consecutiveFails", 10, 2),
    wrong("healthcheck-running", "healthcheck", "suspended", True, False),
    wrong("public-host-watched", "healthcheck", "address", "dashboard.madebuy.com.au", "203.0.113.10", at="direct"),
    wrong(
        "public-host-watched",
        "healthcheck",
        "httpConfig.header",
        {"Host": ["www.madebuy.com.au"]},
        {"host": ["www.madebuy.com.au", "api.madebuy.com.au"]},
        at="direct",
    ),
    *(
        Case("public-host-watched", adds(public(name)), fix, ("public",))
        for name, fix in (
            ("new.madebuy.com.au", adds(check("203.0.113.13"))),
            ("new.madebuy.com.au", adds(check("new.madebuy.com.au"))),
            ("new", adds(check("203.0.113.13", "new.madebuy.com.au"))),
            ("new.madebuy.com.au", sets("public", "content", "192.0.2.1")),
            ("new.madebuy.com.au", sets("public", "name", "media.madebuy.com.au")),
            ("@.new", sets("public", "name", "@")),
        )
    ),
    Case(
        "public-host-watched",
        adds(public("*.madebuy.com.au")),
        adds(check("203.0.113.13", "shop.madebuy.com.au")),
        ("public",),
        config={"dns-no-wildcard": {"meant": ["*.madebuy.com.au"]}},
    ),
    wrong("healthcheck-over-tls", "healthcheck", "type", "HTTP", "HTTPS"),
    Case(
        "public-host-watched",
        all_of(drops("healthcheck", "balancer", "notice"), sets("www", "content", "api.madebuy.com.au")),
        restores("healthcheck", "balancer", "notice"),
        ("zone",),
        frozenset(
            {
                ("recovery-time", "zone"),
                ("promised-availability-has-balancer", "zone"),
                ("pool-used", "pool"),
            }
        ),
    ),
    Case(
        "client-side-scripts-told",
        adds(Described(t.PAGE_SHIELD_POLICY, "scripts", {"zoneId": Of("zone"), "action": "log", "enabled": True})),
        adds(
            Described(
                t.NOTIFICATION_POLICY,
                "scripts-told",
                {
                    "alertType": "scriptmonitor_alert_new_malicious_scripts",
                    "enabled": True,
                    "mechanisms": {"emails": [{"id": "oncall@madebuy.com.au"}]},
                },
            )
        ),
        ("scripts",),
    ),
    wrong(
        "notification-enabled", "notify-dos-attack-l7", "enabled", False, True, also={("notifications-cover", "zone")}
    ),
    wrong(
        "notification-reaches-someone",
        "notify-dos-attack-l7",
        "mechanisms",
        {},
        {"emails": [{"id": "oncall@madebuy.com.au"}]},
    ),
    missing("notifications-cover", "notify-billing-usage-alert", at="zone"),
    wrong(
        "notification-names-every-pool",
        "notify-load-balancing-health-alert",
        "filters",
        {"poolIds": [Of("pool")]},
        {"poolIds": [Of("pool"), Of("notice")]},
    ),
    *(
        wrong("notification-of-the-worst", "notify-load-balancing-health-alert", "filters", small, worst)
        for small, worst in (
            ({"newHealths": ["Healthy"]}, {"newHealths": ["Healthy", "Unhealthy"]}),
            ({"statuses": ["Healthy"]}, {"statuses": ["Unhealthy"]}),
            ({"eventSources": ["pool"]}, {"eventSources": ["origin", "pool"]}),
            ({"incidentImpacts": ["INCIDENT_IMPACT_MAJOR"]}, {}),
        )
    ),
)

TOKENS = (
    unset("token-expires", "token", "expiresOn", "2027-01-01T00:00:00Z"),
    wrong("token-expires", "token", "expiresOn", "2036-01-01T00:00:00Z", "2027-01-01T00:00:00Z"),
    wrong("token-expires", "token", "expiresOn", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"),
    wrong(
        "token-least-privilege",
        "token",
        "policies[0].resources",
        json.dumps({f"com.cloudflare.api.account.{ACCOUNT}": "*"}),
        json.dumps({"com.cloudflare.api.account.zone.0123456789abcdef0123456789abcdef": "*"}),
    ),
    wrong(
        "token-least-privilege",
        "token",
        "policies[0].resources",
        json.dumps({f"com.cloudflare.api.account.{ACCOUNT}": {"com.cloudflare.edge.r2.bucket.*": "*"}}),
        json.dumps({f"com.cloudflare.edge.r2.bucket.{ACCOUNT}_default_media": "*"}),
    ),
    wrong(
        "token-least-privilege",
        "token",
        "policies[0].permissionGroups",
        [{"id": "5bc3f8b21c554832afc660159ab75fa4"}],
        [{"id": "2efd5506f9c8494dacb1fa10a3e7d5b6"}],
    ),
    unset("token-address-bound", "token", "condition", {"requestIp": {"ins": ["203.0.113.10/32"]}}),
    wrong("account-two-factor", "account", "settings.enforceTwofactor", False, True),
)

CASES = (*TLS, *ZONE, *WAF, *DNS, *R2, *BALANCING, *TOKENS)
