"""Several neighbouring floats as one value, for loops that compilers do not turn into vectors.

A compiled loop that adds up rows chosen by an index keeps its sums in memory; a value of this kind
stays in the processor's vector registers, whatever their width.
"""

from collections.abc import Callable
from typing import Any

from llvmlite import ir

from engine.kernels.compiler import cgutils, extending, types

intrinsic: Callable[..., Callable[..., Any]] = extending.intrinsic


class Lanes(types.Type):  # type: ignore[misc]
    """So many neighbouring floats of one precision."""

    def __init__(self, precision: Any, count: int) -> None:
        self.precision, self.count = precision, count
        super().__init__(name=f"Lanes({precision}, {count})")


@extending.register_model(Lanes)
class _LanesModel(extending.models.PrimitiveModel):  # type: ignore[misc]
    def __init__(self, data_models: Any, lanes: Lanes) -> None:
        precision = data_models.lookup(lanes.precision).get_value_type()
        vector = ir.VectorType(precision, lanes.count)
        super().__init__(data_models, lanes, vector)


def _is_literal(*given: Any) -> bool:
    return all(isinstance(one, types.IntegerLiteral) for one in given)


def _address(context: Any, builder: Any, kind: Any, array: Any, offset: Any) -> Any:
    data = context.make_array(kind)(context, builder, array).data
    return builder.gep(data, [offset])


def _alignment(kind: Any) -> int:
    return int(kind.dtype.bitwidth // 8)


@intrinsic(prefer_literal=True)
def no_lanes(typing: Any, array: Any, count: Any) -> Any:
    """``count`` zeros of an array's precision."""
    if not _is_literal(count):
        return None
    lanes = Lanes(array.dtype, count.literal_value)

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        return ir.Constant(context.get_value_type(lanes), None)

    return lanes(array, count), generate


@intrinsic(prefer_literal=True)
def load_lanes(typing: Any, array: Any, offset: Any, count: Any) -> Any:
    """``count`` neighbours of a flat array, from ``offset`` on."""
    if not _is_literal(count):
        return None
    lanes = Lanes(array.dtype, count.literal_value)

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        place = _address(context, builder, array, given[0], given[1])
        place = builder.bitcast(place, context.get_value_type(lanes).as_pointer())
        return builder.load(place, align=_alignment(array))

    return lanes(array, types.uintp, count), generate


@intrinsic
def store_lanes(typing: Any, array: Any, offset: Any, lanes: Any) -> Any:
    """Write lanes into a flat array, from ``offset`` on."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        place = _address(context, builder, array, given[0], given[1])
        place = builder.bitcast(place, given[2].type.as_pointer())
        builder.store(given[2], place, align=_alignment(array))
        return context.get_dummy_value()

    return types.void(array, types.uintp, lanes), generate


@intrinsic
def multiply_add(typing: Any, total: Any, factor: Any, lanes: Any) -> Any:
    """``total`` + factor · lanes, each lane rounded once."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        kind = given[0].type
        undefined = ir.Constant(kind, ir.Undefined)
        first = builder.insert_element(undefined, given[1], ir.Constant(ir.IntType(32), 0))
        everywhere = ir.Constant(ir.VectorType(ir.IntType(32), total.count), None)
        factors = builder.shuffle_vector(first, undefined, everywhere)
        suffix = f"v{total.count}f{total.precision.bitwidth}"
        fused = cgutils.get_or_insert_function(
            builder.module, ir.FunctionType(kind, [kind] * 3), f"llvm.fma.{suffix}"
        )
        return builder.call(fused, [factors, given[2], given[0]])

    return total(total, total.precision, total), generate


@intrinsic
def add_lanes(typing: Any, some: Any, more: Any) -> Any:
    """The sums, lane by lane."""

    def generate(context: Any, builder: Any, signature: Any, given: Any) -> Any:
        return builder.fadd(*given)

    return some(some, more), generate
