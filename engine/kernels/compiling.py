"""How kernels are compiled."""

from collections.abc import Callable
from typing import Any, cast

from engine.kernels.compiler import numba
from engine.kernels.keeping import Kept

_ALWAYS: dict[str, Any] = {"nogil": True, "error_model": "numpy"}
_INSIDE: dict[str, Any] = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}


def kernel(**options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorates a function that Python may call, with numba's options besides our own."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        compiled: Any = numba.njit(**_ALWAYS, **options)(function)
        compiled._cache = Kept(function)  # numba has no public way to bring one's own
        return cast(Callable[..., Any], compiled)

    return decorate


def helper(**options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorates what only kernels call, which takes less time to compile."""
    return kernel(**_INSIDE, **options)
