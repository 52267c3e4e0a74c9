"""Records on their way to the repository: two clones of one bare repository on disk."""

from __future__ import annotations

import itertools
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sample_changes import NOW, cut, make_site, rate, step
from sample_changes import change as make_change

from ratewire.announce.merging import merged
from ratewire.announce.outbox import Outbox
from ratewire.announce.recipients import Key
from ratewire.apps.push import Pushed, push
from ratewire.apps.push.git import Git, reason
from ratewire.errors import ConfigError, StoreError
from ratewire.model import Change, Facts, Health, HealthState, Snapshot
from ratewire.record import DirectoryStore

KEY = Key(b"a key of sixteen or more")


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


class Clone:
    """A checkout of the site, as a run on some machine has it."""

    def __init__(self, origin: Path, root: Path, *, depth: int = 0) -> None:
        shallow = [f"--depth={depth}"] if depth else []
        command = ["git", "clone", "-q", *shallow, f"file://{origin}", str(root)]
        subprocess.run(command, check=True, capture_output=True)
        self.root = root
        self.site = make_site(root)
        self.store = DirectoryStore(root / "snapshots")
        self.paused: list[float] = []

    def record(self, source: str, amount: str, *changes: Change) -> None:
        facts = Facts.of([rate(amount)])
        snapshot = Snapshot(source, facts, "b" * 64, "https://acme.example", NOW, "r1")
        self.store.save(source, snapshot, None, changes)

    def tell(self, change: str, *names: str, waiting: tuple[str, ...] = ()) -> None:
        """Some are told of a change, for others it has to wait."""
        outbox = Outbox(self.root / "announced", KEY, NOW)
        everyone = {KEY.digest(name) for name in (*names, *waiting)}
        outbox.enrol(everyone | outbox.since.keys())
        for name in names:
            message = outbox.message(KEY.digest(name), [change])
            outbox.trying(message)
            outbox.accepted(message)
        for name in waiting:
            message = outbox.message(KEY.digest(name), [change])
            outbox.trying(message)
            outbox.postponed(message, "451 later", NOW + timedelta(hours=1))
        outbox.compact()

    def anew(self) -> Clone:
        """As another process has it: locks are of the one that made them."""
        self.store = DirectoryStore(self.root / "snapshots")
        return self

    def push(self) -> Pushed:
        return push(self.site, self.store, pause=self.paused.append)

    def amount(self, source: str) -> Decimal:
        snapshot, _ = self.store.load(source)
        assert snapshot is not None
        return snapshot.facts.rates[0].amount

    def told(self, change: str) -> set[str]:
        return Outbox(self.root / "announced", KEY, NOW, read_only=True).told(change)

    def waiting(self) -> set[tuple[str, str]]:
        return set(Outbox(self.root / "announced", KEY, NOW, read_only=True).waiting)


@pytest.fixture(autouse=True)
def apart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Git as on a machine on which nobody has set it up."""
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, "/dev/null")
    monkeypatch.setenv("EMAIL", "")


@pytest.fixture
def origin(tmp_path: Path) -> Path:
    bare = tmp_path / "origin.git"
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(bare)], check=True)
    seed = tmp_path / "seed"
    subprocess.run(["git", "init", "-q", "-b", "main", str(seed)], check=True)
    (seed / "snapshots").mkdir()
    (seed / "snapshots" / ".gitkeep").touch()
    (seed / "README").write_text("a site\n")
    git(seed, "add", ".")
    identity = ("-c", "user.name=Owner", "-c", "user.email=owner@example.org")
    git(seed, *identity, "commit", "-q", "-m", "Begin")
    git(seed, "push", "-q", str(bare), "main")
    return bare


@pytest.fixture
def clone(origin: Path, tmp_path: Path) -> Callable[[str], Clone]:
    return lambda name: Clone(origin, tmp_path / name, depth=1)


def subjects(origin: Path) -> list[str]:
    return git(origin, "log", "--no-merges", "--format=%s", "main").splitlines()


def test_each_confirmed_change_is_a_commit_that_says_it(
    clone: Callable[[str], Clone], origin: Path
) -> None:
    one = clone("one")
    one.record("acme-pricing", "32.00")
    assert one.push().commits == ("Record acme-pricing: first reading",)
    one.record("acme-pricing", "30.00", cut())
    one.record("brush-docs", "1.00")
    one.store.save_health("brush-docs", Health(HealthState.FAILING, NOW, "HTTP 500"))
    one.tell("cut", "ann")
    done = one.push()
    assert done.commits == (
        "Paint 2 image output: $32.00 → $30.00 per 1M tokens (−6.25%)",
        "Record brush-docs: first reading, now failing",
        "Note who was told",
    )
    assert subjects(origin)[:3] == list(reversed(done.commits))
    assert "Source: acme-pricing" in git(origin, "log", "--format=%b", "main")
    assert git(one.root, "status", "--porcelain") == ""
    assert one.push() == Pushed(branch="main")


def test_only_records_are_committed(clone: Callable[[str], Clone], origin: Path) -> None:
    one = clone("one")
    one.record("acme-pricing", "32.00")
    (one.root / "README").write_text("edited\n")
    (one.root / "note").write_text("mine\n")
    (one.root / "snapshots" / "acme-pricing" / ".writing-1-facts.json").write_text("half")
    one.push()
    names = git(origin, "ls-tree", "-r", "--name-only", "main").split()
    kept = (f"snapshots/acme-pricing/{name}.json" for name in ("facts", "figures"))
    assert names == ["README", "snapshots/.gitkeep", *kept]
    assert git(origin, "show", "main:README") == "a site\n"


def test_runs_that_overlap_lose_nothing(clone: Callable[[str], Clone], origin: Path) -> None:
    one, two = clone("one"), clone("two")
    one.record("acme-pricing", "30.00", cut("first"))
    two.record("acme-pricing", "29.00", cut("second"))
    two.record("brush-docs", "1.00")
    one.push()
    done = two.push()
    assert done.theirs == ("acme-pricing",)
    assert two.amount("acme-pricing") == Decimal("30.00")
    assert [change.id for change in two.store.changes()] == ["first"]
    assert two.amount("brush-docs") == Decimal("1.00")
    later = clone("later")
    assert later.amount("acme-pricing") == Decimal("30.00")
    assert later.amount("brush-docs") == Decimal("1.00")
    assert git(two.root, "status", "--porcelain") == ""


def test_whose_products_are_goes_along(clone: Callable[[str], Clone], origin: Path) -> None:
    """Of two runs the one that pushed first counts, and the other takes that over."""
    one, two = clone("one"), clone("two")
    one.store.save_owners({"paint-2": "Acme"})
    two.store.save_owners({"paint-2": "Brush", "brush-1": "Brush"})
    assert one.push().commits == ("Note whose products are",)
    done = two.push()
    assert done.theirs == ()
    assert clone("later").store.owners() == two.store.owners() == {"paint-2": "Acme"}
    assert git(two.root, "status", "--porcelain") == ""


def test_a_source_that_was_dropped_meanwhile_stays_dropped(
    clone: Callable[[str], Clone], origin: Path
) -> None:
    one = clone("one")
    one.record("acme-pricing", "30.00")
    one.push()
    two = clone("two")
    git(one.root, "rm", "-rq", "snapshots/acme-pricing")
    one.push()
    two.record("acme-pricing", "29.00")
    assert two.push().theirs == ("acme-pricing",)
    assert not (two.root / "snapshots" / "acme-pricing").exists()


def test_nobody_who_was_told_is_told_again(clone: Callable[[str], Clone]) -> None:
    first = clone("first")
    first.tell("cut", "ann", waiting=("bob", "cat"))
    first.push()
    one, two = clone("one"), clone("two")
    one.tell("cut", "bob")
    two.tell("cut", "dan", waiting=("cat",))
    one.push()
    two.push()
    later = clone("later")
    assert later.told("cut") == {KEY.digest(name) for name in ("ann", "bob", "dan")}
    assert later.waiting() == {(KEY.digest("cat"), "cut")}


def test_a_push_that_is_refused_is_tried_again(
    clone: Callable[[str], Clone], origin: Path, tmp_path: Path
) -> None:
    hook = origin / "hooks" / "pre-receive"
    mark = tmp_path / "once"
    hook.write_text(f"#!/bin/sh\n[ -e '{mark}' ] || {{ touch '{mark}'; exit 1; }}\n")
    hook.chmod(0o755)
    one = clone("one")
    one.record("acme-pricing", "32.00")
    assert one.push().pushed
    assert len(one.paused) == 1
    assert subjects(origin)[0] == "Record acme-pricing: first reading"


def test_a_push_that_stays_refused_keeps_the_commits(
    clone: Callable[[str], Clone], origin: Path
) -> None:
    hook = origin / "hooks" / "pre-receive"
    hook.write_text("#!/bin/sh\necho protected >&2; exit 1\n")
    hook.chmod(0o755)
    one = clone("one")
    one.record("acme-pricing", "32.00")
    with pytest.raises(StoreError, match="main could not be pushed to origin"):
        one.push()
    hook.unlink()
    assert one.push() == Pushed(branch="main", pushed=True)
    assert subjects(origin)[0] == "Record acme-pricing: first reading"


def test_what_others_pushed_elsewhere_comes_along(
    clone: Callable[[str], Clone], origin: Path
) -> None:
    one, two = clone("one"), clone("two")
    (one.root / "README").write_text("better words\n")
    git(one.root, "-c", "user.name=O", "-c", "user.email=o@example.org", "commit", "-qam", "Words")
    git(one.root, "push", "-q")
    two.record("acme-pricing", "32.00")
    assert two.push().pushed
    assert (two.root / "README").read_text() == "better words\n"


def test_other_conflicts_are_left_to_the_owner(clone: Callable[[str], Clone], origin: Path) -> None:
    one, two = clone("one"), clone("two")
    for each, words in ((one, "one\n"), (two, "two\n")):
        (each.root / "README").write_text(words)
        owner = ("-c", "user.name=O", "-c", "user.email=o@example.org")
        git(each.root, *owner, "commit", "-qam", "Words")
    one.push()
    two.record("acme-pricing", "32.00")
    with pytest.raises(StoreError, match="conflict in README"):
        two.push()
    assert (two.root / "README").read_text() == "two\n"
    assert two.amount("acme-pricing") == Decimal("32.00")
    assert git(two.root, "status", "--porcelain") == ""


@pytest.mark.parametrize("words", ["fixes #1", "@someone", "[skip ci]", "closes GH-7", "a/b#2"])
def test_a_page_cannot_give_orders_by_a_commit(clone: Callable[[str], Clone], words: str) -> None:
    one = clone("one")
    product = rate("2", product=f"paint {words}", label=f"paint {words}")
    dearer = rate("3", product=f"paint {words}", label=f"paint {words}")
    one.record("acme-pricing", "3", make_change("c", step(product, dearer)))
    (subject,) = one.push().commits
    assert words not in subject
    assert not set("#@[]/") & set(subject)
    assert "paint" in subject


def test_a_folder_without_a_branch_is_told(tmp_path: Path, clone: Callable[[str], Clone]) -> None:
    bare = tmp_path / "bare"
    bare.mkdir()
    with pytest.raises(ConfigError, match="no git repository"):
        push(make_site(bare), DirectoryStore(bare / "snapshots"))
    one = clone("one")
    git(one.root, "checkout", "-q", "--detach")
    with pytest.raises(ConfigError, match="no branch"):
        one.push()


class Killed(BaseException):
    """What nothing catches, as a machine that is switched off."""


def test_a_run_that_is_killed_while_it_merges_leaves_nothing_to_mend(
    clone: Callable[[str], Clone], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = clone("one"), clone("two")
    one.record("acme-pricing", "30.00", cut("first"))
    two.record("acme-pricing", "29.00", cut("second"))
    one.push()

    def killed(*_: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(Git, "take", killed)
        with pytest.raises(Killed):
            two.push()
    assert two.amount("acme-pricing") == Decimal("29.00")
    assert git(two.root, "status", "--porcelain") == ""
    two.record("brush-docs", "1.00")
    assert two.push().theirs == ("acme-pricing",)
    assert (two.amount("acme-pricing"), two.amount("brush-docs")) == (Decimal(30), Decimal(1))


def test_who_has_nothing_new_takes_what_others_pushed_as_it_is(
    clone: Callable[[str], Clone], origin: Path
) -> None:
    one, two = clone("one"), clone("two")
    one.record("acme-pricing", "30.00")
    one.push()
    assert two.push() == Pushed(branch="main")
    assert two.amount("acme-pricing") == Decimal("30.00")
    assert "Merge" not in git(origin, "log", "--format=%s", "main")


def test_a_merge_that_the_owner_began_is_the_owner_s_to_end(clone: Callable[[str], Clone]) -> None:
    one = clone("one")
    (one.root / ".git" / "MERGE_HEAD").write_text(git(one.root, "rev-parse", "HEAD"))
    with pytest.raises(ConfigError, match="a merge is under way"):
        one.push()


def test_a_remote_that_was_never_added_is_named_at_once(clone: Callable[[str], Clone]) -> None:
    one = clone("one")
    one.record("acme-pricing", "32.00")
    with pytest.raises(ConfigError, match="no remote 'upstream'; add it: git remote add"):
        push(one.site, one.store, remote="upstream", pause=one.paused.append)
    assert not one.paused


@pytest.mark.parametrize("remote", ["--upload-pack=touch ran", "-v", "", "ext::touch ran"])
def test_no_remote_is_an_option_or_a_command(clone: Callable[[str], Clone], remote: str) -> None:
    one = clone("one")
    one.record("acme-pricing", "32.00")
    with pytest.raises(ConfigError, match=r"--remote: .* is neither the name of a remote"):
        push(one.site, one.store, remote=remote, pause=one.paused.append)
    assert not list(one.root.rglob("ran"))


def test_a_repository_in_which_nothing_was_committed_is_told(tmp_path: Path, origin: Path) -> None:
    new = tmp_path / "new"
    subprocess.run(["git", "init", "-q", "-b", "main", str(new)], check=True)
    git(new, "remote", "add", "origin", str(tmp_path / "nowhere.git"))
    git(new, "remote", "set-url", "origin", str(origin))
    git(origin, "branch", "-m", "main", "trunk")
    with pytest.raises(ConfigError, match="commit the site once"):
        push(make_site(new), DirectoryStore(new / "snapshots"))


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "remote: error: GH006: Protected branch update failed for refs/heads/main.\n"
            "remote: error: Changes must be made through a pull request.\n"
            "To https://forge.example/o/s\n"
            " ! [remote rejected] main -> main (protected branch hook declined)\n"
            "error: failed to push some refs to 'https://forge.example/o/s'\n",
            "error: GH006: Protected branch update failed for refs/heads/main.",
        ),
        (
            "remote: \nremote: =======\nremote: You are not allowed to push code.\n"
            "fatal: unable to access 'https://u:secret@forge.example/o/s.git/': 403\n",
            "You are not allowed to push code.",
        ),
        (
            "fatal: 'origin' does not appear to be a git repository\n"
            "fatal: Could not read from remote repository.\n\n"
            "Please make sure you have the correct access rights\nand the repository exists.\n",
            "fatal: 'origin' does not appear to be a git repository",
        ),
        (
            "fatal: Unable to create '/s/.git/index.lock': File exists.\n\nAnother git process "
            "seems to be running\nremove the file manually to continue.\n",
            "fatal: Unable to create '/s/.git/index.lock': File exists.",
        ),
        (
            "To /o.git\n ! [rejected]  main -> main (fetch first)\n"
            "error: failed to push some refs to '/o.git'\nhint: Updates were rejected\n",
            "! [rejected]  main -> main (fetch first)",
        ),
        ("fatal: cannot reach 'https://u:secret@h/'", "fatal: cannot reach 'https://h/'"),
        ("", "git failed"),
    ],
)
def test_of_what_git_says_the_reason_is_told(said: str, told: str) -> None:
    assert reason(said) == told


def test_git_asks_for_the_token_and_finds_it_nowhere_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asking = {"stdin": "protocol=https\nhost=forge.example\n\n"}
    assert Git(tmp_path).tried("credential", "fill", **asking)[0]
    monkeypatch.setenv("PUSH_TOKEN", "s3cret")
    code, said, _ = Git(tmp_path).tried("credential", "fill", **asking)
    assert code == 0
    assert "password=s3cret" in said


def test_records_of_two_keys_are_not_mixed(clone: Callable[[str], Clone]) -> None:
    one = clone("one")
    one.tell("cut", "ann")
    record = (one.root / "announced" / "outbox.json").read_bytes()
    other = json.dumps({**json.loads(record), "key": "another"}).encode()
    with pytest.raises(ValueError, match="two keys"):
        merged([{"outbox.json": record}, {"outbox.json": other}])


def test_journals_of_two_runs_that_were_cut_off_are_both_kept() -> None:
    one, two = b'{"do":"try","id":"1"}\n{"do":"tol', b'{"do":"try","id":"2"}\n'
    whole = merged([{"journal.jsonl": one}, {"journal.jsonl": two}])
    assert whole["journal.jsonl"] == b'{"do":"try","id":"1"}\n{"do":"try","id":"2"}\n'


@pytest.mark.parametrize("which", ["waiting", "dead"])
@pytest.mark.parametrize("tries", [(1, 2), (2, 1), (1, 1)])
def test_what_may_have_arrived_for_one_run_may_have_for_both(
    which: str, tries: tuple[int, int]
) -> None:
    plain = {"id": "m", "to": "ann", "change": "c", "changes": ["c"]}
    record = {"key": "k", "recipients": {}, "waiting": [], "dead": []}
    rows = ({**plain, "tries": tries[0], "unsure": plain}, {**plain, "tries": tries[1]})
    files = [{"outbox.json": json.dumps({**record, which: [row]}).encode()} for row in rows]
    (row,) = json.loads(merged(files)["outbox.json"])[which]
    assert (row["tries"], row["unsure"]) == (max(tries), plain)


# ── Runs that are cut off ────────────────────────────────────────────────────────────────────


def killed_at(call: int, act: Callable[[], object]) -> bool:
    """In a process of its own, killed before its so many-th call of git; False: it made fewer."""
    child = os.fork()
    if not child:
        count, run = itertools.count(1), subprocess.run

        def counted(*arguments: Any, **more: Any) -> Any:
            if next(count) == call:
                os.kill(os.getpid(), signal.SIGKILL)
            return run(*arguments, **more)

        subprocess.run = counted  # type: ignore[assignment]
        with suppress(BaseException):
            act()
        os._exit(0)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


@pytest.mark.slow
def test_a_push_that_is_cut_off_anywhere_is_brought_to_its_end(
    clone: Callable[[str], Clone], origin: Path
) -> None:
    for call in range(1, 100):
        one, two = clone(f"one-{call}"), clone(f"two-{call}")
        mine, theirs = Decimal(2000 + call), Decimal(1000 + call)
        two.record("acme-pricing", str(theirs))
        two.tell(f"c{call}", "bob", waiting=("cat",))
        two.push()
        one.record("acme-pricing", str(mine))
        one.record("brush-docs", str(mine))
        one.tell(f"c{call}", "ann")
        cut_off = killed_at(call, lambda one=one: one.anew().push())
        one.record("brush-docs", str(mine + 1))  # the next run looks at the pages, then pushes
        one.record("dash-docs", str(mine))
        one.push()
        assert git(one.root, "status", "--porcelain") == ""
        assert len(git(one.root, "worktree", "list").splitlines()) == 1
        assert not list(one.root.glob(".git/ratewire/*"))
        later = clone(f"later-{call}")
        assert later.amount("acme-pricing") == theirs
        assert later.amount("brush-docs") == mine + 1
        assert later.amount("dash-docs") == mine
        assert later.told(f"c{call}") == {KEY.digest(name) for name in ("ann", "bob")}
        if not cut_off:
            break
    assert 25 < call < 99, "it was to be cut off at each call, and then at none"


def test_a_lock_that_git_left_is_named(clone: Callable[[str], Clone]) -> None:
    one = clone("one")
    one.record("acme-pricing", "32.00")
    lock = one.root / ".git" / "index.lock"
    lock.touch()
    with pytest.raises(StoreError, match=r"index\.lock"):
        one.push()
    assert lock.exists()


def test_a_lock_that_was_left_for_a_day_is_taken_away(
    clone: Callable[[str], Clone], caplog: pytest.LogCaptureFixture
) -> None:
    one = clone("one")
    one.record("acme-pricing", "32.00")
    lock = one.root / ".git" / "index.lock"
    lock.touch()
    os.utime(lock, (time.time() - 90_000,) * 2)
    assert one.push().pushed
    assert not lock.exists()
    assert "index.lock: was left a day ago" in caplog.text
