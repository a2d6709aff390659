"""What sensible programs say, and no rule has anything against, though one nearby could take it for a mistake."""

from __future__ import annotations

import pytest

from policies import tokens as t
from policies.model import STACK_TYPE, Environment, Resource, Stack
from tests.policies.cases_others import ADMINISTERED, BY_ROLE, GLUE, allow, trust
from tests.policies.changes import Change, adds, all_of, drops, sets
from tests.policies.described import Described, Marked, Of
from tests.policies.estate import ASKED, ESTATE
from tests.policies.estate_base import AWS, TAGS, document
from tests.policies.judging import RULES, TODAY, findings

REFUSE = {"Effect": "Deny", "Principal": {"AWS": f"{AWS}:role/reports"}, "Action": "kms:Decrypt", "Resource": "*"}
USER = {"projectId": Of("cluster"), "roles": [{"roleName": "web"}], "scopes": [{"name": "madebuy", "type": "CLUSTER"}]}


def user(name: str, password: object) -> Described:
    return Described(t.DATABASE_USER, name, {**USER, "username": name, "password": password})


def secret(value: object) -> Described:
    return Described(t.DOPPLER_SECRET, "uri", {"config": "prd_web", "name": "MONGODB_URI", "value": Marked(value)})


def lifecycle(prefix: str, days: int) -> dict[str, object]:
    deletion = {"condition": {"type": "Age", "maxAge": days * 86_400}}
    return {"id": "end", "enabled": True, "conditions": {"prefix": prefix}, "deleteObjectsTransition": deletion}


@pytest.mark.parametrize(
    "change",
    {
        "machines in a region that another detector watches": all_of(
            sets("detector", "region", "ap-southeast-2"),
            adds(Described(t.EC2_INSTANCE, "machine", {"region": "ap-southeast-4"})),
        ),
        "a database whose logins GuardDuty can't read": adds(
            Described(t.RDS_INSTANCE, "database", {"engine": "sqlserver-ex"})
        ),
        "a key that the account's root administers and a role is refused": sets(
            "key", "policy", document(BY_ROLE, ADMINISTERED, REFUSE)
        ),
        "Atlas's role by its ARN, whatever it is called": all_of(
            sets("authorization", "aws.iamAssumedRoleArn", f"{AWS}:role/generated-1f2e"),
            sets("key", "policy", allow("kms:Decrypt", Principal={"AWS": f"{AWS}:role/generated-1f2e"})),
        ),
        "a role without a name of its own, which no first preview knows": all_of(
            sets("atlas-role", "name", None),
            sets("key", "policy", allow("kms:Decrypt", Principal={"AWS": f"{AWS}:role/generated-1f2e"})),
        ),
        "another key for other data": adds(
            Described(
                t.KMS_KEY,
                "other",
                {
                    "description": "Encrypts the reports",
                    "enableKeyRotation": True,
                    "tags": TAGS,
                    "policy": allow("kms:Decrypt", Principal={"AWS": f"{AWS}:role/reports"}),
                },
                protect=True,
            ),
            Described(t.KMS_ALIAS, "other-alias", {"targetKeyId": Of("other")}),
        ),
        "a key whose policy is a resource of its own": all_of(
            sets("key", "policy", None),
            adds(
                Described(
                    t.KMS_KEY_POLICY,
                    "key-policy",
                    {"keyId": Of("key"), "policy": allow("kms:Decrypt", Principal={"AWS": f"{AWS}:role/atlas"})},
                )
            ),
        ),
        "a grant to Atlas's role": adds(
            Described(
                t.KMS_GRANT,
                "grant",
                {"keyId": Of("key"), "granteePrincipal": Of("atlas-role"), "operations": ["Decrypt"]},
            )
        ),
        "a policy that refuses a bucket that anybody can foretell": sets(
            "use-of-key", "policy", document({"Effect": "Deny", "Action": "s3:*", "Resource": GLUE})
        ),
        "a bucket with a service's word in its name": sets(
            "use-of-key", "policy", allow("s3:GetObject", "arn:aws:s3:::sagemaker-models-of-madebuy/*")
        ),
        "an access point that says nothing, which is AWS's safe default": adds(
            Described(t.S3_ACCESS_POINT, "point", {"bucket": "madebuy-exports"})
        ),
        "an account that GuardDuty does not manage for others": adds(
            Described(t.GUARDDUTY_ADMIN_ACCOUNT, "administrator", {"adminAccountId": "000000000002"})
        ),
        "a role of Lambda's": adds(
            Described(
                t.IAM_ROLE,
                "function-role",
                {"name": "f", "tags": TAGS, "assumeRolePolicy": trust({"Service": "lambda.amazonaws.com"})},
            )
        ),
        "custom rules in a ruleset that the zone's entry point executes": all_of(
            sets("custom", "kind", "custom"),
            adds(
                Described(
                    t.RULESET,
                    "entry",
                    {
                        "zoneId": Of("zone"),
                        "kind": "zone",
                        "name": "entry",
                        "phase": "http_request_firewall_custom",
                        "rules": [
                            {
                                "ref": "ours",
                                "action": "execute",
                                "expression": "true",
                                "actionParameters": {"id": Of("custom")},
                            }
                        ],
                    },
                )
            ),
        ),
        "a policy of client-side security that is off": adds(
            Described(t.PAGE_SHIELD_POLICY, "off", {"enabled": False})
        ),
        "backups that are deleted early where none are locked for long": sets(
            "backups-lifecycle", "rules[1]", lifecycle("daily/", 28)
        ),
        "two users of one client, of whom Doppler has the one": all_of(
            adds(user("web-a", Marked("correct-horse-a")), user("web-b", Marked("correct-horse-b"))),
            adds(secret(Of("web-b"))),
        ),
        "a password from a config, which Doppler has in its text": adds(
            user("web-a", Marked("correct-horse-a")), secret("mongodb+srv://web-a:correct-horse-a@cluster.example.net")
        ),
        "a service account with a secret of its own": all_of(
            drops("service-account-secret"),
            adds(
                Described(
                    t.ATLAS_SERVICE_ACCOUNT_SECRET,
                    "first",
                    {"clientId": Of("service-account"), "secretExpiresAfterHours": 8},
                ),
                secret(Of("first")),
            ),
        ),
        "hosts that lead to a host that is watched": adds(
            *(
                Described(
                    t.DNS_RECORD,
                    f"alias-{number}",
                    {
                        "zoneId": Of("zone"),
                        "name": name,
                        "type": "CNAME",
                        "content": target,
                        "proxied": True,
                        "ttl": 1,
                        "comment": "x",
                    },
                )
                for number, (name, target) in enumerate(
                    (
                        ("shop.madebuy.com.au", "madebuy.com.au."),
                        ("pictures.madebuy.com.au", "media.madebuy.com.au"),
                        ("old", "shop.madebuy.com.au"),
                    )
                )
            )
        ),
    }.items(),
    ids=lambda pair: pair[0],
)
def test_no_rule_has_anything_against(change: tuple[str, Change]) -> None:
    passwords = {"atlas-user-external-authentication": {"appliesIn": "nowhere"}}

    assert findings(change[1](ESTATE), config={**ASKED, **passwords}) == set()


@pytest.mark.parametrize(("tags", "asked"), [(None, False), ({}, True), ({"environment": "production"}, True)])
def test_a_stack_whose_tags_nobody_told_is_not_asked_for_any(tags: dict[str, str] | None, asked: bool) -> None:
    environment = Environment("prod", production=True, high_availability=False, today=TODAY)
    root = Resource("urn:pulumi:prod::p::pulumi:pulumi:Stack::p-prod", STACK_TYPE, {}, environment)

    found = list(RULES["stack-tagged"].find(Stack((root,), tags), {"keys": ["project"], "stacks": ["prod"]}))

    assert bool(found) is asked
