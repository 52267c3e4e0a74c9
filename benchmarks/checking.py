"""What a check of many sources costs: against a bare httpx client on the same transport, and
against the whole run of `urlwatch` and `webchanges` where these are installed.

A server on loopback gives pages of 8 KB: with validators, all unchanged (304); without, all
unchanged (200); and with one in ten changed. All rates are medians of runs taken in turn. The two
programs run as an owner runs them, whole process, each with a store that has seen every page. So
does ours, twice: to fetch and judge (`ours`), and as the command that an owner gives, which reads a
file for each source, and what is recorded of it and how it does (`ratewire check`). The
bare client runs whole as well, for scale.

    uv sync --group bench          installs the two programs, or give --tools FOLDER

Start-up is half of a whole run, and httpx loads a command line of its own where `click` is there.
That comes with tools which only developers install, so it is hidden from the runs of ours and of
the bare client.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from checking_bare import bare
from checking_ours import AT_ONCE, SETTINGS, check, sources

AS_INSTALLED = "import sys; sys.modules['click'] = None; "
OURS = AS_INSTALLED + (
    "from ratewire.__main__ import collect_rarely; collect_rarely(); "
    "sys.path[:0] = sys.argv[1:2]; import checking_ours; "
    "checking_ours.whole(sys.argv[2], int(sys.argv[3]), checking_ours.Path(sys.argv[4]))"
)
"""As the command starts."""
BARE = AS_INSTALLED + (
    "sys.path[:0] = sys.argv[1:2]; import checking_bare; "
    "checking_bare.whole(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))"
)
COMMAND = AS_INSTALLED + "from ratewire.__main__ import main; main()"
UNTRUSTING = {"SSL_CERT_FILE": "", "SSL_CERT_DIR": ""}
"""As on a machine that keeps its authorities in a folder (Debian does): where one file holds them
all, importing aiohttp reads it twice, 30 ms. No certificate is looked at here."""
FILLER = "".join(f"<tr><td>model-{n}</td><td>${n}.00 per 1M tokens</td></tr>" for n in range(150))


# ── The server, a process of its own ─────────────────────────────────────────────────────────


def page(number: str, version: int) -> bytes:
    """About 8 KB of HTML."""
    head = f"<!doctype html><html><head><title>Page {number}</title></head><body>"
    body = f"<h1>Page {number}</h1><p>Version {version}</p><table>{FILLER}</table>"
    return f"{head}{body}</body></html>".encode()


async def serve() -> None:
    """`/304/N` has an etag, `/200/N` has none, `/10/N` changes with each round for one N in ten."""
    rounds: dict[str, int] = {}

    def answer(path: str, headers: bytes) -> bytes:
        _, kind, number = path.split("/")[:3]
        version = 0
        if kind == "10" and number.endswith("7"):
            version = rounds[path] = rounds.get(path, 0) + 1
        etag = f'"{version}"'
        if kind != "200" and f"none-match: {etag}".encode() in headers.lower():
            return f"HTTP/1.1 304 Not Modified\r\nETag: {etag}\r\n\r\n".encode()
        body = page(number, version)
        tag = "" if kind == "200" else f"ETag: {etag}\r\n"
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n{tag}Content-Length: {len(body)}\r\n"
        return head.encode() + b"\r\n" + body

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                writer.write(answer(head.split(b" ", 2)[1].decode(), head))
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0, backlog=1000)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


# ── Clients ──────────────────────────────────────────────────────────────────────────────────


def against_bare(base: str, count: int, rounds: int) -> dict[str, tuple[float, float]]:
    """Median seconds, ours and the bare client's, by kind of page."""

    async def measure(kind: str) -> tuple[float, float]:
        watched = sources(base, kind, count)
        _, known = await check(watched, {})
        ours, theirs = [], []
        for _ in range(rounds):
            etags = {url: validators.etag for url, validators in known.items()}
            theirs.append(await bare([source.url for source in watched], etags, AT_ONCE))
            seconds, known = await check(watched, known)
            ours.append(seconds)
        return statistics.median(ours), statistics.median(theirs)

    return {kind: asyncio.run(measure(kind)) for kind in ("304", "200", "10")}


# ── Whole programs ───────────────────────────────────────────────────────────────────────────


def commands(folder: Path, base: str, count: int, tools: str | None) -> dict[str, list[str]]:
    """How each program is run, with its list of pages written."""
    here = str(Path(__file__).parent)
    site = folder / "site"
    prepare_site(site, base, count)
    found = {
        "ours": [sys.executable, "-c", OURS, here, base, str(count), str(folder / "ours.json")],
        "bare client": [sys.executable, "-c", BARE, here, base, str(count), str(AT_ONCE)],
        "ratewire check": [sys.executable, "-c", COMMAND, "check", "--all", "--site", str(site)],
    }
    jobs = "\n---\n".join(f"name: s{n}\nurl: {base}/304/{n}" for n in range(count))
    for program in ("urlwatch", "webchanges"):
        executable = shutil.which(program, path=tools) or shutil.which(program)
        if not executable:
            print(f"{program} is not installed: not measured", file=sys.stderr)
            continue
        home = folder / program
        home.mkdir()
        (home / "jobs.yaml").write_text(jobs + "\n")
        found[program] = [
            executable, "--urls" if program == "urlwatch" else "--jobs", str(home / "jobs.yaml"),
            "--config", str(home / "config.yaml"), "--hooks", str(home / "hooks.py"),
            "--cache" if program == "urlwatch" else "--database", str(home / "seen.db"),
        ]  # fmt: skip
    return found


def prepare_site(folder: Path, base: str, count: int) -> None:
    """A site with a source file for each page."""
    (folder / "content" / "sources").mkdir(parents=True)
    given = {name: getattr(SETTINGS, name) for name in ("concurrency", "per_host", "retries")}
    numbers = "\n".join(f"{name} = {value}" for name, value in given.items())
    (folder / "ratewire.toml").write_text(
        '[site]\ntitle = "T"\nurl = "https://t.example"\n\n'
        f"[fetch]\nallow_private = true\nrobots = false\ndelay = 0\n{numbers}\n"
    )
    for n in range(count):
        source = f'name = "s{n}"\npublisher = "p"\nurl = "{base}/304/{n}"\n'
        (folder / "content" / "sources" / f"s{n}.toml").write_text(source)


def against_programs(base: str, count: int, rounds: int, tools: str | None) -> dict[str, float]:
    """Median seconds of a whole run over pages that did not change, by program."""
    with tempfile.TemporaryDirectory() as folder:
        programs = commands(Path(folder), base, count, tools)
        times: dict[str, list[float]] = {program: [] for program in programs}
        for number in range(rounds + 1):
            for program, command in programs.items():
                seconds = timed(command, Path(folder))
                if number:
                    times[program].append(seconds)
        return {program: statistics.median(taken) for program, taken in times.items()}


def timed(command: list[str], home: Path) -> float:
    environment = {**os.environ, "HOME": str(home), "XDG_CONFIG_HOME": str(home), **UNTRUSTING}
    started = time.perf_counter()
    done = subprocess.run(
        command, check=False, env=environment, capture_output=True, text=True, timeout=300
    )
    seconds = time.perf_counter() - started
    if done.returncode:
        print(done.stderr[-2000:], file=sys.stderr)
        raise SystemExit(f"{command[0]} ended with {done.returncode}")
    return seconds


def megabytes(base: str, count: int) -> float:
    """Peak memory of a process that checks so many sources."""
    command = [sys.executable, __file__, "--child", "memory", base, str(count), "-"]
    return float(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def child(task: str, base: str, count: str, store: str) -> None:
    """What this file does when it runs itself."""
    if task == "memory":
        asyncio.run(check(sources(base, "200", int(count)), {}))
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    else:
        asyncio.run(serve())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--quick", action="store_true", help="fewer rounds")
    parser.add_argument("--tools", help="the folder where urlwatch and webchanges are")
    parser.add_argument("--child", nargs=4, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        return child(*options.child)

    rounds, count = (3, 1000) if options.quick else (9, 1000)
    server = subprocess.Popen(
        [sys.executable, __file__, "--child", "serve", "-", "0", "-"], stdout=subprocess.PIPE
    )
    try:
        assert server.stdout is not None
        base = f"http://127.0.0.1:{server.stdout.readline().decode().strip()}"
        clients = against_bare(base, count, rounds)
        whole = 1 if options.quick else 3
        programs = against_programs(base, count, whole, options.tools)
        memory = {number: megabytes(base, number) for number in (1_000, 10_000)}
    finally:
        server.terminate()
        server.wait()
    return report(clients, programs, memory)


def report(
    clients: Mapping[str, tuple[float, float]],
    programs: Mapping[str, float],
    memory: Mapping[int, float],
) -> None:
    from rich.console import Console  # only here: the runs of ours that are timed do without
    from rich.table import Table

    console = Console(stderr=True, width=110)
    table = Table("1,000 pages of 8 KB", "ours", "bare client", "ours / bare")
    names = {"304": "unchanged (304)", "200": "unchanged (200)", "10": "one in ten changed"}
    for kind, (ours, theirs) in clients.items():
        row = (f"{ours:.2f} s", f"{theirs:.2f} s", f"{ours / theirs:.2f}")
        table.add_row(names[kind], *row)
    console.print(table)
    for program, seconds in programs.items():
        console.print(f"{program}, whole process, unchanged: {seconds:.2f} s")
    for number, size in memory.items():
        console.print(f"{number:,} sources: {size:.0f} MB at most")
    result: dict[str, float | None] = {
        "vs_client_304": round(clients["304"][0] / clients["304"][1], 3),
        "vs_client_200": round(clients["200"][0] / clients["200"][1], 3),
        "vs_client_10_percent": round(clients["10"][0] / clients["10"][1], 3),
        "mb_10k_sources": round(memory[10_000], 1),
    }
    for program in ("urlwatch", "webchanges"):
        theirs_whole = programs.get(program)
        result[f"vs_{program}"] = (
            round(programs["ours"] / theirs_whole, 4) if theirs_whole else None
        )
        result[f"bare_vs_{program}"] = (
            round(programs["bare client"] / theirs_whole, 4) if theirs_whole else None
        )
        result[f"command_vs_{program}"] = (
            round(programs["ratewire check"] / theirs_whole, 4) if theirs_whole else None
        )
    print("RESULT", json.dumps(result))


if __name__ == "__main__":
    main()
