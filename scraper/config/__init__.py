"""ratewire.toml, content/sources/*.toml and content/products/*.md as typed settings, with errors
that name file, line and key.
"""

from scraper.config.load import load_site, load_source
from scraper.config.schedule import duration, is_due
from scraper.config.settings import (
    AnnounceSettings,
    AppriseSettings,
    ButtondownSettings,
    CompareSettings,
    EmailSettings,
    FetchSettings,
    Form,
    GithubSettings,
    ListmonkSettings,
    Product,
    RecipientSettings,
    ServiceSettings,
    Site,
    SiteSettings,
    SubscribeSettings,
    WebhookSettings,
)

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
    "Product",
    "RecipientSettings",
    "ServiceSettings",
    "Site",
    "SiteSettings",
    "SubscribeSettings",
    "WebhookSettings",
    "duration",
    "is_due",
    "load_site",
    "load_source",
]
