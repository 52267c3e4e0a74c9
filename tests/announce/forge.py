"""A forge on loopback that keeps releases, issues and comments as GitHub's REST API does."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

Json = dict[str, Any]


@dataclass
class Forge:
    """`declines` are answers given instead, by method and in turn; `loses` are the methods whose
    next answer never comes though the thing was done.
    """

    api: str = ""
    there: bool = True
    releases: list[Json] = field(default_factory=list)
    issues: list[Json] = field(default_factory=list)
    comments: list[Json] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    declines: dict[str, list[tuple[int, dict[str, str], Json]]] = field(default_factory=dict)
    loses: list[str] = field(default_factory=list)

    @property
    def writes(self) -> list[str]:
        return [f"{method} {path}" for method, path in self.asked if method != "GET"]

    def get(self, path: str, query: dict[str, str]) -> tuple[int, Any]:
        if path == "":
            return 200, {"full_name": "acme/prices"}
        if found := re.fullmatch(r"/releases/tags/([\w.-]+)", path):
            one = [each for each in self.releases if each["tag_name"] == found[1]]
            return (200, one[0]) if one else (404, {"message": "Not Found"})
        if path == "/issues":
            assert query["state"] == "all"
            listed = [each for each in self.issues if each["updated_at"] >= query["since"]]
            return 200, self.page(sorted(listed, key=lambda one: one["number"]), query)
        if found := re.fullmatch(r"/issues/(\d+)/comments", path):
            listed = [each for each in self.comments if each["issue"] == int(found[1])]
            return 200, self.page(listed, query)
        return 404, {"message": "Not Found"}

    def page(self, listed: list[Json], query: dict[str, str]) -> list[Json]:
        size, number = int(query["per_page"]), int(query["page"])
        return listed[(number - 1) * size : number * size]

    def post(self, path: str, words: Json) -> tuple[int, Any]:
        if path == "/releases":
            assert words.keys() == {"tag_name", "name", "body", "make_latest"}
            if any(each["tag_name"] == words["tag_name"] for each in self.releases):
                return 422, {"message": "Validation Failed"}
            self.releases.append({"id": 700 + len(self.releases), **words})
            return 201, self.releases[-1]
        if path == "/issues":
            assert words.keys() == {"title", "body"}
            self.issue(**words)
            return 201, self.issues[-1]
        if found := re.fullmatch(r"/issues/(\d+)/comments", path):
            self.comments.append({"issue": int(found[1]), **words})
            return 201, self.comments[-1]
        return 404, {"message": "Not Found"}

    def issue(self, **words: Any) -> None:
        number, at = len(self.issues) + 1, "2026-12-31T00:00:00Z"
        self.issues.append({"number": number, "state": "open", "updated_at": at, **words})

    def patch(self, path: str, words: Json) -> tuple[int, Any]:
        kind, _, number = path.strip("/").partition("/")
        things = self.releases if kind == "releases" else self.issues
        key = "id" if kind == "releases" else "number"
        (one,) = [each for each in things if each[key] == int(number)]
        one |= words
        return 200, one


@contextmanager
def forge() -> Iterator[Forge]:
    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            parts = urlsplit(self.path)
            path = parts.path.removeprefix("/repos/acme/prices")
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            there.asked.append((self.command, path))
            there.headers.append({k.lower(): v for k, v in self.headers.items()})
            if declined := there.declines.get(self.command):
                status, headers, told = declined.pop(0)
                return self.send(status, told, headers)
            if not there.there or not parts.path.startswith("/repos/acme/prices"):
                return self.send(404, {"message": "Not Found"})
            query = {key: values[0] for key, values in parse_qs(parts.query).items()}
            if self.command == "GET":
                status, told = there.get(path, query)
            else:
                status, told = getattr(there, self.command.lower())(path, json.loads(body))
            if self.command in there.loses:
                there.loses.remove(self.command)
                self.close_connection = True
                return None
            return self.send(status, told)

        do_GET = do_POST = do_PATCH = answer  # noqa: N815

        def send(self, status: int, told: Any, headers: dict[str, str] | None = None) -> None:
            body = json.dumps(told).encode()
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    there = Forge(f"http://127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield there
    finally:
        server.shutdown()
        server.server_close()
