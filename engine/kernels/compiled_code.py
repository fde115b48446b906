"""Where a kernel's compiled code is kept: a file for each combination of types it is called with.

numba numbers these files, and keeps the numbers in an index of its own. Two processes that compile
at the same moment both rewrite that index, and each may then be handed the other's machine code,
compiled for other types. Here a file's name follows from what is in it and nothing is rewritten in
part, so that no process can meet another's half-done work. What one is compiling, others wait for.
"""

import hashlib
import os
import pickle
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from engine.kernels.compiler import serialize
from engine.locks import Lock

_CHECK: Final = hashlib.sha256().digest_size
_MOST_SECONDS: Final = 120.0  # to wait for another process, which may be stopped or hang
_SECONDS_BETWEEN_LOOKS: Final = 0.02


class CompiledCode:
    """The files of one kernel; takes the place of those that numba's cache would use.

    Args:
        folder: for this version of the kernels' source.
        name: of the kernel, no other one's in the folder.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self._name = folder, name
        self._held: dict[Path, Lock] = {}

    def has(self, key: Any) -> bool:
        """Whether anything was saved under a key."""
        return self._path(key).exists()

    def load(self, key: Any) -> Any:
        """What was saved under a key; None if nothing was, or it is damaged.

        If another process is about to save it, it is waited for. Whoever gets None is expected to
        compile and `save`, and others wait for that.
        """
        path = self._path(key)
        found, deadline = _read(path, key), time.monotonic() + _MOST_SECONDS
        while found is None and path not in self._held and time.monotonic() < deadline:
            try:
                self._held[path] = Lock(path.with_suffix(".lock"))
            except BlockingIOError:
                time.sleep(_SECONDS_BETWEEN_LOOKS)
            except OSError:  # then each compiles for itself
                break
            found = _read(path, key)
        if found is not None:
            self._let_go(path)
        return found

    def save(self, key: Any, code: Any) -> None:
        """Keep code under a key: types, processor, and a digest of the function.

        If there is no room, it is not kept, and will be compiled again.
        """
        data, path = serialize.dumps((key, code)), self._path(key)  # modules and functions, too
        try:
            _write(path, hashlib.sha256(data).digest() + data)
        except OSError:
            path.unlink(missing_ok=True)
        finally:
            self._let_go(path)

    def flush(self) -> None:
        """Forget everything."""
        for path in self._folder.glob(f"{self._name}-*.code"):
            path.unlink(missing_ok=True)

    def _let_go(self, path: Path) -> None:
        if lock := self._held.pop(path, None):
            lock.let_go()

    def _path(self, key: Any) -> Path:
        digest = hashlib.sha256(f"{key}".encode()).hexdigest()
        return self._folder / f"{self._name}-{digest[:32]}.code"


def _read(path: Path, key: Any) -> Any:
    try:
        content = path.read_bytes()
    except OSError:
        return None
    check, data = content[:_CHECK], content[_CHECK:]
    if hashlib.sha256(data).digest() != check:
        return None
    saved_key, code = pickle.loads(data)
    return code if saved_key == key else None  # types may share a name


def _write(path: Path, content: bytes) -> None:
    handle, unfinished = tempfile.mkstemp(".unfinished", path.stem, path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(unfinished, path)
    except OSError:
        os.unlink(unfinished)
        raise
