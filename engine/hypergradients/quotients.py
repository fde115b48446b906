"""Difference quotients along a line, and how far off they are where a loss has a kink.

A central quotient is blind to a kink in its middle: to both sides it finds the mean of two slopes,
whatever the step. One-sided quotients tell it: where a function is smooth they differ by its
curvature times the step, half as much at half the step; at a kink by the jump of the slope, as much
at any step. So the central quotients of two steps and their one-sided ones are compared.
"""

from typing import NamedTuple

_OF_A_ROUNDING = 16
"""Rounding of one value, over the step, by which `Quotients.apart` and `bend` may be off together:
three for each of two `apart`, ten for `bend`."""


class Quotients(NamedTuple):
    """Central difference quotients f' of a function of one number.

    With one kink within the step, where the slope jumps by J, at the share x of the step, `far` is
    off by J(1 − x)/2 and `near` by J(1 − 2x)/2, or by nothing if it does not reach the kink;
    `apart` is Jx/2, or J(1 − x)/2, and `bend` J|1 − 3x|/2, or J(1 − x)/2. The errors below are at
    least as large as that, wherever the kink is.

    Attributes:
        far: (f(h) − f(−h))/2h.
        near: the same of h/2.
        bend: how much the two differences of one-sided quotients, that of h/2 doubled, differ, in
            halves: of the order of h³ where f is smooth.
    """

    far: float
    near: float
    bend: float

    @property
    def apart(self) -> float:
        """Between `far` and `near`: three quarters of the error of `far` where f is smooth."""
        return abs(self.near - self.far)

    @property
    def extrapolated(self) -> float:
        """Richardson's: without the error of truncation of order h²."""
        return (4 * self.near - self.far) / 3

    @property
    def error(self) -> float:
        """How far off `extrapolated` may be, besides rounding."""
        return 2 * self.apart / 3 + self.bend

    def error_of_far(self, rounding: float) -> float:
        """How far off `far` may be, besides rounding, which is taken out of it.

        Args:
            rounding: of one value of f, over h.
        """
        return max(2 * self.apart + self.bend - _OF_A_ROUNDING * rounding, 0.0)


def quotients(
    middle: float, far: tuple[float, float], near: tuple[float, float], h: float
) -> Quotients:
    """Quotients of five values of a function.

    Args:
        middle: f(0).
        far: f(h) and f(−h).
        near: f(h/2) and f(−h/2).
        h: the step.
    """
    over, under = ((forth - middle) + (back - middle) for forth, back in (far, near))
    return Quotients(
        far=(far[0] - far[1]) / (2 * h),
        near=(near[0] - near[1]) / h,
        bend=abs(4 * under - over) / (2 * h),
    )
