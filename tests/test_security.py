"""What docs/security.md says of each class of advisory, held against the tests that it names."""

from __future__ import annotations

import ast
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ratewire.config.load import load_site
from ratewire.errors import BuildError, ConfigError, ReadError
from ratewire.judge import judge
from ratewire.model import Capture, Source
from ratewire.pipeline import Job
from ratewire.read import read

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "security.md").read_text("utf-8")
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", TEXT)
ROWS = [line for line in TEXT.splitlines() if line.startswith("| ") and "| --- |" not in line]
SOURCE = 'name = "P"\npublisher = "A"\nurl = "https://acme.example/pricing"\n'


@pytest.mark.parametrize(("file", "test"), NAMED, ids=lambda value: value.rpartition("/")[2])
def test_a_named_test_is_there(file: str, test: str) -> None:
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    defined = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    assert test in defined


def test_each_class_has_a_test_or_says_why_it_cannot_arise() -> None:
    rows = [row for row in ROWS if not row.startswith("| Class")]
    assert len(rows) >= 18
    assert all("::test_" in row or "cannot arise" in row for row in rows)


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "FILE:///etc/passwd", "ftp://acme.example/", "gopher://acme.example/",
     "data:text/html,x", "javascript:alert(1)", "//acme.example/", "/etc/passwd", "source:https://x",
     "https://user:secret@acme.example/"],
)  # fmt: skip
@pytest.mark.parametrize("key", ["url", "alternates"])
def test_a_source_is_a_page_of_the_web(tmp_path: Path, url: str, key: str) -> None:
    text = SOURCE.replace('"https://acme.example/pricing"', f'"{url}"') if key == "url" else (
        f'{SOURCE}alternates = ["{url}"]\n'
    )  # fmt: skip
    with pytest.raises(ConfigError, match=key):
        load_site(written(tmp_path, source=text))


@pytest.mark.parametrize(
    "id", ["../x", "..", "a/b", "a\\\\b", "/etc/x", "C:x", ".x", "x.", "a%2fb"]
)
@pytest.mark.parametrize("kind", ["source", "product"])
def test_an_id_names_no_other_folder(tmp_path: Path, id: str, kind: str) -> None:
    product = '+++\nname = "P"\npublisher = "A"\n'
    files = {
        "source": f'id = "{id}"\n{SOURCE}',
        "product": f'{product}id = "{id}"\n+++\n',
    }
    with pytest.raises(ConfigError, match="id"):
        load_site(written(tmp_path, **{kind: files[kind]}))


def written(root: Path, *, source: str = SOURCE, product: str = "") -> Path:
    (root / "content" / "sources").mkdir(parents=True)
    (root / "content" / "products").mkdir()
    (root / "ratewire.toml").write_text('[site]\ntitle = "P"\nurl = "https://p.example"\n')
    (root / "content" / "sources" / "p.toml").write_text(source)
    if product:
        (root / "content" / "products" / "p.md").write_text(product)
    return root


ENTITIES = (
    '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd"><!ENTITY % p SYSTEM '
    '"http://127.0.0.1:9/x">%p;]>'
)
INCLUDE = (
    '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/passwd" '
    'parse="text"/>'
)


@pytest.mark.parametrize(
    ("media_type", "body"),
    [
        ("text/html", f"{ENTITIES}<p>$1 per image &e;</p>{INCLUDE}"),
        ("application/xhtml+xml", f'{ENTITIES}<html xmlns="http://www.w3.org/1999/xhtml"><body>'
                                  f"<p>&e;</p>{INCLUDE}</body></html>"),
        ("application/rss+xml", f"{ENTITIES}<rss><channel><item><title>&e;</title>{INCLUDE}</item>"
                                "</channel></rss>"),
        ("application/xml", f"{ENTITIES}<x>&e;{INCLUDE}</x>"),
    ],
)  # fmt: skip
def test_no_page_reads_a_file(media_type: str, body: str) -> None:
    source = Source("p", "P", "A", "https://acme.example/pricing")
    capture = Capture(
        url=source.url, body=body.encode(), fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
        media_type=media_type, charset="utf-8",
    )  # fmt: skip
    said = repr(judge(capture, source))
    try:
        said += repr(read(capture, source))
    except ReadError as error:
        said += str(error)
    assert "root:" not in said


def test_nothing_is_unpacked_evaluated_or_run_from_what_is_read() -> None:
    """Zip slip, deserialising, XPath's and jq's functions: there is nothing to reach them by."""
    forbidden = {"zipfile", "tarfile", "marshal", "shelve", "elementpath", "jq", "yaml", "xmlrpc"}
    for file in (ROOT / "scraper" / "ratewire").rglob("*.py"):
        tree = ast.parse(file.read_text("utf-8"))
        names = {
            alias.name.partition(".")[0]
            for node in ast.walk(tree)
            if isinstance(node, ast.Import)
            for alias in node.names
        } | {
            (node.module or "").partition(".")[0]
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom)
        }
        assert not names & forbidden, file
        calls = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
        assert not calls & {"eval", "exec", "os.system", "os.popen", "shutil.unpack_archive"}, file
        assert not any(call.endswith((".xpath", ".xslt")) for call in calls), file
        shell = [
            key for node in ast.walk(tree) if isinstance(node, ast.Call) for key in node.keywords
            if key.arg == "shell"
        ]  # fmt: skip
        assert not shell, file


@pytest.mark.parametrize(
    "template",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ rate.__globals__ }}",
        "{{ rate.__func__.__globals__['os'].environ }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ self.__init__.__globals__ }}",
    ],
)
def test_an_article_reaches_nothing_but_its_figures(template: str, tmp_path: Path) -> None:
    """Articles are the owner's, and yet may come by a pull request, which a preview builds."""
    root = written(tmp_path)
    (root / "content" / "articles").mkdir()
    (root / "content" / "articles" / "a.md").write_text(
        f'+++\ntitle = "A"\ndescription = "A"\n+++\n{template}\n'
    )
    with pytest.raises(BuildError, match=r"a\.md"):
        Job.of(load_site(root)).build()
