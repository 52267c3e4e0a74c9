"""Hosted lists on loopback: Buttondown and listmonk in the forms that their documentation gives."""

from __future__ import annotations

import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

KEY = "a-key-of-the-list"


@dataclass
class Fault:
    """What happens instead of an answer, once: a status and body, or silence."""

    method: str
    path: str
    status: int = 0
    """0: the connection ends without an answer."""
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    done: bool = False
    """The request is carried out first: it was accepted, and nobody hears of it."""


class ListServer:
    """What the two have in common: a log of requests, and faults."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str]] = []
        self.bodies: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.faults: list[Fault] = []
        there = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self) -> None:
                length = int(self.headers.get("content-length") or 0)
                body = json.loads(self.rfile.read(length)) if length else {}
                parts = urlsplit(self.path)
                there.asked.append((self.command, parts.path))
                if body:
                    there.bodies.append(body)
                    there.headers.append({k.lower(): v for k, v in self.headers.items()})
                fault = next(
                    (f for f in there.faults if (f.method, f.path) == (self.command, parts.path)),
                    None,
                )
                if fault:
                    there.faults.remove(fault)
                    if fault.done:
                        there.answer(self, parts.path, parse_qs(parts.query), body)
                    if not fault.status:
                        self.close_connection = True
                        return
                    self.reply(fault.status, fault.body, fault.headers)
                    return
                self.reply(*there.answer(self, parts.path, parse_qs(parts.query), body))

            do_GET = do_POST = do_PUT = handle_any  # noqa: N815

            def reply(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
                data = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(data)))
                for name, value in (headers or {}).items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *args: Any) -> None: ...

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def answer(
        self, request: Any, path: str, query: dict[str, list[str]], body: dict[str, Any]
    ) -> tuple[int, Any]:
        raise NotImplementedError

    @property
    def sent(self) -> list[dict[str, Any]]:
        """What went out to the list's subscribers."""
        raise NotImplementedError

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class ButtondownServer(ListServer):
    def __init__(self) -> None:
        super().__init__()
        self.emails: list[dict[str, Any]] = []
        self.confirmed = False
        self.keys: dict[str, dict[str, Any]] = {}

    def answer(
        self, request: Any, path: str, query: dict[str, list[str]], body: dict[str, Any]
    ) -> tuple[int, Any]:
        if request.headers.get("authorization") != f"Token {KEY}":
            return 401, {"code": "unauthorized", "detail": "Invalid token."}
        if path != "/v1/emails":
            return 404, {"detail": "Not found."}
        if request.command == "GET":
            page = int(query.get("page", ["1"])[0])
            rows = self.emails[(page - 1) * 2 : page * 2]
            more = page * 2 < len(self.emails)
            next = f"{self.url}/v1/emails?page={page + 1}" if more else None
            return 200, {
                "results": rows, "next": next, "previous": None, "count": len(self.emails),
            }  # fmt: skip
        if (known := request.headers.get("x-idempotency-key")) in self.keys:
            return 201, self.keys[known]
        self.confirmed |= request.headers.get("x-buttondown-live-dangerously") == "true"
        if not self.confirmed:
            return 400, {"code": "sending_requires_confirmation", "detail": "Confirm first."}
        if not body.get("subject"):
            return 422, {"code": "subject_invalid", "detail": "The subject is missing."}
        email = {"id": f"em_{len(self.emails)}", "creation_date": "2026-05-04T12:00:00Z", **body}
        self.emails.append(email)
        self.keys[known] = email
        return 201, email

    @property
    def sent(self) -> list[dict[str, Any]]:
        return [email for email in self.emails if email["status"] == "about_to_send"]


class ListmonkServer(ListServer):
    def __init__(self) -> None:
        super().__init__()
        self.campaigns: list[dict[str, Any]] = []

    def answer(
        self, request: Any, path: str, query: dict[str, list[str]], body: dict[str, Any]
    ) -> tuple[int, Any]:
        if request.headers.get("authorization") != f"token ratewire:{KEY}":
            return 403, {"message": "invalid session"}
        if path.startswith("/api/lists/"):
            return 200, {"data": {"id": int(path.rpartition("/")[2]), "name": "Readers"}}
        if path == "/api/campaigns" and request.command == "GET":
            rows = [one for one in self.campaigns if set(query["tags"]) <= set(one["tags"])]
            return 200, {"data": {"results": rows, "total": len(rows), "per_page": 100, "page": 1}}
        if path == "/api/campaigns":
            campaign = {**body, "id": len(self.campaigns) + 1, "status": "draft"}
            self.campaigns.append(campaign)
            return 200, {"data": campaign}
        campaign = self.campaigns[int(path.split("/")[3]) - 1]
        if campaign["status"] not in ("draft", "paused"):
            return 400, {"message": "Only paused and draft campaigns can start"}
        campaign["status"] = body["status"]
        return 200, {"data": campaign}

    @property
    def sent(self) -> list[dict[str, Any]]:
        return [one for one in self.campaigns if one["status"] == "running"]
