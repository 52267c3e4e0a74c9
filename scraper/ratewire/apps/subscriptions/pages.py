"""The service's pages: the site's look, no script, nothing from elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from ratewire.announce.mail import LETTERS
from ratewire.apps.subscriptions.roll import Wishes
from ratewire.config import Site
from ratewire.model import ChangeKind
from ratewire.publish.theme import Theme
from ratewire.wording.changes import kind_name
from ratewire.wording.text import plain

__all__ = ["HEADERS", "Choice", "Pages", "environment"]

_POLICY = (
    "default-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "img-src 'self'; style-src 'self'"
)
HEADERS: Mapping[str, str] = {
    "content-security-policy": _POLICY,
    "referrer-policy": "no-referrer",  # links carry tokens
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "x-robots-tag": "noindex, nofollow",
    "cross-origin-opener-policy": "same-origin",
}
_ASSETS = {"style.css": "text/css", "favicon.svg": "image/svg+xml"}


def environment() -> Environment:
    """The templates of this room."""
    return Environment(
        loader=FileSystemLoader((Path(__file__).parent / "templates", LETTERS)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@dataclass(frozen=True, slots=True)
class Choice:
    """A box to tick."""

    value: str
    words: str


class Pages:
    """Renders the pages of one site."""

    def __init__(self, site: Site, templates: Environment) -> None:
        self._site = site
        self._templates = templates
        self._title = plain(site.settings.title, 120)

    @cached_property
    def assets(self) -> Mapping[str, tuple[str, bytes]]:
        """Name to media type and bytes: the theme's own, and what forms need beside it."""
        theme = Theme(self._site)
        found = {
            name: (kind, theme.assets[theme.asset(name).removeprefix("/")])
            for name, kind in _ASSETS.items()
        }
        ours = (Path(__file__).parent / "templates" / "service.css").read_bytes()
        return {**found, "service.css": ("text/css", ours)}

    @cached_property
    def products(self) -> tuple[Choice, ...]:
        return tuple(Choice(one.id, plain(one.name, 80)) for one in self._site.products)

    @cached_property
    def kinds(self) -> tuple[Choice, ...]:
        """Those that the site announces."""
        announced = {*self._site.announce.immediate, *self._site.announce.digest_kinds}
        return tuple(
            Choice(kind.value, kind_name(kind)) for kind in ChangeKind if kind.value in announced
        )

    def wishes(self, form: Mapping[str, list[str]]) -> Wishes:
        """What a form asks for; what is not on offer is left out. All ticked is as none ticked."""
        digest = (form.get("digest") or [""])[0]
        return Wishes(
            _chosen(self.products, form.get("product", ())),
            _chosen(self.kinds, form.get("kind", ())),
            digest if digest in ("daily", "weekly") else "",
        )

    def page(self, template: str, title: str, **shown: object) -> str:
        return self._templates.get_template(template).render(
            title=title,
            site=self._title,
            home=f"{self._site.settings.url}/",
            feeds=f"{self._site.settings.url}/feeds/all",
            notice=plain(self._site.settings.notice, 600),
            within=self._site.subscribe.service.confirmation_ttl,
            contact=self._site.settings.contact,
            products=self.products,
            kinds=self.kinds,
            **shown,
        )


def _chosen(offered: tuple[Choice, ...], asked: list[str] | tuple[str, ...]) -> tuple[str, ...]:
    chosen = tuple(one.value for one in offered if one.value in asked)
    return () if len(chosen) == len(offered) else chosen
