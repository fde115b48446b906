"""The compiler: numba, whatever the environment's variables tell it.

It is imported from here alone, so that this is where what it does not understand is found out.
"""

import os
import warnings
from importlib import import_module
from typing import Any

from engine.errors import InputError
from engine.locks import free_after_fork


def _import_numba() -> Any:
    """Import it, and have it compile even if ``NUMBA_DISABLE_JIT`` says otherwise.

    As Python, kernels would round and wrap around differently, and Python has no atomic operations.

    Raises:
        InputError: naming a variable that holds what numba cannot use.
    """
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            numba = import_module("numba")
        except ValueError as error:
            name = _variable_in(str(error)) or "NUMBA_NUM_THREADS"
            raise _unusable(name, str(error)) from None
    for one in said:
        if name := _variable_in(str(one.message)):
            raise _unusable(name, "")
        warnings.warn_explicit(one.message, one.category, one.filename, one.lineno)
    numba.config.DISABLE_JIT = 0
    return numba


def _variable_in(text: str) -> str:
    """The variable that numba speaks of; empty if it speaks of something else."""
    named = [name for name in os.environ if name.startswith("NUMBA_") and name in text]
    return max(named, key=len, default="")


def _unusable(name: str, reason: str) -> InputError:
    value = os.environ.get(name, "")
    because = f" ({reason.rstrip('.')})" if reason and name not in reason else ""
    return InputError(name, f"expected a value that numba can use, found {value!r}{because}.")


numba = _import_numba()
extending: Any = import_module("numba.extending")
types: Any = import_module("numba.core.types")
cgutils: Any = import_module("numba.core.cgutils")
serialize: Any = import_module("numba.core.serialize")
FunctionCache: Any = import_module("numba.core.caching").FunctionCache
CompileResult: Any = import_module("numba.core.compiler").CompileResult

free_after_fork(import_module("numba.core.compiler_lock").global_compiler_lock)
