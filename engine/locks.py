"""Locks between processes, and what a fork does to those between threads."""

import errno
import os
import sys
from pathlib import Path
from typing import Final, Protocol

_TAKEN: Final = (errno.EWOULDBLOCK, errno.EACCES, errno.EDEADLK)
_NO_LOCKS: Final = (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EINVAL)


class Threads(Protocol):
    """A lock between threads, which the one that holds it may take again."""

    def acquire(self, blocking: bool = True) -> bool:
        """Take it; tells whether it could be."""

    def release(self) -> None:
        """Let others have it."""


_AT_FORKS: Final[list[Threads]] = []


def free_after_fork(lock: Threads) -> None:
    """See to it that no other thread holds a lock when the process is forked.

    That thread is not there in the new process, and could never let it go. So a fork waits for it,
    but for none while it has another: whoever holds that may be waiting for this one.
    """
    if not _AT_FORKS and hasattr(os, "register_at_fork"):
        os.register_at_fork(
            before=_take_all, after_in_parent=_release_all, after_in_child=_release_all
        )
    _AT_FORKS.append(lock)


def _take_all() -> None:
    first = _AT_FORKS[0]
    while True:
        first.acquire()
        taken = [first]
        for lock in _AT_FORKS:
            if lock is not first and not lock.acquire(blocking=False):
                break
            if lock is not first:
                taken.append(lock)
        else:
            return
        for one in reversed(taken):
            one.release()
        first = lock  # wait for this one next time, with no other in hand


def _release_all() -> None:
    for lock in reversed(_AT_FORKS):
        lock.release()


class Lock:
    """A lock on a file or a folder, held from when it is made until it is let go.

    The system takes it back from a process that ends, however it ends, and from those that were
    forked from it meanwhile. Before that, only the process that took it can let it go. Where the
    file system has no locks, everybody gets it.

    Args:
        path: a file, which is made if need be; or a folder, except on Windows.

    Raises:
        BlockingIOError: another process, or another lock of this one, holds it.
        OSError: the file cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self._process = os.getpid()
        if path.is_dir():
            self._handle = os.open(path, os.O_RDONLY)
        else:
            self._handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _lock(self._handle)
        except OSError as error:
            if error.errno in _NO_LOCKS:
                self._process = 0
                return
            os.close(self._handle)
            if error.errno in _TAKEN:
                raise BlockingIOError(error.errno, error.strerror) from None
            raise

    def let_go(self) -> None:
        """Let others have it, though a forked process may still have the file open."""
        if self._process == os.getpid():
            _unlock(self._handle)
        os.close(self._handle)


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)

    def _unlock(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_UN)
