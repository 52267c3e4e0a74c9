"""What ships to begin with: the history of `ratewire demo` and the files of a new site."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from importlib.resources import as_file, files
from pathlib import Path

import tomlkit

from ratewire.apps.init.program import Program
from ratewire.config.load import load_site
from ratewire.errors import ConfigError, StoreError

__all__ = ["Program", "demo_folder", "write_site"]

_CHECKOUT = Path(__file__).resolve().parents[4] / "demo"


@contextmanager
def demo_folder() -> Iterator[Path]:
    """The demo's site with its captures: inside the installed package, or of a checkout."""
    installed = files(__name__) / "demo"
    if installed.is_dir():
        with as_file(installed) as folder:
            yield folder
    else:
        yield _CHECKOUT


def write_site(folder: Path, *, title: str, url: str, program: Program | None) -> tuple[Path, ...]:
    """Make a new site's files and say which; the folder must be new or empty.

    Its workflows call those of `program`; without it there are none.
    Raises ConfigError where it is not or a value is no good, StoreError where it cannot be written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ConfigError(f"{folder} is there and not empty; name a new folder")
    with tempfile.TemporaryDirectory() as beside, as_file(files(__name__) / "site") as starter:
        draft = Path(beside) / "site"
        for file in (path for path in starter.rglob("*") if path.is_file()):
            name = file.relative_to(starter)
            target = draft.joinpath(*(part.replace("dot-", ".", 1) for part in name.parts))
            if ".github" in target.parts and program is None:
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, target)
        if program is not None:
            for workflow in (draft / ".github" / "workflows").iterdir():
                workflow.write_text(_calling(program, workflow.read_text("utf-8")), "utf-8")
        settings = draft / "ratewire.toml"
        document = tomlkit.parse(settings.read_text("utf-8"))
        document["site"].update({"title": title, "url": url})
        settings.write_text(tomlkit.dumps(document), "utf-8")
        load_site(draft)
        try:
            shutil.copytree(draft, folder, dirs_exist_ok=True)
        except OSError as error:
            raise StoreError(f"{folder}: cannot be written ({error.strerror})") from None
    return tuple(sorted(path for path in folder.rglob("*") if path.is_file()))


def _calling(program: Program, workflow: str) -> str:
    told = {
        "PROGRAM": program.repository,
        "COMMIT": program.commit,
        "VERSION": f"v{version('ratewire')}",
    }
    for word, value in told.items():
        workflow = workflow.replace(word, value)
    return workflow
