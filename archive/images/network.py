"""Cut a child process off from every network before it reads what came from outside."""

from __future__ import annotations

import ctypes

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000  # sched.h


def leave_network() -> bool:
    """Move into a network of one's own that leads nowhere; False where the system forbids that.

    The program opens no connection by itself, so a refusal does not stop the work.
    """
    try:
        unshare = ctypes.CDLL(None, use_errno=True).unshare
    except (OSError, AttributeError):
        return False
    return bool(unshare(_NEW_NETWORK) == 0 or unshare(_NEW_USER | _NEW_NETWORK) == 0)
