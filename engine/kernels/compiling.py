"""How kernels are compiled, and kept between runs.

numba's own cache follows single files: a kernel compiled from an older version of a function in
another file would go on being used, and could undo other bits than a newer one has done. So the
cache has a folder for each version of this package's source; `compiled_code` says what is in it.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import numba
from numba import njit
from platformdirs import user_cache_path

from engine.kernels.compiled_code import CompiledCode

config: Any = numba.config
_ALWAYS: dict[str, Any] = {"nogil": True, "cache": True, "error_model": "numpy"}
_INSIDE: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def _cache_folder() -> str:
    digest = hashlib.sha256()
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    parent = Path(config.CACHE_DIR) if config.CACHE_DIR else user_cache_path("retrograde")
    return str(parent / f"kernels-{digest.hexdigest()[:16]}")


_FOLDER = _cache_folder()


def kernel(**options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorates a function that Python may call, with numba's options besides our own."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        before = config.CACHE_DIR
        config.CACHE_DIR = _FOLDER
        try:
            compiled: Any = njit(**_ALWAYS, **options)(function)
        finally:
            config.CACHE_DIR = before
        cache = compiled._cache  # numba has no public way to say which files it uses
        cache._cache_file = CompiledCode(Path(cache.cache_path), cache._impl.filename_base)
        return cast(Callable[..., Any], compiled)

    return decorate


def helper(**options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorates what only kernels call, which takes less time to compile."""
    return kernel(**_INSIDE, **options)
