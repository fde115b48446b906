"""Difference quotients know of a kink within their step, wherever it is."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.hypergradients.finite_differences import FiniteDifferences
from engine.hypergradients.hypergradient import hypergradient
from engine.hypergradients.quotients import Quotients, quotients


def of(function, h: float) -> Quotients:  # type: ignore[no-untyped-def]
    return quotients(
        function(0.0), (function(h), function(-h)), (function(h / 2), function(-h / 2)), h
    )


@given(at=st.floats(-1, 1), jump=st.floats(-5, 5), slope=st.floats(-5, 5))
def test_errors_cover_a_kink_wherever_it_is(at: float, jump: float, slope: float) -> None:
    h = 0.125
    kink = h * at

    def function(x: float) -> float:
        return slope * x + jump * max(x - kink, 0.0)

    told, exact = of(function, h), slope + (jump if kink < 0 else 0.0)
    if kink == 0:
        exact = slope  # one of the two that are as good
        assert abs(told.far - slope) == pytest.approx(abs(jump) / 2, abs=1e-12)
    assert abs(told.extrapolated - exact) <= told.error + 1e-12
    assert abs(told.far - exact) <= told.error_of_far(0.0) + 1e-12


def test_a_smooth_function_is_known_to_third_order() -> None:
    errors = [of(lambda x: float(np.exp(x)), h).error for h in (1e-2, 1e-3)]
    assert 50 < errors[0] / errors[1] < 200
    assert errors[1] < 1e-6


def test_finite_differences_say_that_they_may_be_off_at_a_kink() -> None:
    import autograd.numpy as anp

    found = hypergradient(
        lambda w, theta, t: anp.sum((w - theta) ** 2) / 2,
        lambda w, theta: anp.sum(3 * anp.maximum(w, 0.0)),
        np.zeros(1),
        theta=[0.0],
        learning_rates=np.full(1, 0.5),
        method=FiniteDifferences(),
        dynamics="gradient-descent",
    )
    assert found.gradient.theta == pytest.approx([0.75]), "between the slopes 0 and 1.5"
    assert found.error is not None
    assert found.error.theta == pytest.approx([0.75])
