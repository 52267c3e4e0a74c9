"""A site's folder, read and checked: every mistake is named with file, line, key and a remedy."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TypeVar

from ratewire.config.checks import checked, missing_for_the_way
from ratewire.config.languages import is_language, split_tag, usual_tag
from ratewire.config.settings import (
    AnnounceSettings,
    CompareSettings,
    FetchSettings,
    OwnerSettings,
    Product,
    ReadSettings,
    Site,
    SiteSettings,
    SubscribeSettings,
)
from ratewire.config.toml import (
    TomlDocument,
    did_you_mean,
    raise_all,
    read_front_matter,
    read_text,
    read_toml,
)
from ratewire.errors import ConfigError
from ratewire.model import Source

__all__ = ["load_site"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Settings:
    """ratewire.toml as a whole."""

    site: SiteSettings
    fetch: FetchSettings = field(default_factory=FetchSettings)
    read: ReadSettings = field(default_factory=ReadSettings)
    compare: CompareSettings = field(default_factory=CompareSettings)
    announce: AnnounceSettings = field(default_factory=AnnounceSettings)
    subscribe: SubscribeSettings = field(default_factory=SubscribeSettings)
    owner: OwnerSettings = field(default_factory=OwnerSettings)
    meters: Mapping[str, str] = field(default_factory=dict)


def load_site(root: Path) -> Site:
    """Read and check a site's folder.

    Raises ConfigError, one line for each mistake, naming file, line and key.
    """
    root = root.resolve()
    file = root / "ratewire.toml"
    if not file.is_file():
        remedy = "name a site's folder with --site, or make one: ratewire init FOLDER"
        raise ConfigError(f"{root} has no ratewire.toml; {remedy}")
    problems: list[ConfigError] = []
    whole = _each(_settings, [file], problems)
    sources = _each(_source, (root / "content" / "sources").glob("*.toml"), problems)
    files, translations = _by_language((root / "content" / "products").glob("*.md"))
    products = _each(_product, files, problems)
    problems += _twins([(document, source.id) for document, source in sources])
    problems += _twins([(document, product.id) for document, product in products])
    language = whole[0][1].site.language if whole else ""
    texts = dict(_each(partial(_translated, language, translations), translations, problems))
    if not problems:  # else a product that could not be read would be missed by those who name it
        problems += _strangers(whole[0], products)
        document, said = whole[0]
        problems += missing_for_the_way(document, said.subscribe, said.announce.email)
    raise_all(problems)
    _, settings = whole[0]
    return Site(
        root,
        replace(
            settings.site,
            url=settings.site.url.rstrip("/"),
            moved_from=settings.site.moved_from.rstrip("/"),
        ),
        settings.fetch,
        settings.compare,
        settings.announce,
        settings.subscribe,
        tuple(sorted((source for _, source in sources), key=lambda source: source.id)),
        tuple(
            replace(each, translations=texts.get(each.file, ()))
            for _, each in sorted(products, key=lambda one: (one[1].order, one[1].name))
        ),
        settings.owner,
        settings.meters,
        settings.read,
    )


def _settings(file: Path) -> tuple[TomlDocument, _Settings]:
    document = read_toml(file)
    return document, checked(document, document.typed(_Settings))


def _source(file: Path) -> tuple[TomlDocument, Source]:
    document = read_toml(file)
    return document, checked(document, document.typed(Source, id=file.stem))


def _product(file: Path) -> tuple[TomlDocument, Product]:
    stem, tag = split_tag(file)
    if tag and is_language(tag) and not read_text(file).startswith("+++"):
        told = f"translates {stem}.md, which is not there; write that first"
        raise ConfigError(told, file=file, line=1)
    document, text, _ = read_front_matter(file)
    product = checked(document, document.typed(Product, id=file.stem))
    return document, replace(product, text=text.strip(), file=file)


def _by_language(files: Iterable[Path]) -> tuple[list[Path], dict[Path, dict[Path, str]]]:
    """Files of products, and of each the translations with their tags: `NAME.de.md` beside
    `NAME.md`. A product's own id may well end like that, `gpt-5.md` beside `gpt.md`.
    """
    known = {file.stem: file for file in files}
    own, found = [], dict[Path, dict[Path, str]]()
    for file in known.values():
        stem, tag = split_tag(file)
        if tag and stem in known and is_language(tag):
            found.setdefault(known[stem], {})[file] = usual_tag(tag)
        else:
            own.append(file)
    return own, found


def _translated(
    language: str, translations: Mapping[Path, Mapping[Path, str]], original: Path
) -> tuple[Path, tuple[tuple[str, str], ...]]:
    """A product's file, and its words in other languages than that of the site, `language`."""
    texts: dict[str, str] = {}
    names: dict[str, str] = {language.lower(): original.name}
    for file, tag in sorted(translations[original].items()):
        if (twin := names.setdefault(tag.lower(), file.name)) != file.name:
            told = f"is in the same language as {twin}; remove one of them"
            raise ConfigError(told, file=file, line=1)
        text = read_text(file).strip()
        if text.startswith("+++") or not text:
            told = f"is words alone, without front matter: all else is said in {original.name}"
            raise ConfigError(told, file=file, line=1)
        texts[tag] = text
    return original, tuple(texts.items())


def _each(load: Callable[[Path], T], files: Iterable[Path], problems: list[ConfigError]) -> list[T]:
    """What loads; what does not is added to the problems."""
    loaded = []
    for file in sorted(files):
        try:
            loaded.append(load(file))
        except ConfigError as error:
            problems.append(error)
    return loaded


def _twins(named: list[tuple[TomlDocument, str]]) -> list[ConfigError]:
    """An error for each file whose id an earlier file has."""
    first: dict[str, TomlDocument] = {}
    return [
        document.error(f'"{id}" is also the id of {first[id].file}; ids are unique', "id")
        for document, id in named
        if first.setdefault(id, document) is not document
    ]


def _strangers(
    whole: tuple[TomlDocument, _Settings], products: list[tuple[TomlDocument, Product]]
) -> list[ConfigError]:
    """An error for each mention of a product that there is not, and each alias with two owners."""
    known = {product.id for _, product in products}
    mentions = [(document, "successor", product.successor) for document, product in products]
    mentions.append((whole[0], "site.featured_product", whole[1].site.featured_product))
    problems = [
        document.error(
            f'"{id}" is no product of content/products/{did_you_mean(id, known)}', *key.split(".")
        )
        for document, key, id in mentions
        if id and id not in known
    ]
    owners: dict[str, Product] = {product.id.lower(): product for _, product in products}
    for document, product in products:
        for alias in product.aliases:
            owner = owners.setdefault(alias.lower(), product)
            if owner is not product:
                words = f'"{alias}" already stands for {owner.id}; an alias has one product'
                problems.append(document.error(words, "aliases"))
    return problems
