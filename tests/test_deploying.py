"""Where a site may stand: what docs/deploying.md shows is run, and files say what they are."""

from __future__ import annotations

import re
import shlex
import shutil
import socket
import subprocess
import sys
import time
import tomllib
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from published_site import Vendor, git, published, run
from workflow_runner import ROOT, Runner

from ratewire.config import SiteSettings
from ratewire.config.load import load_site
from ratewire.publish.hosting import host_files

PAGE = (ROOT / "docs" / "deploying.md").read_text("utf-8")


def block(language: str) -> str:
    (text,) = re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    return str(text)


@pytest.fixture
def vendor(tmp_path: Path, served: Any) -> Iterator[Vendor]:
    with published(tmp_path, served) as one:
        yield one


# ── Headers ──────────────────────────────────────────────────────────────────────────────────


def rules(text: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    place = ""
    for line in text.splitlines():
        if line.startswith("  "):
            name, _, value = line.strip().partition(": ")
            found[place][name] = value
        else:
            place = line
            found[place] = {}
    return found


@pytest.mark.parametrize(
    ("url", "root"), [("https://p.example", ""), ("https://o.example/prices", "/prices")]
)
def test_a_host_of_files_is_told_what_to_say(url: str, root: str) -> None:
    told = rules(host_files(SiteSettings("Prices", url))["_headers"].decode())
    assert all(place.startswith(f"{root}/") for place in told)
    everywhere = told.pop(f"{root}/*")
    assert everywhere["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in told[f"{root}/assets/*"]["Cache-Control"]
    # Set by two rules that match, hosts differ in what is sent.
    assert all(everywhere.keys().isdisjoint(headers) for headers in told.values())


def test_the_owner_s_own_headers_take_their_place(vendor: Vendor) -> None:
    built = vendor.site.output / "_headers"
    assert built.read_bytes() == host_files(vendor.site.settings)["_headers"]
    static = vendor.site.root / "static"
    static.mkdir()
    (static / "_headers").write_text("/*\n  X-Mine: yes\n")
    vendor.shows(vendor.served.pages["/pricing"][2].decode())
    assert built.read_text() == "/*\n  X-Mine: yes\n"


@pytest.fixture
def nginx(needs: Callable[..., str], vendor: Vendor, tmp_path: Path) -> Iterator[str]:
    """The documented server, on loopback."""
    program = needs("nginx")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = block("nginx").replace("listen 80;", f"listen 127.0.0.1:{port};")
    config = config.replace("/srv/my-site/site", str(vendor.site.output))
    temporary = "".join(
        f"{name}_temp_path {tmp_path}/{name};"
        for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        if name != "none"
    )
    user = "user root;\n" if sys.platform == "linux" and Path("/root").exists() else ""
    (tmp_path / "nginx.conf").write_text(
        f"{user}daemon off;\npid {tmp_path}/pid;\nerror_log stderr;\nevents {{}}\n"
        f"http {{\naccess_log off;\n{temporary}\n{config}\n}}\n"
    )
    command = [program, "-e", "stderr", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")]
    subprocess.run([*command, "-t"], check=True, capture_output=True)
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as running:
        try:
            for _ in range(100):
                with socket.socket() as asked:
                    if asked.connect_ex(("127.0.0.1", port)) == 0:
                        break
                time.sleep(0.05)
            yield f"http://127.0.0.1:{port}"
        finally:
            running.terminate()


def ask(url: str) -> tuple[int, dict[str, str], bytes]:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            told = {name.lower(): value for name, value in answer.headers.items()}
            return answer.status, told, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            told = {name.lower(): value for name, value in error.headers.items()}
            return error.code, told, error.read()


def test_the_documented_server_says_what_files_are(nginx: str, vendor: Vendor) -> None:
    everywhere = rules(host_files(vendor.site.settings)["_headers"].decode())["/*"]
    kinds = {
        "/": "text/html", "/index.md": "text/markdown", "/feeds/all.atom": "application/atom+xml",
        "/feeds/all.rss": "application/rss+xml", "/feeds/feeds.opml": "text/x-opml",
        "/api/v1/rates.json": "application/json", "/api/v1/rates.csv": "text/csv",
        "/calendar.ics": "text/calendar", "/metrics.txt": "text/plain",
    }  # fmt: skip
    for path, kind in kinds.items():
        status, told, _ = ask(nginx + path)
        assert (status, told["content-type"].split(";")[0]) == (200, kind), path
        assert everywhere.items() <= {name.title(): v for name, v in told.items()}.items()
        opened = path.startswith(("/api/", "/feeds/"))
        assert ("access-control-allow-origin" in told) is opened, path
    status, told, body = ask(f"{nginx}/nothing/here/")
    assert (status, body) == (404, (vendor.site.output / "404.html").read_bytes())
    (style,) = (vendor.site.output / "assets").glob("style*.css")
    assert "immutable" in ask(f"{nginx}/assets/{style.name}")[1]["cache-control"]
    known = {file.suffix for file in vendor.site.output.rglob("*") if file.is_file()}
    for suffix in known - {""}:
        assert re.search(rf"\b{suffix[1:]};", block("nginx")), f"no type for {suffix}"


# ── Workflow and settings ────────────────────────────────────────────────────────────────────


@pytest.mark.slow
def test_the_documented_workflow_deploys_what_it_recorded(
    served: Any, tmp_path: Path, vendor: Vendor
) -> None:
    site, origin, tools = tmp_path / "seed", tmp_path / "origin.git", tmp_path / "tools"
    shutil.copytree(vendor.site.root / "content", site / "content")
    settings = (vendor.site.root / "ratewire.toml").read_text("utf-8")
    (site / "ratewire.toml").write_text(
        settings.replace("[fetch]", "[fetch]\nallow_private = true")
    )
    source = site / "content" / "sources" / "northlight-pricing.toml"
    source.write_text(source.read_text("utf-8").replace("https://northlight.example", served.url))
    (site / ".gitignore").write_text("/.ratewire/\n/site/\n")
    git(tmp_path, "init", "-q", "-b", "main", str(site))
    git(site, "add", ".")
    git(site, "commit", "-qm", "Begin")
    git(tmp_path, "clone", "-q", "--bare", str(site), str(origin))
    tools.mkdir()
    command = f'#!/bin/sh\nPYTHONPATH="{ROOT}/scraper" exec "{sys.executable}" -m ratewire "$@"\n'
    (tools / "ratewire").write_text(command)
    (tools / "npx").write_text(
        f'#!/bin/sh\necho "$@" > {tmp_path}/npx.log\ncp -r site {tmp_path}/up\n'
    )
    (tools / "gh").write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/gh.log\n')
    for program in tools.iterdir():
        program.chmod(0o755)
    file = tmp_path / "watch.yml"
    file.write_text(block("yaml").replace("OWNER", "acme").replace("COMMIT", "0123456789" * 4))
    forge = Runner(tmp_path / "forge", origin, tools)
    assert forge.run(file) == {"site": "success"}, forge.said
    assert "actions/workflows/watch.yml/enable" in (tmp_path / "gh.log").read_text()
    assert "pages deploy site" in (tmp_path / "npx.log").read_text()
    assert (tmp_path / "up" / "_headers").is_file()
    told = git(origin, "log", "--format=%s", "main").splitlines()
    assert told[-2:] == ["Record northlight-pricing: first reading, now ok", "Begin"]
    assert yaml.safe_load(block("yaml"))["permissions"] == {}


def test_a_site_that_moved_keeps_the_ids_of_its_feeds(vendor: Vendor) -> None:
    told = tomllib.loads(block("toml"))["site"]
    settings = vendor.site.root / "ratewire.toml"
    text = settings.read_text("utf-8").replace(
        '"https://aurora-status.example"', f'"{told["url"]}"'
    )
    settings.write_text(
        text.replace("[site]\n", f'[site]\nmoved_from = "{told["moved_from"]}/"\n', 1)
    )
    site = load_site(vendor.site.root)
    assert (site.settings.url, site.settings.ids) == (told["url"], told["moved_from"])
    from ratewire.pipeline import Job

    Job.of(site).build()
    atom = (site.output / "feeds" / "all.atom").read_text("utf-8")
    ids = re.findall(r"<id>([^<]*)</id>", atom)
    assert len(ids) > 1
    assert all(id.startswith(f"{told['moved_from']}/") for id in ids)
    addresses = {id.replace(told["moved_from"], told["url"]) for id in ids if "/changes/" in id}
    assert addresses
    assert all(f'href="{address}"' in atom for address in addresses)
    rss = (site.output / "feeds" / "all.rss").read_text("utf-8")
    assert 'isPermaLink="false"' in rss


def test_the_documented_commands_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    lines = re.findall(r"^\$ ratewire (.+)$", PAGE, re.MULTILINE)
    assert lines
    for line in lines:
        done = run(*shlex.split(line.replace("OWNER", "acme")))
        assert done.exit_code == 0, done.stderr
    assert load_site(tmp_path / "my-site").settings.url == "https://acme.github.io/my-site"
