"""Loops over whole arrays, for the other kernels.

All begin at 0: only there does numba know that no index is negative, and compile to vectors.
"""

from engine.kernels.compiling import helper


@helper()
def cut(size, parts, part):  # type: ignore[no-untyped-def]
    """Where the share of one of several equal parts begins and ends."""
    return size * part // parts, size * (part + 1) // parts


@helper()
def as_matrix(memory, rows, columns):  # type: ignore[no-untyped-def]
    """The beginning of flat memory, as a matrix."""
    return memory[: rows * columns].reshape(rows, columns)


@helper()
def total_of(values):  # type: ignore[no-untyped-def]
    """The sum, from the first to the last."""
    total = 0.0
    for value in values:
        total += value
    return total


@helper()
def copy(copied, given):  # type: ignore[no-untyped-def]
    """Copied ← given."""
    for i in range(copied.size):
        copied[i] = given[i]


@helper()
def copy_twice_product(copied, a, b):  # type: ignore[no-untyped-def]
    """Copied ← 2 a b."""
    for i in range(copied.size):
        copied[i] = 2 * a[i] * b[i]


@helper()
def add(total, more):  # type: ignore[no-untyped-def]
    """Add ``more`` to the total."""
    for i in range(total.size):
        total[i] += more[i]


@helper()
def add_to_rows(total, more):  # type: ignore[no-untyped-def]
    """Add ``more`` to each row of the total."""
    for i in range(total.shape[0]):
        for j in range(total.shape[1]):
            total[i, j] += more[j]


@helper()
def multiply(product, factors):  # type: ignore[no-untyped-def]
    """Multiply the product by the factors, one by one."""
    for i in range(product.size):
        product[i] *= factors[i]


@helper()
def add_product(total, factors, more):  # type: ignore[no-untyped-def]
    """Add ``factors · more`` to the total."""
    for i in range(total.size):
        total[i] += factors[i] * more[i]


@helper(fastmath={"reassoc"})
def sum_of_squares(factors, values):  # type: ignore[no-untyped-def]
    """Σ factor · value²."""
    total = 0.0
    for i in range(factors.size):
        total += factors[i] * values[i] * values[i]
    return total
