"""A service that runs, and what a reader and a mail server do with it."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx
import uvicorn
from mail_desk import MailServer, free_port
from sample_changes import make_site

from ratewire.apps.subscriptions.app import Service, application
from ratewire.apps.subscriptions.service import service_of
from ratewire.config import (
    AnnounceSettings,
    EmailSettings,
    ServiceSettings,
    Site,
    SubscribeSettings,
)

KEY, TOKEN = "k" * 32, "the-token-of-announcing"
SITE = "https://prices.example"
NO_SPACE = re.compile(r"\s+")


@dataclass
class Clock:
    """The time, and as much later as one likes."""

    later: timedelta = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.later


def service_site(root: Path, smtp: MailServer, port: int = 0, **more: Any) -> Site:
    """The sample site with a service at a loopback address."""
    email = EmailSettings(
        host=smtp.host, port=smtp.port, security="none", timeout=5.0,
        sender="Example Prices <prices@prices.example>", **more.pop("email", {}),
    )  # fmt: skip
    settings = ServiceSettings(url=f"http://127.0.0.1:{port}", **more)
    site = make_site(root, announce=AnnounceSettings(email=email))
    return replace(site, subscribe=SubscribeSettings("service", service=settings))


def environment(database: str = "") -> dict[str, str]:
    return {
        "RATEWIRE_SUBSCRIPTIONS_KEY": KEY,
        "RATEWIRE_SUBSCRIPTIONS_TOKEN": TOKEN,
        "RATEWIRE_SUBSCRIPTIONS_DATABASE": database,
        "RATEWIRE_OUTBOX_KEY": "o" * 32,
    }


@dataclass
class Running:
    """A service on loopback; `client` speaks to it as a reader's browser on the site would."""

    service: Service
    site: Site
    smtp: MailServer
    clock: Clock
    server: uvicorn.Server
    client: httpx.Client

    @property
    def url(self) -> str:
        return self.site.subscribe.service.url

    def sign_up(self, address: str, **more: Any) -> httpx.Response:
        return self.client.post("/subscribe", data={"email": address, **more})

    def mail(self, count: int = 1) -> EmailMessage:
        """The newest mail, once there are so many."""
        wait_for(lambda: len(self.smtp.mails) >= count)
        return self.smtp.messages[-1]

    def subscribe(self, address: str) -> str:
        """Sign up and confirm; the page that follows."""
        before = len(self.smtp.mails)
        self.sign_up(address)
        link = link_of(self.mail(before + 1))
        done = self.client.post("/confirm", data={"t": token_of(link)})
        assert done.status_code == 200, done.text
        return done.text

    def recipients(self) -> list[dict[str, Any]]:
        headers = {"authorization": f"Bearer {TOKEN}"}
        return list(self.client.get("/recipients", headers=headers).json()["recipients"])

    def close(self) -> None:
        self.client.close()
        self.server.should_exit = True
        wait_for(lambda: not self.server.started or self._thread_is_over())

    def _thread_is_over(self) -> bool:
        return not any(t.name == f"service {self.url}" for t in threading.enumerate())


def make_running(
    root: Path,
    smtp: MailServer,
    *,
    database: str = "",
    site: Callable[[Site], Site] = lambda site: site,
    proxy: str = "",
    **settings: Any,
) -> Running:
    port = free_port()
    whole = site(service_site(root, smtp, port, **settings))
    clock = Clock()
    service = service_of(whole, environment(database), clock)
    server = uvicorn.Server(
        uvicorn.Config(
            application(service), host="127.0.0.1", port=port, access_log=False, log_config=None,
            proxy_headers=bool(proxy), forwarded_allow_ips=proxy or None, server_header=False,
        )
    )  # fmt: skip
    threading.Thread(
        target=server.run, name=f"service {whole.subscribe.service.url}", daemon=True
    ).start()
    wait_for(lambda: server.started)
    client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=20.0)
    return Running(service, whole, smtp, clock, server, client)


def wait_for(it: Callable[[], bool], seconds: float = 20.0) -> None:
    end = time.monotonic() + seconds
    while not it():
        assert time.monotonic() < end, "it did not come"
        time.sleep(0.01)


def text_of(message: EmailMessage) -> str:
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def link_of(message: EmailMessage) -> str:
    """The link that the mail asks to follow."""
    found = re.search(r"https?://\S+\?t=\S+", text_of(message))
    assert found
    return found[0]


def token_of(link: str) -> str:
    return link.partition("?t=")[2]
