"""The eleven families of learning curves (Domhan et al. 2015, table 1), as data.

Each is a function of the epoch x, from 1. What it computes is in `engine.kernels.families`, under
the same number.
"""

import math
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True)
class Family:
    """A family of curves.

    Attributes:
        name: in results.
        title: for people.
        formula: f(x), as it is written.
        number: of `engine.kernels.families`.
        start: values of the parameters from which least squares begin, by name, in order.
        anchored: how a curve that begins at b and ends at c has them, by parameter: which of the
            two, or both if their difference is meant, and what that is multiplied by.
    """

    name: str
    title: str
    formula: str
    number: int
    start: dict[str, float]
    anchored: dict[str, tuple[str, float]] = field(default_factory=dict)


_ALL: Final = (
    Family(
        "vapor-pressure",
        "Vapor pressure",
        "exp(a + b/x + c ln x)",
        0,
        {"a": -0.622028, "b": -0.470050, "c": 0.042322},
    ),
    Family(
        "pow3",
        "Pow3",
        "c − a x^−α",
        1,
        {"c": 0.84, "a": 0.52, "α": 0.01},
        {"c": ("c", 1.0), "a": ("c − b", 1.0)},
    ),
    Family("log-log-linear", "Log log linear", "ln(a ln x + b)", 2, {"a": 1.0, "b": 1.0}),
    Family("hill3", "Hill3", "θ x^η/(κ^η + x^η)", 3, {"θ": 0.772320, "η": 0.586449, "κ": 2.460843}),
    Family("log-power", "Log power", "a/(1 + (x/e^b)^c)", 4, {"a": 0.77, "b": 2.98, "c": -0.51}),
    Family("pow4", "Pow4", "c − (a x + b)^−α", 5, {"c": 0.8, "a": 200.0, "b": 0.0, "α": 0.1}),
    Family("mmf", "MMF", "α − (α − β)/(1 + (κx)^δ)", 6, {"α": 0.7, "β": 0.1, "κ": 0.01, "δ": 5.0}),
    Family("exp4", "Exp4", "c − exp(−a x^α + b)", 7, {"c": 0.7, "a": 0.8, "b": -0.8, "α": 0.3}),
    Family(
        "janoschek",
        "Janoschek",
        "a − (a − β) exp(−k x^δ)",
        8,
        {"a": 0.73, "β": 0.07, "k": 0.355, "δ": 0.46},
    ),
    Family(
        "weibull",
        "Weibull",
        "α − (α − β) exp(−(κx)^δ)",
        9,
        {"α": 0.7, "β": 0.1, "κ": 0.01, "δ": 1.0},
        {"α": ("c", 1.0), "β": ("b", 1.0)},
    ),
    Family(
        "ilog2",
        "Ilog2",
        "c − a/ln(1 + x)",
        10,
        {"c": 0.78, "a": 0.43},
        {"c": ("c", 1.0), "a": ("c − b", math.log(2))},
    ),
)

FAMILIES: Final = {family.name: family for family in _ALL}
