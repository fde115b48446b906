"""HOAG: hyperparameter optimization with approximate gradient (Pedregosa 2016, algorithm 1).

Each hypergradient p_k is found implicitly, only as exactly as a tolerance ε_k asks for, which
shrinks so that its sum is finite: the training loss h is minimised until its gradient is at most
ε_k of the one at the start, and H q = ∇E solved by conjugate gradients until the residual is at
most ε_k of ∇E. Both begin where the last ones ended. Then λ ← Π(λ − p_k / L), where L estimates the
Lipschitz constant of the hypergradient (section "adaptive step size").
"""

from collections.abc import Callable, Mapping
from typing import Any, Final

import numpy as np

from engine.arrays import Floats
from engine.experiments.experiment import Meta
from engine.hyperparameters.layout import Layout
from engine.search.walk import Found

EXACT: Final = 1e-10
"""Tolerance of what is called exact."""

SEQUENCES: Final[Mapping[str, Callable[[float, int], float]]] = {
    "quadratic": lambda first, k: first / k**2,
    "cubic": lambda first, k: first / k**3,
    "exponential": lambda first, k: first * 0.9**k,
    "exact": lambda first, k: EXACT,
}
"""(ε₀, k from 1) → ε_k."""

_C: Final = 0.25
_MOST: Final = 2.0
"""What L is multiplied by where a step went wrong, and what it changes by at most."""
_WRONG: Final = 1.2
"""The objective rose by this factor."""
_AS_EXACT: Final = 4.0
"""Objectives whose tolerances differ by no more than this can be compared, more or less."""


class Hoag:
    """Steps of 1/L along hypergradients that get ever more exact; a `engine.search.walk.Walk`.

    With Δ = ‖p_k / L‖, all goes well if

        g_k ≤ g_{k−1} + C ε_k + ε_{k−1} (C + 1) Δ − L Δ²,   C = 0.25,

    and then L may shrink. If g_k ≥ 1.2 g_{k−1}, L doubles, λ goes back, and the tolerances halve.
    The ε are relative, so they count as parts of the first objective. In the paper L shrinks by
    5 %; from a first L that is a few times too large, that takes tens of steps. Here L becomes what
    it stands for, as far as the last step s tells: with y, by what the hypergradient changed on it,
    y·y / |s·y|, which is the larger L of Barzilai and Borwein (1988), and with one coordinate the
    slope; at most twice or half of what it was, and less only where all went well.

    The first step has the length of a step by 1 of every coordinate, and none is longer: the first
    hypergradients may be much too short where tolerances are loose. They may even point the wrong
    way. To first order the objective is wrong by q · ∇h. Where that is more than the hypergradient
    promises, ‖p‖ times the length of the last step, L does not shrink; and where it is more than
    the longest step promises, the first step waits for a hypergradient that is less wrong. While it
    waits, or where the objective is off by more than the tolerance says, too, the next tolerance is
    at most a half of this one.

    Last iterates drift while tolerances are loose, so the best one counts. Which that is cannot be
    told from objectives of different tolerances, so there are candidates, to be judged exactly: the
    last iterate, and those with the lowest objective of all, and since the tolerance was four times
    the last one; the objective is the higher one of what was found and of that corrected to first
    order for how far the training loss is from its minimum.

    Args:
        meta: says the sequence of tolerances and ε₀.
    """

    is_over = False
    final_tolerance: float | None = EXACT

    def __init__(self, meta: Meta) -> None:
        self.set_constants(meta)
        nowhere = np.zeros(0)
        self.state: dict[str, Any] = {
            "number": 1,
            "halvings": 0,
            "lipschitz": 0.0,
            "scale": 0.0,
            "objective": np.inf,
            "vector": nowhere,
            "gradient": nowhere,
            "tolerance": 0.0,
            "places": np.zeros((0, 0)),
            "objectives": nowhere,
            "tolerances": nowhere,
        }

    def set_constants(self, meta: Meta) -> None:
        """Go on with other tolerances."""
        self._sequence, self._first = SEQUENCES[meta.tolerances], meta.first_tolerance

    @property
    def tolerance(self) -> float:
        """ε_k of the hypergradient that comes next."""
        planned = self._sequence(self._first, self.state["number"])
        return float(max(planned / 2.0 ** self.state["halvings"], EXACT))

    def after(self, found: Found, layout: Layout) -> Floats:
        """(N,) a step of p/L, projected; or back to where the last one came from."""
        state, tolerance = dict(self.state), self.tolerance
        size = found.vector.size
        state |= {
            "places": np.vstack([state["places"].reshape(-1, size), found.vector]),
            "objectives": np.append(state["objectives"], found.at_worst),
            "tolerances": np.append(state["tolerances"], tolerance),
        }
        if state["number"] == 1:
            state["scale"] = abs(found.objective)
        state["number"] += 1
        if found.objective >= _WRONG * state["objective"]:
            state["halvings"] += 1
            state["lipschitz"] *= _MOST
            self.state = state
            return np.array(state["vector"])
        length, farthest = float(np.linalg.norm(found.gradient)), np.sqrt(max(size, 1))
        wrong_by, is_first = abs(found.objective - found.at_minimum), not state["vector"].size
        is_doubtful = wrong_by > length * farthest
        if is_doubtful and (is_first or wrong_by > tolerance * state["scale"]):
            planned = self._sequence(self._first, state["number"]) / 2.0 ** state["halvings"]
            state["halvings"] += planned > tolerance / 2
        if is_doubtful and is_first:
            self.state = state
            return found.vector.copy()
        if not is_first:
            state["lipschitz"] = self._estimate(found, tolerance)
        state["lipschitz"] = max(state["lipschitz"], length / farthest)
        state |= {
            "objective": found.objective,
            "vector": found.vector.copy(),
            "gradient": found.gradient.copy(),
            "tolerance": tolerance,
        }
        self.state = state
        return layout.project(found.vector - found.gradient / (state["lipschitz"] or 1.0))

    def candidates(self, vector: Floats) -> list[Floats]:
        """(N,) each: what the best iterate is among."""
        objectives, tolerances = self.state["objectives"], self.state["tolerances"]
        if not objectives.size:
            return [vector]
        comparable = tolerances <= _AS_EXACT * tolerances[-1]
        some = np.where(comparable, objectives, np.inf)
        chosen = (len(objectives) - 1, int(np.argmin(objectives)), int(np.argmin(some)))
        return [self.state["places"][place].copy() for place in dict.fromkeys(chosen)]

    def _estimate(self, found: Found, tolerance: float) -> float:
        """L, of how the hypergradient changed on the way from the last place to this one."""
        state, before = self.state, float(self.state["lipschitz"])
        moved = found.vector - state["vector"]
        if not moved.any():  # the last step was taken back, or led nowhere
            return before
        promised = float(np.linalg.norm(found.gradient) * np.linalg.norm(moved))
        is_trusted = abs(found.objective - found.at_minimum) <= promised
        may_shrink = is_trusted and self._went_well(found, tolerance)
        changed = found.gradient - state["gradient"]
        along, across = abs(float(moved @ changed)), float(changed @ changed)
        seen = across / along if along else np.inf if across else 0.0
        return min(max(seen, before / _MOST if may_shrink else before), before * _MOST)

    def _went_well(self, found: Found, tolerance: float) -> bool:
        state = self.state
        length = float(np.linalg.norm(found.gradient)) / (state["lipschitz"] or 1.0)
        slack = _C * tolerance + state["tolerance"] * (_C + 1.0) * length
        less = state["lipschitz"] * length**2
        return bool(found.objective <= state["objective"] + state["scale"] * slack - less)


def hoag(meta: Meta) -> Hoag:
    """HOAG with an experiment's tolerances."""
    return Hoag(meta)
