"""Many pages by several processes: the same bytes, the same errors, whatever becomes of them."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from multiprocessing import get_all_start_methods, get_context
from pathlib import Path

import lumen
import pytest
from lumen import Sample

from ratewire.errors import BuildError
from ratewire.publish import rendering
from ratewire.publish.articles import load_articles
from ratewire.publish.ledger import Ledger
from ratewire.publish.pages import Rendered, plan
from ratewire.publish.rendering import MANY, render_pages
from ratewire.publish.theme import Theme

BODY = '## Now\n\n{{ rate("lumen-image-2", "image.output") }} [log](/changes/)\n'


@pytest.fixture
def many(sample: Sample) -> Sample:
    for number in range(MANY):
        file = sample.site.content / "articles" / f"many-{number:03}.md"
        file.write_text(f'+++\ntitle = "Number {number:03}"\n+++\n{BODY}', "utf-8")
    return sample


def rendered(sample: Sample, workers: int) -> Sequence[Rendered]:
    ledger = Ledger(sample.site, sample.store, now=lumen.NOW, checked=lumen.CHECKED)
    pages = plan(ledger, load_articles(sample.site.content))
    paths = frozenset(page.path for page in pages)
    return list(render_pages(pages, ledger, Theme(sample.site), paths, workers=workers))


@pytest.mark.slow
@pytest.mark.parametrize("workers", [2, 3])
def test_any_number_of_processes_renders_the_same(many: Sample, workers: int) -> None:
    assert rendered(many, workers) == rendered(many, 1)


@pytest.mark.slow
def test_where_there_are_threads_nothing_is_forked_and_all_is_the_same(many: Sample) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        assert rendered(many, 2) == rendered(many, 1)
    finally:
        stop.set()
        thread.join()


@pytest.mark.slow
def test_an_error_in_another_process_names_file_and_line(many: Sample) -> None:
    for number in (90, 150):
        file = many.site.content / "articles" / f"many-{number:03}.md"
        file.write_text(f'+++\ntitle = "Number {number:03}"\n+++\n\n{{{{ nonsense }}}}\n', "utf-8")
    errors = []
    for workers in (1, 2):
        with pytest.raises(BuildError, match=r"many-090\.md:5: 'nonsense' is undefined") as caught:
            rendered(many, workers)
        errors.append((str(caught.value), caught.value.file, caught.value.line))
    assert errors[0] == errors[1]


@pytest.mark.slow
def test_a_process_that_is_ended_costs_time_and_no_page(
    many: Sample, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    if rendering._context().get_start_method() != "fork":
        pytest.skip("what is patched here reaches other processes only by a fork")
    whole = rendered(many, 1)
    here, render = os.getpid(), rendering.render_or_leave_out

    def dying(*args: object) -> Rendered:
        if os.getpid() != here:
            os._exit(1)
        return render(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(rendering, "render_or_leave_out", dying)
    assert rendered(many, 2) == whole
    assert "one process renders the rest" in caplog.text


@pytest.mark.slow
@pytest.mark.parametrize("method", ["fork", "spawn"])
def test_what_every_page_is_rendered_with_is_packed_for_other_programs_only(
    many: Sample, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    """A thread that packs a ledger while pages ask it meets a dict that grows under its hands."""
    if method not in get_all_start_methods() or (threading.active_count() > 1 and method == "fork"):
        pytest.skip(f"nothing is started by {method} here")
    packing = []

    def state(self: Ledger) -> dict[str, object]:
        if Path(sys._getframe(1).f_code.co_filename).name != "copy.py":
            packing.append(threading.current_thread())
        return vars(self)

    monkeypatch.setattr(Ledger, "__getstate__", state, raising=False)
    monkeypatch.setattr(rendering, "_context", lambda: get_context(method))
    assert rendered(many, 2) == rendered(many, 1)
    assert set(packing) == ({threading.main_thread()} if method == "spawn" else set())


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="looks for processes in /proc")
def test_a_build_that_is_killed_leaves_no_process_behind() -> None:
    code = (
        "import time\n"
        "from ratewire.publish.rendering import _pool\n"
        "pool = _pool(3)\n"
        "[pool.submit(time.sleep, 600) for _ in range(3)]\n"
        "print(*pool._processes, flush=True)\n"
        "time.sleep(600)\n"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        children = [int(each) for each in parent.stdout.readline().split()]
        assert len(children) == 3
        parent.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 30
    while any(map(runs, children)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not [each for each in children if runs(each)]


def runs(process: int) -> bool:
    """Whether it is there, and is no zombie that nobody waits for."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
