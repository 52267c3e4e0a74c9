"""What ratewire.toml, content/sources/*.toml and content/products/*.md say, as typed settings.

The files are read by `ratewire.config.load`, with errors that name file, line and key. No stage
does that: each is handed its settings.
"""

from ratewire.config.schedule import duration, is_due
from ratewire.config.settings import (
    AnnounceSettings,
    AppriseSettings,
    ButtondownSettings,
    CompareSettings,
    EmailSettings,
    FetchSettings,
    Form,
    GithubSettings,
    ListmonkSettings,
    OwnerSettings,
    Product,
    ReadSettings,
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
    "OwnerSettings",
    "Product",
    "ReadSettings",
    "RecipientSettings",
    "ServiceSettings",
    "Site",
    "SiteSettings",
    "SubscribeSettings",
    "WebhookSettings",
    "duration",
    "is_due",
]
