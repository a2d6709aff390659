"""What Cloudflare keeps a copy of, and for how long (audit 4: a year for assets, five minutes for listings)."""

from collections.abc import Iterator

from pydantic import Field

from settings.base import Setting, wrong
from settings.errors import Problem
from settings.types import CookieName, Seconds, UrlPath


class Caching(Setting):
    """Which responses Cloudflare may answer with itself. A request with a session never gets a shared one."""

    static_paths: tuple[UrlPath, ...] = Field(
        ("/_next/static/",),
        description="Beginnings of paths whose content never changes under the same name. Kept for a year.",
    )
    shared_paths: tuple[UrlPath, ...] = Field(
        ("/api/marketplace", "/marketplace"),
        description="Beginnings of paths that answer every visitor alike. The app's own Cache-Control decides for how "
        "long; where it sends none, shared_seconds does.",
    )
    shared_seconds: Seconds = Field(
        300, description="Seconds for which a shared response is fresh (audit 4: 5 minutes)."
    )
    stale_seconds: Seconds = Field(
        60, description="Seconds for which it is still answered with afterwards, while a fresh one is fetched."
    )
    session_cookies: tuple[CookieName, ...] = Field(
        ("next-auth.session-token",),
        min_length=1,
        description="Parts of the names of cookies that make a response a person's own.",
        examples=[["next-auth.session-token"]],
    )

    def contradictions(self) -> Iterator[Problem]:
        """A path that is kept for a year and for five minutes."""
        for shared in self.shared_paths:
            for static in self.static_paths:
                if shared.startswith(static) or static.startswith(shared):
                    yield wrong(
                        "shared_paths",
                        f'"{shared}" and the static path "{static}" cover each other: listings would be kept for a '
                        "year. Write paths that don't begin with one another.",
                    )
