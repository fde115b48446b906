"""Where a kernel's compiled code is kept: a file for each combination of types it is called with.

numba numbers these files, and keeps the numbers in an index of its own. Two processes that compile
at the same moment both rewrite that index, and each may then be handed the other's machine code,
compiled for other types. Here a file's name follows from what is in it and nothing is rewritten in
part, so that no process can meet another's half-done work, and none has to wait.
"""

import hashlib
import os
import pickle
import tempfile
from pathlib import Path
from typing import Any

import numba
from numba.core import serialize

_dumps: Any = serialize.dumps  # pickles modules and functions, too
_CHECK = hashlib.sha256().digest_size


class CompiledCode:
    """The files of one kernel; takes the place of those that numba's cache would use.

    Args:
        folder: for this version of the kernels' source.
        name: of the kernel, no other one's in the folder.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self._folder, self._name = folder, name

    def load(self, key: Any) -> Any:
        """What was saved under a key; None if nothing was, or it is damaged."""
        try:
            content = self._path(key).read_bytes()
        except FileNotFoundError:
            return None
        check, data = content[:_CHECK], content[_CHECK:]
        if hashlib.sha256(data).digest() != check:
            return None
        saved_key, code = pickle.loads(data)
        return code if saved_key == key else None  # types may share a name

    def save(self, key: Any, code: Any) -> None:
        """Keep code under a key: types, processor, and a digest of the function."""
        data = _dumps((key, code))
        handle, unfinished = tempfile.mkstemp(".unfinished", self._name, self._folder)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(hashlib.sha256(data).digest() + data)
            os.replace(unfinished, self._path(key))
        except OSError:
            os.unlink(unfinished)
            raise

    def flush(self) -> None:
        """Forget everything."""
        for path in self._folder.glob(f"{self._name}-*.code"):
            path.unlink(missing_ok=True)

    def _path(self, key: Any) -> Path:
        digest = hashlib.sha256(f"{numba.__version__} {key}".encode()).hexdigest()
        return self._folder / f"{self._name}-{digest[:32]}.code"
