"""Rules between the edge and the concerns it stands in front of, as `settings.rules`."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from settings.limits import CloudflarePlan
from settings.rules import at

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from settings.apps import Apps
    from settings.edge import Edge
    from settings.errors import Problem
    from settings.storage import Storage


def exceptions_name_hosts_of_apps(apps: Apps, edge: Edge) -> Iterator[Problem]:
    """An exception for a host that nobody asks for would hide a typing error until the day it matters."""
    known = {*apps.hosts(), *filter(None, (app.tenants for app in apps.apps().values()))}
    for index, exception in enumerate(edge.tls.host_exceptions):
        if exception.host not in known:
            yield at(
                "edge",
                "tls",
                "host_exceptions",
                index,
                "host",
                says=f'"{exception.host}" is no host of madebuy:apps, so the host that needs this stays unreachable. '
                f"Write one of: {', '.join(sorted(known))}.",
            )


def caches_keep_no_answers_that_must_be_fresh(apps: Apps, edge: Edge) -> Iterator[Problem]:
    """A cached health check reports the health of five minutes ago; a cached sign-in is somebody else's."""
    sign_in = edge.sign_in_limit.paths if edge.sign_in_limit else ()
    fresh = {edge.firewall.stripe_webhook_path, apps.web.health_path, apps.admin.health_path, *sign_in}
    for field in ("static_paths", "shared_paths"):
        for index, kept in enumerate(getattr(edge.caching, field)):
            for path in sorted(path for path in fresh if path.startswith(kept)):
                yield at(
                    "edge",
                    "caching",
                    field,
                    index,
                    says=f'"{kept}" also keeps answers of {path}, which must be fresh every time. Write a longer path.',
                )


def tenants_domains_are_their_own(edge: Edge) -> Iterator[Problem]:
    """A custom hostname is for a name outside the zone, once."""
    hosts = edge.tenant_domains.hosts if edge.tenant_domains else ()
    repeated = {host for host, count in Counter(hosts).items() if count > 1}
    for index, host in enumerate(hosts):
        if host == edge.zone or host.endswith(f".{edge.zone}"):
            yield at(
                "edge",
                "tenant_domains",
                "hosts",
                index,
                says=f'"{host}" is in the zone itself, where the wildcard of madebuy:apps serves it. Remove it.',
            )
        if host in repeated and hosts.index(host) != index:
            yield at(
                "edge",
                "tenant_domains",
                "hosts",
                index,
                says=f'"{host}" is listed twice, and two makers can\'t have one domain. Keep one.',
            )


def records_do_not_collide(apps: Apps, edge: Edge, storage: Storage) -> Iterator[Problem]:
    """A name that leads somewhere (CNAME) has no other record, and a name leads to one place."""
    led = {*apps.hosts(), storage.media.host}
    for index, record in enumerate(edge.text_records):
        if record.name != edge.zone and not record.name.endswith(f".{edge.zone}"):
            yield at(
                "edge",
                "text_records",
                index,
                "name",
                says=f'"{record.name}" is not in the zone {edge.zone}, the only one that this stack has records in. '
                f"Write a name that ends in .{edge.zone}.",
            )
        elif record.name in led - {edge.zone}:
            yield at(
                "edge",
                "text_records",
                index,
                "name",
                says=f'"{record.name}" is a host, and a name that leads to another one has no other record. '
                "Write the name that the vendor asks for, which has a label before the host.",
            )
        if record in edge.text_records[:index]:
            yield at("edge", "text_records", index, says="this record is listed twice. Keep one.")
    if edge.mail and edge.mail.resend and f"{edge.mail.resend.return_path}.{edge.zone}" in led:
        yield at(
            "edge",
            "mail",
            "resend",
            "return_path",
            says=f'"{edge.mail.resend.return_path}.{edge.zone}" is a host already. Write another label, here and at '
            "Resend.",
        )


def origin_certificates_have_an_origin(apps: Apps, edge: Edge) -> Iterator[Problem]:
    """A platform's edge terminates TLS with its own certificates; ours can't be put there."""
    for index, origin in enumerate(apps.origins):
        if edge.origin_tls and origin.address[-1].isalpha():
            yield at(
                "edge",
                "origin_tls",
                says=f'origin "{origin.name}" (madebuy:apps.origins[{index}]) is a host name of a platform, which '
                "shows its own certificate and asks for none. Write origin_tls: null, or run the origin yourself.",
            )


def probes_can_show_a_certificate(edge: Edge) -> Iterator[Problem]:
    """A balancer's monitor shows the origin what visitors' requests show; a health check can't."""
    pulls = edge.origin_tls and edge.origin_tls.authenticated_pulls
    if pulls and edge.load_balancer is None and edge.plan.limits.health_checks:
        yield at(
            "edge",
            "origin_tls",
            "authenticated_pulls",
            says="Cloudflare's health checks carry no certificate, so an origin that asks for one would count as down "
            "for ever. Write false, or add a load balancer, whose monitors carry it.",
        )


def every_origin_can_be_probed(apps: Apps, edge: Edge) -> Iterator[Problem]:
    """Without a balancer each app is probed on each origin by a health check of the plan."""
    probes = len(apps.origins) * len(apps.apps())
    allowed = edge.plan.limits.health_checks
    if edge.load_balancer is None and edge.plan is not CloudflarePlan.FREE and probes > allowed:
        yield at(
            "apps",
            "origins",
            says=f"{len(apps.origins)} origins with both apps need {probes} health checks, and plan {edge.plan} has "
            f"{allowed}. Remove origins, or add a load balancer, which has checks of its own.",
        )


EDGE_RULES: tuple[Callable[..., Iterator[Problem]], ...] = (
    exceptions_name_hosts_of_apps,
    caches_keep_no_answers_that_must_be_fresh,
    tenants_domains_are_their_own,
    records_do_not_collide,
    origin_certificates_have_an_origin,
    probes_can_show_a_certificate,
    every_origin_can_be_probed,
)
