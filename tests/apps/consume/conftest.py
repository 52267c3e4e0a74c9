"""A ratewire site for every test of this folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from published_site import Vendor, published


@pytest.fixture
def vendor(tmp_path: Path, served: Any) -> Iterator[Vendor]:
    """Its page had other prices once, and a cut since."""
    with published(tmp_path, served) as one:
        yield one
