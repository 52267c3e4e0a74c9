"""Everything around the simulated site: the vendors' servers, the mail server, the webhook, git.

All of it is on loopback and on disk. One thread serves, so that a run that is killed in a process
of its own leaves it standing.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import shutil
import subprocess
import threading
from collections import defaultdict
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from email import message_from_bytes, policy
from email.utils import format_datetime
from pathlib import Path

from soak_pages import GONE, SHELL, WALL, State, page_of
from soak_vendors import Event, Vendor

__all__ = ["Place", "Post", "Remote", "World"]

_CHANGE = re.compile(r"/changes/([0-9a-f]{16})/")


# ── Vendors ──────────────────────────────────────────────────────────────────────────────────


@dataclass
class Place:
    """A vendor as it stands at the moment."""

    vendor: Vendor
    state: State
    events: list[Event]
    """Those to come, the next one last."""
    now: Event | None = None
    """The latest; its fault may still be on."""
    turn: int = 0
    """Of a page that is served in two versions."""
    since: datetime | None = None
    true: int = 0
    """How often the page as it is was served in the present hour."""
    served: int = 0
    """How often anything was."""
    requests: int = 0
    bodies: dict[State, tuple[bytes, str]] = field(default_factory=dict)

    def move(self, time: datetime) -> list[Event]:
        """What happened up to this time."""
        found = []
        while self.events and self.events[-1].at <= time:
            self.now = self.events.pop()
            self.state, self.turn, self.since = self.now.state, 0, self.now.at
            found.append(self.now)
        return found

    def fault(self, time: datetime) -> str:
        fault = self.now.fault if self.now else None
        return fault.kind if fault and time < fault.until else ""

    def settle(self) -> None:
        """No more tricks: the page is as it is from now on."""
        if self.now is not None:
            self.now = replace(self.now, fault=None)

    def shown(self, time: datetime) -> tuple[int, bytes, str]:
        """Status, body and media type; status 0 hangs up."""
        kind = self.fault(time)
        self.served += 1
        fixed = {
            "wall": (403, WALL, "text/html"),
            "shell": (200, SHELL, "text/html"),
            "soft404": (200, GONE, "text/html"),
            "missing": (404, GONE, "text/html"),
            "error": (503, b"Service Unavailable", "text/plain"),
            "dropped": (0, b"", ""),
        }
        if kind in fixed:
            return fixed[kind]
        state = self.state
        if kind in ("typo", "flip") and self.now and self.now.fault and self.now.fault.shown:
            if kind == "typo" or self.turn % 2 == 0:
                state = self.now.fault.shown
            return 200, *self.body(state)
        if kind == "foreign":
            body, media = page_of(state, language="de")
            return 200, body.replace(b"$", "€".encode()), media
        body, media = self.body(state)
        if kind == "half":
            return 200, body[: len(body) // 2], media
        self.true += 1
        return 200, body, media

    def body(self, state: State) -> tuple[bytes, str]:
        if self.vendor.validators == "none":
            self.requests += 1
            return page_of(state, nonce=f"{self.requests:08x}")
        if state not in self.bodies:
            self.bodies = {state: page_of(state), **dict(list(self.bodies.items())[:1])}
        return self.bodies[state]


@dataclass
class Post:
    """Who was told what: for each recipient and change the messages that told it."""

    told: dict[str, dict[str, list[str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    away: bool = False
    """Both receivers refuse for now."""
    refused: int = 0
    unsure: bool = False
    """A run was killed, and none came to its end since: what it sent may be sent again."""
    repeated: int = 0
    """Messages that came again for that reason."""

    def take_hook(self, id: str, body: bytes) -> None:
        data = json.loads(body)["data"]
        for change in data.get("changes", [data]):
            self._take("hook", change["id"], id)

    def take_mail(self, to: str, body: bytes) -> None:
        mail = message_from_bytes(body, policy=policy.default)
        text = mail.get_body(("plain",)).get_content()
        for change in dict.fromkeys(_CHANGE.findall(text)):
            self._take(to, change, str(mail["message-id"]))

    def _take(self, to: str, change: str, message: str) -> None:
        told = self.told[to][change]
        if self.unsure and message in told:
            self.repeated += 1
        else:
            told.append(message)


class World:
    """Serves all vendors, takes all mail; `time` is what the clocks of all of them say."""

    def __init__(self, vendors: tuple[Vendor, ...], start: datetime) -> None:
        self.time = start
        self.places = {v.id: Place(v, v.start, list(reversed(v.events))) for v in vendors}
        self.post = Post()
        self._loop = asyncio.new_event_loop()
        ready = threading.Event()
        threading.Thread(target=self._serve, args=(ready,), daemon=True).start()
        ready.wait()

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)

    def routes(self) -> dict[str, str]:
        return {
            f"https://{id}.example/": f"http://127.0.0.1:{self.port}/{id}/" for id in self.places
        }

    def _serve(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)

        async def listen() -> None:
            http = await asyncio.start_server(_guarded(self._http), "127.0.0.1", 0)
            smtp = await asyncio.start_server(_guarded(self._smtp), "127.0.0.1", 0, limit=_LARGEST)
            self.port, self.mail_port = (s.sockets[0].getsockname()[1] for s in (http, smtp))
            ready.set()

        self._loop.run_until_complete(listen())
        self._loop.run_forever()

    # HTTP (RFC 9112), as far as the fetcher and the webhook need it.

    async def _http(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            method, target, _ = head[0].split(" ")
            headers = {
                name.lower(): value.strip()
                for name, _, value in (line.partition(":") for line in head[1:])
            }
            body = await reader.readexactly(int(headers.get("content-length") or 0))
            hook = method == "POST"
            answer = self._hook(headers, body) if hook else self._page(target, headers)
            if answer is None:
                return
            writer.write(answer)
            await writer.drain()

    def _hook(self, headers: Mapping[str, str], body: bytes) -> bytes:
        if self.post.away:
            self.post.refused += 1
            return _answer(503, {"retry-after": "3600"}, b"")
        self.post.take_hook(headers["webhook-id"], body)
        return _answer(204, {}, b"")

    def _page(self, target: str, headers: Mapping[str, str]) -> bytes | None:
        _, name, path = target.split("/", 2)
        place = self.places.get(name)
        if place is None or path == "robots.txt":
            return _answer(404, {"content-type": "text/plain"}, b"none")
        if f"/{path}" != place.state.path and not place.fault(self.time):
            return _answer(301, {"location": f"https://{name}.example{place.state.path}"}, b"")
        status, body, media = place.shown(self.time)
        if not status:
            return None
        said = {"content-type": f"{media}; charset=utf-8"}
        if status == 200 and place.vendor.validators == "etag":
            said["etag"] = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
            if headers.get("if-none-match") == said["etag"]:
                return _answer(304, said, b"")
        if status == 200 and place.vendor.validators == "date" and not place.fault(self.time):
            said["last-modified"] = format_datetime(place.since or _EPOCH, usegmt=True)
            if headers.get("if-modified-since") == said["last-modified"]:
                return _answer(304, said, b"")
        return _answer(status, said, body)

    # SMTP (RFC 5321), as far as a sender in good order needs it.

    async def _smtp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to: list[str] = []

        def say(line: str) -> None:
            writer.write(f"{line}\r\n".encode())

        say("220 soak.example")
        while True:
            line = (await reader.readline()).decode("latin-1")
            verb = line[:4].upper().strip()
            if not line or verb == "QUIT":
                say("221 bye")
                await writer.drain()
                return
            if verb in ("EHLO", "HELO"):
                say("250 soak.example")
            elif verb == "RCPT":
                if self.post.away:
                    self.post.refused += 1
                    say("451 later")
                    continue
                to.append(line[line.index("<") + 1 : line.index(">")])
                say("250 OK")
            elif verb == "DATA":
                say("354 go on")
                await writer.drain()
                body = await reader.readuntil(b"\r\n.\r\n")
                for address in to:
                    self.post.take_mail(address, body[:-3].replace(b"\r\n..", b"\r\n."))
                to.clear()
                say("250 OK")
            else:
                if verb in ("MAIL", "RSET"):
                    to.clear()
                say("250 OK")
            await writer.drain()


_LARGEST = 2**26
"""Bytes of a mail."""
_EPOCH = datetime.fromisoformat("2020-01-01T00:00:00+00:00")
_REASONS = {200: "OK", 204: "No Content", 301: "Moved", 304: "Not Modified", 403: "Forbidden",
            404: "Not Found", 503: "Unavailable"}  # fmt: skip


def _answer(status: int, headers: Mapping[str, str], body: bytes) -> bytes:
    lines = [f"HTTP/1.1 {status} {_REASONS[status]}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if status not in (204, 304):
        lines.append(f"content-length: {len(body)}")
    return "\r\n".join([*lines, "", ""]).encode() + body


def _guarded(serve: object) -> object:
    """A connection that ends is no trouble."""

    async def served(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            answered = serve(reader, writer)  # type: ignore[operator]
            assert isinstance(answered, Coroutine)
            await answered
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    return served


# ── The repository ───────────────────────────────────────────────────────────────────────────


class Remote:
    """A bare repository on disk that may refuse what is pushed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        git(folder.parent, "init", "-q", "--bare", "-b", "main", str(folder))
        self._mood = folder / "refuses"
        hook = folder / "hooks" / "pre-receive"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(
            "#!/bin/sh\n"
            f'read left < "{self._mood}" 2>/dev/null || exit 0\n'
            '[ "$left" -gt 0 ] || exit 0\n'
            f'echo $((left - 1)) > "{self._mood}"\n'
            "echo refused for now; exit 1\n"
        )
        hook.chmod(0o755)

    def refuse(self, times: int) -> None:
        """The next pushes are turned away."""
        self._mood.write_text(f"{times}\n")

    def clone(self, folder: Path) -> Path:
        git(self.folder.parent, "clone", "-q", str(self.folder), str(folder))
        return folder

    def packed(self) -> int:
        """Bytes of the repository when it is packed."""
        copy = self.folder.with_name("packed.git")
        shutil.rmtree(copy, ignore_errors=True)
        git(self.folder.parent, "clone", "-q", "--bare", "--no-local", str(self.folder), str(copy))
        git(copy, "gc", "-q")
        size = folder_size(copy / "objects")
        shutil.rmtree(copy)
        return size


def git(folder: Path, *arguments: str) -> str:
    command = [
        "git",
        "-C",
        str(folder),
        "-c",
        "user.name=Owner",
        "-c",
        "user.email=owner@example.org",
    ]
    return subprocess.run([*command, *arguments], check=True, capture_output=True, text=True).stdout


def folder_size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
