"""Whether a run overfits the validation set: that loss still falls, and the test loss rises.

Hyperparameters are learned from the validation examples as weights are from the training examples.
Where there are many of the first and few of the second, what is gained there is lost elsewhere.
"""

from typing import Final, NamedTuple

import numpy as np

from engine.experiments.strategies import STRATEGIES
from engine.experiments.tasks import task_of
from engine.runs.records import RunRecord

_LATER: Final = 3
"""Meta-iterations since the test loss was lowest, at least."""
_FALLEN, _RISEN = 0.01, 0.02
"""By which parts the validation loss has fallen since then, and the test loss risen, at least."""
_OF_ALL: Final = 0.05
"""Which part of all that the validation loss has fallen that is, at least: less hardly matters."""
_LOST_AGAIN: Final = 0.25
"""Which part of what the test loss had gained it has lost again, at least."""


_DRAWN_ANEW: Final = ("episodes",)
"""Tasks with other validation examples in each meta-iteration, of which there is no set."""


class Overfitting(NamedTuple):
    """Since when, and by how much.

    Attributes:
        since: the meta-iteration in which the test loss was lowest.
        validation: the loss then, and now.
        test: the loss then, and now.
    """

    since: int
    validation: tuple[float, float]
    test: tuple[float, float]

    @property
    def sentence(self) -> str:
        """What people should know."""
        (before, now), (lowest, risen) = self.validation, self.test
        return (
            f"The validation set is overfitted: since meta-iteration {self.since:,} the validation "
            f"loss has fallen from {before:.3g} to {now:.3g}, but the test loss has risen from "
            f"{lowest:.3g} to {risen:.3g}. More validation examples, fewer hyperparameters or an "
            "earlier end would help."
        )


def overfitting(record: RunRecord) -> Overfitting | None:
    """What a run overfits as it stands; None if it does not, or nothing is known of it."""
    experiment = record.experiment
    is_descent = STRATEGIES[experiment.meta.optimizer].shows == "descent"
    has_validation_set = task_of(experiment).name not in _DRAWN_ANEW
    if experiment.meta.objective != "validation" or not is_descent or not has_validation_set:
        return None
    judged = [done.measures for done in record.meta_iterations]
    if record.finished and record.finished.measures:
        judged.append(record.finished.measures)
    pairs = [(place, one.validation, one.test) for place, one in enumerate(judged)]
    known = [(place, v, t) for place, v, t in pairs if v is not None and t is not None]
    if not known:
        return None
    places, validation, test = np.array(known, np.float64).T
    if not (np.isfinite(validation).all() and np.isfinite(test).all()):
        return None
    lowest = int(np.argmin(test))
    is_later = places[-1] - places[lowest] >= _LATER
    fallen = validation[lowest] - validation[-1]
    least = _FALLEN * abs(validation[lowest]), _OF_ALL * (validation[0] - validation[-1])
    risen = test[-1] - test[lowest]
    much = max(_RISEN * abs(test[lowest]), _LOST_AGAIN * (test[0] - test[lowest]))
    if not (is_later and fallen >= max(least) and risen >= much):
        return None
    return Overfitting(
        int(places[lowest]),
        (float(validation[lowest]), float(validation[-1])),
        (float(test[lowest]), float(test[-1])),
    )
