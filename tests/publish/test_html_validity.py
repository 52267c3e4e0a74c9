"""The built site in front of the Nu Html Checker."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

JARS = ("node_modules/vnu-jar/build/dist/vnu.jar",)


@pytest.mark.slow
def test_every_page_is_valid(built: Path, needs: Callable[..., str]) -> None:
    root = Path(__file__).parents[2]
    jars = [Path(os.environ.get("VNU_JAR", "")), *(root / jar for jar in JARS)]
    jar = next((jar for jar in jars if jar.is_file()), None)
    if jar is None:
        pytest.skip("needs vnu.jar: `npm install --no-save vnu-jar`, or its path in VNU_JAR")
    pages = [str(file) for file in sorted(built.rglob("*.html"))]
    command = [needs("java"), "-jar", str(jar), "--errors-only", *pages]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    assert done.returncode == 0
