"""Which runs of a library are being recorded now: a locked file beside it for each."""

from contextlib import suppress
from pathlib import Path

from engine.errors import InputError
from engine.locks import Lock


class RunningMark:
    """Says that a run is being recorded, until it is removed or the process ends, however.

    Args:
        path: of the file.
        lock: on it.
    """

    def __init__(self, path: Path, lock: Lock) -> None:
        self._path, self._lock = path, lock

    @classmethod
    def put(cls, library: Path, run: str) -> "RunningMark":
        """Mark a run.

        Raises:
            InputError: another process records it, or this one already.
            OSError: there can be no file beside the library.
        """
        path = _beside(library, run)
        try:
            return cls(path, Lock(path))
        except BlockingIOError:
            raise InputError(str(library), "this run goes on in another program.") from None

    def remove(self) -> None:
        """The run is over."""
        with suppress(OSError):
            self._path.unlink(missing_ok=True)
        self._lock.let_go()


def goes_on(library: Path, run: str) -> bool:
    """Whether a run is being recorded."""
    path = _beside(library, run)
    if not path.exists():
        return False
    try:
        RunningMark(path, Lock(path)).remove()  # of a process that was killed
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False


def _beside(library: Path, run: str) -> Path:
    return library.with_name(f"{library.name}-{run}.running")
