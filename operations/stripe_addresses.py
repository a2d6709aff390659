"""`python -m operations stripe-addresses`: whether the addresses that pass for Stripe are Stripe's own.

The edge lets these addresses pass and, once a stack file says that somebody compared them, keeps everybody else off the
webhook path. A missing address then costs payments, in silence; so a schedule runs this, and people do when it fails.
"""

from __future__ import annotations

import argparse
import ipaddress
import json
import os
import sys
from datetime import date, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

from operations.arguments import add_today
from operations.https import get, is_secure
from operations.stacks import CommandError, read_stack
from settings import SettingsError
from settings.stripe import LIST_FILE, MOST_DAYS_UNCOMPARED, WebhookSources, digest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from settings import Firewall

CURRENT, PEOPLE_MUST_ACT, REFUSED = 0, 1, 2
DEFAULT_FILES = "https://stripe.com/files/ips"
LIST_NAME = "ips_webhooks.txt"
SETTING = "madebuy:edge.firewall.stripe_list_verified_on"


def main(arguments: Sequence[str]) -> int:
    """Exit code 0: the list is Stripe's, or is now; 1: somebody must act; 2: that could not be found out."""
    options = _parser().parse_args(arguments)
    try:
        return check(options)
    except (CommandError, SettingsError, ValueError) as error:
        print(error, file=sys.stderr)
        return REFUSED


def check(options: argparse.Namespace) -> int:
    """Compare, print what differs and what each stack makes of it, and with `--record` write the list down.

    Raises:
        CommandError: Stripe's list can't be read, or the day can't be.
        SettingsError: A stack file can't be used.
        ValueError: The repository's list does not fit its digest.
    """
    ours, published = WebhookSources.load(options.list), read_published(os.environ)
    if options.today < ours.retrieved:
        raise CommandError(
            f"Today is {options.today}, and the list was taken over on {ours.retrieved}: one of them is wrong. "
            "Set the clock right, or give the day with --today."
        )
    same = digest(published) == digest(ours.addresses)
    for line in _comparison(ours, published):
        print(line)
    if options.record:
        record(options.list, published, options.today)
        print(f"{options.list.name} says so now. In each stack that keeps others out, write")
        print(f"  {SETTING}: {_quoted(options.today)}")
        if not same:
            print("The policy pack has a copy of its own, which a test compares: policies/rules/cloudflare_stripe.py.")
        return CURRENT
    stale = []
    for path in sorted(options.project.glob("Pulumi.*.yaml")):
        firewall = read_stack(path).edge.firewall
        stale.append(_is_stale(firewall, options.today))
        print(f"  {path.name.split('.')[1]}: {_state(firewall, options.today)}")
    return CURRENT if same and not any(stale) else PEOPLE_MUST_ACT


def read_published(environment: Mapping[str, str]) -> tuple[str, ...]:
    """The addresses in Stripe's file, from where STRIPE_FILES_URL says or from Stripe.

    Raises:
        CommandError: The answer is no list of addresses; it would be a mistake to believe a part of it.
    """
    url = f"{(environment.get('STRIPE_FILES_URL') or DEFAULT_FILES).rstrip('/')}/{LIST_NAME}"
    if not is_secure(url):
        raise CommandError("STRIPE_FILES_URL must start with https://, or anyone on the way could write the list.")
    status, body = get(url, LIST_NAME)
    if status != HTTPStatus.OK:
        raise CommandError(
            f"{url} answered {status} and no list. Try again; if it stays so, look for it in Stripe's docs."
        )
    lines = [line.strip() for line in body.decode("utf-8", errors="replace").splitlines()]
    addresses = tuple(line for line in lines if line)
    wrong = next((number for number, line in enumerate(lines, 1) if line and not _is_address(line)), None)
    if wrong or not addresses:
        where = f"line {wrong} is no IPv4 address" if wrong else "it is empty"
        raise CommandError(f"{url} is no list of addresses: {where}. Look at it, and change nothing until it is one.")
    return tuple(sorted(set(addresses), key=ipaddress.IPv4Address))


def record(file: Path, published: tuple[str, ...], today: date) -> None:
    """Write the addresses down as Stripe's own, with their digest and the day; all of the file or nothing."""
    content = json.loads(file.read_text(encoding="utf-8"))
    unchanged = digest(published) == content["sha256"]
    written = {
        "source": content["source"],
        "documentation": content["documentation"],
        "retrieved": content["retrieved"] if unchanged else today.isoformat(),
        "compared": today.isoformat(),
        "sha256": digest(published),
        "addresses": list(published),
    }
    new = file.with_suffix(".new.json")
    new.write_text(json.dumps(written, indent=2) + "\n", encoding="utf-8")
    new.replace(file)


def _comparison(ours: WebhookSources, published: tuple[str, ...]) -> Iterator[str]:
    if digest(published) == digest(ours.addresses):
        yield f"The {len(published)} addresses of {ours.retrieved} are the ones that Stripe publishes."
        return
    yield f"Stripe publishes other addresses than those of {ours.retrieved}:"
    for added in (each for each in published if each not in ours.addresses):
        yield f"  + {added}: a payment reported from it is lost where others are blocked"
    for gone in (each for each in ours.addresses if each not in published):
        yield f"  - {gone}: whoever has it now passes for Stripe"
    yield "Run `python -m operations stripe-addresses --record`, have the change reviewed, and deploy it within a week."


def _is_stale(firewall: Firewall, today: date) -> bool:
    compared_on = firewall.stripe_list_verified_on
    return compared_on is not None and today > compared_on + timedelta(days=MOST_DAYS_UNCOMPARED)


def _state(firewall: Firewall, today: date) -> str:
    """What a stack does with the list, and what to write."""
    compared_on, path = firewall.stripe_list_verified_on, firewall.stripe_webhook_path
    if compared_on is None:
        return f"anyone may call {path}. To keep others out, write {SETTING}: {_quoted(today)}"
    if _is_stale(firewall, today):
        return (
            f"keeps others off {path} by a comparison of {compared_on}, more than {MOST_DAYS_UNCOMPARED} days ago. "
            f"Write {SETTING}: {_quoted(today)}, or null, and deploy"
        )
    return f"keeps others off {path}; compare again by {compared_on + timedelta(days=MOST_DAYS_UNCOMPARED)}"


def _quoted(day: date) -> str:
    """As it has to stand in YAML, which would make a time of it otherwise."""
    return f'"{day}"'


def _is_address(line: str) -> bool:
    try:
        ipaddress.IPv4Address(line)
    except ValueError:
        return False
    return True


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m operations stripe-addresses", description=main.__doc__)
    parser.add_argument("--record", action="store_true", help="write Stripe's list, its digest and the day down")
    parser.add_argument("--list", type=Path, default=LIST_FILE, help="the file to compare (default this repository's)")
    parser.add_argument("--project", type=Path, default=Path(), help="the folder of the stack files (default here)")
    add_today(parser)
    return parser
