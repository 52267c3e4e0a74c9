"""The words of the interface: one catalogue for each language, `words/LANGUAGE.toml`.

The theme's catalogue comes first, then the site's own of the same name, of which every word takes
the place of the theme's. A word that a language lacks stands in English. Messages are bound once,
when a language is first asked for; what is put into them is escaped where the page is HTML.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path
from string import Formatter
from typing import Any

from markupsafe import Markup, escape

from ratewire.config import Site
from ratewire.config.languages import usual_tag
from ratewire.config.toml import TomlDocument, did_you_mean, read_toml
from ratewire.errors import BuildError, ConfigError
from ratewire.wording.locales import CATEGORIES, Forms, forms_of

__all__ = ["ENGLISH", "OPEN", "Words", "meters_of", "theme_folder", "words_of"]

log = logging.getLogger(__name__)
OPEN = ("meters", "values", "names", "things", "counts")
"""Sections of any names: a language's words for what pages and settings say."""
_BASE = "en"
_COUNT = "count"
"""The number by which a message's plural form is chosen."""


def theme_folder() -> Path:
    """The default theme: inside the installed package, or `templates/` of a checkout."""
    package = Path(__file__).parents[1]
    installed = package / "theme"
    return installed if installed.is_dir() else package.parents[1] / "templates"


@dataclass(frozen=True, slots=True)
class _Message:
    """A message's text, or its text for each plural category, plain and escaped."""

    names: frozenset[str]
    """What is put in."""
    plain: Mapping[str, str]
    """By category; a message without any has the one form ``""``."""
    html: Mapping[str, str]

    @property
    def counted(self) -> bool:
        return "" not in self.plain


class Words:
    """A language's messages, called by key: `words("nav.prices")`, `words("count.rates", count=3)`.

    `folders`: where catalogues stand, the theme's first. Nothing is read before the first call.
    """

    def __init__(self, language: str = _BASE, folders: Sequence[Path] = ()) -> None:
        self.language = language
        self._folders = tuple(folders)

    def __call__(self, key: str, /, **put: object) -> str:
        """The message as plain text. Raises BuildError for an unknown key or wrong names."""
        text = self._fixed.get(key) if not put else None
        return text if text is not None else self._form(key, put).format(**put)

    def html(self, key: str, /, **put: object) -> Markup:
        """The message escaped, and so is all that is put in, unless it is markup already."""
        text = self._fixed_html.get(key) if not put else None
        if text is not None:
            return text
        form = self._form(key, put, html=True)
        return Markup(form.format(**{name: escape(value) for name, value in put.items()}))

    def fixed(self, key: str) -> str | None:
        """A message into which nothing is put; None: there is none of that key."""
        return self._fixed.get(key)

    def named(self, section: str, name: str, count: int | Decimal = 1) -> str:
        """A word of an open section; empty where the language has none."""
        message = self._messages.get(f"{section}.{name}")
        if message is None:
            return ""
        return message.plain.get(self._category(count)) or message.plain.get("") or ""

    def script(self, section: str) -> str:
        """The messages of a section as JSON, for the scripts of a page: text or plural forms."""
        start = f"{section}."
        found = {
            key.removeprefix(start): message.plain if message.counted else message.plain[""]
            for key, message in self._messages.items()
            if key.startswith(start)
        }
        return json.dumps(found, ensure_ascii=False, separators=(",", ":"))

    @property
    def small_within(self) -> bool:
        """Whether a name that begins with a capital is written small within a sentence."""
        return self("rules.small_within") == "yes"

    @cached_property
    def forms(self) -> Forms:
        """Those of the language in which the words are."""
        known = next((name for name in _chain(self.language) if self._files(name)), _BASE)
        try:
            return forms_of(known)
        except ValueError:
            file = self._files(known)[-1]
            remedy = "name the file by a tag of Unicode CLDR, such as de.toml or pt-BR.toml"
            raise BuildError(f"{known!r} is no language; {remedy}", file=file) from None

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """Keys that the language has no word for: they stand in English."""
        if self.language.split("-")[0].lower() == _BASE:
            return ()
        files = [file for name in _chain(self.language) for file in self._files(name)]
        given = {key for file in files for key, *_ in _texts(_read(file))}
        return tuple(key for key in self._english if key not in given and not _is_open(key))

    # ── Inside ───────────────────────────────────────────────────────────────────────────────

    @cached_property
    def _english(self) -> Mapping[str, _Message]:
        """What there is to say, and with which names."""
        return {key: _bound(texts) for key, texts, _ in _texts(_read(self._base))}

    @property
    def _base(self) -> Path:
        return (self._folders or (theme_folder(),))[0] / "words" / f"{_BASE}.toml"

    @cached_property
    def _messages(self) -> Mapping[str, _Message]:
        found = dict(self._english)
        for name in dict.fromkeys((_BASE, *reversed(_chain(self.language)))):
            for file in self._files(name):
                if file == self._base:
                    continue
                document = _read(file)
                for key, texts, path in _texts(document):
                    found[key] = self._checked(document, key, texts, path)
        return found

    def _checked(
        self, document: TomlDocument, key: str, texts: Mapping[str, str], path: tuple[str, ...]
    ) -> _Message:
        message = _bound(texts)
        if _is_open(key):
            return message
        english = self._english.get(key)
        if english is None:
            hint = did_you_mean(key, self._english) or "; words/en.toml of the theme has them all"
            raise _wrong(document, path, f"no such word{hint}")
        if message.counted and not english.counted:
            told = "has plural forms, which the English word has not; give it one text"
            raise _wrong(document, path, told)
        if unknown := message.names - english.names:
            told = ", ".join(f"{{{name}}}" for name in sorted(english.names)) or "nothing"
            wrong = ", ".join(f"{{{name}}}" for name in sorted(unknown))
            raise _wrong(document, path, f"{wrong} is not put into this word; what is: {told}")
        return _Message(english.names, message.plain, message.html)

    @cached_property
    def _fixed(self) -> Mapping[str, str]:
        fixed = {k: m.plain.get("") for k, m in self._messages.items() if not m.names}
        return {key: text.format() for key, text in fixed.items() if text is not None}

    @cached_property
    def _fixed_html(self) -> Mapping[str, Markup]:
        return {key: escape(text) for key, text in self._fixed.items()}

    def _form(self, key: str, put: Mapping[str, Any], *, html: bool = False) -> str:
        message = self._messages.get(key)
        if message is None:
            hint = did_you_mean(key, self._messages) or "; add it to words/en.toml"
            raise BuildError(f"no word {key!r} in words/{self.language}.toml{hint}")
        if put.keys() != message.names:
            wanted = ", ".join(sorted(message.names)) or "nothing"
            given = ", ".join(sorted(put)) or "nothing"
            raise BuildError(
                f"the word {key!r} (words/{self.language}.toml) takes {wanted}; given: {given}"
            )
        forms = message.html if html else message.plain
        if not message.counted:
            return forms[""]
        return forms.get(self._category(put[_COUNT])) or forms["other"]

    def _category(self, count: int | Decimal) -> str:
        return self.forms.plural(count)

    def _files(self, name: str) -> list[Path]:
        """The catalogues of one language, the theme's first."""
        folders = self._folders or (theme_folder(),)
        return [file for folder in folders if (file := folder / "words" / f"{name}.toml").is_file()]


ENGLISH = Words()
"""The theme's own English, for what belongs to no site."""


def words_of(site: Site, language: str = "") -> Words:
    """A site's words in a language, by default its own; read again when a catalogue is touched."""
    folders = (theme_folder(), *([site.templates] if site.templates != theme_folder() else []))
    stamps = tuple(_stamps(folder / "words") for folder in folders)
    return _words(language or site.settings.language, folders, stamps)


def meters_of(site: Site, words: Words) -> Mapping[str, str]:
    """`[meters]` names them in the site's own language: another asks its catalogue first."""
    if words.language == site.settings.language:
        return site.meters
    return {name: words.named("meters", name) or told for name, told in site.meters.items()}


@lru_cache(maxsize=32)
def _words(language: str, folders: tuple[Path, ...], stamps: object) -> Words:
    words = Words(language, folders)
    if missing := words.missing:
        some = ", ".join(missing[:8]) + (", …" if len(missing) > 8 else "")
        log.warning(
            "words/%s.toml lacks %d words, which stand in English: %s", language, len(missing), some
        )
    return words


def _stamps(folder: Path) -> tuple[tuple[str, int, int], ...]:
    if not folder.is_dir():
        return ()
    files = [(file.name, file.stat()) for file in sorted(folder.glob("*.toml"))]
    return tuple((name, stat.st_mtime_ns, stat.st_size) for name, stat in files)


def _chain(language: str) -> tuple[str, ...]:
    """`pt-BR`, then `pt`."""
    parts = usual_tag(language).split("-")
    return tuple("-".join(parts[:length]) for length in range(len(parts), 0, -1))


def _is_open(key: str) -> bool:
    return key.partition(".")[0] in OPEN


def _read(file: Path) -> TomlDocument:
    try:
        return read_toml(file)
    except ConfigError as error:
        raise BuildError(str(error)) from None


def _texts(document: TomlDocument) -> Iterator[tuple[str, Mapping[str, str], tuple[str, ...]]]:
    """Every message: its key, its texts by category (``""``: it has but one), its path in TOML."""

    def below(
        table: Mapping[str, Any], path: tuple[str, ...]
    ) -> Iterator[tuple[str, Mapping[str, str], tuple[str, ...]]]:
        for name, value in table.items():
            here = (*path, name)
            if isinstance(value, str):
                yield ".".join(here), {"": _sound(document, here, value)}, here
            elif isinstance(value, dict) and value and value.keys() <= set(CATEGORIES):
                if "other" not in value:
                    raise _wrong(document, here, 'has no form `other`; add other = "…"')
                yield ".".join(here), {k: _sound(document, here, v) for k, v in value.items()}, here
            elif isinstance(value, dict):
                yield from below(value, here)
            else:
                raise _wrong(document, here, f'is text in "quotes", not {value!r}')

    yield from below(document.data, ())


def _sound(document: TomlDocument, path: tuple[str, ...], text: object) -> str:
    """The text, which has nothing in braces but names."""
    if not isinstance(text, str):
        raise _wrong(document, path, f'is text in "quotes", not {text!r}')
    try:
        parts = [part[1:] for part in Formatter().parse(text) if part[1] is not None]
    except ValueError as error:
        raise _wrong(document, path, f"{error}; a brace of its own is written twice") from None
    for name, form, change in parts:
        if not (name or "").isidentifier() or form or change:
            raise _wrong(document, path, f"{{{name}}} is not a name; write e.g. {{day}}")
    return text


def _wrong(document: TomlDocument, path: tuple[str, ...], told: str) -> BuildError:
    line = document.line(path)
    return BuildError(f"{'.'.join(path)}: {told}", file=document.file, line=line)


def _bound(texts: Mapping[str, str]) -> _Message:
    names = {name for text in texts.values() for _, name, _, _ in Formatter().parse(text) if name}
    if "" not in texts:
        names.add(_COUNT)
    escaped = {category: str(escape(text)) for category, text in texts.items()}
    return _Message(frozenset(names), texts, escaped)
