"""random and tls: values made once and kept in Pulumi's state; there is no vendor behind them."""

from __future__ import annotations

import base64
import hashlib
import secrets
import string
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sandbox.kind import Kind, Vendor
from sandbox.vendors.forms import base64_of, constant, now, unique

if TYPE_CHECKING:
    from collections.abc import Callable

    from sandbox.kind import Making

SOURCE = "pulumi_random 4.21.4 and pulumi_tls 5.6.2, resource documentation in the SDKs"
SERIAL_BITS = 128
PET_WORDS = ("brave", "calm", "eager", "fond", "glad", "keen", "merry", "proud", "koala", "quokka", "wombat", "galah")
SPECIAL = "!@#$%&*()-_=+[]{}<>:?"


def _password(making: Making) -> str:
    """Characters of the classes that are on, at least as many of each as asked, as the random provider draws them."""
    classes = {
        "Lower": string.ascii_lowercase if making["lower"] else "",
        "Upper": string.ascii_uppercase if making["upper"] else "",
        "Numeric": string.digits if making["numeric"] and making["number"] else "",
        "Special": (making["overrideSpecial"] or SPECIAL) if making["special"] else "",
    }
    drawn = [
        secrets.choice(chars) for name, chars in classes.items() if chars for _ in range(making[f"min{name}"] or 0)
    ]
    everything = "".join(classes.values())
    drawn += [secrets.choice(everything) for _ in range(making["length"] - len(drawn))]
    secrets.SystemRandom().shuffle(drawn)
    return "".join(drawn)


def _bytes(making: Making) -> str:
    return base64_of(making["length"])


def _hex_of_base64(making: Making) -> str:
    return base64.b64decode(making["base64"]).hex()


def _random_id(making: Making) -> str:
    return secrets.token_hex(making["byteLength"])


def _prefixed(encode: Callable[[bytes], str]) -> Callable[[Making], str]:
    return lambda making: (making["prefix"] or "") + encode(bytes.fromhex(making["_hex"]))


def _integer(making: Making) -> int:
    return making["min"] + secrets.randbelow(making["max"] - making["min"] + 1)  # type: ignore[no-any-return]  # checked as integers


def _pet(making: Making) -> str:
    words = [secrets.choice(PET_WORDS) for _ in range(making["length"])]
    return str(making["separator"]).join([*([making["prefix"]] if making["prefix"] else []), *words])


def _key(label: str) -> Callable[[Making], str]:
    """A text in the form of a PEM block; it is no working key."""
    return lambda _: f"-----BEGIN {label}-----\n{_lines(base64_of(900))}\n-----END {label}-----\n"


def _lines(text: str) -> str:
    return "\n".join(text[i : i + 64] for i in range(0, len(text), 64))


def _sha1(making: Making) -> str:
    return hashlib.sha1((making["privateKeyPem"] or "").encode(), usedforsecurity=False).hexdigest()


def _end_of_validity(making: Making) -> str:
    hours: int = making["validityPeriodHours"]
    return (datetime.now(UTC) + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ")


KINDS = (
    Kind(
        "random:index/randomPassword:RandomPassword",
        SOURCE,
        id=constant("none"),
        outputs={"result": _password, "bcryptHash": lambda _: "$2a$10$" + secrets.token_urlsafe(40)[:53]},
        stateless=True,
    ),
    Kind(
        "random:index/randomString:RandomString",
        SOURCE,
        id=lambda making: str(making["result"]),
        outputs={"result": _password},
        stateless=True,
    ),
    Kind(
        "random:index/randomBytes:RandomBytes",
        SOURCE,
        id=constant("none"),
        outputs={"base64": _bytes, "hex": _hex_of_base64},
        stateless=True,
    ),
    Kind(
        "random:index/randomId:RandomId",
        SOURCE,
        id=lambda making: base64.urlsafe_b64encode(bytes.fromhex(making["_hex"])).decode().rstrip("="),
        outputs={
            "_hex": _random_id,
            "hex": _prefixed(bytes.hex),
            "b64Std": _prefixed(lambda raw: base64.b64encode(raw).decode()),
            "b64Url": _prefixed(lambda raw: base64.urlsafe_b64encode(raw).decode().rstrip("=")),
            "dec": _prefixed(lambda raw: str(int.from_bytes(raw, "big"))),
        },
        stateless=True,
    ),
    Kind(
        "random:index/randomPet:RandomPet",
        SOURCE,
        id=_pet,
        stateless=True,
    ),
    Kind(
        "random:index/randomUuid:RandomUuid",
        SOURCE,
        id=lambda making: str(making["result"]),
        outputs={"result": unique},
        stateless=True,
    ),
    Kind(
        "random:index/randomInteger:RandomInteger",
        SOURCE,
        id=lambda making: str(making["result"]),
        outputs={"result": _integer},
        stateless=True,
    ),
    Kind(
        "tls:index/privateKey:PrivateKey",
        SOURCE,
        id=_sha1,
        outputs={
            "privateKeyPem": _key("PRIVATE KEY"),
            "privateKeyPemPkcs8": _key("PRIVATE KEY"),
            "privateKeyOpenssh": _key("OPENSSH PRIVATE KEY"),
            "publicKeyPem": _key("PUBLIC KEY"),
            "publicKeyOpenssh": lambda _: "ssh-rsa " + base64_of(256) + "\n",
            "publicKeyFingerprintMd5": lambda _: ":".join(secrets.token_hex(1) for _ in range(16)),
            "publicKeyFingerprintSha256": lambda _: "SHA256:" + base64_of(32).rstrip("="),
        },
        stateless=True,
    ),
    Kind(
        "tls:index/certRequest:CertRequest",
        SOURCE,
        id=_sha1,
        outputs={"certRequestPem": _key("CERTIFICATE REQUEST"), "keyAlgorithm": constant("RSA")},
        stateless=True,
    ),
    Kind(
        "tls:index/selfSignedCert:SelfSignedCert",
        SOURCE,
        id=lambda _: str(secrets.randbits(SERIAL_BITS)),
        outputs={
            "certPem": _key("CERTIFICATE"),
            "keyAlgorithm": constant("RSA"),
            "readyForRenewal": constant(False),
            "validityStartTime": now,
            "validityEndTime": _end_of_validity,
        },
        stateless=True,
    ),
)


def _no_parent(kind: Kind, parent: str, value: str) -> str:
    """Never asked: nothing here has a parent."""
    return f"{kind.token}: no {parent} {value}"


def _not_found(kind: Kind, key: str) -> str:
    """Never asked: there is no vendor to look at."""
    return f"{kind.token}: no {key}"


def _broken(kind: Kind, status: int) -> str:
    """There is no vendor, so this is the provider's own failure."""
    return f"{kind.label}: internal error {status}"


VENDOR = Vendor(KINDS, _no_parent, _not_found, _broken)
