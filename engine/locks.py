"""Locks between processes, and what a fork does to those between threads."""

import errno
import os
import sys
from pathlib import Path
from typing import Final, Protocol

_TAKEN: Final = (errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK)
_NO_LOCKS: Final = (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL)


class Threads(Protocol):
    """A lock between threads."""

    def acquire(self) -> object:
        """Wait for it."""

    def release(self) -> None:
        """Let others have it."""


def free_after_fork(lock: Threads) -> None:
    """See to it that no other thread holds a lock when the process is forked.

    That thread is not there in the new process, and could never let it go. So a fork waits for it.
    """
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(
            before=lock.acquire, after_in_parent=lock.release, after_in_child=lock.release
        )


class Lock:
    """A lock on a file or a folder, held from when it is made until it is let go.

    The system takes it back from a process that ends, however it ends.

    Where the file system has no locks, everybody gets it.

    Args:
        path: a file, which is made if need be; or a folder, except on Windows.

    Raises:
        BlockingIOError: another process, or another lock of this one, holds it.
        OSError: the file cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        if path.is_dir():
            self._handle = os.open(path, os.O_RDONLY)
        else:
            self._handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(self._handle)
        except OSError as error:
            if error.errno in _NO_LOCKS:
                return
            os.close(self._handle)
            if error.errno in _TAKEN:
                raise BlockingIOError(error.errno, error.strerror) from None
            raise

    def let_go(self) -> None:
        """Let others have it."""
        os.close(self._handle)


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
