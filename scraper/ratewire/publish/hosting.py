"""What a host of files is to say with them: `_headers`, as Cloudflare Pages and Netlify read it.

Other servers are told the same in their own words: docs/deploying.md.
No header is set by two rules that may both match: one host joins such values, the other does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

from ratewire.config import SiteSettings

__all__ = ["host_files"]

_RULES: Mapping[str, Mapping[str, str]] = {
    "/*": {
        # Pages carry the rest of their policy themselves; this part only a header can say.
        "Content-Security-Policy": "frame-ancestors 'none'",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "X-Content-Type-Options": "nosniff",
    },
    # Their names carry a digest of what is in them.
    "/assets/*": {"Cache-Control": "public, max-age=31536000, immutable"},
    # Data is for programs, also for those in other sites' pages (Fetch standard, CORS).
    "/api/*": {"Access-Control-Allow-Origin": "*"},
    "/feeds/*": {"Access-Control-Allow-Origin": "*"},
    "/badges/*": {"Access-Control-Allow-Origin": "*"},
}


def host_files(settings: SiteSettings) -> dict[str, bytes]:
    """By their paths in the site; a file of that name in `static/` takes its place."""
    root = urlsplit(settings.url).path.rstrip("/")
    lines = []
    for place, headers in _RULES.items():
        lines += [f"{root}{place}", *(f"  {name}: {value}" for name, value in headers.items())]
    return {"_headers": "".join(f"{line}\n" for line in lines).encode()}
