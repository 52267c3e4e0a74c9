"""What a request says: its form, within limits, and where it comes from."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

from starlette.exceptions import HTTPException
from starlette.requests import Request

__all__ = ["body", "field", "form", "network", "origin"]

_A_FORM = 16_384


def origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def network(request: Request) -> str:
    """The client's address; of IPv6 the network, of which one client has as many as it likes."""
    host = request.client.host if request.client else ""
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if address.version == 6:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return host


async def body(request: Request, most: int) -> bytes:
    read = b""
    async for chunk in request.stream():
        read += chunk
        if len(read) > most:
            raise HTTPException(413)
    return read


async def form(request: Request) -> Mapping[str, list[str]]:
    """application/x-www-form-urlencoded; anything else has no fields."""
    data = await body(request, _A_FORM)
    try:
        return parse_qs(data.decode("utf-8"), keep_blank_values=True, max_num_fields=200)
    except ValueError:
        return {}


def field(sent: Mapping[str, list[str]], name: str) -> str:
    """The first value of this name; empty: there is none."""
    return (sent.get(name) or [""])[0]
