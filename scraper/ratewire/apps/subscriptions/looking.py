"""What the doctor asks of the service on this machine: can its database be opened?"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ratewire.apps.subscriptions import need_the_extra
from ratewire.config import Site
from ratewire.errors import RatewireError

__all__ = ["database_here"]


def database_here(site: Site, environment: Mapping[str, str]) -> tuple[str, str]:
    """What is well and what is wrong with the database; both empty: it is not on this machine.

    Only looks: a file that is not there is not made.
    """
    try:
        need_the_extra()
    except RatewireError:
        return "", ""
    from ratewire.apps.subscriptions.database import database_url, open_database, version_of

    try:
        url = database_url(site, environment)
        file = url.partition("sqlite:///")[2]
        if file and not Path(file).exists():
            return "", ""
        engine = open_database(url, look=True)
        version = version_of(engine)
        engine.dispose()
    except RatewireError as error:
        return "", str(error)
    if version == 0:
        return "the database is empty; the service makes its tables when it starts", ""
    return f"the database is of version {version}", ""
