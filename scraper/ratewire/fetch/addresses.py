"""Which addresses may be connected to: public ones, unless the site's owner says otherwise.

Checked where the connection is made, for the address really used. So it holds on every redirect,
and a name that resolves to one address when looked at and to another when connected to (DNS
rebinding) gains nothing. Ranges are those of the IANA special-purpose address registries
(RFC 6890), IPv4 addresses inside IPv6 ones included.
"""

from __future__ import annotations

import errno
import ipaddress
import socket
import unicodedata
from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import unquote

from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
AddressInfo = tuple[int, int, int, str, tuple[Any, ...]]

_SPECIAL: Final = tuple(
    ipaddress.ip_network(network)
    for network in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16",
        "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24",
        "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        "::/96", "64:ff9b:1::/48", "100::/64", "100:0:0:1::/64", "2001::/23", "2001:db8::/32",
        "2620:4f:8000::/48", "3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "fec0::/10",
        "ff00::/8",
    )
)  # fmt: skip
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")


class RefusedAddressError(OSError):
    """A connection to an address that is not public."""

    def __init__(self, host: str, address: str) -> None:
        of = f"{host} is at {address}, which" if host != address else address
        self.reason = f"{of} is not a public address (`allow_private` in [fetch] lets it through)"
        super().__init__(errno.EACCES, self.reason)


def is_public(text: str) -> bool:
    """Is this numeric address one of the public internet? IPv4 inside IPv6 is looked at, too."""
    address = ipaddress.ip_address(text)
    inner = _inner(address)
    if inner is not None:
        return is_public(str(inner))
    return not any(address in network for network in _SPECIAL if network.version == address.version)


def _inner(address: Address) -> ipaddress.IPv4Address | None:
    """The IPv4 address that an IPv6 one leads to: mapped, 6to4, NAT64."""
    if isinstance(address, ipaddress.IPv4Address):
        return None
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def _number(host: str) -> str:
    """The address that a host is the number of, also as systems of old write it (`127.1`, `0x7f.1`,
    `2130706433`); empty: it is a name."""
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(host))
    except (OSError, ValueError):
        return ""


def _decoded(host: str) -> str:
    """The host as any proxy may understand it: percent-encoding undone, compatibility forms
    folded (UTS 46). One that was encoded twice is no name; `0.0.0.0`, so that it is refused.
    """
    name = unicodedata.normalize("NFKC", unquote(host)).replace("\u3002", ".")
    return "0.0.0.0" if unquote(name) != name else name


class Guard:
    """Makes the sockets of one client, and refuses those to addresses that are not public."""

    def __init__(
        self,
        *,
        allow_private: bool = False,
        exempt: Iterable[tuple[str, int]] = (),
    ) -> None:
        """`exempt`: pairs of host, by name or number, and port that pass wherever they are (the
        owner's proxies, a replay's server)."""
        self._allow_private = allow_private
        self._exempt = set(exempt)

    def socket(self, info: AddressInfo) -> socket.socket:
        """The socket factory for the connector. Raises RefusedAddressError."""
        family, kind, protocol, _, peer = info
        self.check(peer[0], peer[0], peer[1])
        return socket.socket(family=family, type=kind, proto=protocol)

    def check(self, host: str, address: str, port: int) -> None:
        """Raises RefusedAddressError where `host` at `address` may not be connected to."""
        if self._allow_private or (address, port) in self._exempt:
            return
        if (host, port) in self._exempt:
            self._exempt.add((address, port))
        elif not is_public(address):
            raise RefusedAddressError(host, address)

    def check_name(self, host: str) -> None:
        """What can be told from the host alone, for when a proxy makes the connection.

        Raises RefusedAddressError.
        """
        if self._allow_private:
            return
        name = _decoded(host).rstrip(".").lower()
        if name == "localhost" or name.endswith(".localhost"):
            raise RefusedAddressError(host, "this machine")
        address = _number(name)
        if address and not is_public(address):
            raise RefusedAddressError(host, address)


class GuardedResolver(AbstractResolver):
    """Resolves as the system does and leaves out what the guard refuses."""

    def __init__(self, guard: Guard) -> None:
        self._guard, self._system = guard, ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        found = await self._system.resolve(host, port, family)
        allowed, refused = [], None
        for result in found:
            try:
                self._guard.check(host, result["host"], result["port"])
                allowed.append(result)
            except RefusedAddressError as error:
                refused = error
        if refused and not allowed:
            raise refused
        return allowed

    async def close(self) -> None:
        await self._system.close()
