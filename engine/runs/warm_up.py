"""Compiling the kernels before a run, piece by piece, so that no later step has to wait."""

from collections.abc import Iterator

import numpy as np

from engine.arrays import Floats
from engine.dynamics.dynamics import Dynamics
from engine.groups import partition
from engine.hyperparameters.kinds import KINDS
from engine.runs.events import Preparing
from engine.tasks.task import Piece, Task


def warm_up(task: Task, dynamics: Dynamics) -> Iterator[Preparing]:
    """Run what training needs once on a tiny problem; fast, once it has been compiled.

    Args:
        task: what is to be trained.
        dynamics: how.

    Yields:
        What is compiled next.
    """
    pieces = [*_pieces_of(dynamics), *task.pieces()]
    from engine.kernels.keeping import FOLDER  # with numba, which a window does not wait for

    when = "first run only" if FOLDER else "in each run, as it can be kept nowhere"
    for number, (what, run) in enumerate(pieces):
        yield Preparing(f"Compiling ({when}): {what}", number, len(pieces))
        run()


def _pieces_of(dynamics: Dynamics) -> list[Piece]:
    """A step of one parameter in exact arithmetic, and back."""
    if not dynamics.is_reversible:
        return []
    one = np.zeros(1)
    schedules = {kind: np.full((1, 1), KINDS[kind].usual.initial) for kind in dynamics.schedules}
    training = dynamics.exact(dynamics.begin(one, one), partition(None, 1), schedules)

    def back() -> None:
        training.turn_round()
        training.undo(_Flat(), 0)

    return [
        ("the training step", lambda: training.step(_Flat(), 0)),
        ("the reverse step", back),
    ]


class _Flat:
    """The derivatives of a loss that is zero everywhere, of one parameter."""

    theta_size = 0

    def gradient(self, w: Floats, t: int) -> tuple[float, Floats]:
        return 0.0, np.zeros(1)

    def gradient_and_products(
        self, w: Floats, t: int, direction: Floats
    ) -> tuple[Floats, Floats, Floats]:
        return np.zeros(1), np.zeros(1), np.zeros(0)

    def objective(self, w: Floats) -> tuple[float, Floats, Floats]:
        return 0.0, np.zeros(1), np.zeros(0)

    def objective_value(self, w: Floats) -> float:
        return 0.0
