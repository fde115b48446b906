"""The compiler: numba, whatever the environment's variables tell it.

It is imported from here alone, so that this is where what it does not understand is found out.
"""

import os
import re
import warnings
from importlib import import_module
from typing import Any, Final

from engine.errors import InputError
from engine.locks import free_after_fork

_FILE: Final = ".numba_config.yaml"  # which numba reads, too, in the working folder
_SETTING: Final = re.compile(r"NUMBA_\w+")


def _import_numba() -> Any:
    """Import it, and have it compile even if ``NUMBA_DISABLE_JIT`` says otherwise.

    As Python, kernels would round and wrap around differently, and Python has no atomic operations.

    Raises:
        InputError: naming the variable, or the file, that holds what numba cannot use.
    """
    with warnings.catch_warnings(record=True) as said:
        warnings.simplefilter("always")
        try:
            numba = import_module("numba")
        except ValueError as error:
            if name := _setting_in(str(error)):
                raise _unusable(name) from None
            raise
    for one in said:
        if name := _setting_in(str(one.message)):
            raise _unusable(name)
        warnings.warn_explicit(one.message, one.category, one.filename, one.lineno)
    numba.config.DISABLE_JIT = 0
    return numba


def _setting_in(text: str) -> str:
    """The setting that numba complains of; empty if it speaks of something else."""
    if "threads specified" in text:  # the one complaint that does not name it
        return "NUMBA_NUM_THREADS"
    named = _SETTING.search(text)
    return named[0] if named else ""


def _unusable(name: str) -> InputError:
    if name in os.environ:
        value = os.environ[name]
        return InputError(name, f"expected a value that numba can use, found {value!r}.")
    key = name.removeprefix("NUMBA_").lower()
    return InputError(_FILE, f"expected settings that numba can use, but {key} is none.")


numba = _import_numba()
extending: Any = import_module("numba.extending")
types: Any = import_module("numba.core.types")
cgutils: Any = import_module("numba.core.cgutils")
serialize: Any = import_module("numba.core.serialize")
FunctionCache: Any = import_module("numba.core.caching").FunctionCache
CompileResult: Any = import_module("numba.core.compiler").CompileResult
Compiler: Any = import_module("numba.core.compiler").Compiler
JITCodeLibrary: Any = import_module("numba.core.codegen").JITCodeLibrary
lookup_environment: Any = import_module("numba.core.environment").lookup_environment

free_after_fork(import_module("numba.core.compiler_lock").global_compiler_lock._lock)
