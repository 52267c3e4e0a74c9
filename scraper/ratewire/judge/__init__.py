"""Is this capture the page at all? Only a genuine one is read; all others count as not seen."""

from __future__ import annotations

from ratewire.model import Capture, Source, Verdict

__all__ = ["judge"]


def judge(capture: Capture, source: Source) -> Verdict:
    """Is this capture the page that `source` names? Pure; some milliseconds for a large page.

    The judge is loaded with the first page that is judged; most checks find none that changed.
    """
    from ratewire.judge.judging import judge as judge_page

    return judge_page(capture, source)
