"""A maker's photo, from a page of the dashboard in a real browser into the bucket and back, over what an `up` left.

The app's side is botocore with the values in Doppler; R2's side knows only what is in Cloudflare's account.
"""

from __future__ import annotations

import hashlib
import shutil
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import botocore.session
import pytest
from botocore.config import Config

from sandbox.cloud import Cloud
from tests.engine.running import World
from tests.uploads.browser import Attempt, Outcome, serving
from tests.uploads.r2 import R2
from tests.uploads.signatures import Request
from tools import browser

CHROMIUM = browser.found()
pytestmark = [
    pytest.mark.engine,
    pytest.mark.skipif(CHROMIUM is None, reason=browser.MISSING),
    pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl on PATH to make the certificate with"),
]

DASHBOARD = "https://dashboard.madebuy-staging.com.au"
STRANGER = "https://dashboard.madebuy-staging.com.au.evil.example"
PHOTO = "a photo of a jug"
Visit = Callable[..., dict[str, Outcome]]
JPEG = {"content-type": "image/jpeg", "cache-control": "public, max-age=31536000"}


@dataclass(frozen=True)
class App:
    """The dashboard's server: it signs URLs with what it finds in its environment."""

    environment: dict[str, str]

    @property
    def bucket(self) -> str:
        return self.environment["R2_BUCKET_NAME"]

    def sign(self, key: str, operation: str = "put_object", *, bucket: str | None = None, **more: Any) -> str:
        """A presigned URL as the app makes it; `more` takes other credentials and another expiry."""
        client = botocore.session.Session().create_client(
            "s3",
            region_name="auto",
            endpoint_url=f"https://{self.environment['R2_ACCOUNT_ID']}.r2.cloudflarestorage.com",
            aws_access_key_id=more.get("key_id", self.environment["R2_ACCESS_KEY_ID"]),
            aws_secret_access_key=more.get("secret", self.environment["R2_SECRET_ACCESS_KEY"]),
            config=Config(signature_version="s3v4", s3={"addressing_style": "path"}),
        )
        signed_type = {"ContentType": JPEG["content-type"]} if operation == "put_object" else {}
        parameters = {"Bucket": bucket or self.bucket, "Key": key, **signed_type}
        return client.generate_presigned_url(operation, Params=parameters, ExpiresIn=more.get("seconds", 600))

    def upload(self, name: str, **more: Any) -> Attempt:
        """What the dashboard's page does with a URL for an object of that name."""
        return Attempt(name, self.sign(name, **more), "PUT", JPEG, PHOTO)


@dataclass(frozen=True)
class Deployed:
    """What one `up` of staging left: at Cloudflare, and in the environments of the dashboard and the backup job."""

    r2: R2
    app: App
    job: App
    token: str
    backups: str


def environment(cloud: Cloud, config: str) -> App:
    secrets = [thing.state for thing in cloud.everything("doppler:index/secret:Secret")]
    return App({each["name"]: each["value"] for each in secrets if each["config"].endswith(f"_{config}")})


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    world = World(tmp_path_factory.mktemp("uploads"))
    up = world.pulumi("staging", "up", "--yes", "--skip-preview")
    assert up.code == 0, up.text
    with closing(Cloud(world.home / "cloud.db")) as cloud:
        app, job = environment(cloud, "admin"), environment(cloud, "backup")
        token = cloud.by_id("cloudflare:index/accountToken:AccountToken", app.environment["R2_ACCESS_KEY_ID"])
        assert token is not None
        r2 = R2.of(cloud, app.environment["R2_ACCOUNT_ID"])
    (backups,) = (bucket for bucket in r2.cors if bucket.endswith("backups"))
    return Deployed(r2, app, job, token.state["value"], backups)


@pytest.fixture(scope="module")
def visit(deployed: Deployed, tmp_path_factory: pytest.TempPathFactory) -> Visit:
    """Opens a page in Chromium, before R2 as deployed or as given."""
    folder = tmp_path_factory.mktemp("web")

    def visit(origin: str, *attempts: Attempt, r2: R2 = deployed.r2) -> dict[str, Outcome]:
        with serving(r2, folder) as web:
            return web.visit(CHROMIUM or "", origin, attempts)

    return visit


@pytest.fixture(scope="module")
def dashboard(deployed: Deployed, visit: Visit) -> dict[str, Outcome]:
    """Every attempt of the dashboard's own page, in one visit."""
    app = deployed.app
    signed_for_another = app.sign("signed.jpg").replace("/signed.jpg", "/altered-name.jpg")
    expired = app.upload("expired.jpg", seconds=1)
    time.sleep(2)
    return visit(
        DASHBOARD,
        app.upload("photo.jpg"),
        Attempt("read back", app.environment["R2_PUBLIC_URL"] + "/photo.jpg", "GET"),
        app.upload("unknown-key.jpg", key_id="0" * 32),
        app.upload("wrong-secret.jpg", secret="f" * 64),
        app.upload("unhashed-token.jpg", secret=deployed.token),
        app.upload("other-bucket.jpg", bucket=deployed.backups),
        expired,
        Attempt("altered-name.jpg", signed_for_another, "PUT", JPEG, PHOTO),
        Attempt("altered-type.jpg", app.sign("altered-type.jpg"), "PUT", {"content-type": "text/html"}, PHOTO),
        Attempt("unsigned.jpg", app.sign("unsigned.jpg").partition("?")[0], "PUT", JPEG, PHOTO),
        Attempt("unlisted method", app.sign("photo.jpg", "delete_object"), "DELETE"),
        Attempt("unlisted-header.jpg", app.sign("unlisted-header.jpg"), "PUT", JPEG | {"x-amz-meta-a": "b"}, PHOTO),
        Attempt("public-host.jpg", app.environment["R2_PUBLIC_URL"] + "/public-host.jpg", "PUT", JPEG, PHOTO),
    )  # fmt: skip


def stored(deployed: Deployed, name: str) -> bool:
    return any(key == name for _, key in deployed.r2.objects)


def answers(deployed: Deployed, name: str) -> list[tuple[str, int, str]]:
    """What R2 was asked about an object, and answered."""
    return [
        (request.method, response.status, response.code)
        for request, response in deployed.r2.seen
        if request.path.endswith(f"/{name}")
    ]


def test_the_dashboard_uploads_a_photo_after_a_preflight(deployed: Deployed, dashboard: dict[str, Outcome]) -> None:
    assert dashboard["photo.jpg"].status == 200
    assert answers(deployed, "photo.jpg")[:2] == [("OPTIONS", 204, ""), ("PUT", 200, "")]
    assert deployed.r2.objects[deployed.app.bucket, "photo.jpg"] == (PHOTO.encode(), "image/jpeg")


def test_the_page_can_read_the_etag_of_what_it_uploaded(dashboard: dict[str, Outcome]) -> None:
    assert dashboard["photo.jpg"].etag == f'"{hashlib.md5(PHOTO.encode()).hexdigest()}"'


def test_the_photo_is_read_back_from_the_public_host(dashboard: dict[str, Outcome]) -> None:
    assert (dashboard["read back"].status, dashboard["read back"].text) == (200, PHOTO)


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("unknown-key.jpg", "InvalidAccessKeyId"),
        ("wrong-secret.jpg", "SignatureDoesNotMatch"),
        ("unhashed-token.jpg", "SignatureDoesNotMatch"),
        ("other-bucket.jpg", "CORSNotAllowed"),
        ("expired.jpg", "ExpiredRequest"),
        ("altered-name.jpg", "SignatureDoesNotMatch"),
        ("altered-type.jpg", "SignatureDoesNotMatch"),
        ("unsigned.jpg", "AuthorizationQueryParametersError"),
        ("unlisted-header.jpg", "CORSNotAllowed"),
        ("public-host.jpg", "MethodNotAllowed"),
    ],
)
def test_an_upload_is_refused(name: str, code: str, deployed: Deployed, dashboard: dict[str, Outcome]) -> None:
    assert dashboard[name].status != 200
    assert answers(deployed, name)[-1][1:] == (403, code)
    assert not stored(deployed, name)


def test_a_method_that_is_not_listed_never_leaves_the_browser(
    deployed: Deployed, dashboard: dict[str, Outcome]
) -> None:
    assert "Failed to fetch" in dashboard["unlisted method"].error
    assert "DELETE" not in {method for method, _, _ in answers(deployed, "photo.jpg")}
    assert stored(deployed, "photo.jpg")


def test_a_page_of_a_strangers_cannot_use_even_a_good_url(deployed: Deployed, visit: Visit) -> None:
    outcome = visit(STRANGER, deployed.app.upload("stranger.jpg"))["stranger.jpg"]

    assert "Failed to fetch" in outcome.error
    assert answers(deployed, "stranger.jpg") == [("OPTIONS", 403, "CORSNotAllowed")]
    assert not stored(deployed, "stranger.jpg")


def test_the_media_key_opens_no_other_bucket_even_where_a_browser_may_write(deployed: Deployed, visit: Visit) -> None:
    cors = deployed.r2.cors | {deployed.backups: deployed.r2.cors[deployed.app.bucket]}
    open_to_browsers = replace(deployed.r2, cors=cors)

    outcome = visit(DASHBOARD, deployed.app.upload("scope.jpg", bucket=deployed.backups), r2=open_to_browsers)[
        "scope.jpg"
    ]

    assert outcome.status != 200
    assert answers(deployed, "scope.jpg") == [("OPTIONS", 204, ""), ("PUT", 403, "AccessDenied")]


def test_a_key_that_has_ended_uploads_nothing(deployed: Deployed, visit: Visit) -> None:
    ended = {id_: replace(key, expires_on=datetime.now(UTC)) for id_, key in deployed.r2.keys.items()}

    visit(DASHBOARD, deployed.app.upload("ended.jpg"), r2=replace(deployed.r2, keys=ended))

    assert answers(deployed, "ended.jpg")[-1] == ("PUT", 403, "AccessDenied")


@pytest.mark.parametrize("part", ["origins", "methods", "headers"])
def test_an_upload_needs_every_part_of_the_rule_that_the_component_makes(
    part: str, deployed: Deployed, visit: Visit
) -> None:
    (rule,) = deployed.r2.cors[deployed.app.bucket]
    without = {deployed.app.bucket: [replace(rule, **{part: frozenset()})]}

    outcome = visit(DASHBOARD, deployed.app.upload(f"no-{part}.jpg"), r2=replace(deployed.r2, cors=without))

    assert "Failed to fetch" in outcome[f"no-{part}.jpg"].error
    assert answers(deployed, f"no-{part}.jpg") == [("OPTIONS", 403, "CORSNotAllowed")]


@pytest.mark.parametrize(
    ("key", "method", "status"),
    [
        ("R2", "PUT", 200),
        ("R2", "GET", 200),
        ("R2_RESTORE", "GET", 200),
        ("R2_RESTORE", "PUT", 403),
        ("R2_RESTORE", "DELETE", 403),
    ],
)
def test_the_backup_job_writes_with_one_key_and_restores_with_one_that_cannot(
    key: str, method: str, status: int, deployed: Deployed
) -> None:
    job = deployed.job
    credentials = {
        "key_id": job.environment[f"{key}_ACCESS_KEY_ID"],
        "secret": job.environment[f"{key}_SECRET_ACCESS_KEY"],
    }
    address = urlsplit(job.sign("week-1.archive", f"{method.lower()}_object", **credentials))
    headers = {"host": address.netloc, "content-type": JPEG["content-type"]}
    deployed.r2.objects[deployed.backups, "week-1.archive"] = (b"an archive", "")

    answer = deployed.r2.answer(Request(method, address.netloc, address.path, address.query, headers, b"an archive"))

    assert (answer.status, answer.code) == (status, "" if status == 200 else "AccessDenied")
