"""L-BFGS-B: what one would hand exact hypergradients to (Byrd, Lu, Nocedal and Zhu 1995)."""

from typing import Any

import numpy as np

from engine.arrays import Floats
from engine.experiments.experiment import Meta
from engine.hyperparameters.layout import Layout
from engine.search.walk import Found

_FLAT, _EVEN = 1e-9, 1e-12
"""It ends where the gradient, or what the objective falls by, relative to it, is less."""


class _AskedError(Exception):
    """The next place that SciPy asks about."""

    def __init__(self, vector: Floats) -> None:
        super().__init__()
        self.vector = vector


class BoundedLBFGS:
    """SciPy's L-BFGS-B, a question at a time; a `engine.search.walk.Walk`.

    What it asked for and was told is all there is to remember: it is taken through that again each
    time, which takes nothing beside a training run, until it asks for something new.

    Args:
        meta: has nothing to say to it.
    """

    tolerance: float | None = None
    final_tolerance: float | None = None

    def __init__(self, meta: Meta) -> None:
        self.state: dict[str, Any] = {
            "vectors": np.zeros((0, 0)),
            "objectives": np.zeros(0),
            "gradients": np.zeros((0, 0)),
            "over": 0,
        }

    @property
    def is_over(self) -> bool:
        """Whether it has converged."""
        return bool(self.state["over"])

    def set_constants(self, meta: Meta) -> None:
        """It has none."""

    def after(self, found: Found, layout: Layout) -> Floats:
        """(N,) what it asks for; where it has converged, the best of all."""
        before, shape = self.state, (-1, found.vector.size)
        self.state = {
            "vectors": np.vstack([before["vectors"].reshape(shape), found.vector]),
            "objectives": np.append(before["objectives"], found.objective),
            "gradients": np.vstack([before["gradients"].reshape(shape), found.gradient]),
            "over": 0,
        }
        wanted = self._ask(layout)
        self.state["over"] = int(wanted is None)
        return self.candidates(found.vector)[0] if wanted is None else wanted

    def candidates(self, vector: Floats) -> list[Floats]:
        """The best of all, (N,)."""
        objectives = self.state["objectives"]
        if not objectives.size:
            return [vector]
        return [self.state["vectors"][int(np.argmin(objectives))].copy()]

    def _ask(self, layout: Layout) -> Floats | None:
        from scipy.optimize import Bounds, minimize

        known = {
            vector.tobytes(): (objective, gradient)
            for vector, objective, gradient in zip(
                self.state["vectors"],
                self.state["objectives"].tolist(),
                self.state["gradients"],
                strict=True,
            )
        }

        def told(vector: Floats) -> tuple[float, Floats]:
            if (answer := known.get(vector.tobytes())) is None:
                raise _AskedError(vector.copy())
            return answer

        limits = layout.range()
        most = 10 * (len(known) + 10)
        try:
            minimize(
                told,
                self.state["vectors"][0],
                jac=True,
                method="L-BFGS-B",
                bounds=Bounds(*limits),
                options={"gtol": _FLAT, "ftol": _EVEN, "maxfun": most, "maxiter": most},
            )
        except _AskedError as question:
            return question.vector
        return None


def bounded_lbfgs(meta: Meta) -> BoundedLBFGS:
    """L-BFGS-B, at its beginning."""
    return BoundedLBFGS(meta)
