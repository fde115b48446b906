"""How kernels are compiled, and the helpers that they call.

numba would optimise each helper, with all that it calls in turn, and make machine code of it; and
do the same again wherever it is called. Here only kernels are made machine code of, once, together
with their helpers: that takes a third less time.
"""

from collections.abc import Callable
from typing import Any, Final, cast

from llvmlite import ir

from engine.kernels.compiler import Compiler, JITCodeLibrary, lookup_environment, numba
from engine.kernels.keeping import Kept

_ALWAYS: Final = {"nogil": True, "error_model": "numpy"}
_INSIDE: Final = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
_COUNTS: Final = ("NRT_incref", "NRT_decref")  # who refers to an array
_ENVIRONMENT: Final = "_ZN08NumbaEnv"  # how numba's names of them begin


def kernel(**options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorates a function that Python may call, with numba's options besides our own."""

    def decorate(function: Callable[..., Any]) -> Callable[..., Any]:
        compiled: Any = numba.njit(**_ALWAYS, **options, pipeline_class=_KernelCompiler)(function)
        compiled._cache = Kept(function)  # numba has no public way to bring one's own
        return cast(Callable[..., Any], compiled)

    return decorate


def helper(**options: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorates what only kernels call. It makes no arrays, and kernels get none from it.

    So nobody needs to count who refers to one, which would take a small model's time.
    """
    compile_it = numba.njit(**_ALWAYS, **_INSIDE, **options, pipeline_class=_HelperCompiler)
    return cast(Callable[[Callable[..., Any]], Callable[..., Any]], compile_it)


class _KernelLibrary(JITCodeLibrary):  # type: ignore[misc]
    """Machine code of a kernel and its helpers."""

    def _finalize_specific(self) -> None:
        super()._finalize_specific()
        for name in (variable.name for variable in self._final_module.global_variables):
            if name.startswith(_ENVIRONMENT) and (environment := lookup_environment(name)):
                self.codegen.set_env(name, environment)  # a helper's, which had nowhere to be


class _HelperLibrary(JITCodeLibrary):  # type: ignore[misc]
    """A helper's part of kernels to come, as it was written."""

    def add_ir_module(self, ir_module: Any) -> None:
        """Take code without counts of who refers to arrays: kernels have them as long as needed."""
        for function in ir_module.functions:
            for block in function.blocks:
                block.instructions[:] = [one for one in block.instructions if not _counts(one)]
        super().add_ir_module(ir_module)

    def _optimize_final_module(self) -> None:
        """Leave that to the kernels."""

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        """Zero: there is no machine code."""
        return 0

    @property
    def codegen(self) -> "_WithoutMachineCode":
        """What numba asks for the helper's place in machine code."""
        return _WithoutMachineCode()


def _counts(instruction: Any) -> bool:
    return isinstance(instruction, ir.CallInstr) and instruction.callee.name in _COUNTS


class _WithoutMachineCode:
    def set_env(self, name: str, environment: Any) -> None:
        """Leave that to the kernels, too."""


class _KernelCompiler(Compiler):  # type: ignore[misc]
    def compile_extra(self, func: Any) -> Any:
        library = _KernelLibrary(self.state.targetctx.codegen(), func.__qualname__)
        library.enable_object_caching()
        self.state.library = library
        return super().compile_extra(func)


class _HelperCompiler(Compiler):  # type: ignore[misc]
    def compile_extra(self, func: Any) -> Any:
        self.state.library = _HelperLibrary(self.state.targetctx.codegen(), func.__qualname__)
        return super().compile_extra(func)
