"""The two buckets and the credentials that open them."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import TYPE_CHECKING

import pytest

from components.storage import (
    BackupStorage,
    BackupStorageArgs,
    BucketAccess,
    BucketCredentials,
    BucketCredentialsArgs,
    MediaStorage,
    MediaStorageArgs,
)
from components.tokens import PermissionGroup
from settings import BackupBucket, Live, MediaBucket, Role, Storage
from tests.components.deployments import ACCOUNTS, deployment
from tests.components.mocks import Deployed, deploy

if TYPE_CHECKING:
    from components.base import Deployment

ACCOUNT = ACCOUNTS.cloudflare_account_id
ORIGINS = ("https://dashboard.madebuy.com.au", "https://madebuy.com.au")
DAY = 86_400
QUEUE = "0f" * 16


SETTINGS = Storage(
    media=MediaBucket(bucket="madebuy-media", host="media.madebuy.com.au", upload_origins=ORIGINS),
    backups=BackupBucket(bucket="madebuy-backups", lock_days=28, keep_days=90),
)


def deploy_media(of: Deployment, **media: object) -> Deployed:
    settings = SETTINGS.model_copy(update={"media": SETTINGS.media.model_copy(update=media)})
    return deploy(lambda: MediaStorage("media", MediaStorageArgs(deployment=of, settings=settings, zone_id="zone")))


def deploy_backups(of: Deployment) -> Deployed:
    return deploy(lambda: BackupStorage("backups", BackupStorageArgs(deployment=of, settings=SETTINGS)))


def deploy_credentials(access: BucketAccess) -> Deployed:
    args = BucketCredentialsArgs(
        deployment=deployment(),
        bucket_name="madebuy-media",
        access=access,
        live=[Live(2, date(2027, 1, 1)), Live(3, date(2027, 4, 1))],
    )
    return deploy(
        lambda: BucketCredentials("key", args), answers={"key-token-3": {"id": "token-id", "value": "v1.0-x"}}
    )


def test_browsers_upload_from_madebuys_own_origins_and_no_other() -> None:
    (rule,) = deploy_media(deployment())["media-cors"].inputs["rules"]

    assert rule["allowed"]["origins"] == list(ORIGINS)
    assert rule["allowed"]["methods"] == ["GET", "HEAD", "PUT"]
    assert rule["allowed"]["headers"] == ["content-type", "cache-control"]


def test_old_media_stays_in_the_standard_class_unless_asked() -> None:
    assert [rule["id"] for rule in deploy_media(deployment())["media-lifecycle"].inputs["rules"]] == [
        "abort-abandoned-uploads"
    ]


def test_old_media_moves_to_infrequent_access_and_is_never_deleted() -> None:
    rules = deploy_media(deployment(), infrequent_access_after_days=180)["media-lifecycle"].inputs["rules"]

    assert [rule.get("storageClassTransitions") for rule in rules] == [
        None,
        [{"condition": {"type": "Age", "maxAge": 180 * DAY}, "storageClass": "InfrequentAccess"}],
    ]
    assert not any("deleteObjectsTransition" in rule for rule in rules)


def test_nobody_is_told_of_uploads_unless_a_queue_is_named() -> None:
    assert not deploy_media(deployment()).of_type("R2BucketEventNotification")


def test_a_named_queue_is_told_of_every_object_that_comes_or_goes() -> None:
    events = deploy_media(deployment(), event_queue=QUEUE)["media-events"].inputs

    assert events["queueId"] == QUEUE
    assert events["bucketName"] == "madebuy-media"
    assert {"PutObject", "DeleteObject"} < set(events["rules"][0]["actions"])


@pytest.mark.parametrize(("build", "name"), [(deploy_media, "media"), (deploy_backups, "backups")])
def test_a_bucket_is_not_readable_at_r2_dev(build: object, name: str) -> None:
    assert callable(build)
    assert build(deployment())[f"{name}-managed-domain"].inputs["enabled"] is False


@pytest.mark.parametrize(("build", "name"), [(deploy_media, "media"), (deploy_backups, "backups")])
@pytest.mark.parametrize("production", [True, False])
def test_production_alone_protects_a_bucket(build: object, name: str, production: bool) -> None:
    assert callable(build)
    assert build(deployment(production=production))[f"{name}-bucket"].protect is production


def test_the_media_host_takes_tls_1_2_at_least() -> None:
    domain = deploy_media(deployment())["media-domain"].inputs

    assert domain["domain"] == "media.madebuy.com.au"
    assert domain["minTls"] == "1.2"


def test_an_adopted_bucket_is_imported_and_protected_even_outside_production() -> None:
    of = deployment(production=False, adopt={Role.MEDIA_BUCKET: f"{ACCOUNT}/madebuy-media/default"})

    bucket = deploy_media(of)["media-bucket"]

    assert bucket.import_id == f"{ACCOUNT}/madebuy-media/default"
    assert bucket.protect


def test_the_backup_bucket_has_no_public_host() -> None:
    assert not deploy_backups(deployment()).of_type("R2CustomDomain")


def test_an_export_is_locked_for_four_weeks_and_forgotten_long_after() -> None:
    backups = deploy_backups(deployment())
    (lock,) = backups["backups-lock"].inputs["rules"]
    ages = [
        rule["deleteObjectsTransition"]["condition"]["maxAge"]
        for rule in backups["backups-lifecycle"].inputs["rules"]
        if "deleteObjectsTransition" in rule
    ]

    assert lock["enabled"]
    assert lock["condition"] == {"type": "Age", "maxAgeSeconds": 28 * DAY}
    assert ages == [90 * DAY]


@pytest.mark.parametrize(("build", "name"), [(deploy_media, "media"), (deploy_backups, "backups")])
def test_half_an_upload_is_cleaned_up(build: object, name: str) -> None:
    assert callable(build)
    rules = build(deployment())[f"{name}-lifecycle"].inputs["rules"]

    assert [r["abortMultipartUploadsTransition"]["condition"]["maxAge"] for r in rules[:1]] == [7 * DAY]


def test_a_credential_opens_one_bucket_and_ends() -> None:
    token = deploy_credentials(BucketAccess.READ)["key-token-3"].inputs
    (policy,) = token["policies"]

    assert json.loads(policy["resources"]) == {f"com.cloudflare.edge.r2.bucket.{ACCOUNT}_default_madebuy-media": "*"}
    assert [group["id"] for group in policy["permissionGroups"]] == [PermissionGroup.R2_BUCKET_ITEM_READ.value]
    assert token["name"] == "madebuy-media-read-3"
    assert token["expiresOn"] == "2027-04-01T00:00:00Z"


def test_a_reader_may_not_write_and_a_writer_may() -> None:
    def groups(access: BucketAccess) -> set[str]:
        (policy,) = deploy_credentials(access)["key-token-3"].inputs["policies"]
        return {group["id"] for group in policy["permissionGroups"]}

    assert PermissionGroup.R2_BUCKET_ITEM_WRITE.value not in groups(BucketAccess.READ)
    assert PermissionGroup.R2_BUCKET_ITEM_WRITE.value in groups(BucketAccess.READ_WRITE)


def test_a_credential_says_where_and_what_it_opens() -> None:
    outputs = deploy_credentials(BucketAccess.READ).outputs["key"]

    assert outputs["endpoint"] == f"https://{ACCOUNT}.r2.cloudflarestorage.com"
    assert outputs["bucket_name"] == "madebuy-media"


def test_the_secret_key_is_the_hash_of_the_token_and_a_secret() -> None:
    deployed = deploy_credentials(BucketAccess.READ_WRITE)

    assert deployed.outputs["key"]["access_key_id"] == "token-id"
    assert deployed.outputs["key"]["secret_access_key"] == hashlib.sha256(b"v1.0-x").hexdigest()
    assert "secret_access_key" in deployed.secret_outputs["key"]
