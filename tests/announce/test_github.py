"""Releases and issues for changes: each once, corrected in place, limits obeyed, nobody named."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest
from forge import Forge, forge
from hostile_words import PAYLOADS, check_text, hostile_changes, hostile_site
from markdown_it import MarkdownIt
from sample_changes import NOW, change, correction, cut, of_every_kind, rate, retraction, step

from ratewire.announce import dead_letters
from ratewire.announce.github import body, tag, title
from ratewire.config import GithubSettings
from ratewire.errors import ConfigError
from ratewire.wording.facts import SiteNames
from ratewire.wording.stories import stories

HOUR = timedelta(hours=1)
TOKEN = "ghs_s3cr3t"


@pytest.fixture
def github() -> Iterator[Forge]:
    with forge() as there:
        yield there


@pytest.fixture
def clerk(desk, github):
    def make(form: str = "release", environment=None, **more):
        settings = GithubSettings("acme/prices", form, github.api, timeout=5.0, **more)
        return desk(environment or {"RATEWIRE_GITHUB_TOKEN": TOKEN}, github=settings)

    return make


def things(github: Forge, form: str):
    return github.releases if form == "release" else github.issues


# ── Each change once ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("form", ["release", "issue"])
def test_each_change_has_one_of_its_own(clerk, github, form) -> None:
    desk = clerk(form)
    desk.record(cut("one"), cut("two"))
    assert desk.announce().accepted == 2
    made = things(github, form)
    name = "name" if form == "release" else "title"
    assert len(made) == 2
    assert made[0][name] == "Paint 2 image output: $32.00 → $30.00 per 1M tokens (−6.25%)"
    assert "https://prices.example/changes/one/" in made[0]["body"]
    shown = MarkdownIt("gfm-like", {"linkify": False}).render(made[0]["body"])
    cells = [unescape(cell) for cell in re.findall(r"<td>(.*?)</td>", shown)]
    assert cells == [
        "Paint 2 image output",
        "$32.00 per 1M tokens",
        "$30.00 per 1M tokens",
        "−6.25%",
    ]
    assert desk.announce(NOW + HOUR).planned == ()
    assert desk.pauses == [1.0]  # between two writes


def test_requests_are_by_the_documented_form(clerk, github) -> None:
    desk = clerk()
    desk.record(cut())
    desk.announce()
    for headers in github.headers:
        assert headers["authorization"] == f"Bearer {TOKEN}"
        assert headers["accept"] == "application/vnd.github+json"
        assert headers["x-github-api-version"] == "2022-11-28"
        assert headers["user-agent"] == "ratewire"
    assert github.releases[0]["tag_name"] == "change-cut"
    assert github.releases[0]["make_latest"] == "false"


def test_kinds_of_the_digest_have_one_of_their_own_too(clerk, github) -> None:
    desk = clerk("issue", kinds=("rate_up", "rate_down", "added"))
    desk.record(*of_every_kind()[:3])
    desk.announce()
    assert len(github.issues) == 3


@pytest.mark.parametrize("form", ["release", "issue"])
def test_a_lost_answer_makes_no_second_one(clerk, github, form) -> None:
    desk = clerk(form)
    github.loses = ["POST"]
    desk.record(cut())
    assert desk.announce().unknown == 1
    assert desk.announce(NOW + HOUR).accepted == 1
    assert len(things(github, form)) == 1


@pytest.mark.parametrize("form", ["release", "issue"])
def test_a_lost_record_makes_no_second_one(clerk, github, form) -> None:
    desk = clerk(form)
    desk.record(cut())
    desk.announce()
    for file in sorted(desk.site.announced.rglob("*"), reverse=True):
        file.unlink() if file.is_file() else file.rmdir()
    assert desk.announce(NOW + HOUR).accepted == 1
    assert len(things(github, form)) == 1
    assert len(github.writes) == 1


def test_an_issue_is_found_among_many(clerk, github) -> None:
    desk = clerk("issue")
    for number in range(250):
        github.issue(title=f"Other {number}", body="words")
    github.loses = ["POST"]
    desk.record(cut())
    desk.announce()
    desk.announce(NOW + HOUR)
    assert len(github.issues) == 251


# ── Corrections ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("form", ["release", "issue"])
def test_a_correction_edits_it(clerk, github, form) -> None:
    desk = clerk(form)
    first = cut()
    desk.record(first)
    desk.announce()
    desk.record(correction(first, step(rate("32"), rate("31")), at=NOW))
    assert desk.announce(NOW + HOUR).accepted == 1
    (one,) = things(github, form)
    assert one["name" if form == "release" else "title"].startswith("Corrected: ")
    assert "| &#36;31.00 per 1M tokens |" in one["body"]
    assert "| &#36;30.00 per 1M tokens |" not in one["body"]


def test_an_issue_gets_a_comment_for_each_correction_once(clerk, github) -> None:
    desk = clerk("issue")
    first = cut()
    desk.record(first)
    desk.announce()
    desk.record(correction(first, step(rate("32"), rate("31")), at=NOW))
    github.loses = ["PATCH"]
    assert desk.announce(NOW + HOUR).unknown == 1
    assert desk.announce(NOW + 3 * HOUR).accepted == 1
    desk.record(retraction(first, at=NOW + 4 * HOUR))
    github.loses = ["POST"]
    assert desk.announce(NOW + 5 * HOUR).unknown == 1
    assert desk.announce(NOW + 8 * HOUR).accepted == 1
    texts = [one["body"] for one in github.comments]
    assert len(texts) == 2
    assert "The unit was misread." in texts[0]
    assert "The page showed a draft." in texts[1]
    (issue,) = github.issues
    assert (issue["state"], issue["state_reason"]) == ("closed", "not_planned")
    assert issue["title"].startswith("Retracted: ")


@pytest.mark.parametrize("form", ["release", "issue"])
def test_what_the_owner_removed_is_not_made_again_by_a_correction(clerk, github, form) -> None:
    desk = clerk(form)
    first = cut()
    desk.record(first)
    desk.announce()
    things(github, form).clear()
    desk.record(retraction(first, at=NOW))
    assert desk.announce(NOW + HOUR).accepted == 1
    assert things(github, form) == []


# ── What can fail ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("status", "headers", "told", "hours"),
    [
        (429, {"retry-after": "7200"}, {}, 2),
        (403, {"retry-after": "7200"}, {"message": "You have exceeded a secondary rate limit"}, 2),
        (403, {"x-ratelimit-remaining": "0",
               "x-ratelimit-reset": str(int((NOW + 3 * HOUR).timestamp()))}, {}, 3),
    ],
    ids=["429", "secondary", "primary"],
)  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_limits_are_obeyed(clerk, github, status, headers, told, hours, method) -> None:
    desk = clerk()
    github.declines[method] = [(status, headers, told)]
    desk.record(cut("one"), cut("two"))
    assert desk.announce().later == 1
    asked = len(github.asked)
    assert asked == (1 if method == "GET" else 2)  # nothing more is asked of it in this run
    assert desk.announce(NOW + (hours - 0.5) * HOUR).planned == ()
    assert len(github.asked) == asked
    assert desk.announce(NOW + (hours + 0.5) * HOUR).ok
    assert len(github.releases) == 2


def test_a_limit_without_a_time_is_waited_out_for_a_minute(clerk, github) -> None:
    desk = clerk()
    github.declines = {"POST": [(403, {}, {"message": "You have exceeded a secondary rate limit"})]}
    desk.record(cut())
    assert desk.announce().later == 1
    assert desk.announce(NOW + timedelta(seconds=59)).planned == ()
    assert desk.announce(NOW + timedelta(seconds=75)).accepted == 1


@pytest.mark.parametrize(
    ("status", "told", "words"),
    [
        (401, {"message": "Bad credentials"}, "answered 401: Bad credentials"),
        (403, {"message": "Resource not accessible by integration"}, "answered 403: Resource not"),
        (410, {"message": "Issues has been disabled"}, "answered 410: Issues has been disabled"),
        (301, {"message": "Moved Permanently"}, "the repository has moved"),
    ],
)
def test_a_refusal_is_the_owners_to_mend_and_loses_nothing(
    clerk, github, status, told, words
) -> None:
    desk = clerk("issue")
    github.declines = {"POST": [(status, {}, told)]}
    desk.record(cut("one"), cut("two"))
    report = desk.announce()
    assert not report.ok
    assert words in report.troubles[0]
    assert TOKEN not in str(report)
    assert len(github.writes) == 1
    assert desk.announce(NOW + timedelta(minutes=1)).accepted == 2


def test_a_repository_that_is_not_there_is_said(clerk, github) -> None:
    github.there = False
    desk = clerk()
    desk.record(cut())
    assert "no such repository" in desk.announce().troubles[0]


def test_what_github_cannot_take_is_a_dead_letter(clerk, github) -> None:
    desk = clerk()
    github.declines = {"POST": [(422, {}, {"message": "Repository is empty."})]}
    desk.record(cut())
    assert desk.announce().refused == 1
    ((to, letter),) = dead_letters(desk.site, now=NOW, environment=desk.environment)
    assert to == "github acme/prices"
    assert letter.why == "answered 422: Repository is empty."


def test_a_server_in_trouble_is_asked_later(clerk, github) -> None:
    desk = clerk()
    github.declines = {"POST": [(502, {}, {})]}
    desk.record(cut())
    assert desk.announce().later == 1
    assert desk.announce(NOW + HOUR).accepted == 1


def test_a_token_is_needed_and_either_name_will_do(clerk, github) -> None:
    with pytest.raises(ConfigError, match="RATEWIRE_GITHUB_TOKEN"):
        clerk(environment={"X": ""}).announce()
    desk = clerk(environment={"GITHUB_TOKEN": "other"})
    desk.record(cut())
    desk.announce()
    assert github.headers[0]["authorization"] == "Bearer other"


def test_a_dry_run_asks_nothing(clerk, github) -> None:
    desk = clerk()
    desk.record(cut())
    (planned,) = desk.announce(dry_run=True).planned
    assert planned.to == "github acme/prices"
    assert github.asked == []


# ── Hostile words ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("text", PAYLOADS.values(), ids=PAYLOADS.keys())
def test_nothing_that_a_page_says_mentions_refers_links_or_closes(text) -> None:
    site = hostile_site(text)
    told = stories(hostile_changes(text), SiteNames.of(site))
    for item in told:
        name, words = title(item), body(item, "0" * 32)
        check_text(name)
        check_text(words)
        assert len(name) <= 256
        assert len(words) <= 65_536
        rest = words.replace(f"<!-- ratewire {'0' * 32} -->", "").replace(f"<{item.url}>", "")
        rest = re.sub(r", `[^`\n]+`(?=\n)", "", rest)  # the official page's address, as code
        rest = rest.replace("| --- | --- | --- | --- |", "").replace("&#36;", "")
        assert not re.search(
            r"[@#&<>\[\]{}\\*~`$]|(?i:gh-\d)|://|www\.", name.replace("$", "") + rest
        )
        shown = MarkdownIt("gfm-like", {"linkify": False}).render(words)
        assert re.findall(r'href="([^"]*)"', shown) == [item.url]
        tags = set(re.findall(r"<([a-z]+[0-9]?)[ >]", shown.replace("<!--", "")))
        assert tags <= {"p", "a", "code", "table", "thead", "tbody", "tr", "th", "td", "hr"}


@pytest.mark.parametrize(
    ("id", "expected"),
    [("c-1_a", "change-c-1_a"), ("a..b", None), ("x.lock", None), ("../../x", None), ("", None)],
)
def test_a_tag_is_a_safe_ref(id, expected) -> None:
    made = tag(id)
    assert made == expected if expected else re.fullmatch(r"change-[0-9a-f]{64}", made)
    assert tag(id) == made


def test_a_huge_table_is_cut_and_says_so() -> None:
    steps = [step(rate("2", size=str(n)), rate("1", size=str(n))) for n in range(400)]
    (item,) = stories([change("big", *steps)], SiteNames.of(hostile_site("x")))
    assert "350 more are on the page of the change." in body(item, "m")
    assert len(body(item, "m")) < 65_536
