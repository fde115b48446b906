"""A moment of a run."""

from typing import NamedTuple


class Moment(NamedTuple):
    """A moment of a run: where training stood in one of its meta-iterations.

    Attributes:
        meta_iteration: which one, from 0.
        step: from 0 to 2T: so many of the T training steps have been taken and, beyond T, step − T
            of them undone again; to T where the method does not go back. Within one training run,
            the steps since the last update.
    """

    meta_iteration: int
    step: int


def iteration_at(moment: Moment, iterations: int) -> int:
    """The training iteration t at a moment whose second half goes backwards."""
    return min(moment.step, 2 * iterations - moment.step)
