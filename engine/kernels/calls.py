"""Calls of compiled functions as data: code and arguments by address.

They are for another thread to do, while the caller waits; or, *kept* in memory of their own, for
another kernel to do again and again: it does not matter to it what they compute, and what they
compute is what they compute anywhere else, for it is the same machine code.
"""

from collections.abc import Callable
from typing import Any, Final

import numpy as np
from llvmlite import ir
from numpy.typing import NDArray

from engine.kernels.compiler import extending, types

intrinsic: Callable[..., Callable[..., Any]] = extending.intrinsic

_ADDRESS, _FAILED = ir.IntType(64), ir.IntType(1)
_CODE = ir.FunctionType(_FAILED, [_ADDRESS, _ADDRESS])  # of the arguments, and the part
_OWNERS: Final = (0, 1)  # where, in numba's form of an array, is who keeps its memory
_WORDS: Final = 512  # all arguments of a call are far fewer

NOT_KEPT: Final = np.zeros(0, np.int64)
"""For kernels that can keep calls: they do them instead."""


@intrinsic
def describe_call(typing: Any, function: Any, arguments: Any) -> Any:
    """Describe calls that differ in their last argument, the number of a part.

    Args:
        typing: numba's context.
        function: decorated with `helper`.
        arguments: a tuple of all arguments but the last.

    Returns:
        Where the code is, and where the arguments are. Good until the caller returns; what arrays
        among the arguments refer to has to outlast it.
    """
    kinds: Any = [types.unliteral(kind) for kind in arguments.types]
    packed: Any = types.Tuple(kinds)
    addresses: Any = types.UniTuple(types.int64, 2)
    inner = function.get_call_type(typing, (*kinds, types.intp), {})

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        kind = context.get_value_type(signature.args[1])
        code = _make_code(context, builder.module, function, inner, kind)
        with builder.goto_entry_block():
            memory = builder.alloca(kind)
        builder.store(given[1], memory)
        both = [builder.ptrtoint(each, _ADDRESS) for each in (code, memory)]
        return context.make_tuple(builder, signature.return_type, both)

    return addresses(function, packed), generate


def _make_code(context: Any, module: Any, function: Any, inner: Any, kind: Any) -> Any:
    """A function that does a call with arguments from memory, and tells whether it failed."""
    compiled = function.dispatcher.overloads[inner.args]
    context.add_linking_libs([compiled.library])
    code = ir.Function(module, _CODE, module.get_unique_name("part"))
    code.linkage = "internal"
    code.attributes.add("noinline")  # one piece of code, whoever calls it: the same bits
    builder = ir.IRBuilder(code.append_basic_block())
    packed = builder.load(builder.inttoptr(code.args[0], kind.as_pointer()))
    unpacked = [builder.extract_value(packed, i) for i in range(len(inner.args) - 1)]
    status, _ = context.call_internal_no_propagate(
        builder, compiled.fndesc, inner, [*unpacked, code.args[1]]
    )
    builder.ret(status.is_error)
    return code


@intrinsic
def call(typing: Any, code: Any, arguments: Any, part: Any) -> Any:
    """Do a part of what was described; tells whether it failed."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        return builder.call(builder.inttoptr(given[0], _CODE.as_pointer()), given[1:])

    return types.boolean(types.int64, types.int64, types.int64), generate


@intrinsic
def keep_call(typing: Any, code: Any, arguments: Any, memory: Any) -> Any:
    """Keep a call that was described: its code, and then its arguments.

    Args:
        typing: numba's context.
        code: where it is, from `describe_call`.
        arguments: the same tuple as there. What arrays among them refer to has to outlast the call.
        memory: from `room_for_call`.

    Returns:
        Whether there was room.
    """
    kinds: Any = [types.unliteral(kind) for kind in arguments.types]
    packed: Any = types.Tuple(kinds)

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        kind = context.get_value_type(signature.args[1])
        if context.get_abi_sizeof(kind) > 8 * (_WORDS - 1):
            return ir.Constant(_FAILED, 0)
        array = context.make_array(signature.args[2])(context, builder, given[2])
        first = builder.bitcast(array.data, _ADDRESS.as_pointer())
        builder.store(given[0], first)
        rest = builder.bitcast(builder.gep(first, [ir.Constant(_ADDRESS, 1)]), kind.as_pointer())
        builder.store(_without_owners(builder, signature.args[1], given[1]), rest, align=8)
        return ir.Constant(_FAILED, 1)

    return types.boolean(types.int64, packed, memory), generate


def _without_owners(builder: Any, kind: Any, value: Any) -> Any:
    """Arrays in tuples that count nobody who refers to them: they are views, and gone unseen."""
    if isinstance(kind, types.Array):
        for place in _OWNERS:
            member = value.type.elements[place]
            value = builder.insert_value(value, ir.Constant(member, None), place)
    elif isinstance(kind, types.BaseTuple):
        for place, part in enumerate(kind.types):
            if isinstance(part, types.Array | types.BaseTuple):
                bare = _without_owners(builder, part, builder.extract_value(value, place))
                value = builder.insert_value(value, bare, place)
    return value


def room_for_call() -> NDArray[np.int64]:
    """Memory to keep a call in."""
    return np.zeros(_WORDS, np.int64)


def address_of(kept: NDArray[np.int64]) -> int:
    """Where a kept call is: its code's address, with the arguments behind it."""
    return int(kept.ctypes.data)


@intrinsic
def call_kept(typing: Any, address: Any, number: Any) -> Any:
    """Do a kept call; tells whether it failed."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        first = builder.inttoptr(given[0], _ADDRESS.as_pointer())
        code = builder.inttoptr(builder.load(first), _CODE.as_pointer())
        arguments = builder.add(given[0], ir.Constant(_ADDRESS, 8))
        return builder.call(code, [arguments, given[1]])

    return types.boolean(types.int64, types.int64), generate
