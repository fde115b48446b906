"""Hypergradients to forty digits: of regressions, by differences of what Python's decimals give.

Nothing here is shared with the engine: no derivative by a penalty is ever written down. A training
loss is minimised exactly, by Newton's method in a hundred digits, at penalties a tiny step apart,
and the difference of the objective there is right to more than forty digits.
"""

from collections.abc import Callable, Sequence
from decimal import Decimal, getcontext
from typing import Any, TypeAlias

Vector: TypeAlias = list[Decimal]
Matrix: TypeAlias = list[Vector]

DIGITS = 110
STEP = Decimal(10) ** -35
"""Of a difference: it leaves out its square times a third derivative, 10⁻⁷⁰."""

getcontext().prec = DIGITS


def exactly(array: Any) -> Any:
    """A float64 array as lists, each number as it is in binary."""
    return [exactly(row) if hasattr(row, "__len__") else Decimal(float(row)) for row in array]


def solve(matrix: Matrix, right: Vector) -> Vector:
    """Gaussian elimination with pivots."""
    rows = [[*row, end] for row, end in zip(matrix, right, strict=True)]
    size = len(rows)
    for i in range(size):
        pivot = max(range(i, size), key=lambda k: abs(rows[k][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for k in range(i + 1, size):
            factor = rows[k][i] / rows[i][i]
            if factor:
                rows[k] = [a - factor * b for a, b in zip(rows[k], rows[i], strict=True)]
    found = [Decimal(0)] * size
    for i in reversed(range(size)):
        rest = sum((rows[i][j] * found[j] for j in range(i + 1, size)), Decimal(0))
        found[i] = (rows[i][-1] - rest) / rows[i][i]
    return found


def dot(a: Sequence[Decimal], b: Sequence[Decimal]) -> Decimal:
    """Their product."""
    return sum((x * y for x, y in zip(a, b, strict=True)), Decimal(0))


class Ridge:
    """Mean squared error plus Σ λ w², of a linear regression with a bias behind its weights."""

    def __init__(self, inputs: Matrix, targets: Vector) -> None:
        self.rows = [[*row, Decimal(1)] for row in inputs]
        self.targets = targets
        columns = [[row[i] for row in self.rows] for i in range(len(self.rows[0]))]
        self._gram = [[dot(one, other) for other in columns] for one in columns]
        self._right = [dot(one, targets) for one in columns]

    def minimum(self, penalties: Vector, start: Vector | None = None) -> Vector:
        """Where the loss and the penalties together are least; no start is needed."""
        gram = [list(row) for row in self._gram]
        for i, penalty in enumerate(penalties):
            gram[i][i] += len(self.rows) * penalty
        return solve(gram, self._right)

    def loss(self, w: Vector) -> Decimal:
        """The mean squared error."""
        errors = [dot(row, w) - y for row, y in zip(self.rows, self.targets, strict=True)]
        return dot(errors, errors) / len(errors)


class Logistic:
    """Cross-entropy of two classes plus Σ λ w², of a softmax regression.

    Its parameters are the weights of both classes, input by input, and then both biases. Where
    biases have no penalty only their difference counts: they are fixed to be each other's negative.
    """

    def __init__(self, inputs: Matrix, classes: Sequence[int]) -> None:
        self.rows = [[*row, Decimal(1)] for row in inputs]
        self.signs = [Decimal(1 if c else -1) for c in classes]

    def differences(self, w: Vector) -> Vector:
        """Class 1 less class 0 of every weight, the bias last."""
        return [w[2 * i + 1] - w[2 * i] for i in range(len(w) // 2)]

    def loss(self, w: Vector) -> Decimal:
        """The mean cross-entropy in nats."""
        z = self.differences(w)
        margins = [s * dot(row, z) for s, row in zip(self.signs, self.rows, strict=True)]
        return sum(((1 + (-m).exp()).ln() for m in margins), Decimal(0)) / len(margins)

    def minimum(self, penalties: Vector, start: Vector | None = None) -> Vector:
        """By Newton's method, with the gauge of the biases fixed where nothing else fixes it."""
        size, count = 2 * len(self.rows[0]), len(self.rows)
        w = list(start or [Decimal(0)] * size)
        for _ in range(40):
            z = self.differences(w)
            gradient = [2 * p * x for p, x in zip(penalties, w, strict=True)]
            hessian = [[Decimal(0)] * size for _ in range(size)]
            for i in range(size):
                hessian[i][i] = 2 * penalties[i]
            for sign, row in zip(self.signs, self.rows, strict=True):
                wrong = 1 / (1 + (sign * dot(row, z)).exp())
                along = [part for x in row for part in (-x, x)]
                bent = wrong * (1 - wrong) / count
                for i in range(size):
                    gradient[i] -= sign * wrong * along[i] / count
                    for j in range(size):
                        hessian[i][j] += bent * along[i] * along[j]
            if not penalties[-1]:
                for i in (-1, -2):
                    for j in (-1, -2):
                        hessian[i][j] += 1
            moved = solve(hessian, gradient)
            w = [x - m for x, m in zip(w, moved, strict=True)]
            if max(map(abs, moved)) < Decimal(10) ** -(DIGITS // 2 + 5):  # it squares once more
                break
        return w


def hypergradient(
    minimum: Callable[[Vector], Vector],
    objective: Callable[[Vector], Decimal],
    spread: Callable[[Vector], Vector],
    own: Vector,
) -> Vector:
    """Derivatives of the objective at the minimum by each own penalty, to forty digits.

    Args:
        minimum: of the training loss, by the penalty of every parameter.
        objective: by the parameters.
        spread: own penalties → one for every parameter.
        own: the penalties.
    """

    def at(place: int, step: Decimal) -> Decimal:
        moved = [value + (step if i == place else 0) for i, value in enumerate(own)]
        return objective(minimum(spread(moved)))

    return [(at(i, STEP) - at(i, -STEP)) / (2 * STEP) for i in range(len(own))]
