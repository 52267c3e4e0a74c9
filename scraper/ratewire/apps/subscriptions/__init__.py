"""The bundled service by which readers subscribe to mail: double opt-in, preferences, leaving.

It needs the extra `subscriptions`; nothing else of ratewire imports what that brings. Addresses
stand in its database and nowhere else: not in git, not in logs, not in the built site.
"""

from importlib.util import find_spec

from ratewire.errors import ConfigError

__all__ = ["need_the_extra"]


def need_the_extra() -> None:
    """Raises ConfigError, with how to install it, where the extra is absent."""
    for name in ("sqlalchemy", "starlette", "uvicorn", "itsdangerous", "email_validator"):
        if find_spec(name) is None:
            raise ConfigError(
                f"the subscription service needs {name}; install it with the extra: "
                "pip install 'ratewire[subscriptions]'"
            )
