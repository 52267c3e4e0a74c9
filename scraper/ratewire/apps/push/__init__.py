"""What was recorded goes to the site's repository, together with what others pushed meanwhile."""

from ratewire.apps.push.push import Pushed, push

__all__ = ["Pushed", "push"]
