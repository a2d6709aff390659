"""Doppler: who may read an environment's secrets, and who may change them."""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from policies.checks import instant, is_true, must, none_of, one_of, text
from policies.credentials import names_credential
from policies.rule import NOWHERE, PRODUCTION, Severity, resource_rule, stack_rule, whole
from policies.tokens import (
    ACCOUNT_TOKEN,
    API_TOKEN,
    ATLAS_AI_MODEL_API_KEY,
    ATLAS_API_KEY,
    ATLAS_MCP_CONFIG_SECRET,
    ATLAS_PROJECT_API_KEY,
    ATLAS_PROJECT_MCP_CONFIG_SECRET,
    ATLAS_PROJECT_SERVICE_ACCOUNT,
    ATLAS_PROJECT_SERVICE_ACCOUNT_SECRET,
    ATLAS_SERVICE_ACCOUNT,
    ATLAS_SERVICE_ACCOUNT_SECRET,
    DATABASE_USER,
    DOPPLER_ENVIRONMENT,
    DOPPLER_MEMBER_ACCOUNT,
    DOPPLER_MEMBER_GROUP,
    DOPPLER_SECRET,
    DOPPLER_SERVICE_ACCOUNT_TOKEN,
    DOPPLER_SERVICE_TOKEN,
    DOPPLER_WEBHOOK,
    REDIS_DATABASE,
    TURNSTILE_WIDGET,
    X509_USER,
)
from policies.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from policies.model import Finding, Resource, Stack

_REFERENCE = re.compile(r"\$\{(?:[\w-]+\.)?([\w-]+)\.\w+\}")
"""${config.NAME} or ${project.config.NAME}: docs.doppler.com/docs/secrets, secrets referencing."""
_PASSWORDS = ("password", "passwordWo")
_END = (ACCOUNT_TOKEN, API_TOKEN)
_ACCOUNTS = (ATLAS_SERVICE_ACCOUNT, ATLAS_PROJECT_SERVICE_ACCOUNT)
_SECRETS_OF_ACCOUNTS = (ATLAS_SERVICE_ACCOUNT_SECRET, ATLAS_PROJECT_SERVICE_ACCOUNT_SECRET)
_GIVE_CREDENTIALS = (
    *_END,
    REDIS_DATABASE,
    TURNSTILE_WIDGET,
    ATLAS_AI_MODEL_API_KEY,
    ATLAS_API_KEY,
    ATLAS_MCP_CONFIG_SECRET,
    ATLAS_PROJECT_API_KEY,
    ATLAS_PROJECT_MCP_CONFIG_SECRET,
    *_ACCOUNTS,
    *_SECRETS_OF_ACCOUNTS,
    DATABASE_USER,
    X509_USER,
)
"""What a vendor answers with a credential, or is given one for whoever logs in. Doppler's own tokens open Doppler: they
lie where the app starts."""

resource_rule(
    id="doppler-service-token-read-only",
    title="A service token reads secrets and does not change them",
    risk="An app that is taken over could replace every other app's credentials through its own token.",
    fix='Set access to "read".',
    severity=Severity.HIGH,
    audit="2.3 P0.2 Secrets management",
    cis="5.4",
    reads={DOPPLER_SERVICE_TOKEN: ("access",)},
    shows=("access",),
)(must("access", one_of("read"), required=False))


@resource_rule(
    id="doppler-secret-masked",
    title="A secret is masked in Doppler",
    risk="It is readable over the shoulder of everyone who opens the dashboard.",
    fix='Set visibility to "masked" or "restricted"; unmasked is for variables that are no secret.',
    severity=Severity.MEDIUM,
    audit="2.3 P0.2 Secrets management",
    cis="3.3",
    reads={DOPPLER_SECRET: ("visibility", "name")},
    shows=("visibility",),
)
def secret_is_masked(secret: Resource) -> Iterator[Finding]:
    """By the variable's name; masked is Doppler's default."""
    name = text(secret.value("name"))
    if secret.value("visibility") is UNKNOWN:
        yield secret.cannot_tell("visibility")
    if secret.value("visibility") == "unmasked" and names_credential(name) and not name.startswith("NEXT_PUBLIC_"):
        yield secret.violates("visibility", "unmasked")


@stack_rule(
    id="credentials-reach-doppler",
    title="A credential that a vendor gives out goes to Doppler",
    risk="It is copied by hand into a console or a chat, and stays there.",
    fix="Give the resource's credential to a doppler.Secret of the app that uses it.",
    severity=Severity.HIGH,
    audit="2.3 P0.2 Secrets management",
    cis="3.11",
    reads={
        DOPPLER_SECRET: ("value",),
        **dict.fromkeys(_GIVE_CREDENTIALS, ()),
        **dict.fromkeys(_END, ("policies", "expiresOn")),
        **dict.fromkeys(_ACCOUNTS, ("withoutInitialSecret",)),
        **dict.fromkeys(_SECRETS_OF_ACCOUNTS, ("clientId",)),
        DATABASE_USER: ("password", "passwordWo", "authDatabaseName", "roles"),
        X509_USER: ("customerX509Cas",),
    },
)
def credentials_reach_doppler(stack: Stack) -> Iterator[Finding]:
    """By the links of a secret's value. A stack without Doppler keeps its secrets elsewhere.

    While a credential is rotated two work, and Doppler has the newer one. Of tokens the older may do the same, and
    ends no later; of database users each may do the same.
    """
    secrets = list(stack.of(DOPPLER_SECRET))
    reached = {urn for secret in secrets for urn in secret.links.get("value", ())}
    values = [text(secret.value("value")) for secret in secrets]
    givers = list(stack.of(*_GIVE_CREDENTIALS)) if secrets else []
    held = [one for one in givers if reached & {one.urn, *_made_by(one)} or _is_written(one, values)]
    for giver in givers:
        if giver not in held and _gives_one(stack, giver) and not any(_is_followed_by(giver, one) for one in held):
            yield giver.wants("gives a credential that no doppler.Secret holds")


def _gives_one(stack: Stack, giver: Resource) -> bool:
    """Whether there is a credential at all, and not another resource of the stack that gives it in its place."""
    if giver.type == DATABASE_USER:
        return giver.value("authDatabaseName") != "$external" and any(giver.has(one) for one in _PASSWORDS)
    if giver.type == X509_USER:
        return not giver.has("customerX509Cas")
    if giver.type in _ACCOUNTS:
        others = any(stack.companions(giver, kind, "clientId") for kind in _SECRETS_OF_ACCOUNTS)
        return giver.value("withoutInitialSecret") is not True and not others
    return True


def _made_by(user: Resource) -> Iterator[str]:
    """What made a user's password: it may go to Doppler without the user."""
    for path in _PASSWORDS if user.type == DATABASE_USER else ():
        yield from user.links.get(path, ())


def _is_written(user: Resource, values: Collection[str]) -> bool:
    """Whether a user's password, which came from nowhere in the stack, stands in a secret's value."""
    passwords = [text(user.value(path)) for path in _PASSWORDS] if user.type == DATABASE_USER else []
    return any(password in value for password in passwords if password for value in values)


def _is_followed_by(old: Resource, new: Resource) -> bool:
    """Whether a token is the generation before another one, or a user the other of a pair."""
    if old.type == new.type == DATABASE_USER:
        return bool(old.value("roles") == new.value("roles"))
    if old.type != new.type or old.type not in _END or old.value("policies") != new.value("policies"):
        return False
    ends = instant(old.value("expiresOn")), instant(new.value("expiresOn"))
    return ends[0] is not None and ends[1] is not None and ends[0] <= ends[1]


resource_rule(
    id="doppler-no-personal-configs",
    title="Production has no personal configs",
    risk="Every developer has a copy of production's secrets on a laptop.",
    fix="Remove personalConfigs, or set it to false.",
    severity=Severity.HIGH,
    audit="2.3 P0.2 Secrets management",
    cis="3.3",
    applies=PRODUCTION,
    reads={DOPPLER_ENVIRONMENT: ("personalConfigs",)},
    shows=("personalConfigs",),
)(must("personalConfigs", lambda value: value is False, required=False))


@resource_rule(
    id="doppler-account-token-ends",
    title="A service account's token ends, and soon enough",
    risk="A token that leaked from a build log works until it ends.",
    fix="Set expiresAt to a time within the allowed number of days.",
    severity=Severity.HIGH,
    audit="2.2 No secrets rotation policy",
    cis="5.3",
    reads={DOPPLER_SERVICE_ACCOUNT_TOKEN: ("expiresAt",)},
    shows=("expiresAt",),
    options={"max_days": whole(366, 1, 1_096, "The longest life of a token, in days.")},
)
def account_token_ends(token: Resource, *, max_days: int) -> Iterator[Finding]:
    """From today."""
    value = token.value("expiresAt")
    end = instant(value)
    midnight = dt.datetime.combine(token.environment.today, dt.time(), dt.UTC)
    if value is None:
        yield token.lacks("expiresAt")
    elif value is UNKNOWN:
        yield token.cannot_tell("expiresAt")
    elif end is None or not midnight < end <= midnight + dt.timedelta(days=max_days):
        yield token.violates("expiresAt", value, f"is not within the next {max_days} days")


resource_rule(
    id="doppler-service-token-rotates",
    title="An app opens its secrets with a token that ends",
    risk="A service token has no end; only someone who remembers it rotates it.",
    fix="Use a ServiceAccountToken with expiresAt (Team plan), or rotate the service token on a schedule.",
    severity=Severity.LOW,
    mandatory=PRODUCTION,
    audit="2.2 No secrets rotation policy; needs a paid plan, asked where a pack config says so",
    cis="5.3",
    applies=NOWHERE,
    reads={DOPPLER_SERVICE_TOKEN: ()},
)(lambda token: iter((token.wants("never ends"),)))

resource_rule(
    id="doppler-webhook-signed",
    title="A webhook of Doppler is signed",
    risk="Anyone who knows the address can tell the receiver that secrets changed.",
    fix="Set secret, and check the signature where the webhook arrives.",
    severity=Severity.MEDIUM,
    audit="2.3 P0.2 Secrets management",
    cis="3.10",
    reads={DOPPLER_WEBHOOK: ("secret", "url")},
)(lambda webhook: iter(() if webhook.has("secret") else (webhook.lacks("secret"),)))

resource_rule(
    id="doppler-webhook-tls",
    title="A webhook of Doppler goes over https",
    risk="The names of changed secrets, and the webhook's own credentials, cross the network in the clear.",
    fix="Use an https address.",
    severity=Severity.MEDIUM,
    audit="2.3 P0.2 Secrets management",
    cis="3.10",
    reads={DOPPLER_WEBHOOK: ("url",)},
)(must("url", lambda url: isinstance(url, str) and url.startswith("https://"), unknown=True))

resource_rule(
    id="doppler-webhook-enabled",
    title="A webhook in the program is switched on",
    risk="Apps keep running with secrets that were replaced.",
    fix="Remove enabled, or set it to true.",
    severity=Severity.LOW,
    mandatory=PRODUCTION,
    audit="2.3 P0.2 Secrets management",
    cis="4.1",
    reads={DOPPLER_WEBHOOK: ("enabled",)},
    shows=("enabled",),
)(must("enabled", is_true, required=False))

resource_rule(
    id="doppler-member-not-admin",
    title="A service account or group looks after secrets, not after the project",
    risk="Whoever takes over a build adds members and deletes environments.",
    fix='Set role to "viewer" or "collaborator".',
    severity=Severity.MEDIUM,
    audit="2.3 Security recommendations: least privilege",
    cis="5.4",
    reads={DOPPLER_MEMBER_ACCOUNT: ("role",), DOPPLER_MEMBER_GROUP: ("role",)},
    shows=("role",),
)(must("role", none_of("admin")))


@stack_rule(
    id="doppler-secret-own-environment",
    title="A production secret takes its value from its own environment",
    risk="Whoever may change a value in development changes it in production; a test key takes customers' payments.",
    fix="Write the value itself, or refer to a config of the same environment.",
    severity=Severity.HIGH,
    audit="2.3 P0.2 Secrets management",
    cis="3.3",
    applies=PRODUCTION,
    reads={DOPPLER_SECRET: ("value", "config"), DOPPLER_ENVIRONMENT: ("slug",)},
)
def secret_stays_in_its_environment(stack: Stack) -> Iterator[Finding]:
    """By Doppler's references, ${project.config.NAME}: its inheritance between configs is no input of the provider.

    A config is called after its environment: prd, prd_web. One that is not known yet is of an environment of the stack.
    """
    slugs = {text(one.value("slug")) for one in stack.of(DOPPLER_ENVIRONMENT)}
    for secret in stack.of(DOPPLER_SECRET):
        own = {text(secret.value("config")), *slugs} - {""}
        for config in _REFERENCE.findall(text(secret.value("value"))):
            if own and not any(_environment(config) == _environment(one) for one in own):
                yield secret.wants("refers to a config of another environment", "value")


def _environment(config: str) -> str:
    return config.partition("_")[0]
