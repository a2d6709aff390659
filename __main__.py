"""MadeBuy's infrastructure, in the order in which it is built: the table of contents of `components/`."""

import pulumi

from components import storage
from components.base import Deployment, begin
from components.cache import RedisCache, RedisCacheArgs
from components.database import Alerts, AlertsArgs, Cluster, ClusterArgs, Project, ProjectArgs
from components.edge import Edge, EdgeArgs
from components.recovery import Safeguards, SafeguardsArgs
from components.secrets import AppEnvironments, AppEnvironmentsArgs, Sources, ZoneToken, ZoneTokenArgs, provisioned
from settings import load
from settings.rotation import BACKUP_KEY, DATABASE_USERS, MEDIA_KEY, RESTORE_KEY

stack = begin(load)
of, ages = Deployment.of(stack), stack.secrets

# Between a visitor and an origin
edge = Edge("edge", EdgeArgs(deployment=of, settings=stack.edge, apps=stack.apps, monitoring=stack.monitoring))

# The shop's data
project = Project("atlas", ProjectArgs(deployment=of, settings=stack.database))
safeguards = Safeguards(
    "safeguards",
    SafeguardsArgs(deployment=of, settings=stack.recovery, database=stack.database, project_id=project.project_id),
)
cluster = Cluster(
    "database",
    ClusterArgs(
        deployment=of, settings=stack.database, users=ages.pair(DATABASE_USERS), project_id=safeguards.project_id,
        encryption=safeguards.encryption, export_bucket_id=safeguards.export_bucket_id,
    ),
)  # fmt: skip
Alerts(
    "alerts",
    AlertsArgs(
        deployment=of, settings=stack.monitoring, database=stack.database, project_id=project.project_id,
        monthly_budget_usd=stack.profile.promises.monthly_budget_usd,
    ),
)  # fmt: skip
cache = RedisCache("cache", RedisCacheArgs(deployment=of, settings=stack.cache))

# Media and backups
media_args = storage.MediaStorageArgs(deployment=of, settings=stack.storage, zone_id=edge.zone_id)
media = storage.MediaStorage("media", media_args)
backups = storage.BackupStorage("backups", storage.BackupStorageArgs(deployment=of, settings=stack.storage))
keys = {
    name: storage.BucketCredentials(
        name,
        storage.BucketCredentialsArgs(deployment=of, bucket_name=bucket, access=access, live=ages.live(name)),
    )
    for name, bucket, access in (
        (MEDIA_KEY, media.bucket_name, storage.BucketAccess.READ_WRITE),
        (BACKUP_KEY, backups.bucket_name, storage.BucketAccess.READ_WRITE),
        (RESTORE_KEY, backups.bucket_name, storage.BucketAccess.READ),
    )
}

# What each app starts with
zone_token = ZoneToken("zone-token", ZoneTokenArgs(deployment=of, settings=ages, zone_id=edge.zone_id))
sources = Sources(
    stack=stack, edge=edge, zone_token=zone_token, database=cluster, media=media, media_key=keys[MEDIA_KEY],
    backups=backups, backup_key=keys[BACKUP_KEY], restore_key=keys[RESTORE_KEY], cache=cache,
)  # fmt: skip
environments = AppEnvironmentsArgs(
    deployment=of, settings=ages, provisioned=provisioned(sources), origin_certificates=edge.origin_certificates
)
apps = AppEnvironments("environments", environments)

pulumi.export("name_servers", edge.name_servers)
pulumi.export("ds_record", edge.ds_record)
pulumi.export("media_url", media.public_url)
pulumi.export("backup_bucket", backups.bucket_name)
pulumi.export("doppler_service_tokens", apps.service_tokens)
pulumi.export("generations", apps.generations)
