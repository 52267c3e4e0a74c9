"""A desk whose owner is told by mail."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from mail_desk import MailServer
from owner_desk import OwnerDesk, desk_in, mail_settings

from ratewire.config import OwnerSettings


@pytest.fixture
def by_mail(tmp_path: Path, smtp: MailServer) -> Callable[..., OwnerDesk]:
    def make(*addresses: str, grace_period: str = "6h") -> OwnerDesk:
        owner = OwnerSettings(email=addresses or ("owner@x.example",), grace_period=grace_period)
        return desk_in(tmp_path, owner, mail_settings(smtp.port))

    return make
