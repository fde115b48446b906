"""Where compiled kernels are kept between runs, by the version of their source.

numba's own cache follows single files: a kernel compiled from an older version of a function in
another file would go on being used, and could undo other bits than a newer one has done. So there
is a folder for each version of this package's source and of what compiles it, wherever it is that
folders can be written to. Where there is none, each process compiles for itself.
"""

import hashlib
import os
import pkgutil
import stat
import sys
import tempfile
import threading
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import llvmlite

from engine.kernels.compiled_code import CompiledCode
from engine.kernels.compiler import CompileResult, FunctionCache, numba
from engine.kernels.places import places

_NO_MATTER: Final = (
    "CACHE_DIR",
    "COLOR_SCHEME",
    "DISABLE_JIT",
    "NUMBA_DEFAULT_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "THREADING_LAYER",
)
"""Settings of numba that machine code does not depend on."""


def _version() -> str:
    """A digest of all that compiled code depends on besides its types and the processor.

    Raises:
        OSError: the source cannot be found out.
    """
    digest = hashlib.sha256(f"{numba.__version__} {llvmlite.__version__}".encode())
    for name in sorted(set(dir(numba.config)) - set(_NO_MATTER)):
        value = getattr(numba.config, name)
        if name.isupper() and isinstance(value, int | float | str | None):
            digest.update(f"{name}={value}".encode(errors="surrogateescape"))
    for content in _source():
        digest.update(content)
    return digest.hexdigest()[:16]


def _source() -> Iterator[bytes]:
    """What Python loads this package from: its files, as source or compiled, or those of a zip."""
    package = sys.modules[__package__ or ""]
    for module in sorted(pkgutil.iter_modules(package.__path__), key=lambda one: one.name):
        spec = find_spec(f"{package.__name__}.{module.name}")
        get_data = getattr(spec.loader, "get_data", None) if spec else None
        if spec is None or spec.origin is None or get_data is None:
            raise OSError(f"there is no source of {module.name}")
        yield get_data(spec.origin)


def _find_folder() -> Path | None:
    try:
        version = _version()
    except OSError:
        return None
    for place in places(numba.config.CACHE_DIR):
        if place.is_absolute() and (folder := _usable(place, version)):
            return folder
    return None


def _usable(place: Path, version: str) -> Path | None:
    """A folder where files can be put, and by nobody else: what is in them is executed."""
    try:
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        folder = place.resolve() / f"kernels-{version}"
        folder.mkdir(exist_ok=True, mode=0o700)
        with tempfile.TemporaryFile(dir=folder):
            if not hasattr(os, "getuid") or (_is_ours(folder) and _is_ours(folder.parent)):
                return folder
    except OSError:
        return None
    return None


def _is_ours(folder: Path) -> bool:
    """Whether nobody but this user and root can replace what is in it."""
    found = folder.lstat()
    is_open = found.st_mode & stat.S_IWOTH and not found.st_mode & stat.S_ISVTX
    return found.st_uid in (os.getuid(), 0) and not is_open


FOLDER: Final = _find_folder()
"""Where kernels are kept; None if they cannot be, or their version is not known."""


COMPILING: Final = threading.Event()
"""Set while a kernel is being compiled, by this process or by one that it waits for."""


class Kept(FunctionCache):  # type: ignore[misc]
    """What numba asks for the compiled code of a function.

    Args:
        function: in Python.
    """

    def __init__(self, function: Any) -> None:
        self._name, self._py_func = repr(function), function  # numba's own names
        self._cache_path = str(FOLDER or "")
        self._code = None if FOLDER is None else CompiledCode(FOLDER, _name_of(function))
        self.enable()

    def load_overload(self, signature: Any, target: Any) -> Any:
        """The code for types; None if there is none, and it has to be compiled."""
        target.refresh()
        code = self._code if self._enabled else None
        key = self._key(signature, target.codegen())
        if code is None or not code.has(key):
            COMPILING.set()
        kept = None if code is None else code.load(key)
        if kept is None:
            return None
        COMPILING.clear()
        return CompileResult._rebuild(target, *kept)

    def save_overload(self, signature: Any, compiled: Any) -> None:
        """Keep the code for types."""
        COMPILING.clear()
        if self._code is not None and self._enabled:
            assert not compiled.library.has_dynamic_globals, "addresses differ between processes"
            self._code.save(self._key(signature, compiled.codegen), compiled._reduce())

    def _key(self, signature: Any, codegen: Any) -> Any:
        return self._index_key(signature, codegen)

    def flush(self) -> None:
        """Forget all code of the function."""
        if self._code is not None:
            self._code.flush()


def _name_of(function: Any) -> str:
    name = f"{function.__module__}.{function.__qualname__}".replace("<", "").replace(">", "")
    return f"{name}-{function.__code__.co_firstlineno}.{sys.implementation.cache_tag}"
