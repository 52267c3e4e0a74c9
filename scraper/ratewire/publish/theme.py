"""Templates and assets: the theme that comes with ratewire, and what a site puts in its place."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateError,
)
from markupsafe import Markup

from ratewire.config import Site
from ratewire.errors import BuildError
from ratewire.model.moments import rfc3339
from ratewire.publish.cards import CardLink, Style, link_to, site_card, style_of
from ratewire.publish.charts import step_chart
from ratewire.publish.labels import Labels
from ratewire.publish.prepared import Prepared
from ratewire.publish.speaking import FixedWords, speaker
from ratewire.publish.stated import Quoted
from ratewire.wording import formats
from ratewire.wording.catalogue import ENGLISH, Words, meters_of, theme_folder, words_of
from ratewire.wording.facts import SiteNames
from ratewire.wording.locales import native_name, territory_tag
from ratewire.wording.stories import Story
from ratewire.wording.text import plain

__all__ = ["Theme", "figure_html", "link_from", "markdown_escape", "theme_folder"]

_LONGEST = 20_000
"""Characters of one text in Markdown."""
_SPECIAL = re.compile(r"([\\`*_\[\]<>|~])")


def markdown_escape(text: object) -> str:
    """Text that Markdown, tables included, shows as it is; without control characters."""
    return _SPECIAL.sub(r"\\\1", plain(str(text), _LONGEST))


def link_from(page: str) -> Callable[[str], str]:
    """Links relative to the page, so that a site works under any address: `/x/` from `/a/b/` is
    `../../x/`.
    """
    up = "../" * (page.count("/") - 1)

    def link(target: str) -> str:
        return (up + target[1:] or "./") if target.startswith("/") else target

    return link


@dataclass(frozen=True)
class Theme:
    """The Jinja environment and the assets of a site, in one language; `""`: the site's own."""

    site: Site
    language: str = ""

    def __reduce__(self) -> tuple[type[Theme], tuple[Site, str]]:
        """Another process makes its own Jinja environment."""
        return Theme, (self.site, self.language)

    def speaking(self, language: str) -> Theme:
        """The theme in another language: each has its filters, so each its own environment."""
        if language == self.language:
            return self
        if language not in self._others:
            self._others[language] = Theme(self.site, language)
        return self._others[language]

    @cached_property
    def _others(self) -> dict[str, Theme]:
        return {}

    @cached_property
    def words(self) -> Words:
        return words_of(self.site, self.language)

    @cached_property
    def labels(self) -> Labels:
        return Labels(self.words, meters_of(self.site, self.words))

    @cached_property
    def vocabulary(self) -> SiteNames:
        """Of a whole site, so not gathered anew for each page."""
        return SiteNames.of(self.site, self.words)

    def told(self, stories: Iterable[Story]) -> tuple[Story, ...]:
        """Stories in the theme's language; the ledger has them in the site's own."""
        if not self.language:
            return tuple(stories)
        return tuple(story.in_words(self.vocabulary) for story in stories)

    @cached_property
    def folders(self) -> tuple[Path, ...]:
        """The site's own first."""
        found = [path for path in (self.site.templates, theme_folder()) if path.is_dir()]
        return tuple(dict.fromkeys(path.resolve() for path in found))

    @cached_property
    def environment(self) -> Environment:
        """A site's template may extend the one it replaces as `theme/NAME`."""
        theme = FileSystemLoader(theme_folder())
        environment = Environment(
            loader=ChoiceLoader(
                [FileSystemLoader(self.folders), PrefixLoader({"theme": theme})],
            ),
            autoescape=lambda name: bool(name and name.endswith(".html")),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
            extensions=[FixedWords.of(self.words)],
        )
        environment.filters.update(
            md=markdown_escape,
            day=partial(formats.day, words=self.words),
            moment=partial(formats.moment, words=self.words),
            plain=plain,
            price=partial(formats.price, words=self.words),
            stamp=partial(rfc3339, timespec="seconds"),
            figure=partial(figure_html, words=self.words),
            chart=partial(step_chart, words=self.words),
        )
        environment.globals.update(
            say=speaker(self.words),
            locale=territory_tag,
            language_name=native_name,
            words=self.words,
            labels=self.labels,
            asset=self.asset,
            settings=self.site.settings,
            site=self.site,
        )
        return environment

    @cached_property
    def prepared(self) -> Prepared:
        """Of articles with figures."""
        return Prepared(self.site.cache)

    def render(self, template: str, **context: object) -> str:
        """Raises BuildError that names the template and its line."""
        try:
            return self.environment.get_template(template).render(context)
        except TemplateError as error:
            where = getattr(error, "filename", None) or self._file(template)
            raise BuildError(
                f"{type(error).__name__}: {error.message}",
                file=Path(where) if where else None,
                line=getattr(error, "lineno", None) or template_line(error),
            ) from error
        except BuildError as error:
            file, line = _raised_at(error)
            if error.file is not None or file is None:
                raise
            raise BuildError(str(error), file=file, line=line) from error

    def _file(self, template: str) -> str | None:
        return next((str(f / template) for f in self.folders if (f / template).exists()), None)

    @cached_property
    def assets(self) -> Mapping[str, bytes]:
        """Path in the site to bytes; names carry a digest, so they may be cached for ever."""
        return dict(self._assets.values())

    @cached_property
    def _assets(self) -> Mapping[str, tuple[str, bytes]]:
        found: dict[str, tuple[str, bytes]] = {}
        for folder in reversed(self.folders):
            for file in sorted((folder / "assets").glob("*")):
                data = file.read_bytes()
                mark = hashlib.sha256(data).hexdigest()[:8]
                found[file.name] = (f"assets/{file.stem}.{mark}{file.suffix}", data)
        return found

    def asset(self, name: str) -> str:
        """`style.css` → `/assets/style.1f2e3d4c.css`."""
        return "/" + self._assets[name][0]

    @cached_property
    def cards(self) -> Style:
        """What every card has in common."""
        return style_of(self.folders)

    @cached_property
    def card(self) -> CardLink:
        """The site's own, for pages that have none."""
        settings = self.site.settings
        mark = self.cards.of(site_card(settings))
        return link_to("/", mark, f"{settings.title}: {settings.description}", settings)

    @cached_property
    def digest(self) -> str:
        """Of every template and asset."""
        total = hashlib.sha256()
        for folder in self.folders:
            for file in sorted(path for path in folder.rglob("*") if path.is_file()):
                total.update(f"{file.relative_to(folder)}\0".encode())
                total.update(file.read_bytes())
        return total.hexdigest()


def template_line(error: BaseException, file: str = "") -> int | None:
    """The line of the template (`file`, else any) that raised; Jinja puts it in the traceback."""
    line, step = None, error.__traceback__
    while step is not None:
        name = step.tb_frame.f_code.co_filename
        if name == file or (not file and name.endswith((".html", ".md", ".txt"))):
            line = step.tb_lineno
        step = step.tb_next
    return line


def _raised_at(error: BaseException) -> tuple[Path | None, int | None]:
    """The template, and its line, that asked for what could not be given."""
    file, line, step = None, None, error.__traceback__
    while step is not None:
        name = step.tb_frame.f_code.co_filename
        if name.endswith((".html", ".md", ".txt")):
            file, line = Path(name), step.tb_lineno
        step = step.tb_next
    return file, line


def figure_html(quoted: Quoted, text: str, words: Words = ENGLISH) -> Markup:
    """A rate's `<span>`: its parts as data, and as a title who says so and since when."""
    rate, seen = quoted.rate, quoted.seen
    return Markup(
        '<span class="rate" data-product="{}" data-meter="{}" data-conditions="{}" '
        'data-amount="{:f}" data-currency="{}" data-unit="{}" title="{}, {} {}">{}</span>'
    ).format(
        plain(rate.product, 120),
        plain(rate.meter, 120),
        plain(str(rate.conditions)),
        rate.amount,
        plain(rate.currency, 8),
        plain(str(rate.unit), 80),
        quoted.source.name,
        words(seen.word),
        formats.day(seen.day, words),
        text,
    )
