"""The command line: every documented command runs, and says what it says it does."""

from __future__ import annotations

import http.client
import json
import re
import shlex
import shutil
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import typer
from typer.testing import CliRunner

from ratewire.apps.serve import preview
from ratewire.cli import app
from ratewire.cli.group import COMMANDS

ROOT = Path(__file__).parents[1]
DEMO = ROOT / "demo"
CAPTURES = DEMO / "captures" / "northlight-pricing"
DOCUMENTED = (ROOT / "docs" / "commands.md").read_text("utf-8")
SECTIONS = dict(re.findall(r"^### (\w+)\n(.*?)(?=^##|\Z)", DOCUMENTED, re.MULTILINE | re.DOTALL))
EXAMPLES = re.findall(r"^\$ ratewire (.+)$", DOCUMENTED, re.MULTILINE)


def commands_of(module: str) -> dict[str, Any]:
    """By name, the commands that a module of ratewire.cli brings."""
    part = import_module(f"ratewire.cli.{module}")
    return dict(typer.main.get_group(part.app).commands)


def run(*arguments: str | Path, cwd: Path | None = None, stdin: bytes | None = None) -> Any:
    """Calls the command; the result has exit_code, stdout and stderr."""
    with pytest.MonkeyPatch.context() as patch:
        if cwd:
            patch.chdir(cwd)
        words = [str(a) for a in arguments]
        return CliRunner().invoke(app, words, input=stdin, catch_exceptions=False)


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's site after a price cut. Shared: copy it before changing it."""
    folder = tmp_path_factory.mktemp("demo")
    shutil.copytree(DEMO, folder / "history")
    for capture in (folder / "history" / "captures").rglob("*.html"):
        if capture.name[11:] not in ("back.html", "price-cut.html"):
            capture.unlink()
    assert run("replay", folder / "history", "--out", folder / "site").exit_code == 0
    return folder / "site"


@pytest.fixture
def site(replayed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(replayed, tmp_path / "site"))


@pytest.mark.parametrize("module", COMMANDS)
def test_a_command_is_found_in_the_module_that_the_table_names(module: str) -> None:
    assert tuple(commands_of(module)) == COMMANDS[module]


def test_a_command_that_was_renamed_names_its_new_name() -> None:
    done = CliRunner().invoke(app, ["withdraw", "3f2a9c01d4e5b677"])
    assert done.exit_code == 2
    assert "withdraw is now called retract" in done.output


def test_every_module_with_commands_is_in_the_table() -> None:
    modules = {
        path.stem: path.read_text() for path in (ROOT / "scraper" / "ratewire" / "cli").glob("*.py")
    }
    with_commands = {name for name, text in modules.items() if ".command(" in text}
    assert with_commands == set(COMMANDS)


def test_a_check_loads_nothing_that_only_others_need(site: Path) -> None:
    """What is loaded is most of the time that a check of an hour without news takes."""
    loaded = _loaded_by("check", "--site", str(site))
    assert "ratewire.pipeline" in loaded
    others = {"bs4", "feedgen", "jinja2", "markdown", "markdown_it", "playwright", "tomlkit"}
    assert not loaded & (
        others | {"ratewire.publish.build", "ratewire.announce", "ratewire.read.reader"}
    )


def test_reading_a_saved_page_loads_nothing_that_only_fetching_needs(tmp_path: Path) -> None:
    page = tmp_path / "saved.html"
    page.write_text("<h1>Prices</h1><p>The Basic plan costs $5 per month.</p>")
    loaded = _loaded_by("read", str(page))
    assert "ratewire.cli.look" in loaded
    assert not loaded & {"aiohttp", "httpx", "ratewire.fetch.client"}


def _loaded_by(*command: str) -> set[str]:
    """Names of the modules that a command loads, and of their outermost packages."""
    script = (
        "import sys\nfrom ratewire.cli import app\n"
        "try:\n    app(sys.argv[1:])\nexcept SystemExit:\n    pass\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules} | set(sys.modules)))"
    )
    run = [sys.executable, "-c", script, *command]
    done = subprocess.run(run, capture_output=True, text=True, check=True)
    return set(done.stdout.split())


# ── The documentation ────────────────────────────────────────────────────────────────────────


def test_every_command_and_option_is_documented() -> None:
    commands = {name: command for part in COMMANDS for name, command in commands_of(part).items()}
    assert set(SECTIONS) == set(commands)
    shared = {"--site", "--json", "--verbose", "--help"}
    for name, command in commands.items():
        for inner, one in getattr(command, "commands", {}).items():
            commands = {**commands, f"{name} {inner}": one}
    for name, command in commands.items():
        options = {option for each in command.params for option in each.opts if option[:2] == "--"}
        for option in options - shared:
            section = SECTIONS[name.partition(" ")[0]]
            assert option in section, f"docs/commands.md: {name} says nothing of {option}"
        assert "ratewire " + name in (command.help or ""), f"{name} --help has no example"


@pytest.fixture
def documented(site: Path, served: Any, tmp_path: Path) -> Path:
    """A folder in which every example of the documentation makes sense."""
    shutil.copy(CAPTURES / "2026-02-10_back.html", site / "saved.html")
    shutil.copy(CAPTURES / "2026-03-02_price-cut.html", site / "later.html")
    shutil.copytree(CAPTURES, site / "history")
    (site / "prices.json").write_text('{"northlight/aurora-2": {"input_cost_per_token": 2.4e-06}}')
    (site / "readers.csv").write_text("email,digest\nreader@example.org,daily\n")
    (site / "message.eml").write_text("Subject: Away\n\nI am not here.\n")
    mapped = {"at": "out", "product": "aurora-2", "meter": "output", "unit": "1M tokens"}
    pairs = "".join(f'{name} = "{value}"\n' for name, value in mapped.items())
    (site / "figures.toml").write_text(f"[[figure]]\n{pairs}")
    (site / "billing.toml").write_text("out = 12.00\n")
    shutil.copytree(site, site / "my-site", ignore=shutil.ignore_patterns("my-site"))
    served.show("/pricing", (site / "saved.html").read_text("utf-8"))
    for folder in (site, site / "my-site"):
        settings = folder / "ratewire.toml"
        settings.write_text(
            settings.read_text("utf-8").replace("[fetch]", "[fetch]\nallow_private = true")
        )
        source = folder / "content" / "sources" / "northlight-pricing.toml"
        source.write_text(
            source.read_text("utf-8").replace("https://northlight.example", served.url)
        )
    repository = tmp_path / "repository.git"
    subprocess.run(["git", "init", "-q", "--bare", repository], check=True)
    subprocess.run(["git", "init", "-q", "-b", "main"], cwd=site, check=True)
    subprocess.run(["git", "remote", "add", "origin", repository], cwd=site, check=True)
    return site


def last_change(site: Path) -> str:
    log = json.loads(run("log", "--json", "--site", site).stdout)
    return str(log["changes"][-1]["id"])


def test_there_are_examples() -> None:
    assert len(EXAMPLES) > 25


@pytest.mark.slow
@pytest.mark.parametrize("example", [each for each in EXAMPLES if "serve" not in each])
def test_a_documented_command_runs(
    example: str, documented: Path, served: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    command, _, file = example.replace("https://northlight.example", served.url).partition(" < ")
    words = shlex.split(command)
    if words[0] == "subscriptions":
        monkeypatch.setenv("RATEWIRE_SUBSCRIPTIONS_KEY", "k" * 32)
        stdin = (documented / file).read_bytes() if file else None
        result = run(*words, cwd=documented, stdin=stdin)
        assert result.exit_code == 0, result.stderr
        return
    if words[0] in ("retract", "correct"):
        words[1] = last_change(documented)
    if words[0] == "review" and {"--accept", "--reject"} & set(words):
        # The address is another one than that of the records: first it says what stands.
        for capture in ("2026-03-02_price-cut", "2026-01-12_first"):
            served.show("/pricing", (CAPTURES / f"{capture}.html").read_text("utf-8"))
            assert run("check", "--all", cwd=documented).exit_code in (0, 1)
    if words[0] == "doctor":  # what was replayed is of long ago
        assert run("run", "--all", cwd=documented).exit_code == 0
    if words[0] == "consume":  # the site's data, as of today
        assert run("run", "--all", cwd=documented).exit_code == 0
        for file in (documented / "site" / "api" / "v1").glob("*.json"):
            kind = "application/json"
            served.pages[f"/api/v1/{file.name}"] = (200, kind, file.read_bytes())
        words[1] = served.url
        git = ["git", "-c", "user.name=Owner", "-c", "user.email=owner@example.org"]
        subprocess.run([*git, "add", "prices.json"], cwd=documented, check=True)
        subprocess.run([*git, "commit", "-qm", "Begin"], cwd=documented, check=True)
    result = run(*words, cwd=documented)
    # The demo's article was written before the price cut.
    assert result.exit_code == (1 if words[0] == "stale" else 0), result.stderr
    if "--json" in words:
        json.loads(result.stdout)


# ── Behaviour ────────────────────────────────────────────────────────────────────────────────


def test_read_gives_a_page_as_data(tmp_path: Path) -> None:
    page = CAPTURES / "2026-01-12_first.html"
    result = run("read", page, "--json", "--url", "https://northlight.example/pricing")
    data = json.loads(result.stdout)
    assert data["verdict"] == "genuine"
    rates = {(r["product"], r["meter"]): r for r in data["rates"]}
    assert rates["aurora-2", "output"]["amount"] == "12.00"
    assert rates["aurora-2", "output"]["unit"] == "1M tokens"
    assert rates["aurora-2", "output"]["currency"] == "USD"
    assert rates["aurora-2", "output"]["conditions"] == {}
    assert "$12.00" in rates["aurora-2", "output"]["excerpt"]
    assert "Language models" in rates["aurora-2", "output"]["where"]


def test_hints_are_used_only_when_asked_for(site: Path) -> None:
    source = site / "content" / "sources" / "northlight-pricing.toml"
    source.write_text(source.read_text("utf-8") + '\n[hints]\nproducts = ["nothing-*"]\n', "utf-8")
    page = CAPTURES / "2026-01-12_first.html"
    url = re.search(r'^url = "(.+)"', source.read_text("utf-8"), re.MULTILINE)
    assert url
    plain = json.loads(run("read", page, "--json", "--url", url[1], cwd=site).stdout)
    hinted = run("read", page, "--json", "--source", "northlight-pricing", cwd=site).stdout
    assert plain["rates"]
    assert not json.loads(hinted)["rates"]


def test_read_refuses_a_wall() -> None:
    result = run("read", CAPTURES / "2026-02-09_wall.html", "--json")
    assert result.exit_code == 1
    assert json.loads(result.stdout)["verdict"] == "blocked"
    assert json.loads(result.stdout)["rates"] == []


def test_what_a_page_says_cannot_command_the_terminal(tmp_path: Path) -> None:
    rows = "<tr><td>lark\x1b]0;owned\x07-2 [bold red]x[/]</td><td>$3.00</td></tr>"
    (tmp_path / "p.html").write_text(
        f"<h1>Pricing \x1b[31m</h1><p>Per 1M tokens</p><table><tr><th>Model<th>Input{rows}</table>"
    )
    result = run("read", tmp_path / "p.html", "-v")
    assert "3.00" in result.stdout
    assert "[bold red]" in result.stdout
    assert not {"\x1b", "\x07", "\x9b"} & set(result.stdout + result.stderr)


@pytest.mark.parametrize(
    ("name", "amount"), [("p.md", "3.00"), ("p.mdx", "3.00"), ("p.markerb", "3.00")]
)
def test_markdown_is_known_by_its_ending(tmp_path: Path, name: str, amount: str) -> None:
    text = "# Pricing\n\nPer 1M tokens.\n\n| Model | Input |\n| --- | --- |\n| lark-2 | $3.00 |\n"
    (tmp_path / name).write_text(text)
    (rate,) = json.loads(run("read", tmp_path / name, "--json").stdout)["rates"]
    assert (rate["product"], rate["meter"], rate["amount"]) == ("lark-2", "input", amount)


def test_compare_gives_changes_or_the_reason_why_not() -> None:
    old, new = CAPTURES / "2026-02-10_back.html", CAPTURES / "2026-03-02_price-cut.html"
    data = json.loads(run("compare", old, new, "--json").stdout)
    assert data["held"] is None
    said = {(c["meter"], c["kind"], c["old"], c["new"], c["percent"]) for c in data["changes"]}
    assert said == {
        ("input", "rate_down", "3.00", "2.40", "-20.00"),
        ("input.cached", "rate_down", "0.75", "0.60", "-20.00"),
        ("output", "rate_down", "12.00", "9.60", "-20.00"),
    }
    wall = run("compare", old, CAPTURES / "2026-02-09_wall.html", "--json")
    assert wall.exit_code == 1
    assert "not the page" in json.loads(wall.stdout)["held"]["reason"]
    assert json.loads(wall.stdout)["changes"] == []


def test_a_redesign_is_no_change() -> None:
    old, new = CAPTURES / "2026-01-12_first.html", CAPTURES / "2026-01-26_redesign.html"
    result = run("compare", old, new, "--json")
    assert (result.exit_code, json.loads(result.stdout)["changes"]) == (0, [])


def test_without_a_network_the_site_is_built_and_the_source_named(site: Path) -> None:
    """Nothing listens where the source is said to be."""
    source = site / "content" / "sources" / "northlight-pricing.toml"
    source.write_text(
        source.read_text("utf-8").replace("https://northlight.example", "http://127.0.0.1:1")
    )
    settings = site / "ratewire.toml"
    settings.write_text(
        settings.read_text("utf-8").replace("[fetch]", "[fetch]\nallow_private = true\nretries = 0")
    )
    shutil.rmtree(site / "site")
    result = run("run", "--all", "--site", site)
    assert result.exit_code == 1
    lines = [line for line in result.stderr.splitlines() if "northlight-pricing" in line]
    assert len(lines) == 1
    assert (site / "site" / "index.html").is_file()
    assert result.stdout == ""


def test_options_may_stand_before_the_command(site: Path) -> None:
    before = run("--site", site, "--json", "log")
    after = run("log", f"--site={site}", "--json")
    assert before.stdout == after.stdout
    assert json.loads(after.stdout)["changes"]


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["run", "--site", "nowhere"], 2, "ratewire init"),
        (["frobnicate"], 2, "No such command"),
        (["read"], 2, "Missing argument"),
        (["read", "nowhere.html"], 1, "cannot be read"),
        (["check", "nix"], 2, "there is no source 'nix'"),
        (["explain", "northlight-pricing", "aurora-9", "output"], 2, "states no output"),
        (["review", "--accept", "nix"], 2, "nothing waits"),
        (["retract", "nix", "--note", "x"], 2, "ratewire log"),
        (["init", "."], 2, "not empty"),
        (["replay", "content"], 2, "no dated captures"),
        (["read", "saved.html", "--source", "nix"], 2, "no source 'nix'"),
    ],
)
def test_wrong_use_is_told_in_words(
    site: Path, arguments: list[str], code: int, words: str
) -> None:
    result = run(*arguments, cwd=site)
    assert result.exit_code == code
    assert words in re.sub(r"\s+", " ", result.stderr)
    assert "Traceback" not in result.stderr


def test_a_held_reading_waits_for_the_owner(documented: Path, served: Any) -> None:
    """The old page again after months: prices back, a model and a notice gone."""
    for page in (documented / "later.html", CAPTURES / "2026-01-12_first.html"):
        served.show("/pricing", page.read_text("utf-8"))
        run("check", "--all", cwd=documented)
    listed = json.loads(run("review", "--json", cwd=documented).stdout)["waiting"]
    assert listed[0]["source"] == "northlight-pricing"
    kinds = {change["kind"] for change in listed[0]["changes"]}
    assert "rate_up" in kinds
    (up, *_) = [c for c in listed[0]["changes"] if c["kind"] == "rate_up"]
    assert run("review", "--accept", up["id"], cwd=documented).exit_code in (0, 1)
    log = json.loads(run("log", "--json", "-n", "1", cwd=documented).stdout)["changes"]
    assert log[0]["kind"] == "rate_up"
    run("review", "--reject", "northlight-pricing", cwd=documented)
    assert run("review", cwd=documented).exit_code == 0


def test_what_was_told_wrong_is_corrected(site: Path) -> None:
    log = json.loads(run("log", "--json", "--site", site).stdout)["changes"]
    (cut,) = [change for change in log if change["kind"] == "rate_down"]
    said = run("correct", cut["id"], "--amount", "output=9.70", "--note", "Misread.",
               "--site", site, "--json")  # fmt: skip
    entry = json.loads(said.stdout)
    assert (entry["state"], entry["follows"], entry["note"]) == ("corrected", cut["id"], "Misread.")
    wrong = run("correct", cut["id"], "--amount", "nothing=1", "--note", "x", "--site", site)
    assert wrong.exit_code == 2
    assert "output" in wrong.stderr
    unchanged = run("correct", cut["id"], "--amount", "output=12.00", "--note", "x", "--site", site)
    assert "retract" in unchanged.stderr
    log = json.loads(run("log", "--json", "--site", site).stdout)["changes"]
    assert log[-2]["id"] == cut["id"]


def test_what_is_retracted_is_taken_back(site: Path) -> None:
    log = json.loads(run("log", "--json", "--site", site).stdout)["changes"]
    (cut,) = [change for change in log if change["kind"] == "rate_down"]
    result = run("retract", cut["id"], "--note", "A slip.", "--site", site, "--json")
    entry = json.loads(result.stdout)
    assert (entry["state"], entry["follows"], entry["note"]) == ("retracted", cut["id"], "A slip.")
    explained = run("explain", "northlight-pricing", "aurora-2", "output", "--json", "--site", site)
    assert json.loads(explained.stdout)["rates"][0]["amount"] == "12.00"


def test_a_new_site_can_be_built_at_once(tmp_path: Path) -> None:
    assert run("init", tmp_path / "new", "--title", "A & B", cwd=tmp_path).exit_code == 0
    assert (tmp_path / "new" / ".gitignore").is_file()
    result = run("build", "--site", tmp_path / "new")
    assert result.exit_code == 0
    assert "A &amp; B" in (tmp_path / "new" / "site" / "index.html").read_text("utf-8")


def test_a_new_site_with_a_wrong_address_is_not_begun(tmp_path: Path) -> None:
    result = run("init", tmp_path / "new", "--url", "prices.example")
    assert result.exit_code == 2
    assert "site.url" in result.stderr
    assert not (tmp_path / "new").exists()


def test_module_and_command_are_one(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ratewire", "log", "--site", str(tmp_path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "no ratewire.toml" in done.stderr
    assert done.stdout == ""


# ── The preview ──────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def previewed(site: Path) -> Iterator[tuple[str, list[str]]]:
    told: list[str] = []
    with preview(site, 0, tell=told.append) as address:
        yield address, told


def fetch(url: str) -> str:
    with urllib.request.urlopen(url, timeout=20) as answer:
        return str(answer.read().decode())


def test_the_preview_is_built_again_and_browsers_hear_of_it(
    previewed: tuple[str, list[str]], site: Path
) -> None:
    address, told = previewed
    article = f"{address}articles/what-aurora-2-costs/"
    assert "/-/reload.js" in fetch(article)
    assert "EventSource" in fetch(f"{address}-/reload.js")
    heard: list[str] = []
    waiting = threading.Thread(target=lambda: heard.append(fetch(f"{address}-/changes")))
    waiting.start()
    file = site / "content" / "articles" / "what-aurora-2-costs.md"
    good = file.read_text("utf-8")
    for number in range(40):  # the watcher may not be at its post yet
        file.write_text(f"{good}\n\nQuite new, {number}.\n", "utf-8")
        waiting.join(0.5)
        if heard:
            break
    assert "data: built" in heard[0]
    assert "Quite new" in fetch(article)
    assert not (site / "site" / "-").exists()
    assert told[0].startswith("built")


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    ("host", "status"), [("evil.example", 421), ("", 421), ("localhost:1", 200)]
)
def test_the_preview_answers_to_its_own_name_alone(
    previewed: tuple[str, list[str]], method: str, host: str, status: int
) -> None:
    address = urlsplit(previewed[0])
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=20)
    connection.request(method, address.path, headers={"Host": host})
    assert connection.getresponse().status == status
    connection.close()


@pytest.mark.parametrize(
    "path", ["/..%2f..%2fratewire.toml", "/../ratewire.toml", "//changes", "///"]
)
def test_the_preview_serves_nothing_else_and_leads_nowhere(
    previewed: tuple[str, list[str]], path: str
) -> None:
    address = urlsplit(previewed[0])
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=20)
    connection.request("GET", address.path.rstrip("/") + path)
    answer = connection.getresponse()
    body = answer.read()
    assert b"[site]" not in body
    assert not (answer.headers["location"] or "").startswith(("//", "http"))
    connection.close()


def asked(address: str, method: str, path: str) -> tuple[int, bytes]:
    parts = urlsplit(address)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=20)
    connection.request(method, parts.path.rstrip("/") + path)
    answer = connection.getresponse()
    found = answer.status, answer.read()
    connection.close()
    return found


def test_the_preview_shows_no_words_of_an_address(previewed: tuple[str, list[str]]) -> None:
    for path in ("/<script>alert(1)</script>", "/%3Cscript%3Ealert(1)%3C/script%3E", "/?<script>"):
        status, body = asked(previewed[0], "GET", path)
        assert status in (200, 404)
        assert b"<script>alert" not in body


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_the_preview_takes_no_request_that_changes_anything(
    previewed: tuple[str, list[str]], method: str
) -> None:
    assert asked(previewed[0], method, "/")[0] == 501


def test_a_port_that_is_taken_is_told(previewed: tuple[str, list[str]], site: Path) -> None:
    port = previewed[0].rstrip("/").rpartition(":")[2]
    result = run("serve", "--port", port, "--site", site)
    assert result.exit_code == 2
    assert "--port" in result.stderr


def test_an_article_that_cannot_be_built_is_named_and_the_old_page_stands(
    previewed: tuple[str, list[str]], site: Path
) -> None:
    address, told = previewed
    file = site / "content" / "articles" / "what-aurora-2-costs.md"
    good = file.read_text("utf-8")
    for number in range(40):
        file.write_text(f"{good}\n{number} {{{{ rate('aurora-2', 'nothing') }}}}\n", "utf-8")
        threading.Event().wait(0.5)
        if any("not built" in line for line in told):
            break
    assert any("what-aurora-2-costs.md:" in line for line in told)
    assert "Aurora 2" in fetch(f"{address}articles/what-aurora-2-costs/")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--log-format", "json", "build", "-vv"), 0),
        (("--site", ".", "--log-format=json", "-v", "status"), 0),
        (("--log-format", "json", "check", "none"), 2),
    ],
)
def test_words_to_people_may_be_records(site: Path, words: tuple[str, ...], code: int) -> None:
    done = run(*words, cwd=site)
    records = [json.loads(line) for line in done.stderr.splitlines()]
    assert done.exit_code in (code, 1), done.stderr
    assert all(set(one) == {"time", "level", "logger", "message"} for one in records)
    if code == 2:
        (error,) = records
        assert error["level"] == "error"
        assert "there is no source" in error["message"]
    if "build" in words:
        assert any("files written" in one["message"] for one in records)


def test_the_environment_may_ask_for_records(site: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RATEWIRE_LOG_FORMAT", "json")
    assert json.loads(run("build", cwd=site).stderr)["logger"] == "ratewire"
