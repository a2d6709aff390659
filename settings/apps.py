"""MadeBuy's two apps: the hosts they answer on and the origins that run them."""

from collections import Counter
from collections.abc import Iterator

from pydantic import Field

from settings.base import Setting, wrong
from settings.contract import AppName
from settings.errors import Problem
from settings.types import Fqdn, OriginAddress, Slug, UrlPath, Wildcard


class Origin(Setting):
    """A host that runs both apps behind Cloudflare."""

    name: Slug = Field(description="A short name, for pools and alerts.", examples=["sydney-1"])
    address: OriginAddress = Field(
        description="The public IPv4 address or host name that Cloudflare connects to. Never a name in the stack's own "
        "zone: that one is proxied, and requests would go in a circle.",
        examples=["203.0.113.10"],
    )


class App(Setting):
    """One app and the names that visitors reach it by."""

    host: Fqdn = Field(description="The app's main host name, in the stack's zone.", examples=["madebuy.com.au"])
    aliases: tuple[Fqdn, ...] = Field((), description="Further host names in the zone that lead to the same app.")
    tenants: Wildcard | None = Field(
        None, description="The wildcard of makers' own shops, directly below the zone, such as *.madebuy.com.au."
    )
    health_path: UrlPath = Field("/api/health", description="The path that answers 200 while the app is well.")
    workers: int = Field(
        4,
        ge=1,
        le=64,
        description="PM2 cluster processes of this app on each origin, each with its own pool of connections.",
    )

    @property
    def hosts(self) -> tuple[str, ...]:
        """The names with a certificate and a DNS record of their own; the wildcard is not among them."""
        return (self.host, *self.aliases)


class Apps(Setting):
    """The two apps and where they run."""

    web: App = Field(
        description="The shop front and marketplace that customers see.", examples=[{"host": "madebuy.com.au"}]
    )
    admin: App = Field(
        description="The dashboard in which makers run their shops.", examples=[{"host": "dashboard.madebuy.com.au"}]
    )
    origins: tuple[Origin, ...] = Field(
        min_length=1,
        description="The hosts that run both apps. Without a load balancer only the first one gets visitors; "
        "the others wait, and still count as holders of database connections.",
    )

    def apps(self) -> dict[AppName, App]:
        """Both apps by name."""
        return {AppName.WEB: self.web, AppName.ADMIN: self.admin}

    def hosts(self) -> tuple[str, ...]:
        """Every host name of both apps, wildcards left out."""
        return (*self.web.hosts, *self.admin.hosts)

    def contradictions(self) -> Iterator[Problem]:
        """Two records of one name, or one origin that counts as two."""
        names = [name for app in (self.web, self.admin) for name in (*app.hosts, *filter(None, [app.tenants]))]
        for host in _repeated(names):
            yield wrong("web", f'"{host}" is listed twice in web and admin: one name has one set of records. Keep one.')
        for name in _repeated([origin.name for origin in self.origins]):
            yield wrong("origins", f'two origins are called "{name}": alerts could not say which is down. Rename one.')
        for address in _repeated([origin.address for origin in self.origins]):
            yield wrong(
                "origins",
                f'"{address}" is listed as two origins: when it fails, both do, so the second one protects nothing. '
                "Remove one, or write the address of another machine.",
            )


def _repeated(values: list[str]) -> list[str]:
    return [value for value, count in Counter(values).items() if count > 1]
