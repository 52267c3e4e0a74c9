"""Where this very ratewire came from: what a new site's workflows call."""

from __future__ import annotations

import json
import re
import subprocess
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from ratewire.errors import ConfigError

__all__ = ["Program"]

_CHECKOUT = Path(__file__).resolve().parents[4]
_NAMED = re.compile(r"([\w.-]+/[\w.-]+)@([0-9a-f]{40})")
_ON_GITHUB = re.compile(r"(?:https://(?:[^/@]*@)?|ssh://git@|git@)github\.com[/:]([\w.-]+/[\w.-]+)")


@dataclass(frozen=True, slots=True)
class Program:
    """A repository on GitHub and a commit of it."""

    repository: str
    """`owner/name`."""
    commit: str
    """The whole digest: a tag may be moved, a commit may not."""

    @classmethod
    def named(cls, text: str) -> Program:
        """Of `owner/name@commit`. Raises ConfigError."""
        found = _NAMED.fullmatch(text)
        if not found:
            raise ConfigError(
                f"--program is OWNER/NAME@COMMIT with the whole commit, not {text!r}; "
                "git ls-remote says which there are"
            )
        return cls(found[1], found[2])

    @classmethod
    def here(cls, checkout: Path = _CHECKOUT) -> Program | None:
        """From the checkout that runs, or what pip noted (PEP 610); None: neither says."""
        return _of_checkout(checkout) or _of_installation()


def _of_checkout(folder: Path) -> Program | None:
    if not (folder / "start.py").is_file() or not (folder / ".git").exists():
        return None
    address = _git(folder, "remote", "get-url", "origin")
    # What is pushed, which the commit at hand may not be.
    commit = _git(folder, "rev-parse", "@{upstream}") or _git(folder, "rev-parse", "HEAD")
    return _program(address, commit)


def _of_installation() -> Program | None:
    try:
        noted = json.loads(distribution("ratewire").read_text("direct_url.json") or "{}")
        return _program(noted.get("url", ""), noted.get("vcs_info", {}).get("commit_id", ""))
    except (PackageNotFoundError, ValueError, AttributeError):
        return None


def _program(address: str, commit: str) -> Program | None:
    found = _ON_GITHUB.fullmatch(address.strip().removesuffix("/").removesuffix(".git"))
    if not found or not re.fullmatch("[0-9a-f]{40}", commit):
        return None
    return Program(found[1], commit)


def _git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *arguments]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
