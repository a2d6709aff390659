"""Rules between concerns: what two settings, each fine by itself, cannot be together.

A rule is a function of the concerns that it names. It runs when all of them are valid, so that one broken concern hides
nothing about the others. It yields problems with their path in the stack file.
"""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

from settings.adopt import Role
from settings.errors import Problem, shown
from settings.limits import DRIVER_MONITORING_CONNECTIONS, CloudflarePlan
from settings.profiles import ProfileName
from settings.types import Environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from settings.accounts import Accounts
    from settings.apps import Apps
    from settings.cache import Cache
    from settings.database import Database
    from settings.edge import Edge
    from settings.profiles import Profile
    from settings.recovery import Recovery
    from settings.secrets import Secrets
    from settings.storage import Storage

_PRODUCTION_NAMES = ("prod", "production")
_NIGHT_IN_SYDNEY = range(13, 19)
_NEEDS_DEDICATED = ("node_count", "mongodb_version", "maintenance")


def broken(rules: Iterable[Callable[..., Iterator[Problem]]], known: Mapping[str, Any]) -> list[Problem]:
    """What the rules find in the concerns that are known."""
    problems: list[Problem] = []
    for rule in rules:
        names = inspect.signature(rule).parameters
        if all(name in known for name in names):
            problems += rule(**{name: known[name] for name in names})
    return problems


def at(concern: str, *path: str | int, says: str) -> Problem:
    """A problem at a place in the stack file."""
    return Problem((f"madebuy:{concern}", *path), says)


def production_has_its_own_stack_name(stack: str, environment: Environment) -> Iterator[Problem]:
    """People and the policy pack tell production by the stack's name, so the name must not lie."""
    named = stack in _PRODUCTION_NAMES
    if named and environment is not Environment.PRODUCTION:
        yield at(
            "environment",
            says=f'stack "{stack}" says {environment}, but its name says production, and rules for production go by '
            "the name. Write production, or give the stack another name.",
        )
    if not named and environment is Environment.PRODUCTION:
        yield at(
            "environment",
            says=f'stack "{shown(stack)}" says production, but only stacks called prod or production are guarded as '
            "such. Write staging or development, or rename the stack to prod.",
        )


def production_keeps_its_data(environment: Environment, database: Database) -> Iterator[Problem]:
    """The least that production takes, whatever the profile (audit 5.3, 6.1)."""
    if environment is not Environment.PRODUCTION:
        return
    if not database.dedicated:
        yield at(
            "database",
            "tier",
            says="Flex has no point-in-time restore and takes 500 connections; production loses orders on it. "
            "Write tier: M10 or larger.",
        )
    elif database.backups and database.backups.point_in_time_days is None:
        yield at(
            "database",
            "backups",
            "point_in_time_days",
            says=f"without it a mistake costs up to {database.backups.hourly_interval} hours of orders, and the audit "
            "allows one (5.2). Write point_in_time_days: 7.",
        )
    if not database.termination_protection:
        yield at(
            "database",
            "termination_protection",
            says="without it one click deletes production's data. Write true, or leave it out.",
        )


def nothing_irreversible_is_tried_out(environment: Environment, database: Database) -> Iterator[Problem]:
    """A compliance policy outlives its stack: staging could neither be deleted nor made again."""
    if environment is not Environment.PRODUCTION and database.backups and database.backups.compliance_policy:
        yield at(
            "database",
            "backups",
            "compliance_policy",
            says=f"it can't be undone, and {environment} must be able to end: Atlas would keep its project and its "
            "snapshots. Write null, or leave it out.",
        )


def maintenance_is_at_night(environment: Environment, database: Database) -> Iterator[Problem]:
    """Atlas restarts nodes in its window; customers in Australia should be asleep."""
    if environment is Environment.PRODUCTION and database.maintenance.hour not in _NIGHT_IN_SYDNEY:
        yield at(
            "database",
            "maintenance",
            "hour",
            says=f"{database.maintenance.hour} UTC is not at night in Sydney, so elections would interrupt customers. "
            f"Write an hour from {_NIGHT_IN_SYDNEY[0]} to {_NIGHT_IN_SYDNEY[-1]} (UTC).",
        )


def production_has_a_paid_plan(environment: Environment, edge: Edge) -> Iterator[Problem]:
    """The audit's firewall rules need Cloudflare Pro (2.3)."""
    if environment is Environment.PRODUCTION and edge.plan is CloudflarePlan.FREE:
        yield at(
            "edge",
            "plan",
            says="free has no managed firewall rules and no health checks, and the audit asks for Pro before launch "
            "(2.3). Write plan: pro.",
        )


def flex_decides_for_itself(database: Database, written: Mapping[str, Any]) -> Iterator[Problem]:
    """What a stack file asks of a Flex cluster and would silently not get."""
    asked = written.get("database")
    if database.dedicated or not isinstance(asked, dict):
        return
    for field in _NEEDS_DEDICATED:
        if field in asked:
            yield at(
                "database",
                field,
                says="on Flex Atlas chooses this itself, so it would change nothing. Remove it, or write tier: M10.",
            )


def hosts_are_in_the_zone(apps: Apps, edge: Edge, storage: Storage) -> Iterator[Problem]:
    """One stack owns one zone, and the zone's certificate covers one level below it."""
    for name, app in apps.apps().items():
        yield from _host(app.host, edge.zone, "apps", name.value, "host")
        for index, alias in enumerate(app.aliases):
            yield from _host(alias, edge.zone, "apps", name.value, "aliases", index)
        if app.tenants and app.tenants != f"*.{edge.zone}":
            yield at(
                "apps",
                name.value,
                "tenants",
                says=f'"{app.tenants}" is not the wildcard directly below the zone {edge.zone}: the zone has neither '
                f'records nor a certificate for it. Write "*.{edge.zone}".',
            )
    yield from _host(storage.media.host, edge.zone, "storage", "media", "host")


def _host(host: str, zone: str, concern: str, *path: str | int) -> Iterator[Problem]:
    if host == zone:
        return
    if not host.endswith(f".{zone}"):
        yield at(
            concern,
            *path,
            says=f'"{host}" is not in the zone {zone}, the only one that this stack has records in. '
            f"Write a name that ends in .{zone}, or change madebuy:edge.zone.",
        )
    elif "." in host.removesuffix(f".{zone}"):
        yield at(
            concern,
            *path,
            says=f'"{host}" is more than one level below {zone}: Cloudflare\'s Universal SSL covers one level, so '
            f"visitors would see a certificate error. Write a name such as {host.split('.')[0]}.{zone}.",
        )


def origins_are_outside_the_zone(apps: Apps, edge: Edge) -> Iterator[Problem]:
    """A name in the zone is proxied: as an origin it would send requests in a circle."""
    for index, origin in enumerate(apps.origins):
        if origin.address == edge.zone or origin.address.endswith(f".{edge.zone}"):
            yield at(
                "apps",
                "origins",
                index,
                "address",
                says=f'"{origin.address}" is in the zone itself, so Cloudflare would call itself in a circle (error '
                "1000). Write the origin's public IPv4 address, or its host name at its provider.",
            )


def load_balancer_has_origins(apps: Apps, edge: Edge) -> Iterator[Problem]:
    """A balancer with one origin costs money and saves nothing."""
    if edge.load_balancer and len(apps.origins) < 2:
        yield at(
            "apps",
            "origins",
            says="there is a load balancer and 1 origin: when that one fails there is none to go to. "
            "Add an origin on another machine, or write load_balancer: null in madebuy:edge (profile hardened).",
        )


def high_availability_keeps_its_balancer(profile: Profile, edge: Edge) -> Iterator[Problem]:
    """The profile's promise rests on it."""
    if profile.name is ProfileName.HIGH_AVAILABILITY and edge.load_balancer is None:
        yield at(
            "edge",
            "load_balancer",
            says=f"the profile promises {profile.promises.uptime_percent} % and recovery in "
            f"{profile.promises.rto_minutes} minutes, which one origin can't keep. "
            "Leave load_balancer out, or write madebuy:profile: hardened.",
        )


def backups_keep_the_profiles_promise(profile: Profile, database: Database) -> Iterator[Problem]:
    """Between two snapshots, without point-in-time restore, everything is lost."""
    backups = database.backups
    if backups and backups.point_in_time_days is None:
        lost = backups.hourly_interval * 60
        if lost > profile.promises.rpo_minutes:
            yield at(
                "database",
                "backups",
                "hourly_interval",
                says=f"snapshots every {backups.hourly_interval} hours can lose {lost} minutes, and profile "
                f"{profile.name} promises {profile.promises.rpo_minutes}. Write point_in_time_days: 7.",
            )


def media_host_is_its_own(apps: Apps, storage: Storage) -> Iterator[Problem]:
    """R2 makes the record of its host; an app's record of the same name would collide."""
    if storage.media.host in apps.hosts():
        yield at(
            "storage",
            "media",
            "host",
            says=f'"{storage.media.host}" is also a host of an app, and one name can lead to one place only. '
            "Write a name of its own, such as media. and the zone.",
        )


def uploads_come_from_own_hosts(apps: Apps, storage: Storage) -> Iterator[Problem]:
    """Any page on a listed origin can write to the bucket in a maker's name."""
    own = {f"https://{host}" for host in apps.hosts()}
    for index, origin in enumerate(storage.media.upload_origins):
        if origin not in own:
            yield at(
                "storage",
                "media",
                "upload_origins",
                index,
                says=f"\"{origin}\" is no host of this stack's apps, and its pages could upload in a maker's name. "
                f"Write one of: {', '.join(sorted(own))}.",
            )


def firewall_lets_the_apps_work(apps: Apps, edge: Edge) -> Iterator[Problem]:
    """A blocked path that swallows one that must work."""
    needed = {edge.firewall.stripe_webhook_path, apps.web.health_path, apps.admin.health_path}
    for index, blocked in enumerate(edge.firewall.blocked_paths):
        for path in sorted(path for path in needed if path.startswith(blocked)):
            yield at(
                "edge",
                "firewall",
                "blocked_paths",
                index,
                says=f'"{blocked}" also blocks {path}: payments or health checks would stop. '
                "Write a longer path, or remove it.",
            )


def connections_fit_the_tier(apps: Apps, database: Database) -> Iterator[Problem]:
    """Every process of every app on every origin can fill its pool at once, on the busiest day of the year."""
    per_process = database.pool.max_size + DRIVER_MONITORING_CONNECTIONS
    workers = sum(app.workers for app in apps.apps().values())
    asked = len(apps.origins) * workers * per_process
    allowed = database.tier.connections
    if asked > allowed:
        fitting = allowed // (len(apps.origins) * workers) - DRIVER_MONITORING_CONNECTIONS
        lower = f"max_size: {fitting}" if fitting >= 1 else "fewer workers in madebuy:apps"
        yield at(
            "database",
            "pool",
            "max_size",
            says=f"{len(apps.origins)} origins x {workers} workers of both apps x {per_process} connections "
            f"({asked:,}) are more than a node of {database.tier} takes ({allowed:,}): at peak, requests would fail. "
            f"Write {lower}, or lower workers in madebuy:apps, or take a larger tier.",
        )


def key_is_beside_the_data(database: Database, recovery: Recovery) -> Iterator[Problem]:
    """No node starts and no snapshot is restored without the key, so a third region would only add a way to fail.

    Source: "Encrypted Backups" in https://www.mongodb.com/docs/atlas/security-kms-encryption/ (read 2026-11).
    """
    copies = database.backups.copy_region if database.backups else None
    fitting = [region.aws_name for region in (database.region, copies) if region]
    if database.customer_key and recovery.region not in fitting:
        yield at(
            "recovery",
            "region",
            says=f"the key is in {recovery.region}, where neither the data nor its copies are: the loss of that region "
            f"would lock the rest. Write region: {' or '.join(fitting)}.",
        )


def provider_region_is_the_same(recovery: Recovery, config: Mapping[str, str]) -> Iterator[Problem]:
    """The AWS provider makes the key in its own region, and Atlas looks for it in the settings'."""
    yield from _aws_region(recovery.region, "madebuy:recovery.region", config)


def organization_region_is_the_same(region: str, config: Mapping[str, str]) -> Iterator[Problem]:
    """As for a stack."""
    yield from _aws_region(region, "madebuy:region", config)


def _aws_region(region: str, key: str, config: Mapping[str, str]) -> Iterator[Problem]:
    asked = config.get("aws:region", region)
    if asked != region:
        yield Problem(
            ("aws:region",),
            f'"{shown(asked)}" differs from {key} ({region}), so things would be made where nothing looks for them. '
            f"Write {region} in both.",
        )


def adopted_objects_are_the_ones_named(
    accounts: Accounts, storage: Storage, database: Database, secrets: Secrets, adopt: Mapping[Role, str]
) -> Iterator[Problem]:
    """An import under another name would be renamed, which for these means replaced."""
    doppler = adopt.get(Role.DOPPLER_PROJECT, secrets.doppler_project)
    if doppler != secrets.doppler_project:
        yield at(
            "adopt",
            Role.DOPPLER_PROJECT.value,
            says=f"the project is called {shown(doppler)} and madebuy:secrets.doppler_project says "
            f"{secrets.doppler_project}: the import would replace it. Write doppler_project: {shown(doppler)} in "
            "madebuy:secrets.",
        )
    buckets = {Role.MEDIA_BUCKET: storage.media.bucket, Role.BACKUP_BUCKET: storage.backups.bucket}
    for role, bucket in buckets.items():
        expected = f"{accounts.cloudflare_account_id}/{bucket}/"
        if role in adopt and not adopt[role].startswith(expected):
            yield at(
                "adopt",
                role.value,
                says="this is not the bucket of madebuy:storage in the account of madebuy:accounts, so the import "
                f"would fail or replace it. Write {expected}default.",
            )
    if Role.CLUSTER in adopt:
        project, _, cluster = adopt[Role.CLUSTER].partition("-")
        if adopt.get(Role.ATLAS_PROJECT) != project:
            yield at(
                "adopt",
                Role.CLUSTER.value,
                says="its project is not adopted with it, and a cluster can't move to another project. "
                f"Add {Role.ATLAS_PROJECT}: {project}.",
            )
        if cluster != database.cluster:
            yield at(
                "adopt",
                Role.CLUSTER.value,
                says=f"the cluster is called {shown(cluster)} and madebuy:database.cluster says {database.cluster}: "
                f"the import would replace it. Write cluster: {shown(cluster)} in madebuy:database.",
            )


def cache_keeps_sessions(environment: Environment, cache: Cache) -> Iterator[Problem]:
    """Dropped sessions log people out; in production a full database should say so."""
    if environment is Environment.PRODUCTION and cache.eviction:
        yield at(
            "cache",
            "eviction",
            says="a full database would drop sessions and rate-limit counters: people are logged out, and limits start "
            "anew. Write eviction: false.",
        )


def prod_pack_is_for_production(environment: Environment, cache: Cache) -> Iterator[Problem]:
    """An SLA for a database that no customer uses."""
    if environment is not Environment.PRODUCTION and cache.prod_pack:
        yield at(
            "cache",
            "prod_pack",
            says=f"it costs US$200 a month for each database, and no customer uses {environment}. Write prod_pack: "
            "false, or leave it out.",
        )


STACK_RULES = (
    production_has_its_own_stack_name,
    production_keeps_its_data,
    nothing_irreversible_is_tried_out,
    maintenance_is_at_night,
    production_has_a_paid_plan,
    flex_decides_for_itself,
    hosts_are_in_the_zone,
    origins_are_outside_the_zone,
    load_balancer_has_origins,
    high_availability_keeps_its_balancer,
    backups_keep_the_profiles_promise,
    media_host_is_its_own,
    uploads_come_from_own_hosts,
    firewall_lets_the_apps_work,
    connections_fit_the_tier,
    key_is_beside_the_data,
    provider_region_is_the_same,
    adopted_objects_are_the_ones_named,
    cache_keeps_sessions,
    prod_pack_is_for_production,
)
ORGANIZATION_RULES = (organization_region_is_the_same,)
