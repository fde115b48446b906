"""Calls of compiled functions as data, for another thread to do: code and arguments by address."""

from collections.abc import Callable
from typing import Any

from llvmlite import ir

from engine.kernels.compiler import extending, types

intrinsic: Callable[..., Callable[..., Any]] = extending.intrinsic

_ADDRESS, _FAILED = ir.IntType(64), ir.IntType(1)
_CODE = ir.FunctionType(_FAILED, [_ADDRESS, _ADDRESS])  # of the arguments, and the part


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
