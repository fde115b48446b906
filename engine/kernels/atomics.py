"""What several threads may do to one array at the same time, in compiled code; and how they wait.

numba offers no atomic operations on the CPU. These are on arrays of 64-bit integers, and all
threads see all changes in the same order. To sleep there are the interpreter's own locks, told by
their addresses: they exist on every platform, and need no interpreter lock.
"""

from collections.abc import Callable
from typing import Any

from llvmlite import ir

from engine.kernels.compiler import cgutils, extending, types

intrinsic: Callable[..., Callable[..., Any]] = extending.intrinsic

_ORDER = "seq_cst"
_BYTES = 8
_FOR_EVER = -1
_NO_SIGNALS = 0
_INTEGER, _ADDRESS = ir.IntType(32), ir.IntType(64)
_YIELD = "llvm.aarch64.hint", (_INTEGER(1),)
_PAUSES: dict[str, tuple[str, tuple[Any, ...]]] = {
    "x86_64": ("llvm.x86.sse2.pause", ()),
    "aarch64": _YIELD,
    "arm64": _YIELD,
}


def _place(context: Any, builder: Any, signature: Any, given: Any) -> Any:
    data = context.make_array(signature.args[0])(context, builder, given[0]).data
    return builder.gep(data, [given[1]])


def _call(builder: Any, name: str, result: Any, *arguments: Any) -> Any:
    kind = ir.FunctionType(result, [argument.type for argument in arguments])
    function: Any = cgutils.get_or_insert_function(builder.module, kind, name)
    return builder.call(function, arguments)


@intrinsic
def load(typing: Any, array: Any, index: Any) -> Any:
    """An entry."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        return builder.load_atomic(_place(context, builder, signature, given), _ORDER, _BYTES)

    return types.int64(array, types.intp), generate


@intrinsic
def store(typing: Any, array: Any, index: Any, value: Any) -> Any:
    """Set an entry."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        place = _place(context, builder, signature, given)
        builder.store_atomic(given[2], place, _ORDER, _BYTES)
        return context.get_dummy_value()

    return types.void(array, types.intp, types.int64), generate


@intrinsic
def add(typing: Any, array: Any, index: Any, value: Any) -> Any:
    """Add to an entry; gives what it was before."""
    return types.int64(array, types.intp, types.int64), _changing_by("add")


@intrinsic
def swap(typing: Any, array: Any, index: Any, value: Any) -> Any:
    """Set an entry; gives what it was before."""
    return types.int64(array, types.intp, types.int64), _changing_by("xchg")


def _changing_by(operation: str) -> Callable[..., Any]:
    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        place = _place(context, builder, signature, given)
        return builder.atomic_rmw(operation, place, given[2], _ORDER)

    return generate


@intrinsic
def replace(typing: Any, array: Any, index: Any, expected: Any, value: Any) -> Any:
    """Set an entry if it is what is expected; tells whether it was."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        place = _place(context, builder, signature, given)
        result = builder.cmpxchg(place, given[2], given[3], _ORDER, _ORDER)
        return builder.extract_value(result, 1)

    return types.boolean(array, types.intp, types.int64, types.int64), generate


@intrinsic
def pause(typing: Any) -> Any:
    """Tell the processor that this is a loop that waits: a thread beside it may go first."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        processor = builder.module.triple.partition("-")[0]
        if processor in _PAUSES:
            name, arguments = _PAUSES[processor]
            _call(builder, name, ir.VoidType(), *arguments)
        return context.get_dummy_value()

    return types.void(), generate


@intrinsic
def acquire(typing: Any, lock: Any) -> Any:
    """Sleep until a lock is free, and take it."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        limits = _ADDRESS(_FOR_EVER), _INTEGER(_NO_SIGNALS)
        _call(builder, "PyThread_acquire_lock_timed", _INTEGER, given[0], *limits)
        return context.get_dummy_value()

    return types.void(types.int64), generate


@intrinsic
def release(typing: Any, lock: Any) -> Any:
    """Free a lock, whichever thread took it."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        _call(builder, "PyThread_release_lock", ir.VoidType(), given[0])
        return context.get_dummy_value()

    return types.void(types.int64), generate
