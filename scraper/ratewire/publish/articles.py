"""Articles: TOML between `+++` lines, then Markdown in which Jinja calls for figures."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from ratewire.config.languages import is_language, split_tag, usual_tag
from ratewire.config.toml import (
    TomlDocument,
    did_you_mean,
    read_front_matter,
    split_front_matter,
)
from ratewire.errors import BuildError, ConfigError
from ratewire.publish.figures import Figures
from ratewire.publish.markup import Heading, convert
from ratewire.publish.stamps import names_of
from ratewire.publish.theme import template_line

__all__ = [
    "Article",
    "ArticleText",
    "Heading",
    "article_files",
    "load_article",
    "load_articles",
    "render",
]

_KEYS: Mapping[str, type] = {
    "title": str, "slug": str, "description": str, "published": date, "reviewed": date,
    "order": int, "products": list, "faq": bool,
}  # fmt: skip
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_TAGS = re.compile(r"<[^>]*>")
_SECTION = re.compile(r'<h2 id="([^"]*)">(.*?)</h2>', re.S)


@dataclass(frozen=True, slots=True)
class Article:
    """One Markdown file's front matter; its text is read when it is rendered."""

    file: str
    """Its path."""
    slug: str
    title: str
    description: str
    published: date | None
    reviewed: date | None
    order: int
    products: tuple[str, ...]
    faq: bool
    path: str
    """Where it stands in the site: `/articles/x/`."""
    digest: str
    """Of the file's bytes."""
    language: str = ""
    """BCP 47 tag of a translation; empty: the site's own language."""
    versions: tuple[tuple[str, str], ...] = ()
    """(tag, path) of every language that it is in, the site's own first; empty: in no other."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A question of an FAQ and what follows it."""

    id: str
    question: str
    html: str

    @property
    def text(self) -> str:
        return " ".join(_TAGS.sub(" ", self.html).split())


@dataclass(frozen=True, slots=True)
class ArticleText:
    """An article in both forms."""

    html: str
    markdown: str
    headings: tuple[Heading, ...]

    @property
    def answers(self) -> tuple[Answer, ...]:
        _, *parts = _SECTION.split(self.html)
        return tuple(
            Answer(id, _TAGS.sub("", question).strip(), html.strip())
            for id, question, html in zip(parts[::3], parts[1::3], parts[2::3], strict=True)
        )


# ── Reading ──────────────────────────────────────────────────────────────────────────────────


def load_articles(
    content: Path, known: Mapping[str, Article] | None = None, *, language: str = "en"
) -> tuple[Article, ...]:
    """`content/articles/*.md` under `/articles/`, and `content/*.md` at the top; translations of
    them, `NAME.de.md`, at `/de` and the address of `NAME.md`, whatever that is.

    `known` are articles that have been read before and whose files have not been touched since,
    `language` is the site's own. Sorted by order, newest first, then title. Raises BuildError
    naming file and line.
    """
    known = known or {}
    articles = _paired(
        [known.get(file) or load_article(Path(file), at) for file, at in article_files(content)],
        language,
    )
    taken: dict[str, Article] = {}
    for article in articles:
        other = taken.setdefault(article.path, article)
        if other is not article:
            raise BuildError(
                f"has the same address {article.path} as {other.file}; give it a slug",
                file=Path(article.file),
                line=1,
            )
    return tuple(
        sorted(
            articles,
            key=lambda a: (a.order, -(a.published or date.min).toordinal(), a.title, a.path),
        )
    )


def _paired(articles: list[Article], language: str) -> list[Article]:
    """Each with all its versions; a translation where its original stands."""
    if not any(one.language for one in articles):
        return [replace(one, versions=()) if one.versions else one for one in articles]
    originals = {str(Path(one.file).with_suffix("")): one for one in articles if not one.language}
    versions: dict[str, dict[str, Article]] = {name: {} for name in originals}
    for one in articles:
        if not one.language:
            continue
        name = str(Path(one.file).with_suffix("").with_suffix(""))
        if name not in originals:
            told = f"translates {name}.md, which is not there; write that in {language} first"
            raise BuildError(told, file=Path(one.file), line=1)
        if one.language.lower() == language.lower():
            told = f"is in the site's own language, which is that of {originals[name].file}"
            raise BuildError(f"{told}; remove one of them", file=Path(one.file), line=1)
        twin = versions[name].setdefault(one.language, one)
        if twin is not one:
            told = f"is in the same language as {twin.file}; remove one of them"
            raise BuildError(told, file=Path(one.file), line=1)
    found = []
    for name, first in originals.items():
        others = [
            replace(one, path=f"/{tag.lower()}{first.path}")
            for tag, one in sorted(versions[name].items())
        ]
        ways = [(language, first.path), *((one.language, one.path) for one in others)]
        all_of_it = tuple(ways) if others else ()
        found += [replace(one, versions=all_of_it) for one in (first, *others)]
    return found


def article_files(content: Path) -> list[tuple[str, str]]:
    """Every article's file, and the folder of the site in which its page stands."""
    folders = ((content / "articles", "/articles/"), (content, "/"))
    return [(file, at) for folder, at in folders for file in names_of(folder, ".md")]


def load_article(file: Path, folder: str = "/articles/") -> Article:
    """Raises BuildError naming file and line."""
    try:
        document, _, _ = read_front_matter(file)
        data = _checked(document)
    except ConfigError as error:
        raise _as_build_error(error) from None
    stem, language = _language_of(file)
    if language and "slug" in data:
        told = f"is that of {stem}.md, of which this is a translation; remove the key"
        raise _as_build_error(document.error(told, "slug"))
    slug = data.get("slug", stem)
    if not _SLUG.fullmatch(slug) and not language:
        told = f"{slug!r} is not an address; use a-z, 0-9 and single hyphens"
        if "." in slug:
            told += f", and a language's tag for a translation: {stem.split('.')[0]}.de.md"
        raise _as_build_error(document.error(told, "slug"))
    return Article(
        file=str(file),
        slug=slug,
        title=data["title"],
        description=data.get("description", ""),
        published=data.get("published"),
        reviewed=data.get("reviewed", data.get("published")),
        order=data.get("order", 100),
        products=tuple(data.get("products", ())),
        faq=data.get("faq", False),
        path=f"{folder}{slug}/",
        digest=hashlib.sha256(file.read_bytes()).hexdigest()[:16],
        language=language,
    )


def _language_of(file: Path) -> tuple[str, str]:
    """`NAME.pt-br.md` is NAME in `pt-BR`; empty: the site's own language."""
    stem, tag = split_tag(file)
    if tag and not is_language(tag):
        remedy = f"name a translation by its language's tag, such as {stem}.de.md"
        raise BuildError(f"{tag!r} is no language that Unicode CLDR knows; {remedy}", file=file)
    return stem, usual_tag(tag)


def _checked(document: TomlDocument) -> Mapping[str, Any]:
    mistakes = []
    for key, value in document.data.items():
        if key not in _KEYS:
            hint = did_you_mean(key, _KEYS) or f"; known here: {', '.join(_KEYS)}"
            mistakes.append(((key,), f"no such key{hint}"))
        elif not isinstance(value, _KEYS[key]) or (key == "order" and isinstance(value, bool)):
            mistakes.append(((key,), f"must be {_KINDS[_KEYS[key]]}, not {value!r}"))
    if not document.data.get("title"):
        mistakes.append((("title",), "is missing; it has no default"))
    document.raise_for(mistakes)
    return document.data


_KINDS: Mapping[type, str] = {
    str: 'text in "quotes"',
    date: "a date such as 2026-11-24, without quotes",
    int: "a whole number",
    list: "a list in [ ]",
    bool: "true or false",
}


def _as_build_error(error: ConfigError) -> BuildError:
    mended = BuildError(str(error))
    mended.file, mended.line = error.file, error.line
    return mended


# ── Rendering ────────────────────────────────────────────────────────────────────────────────


def render(article: Article, figures: Figures) -> ArticleText:
    """Jinja, then Markdown, then the figures. Raises BuildError naming file and line."""
    file = Path(article.file)
    try:
        _, body, first_line = split_front_matter(file)
    except ConfigError as error:
        raise _as_build_error(error) from None
    source = live(body, figures, file, first_line)
    # Of an article without figures nothing is kept: it is rendered again when it is edited only.
    html, headings = markdown(source, figures, file, keep=source != body)
    return ArticleText(html, figures.slots.markdown(source).strip() + "\n", headings)


def live(text: str, figures: Figures, file: Path, first_line: int = 1) -> str:
    """`text` after Jinja, with a token for each figure."""
    if "{{" not in text and "{%" not in text and "{#" not in text:
        return text
    try:
        return _environment().from_string(text, figures.functions()).render()
    except TemplateError as error:
        line = getattr(error, "lineno", None) or template_line(error, "<template>") or 1
        message = (error.message or "is not a template").rstrip(".")
        raise BuildError(message, file=file, line=first_line - 1 + line) from None
    except BuildError as error:
        if error.file is not None:
            raise
        line = template_line(error, "<template>") or 1
        raise BuildError(str(error), file=file, line=first_line - 1 + line) from None
    except (ArithmeticError, TypeError, ValueError) as error:
        line = template_line(error, "<template>") or 1
        zero = isinstance(error, ZeroDivisionError)
        message = "divides by zero" if zero else f"{type(error).__name__}: {error}"
        raise BuildError(message, file=file, line=first_line - 1 + line) from None


def markdown(
    source: str, figures: Figures, file: Path | None = None, *, keep: bool = False
) -> tuple[str, tuple[Heading, ...]]:
    """HTML of Markdown with tokens, all filled, and its headings of the second level.

    `file` is where it is written, named with the line by the BuildError of a link that leads to no
    page; `keep` what can be kept for the next build.
    """
    table = figures.words("page.table")
    link = figures.link if file is None else _linking(figures, file)
    if keep:
        html, headings = figures.theme.prepared.converted(str(file), source, link, table)
    else:
        html, headings = convert(source, link, table)
    fill = figures.slots.html
    listed = (Heading(h.id, _TAGS.sub("", fill(h.text))) for h in headings if h.level == 2)
    return fill(html), tuple(listed)


def _linking(figures: Figures, file: Path) -> Callable[[str], str]:
    """`figures.link` for what stands in `file`."""

    def link(target: str) -> str:
        try:
            return figures.link(target)
        except BuildError as error:
            lines = enumerate(file.read_text("utf-8-sig").split("\n"), 1)
            line = next((number for number, text in lines if target in text), None)
            raise BuildError(str(error), file=file, line=line) from None

    return link


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return SandboxedEnvironment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
