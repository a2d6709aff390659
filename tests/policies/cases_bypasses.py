"""Ways around a rule by another type of the vendor, or by a single rule that takes back what a setting gives."""

from __future__ import annotations

from typing import Any

from policies import tokens as t
from tests.policies.changes import Case, adds, all_of, drops, sets, surplus, wrong
from tests.policies.described import Described, Marked, Of
from tests.policies.estate_base import ACCOUNT


def added(
    rule: str, kind: str, props: dict[str, Any], path: str, good: Any, config: dict[str, Any] | None = None
) -> Case:
    """A resource that the estate has none of, with a mistake; the fix writes one property."""
    name = f"{rule}-{kind.rpartition(':')[2]}"
    given = [Described(t.DOPPLER_SECRET, f"{name}-given", KEPT | {"value": Marked(Of(name))})] if kind in GIVES else []
    return Case(rule, adds(Described(kind, name, props), *given), sets(name, path, good), (name,), config=config or {})


def ruleset(phase: str, **rule: Any) -> dict[str, Any]:
    return {"zoneId": Of("zone"), "kind": "zone", "phase": phase, "name": phase, "rules": [{"ref": "one", **rule}]}


def configuration(expression: str, **parameters: Any) -> dict[str, Any]:
    return ruleset("http_config_settings", action="set_config", expression=expression, actionParameters=parameters)


def redirect(**target: Any) -> dict[str, Any]:
    parameters = {"fromValue": {"statusCode": 302, "targetUrl": target}}
    phase = "http_request_dynamic_redirect"
    return ruleset(phase, action="redirect", expression='http.request.uri.path eq "/go"', actionParameters=parameters)


def page(target: str, **actions: Any) -> dict[str, Any]:
    return {"zoneId": Of("zone"), "target": target, "actions": actions}


def transforms(*, enabled: bool) -> dict[str, Any]:
    return {"zoneId": Of("zone"), "managedResponseHeaders": [{"id": "add_security_headers", "enabled": enabled}]}


def project(**of_project: Any) -> dict[str, Any]:
    return {"projectId": Of("project"), **of_project}


def record(host: str, kind: str, **props: Any) -> dict[str, Any]:
    return {"zoneId": Of("zone"), "name": host, "type": kind, "ttl": 1, "comment": "x", **props}


GIVES = (t.ATLAS_PROJECT_API_KEY, t.ATLAS_PROJECT_SERVICE_ACCOUNT_SECRET, t.ATLAS_SERVICE_ACCOUNT_SECRET)
"""Types whose credential has to reach Doppler."""
KEPT = {"project": "madebuy", "config": "prd", "name": "KEY"}
UNWATCHED = {"public-host-watched": {"unwatched": ["six.madebuy.com.au", "_origin.madebuy.com.au"]}}
RULES = "rules[0].expression"
PARAMETERS = "rules[0].actionParameters"
WEBHOOK = 'http.request.uri.path eq "/api/webhooks/stripe"'

FIREWALL = (
    *(
        surplus("firewall-types-current", Described(kind, "retired", {"zoneId": Of("zone"), **props}))
        for kind, props in (
            (t.FIREWALL_RULE, {"action": {"mode": "allow"}, "filter": {"expression": "true"}}),
            (t.FILTER, {"expression": "true"}),
            (t.RATE_LIMIT, {"period": 60, "threshold": 9_999, "action": {"mode": "simulate"}, "match": {}}),
        )
    ),
    *(
        added("overrides-keep-protection", t.RULESET, configuration(everywhere, **off), RULES, WEBHOOK)
        for everywhere, off in (
            ("true", {"securityLevel": "essentially_off"}),
            ('http.host eq "madebuy.com.au"', {"bic": False}),
            ('http.request.uri.path contains "/"', {"automaticHttpsRewrites": False}),
        )
    ),
    *(
        added("overrides-keep-protection", t.PAGE_RULE, page("*madebuy.com.au/*", **off), "actions", {"ssl": "strict"})
        for off in ({"ssl": "flexible"}, {"disableSecurity": True}, {"securityLevel": "off"}, {"browserCheck": "off"})
    ),
    added(
        "overrides-keep-protection",
        t.PAGE_RULE,
        page("madebuy.com.au/*", securityLevel="essentially_off"),
        "target",
        "madebuy.com.au/api/webhooks/*",
    ),
    *(
        added("cache-is-narrow", t.PAGE_RULE, page("https://madebuy.com.au/*", cacheLevel="cache_everything"), *fix)
        for fix in (
            ("target", "https://madebuy.com.au/assets/*"),
            ("actions.bypassCacheOnCookie", "session"),
            ("status", "disabled"),
        )
    ),
    *(
        added(
            "access-rule-is-narrow",
            t.IP_ACCESS_RULE,
            {"zoneId": Of("zone"), "mode": "whitelist", "configuration": {"target": target, "value": value}},
            "configuration",
            {"target": "ip", "value": "203.0.113.9"},
        )
        for target, value in (
            ("country", "AU"),
            ("asn", "AS64496"),
            ("ip_range", "203.0.0.0/16"),
            ("ip6", "2001:db8::/32"),
        )
    ),
    *(
        added("redirect-goes-where-written", t.RULESET, redirect(**bad), f"{PARAMETERS}.fromValue.targetUrl", good)
        for bad, good in (
            (
                {"expression": 'http.request.uri.args["next"][0]'},
                {"expression": 'concat("https://madebuy.com.au/go?", http.request.uri.query)'},
            ),
            (
                {"expression": 'concat("https://", url_decode(http.request.uri.args["to"][0]))'},
                {"expression": 'concat("https://", http.host, http.request.uri.path)'},
            ),
            ({"value": "http://madebuy.com.au/"}, {"value": "https://madebuy.com.au/"}),
        )
    ),
    Case(
        "zone-security-headers",
        all_of(drops("headers"), adds(Described(t.MANAGED_TRANSFORMS, "transforms", transforms(enabled=False)))),
        sets("transforms", "managedResponseHeaders[0].enabled", True),
        ("zone",),
        config={"zone-security-headers": {"headers": ["x-content-type-options", "x-frame-options", "referrer-policy"]}},
    ),
    *(
        wrong("managed-rules-act", "managed", f"{PARAMETERS}.overrides", eased, {})
        for eased in (
            {"sensitivityLevel": "eoff"},
            {"categories": [{"category": "flooding", "sensitivityLevel": "eoff"}]},
        )
    ),
)

TLS = (
    added(
        "host-minimum-tls",
        t.HOSTNAME_TLS,
        {"zoneId": Of("zone"), "hostname": "old.madebuy.com.au", "settingId": "min_tls_version", "value": "1.0"},
        "value",
        "1.2",
    ),
    added(
        "host-minimum-tls",
        t.CUSTOM_HOSTNAME,
        {"zoneId": Of("zone"), "hostname": "shop.example", "ssl": {"method": "http", "type": "dv"}},
        "ssl.settings",
        {"minTlsVersion": "1.2"},
    ),
    added(
        "ciphers-are-sound",
        t.ZONE_SETTING,
        {"zoneId": Of("zone"), "settingId": "ciphers", "value": ["ECDHE-RSA-AES128-GCM-SHA256", "DES-CBC3-SHA"]},
        "value",
        ["ECDHE-RSA-AES128-GCM-SHA256"],
    ),
    added(
        "ciphers-are-sound",
        t.CUSTOM_HOSTNAME,
        {
            "zoneId": Of("zone"),
            "hostname": "shop.example",
            "ssl": {"settings": {"minTlsVersion": "1.2", "ciphers": ["RC4-SHA"]}},
        },
        "ssl.settings.ciphers",
        ["AEAD-AES128-GCM-SHA256"],
    ),
)

DNS = (
    *(
        added("dns-spf-closed", t.DNS_RECORD, record("mail.madebuy.com.au", "TXT", content=wide), "content", narrow)
        for wide, narrow in (
            ("v=spf1 ip4:0.0.0.0/1 ip4:128.0.0.0/1 -all", "v=spf1 ip4:203.0.113.0/24 -all"),
            ('"v=spf1 include:amazonses.com " "+all"', '"v=spf1 include:amazonses.com " "-all"'),
        )
    ),
    added(
        "dns-no-internal-address",
        t.DNS_RECORD,
        record("six.madebuy.com.au", "AAAA", content="64:ff9b::10.0.0.1", proxied=True),
        "content",
        "64:ff9b::203.0.113.10",
        UNWATCHED,
    ),
    added(
        "dns-record-proxied",
        t.DNS_RECORD,
        record("_origin.madebuy.com.au", "A", content="203.0.113.10", proxied=False),
        "proxied",
        True,
        UNWATCHED,
    ),
    added(
        "dns-target-ours",
        t.DNS_RECORD,
        record("_chat._tcp.madebuy.com.au", "SRV", data={"target": "gone.example", "port": 5222, "weight": 1}),
        "data.target",
        "chat.up.railway.app",
    ),
    *(
        wrong("dns-dmarc", "dmarc", "content", f"v=DMARC1; p=reject; {weak}", "v=DMARC1; p=reject; pct=100", at="zone")
        for weak in ("pct=1", "t=y")
    ),
    *(
        surplus(rule, Described(t.DNS_RECORD, "second", record(host, "TXT", content=content)), at="zone")
        for rule, host, content in (
            ("dns-dmarc", "_dmarc", "v=DMARC1; p=none"),
            ("dns-spf", "@", "v=spf1 include:up.railway.app -all"),
        )
    ),
)

ACCESS = (
    *(
        added(
            "access-names-someone",
            t.ACCESS_POLICY,
            {"accountId": ACCOUNT, "name": "in", "decision": decision, "includes": [{"everyone": {}}], **more},
            "includes",
            [{"emailDomain": {"domain": "madebuy.com.au"}}],
        )
        for decision, more in (("allow", {}), ("bypass", {"requires": [{"geo": {"countryCode": "AU"}}]}))
    ),
    added(
        "access-token-ends",
        t.ACCESS_SERVICE_TOKEN,
        {"accountId": ACCOUNT, "name": "deploy", "duration": "forever"},
        "duration",
        "8760h",
    ),
    *(
        added(
            "tunnel-checks-certificate",
            t.TUNNEL_CONFIG,
            {
                "accountId": ACCOUNT,
                "tunnelId": "a",
                "config": {"ingresses": [{"service": service, **of_way}], **of_all},
            },
            "config",
            {"ingresses": [{"service": "https://localhost:8443", "originRequest": {"noTlsVerify": True}}]},
        )
        for service, of_way, of_all in (
            ("https://db.internal", {"originRequest": {"noTlsVerify": True}}, {}),
            ("https://db.internal", {}, {"originRequest": {"noTlsVerify": True}}),
        )
    ),
)

WORKERS = (
    added(
        "worker-secrets-hidden",
        t.WORKER,
        {
            "accountId": ACCOUNT,
            "scriptName": "front",
            "bindings": [{"type": "plain_text", "name": "DATABASE_PASSWORD", "text": Marked("correct-horse")}],
        },
        "bindings[0].type",
        "secret_text",
    ),
    added(
        "worker-secrets-hidden",
        t.PAGES_PROJECT,
        {
            "accountId": ACCOUNT,
            "name": "site",
            "deploymentConfigs": {"production": {"envVars": {"API_KEY": {"value": Marked("correct-horse")}}}},
        },
        "deploymentConfigs.production.envVars.API_KEY.type",
        "secret_text",
    ),
    *(
        added("worker-secrets-hidden", kind, {"accountId": ACCOUNT, **props}, path, Marked("correct-horse"))
        for kind, props, path in (
            (
                t.WORKER,
                {"scriptName": "a", "bindings": [{"type": "secret_text", "name": "KEY", "text": "correct-horse"}]},
                "bindings[0].text",
            ),
            (
                t.PAGES_PROJECT,
                {
                    "name": "a",
                    "deploymentConfigs": {"preview": {"envVars": {"KEY": {"type": "secret_text", "value": "correct"}}}},
                },
                "deploymentConfigs.preview.envVars.KEY.value",
            ),
        )
    ),
    *(
        Case(
            "worker-one-way-in",
            adds(
                Described(t.WORKER, "front", {"accountId": ACCOUNT, "scriptName": "front"}),
                Described(kind, "way", {"zoneId": Of("zone"), **way}),
                Described(
                    t.WORKER_SUBDOMAIN, "subdomain", {"accountId": ACCOUNT, "scriptName": named, "enabled": True}
                ),
            ),
            sets("subdomain", "enabled", False),
            ("subdomain",),
        )
        for kind, way, named in (
            (t.WORKER_ROUTE, {"pattern": "madebuy.com.au/*", "script": "front"}, "front"),
            (t.WORKER_ROUTE, {"pattern": "madebuy.com.au/*", "script": Of("front")}, Of("front")),
            (t.WORKER_DOMAIN, {"hostname": "madebuy.com.au", "service": Of("front")}, "front"),
        )
    ),
)

MONITORS = (
    *(
        wrong("monitor-expects-success", "monitor", "expectedCodes", bad, good)
        for bad, good in (("2xx,5xx", "2xx"), ("200-599", "200-299"), ("200, 404", "200, 204"))
    ),
    wrong("monitor-expects-success", "healthcheck", "httpConfig.expectedCodes", ["200", "503"], ["2xx"]),
)

ATLAS = (
    surplus(
        "atlas-cluster-type-current",
        Described(
            t.LEGACY_CLUSTER,
            "legacy",
            project(name="old", providerName="AWS", providerInstanceSizeName="M10", cloudBackup=False),
        ),
    ),
    *(
        added("atlas-access-list-narrow", kind, {"cidrBlock": "0.0.0.0/0", **props}, "cidrBlock", "203.0.113.10/32")
        for kind, props in (
            (t.ATLAS_API_KEY_ENTRY, {"orgId": "1", "apiKeyId": "a"}),
            (t.ATLAS_ACCOUNT_ENTRY, {"orgId": "1", "clientId": "a"}),
            (t.ATLAS_PROJECT_ACCOUNT_ENTRY, project(clientId="a")),
        )
    ),
    added(
        "atlas-access-list-narrow",
        t.IP_ACCESS_LIST,
        project(cidrBlock="::ffff:203.0.112.0/119", comment="egress"),
        "cidrBlock",
        "::ffff:203.0.113.0/120",
    ),
    *(
        added(rule, kind, props, path, fixed)
        for rule, kind, props, path, fixed in (
            (
                "atlas-api-key-no-owner",
                t.ATLAS_PROJECT_API_KEY,
                {
                    "description": "a",
                    "projectAssignments": [{"projectId": Of("project"), "roleNames": ["GROUP_OWNER"]}],
                },
                "projectAssignments[0].roleNames",
                ["GROUP_READ_ONLY"],
            ),
            (
                "atlas-api-key-no-owner",
                t.ATLAS_API_KEY_ASSIGNMENT,
                project(apiKeyId="a", roles=["GROUP_OWNER"]),
                "roles",
                ["GROUP_READ_ONLY"],
            ),
            (
                "atlas-service-account-no-owner",
                t.ATLAS_ACCOUNT_ASSIGNMENT,
                project(clientId="a", roles=["GROUP_OWNER"]),
                "roles",
                ["GROUP_READ_ONLY"],
            ),
            (
                "atlas-service-account-secret-ends",
                t.ATLAS_SERVICE_ACCOUNT_SECRET,
                {"orgId": "1", "clientId": "a", "secretExpiresAfterHours": 8_760},
                "secretExpiresAfterHours",
                24,
            ),
            (
                "atlas-service-account-secret-ends",
                t.ATLAS_PROJECT_SERVICE_ACCOUNT_SECRET,
                project(clientId="a", secretExpiresAfterHours=8_760),
                "secretExpiresAfterHours",
                24,
            ),
            (
                "atlas-federation-grants-little",
                t.ATLAS_FEDERATION,
                {"orgId": "1", "federationSettingsId": "a", "postAuthRoleGrants": ["ORG_OWNER"]},
                "postAuthRoleGrants",
                ["ORG_MEMBER"],
            ),
        )
    ),
    wrong(
        "atlas-service-account-no-owner",
        "organization",
        "serviceAccount",
        {"name": "first", "description": "a", "roles": ["ORG_OWNER"], "secretExpiresAfterHours": 8},
        {"name": "first", "description": "a", "roles": ["ORG_MEMBER"], "secretExpiresAfterHours": 8},
    ),
    *(
        wrong(
            "atlas-guard-rail-forbids", "guard-rail", "policies[0].body", body, "forbid (principal, action, resource);"
        )
        for body in ("permit (principal, action, resource); // forbid (", "// forbid (principal, action, resource);")
    ),
    wrong("atlas-user-no-admin-role", "user", "roles[0].roleName", "backup", "web"),
    *(
        wrong("atlas-encryption-by-role", "encryption", path, given, {"roleId": "a"})
        for path, given in (
            ("azureKeyVaultConfig", {"secret": Marked("correct-horse")}),
            ("googleCloudKmsConfig", {"serviceAccountKey": Marked("correct-horse")}),
        )
    ),
)

QSTASH = tuple(
    added("qstash-over-tls", kind, props, path, good)
    for kind, props, path, good in (
        (t.QSTASH_ENDPOINT, {"topicId": "a", "url": "http://madebuy.com.au/job"}, "url", "https://madebuy.com.au/job"),
        (t.QSTASH_TOPIC, {"name": "a", "endpoints": ["http://madebuy.com.au/job"]}, "endpoints", ["https://a.example"]),
        (t.QSTASH_SCHEDULE, {"cron": "* * * * *", "destination": "http://a.example"}, "destination", "topic"),
    )
)

CASES = (*FIREWALL, *TLS, *DNS, *ACCESS, *WORKERS, *MONITORS, *ATLAS, *QSTASH)
