"""MadeBuy's infrastructure, in the order in which it is built: the table of contents of `components/`."""

import pulumi
from pulumi.runtime import get_config_env, get_config_secret_keys_env

from components import cache, database, edge, recovery, secrets, storage
from components.base import Deployment, refuse
from settings import SettingsError, load
from settings.rotation import BACKUP_KEY, DATABASE_USERS, MEDIA_KEY

try:
    stack = load(pulumi.get_stack(), get_config_env(), secret_keys=get_config_secret_keys_env())
except SettingsError as error:
    refuse(error)
of = Deployment.of(stack)

# Between a visitor and an origin
zone = edge.Zone("zone", edge.ZoneArgs(deployment=of, settings=stack.edge))
zone_id = zone.zone_id
edge.Traffic("traffic", edge.TrafficArgs(deployment=of, settings=stack.edge, apps=stack.apps, zone_id=zone_id))
edge.Firewall("firewall", edge.FirewallArgs(deployment=of, settings=stack.edge, apps=stack.apps, zone_id=zone_id))
turnstile = None
if stack.edge.turnstile:
    turnstile = edge.Turnstile("turnstile", edge.TurnstileArgs(deployment=of, settings=stack.edge, apps=stack.apps))

# The shop's data
project = database.Project("atlas", database.ProjectArgs(deployment=of, settings=stack.database))
project_id = project.project_id
if stack.database.customer_key:
    key_args = recovery.AtlasKeyArgs(deployment=of, settings=stack.recovery, project_id=project_id)
    # The project's id as the key gives it, so that no cluster starts before the project is encrypted.
    project_id = recovery.AtlasKey("atlas-key", key_args).project_id
cluster = database.Cluster(
    "database",
    database.ClusterArgs(
        deployment=of,
        settings=stack.database,
        users=stack.secrets.pair(DATABASE_USERS),
        project_id=project_id,
        encryption="AWS" if stack.database.customer_key else None,
    ),
)
redis = cache.RedisCache("cache", cache.RedisCacheArgs(deployment=of, settings=stack.cache))

# Media and backups
media = storage.MediaStorage("media", storage.MediaStorageArgs(deployment=of, settings=stack.storage, zone_id=zone_id))
backups = storage.BackupStorage("backups", storage.BackupStorageArgs(deployment=of, settings=stack.storage))
keys = {
    name: storage.BucketCredentials(
        name,
        storage.BucketCredentialsArgs(
            deployment=of,
            bucket_name=bucket_name,
            access=storage.BucketAccess.READ_WRITE,
            live=stack.secrets.live(name),
        ),
    )
    for name, bucket_name in ((MEDIA_KEY, media.bucket_name), (BACKUP_KEY, backups.bucket_name))
}

# What each app starts with
zone_token = secrets.ZoneToken(
    "zone-token", secrets.ZoneTokenArgs(deployment=of, settings=stack.secrets, zone_id=zone_id)
)
sources = secrets.Sources(
    stack=stack, zone=zone, zone_token=zone_token, database=cluster, media=media, media_key=keys[MEDIA_KEY],
    backups=backups, backup_key=keys[BACKUP_KEY], cache=redis, turnstile=turnstile,
)  # fmt: skip
environments = secrets.AppEnvironments(
    "environments",
    secrets.AppEnvironmentsArgs(deployment=of, settings=stack.secrets, provisioned=secrets.provisioned(sources)),
)

pulumi.export("name_servers", zone.name_servers)
pulumi.export("ds_record", zone.ds_record)
pulumi.export("media_url", media.public_url)
pulumi.export("backup_bucket", backups.bucket_name)
pulumi.export("doppler_service_tokens", environments.service_tokens)
