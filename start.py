#!/usr/bin/env python3
"""Sets ratewire up in .venv beside this file, then runs it. Needs Python 3.11 or later only.

    python3 start.py run            check all sources, record, build the site, announce
    python3 start.py test           install what the tests need, and run them
    python3 start.py demo           any other ratewire command, with its options

What is installed is locked by hash in requirements*.txt. Works without pip and ensurepip, as on a
bare Debian, and honours pip's index, certificate and proxy.
"""

from __future__ import annotations

import base64
import configparser
import hashlib
import json
import os
import re
import ssl
import subprocess
import sys
import tempfile
import urllib.request
from html import unescape
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit, urlunsplit

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / ".ratewire-locks"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
BUILD = "requirements-build.txt"
PIP = (
    "pip-26.3-py3-none-any.whl",
    "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13",
)
"""The pip that is fetched where Python brings none: wheel and SHA-256."""


def main(arguments: list[str]) -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 - this is what an older Python runs into
        return failed(f"Python 3.11 or later is needed; this is {sys.version.split()[0]}")
    if not arguments or arguments[0] in ("-h", "--help"):
        print(__doc__)
        return 0
    testing = arguments[0] == "test"
    try:
        set_up("requirements-dev.txt" if testing else "requirements.txt")
    except (OSError, RuntimeError) as error:
        return failed(f"{error}\nNothing was run; the same command tries again.")
    command = ["-m", "pytest", *arguments[1:]] if testing else ["-m", "ratewire", *arguments]
    try:
        return subprocess.call([PYTHON, *command], cwd=ROOT if testing else None)
    except KeyboardInterrupt:
        return 130


def set_up(lock: str) -> None:
    """A virtual environment that holds what the lock says and the project itself.

    Raises OSError or RuntimeError with words for a person.
    """
    wanted = digests(lock)
    if PYTHON.exists() and STAMP.is_file():
        installed = json.loads(STAMP.read_text())
        if wanted.items() <= installed.items():
            return
    say(f"setting up {VENV.name} from {lock}; the first time takes a minute or two")
    if not has_pip():
        make_environment()
    # A lock names all there is to install, so there is nothing to resolve: left to itself an older
    # pip weighs newer releases of what is asked for with extras, and then misses their hashes.
    pip("--require-hashes", "--no-deps", "-r", BUILD)
    # Without isolation, so that what builds is locked too.
    pip("--require-hashes", "--no-deps", "--use-pep517", "--no-build-isolation", "-r", lock)
    pip("--no-deps", "--no-build-isolation", "-e", ".")
    STAMP.write_text(json.dumps(wanted))


def digests(lock: str) -> dict[str, str]:
    """What an environment depends on, by name; the larger lock holds all of the smaller one."""
    names = {BUILD, "requirements.txt", lock, "pyproject.toml"}
    return {name: hashlib.sha256((ROOT / name).read_bytes()).hexdigest() for name in names}


def has_pip() -> bool:
    try:
        return quiet([PYTHON, "-m", "pip", "-V"]).returncode == 0
    except OSError:
        return False


def make_environment() -> None:
    plain: list[str | Path] = [sys.executable, "-m", "venv", "--clear", VENV]
    if quiet(plain).returncode == 0 and has_pip():
        return
    say("this Python brings no pip; fetching it")
    done = quiet([*plain, "--without-pip"])
    if done.returncode:
        words = (done.stderr or done.stdout).strip()
        raise RuntimeError(f"{words}\nThis Python cannot make virtual environments.")
    with tempfile.TemporaryDirectory() as folder:
        wheel = fetch_pip(Path(folder))
        run([PYTHON, f"{wheel}/pip", "install", "-q", "--no-index", "--no-deps", str(wheel)])


def pip(*arguments: str) -> None:
    run([PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "-q", *arguments])


def quiet(command: list[str | Path]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, check=False, capture_output=True, text=True)


def run(command: list[str | Path]) -> None:
    # A user's or a target folder set for another pip must not lead out of the environment.
    settings = {k: v for k, v in os.environ.items() if k not in ("PIP_TARGET", "PIP_PREFIX")}
    if subprocess.call(command, env={**settings, "PIP_USER": "0"}, cwd=ROOT):
        raise RuntimeError("pip could not install what is needed; its words stand above.")


# ── pip, where Python brings none ────────────────────────────────────────────────────────────


def fetch_pip(folder: Path) -> Path:
    """The wheel named in PIP, from the index that pip would use. Raises OSError, RuntimeError."""
    name, digest = PIP
    index = setting("index-url") or "https://pypi.org/simple"
    page = index.rstrip("/") + "/pip/"
    links = re.findall(rf'"((?:[^"]*/)?{re.escape(name)}(?:#[^"]*)?)"', fetch(page).decode())
    if not links:
        raise RuntimeError(f"the package index has no {name}; install pip, or ask its keeper")
    body = fetch(with_user_of(page, urljoin(page, unescape(links[0]).partition("#")[0])))
    if hashlib.sha256(body).hexdigest() != digest:
        raise RuntimeError(f"{name} is not the file that start.py knows (SHA-256 differs)")
    (folder / name).write_bytes(body)
    return folder / name


def fetch(url: str) -> bytes:
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    bare = urlunsplit(parts._replace(netloc=host))
    request = urllib.request.Request(bare, headers={"Accept": "text/html"})
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        request.add_header("Authorization", "Basic " + base64.b64encode(pair.encode()).decode())
    context = ssl.create_default_context(cafile=setting("cert") or None)
    handlers: list[urllib.request.BaseHandler] = [urllib.request.HTTPSHandler(context=context)]
    if proxy := setting("proxy"):
        handlers.append(urllib.request.ProxyHandler({"http": proxy, "https": proxy}))
    try:
        with urllib.request.build_opener(*handlers).open(request, timeout=60) as answer:
            return bytes(answer.read())
    except OSError as error:
        raise RuntimeError(f"the package index cannot be reached ({error})") from None


def with_user_of(index: str, url: str) -> str:
    """The address with the index's user and password, where it is on the index's own host."""
    ours, theirs = urlsplit(index), urlsplit(url)
    same = (ours.scheme, ours.hostname, ours.port) == (theirs.scheme, theirs.hostname, theirs.port)
    return urlunsplit(theirs._replace(netloc=ours.netloc)) if same else url


def setting(name: str) -> str:
    """One of pip's settings: from the environment, or else from its configuration files."""
    value = os.environ.get(f"PIP_{name.replace('-', '_').upper()}", "")
    for file in () if value else configuration_files():
        parser = configparser.RawConfigParser()
        try:
            parser.read(file, "utf-8")
        except (configparser.Error, UnicodeDecodeError):
            continue
        for section in ("install", "global"):
            value = value or parser.get(section, name, fallback="")
    return value.strip()


def configuration_files() -> list[Path]:
    """Those that pip reads, the strongest first."""
    home, environment = Path.home(), os.environ
    if environment.get("PIP_CONFIG_FILE") == os.devnull:
        return []
    user = Path(environment.get("XDG_CONFIG_HOME") or home / ".config")
    return [
        *([Path(environment["PIP_CONFIG_FILE"])] if environment.get("PIP_CONFIG_FILE") else []),
        user / "pip" / "pip.conf",
        home / ".pip" / "pip.conf",
        home / "Library" / "Application Support" / "pip" / "pip.conf",
        Path(environment.get("APPDATA") or home) / "pip" / "pip.ini",
        Path("/etc/xdg/pip/pip.conf"),
        Path("/etc/pip.conf"),
        Path(environment.get("PROGRAMDATA") or "/") / "pip" / "pip.ini",
    ]


def say(words: str) -> None:
    print(f"start.py: {words}", file=sys.stderr, flush=True)


def failed(words: str) -> int:
    say(words)
    return 3


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
