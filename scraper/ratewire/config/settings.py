"""What an owner may say: the settings of a site as types, with their defaults.

A field's key in TOML is its name, or its metadata's `key`; one with an empty key is not set there.
`former` in the metadata is a key it had before, which an error then explains.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ratewire.model import Source

__all__ = [
    "AnnounceSettings",
    "AppriseSettings",
    "ButtondownSettings",
    "CompareSettings",
    "EmailSettings",
    "FetchSettings",
    "Form",
    "GithubSettings",
    "ListmonkSettings",
    "OwnerSettings",
    "Product",
    "ReadSettings",
    "RecipientSettings",
    "ServiceSettings",
    "Site",
    "SiteSettings",
    "SubscribeSettings",
    "WebhookSettings",
]


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """`[site]`: what the site is and where it will stand."""

    title: str
    url: str
    """Absolute, without a trailing slash; every canonical link and feed id starts with it."""
    moved_from: str = ""
    """Where it stood before: ids in feeds go on starting with it, so that nothing is read twice."""
    description: str = ""
    language: str = "en"
    author: str = ""
    contact: str = ""
    """An address or page where a reader reports a mistake; also sent as the fetcher's contact."""
    repository: str = ""
    featured_product: str = field(default="", metadata={"former": "feature"})
    """Product that the front page answers for."""
    notice: str = ""
    """A line for the footer of every page, e.g. of non-affiliation."""
    feed_entries: int = field(default=50, metadata={"former": "entries"})
    """Entries in a feed before older ones move to archive pages."""
    cards: bool = True
    """Draw a picture of each article and change, shown where a link to it is shared."""

    @property
    def ids(self) -> str:
        """What ids in feeds start with."""
        return self.moved_from or self.url


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """`[fetch]`: manners and limits. Times in seconds, sizes in bytes."""

    user_agent: str = "ratewire/0.1"
    robots: bool = True
    concurrency: int = field(default=20, metadata={"former": "in_flight"})
    per_host: int = 2
    delay: float = 1.0
    """Between two requests to one host."""
    connect_timeout: float = 10.0
    timeout: float = 60.0
    """For one page in all, redirects included."""
    min_speed: int = field(default=512, metadata={"former": "slowest"})
    """Fewer bytes a second than this, over `min_speed_window` seconds, is given up."""
    min_speed_window: float = field(default=10.0, metadata={"former": "slowest_over"})
    max_download: int = field(default=20_000_000, metadata={"former": "max_wire"})
    max_body: int = 50_000_000
    max_headers: int = 65_536
    max_redirects: int = 8
    retries: int = 2
    backoff: float = 1.0
    """Before the first retry, at most; doubles with each, with jitter (Retry-After is obeyed)."""
    allow_private: bool = False
    """Allow loopback and private addresses (previews, intranets)."""
    render: bool = False
    """Render pages that are judged a shell, with a browser (extra `browser`)."""


@dataclass(frozen=True, slots=True)
class ReadSettings:
    """`[read]`: what judging, reading or comparing one page may take. Past it the page cannot be
    read."""

    seconds: float = 30.0
    """Of processor time; 0: without limits, in the run's own process."""
    memory: int = 1_000_000_000
    """Bytes beside those of the program itself; on Linux only."""


@dataclass(frozen=True, slots=True)
class CompareSettings:
    """`[compare]`: how sure to be before a change is announced."""

    confirmations: int = 2
    """Independent captures that must show it, the first included."""
    min_interval: str = field(default="30m", metadata={"former": "apart"})
    """At least this long between the first and the confirming capture."""
    settle_after: str = "3d"
    """How long much that changed at once has to stay the same before it confirms itself."""
    settle_captures: int = field(default=6, metadata={"former": "settle_looks"})
    """How many captures must show it in that time."""
    max_removed: float = field(default=0.5, metadata={"former": "most_gone"})
    """Share of rates that may vanish at once before the reading is suspect."""


@dataclass(frozen=True, slots=True)
class RecipientSettings:
    """`[[announce.email.recipient]]`: a recipient with wishes."""

    address: str
    """One address, or `env:NAME`, which may hold several."""
    products: tuple[str, ...] = ()
    """Only changes of these products; empty: of all."""
    kinds: tuple[str, ...] = ()
    """Only these kinds of change; empty: those that the site announces."""
    digest: str = ""
    """`daily` or `weekly`: everything in one mail then; empty: as the site announces each kind."""


@dataclass(frozen=True, slots=True)
class EmailSettings:
    """`[announce.email]`; the password comes from the environment, never from a file."""

    host: str = ""
    port: int = 587
    security: str = "starttls"
    """`starttls`, `tls` or `none`."""
    user: str = ""
    password_env: str = "RATEWIRE_SMTP_PASSWORD"
    sender: str = ""
    """`prices@example.org` or `Example Prices <prices@example.org>`."""
    to: tuple[str, ...] = ()
    """Addresses, each told everything; `env:NAME` is a comma-separated list from the environment,
    so that no address need stand in git."""
    recipients: tuple[RecipientSettings, ...] = field(default=(), metadata={"key": "recipient"})
    unsubscribe: str = ""
    """What List-Unsubscribe says: `mailto:…`, or an https address that takes a one-click POST
    (RFC 8058), in which `{recipient}` becomes a recipient's own pseudonym."""
    return_path: str = ""
    """Where bounces go, if not to the sender: `bounces+{recipient}@example.org`, in which
    `{recipient}` tells whose mail it was."""
    timeout: float = 60.0
    """Seconds to wait for any one answer of the server."""


@dataclass(frozen=True, slots=True)
class WebhookSettings:
    """`[[announce.webhook]]`: a signed POST for each change (Standard Webhooks)."""

    url: str
    """https, or http for a receiver on the same machine or network."""
    secret_env: str = "RATEWIRE_WEBHOOK_SECRET"
    """Environment variable with the secret, `whsec_` and base64; several (while one replaces
    another) are separated by spaces."""
    timeout: float = 20.0
    """Seconds to wait for the receiver's answer."""


@dataclass(frozen=True, slots=True)
class AppriseSettings:
    """`[[announce.apprise]]`: a chat or another service that Apprise knows (extra `apprise`)."""

    url: str
    """`env:NAME`: the environment holds the service's Apprise address, which is a secret; several
    are separated by spaces."""
    products: tuple[str, ...] = ()
    """Only changes of these products; empty: of all."""
    kinds: tuple[str, ...] = ()
    """Only these kinds of change; empty: those that the site announces."""
    digest: str = ""
    """`daily` or `weekly`: everything in one message then; empty: as the site announces it."""
    timeout: float = 60.0
    """Seconds for one message in all."""


@dataclass(frozen=True, slots=True)
class GithubSettings:
    """`[announce.github]`: a release or an issue for each change. The token comes from the
    environment: RATEWIRE_GITHUB_TOKEN, or else GITHUB_TOKEN."""

    repository: str
    """`owner/name`."""
    form: str = field(default="release", metadata={"key": "as"})
    """`release` or `issue`."""
    api: str = "https://api.github.com"
    """Where the REST API is; on GitHub Enterprise Server `https://HOST/api/v3`."""
    products: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    timeout: float = 20.0
    """Seconds to wait for an answer."""


@dataclass(frozen=True, slots=True)
class AnnounceSettings:
    """`[announce]`."""

    immediate: tuple[str, ...] = field(
        default=(
            "rate_up", "rate_down", "added", "removed", "unit", "renamed", "availability",
            "scheduled", "limit",
        ),
        metadata={"former": "at_once"},
    )  # fmt: skip
    """Kinds of change announced at once."""
    unread: bool = False
    """Publish changes of figures that are not understood, as passages: `the page now says … instead
    of …`. Else only the owner is told."""
    digest_kinds: tuple[str, ...] = field(default=(), metadata={"former": "in_digest"})
    """Kinds gathered into one message a day or week; in neither list: only in the log."""
    digest: str = "daily"
    """`daily` (08:00 UTC) or `weekly` (Monday 08:00 UTC)."""
    max_per_run: int = 10
    """Messages to one reader in one run; where there are more, they become one digest."""
    key_env: str = "RATEWIRE_OUTBOX_KEY"
    """Environment variable with the secret by which recipients are pseudonyms in `announced/`."""
    email: EmailSettings = EmailSettings()
    webhooks: tuple[WebhookSettings, ...] = field(default=(), metadata={"key": "webhook"})
    apprise: tuple[AppriseSettings, ...] = ()
    github: GithubSettings | None = None
    websub_hub: str = ""


@dataclass(frozen=True, slots=True)
class OwnerSettings:
    """`[owner]`: who hears of what waits: held readings, unread changes, sources that fail …"""

    email: tuple[str, ...] = ()
    """Addresses, or `env:NAME`; mail goes by the server of `[announce.email]`."""
    webhooks: tuple[WebhookSettings, ...] = field(default=(), metadata={"key": "webhook"})
    apprise: tuple[str, ...] = ()
    """Each `env:NAME`: the environment holds an Apprise address (extra `apprise`)."""
    grace_period: str = field(default="6h", metadata={"former": "patience"})
    """So long a source may fail before it is told."""


@dataclass(frozen=True, slots=True)
class ButtondownSettings:
    """`[subscribe.buttondown]`: a newsletter at Buttondown."""

    newsletter: str = ""
    """Its name, as it stands in the address buttondown.com/NAME."""
    tag: str = ""
    """Only subscribers with this tag are told; empty: all."""
    key_env: str = "RATEWIRE_BUTTONDOWN_KEY"
    """Environment variable with the API key."""
    api: str = "https://api.buttondown.com/v1"
    timeout: float = 30.0
    """Seconds to wait for one answer."""


@dataclass(frozen=True, slots=True)
class ListmonkSettings:
    """`[subscribe.listmonk]`: a list of a listmonk of one's own."""

    url: str = ""
    """Where listmonk answers, without a path of its own: `https://lists.example.org`."""
    list: int = 0
    """The list's number, to which campaigns are sent."""
    uuid: str = ""
    """The list's UUID, which the public form names."""
    user: str = ""
    """An API user that may manage campaigns."""
    token_env: str = "RATEWIRE_LISTMONK_TOKEN"
    """Environment variable with that user's token."""
    timeout: float = 30.0
    """Seconds to wait for one answer."""


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """`[subscribe.service]`: the service that `ratewire subscriptions serve` runs."""

    url: str = ""
    """Where readers reach it: `https://subscribe.example.org`."""
    internal_url: str = field(default="", metadata={"former": "ask_at"})
    """Where announcing asks for the recipients, if elsewhere: `http://127.0.0.1:8026` on the same
    machine."""
    database: str = "env:RATEWIRE_SUBSCRIPTIONS_DATABASE"
    """`sqlite:////var/lib/ratewire/subscriptions.db`, `postgresql://…`, or `env:NAME` for either;
    where that variable is not set, `subscriptions/subscriptions.db` in the site's folder."""
    key_env: str = "RATEWIRE_SUBSCRIPTIONS_KEY"
    """Environment variable with the secret that signs links; only the service has it."""
    token_env: str = "RATEWIRE_SUBSCRIPTIONS_TOKEN"
    """Environment variable with what announcing shows to be told the recipients; both have it."""
    confirmation_ttl: str = field(default="2d", metadata={"former": "confirm_within"})
    """A link to confirm is good for so long; an address that was not confirmed is then erased."""
    per_address: int = 3
    """Mails to one address an hour, at most."""
    per_client: int = 30
    """Sign-ups from one network address an hour, at most."""
    timeout: float = 30.0
    """Seconds to wait for one answer when announcing asks for the recipients."""


@dataclass(frozen=True, slots=True)
class Form:
    """What the site's form posts, beside `email`, and where to."""

    action: str
    fields: tuple[tuple[str, str], ...] = ()
    """Hidden ones: name and value."""


@dataclass(frozen=True, slots=True)
class SubscribeSettings:
    """`[subscribe]`: what the site's form does."""

    provider: str = field(default="none", metadata={"former": "way"})
    """`none` (feed links), `form` (posts to `action`), `buttondown`, `listmonk`, `service`."""
    action: str = ""
    buttondown: ButtondownSettings = ButtondownSettings()
    listmonk: ListmonkSettings = ListmonkSettings()
    service: ServiceSettings = ServiceSettings()

    @property
    def form(self) -> Form | None:
        """None: the site has no form, but links to its feeds.

        Buttondown's form is that of https://docs.buttondown.com/building-your-subscriber-base,
        listmonk's that of its page Forms (https://listmonk.app/docs/): `l` is the list's UUID and
        `nonce` a trap for robots that has to stay empty.
        """
        match self.provider:
            case "form":
                return Form(self.action)
            case "buttondown":
                base = "https://buttondown.com/api/emails/embed-subscribe"
                tag = (("tag", self.buttondown.tag),) if self.buttondown.tag else ()
                return Form(f"{base}/{self.buttondown.newsletter}", (*tag, ("embed", "1")))
            case "listmonk":
                url = f"{self.listmonk.url.rstrip('/')}/subscription/form"
                return Form(url, (("l", self.listmonk.uuid), ("nonce", "")))
            case "service":
                return Form(f"{self.service.url.rstrip('/')}/subscribe")
        return None


@dataclass(frozen=True, slots=True)
class Product:
    """One file of content/products/: a product that the site follows."""

    id: str
    name: str
    publisher: str
    aliases: tuple[str, ...] = ()
    successor: str = ""
    order: int = 100
    text: str = field(default="", metadata={"key": ""})
    """Markdown below the front matter: a few words about it."""
    translations: tuple[tuple[str, str], ...] = field(default=(), metadata={"key": ""})
    """(BCP 47 tag, Markdown) of every other language that these words are in."""
    file: Path = field(default=Path(), metadata={"key": ""})


@dataclass(frozen=True, slots=True)
class Site:
    """A site's folder, read and checked."""

    root: Path
    settings: SiteSettings
    fetch: FetchSettings
    compare: CompareSettings
    announce: AnnounceSettings
    subscribe: SubscribeSettings
    sources: tuple[Source, ...]
    """Sorted by id."""
    products: tuple[Product, ...]
    """Sorted by order, then name."""
    owner: OwnerSettings = OwnerSettings()
    meters: Mapping[str, str] = field(default_factory=dict)
    """`[meters]`: meter name to the words shown to readers."""
    read: ReadSettings = ReadSettings()

    @property
    def content(self) -> Path:
        return self.root / "content"

    @property
    def templates(self) -> Path:
        """The site's own overrides; may be absent."""
        return self.root / "templates"

    @property
    def snapshots(self) -> Path:
        return self.root / "snapshots"

    @property
    def announced(self) -> Path:
        """Who was told what, under pseudonyms; kept with the snapshots."""
        return self.root / "announced"

    @property
    def output(self) -> Path:
        return self.root / "site"

    @property
    def cache(self) -> Path:
        """Volatile state (validators, times of routine checks), outside git."""
        return self.root / ".ratewire"

    def source(self, id: str) -> Source:
        return next(source for source in self.sources if source.id == id)
