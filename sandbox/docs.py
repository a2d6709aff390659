"""`python -m sandbox.docs`: writes the generated parts of docs/SANDBOX.md again."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from sandbox import faults, objects, rules, schema, vendors
from sandbox.api.server import APIS
from sandbox.kind import Kind, OnDelete, OnDuplicate

DOCUMENT = Path(__file__).parent.parent / "docs" / "SANDBOX.md"
NAMES = {
    "aws": "AWS",
    "cloudflare": "Cloudflare",
    "doppler": "Doppler",
    "mongodbatlas": "MongoDB Atlas",
    "random": "random",
    "tls": "tls",
    "upstash": "Upstash",
}


def counts() -> str:
    """How much is known and how much of it is simulated, per provider."""
    lines = [
        "| provider | SDK | types known | simulated | functions known | simulated | rules |",
        "|---|---|--:|--:|--:|--:|--:|",
    ]
    ruled = Counter(provider for rule in rules.RULES.values() for provider in {t.split(":")[0] for t in rule.types})
    for provider in schema.PROVIDERS:
        known = schema.tokens(provider)
        functions = [token for token in known if token.rsplit(":", 1)[-1].startswith("get")]
        simulated = [token for token in vendors.KINDS if token.startswith(f"{provider}:")]
        answered = [token for token in vendors.FUNCTIONS if token.startswith(f"{provider}:")]
        cells = (
            NAMES[provider],
            schema.sdk_version(provider),
            len(known) - len(functions),
            len(simulated),
            len(functions),
            len(answered),
            ruled[provider],
        )
        lines.append("| " + " | ".join(str(cell) for cell in cells) + " |")
    return "\n".join(lines)


def types() -> str:
    """Every simulated type with what it does beside create, read, update and delete."""
    lines = []
    for provider in schema.PROVIDERS:
        lines += [
            f"### {NAMES[provider]}",
            "",
            "| type | a second one | delete | never returned | import |",
            "|---|---|---|---|---|",
        ]
        lines += [_row(k) for k in sorted(vendors.KINDS.values(), key=lambda k: k.label) if k.provider == provider]
        lines.append("")
    return "\n".join(lines).rstrip()


def _row(kind: Kind) -> str:
    second = (
        "vendor " + kind.on_duplicate.value
        if kind.name or kind.on_duplicate is not OnDuplicate.REFUSE
        else "another object"
    )
    delete = "nothing: it stays" if kind.on_delete is OnDelete.KEEP else "removes it"
    if kind.stateless:
        second, delete = "another value", "forgets it"
    hidden = ", ".join(f"`{name}`" for name in sorted(kind.unreadable))
    key = kind.key if isinstance(kind.key, str) else "by its parts"
    imported = f"`{key}`" if kind.importable and not kind.stateless else "no"
    return f"| {kind.label} | {second} | {delete} | {hidden} | {imported} |"


def rule_table() -> str:
    """Every vendor rule with when it speaks and where it was read."""
    lines = ["| rule | what is refused otherwise | types | when | source |", "|---|---|---|---|---|"]
    for rule in sorted(rules.RULES.values(), key=lambda rule: (rule.types[0].split(":")[0], rule.id)):
        labels = [token.rsplit(":", 1)[-1] for token in rule.types]
        listed = ", ".join(labels) if len(labels) <= 5 else f"all {len(labels)} of {NAMES[rule.types[0].split(':')[0]]}"
        when = "create, update, known ids" if rule.across else "check"
        lines.append(f"| {rule.id} | {rule.title} | {listed} | {when} | {rule.source} |")
    return "\n".join(lines)


def endpoints() -> str:
    """Every read endpoint."""
    lines = ["| vendor | endpoint |", "|---|---|"]
    return "\n".join(lines + [f"| {name} | `{pattern}` |" for name, api in APIS.items() for pattern, _ in api.routes])


def actions() -> str:
    """What a fault can do."""
    return "\n".join(
        ["| action | what happens |", "|---|---|", *(f"| {n} | {text} |" for n, text in faults.ACTIONS.items())]
    )


def commands() -> str:
    """The out-of-band commands."""
    return "\n".join(["```", *(f"python -m sandbox {usage}" for usage in objects.COMMANDS.values()), "```"])


PARTS = {
    "actions": actions,
    "commands": commands,
    "counts": counts,
    "endpoints": endpoints,
    "rules": rule_table,
    "types": types,
}


def written(text: str) -> str:
    """The document with every generated part made again."""
    for name, make in PARTS.items():
        before, start, rest = text.partition(f"<!-- generated: {name} -->\n")
        _, end, after = rest.partition("<!-- end -->")
        text = before + start + make() + "\n" + end + after
    return text


if __name__ == "__main__":
    DOCUMENT.write_text(written(DOCUMENT.read_text()))
    print(f"{DOCUMENT.name}: {len(vendors.KINDS)} types, {len(rules.RULES)} rules")
